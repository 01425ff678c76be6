//! Ranks what a person may choose from. Nothing here moves money.

use std::collections::BTreeSet;

use takt_kernel::{Result, money::Money};

use super::{Candidate, Decision, evidence::Evidence, near};
use crate::{
    ledger::{Filed, Lookup},
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
    invoice: Filed,
    score: i64,
}

pub(super) fn suggest(
    evidence: &Evidence,
    vetoes: Vec<Reason>,
    looked: Reason,
    lookup: &mut dyn Lookup,
    policy: &Policy,
) -> Result<Decision> {
    // Whatever it is called: only this currency can pay it.
    let payable =
        |invoice: &Filed| invoice.is_payable() && invoice.residual.currency() == evidence.amount.currency();
    let mut weighed = Ranking::default();
    weighed.add_named(evidence);
    let slips = near::slips(evidence);
    let neighbours: BTreeSet<Reference> = slips.iter().flat_map(|slip| near::neighbours(slip)).collect();
    if !neighbours.is_empty() {
        let neighbours: Vec<Reference> = neighbours.into_iter().take(NEIGHBOURS).collect();
        let near = lookup.by_references(&neighbours)?;
        near.into_iter().filter(payable).for_each(|invoice| weighed.add(invoice));
    }
    weighed.add_open(evidence);
    let bare: Vec<&str> = evidence
        .text
        .bare
        .iter()
        .filter(|key| key.len() >= 3)
        .take(BARE_NUMBERS)
        .map(String::as_str)
        .collect();
    if !bare.is_empty() {
        let called = lookup.by_number_keys(&bare, SAME_AMOUNT)?;
        called.into_iter().filter(payable).for_each(|invoice| weighed.add(invoice));
    }
    if weighed.0.iter().filter(|one| evidence.is_exact(&one.invoice)).count() < policy.suggestions {
        let payer_seen = evidence.open_of_payer().next().is_some() || evidence.payer_name.is_empty();
        let most = if payer_seen { SAME_AMOUNT_OF_ANYBODY } else { SAME_AMOUNT };
        let others = lookup.open_by_residual(evidence.amount, most)?;
        others.into_iter().filter(payable).for_each(|invoice| weighed.add(invoice));
    }
    for one in &mut weighed.0 {
        one.score += told_of(&one.invoice, &slips, evidence, None);
    }
    let together = together(evidence);
    let mut ranked = weighed.0;
    ranked.retain(|one| one.score > 0 && (together.is_empty() || together.contains(&one.invoice.id)));
    let rank = |one: &Weighed| (-one.score, one.invoice.dates.first().copied(), one.invoice.id);
    let most = if together.is_empty() { policy.suggestions } else { TOGETHER };
    if ranked.len() > most {
        // Two hundred may be in view, of which three are shown: only these need an order.
        ranked.select_nth_unstable_by_key(most, rank);
        ranked.truncate(most);
    }
    ranked.sort_unstable_by_key(rank);
    let mut proposal = Proposal::new(evidence.amount, !together.is_empty());
    for one in ranked {
        proposal.add(&one, || one.reasons(&slips, evidence))?;
    }
    Ok(proposal.decision(vetoes, looked))
}

struct Proposal {
    left: Money,
    leftover: Option<Money>,
    together: bool,
    candidates: Vec<Candidate>,
}

impl Proposal {
    const fn new(amount: Money, together: bool) -> Self {
        Self { left: amount, leftover: None, together, candidates: Vec::new() }
    }

    fn add(&mut self, one: &Weighed, reasons: impl FnOnce() -> Vec<Reason>) -> Result<()> {
        let Weighed { invoice, score } = one;
        let share = if invoice.residual.minor() < self.left.minor() { invoice.residual } else { self.left };
        if !share.is_positive() {
            return Ok(());
        }
        self.candidates.push(Candidate {
            invoice: invoice.id,
            amount: share,
            score: *score,
            reasons: reasons(),
        });
        let rest = self.left.subtract(share)?;
        self.leftover = self.leftover.or(Some(rest));
        if self.together {
            self.left = rest;
            self.leftover = Some(rest);
        }
        Ok(())
    }

    fn decision(self, vetoes: Vec<Reason>, looked: Reason) -> Decision {
        let Self { left, leftover, together, candidates } = self;
        Decision::Suggest { candidates, together, vetoes, leftover: leftover.unwrap_or(left), looked }
    }
}

