//! Turns what the text names into invoices, and what the bank says of the payer into customers.

use std::cell::{Cell, OnceCell};

use takt_kernel::Result;

use super::{
    evidence::{Evidence, Objection},
    named::{Named, Naming},
    naming::NamingReader,
    near,
};
use crate::{
    ledger::{Filed, IncomingLine, Lookup},
    names::PayerName,
    payer::payer_called,
    policy::Policy,
    reason::{self, Reason},
    text::{Text, read_tokens},
};

/// Shorter numbers count things.
const SHORTEST_BARE: usize = 4;

pub(super) fn gather(
    line: &IncomingLine<'_>,
    text: Text,
    lookup: &mut dyn Lookup,
    policy: &Policy,
) -> Result<Evidence> {
    let (text, letters) = read_tokens(text, &policy.prefixes);
    let reading = NamingReader::read(line, &text, lookup, policy)?;
    let payer_name = PayerName::new(line.payer_name);
    let payer = payer_called(line, &payer_name, policy);
    let by_inn = match &payer.inn {
        Some(inn) => few(lookup.customers_by_inn(inn, policy.customers_per_payer + 1)?, policy),
        None => Vec::new(),
    };
    let by_account = if payer.accounts.is_empty() {
        Vec::new()
    } else {
        few(lookup.customers_by_accounts(&payer.accounts, policy.customers_per_payer + 1)?, policy)
    };
    let mut evidence = Evidence {
        amount: line.amount,
        payer_name,
        letters: Cell::new(letters),
        said: OnceCell::new(),
        payer,
        text,
        named: Vec::new(),
        closed: Vec::new(),
        possible: Vec::new(),
        objections: Vec::new(),
        by_inn,
        by_account,
        open: Vec::new(),
        open_is_seen: false,
        open_is_whole: true,
        same_amount: Vec::new(),
        same_amount_is_whole: true,
    };
    reading.into_evidence(&mut evidence);
    object(&mut evidence, line, policy);
    let decided = evidence.names_open_by_reference()
        && evidence.objections.is_empty()
        && evidence.sum_of_named()? == line.amount;
    if decided {
        return Ok(evidence);
    }
    see_open(&mut evidence, lookup, policy)?;
    read_bare_number(&mut evidence);
    if policy.accept_names && !evidence.names_anything() && evidence.open_of_payer().next().is_none() {
        evidence.same_amount = lookup.open_by_residual(line.amount, policy.open_in_view + 1)?;
        evidence.same_amount_is_whole = evidence.same_amount.len() <= policy.open_in_view;
        evidence.same_amount.retain(|invoice| invoice.is_payable());
    }
    Ok(evidence)
}

/// A number without any word around it names an invoice when it is the only one in the text and the
/// number of exactly one open invoice of this very payer.
fn read_bare_number(evidence: &mut Evidence) {
    let [number] = &evidence.text.bare[..] else { return };
    if number.len() < SHORTEST_BARE || evidence.names_anything() || !evidence.possible.is_empty() {
        return;
    }
    let of_payer: Vec<&Filed> =
        evidence.open_of_payer().filter(|invoice| near::is_name_of(invoice, number)).collect();
    let [only] = of_payer[..] else { return };
    let only = only.clone();
    let mut named = Named::new(only.clone());
    named.call(Naming::Number(number.clone()));
    named.dated = evidence.text.loose_dates.iter().any(|day| only.dates.contains(day));
    let differs = evidence.text.loose_dates.iter().find(|day| !only.dates.contains(day));
    let differs =
        differs.map(|day| Reason::new(reason::VETO_DATE).with("invoice", only.name()).with("date", day));
    evidence.named.push(named);
    evidence.objections.extend(differs.map(Objection::Day));
}

/// A payer known as too many customers (an agent, a marketplace) is evidence for none.
fn few(mut customers: Vec<i64>, policy: &Policy) -> Vec<i64> {
    customers.sort_unstable();
    customers.dedup();
    if customers.len() > policy.customers_per_payer { Vec::new() } else { customers }
}

fn object(evidence: &mut Evidence, line: &IncomingLine<'_>, policy: &Policy) {
    for token in &evidence.text.malformed {
        let reason = Reason::new(reason::VETO_MALFORMED).with("reference", token);
        evidence.objections.push(Objection::Malformed(reason));
    }
    if !evidence.one_customer() {
        evidence.forbid(Reason::new(reason::VETO_CUSTOMERS));
    }
    let is_watched = |value: &str| policy.watched.iter().any(|watched| watched == value.trim());
    if line.payer_inn.is_some_and(is_watched) || line.payer_accounts.iter().any(|account| is_watched(account))
    {
        evidence.forbid(Reason::new(reason::VETO_WATCHED));
    }
}

pub(super) fn see_open(evidence: &mut Evidence, lookup: &mut dyn Lookup, policy: &Policy) -> Result<()> {
    evidence.open_is_seen = true;
    let of_named = evidence.named.iter().map(|named| named.invoice.customer);
    let of_others = evidence.possible.iter().chain(&evidence.closed).map(|invoice| invoice.customer);
    let mut customers: Vec<i64> = of_named
        .chain(of_others)
        .chain(evidence.by_inn.iter().copied())
        .chain(evidence.by_account.iter().copied())
        .collect();
    if customers.is_empty() {
        return Ok(());
    }
    customers.sort_unstable();
    customers.dedup();
    let mut open = lookup.open_of_customers(&customers, policy.open_in_view + 1)?;
    evidence.open_is_whole = open.len() <= policy.open_in_view;
    open.retain(|invoice| invoice.is_payable() && invoice.residual.currency() == evidence.amount.currency());
    open.sort_by_key(|invoice| invoice.id);
    open.dedup_by_key(|invoice| invoice.id);
    evidence.open = open;
    Ok(())
}
