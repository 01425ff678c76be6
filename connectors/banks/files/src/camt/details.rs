//! What one `TxDtls` tells: who, whom, what for and under which references.

use takt_payments_port::Party;

use super::{party, xml::Element};
use crate::{
    day,
    line::{clip, join_pieces},
};

#[derive(Default)]
pub(super) struct Described {
    pub id: Option<String>,
    pub number: Option<String>,
    pub date: Option<String>,
    pub payer: Party,
    pub payee: Party,
    pub purpose: Option<String>,
    pub references: Vec<String>,
    pub kinds: Vec<String>,
    pub returned: bool,
    pub extra: Vec<(String, String)>,
}

const READ_ELSEWHERE: [&str; 5] = [
    "RmtInf/Ustrd",
    "RltdPties/Dbtr/Nm",
    "RltdPties/Dbtr/Pty/Nm",
    "RltdPties/Cdtr/Nm",
    "RltdPties/Cdtr/Pty/Nm",
];

pub(super) fn describe(detail: &Element) -> Described {
    let mut extra = Vec::new();
    flatten(detail, "TxDtls/", &READ_ELSEWHERE, &mut extra);
    Described {
        // `TxId` and `UETR` travel with the payment and come back with its return: no id of a
        // movement on this account.
        id: detail.text_at_any(&["Refs/AcctSvcrRef", "Refs/AcctSvcrTxId"]).and_then(real_reference),
        number: detail.text_at("Refs/ChqNb"),
        date: detail.text_at_any(&["RltdDts/TxDtTm", "RltdDts/AccptncDtTm"]).as_deref().and_then(day::read),
        payer: party::read(detail, &party::DEBTOR),
        payee: party::read(detail, &party::CREDITOR),
        purpose: purpose(detail),
        references: references(detail),
        kinds: kinds(detail),
        returned: detail.child("RtrInf").is_some(),
        extra,
    }
}

/// A reference, unless it is one of the ways to say that there is none.
pub(super) fn real_reference(text: String) -> Option<String> {
    let none = ["NOTPROVIDED", "NOT PROVIDED", "NOTAVAILABLE", "NONREF", "NONE", "N/A", "-"];
    let empty =
        text.chars().all(|letter| letter == '0') || none.iter().any(|word| text.eq_ignore_ascii_case(word));
    (!empty).then(|| clip(&text).to_owned())
}

/// Bank transaction codes: `PMNT/RCDT/ESCT`, and the bank's own.
pub(super) fn kinds(element: &Element) -> Vec<String> {
    let Some(code) = element.child("BkTxCd") else { return Vec::new() };
    let domain = ["Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd"].map(|path| code.text_at(path));
    let domain: Vec<String> = domain.into_iter().flatten().collect();
    let domain = (!domain.is_empty()).then(|| domain.join("/"));
    domain.into_iter().chain(code.text_at("Prtry/Cd")).map(|kind| clip(&kind).to_owned()).collect()
}

fn purpose(detail: &Element) -> Option<String> {
    let remittance: Vec<&Element> = detail.all("RmtInf").collect();
    let free = remittance.iter().flat_map(|element| element.all("Ustrd"));
    let added =
        remittance.iter().flat_map(|element| element.all("Strd")).flat_map(|strd| strd.all("AddtlRmtInf"));
    let texts = [
        join_pieces(free.map(|element| element.raw.as_str())),
        join_pieces(added.map(|element| element.raw.as_str())),
        detail.text_at("AddtlTxInf").unwrap_or_default(),
    ];
    texts.into_iter().find(|text| !text.is_empty())
}

/// The payer's own reference, creditor references and numbers of the documents that are paid.
fn references(detail: &Element) -> Vec<String> {
    let mut found: Vec<String> = detail.text_at("Refs/EndToEndId").into_iter().collect();
    for structured in detail.all("RmtInf").flat_map(|element| element.all("Strd")) {
        for creditor in structured.all("CdtrRefInf") {
            found.extend(creditor.text_at_any(&["Ref", "CdtrRef"]));
        }
        for document in structured.all("RfrdDocInf") {
            found.extend(document.text_at_any(&["Nb", "RfrdDocNb"]));
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.into_iter().filter_map(real_reference).filter(|reference| seen.insert(reference.clone())).collect()
}

/// More is no help to anybody: the file itself is kept by whoever received it.
pub(super) const MOST_KEPT: usize = 5_000;
const LONGEST_PATH: usize = 200;

/// Every text below an element with its path, except the paths that are read elsewhere.
pub(super) fn flatten(element: &Element, prefix: &str, except: &[&str], into: &mut Vec<(String, String)>) {
    let mut path = prefix.to_owned();
    for child in &element.children {
        descend(child, &mut path, prefix.len(), except, into);
    }
}

/// As [`flatten`], with the element itself in every path, and its own text.
pub(super) fn keep(element: &Element, except: &[&str], into: &mut Vec<(String, String)>) {
    descend(element, &mut String::new(), 0, except, into);
}

/// Depth is bounded by the reader of elements.
fn descend(
    element: &Element,
    path: &mut String,
    root: usize,
    except: &[&str],
    into: &mut Vec<(String, String)>,
) {
    let before = path.len();
    if before > root {
        path.push('/');
    }
    path.push_str(&element.name);
    if !except.contains(&&path[root..]) {
        if let Some(text) = element.text().filter(|_| into.len() < MOST_KEPT) {
            let currency =
                element.currency.as_ref().map(|currency| format!(" {currency}")).unwrap_or_default();
            into.push((end_of(path).to_owned(), text + &currency));
        }
        for child in &element.children {
            descend(child, path, root, except, into);
        }
    }
    path.truncate(before);
}

/// The end of a path, so that deep nesting does not multiply the size of a file.
pub(super) fn end_of(path: &str) -> &str {
    let start = path.len().saturating_sub(LONGEST_PATH);
    (start..path.len()).find_map(|start| path.get(start..)).unwrap_or_default()
}