/// Several invoices that belong in one proposal: those named, the one named and another that makes
/// up the rest, or all the payer owes when that is the amount.
fn together(evidence: &Evidence) -> Vec<i64> {
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
    let owed: Vec<&Filed> = evidence.open_of_payer().collect();
    let sum = Money::sum(evidence.amount.currency(), owed.iter().map(|invoice| invoice.residual));
    let all_owed = owed.len() > 1 && evidence.open_is_whole;
    if all_owed && sum.is_ok_and(|sum| sum == evidence.amount) {
        return owed.iter().map(|invoice| invoice.id).collect();
    }
    Vec::new()
}

/// By id. Scores come first: reasons are put in words only for those that are shown.
#[derive(Default)]
struct Ranking(Vec<Weighed>);

impl Ranking {
    fn add(&mut self, invoice: Filed) {
        if let Err(at) = self.place(invoice.id) {
            self.0.insert(at, Weighed { invoice, score: 0 });
        }
    }

    fn raise(&mut self, invoice: &Filed, by: i64) {
        match self.place(invoice.id) {
            Ok(at) => self.0[at].score += by,
            Err(at) => self.0.insert(at, Weighed { invoice: invoice.clone(), score: by }),
        }
    }

    fn place(&self, id: i64) -> std::result::Result<usize, usize> {
        // Ledgers give the lowest ids first.
        match self.0.last() {
            Some(last) if last.invoice.id < id => Err(self.0.len()),
            _ => self.0.binary_search_by_key(&id, |one| one.invoice.id),
        }
    }

    fn add_named(&mut self, evidence: &Evidence) {
        for named in &evidence.named {
            let naming = if named.by_reference() { score::REFERENCE } else { score::NUMBER };
            let dated = if named.dated { score::DATE } else { 0 };
            self.raise(&named.invoice, naming + dated);
        }
        for invoice in &evidence.possible {
            self.raise(invoice, score::POSSIBLE);
        }
    }

    fn add_open(&mut self, evidence: &Evidence) {
        for invoice in &evidence.open {
            // The invoice named is closed or another: this customer is at least the one meant.
            let mut named = evidence.named.iter().map(|named| &named.invoice).chain(&evidence.closed);
            let is_kin = |other: &Filed| other.id != invoice.id && other.customer == invoice.customer;
            self.raise(invoice, if named.any(is_kin) { score::SAME_CUSTOMER } else { 0 });
        }
    }
}

impl Weighed {
    fn reasons(&self, slips: &[&str], evidence: &Evidence) -> Vec<Reason> {
        let named = evidence.named.iter().find(|named| named.invoice.id == self.invoice.id);
        let mut reasons = Vec::new();
        if let Some(named) = named {
            named.tell(&mut reasons);
        }
        told_of(&self.invoice, slips, evidence, Some(&mut reasons));
        reasons
    }
}

/// What can be said of every candidate alike: who pays, how much, under what name. The words are
/// written down where they are asked for.
fn told_of(
    invoice: &Filed,
    slips: &[&str],
    evidence: &Evidence,
    mut reasons: Option<&mut Vec<Reason>>,
) -> i64 {
    let mut score = 0;
    if let Some(slip) = slips.iter().find(|slip| near::is_near(invoice, slip)) {
        score += score::NEAR;
        if let Some(reasons) = &mut reasons {
            reasons.push(Reason::new(reason::NEAR).with("written", slip).with("reference", invoice.name()));
        }
    }
    let known = evidence.knows_payer_of(invoice);
    if known {
        score += score::PAYER;
    }
    if let Some(reasons) = &mut reasons {
        evidence.tell_payer(invoice, reasons);
    }
    if evidence.name_stands_for(invoice) {
        score += score::FULL_NAME;
    }
    if let Some(number) = evidence.text.bare.iter().find(|key| near::is_name_of(invoice, key)) {
        score += score::BARE;
        if let Some(reasons) = &mut reasons {
            reasons.push(Reason::new(reason::NUMBER).with("number", number));
        }
    }
    let exact = evidence.is_exact(invoice);
    if exact {
        score += score::AMOUNT + if known { score::AMOUNT_OF_PAYER } else { 0 };
        if let Some(reasons) = &mut reasons {
            reasons.push(Reason::new(reason::AMOUNT));
        }
    }
    if evidence.name_resembles(invoice) {
        score += score::NAME;
        if let Some(reasons) = &mut reasons {
            reasons.push(Reason::new(reason::NAME));
        }
    }
    // The bank kept its fee: the text still says what the payer meant to pay.
    if !exact && evidence.text.stated_sums.contains(&invoice.residual.minor()) {
        score += score::STATED;
        if let Some(reasons) = &mut reasons {
            reasons.push(Reason::new(reason::STATED_SUM).with("stated", invoice.residual));
        }
    }
    score
}
