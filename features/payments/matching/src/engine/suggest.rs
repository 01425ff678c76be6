//! Ranks what a person may choose from. Nothing here moves money.

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::{Result, money::Money};

use super::{Candidate, Decision, evidence::Evidence, near};
use crate::{
    ledger::{Invoice, Lookup},
    names::PayerName,
    policy::Policy,
    reason::{self, Reason},
    reference::Reference,
};

/// Invoices proposed as a whole: a list in the purpose may be long.
const TOGETHER: usize = 50;
/// Strangers with the same amount: a name or a bare number may tell one of them.
const SAME_AMOUNT: usize = 200;
/// So many when nothing could tell one of them.
const SAME_AMOUNT_OF_ANYBODY: usize = 20;
/// References one slip away from what is written, over all that is written.
const NEIGHBOURS: usize = 64;
const BARE_NUMBERS: usize = 8;

mod score {
    pub const REFERENCE: i64 = 500;
    pub const NUMBER: i64 = 300;
    pub const NEAR: i64 = 250;
    pub const AMOUNT: i64 = 200;
    /// The payer owes exactly this: likelier than an invoice that is named with another amount, for
    /// texts are copied from last time.
    pub const AMOUNT_OF_PAYER: i64 = 400;
    pub const POSSIBLE: i64 = 150;
    pub const PAYER: i64 = 120;
    pub const DATE: i64 = 80;
    pub const NAME: i64 = 70;
    pub const FULL_NAME: i64 = 200;
    pub const BARE: i64 = 220;
    pub const STATED: i64 = 60;
    pub const SAME_CUSTOMER: i64 = 40;
}

struct Weighed {
    invoice: Invoice,
    score: i64,
    reasons: Vec<Reason>,
}

pub(super) fn suggest(
    evidence: &Evidence<'_>,
    vetoes: Vec<Reason>,
    looked: Reason,
    lookup: &mut dyn Lookup,
    policy: &Policy,
) -> Result<Decision> {
    // Whatever it is called: only this currency can pay it.
    let payable =
        |invoice: &Invoice| invoice.is_payable() && invoice.residual.currency() == evidence.amount.currency();
    let mut weighed = Ranking::default();
    weighed.add_named(evidence);
    let neighbours: BTreeSet<Reference> =
        near::slips(evidence).into_iter().flat_map(near::neighbours).collect();
    if !neighbours.is_empty() {
        let neighbours: Vec<Reference> = neighbours.into_iter().take(NEIGHBOURS).collect();
        let near = lookup.by_references(&neighbours)?;
        near.into_iter().filter(payable).for_each(|invoice| weighed.add(invoice));
    }
    weighed.add_open(evidence);
    let bare: Vec<String> =
        evidence.text.bare.iter().filter(|key| key.len() >= 3).take(BARE_NUMBERS).cloned().collect();
    if !bare.is_empty() {
        let called = lookup.by_number_keys(&bare, SAME_AMOUNT)?;
        called.into_iter().filter(payable).for_each(|invoice| weighed.add(invoice));
    }
    if weighed.0.values().filter(|one| evidence.is_exact(&one.invoice)).count() < policy.suggestions {
        let payer_seen = evidence.open_of_payer().next().is_some() || evidence.payer_name.is_empty();
        let most = if payer_seen { SAME_AMOUNT_OF_ANYBODY } else { SAME_AMOUNT };
        let others = lookup.open_by_residual(evidence.amount, most)?;
        others.into_iter().filter(payable).for_each(|invoice| weighed.add(invoice));
    }
    weighed.weigh_all(evidence);
    let together = together(evidence);
    let mut ranked: Vec<Weighed> = weighed.0.into_values().filter(|one| one.score > 0).collect();
    ranked.retain(|one| together.is_empty() || together.contains(&one.invoice.id));
    ranked.sort_by(|one, other| {
        let key =
            |weighed: &Weighed| (-weighed.score, weighed.invoice.dates.first().copied(), weighed.invoice.id);
        key(one).cmp(&key(other))
    });
    ranked.truncate(if together.is_empty() { policy.suggestions } else { TOGETHER });
    propose(ranked, !together.is_empty(), evidence.amount, vetoes, looked)
}

fn propose(
    ranked: Vec<Weighed>,
    together: bool,
    amount: Money,
    vetoes: Vec<Reason>,
    looked: Reason,
) -> Result<Decision> {
    let mut left = amount;
    let mut leftover = None;
    let mut candidates = Vec::with_capacity(ranked.len());
    for one in ranked {
        let share = if one.invoice.residual.minor() < left.minor() { one.invoice.residual } else { left };
        if !share.is_positive() {
            continue;
        }
        candidates.push(Candidate {
            invoice: one.invoice.id,
            amount: share,
            score: one.score,
            reasons: one.reasons,
        });
        let rest = left.subtract(share)?;
        leftover = leftover.or(Some(rest));
        if together {
            left = rest;
            leftover = Some(rest);
        }
    }
    Ok(Decision::Suggest { candidates, together, vetoes, leftover: leftover.unwrap_or(amount), looked })
}

