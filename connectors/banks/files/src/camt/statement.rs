//! One statement, report or notification: its account, balances and entries. Entries are turned
//! into documents one by one, so that a large file is never held as a tree.

use takt_kernel::{
    Fault, Result,
    money::{Currency, Money},
};
use takt_payments_port::{BankReport, BookingState, Direction, Statement};

use super::{
    check_last_page, details, entry, party,
    xml::{Element, Node, Walker},
};
use crate::{LONGEST_ACCOUNT, amount, day, warnings::Warnings, within_count};

#[derive(Default)]
struct Head {
    account: String,
    currency: Option<Currency>,
    from: Option<String>,
    until: Option<String>,
    opening: Option<Money>,
    closing: Option<Money>,
    copy: Option<String>,
    stated: Sums,
    extra: Vec<(String, String)>,
}

/// Sums of both directions in minor units of the account's currency.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
struct Sums {
    incoming: Option<i128>,
    outgoing: Option<i128>,
}

pub(super) fn read(
    walker: &mut Walker,
    name: &str,
    report: &mut BankReport,
    warnings: &mut Warnings,
) -> Result<()> {
    let mut head = Head::default();
    let mut summary: Option<Element> = None;
    let mut entries = 0usize;
    let first = report.documents.len();
    let place = format!("{name}[{}]", report.statements.len() + 1);
    loop {
        let element = match walker.next()? {
            Node::Open(element) => walker.whole(element)?,
            Node::Close => break,
            Node::Text(_) => return Err(walker.fault("bank_files.xml_broken")),
            Node::End => return Err(walker.fault("bank_files.cut_off")),
        };
        match element.name.as_str() {
            "Ntry" => {
                entries += 1;
                entry::read(&element, &format!("{place}/Ntry[{entries}]"), &mut report.documents, warnings)?;
                within_count(report.documents.len())?;
            }
            _ => {
                details::keep(&element, READ_ELSEWHERE, &mut head.extra);
                head.hear(&element, warnings)?;
                if element.name == "TxsSummry" {
                    summary = Some(element);
                }
            }
        }
    }
    let account = Some(head.account.clone()).filter(|account| !account.is_empty());
    for document in &mut report.documents[first..] {
        document.account.clone_from(&account);
        if let Some(copy) = &head.copy {
            document.extra.push(("CpyDplctInd".to_owned(), copy.clone()));
        }
    }
    head.currency = head.currency.or(head.opening.or(head.closing).map(Money::currency));
    if let Some(summary) = summary {
        head.summary(&summary);
    }
    head.check(&place, &report.documents[first..], warnings);
    report.statements.push(head.into_statement());
    Ok(())
}

/// The account and its currency stand in the statement itself.
const READ_ELSEWHERE: &[&str] = &["Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Ccy"];

impl Head {
    fn hear(&mut self, element: &Element, warnings: &mut Warnings) -> Result<()> {
        match element.name.as_str() {
            "Acct" => {
                self.account = party::account(element).unwrap_or_default();
                if self.account.chars().count() > LONGEST_ACCOUNT {
                    return Err(Fault::invalid("bank_files.value_too_long")
                        .arg("line", element.line)
                        .arg("field", "Acct"));
                }
                self.currency = element.text_at("Ccy").and_then(|code| Currency::from_code(&code).ok());
            }
            "CpyDplctInd" => self.copy = element.text().map(|text| text.chars().take(4).collect()),
            "FrToDt" => {
                let date = |paths| element.text_at_any(paths).and_then(|text| day::read(&text));
                self.from = date(&["FrDtTm", "FrDt"]);
                self.until = date(&["ToDtTm", "ToDt"]);
            }
            "Bal" => self.balance(element, warnings),
            "StmtPgntn" | "RptPgntn" | "NtfctnPgntn" => check_last_page(Some(element), warnings),
            _ => {}
        }
        Ok(())
    }

