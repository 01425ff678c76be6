//! ISO 20022 camt.052 (report), camt.053 (statement) and camt.054 (notification), versions 01 to
//! 14: elements are found by local name, and wherever versions differ every spelling is tried.

mod details;
mod entry;
mod party;
mod statement;
mod xml;

use std::collections::{HashMap, HashSet};

use takt_kernel::{Fault, Result};
use takt_payments_port::{BankDocument, BankReport, BookingState, Format};

use crate::{
    encoding,
    line::{clip, one_line},
    warnings::Warnings,
    within_size,
};
use xml::{Node, Walker};

/// # Errors
/// `bank_files.too_large`, `.too_many_documents`, `.damaged_encoding`, `.cut_off`, `.xml_broken`,
/// `.doctype_refused`, `.too_deep`, `.unknown_message`, `.element_missing`, `.value_unknown`,
/// `.value_too_long`, `.too_many_elements`, `.amount_malformed`, `.amount_too_precise`, `.amount_negative`.
pub fn read(bytes: &[u8]) -> Result<BankReport> {
    within_size(bytes)?;
    let text = encoding::of_xml(bytes)?;
    let mut walker = Walker::new(&text);
    let mut warnings = Warnings::default();
    let mut report: Option<BankReport> = None;
    let mut envelope = Envelope::default();
    loop {
        match walker.next()? {
            Node::Open(element) => match format_of(&element.name) {
                Some(format) => {
                    let report = report.get_or_insert_with(|| empty(format));
                    message(&mut walker, report, &mut warnings)?;
                }
                None => envelope.open(element.name),
            },
            Node::Close => envelope.close(),
            Node::Text(_) if envelope.path.is_empty() => return Err(walker.fault("bank_files.xml_broken")),
            Node::Text(text) => envelope.hear(&text),
            Node::End => break,
        }
    }
    let unknown = || Fault::invalid("bank_files.unknown_message").arg("given", clip(&envelope.named));
    let mut report = report.ok_or_else(unknown)?;
    report.extra.splice(0..0, envelope.kept());
    let mut seen = HashSet::new();
    let accounts = report.statements.iter().map(|statement| &statement.account);
    report.accounts =
        accounts.filter(|account| !account.is_empty() && seen.insert(*account)).cloned().collect();
    drop_ambiguous_ids(&mut report.documents, &mut warnings);
    report.warnings = warnings.into_list();
    Ok(report)
}

/// What stands around the messages. Of it the business header of ISO 20022 is kept; what carries files (SOAP, a queue)
/// may bring words that nobody else shall read.
#[derive(Default)]
struct Envelope {
    path: Vec<String>,
    /// What the file is, as far as its outermost elements say it.
    named: String,
    texts: Vec<(String, String)>,
    /// The text of the element that is open has not begun.
    fresh: bool,
}

const HEADER: &str = "AppHdr";

impl Envelope {
    fn open(&mut self, name: String) {
        if matches!(self.named.as_str(), "" | "Document") {
            self.named.clone_from(&name);
        }
        self.path.push(clip(&name).to_owned());
        self.fresh = true;
    }

    fn close(&mut self) {
        self.path.pop();
        self.fresh = true;
    }

    fn hear(&mut self, text: &str) {
        if !self.path.iter().any(|name| name == HEADER) {
            return;
        }
        if !std::mem::take(&mut self.fresh) {
            if let Some((_, before)) = self.texts.last_mut() {
                before.push_str(text);
            }
        } else if self.texts.len() < details::MOST_KEPT {
            let path = self.path.join("/");
            self.texts.push((details::end_of(&path).to_owned(), text.to_owned()));
        } else {
            // The next piece is of a text that is not kept.
            self.fresh = true;
        }
    }

    fn kept(self) -> impl Iterator<Item = (String, String)> {
        self.texts.into_iter().map(|(path, text)| (path, one_line(&text)))
    }
}

/// The first version named its messages with a suffix: `BkToCstmrStmtV01`.
fn format_of(element: &str) -> Option<Format> {
    let name = element.strip_suffix("V01").unwrap_or(element);
    match name {
        "BkToCstmrAcctRpt" => Some(Format::Camt052),
        "BkToCstmrStmt" => Some(Format::Camt053),
        "BkToCstmrDbtCdtNtfctn" => Some(Format::Camt054),
        _ => None,
    }
}

