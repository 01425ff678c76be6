//! Rules E to H: what is named is nothing, mistyped or old, and the payer and the amount must do.

use takt_kernel::Result;

use super::{
    Allocation,
    evidence::Evidence,
    near,
    tiers::{Answer, Firing},
};
use crate::{
    ledger::{Filed, InvoiceState},
    policy::Policy,
    reason::{self, Reason},
};

/// Shorter plain numbers are one slip from too much.
const SHORTEST_NUMBER: usize = 4;

/// E: nothing is named at all, and a known payer owes exactly this once.
pub(super) fn only_amount(evidence: &Evidence, _: &Policy) -> Result<Answer> {
    if evidence.names_anything() {
        return Ok(Answer::Silent("no_name"));
    }
    let exact = exact_of_payer(evidence);
    let [first, rest @ ..] = &exact[..] else { return Ok(Answer::Silent("payer_with_amount")) };
    if !evidence.is_surely_payer_of(first) {
        return Ok(Answer::Silent("payer"));
    }
    if let Some(other) = rest.first() {
        return Ok(Answer::Held(Reason::new(reason::VETO_OTHER_OPEN).with("invoice", other.name())));
    }
    if let Some(doubt) = loose_words_against(first, evidence) {
        return Ok(Answer::Held(doubt));
    }
    Ok(settle_one(first, evidence, Reason::new(reason::ONLY_ONE)))
}

/// F: one slip from exactly one open invoice of this payer, which has this amount; or the text was
/// cut within its number.
pub(super) fn typing_slip(evidence: &Evidence, _: &Policy) -> Result<Answer> {
    if let Some(answer) = cut_number(evidence).or_else(|| slip_in_number(evidence)) {
        return Ok(answer);
    }
    let slips = near::slips(evidence);
    let unread = evidence.text.malformed.len() + evidence.text.numbers.len();
    let other_names =
        !(evidence.named.is_empty() && evidence.closed.is_empty() && evidence.possible.is_empty());
    if slips.is_empty() || slips.len() < unread || other_names || !evidence.text.references.is_empty() {
        return Ok(Answer::Silent("slip"));
    }
    let near: Vec<&Filed> = evidence
        .open_of_payer()
        .filter(|invoice| slips.iter().any(|slip| near::is_near(invoice, slip)))
        .collect();
    let [only] = near[..] else { return Ok(Answer::Silent("payer_with_amount")) };
    if !evidence.is_surely_payer_of(only) {
        return Ok(Answer::Silent("payer"));
    }
    if !evidence.is_exact(only) || !slips.iter().all(|slip| near::is_near(only, slip)) {
        return Ok(Answer::Silent("payer_with_amount"));
    }
    if !evidence.open_is_whole {
        return Ok(Answer::Held(Reason::new(reason::VETO_TOO_MANY)));
    }
    let why = Reason::new(reason::NEAR).with("written", slips[0]).with("reference", only.name());
    Ok(settle_one(only, evidence, why))
}

/// A plain number that is nobody's, or another customer's whose invoice has another amount, and one
/// slip makes it the number of the one invoice with which this payer owes this amount.
fn slip_in_number(evidence: &Evidence) -> Option<Answer> {
    let text = &evidence.text;
    let [number] = &text.numbers[..] else { return None };
    let only_name = text.references.is_empty() && text.malformed.is_empty() && number.range.is_empty();
    let others = evidence.named.iter().map(|named| &named.invoice).chain(&evidence.closed);
    let strange = |invoice: &Filed| {
        !evidence.knows_payer_of(invoice)
            && invoice.total != evidence.amount
            && invoice.residual != evidence.amount
    };
    let key = number.key.as_str();
    let plain = key.len() >= SHORTEST_NUMBER && key.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || !only_name || !evidence.possible.is_empty() || !others.clone().all(strange) {
        return None;
    }
    // An open invoice that is named needs more to be overruled: its own day must be missing.
    if !evidence.named.is_empty() && number.date.is_none() {
        return None;
    }
    let exact = exact_of_payer(evidence);
    let [only] = exact[..] else { return None };
    if !near::is_number_near(only, key) || !evidence.is_surely_payer_of(only) {
        return None;
    }
    if !evidence.open_is_whole {
        return Some(Answer::Held(Reason::new(reason::VETO_TOO_MANY)));
    }
    if let Some(day) = number.date.filter(|day| !only.dates.contains(day)) {
        let doubt = Reason::new(reason::VETO_DATE).with("invoice", only.name()).with("date", day);
        return Some(Answer::Held(doubt));
    }
    let why = Reason::new(reason::NEAR).with("written", key).with("reference", only.name());
    Some(settle_one(only, evidence, why))
}

