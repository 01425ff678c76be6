//! ISO 20022 camt.052 (report), camt.053 (statement) and camt.054 (notification), versions 01 to
//! 14: elements are found by local name, and wherever versions differ every spelling is tried.

mod details;
mod entry;
mod party;
mod statement;
mod xml;

use std::collections::{HashMap, HashSet};

use takt_kernel::{Fault, Result};
use takt_payments_port::{BankDocument, BankReport, Format};

use crate::{encoding, line::clip, warnings::Warnings, within_size};
use xml::{Node, Walker};

/// # Errors
/// `bank_files.too_large`, `.too_many_documents`, `.damaged_encoding`, `.cut_off`, `.xml_broken`,
/// `.doctype_refused`, `.too_deep`, `.unknown_message`, `.element_missing`, `.value_unknown`,
/// `.value_too_long`, `.amount_malformed`, `.amount_too_precise`, `.amount_negative`.
pub fn read(bytes: &[u8]) -> Result<BankReport> {
    within_size(bytes)?;
    let text = encoding::of_xml(bytes)?;
    let mut walker = Walker::new(&text);
    let mut warnings = Warnings::default();
    let mut report: Option<BankReport> = None;
    let mut root = None;
    loop {
        match walker.next()? {
            Node::Open(element) => match format_of(&element.name) {
                Some(format) => {
                    let report = report.get_or_insert_with(|| empty(format));
                    message(&mut walker, report, &mut warnings)?;
                }
                None => drop(root.get_or_insert(element.name)),
            },
            Node::Close => {}
            Node::End => break,
        }
    }
    let unknown =
        || Fault::invalid("bank_files.unknown_message").arg("given", clip(&root.clone().unwrap_or_default()));
    let mut report = report.ok_or_else(unknown)?;
    let mut seen = HashSet::new();
    let accounts = report.statements.iter().map(|statement| &statement.account);
    report.accounts =
        accounts.filter(|account| !account.is_empty() && seen.insert(*account)).cloned().collect();
    drop_ambiguous_ids(&mut report.documents, &mut warnings);
    report.warnings = warnings.into_list();
    Ok(report)
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
/// movements tells none of them apart, so it is no id; a true repetition keeps it.
fn drop_ambiguous_ids(documents: &mut [BankDocument], warnings: &mut Warnings) {
    let mut seen: HashMap<(Option<String>, String), Option<usize>> = HashMap::new();
    for (index, document) in documents.iter().enumerate() {
        let Some(id) = &document.bank_id else { continue };
        let key = (document.account.clone(), id.clone());
        let first = seen.entry(key).or_insert(Some(index));
        if first.is_some_and(|first| !same_movement(&documents[first], document)) {
            *first = None;
        }
    }
    seen.retain(|_, first| first.is_none());
    for document in documents {
        let Some(id) = &document.bank_id else { continue };
        if seen.contains_key(&(document.account.clone(), id.clone())) {
            warnings.add("id_not_unique", &document.place, id);
            document.extra.push(("AmbiguousId".to_owned(), id.clone()));
            document.bank_id = None;
        }
    }
}

fn same_movement(one: &BankDocument, other: &BankDocument) -> bool {
    one.amount == other.amount && one.direction == other.direction && one.booked_on == other.booked_on
}