    /// Opening is `OPBD`, or the closing of the day before; closing is `CLBD`.
    fn balance(&mut self, element: &Element, warnings: &mut Warnings) {
        let kind = element.text_at_any(&["Tp/CdOrPrtry/Cd", "Tp/Cd"]).unwrap_or_default();
        if !matches!(kind.as_str(), "OPBD" | "PRCD" | "CLBD") {
            return;
        }
        let Some(money) = element.child("Amt").and_then(money) else {
            warnings.add("balance_unread", element.line, kind);
            return;
        };
        let debit = element.text_at("CdtDbtInd").as_deref() == Some("DBIT");
        let money = if debit { money.negate() } else { money };
        match kind.as_str() {
            "CLBD" => self.closing = Some(money),
            "OPBD" => self.opening = Some(money),
            _ => self.opening = self.opening.or(Some(money)),
        }
        let date = element.text_at_any(&["Dt/Dt", "Dt/DtTm", "Dt"]).and_then(|text| day::read(&text));
        // The interval may end at midnight of the next day; the day of the closing balance is certain.
        if kind == "CLBD" {
            self.until = date.or(self.until.take());
        } else if kind == "OPBD" && self.from.is_none() {
            self.from = date;
        }
    }

    fn summary(&mut self, element: &Element) {
        let Some(currency) = self.currency else { return };
        let sum = |path| {
            let text = element.text_at(path)?;
            amount::read_decimal(&text, currency).ok().map(|money| i128::from(money.minor()))
        };
        self.stated = Sums { incoming: sum("TtlCdtNtries/Sum"), outgoing: sum("TtlDbtNtries/Sum") };
    }

    /// Balances and sums against the documents, as far as all are in one currency.
    fn check(&self, place: &str, documents: &[takt_payments_port::BankDocument], warnings: &mut Warnings) {
        let Some(currency) = self.currency else { return };
        if documents.iter().any(|document| document.amount.currency() != currency) {
            return;
        }
        let sum = |direction, booked: bool| -> i128 {
            documents
                .iter()
                .filter(|document| document.direction == direction)
                .filter(|document| !booked || document.state == BookingState::Booked)
                .map(|document| i128::from(document.amount.minor()))
                .sum()
        };
        for (stated, direction) in
            [(self.stated.incoming, Direction::Incoming), (self.stated.outgoing, Direction::Outgoing)]
        {
            let found = sum(direction, true);
            if stated.is_some_and(|stated| stated != found && stated != sum(direction, false)) {
                warnings.add(
                    "totals_differ",
                    place,
                    format!("{}: {} / {found}", self.account, stated.unwrap_or(0)),
                );
            }
        }
        let (Some(opening), Some(closing)) = (self.opening, self.closing) else { return };
        let turnover = sum(Direction::Incoming, true) - sum(Direction::Outgoing, true);
        let expected = i128::from(opening.minor()) + turnover;
        let one_currency = opening.currency() == currency && closing.currency() == currency;
        if one_currency && expected != i128::from(closing.minor()) {
            let detail = format!("{}: {} / {expected}", self.account, closing.minor());
            warnings.add("balance_differs", place, detail);
        }
    }

    fn into_statement(self) -> Statement {
        let money = |minor: Option<i128>| {
            let minor = i64::try_from(minor?).ok()?;
            Some(Money::new(minor, self.currency?))
        };
        Statement {
            incoming: money(self.stated.incoming),
            outgoing: money(self.stated.outgoing),
            account: self.account,
            currency: self.currency,
            from: self.from,
            until: self.until,
            opening: self.opening,
            closing: self.closing,
            copy: self.copy.is_some(),
            extra: self.extra,
        }
    }
}

/// An amount that may be unreadable without harm.
pub(super) fn money(element: &Element) -> Option<Money> {
    let currency = currency(element.currency.as_deref()?)?;
    amount::read_decimal(&element.raw, currency).ok()
}

pub(super) fn currency(code: &str) -> Option<Currency> {
    Currency::from_code(&code.to_uppercase()).ok()
}