/// Several invoices that belong in one proposal: those named, the one named and another that makes
/// up the rest, or all the payer owes when that is the amount.
fn together(evidence: &Evidence<'_>) -> Vec<i64> {
    if evidence.named.len() > 1 {
        return evidence.named.iter().map(|named| named.invoice.id).collect();
    }
    if let [named] = &evidence.named[..] {
        let rest = evidence.amount.subtract(named.invoice.residual).ok().filter(|rest| rest.is_positive());
        let others = evidence.open.iter().filter(|other| other.id != named.invoice.id);
        return others
            .filter(|other| Some(other.residual) == rest)
            .take(1)
            .flat_map(|other| [named.invoice.id, other.id])
            .collect();
    }
    let owed: Vec<&Invoice> = evidence.open_of_payer().collect();
    let sum = Money::sum(evidence.amount.currency(), owed.iter().map(|invoice| invoice.residual));
    let all_owed = owed.len() > 1 && evidence.open_is_whole;
    if all_owed && sum.is_ok_and(|sum| sum == evidence.amount) {
        return owed.iter().map(|invoice| invoice.id).collect();
    }
    Vec::new()
}

#[derive(Default)]
struct Ranking(BTreeMap<i64, Weighed>);

impl Ranking {
    fn add(&mut self, invoice: Invoice) {
        let id = invoice.id;
        self.0.entry(id).or_insert_with(|| Weighed { invoice, score: 0, reasons: Vec::new() });
    }

    fn entry(&mut self, invoice: &Invoice) -> &mut Weighed {
        let fresh = || Weighed { invoice: invoice.clone(), score: 0, reasons: Vec::new() };
        self.0.entry(invoice.id).or_insert_with(fresh)
    }

    fn add_named(&mut self, evidence: &Evidence<'_>) {
        for named in &evidence.named {
            let naming = if named.by_reference() { score::REFERENCE } else { score::NUMBER };
            let dated = if named.dated { score::DATE } else { 0 };
            let weighed = self.entry(&named.invoice);
            weighed.score += naming + dated;
            weighed.reasons.extend(named.reasons());
        }
        for invoice in &evidence.possible {
            self.entry(invoice).score += score::POSSIBLE;
        }
    }

    fn add_open(&mut self, evidence: &Evidence<'_>) {
        for invoice in &evidence.open {
            self.entry(invoice);
            // The invoice named is closed or another: this customer is at least the one meant.
            let named = evidence.named.iter().map(|named| &named.invoice).chain(&evidence.closed);
            if named.filter(|other| other.id != invoice.id).any(|other| other.customer == invoice.customer) {
                self.entry(invoice).score += score::SAME_CUSTOMER;
            }
        }
    }

    /// What can be said of every candidate alike: who pays, how much, under what name.
    fn weigh_all(&mut self, evidence: &Evidence<'_>) {
        let slips = near::slips(evidence);
        let payer_name = PayerName::new(evidence.payer_name);
        for weighed in self.0.values_mut() {
            let invoice = &weighed.invoice;
            if let Some(slip) = slips.iter().find(|slip| near::is_near(invoice, slip)) {
                weighed.score += score::NEAR;
                weighed
                    .reasons
                    .push(Reason::new(reason::NEAR).with("written", slip).with("reference", invoice.name()));
            }
            if evidence.knows_payer_of(invoice) {
                weighed.score += score::PAYER;
            }
            weighed.reasons.extend(evidence.payer_reasons(invoice));
            if evidence.name_stands_for(invoice) {
                weighed.score += score::FULL_NAME;
            }
            if let Some(number) = evidence.text.bare.iter().find(|key| near::is_name_of(invoice, key)) {
                weighed.score += score::BARE;
                weighed.reasons.push(Reason::new(reason::NUMBER).with("number", number));
            }
            if evidence.is_exact(invoice) {
                weighed.score += score::AMOUNT;
                weighed.score += if evidence.knows_payer_of(invoice) { score::AMOUNT_OF_PAYER } else { 0 };
                weighed.reasons.push(Reason::new(reason::AMOUNT));
            }
            if payer_name.resembles(&invoice.customer_name) {
                weighed.score += score::NAME;
                weighed.reasons.push(Reason::new(reason::NAME));
            }
            // The bank kept its fee: the text still says what the payer meant to pay.
            let stated = evidence.text.stated_sums.contains(&invoice.residual.minor());
            if stated && !evidence.is_exact(invoice) {
                weighed.score += score::STATED;
                weighed.reasons.push(Reason::new(reason::STATED_SUM).with("stated", invoice.residual));
            }
        }
    }
}