fn empty(format: Format) -> BankReport {
    BankReport {
        format,
        accounts: Vec::new(),
        statements: Vec::new(),
        documents: Vec::new(),
        warnings: Vec::new(),
        extra: Vec::new(),
    }
}

fn message(walker: &mut Walker, report: &mut BankReport, warnings: &mut Warnings) -> Result<()> {
    loop {
        match walker.next()? {
            Node::Open(element) if matches!(element.name.as_str(), "Rpt" | "Stmt" | "Ntfctn") => {
                statement::read(walker, &element.name, report, warnings)?;
            }
            Node::Open(element) => {
                let element = walker.whole(element)?;
                details::keep(&element, &[], &mut report.extra);
                if element.name == "GrpHdr" {
                    check_last_page(element.child("MsgPgntn"), warnings);
                }
            }
            Node::Close => return Ok(()),
            Node::Text(_) => return Err(walker.fault("bank_files.xml_broken")),
            Node::End => return Err(walker.fault("bank_files.cut_off")),
        }
    }
}

/// Warns when the bank says that more pages follow.
fn check_last_page(pages: Option<&xml::Element>, warnings: &mut Warnings) {
    let Some(pages) = pages else { return };
    if pages.text_at("LastPgInd").is_some_and(|last| matches!(last.as_str(), "false" | "0")) {
        warnings.add("more_pages", pages.line, pages.text_at("PgNb").unwrap_or_default());
    }
}

/// Some banks give one reference to a whole group of movements. An id that stands for different
/// movements tells none of them apart, so it is no id. Where only words differ it may be the same movement, told
/// anew, or that of another: it stands behind the first as a part of a batch would, so that a person is asked.
fn drop_ambiguous_ids(documents: &mut [BankDocument], warnings: &mut Warnings) {
    let key = |document: &BankDocument, id: &str| {
        (document.account.clone(), id.to_owned(), document.state == BookingState::Booked, document.reversal)
    };
    let mut first = HashMap::new();
    let mut ambiguous: HashSet<usize> = HashSet::new();
    let mut told_anew = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let Some(id) = &document.bank_id else { continue };
        let first = *first.entry(key(document, id)).or_insert(index);
        let known = &documents[first];
        if are_others(known, document) {
            ambiguous.insert(first);
        } else if (&known.payer, &known.payee, &known.purpose)
            != (&document.payer, &document.payee, &document.purpose)
        {
            told_anew.push((first, index));
        }
    }
    // Beside movements that are others for certain, other words tell nothing: then nobody has the id.
    told_anew.retain(|(first, _)| !ambiguous.contains(first));
    for (n, (_, index)) in told_anew.into_iter().enumerate() {
        let document = &mut documents[index];
        if let Some(id) = &mut document.bank_id {
            warnings.add("id_not_unique", &document.place, &*id);
            id.push_str(&format!("#anew{}", n + 1));
        }
    }
    for document in documents {
        let Some(id) = &document.bank_id else { continue };
        let first = first.get(&key(document, id));
        if first.is_some_and(|first| ambiguous.contains(first)) {
            warnings.add("id_not_unique", &document.place, id);
            document.extra.push(("AmbiguousId".to_owned(), id.clone()));
            document.bank_id = None;
        }
    }
}

/// What no bank says in two ways: how much, which way and when, and, where both tell it, whose it is or what for.
fn are_others(one: &BankDocument, other: &BankDocument) -> bool {
    let moved = |document: &BankDocument| (document.amount, document.direction, document.booked_on.clone());
    let differ = |one: &[String], other: &[String]| {
        !one.is_empty() && !other.is_empty() && one.iter().all(|part| !other.contains(part))
    };
    moved(one) != moved(other)
        || differ(&one.references, &other.references)
        || differ(&one.payer.accounts, &other.payer.accounts)
        || matches!((&one.payer.inn, &other.payer.inn), (Some(one), Some(other)) if one != other)
}