/// What is left of a number at the end of a text that the bank has cut.
fn cut_number(evidence: &Evidence) -> Option<Answer> {
    let text = &evidence.text;
    let cut = text.cut.as_deref()?;
    let more = !(text.references.is_empty() && text.malformed.is_empty() && text.numbers.is_empty());
    if more || !evidence.named.is_empty() || !evidence.closed.is_empty() {
        return None;
    }
    let exact = exact_of_payer(evidence);
    let [only] = exact[..] else { return None };
    let begins = only.called().names().any(|name| name.starts_with(cut));
    if !begins || !evidence.is_surely_payer_of(only) {
        return None;
    }
    if !evidence.open_is_whole {
        return Some(Answer::Held(Reason::new(reason::VETO_TOO_MANY)));
    }
    let why = Reason::new(reason::CUT).with("written", cut).with("reference", only.name());
    Some(settle_one(only, evidence, why))
}

/// G, by policy only: last time's text was copied; its invoice is paid, and one other fits exactly.
pub(super) fn stale(evidence: &Evidence, policy: &Policy) -> Result<Answer> {
    if !policy.accept_stale {
        return Ok(Answer::Silent("policy"));
    }
    let all_paid = evidence.closed.iter().all(|invoice| {
        matches!(invoice.state, InvoiceState::Paid | InvoiceState::Open) && invoice.total != evidence.amount
    });
    let only_paid =
        evidence.named.is_empty() && evidence.possible.is_empty() && evidence.text.malformed.is_empty();
    if evidence.closed.is_empty() || !all_paid || !only_paid {
        return Ok(Answer::Silent("paid_named"));
    }
    let exact = exact_of_payer(evidence);
    let [only] = exact[..] else { return Ok(Answer::Silent("payer_with_amount")) };
    if !evidence.is_surely_payer_of(only) {
        return Ok(Answer::Silent("payer"));
    }
    if !evidence.open_is_whole {
        return Ok(Answer::Held(Reason::new(reason::VETO_TOO_MANY)));
    }
    let why = Reason::new(reason::STALE).with("invoice", evidence.closed[0].name());
    Ok(settle_one(only, evidence, why))
}

/// H, by policy only: nothing is named and the payer is nobody we know, but his full name is that of
/// the one customer who owes exactly this.
pub(super) fn full_name(evidence: &Evidence, policy: &Policy) -> Result<Answer> {
    if !policy.accept_names {
        return Ok(Answer::Silent("policy"));
    }
    if evidence.names_anything() {
        return Ok(Answer::Silent("no_name"));
    }
    let namesakes: Vec<&Filed> = evidence
        .same_amount
        .iter()
        .filter(|invoice| invoice.folded_name().is_full())
        .filter(|invoice| evidence.name_stands_for(invoice))
        .collect();
    let [only, rest @ ..] = &namesakes[..] else { return Ok(Answer::Silent("full_name")) };
    if let Some(other) = rest.first() {
        return Ok(Answer::Held(Reason::new(reason::VETO_OTHER_OPEN).with("invoice", other.name())));
    }
    if !evidence.same_amount_is_whole {
        return Ok(Answer::Held(Reason::new(reason::VETO_TOO_MANY)));
    }
    if let Some(doubt) = loose_words_against(only, evidence) {
        return Ok(Answer::Held(doubt));
    }
    Ok(settle_one(only, evidence, Reason::new(reason::ONLY_NAMESAKE)))
}

fn exact_of_payer(evidence: &Evidence) -> Vec<&Filed> {
    evidence.open_of_payer().filter(|invoice| evidence.is_exact(invoice)).collect()
}

/// A number or a day that nothing explains may name another invoice.
fn loose_words_against(invoice: &Filed, evidence: &Evidence) -> Option<Reason> {
    if !evidence.open_is_whole {
        return Some(Reason::new(reason::VETO_TOO_MANY));
    }
    let text = &evidence.text;
    if let Some(number) = text.bare.iter().find(|number| !near::is_name_of(invoice, number)) {
        return Some(Reason::new(reason::VETO_UNKNOWN_NUMBER).with("number", number));
    }
    let day = text.loose_dates.iter().find(|day| !invoice.dates.contains(day))?;
    Some(Reason::new(reason::VETO_DATE).with("invoice", invoice.name()).with("date", day))
}

fn settle_one(invoice: &Filed, evidence: &Evidence, why: Reason) -> Answer {
    let mut reasons = vec![why];
    evidence.tell_payer(invoice, &mut reasons);
    reasons.push(Reason::new(reason::AMOUNT));
    let allocations = vec![Allocation { invoice: invoice.id, amount: evidence.amount }];
    Answer::Fires(Firing { allocations, credit: None, reasons })
}
