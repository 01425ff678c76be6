//! Debtor and creditor, with their accounts and banks, as the versions spell them.

use takt_payments_port::Party;

use super::xml::Element;

/// Names of the elements of one side.
pub(super) struct Side {
    party: &'static str,
    ultimate: &'static str,
    account: &'static str,
    agent: &'static str,
}

pub(super) const DEBTOR: Side =
    Side { party: "Dbtr", ultimate: "UltmtDbtr", account: "DbtrAcct", agent: "DbtrAgt" };
pub(super) const CREDITOR: Side =
    Side { party: "Cdtr", ultimate: "UltmtCdtr", account: "CdtrAcct", agent: "CdtrAgt" };

pub(super) fn read(detail: &Element, side: &Side) -> Party {
    let parties = detail.child("RltdPties");
    let named = |name| parties.and_then(|parties| parties.child(name));
    let own = named(side.party).map(inner);
    let name = own.and_then(|party| party.text_at("Nm"));
    let name = name.or_else(|| named(side.ultimate).map(inner).and_then(|party| party.text_at("Nm")));
    let bank = detail
        .child("RltdAgts")
        .and_then(|agents| agents.child(side.agent))
        .and_then(|agent| agent.child("FinInstnId"));
    Party {
        name: name.unwrap_or_default(),
        inn: own.and_then(taxpayer),
        accounts: named(side.account).and_then(account).into_iter().collect(),
        bic: bank.and_then(bic),
        bank: bank.and_then(|bank| bank.text_at_any(&["Nm", "CmbndId/Nm", "NmAndAdr/Nm"])),
    }
}

/// The account of an element that has `Id`, as IBAN or in any other way.
pub(super) fn account(element: &Element) -> Option<String> {
    let id = element.text_at_any(&["Id/IBAN", "Id/Othr/Id", "Id/BBAN", "Id/PrtryAcct/Id", "Id/UPIC"])?;
    Some(id.split_whitespace().collect())
}

/// From the seventh version on, a party stands inside `Pty`, or is a bank inside `Agt`.
fn inner(party: &Element) -> &Element {
    party.child("Pty").or_else(|| party.at("Agt/FinInstnId")).unwrap_or(party)
}

/// A taxpayer number, where the identification says that it is one.
fn taxpayer(party: &Element) -> Option<String> {
    let id = party.child("Id")?;
    let kinds = || [id.child("OrgId"), id.child("PrvtId")].into_iter().flatten();
    let other = kinds().flat_map(|kind| kind.all("Othr")).find(|other| {
        let scheme = other.text_at_any(&["SchmeNm/Cd", "SchmeNm/Prtry"]).unwrap_or_default();
        matches!(scheme.to_uppercase().as_str(), "TXID" | "INN" | "ИНН")
    });
    let found = other.and_then(|other| other.text_at("Id"));
    found
        .or_else(|| kinds().find_map(|kind| kind.text_at("TaxIdNb")))
        .filter(|inn| inn.chars().any(|letter| letter != '0'))
}

/// `BIC` until the second version, `BICFI` since; Russian banks by their clearing number.
fn bic(bank: &Element) -> Option<String> {
    let russian = bank.text_at("ClrSysMmbId/ClrSysId/Cd").as_deref() == Some("RUCBC");
    bank.text_at_any(&["BICFI", "BIC", "CmbndId/BIC"])
        .or_else(|| bank.text_at("ClrSysMmbId/MmbId").filter(|_| russian))
}
