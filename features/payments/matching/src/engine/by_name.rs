//! Rules A to D: the payer names what he pays.

use takt_kernel::{Result, money::Money};

use super::{
    Allocation,
    evidence::Evidence,
    named::Named,
    near,
    tiers::{Answer, Firing},
};
use crate::{
    ledger::Invoice,
    policy::Policy,
    reason::{self, Reason},
};

/// A: every named invoice is open, at least one by a valid reference, and together they make the
/// amount. Who pays does not matter: the payer's own designation prevails.
pub(super) fn exact_reference(evidence: &Evidence, _: &Policy) -> Result<Answer> {
    if !evidence.names_open_by_reference() {
        return Ok(Answer::Silent("reference"));
    }
    if evidence.sum_of_named()? != evidence.amount {
        return Ok(Answer::Silent("exact_sum"));
    }
    Ok(settle_named(evidence))
}

/// B: plain numbers that make the amount, and of each invoice the payer, his name or the day agrees.
pub(super) fn exact_number(evidence: &Evidence, _: &Policy) -> Result<Answer> {
    if evidence.named.is_empty() || evidence.names_open_by_reference() {
        return Ok(Answer::Silent("number"));
    }
    if evidence.sum_of_named()? != evidence.amount {
        return Ok(Answer::Silent("exact_sum"));
    }
    if !evidence.named.iter().all(|named| named.dated || evidence.speaks_for(&named.invoice)) {
        return Ok(Answer::Silent("payer_or_date"));
    }
    if let Some(doubt) = number_of_another(evidence) {
        return Ok(Answer::Held(doubt));
    }
    Ok(settle_named(evidence))
}

/// A plain number has no check digits: one slip makes it another's. Then the payer himself owes this
/// amount, or his customer has its twin under a number that is one slip away.
fn number_of_another(evidence: &Evidence) -> Option<Reason> {
    if evidence.named.iter().any(|named| evidence.payer_is_another(&named.invoice)) {
        if !evidence.open_is_whole {
            return Some(Reason::new(reason::VETO_TOO_MANY));
        }
        if evidence.open_of_payer().any(|invoice| evidence.is_exact(invoice)) {
            return Some(Reason::new(reason::THIRD_PARTY));
        }
    }
    let [Named { invoice, dated: false, .. }] = &evidence.named[..] else { return None };
    let twin = evidence.open.iter().find(|other| {
        other.id != invoice.id && evidence.is_exact(other) && near::numbers_one_slip_apart(invoice, other)
    })?;
    Some(Reason::new(reason::VETO_OTHER_OPEN).with("invoice", twin.name()))
}

/// C: an instalment of the one invoice that is named. A plain number alone could be a slip: then its
/// payer must be known, and the day, the stated sum or having no other invoice must agree.
pub(super) fn instalment(evidence: &Evidence, _: &Policy) -> Result<Answer> {
    let [named] = &evidence.named[..] else { return Ok(Answer::Silent("one_named")) };
    let invoice = &named.invoice;
    if evidence.amount.minor() >= invoice.residual.minor() {
        return Ok(Answer::Silent("less"));
    }
    let speaks = evidence.speaks_for(invoice);
    let corroborated = if named.by_reference() {
        speaks || named.dated
    } else {
        speaks && (named.dated || evidence.is_only_open(invoice) || evidence.states_residual_of(invoice))
    };
    if !corroborated {
        return Ok(Answer::Silent("payer_or_date"));
    }
    if let Some(doubt) = other_meant(evidence, invoice, evidence.amount, reason::VETO_OTHER_OPEN) {
        return Ok(Answer::Held(doubt));
    }
    let mut reasons = reasons_of(named, evidence);
    reasons.push(Reason::new(reason::AMOUNT_LESS).with("residual", invoice.residual));
    let allocations = vec![Allocation { invoice: invoice.id, amount: evidence.amount }];
    Ok(Answer::Fires(Firing { allocations, credit: None, reasons }))
}

/// D: somewhat more than the one named invoice, from its own payer; the rest is the customer's.
pub(super) fn overpayment(evidence: &Evidence, policy: &Policy) -> Result<Answer> {
    let [named] = &evidence.named[..] else { return Ok(Answer::Silent("one_named")) };
    let invoice = &named.invoice;
    let most = i128::from(invoice.residual.minor()) * i128::from(policy.overpayment_percent);
    let over = evidence.amount.minor() > invoice.residual.minor()
        && i128::from(evidence.amount.minor()) * 100 <= most;
    if !over {
        return Ok(Answer::Silent("more"));
    }
    let surely_named = named.by_reference() || named.dated || evidence.is_only_open(invoice);
    if !surely_named || !evidence.speaks_for(invoice) {
        return Ok(Answer::Silent("payer"));
    }
    let credit = evidence.amount.subtract(invoice.residual)?;
    let doubt = other_meant(evidence, invoice, evidence.amount, reason::VETO_OTHER_OPEN)
        .or_else(|| other_meant(evidence, invoice, credit, reason::VETO_REST_OPEN));
    if let Some(doubt) = doubt {
        return Ok(Answer::Held(doubt));
    }
    let mut reasons = reasons_of(named, evidence);
    reasons.push(Reason::new(reason::AMOUNT_MORE).with("credit", credit));
    let allocations = vec![Allocation { invoice: invoice.id, amount: invoice.residual }];
    Ok(Answer::Fires(Firing { allocations, credit: Some(credit), reasons }))
}

fn settle_named(evidence: &Evidence) -> Answer {
    let mut reasons: Vec<Reason> = Vec::new();
    for reason in evidence.named.iter().flat_map(|named| reasons_of(named, evidence)) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons.push(Reason::new(if evidence.named.len() == 1 { reason::AMOUNT } else { reason::AMOUNT_SUM }));
    if evidence.named.iter().any(|named| evidence.payer_is_another(&named.invoice)) {
        reasons.push(Reason::new(reason::THIRD_PARTY));
    }
    let pay = |named: &Named| Allocation { invoice: named.invoice.id, amount: named.invoice.residual };
    let allocations = evidence.named.iter().map(pay).collect();
    Answer::Fires(Firing { allocations, credit: None, reasons })
}

fn reasons_of(named: &Named, evidence: &Evidence) -> Vec<Reason> {
    let mut reasons = Vec::new();
    named.tell(&mut reasons);
    evidence.tell_payer(&named.invoice, &mut reasons);
    reasons
}

/// The amount may be meant for another open invoice of the payer or of the named customer. Leaving
/// this out was the only source of wrong settlements when the rules were first measured.
fn other_meant(evidence: &Evidence, named: &Invoice, amount: Money, code: &'static str) -> Option<Reason> {
    if !evidence.open_is_whole {
        return Some(Reason::new(reason::VETO_TOO_MANY));
    }
    let other = evidence.open.iter().find(|other| other.id != named.id && other.residual == amount)?;
    Some(Reason::new(code).with("invoice", other.name()))
}
