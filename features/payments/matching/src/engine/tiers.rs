//! The rules of acceptance A to G, and the vetoes that hold them back.

use takt_kernel::{Result, money::Money};

use super::{
    Allocation, Decision,
    evidence::{Evidence, Objection},
    named::Named,
    near,
};
use crate::{
    alphabet::number_key,
    ledger::{Invoice, InvoiceState},
    policy::{Policy, Tier},
    reason::{self, Reason},
};

struct Firing {
    tier: Tier,
    allocations: Vec<Allocation>,
    credit: Option<Money>,
    reasons: Vec<Reason>,
}

/// What a rule says.
enum Answer {
    Silent,
    /// It would fire, but for this.
    Held(Reason),
    Fires(Firing),
}

type Rule = fn(&Evidence<'_>, &Policy) -> Result<Answer>;
const RULES: [Rule; 7] =
    [exact_reference, exact_number, instalment, overpayment, only_amount, typing_slip, stale];

/// The first rule that fires decides, unless something objects: then the vetoes come back.
pub(super) fn accept(evidence: &Evidence<'_>, policy: &Policy) -> Result<Result<Decision, Vec<Reason>>> {
    let mut held = Vec::new();
    for rule in RULES {
        match rule(evidence, policy)? {
            Answer::Silent => {}
            Answer::Held(reason) => held.push(reason),
            Answer::Fires(firing) => {
                let vetoes = vetoes(&firing, evidence, policy);
                return Ok(if vetoes.is_empty() { Ok(decision(firing)) } else { Err(vetoes) });
            }
        }
    }
    held.extend(evidence.objections.iter().map(|objection| objection.reason().clone()));
    if held.is_empty() {
        held.push(Reason::new(reason::VETO_NO_EVIDENCE));
    }
    if evidence.payer.transit {
        held.push(Reason::new(reason::TRANSIT));
    }
    Ok(Err(held))
}

fn decision(firing: Firing) -> Decision {
    let Firing { tier, allocations, credit, reasons } = firing;
    match (tier, &allocations[..]) {
        (Tier::C, [allocation]) => Decision::Partial { tier, allocation: *allocation, reasons },
        _ => Decision::Settle { tier, allocations, credit, reasons },
    }
}

fn vetoes(firing: &Firing, evidence: &Evidence<'_>, policy: &Policy) -> Vec<Reason> {
    let overlooked = |objection: &&Objection| match objection {
        Objection::Always(_) => false,
        Objection::UnknownNumber(_) | Objection::Malformed(_) => matches!(firing.tier, Tier::A | Tier::F),
        Objection::Paid(_) => firing.tier == Tier::G,
    };
    let standing = evidence.objections.iter().filter(|objection| !overlooked(objection));
    let mut vetoes: Vec<Reason> = standing.map(|objection| objection.reason().clone()).collect();
    if let Some(cap) =
        policy.cap(firing.tier, evidence.amount).filter(|cap| cap.minor() < evidence.amount.minor())
    {
        vetoes.push(Reason::new(reason::VETO_CAP).with("cap", cap));
    }
    vetoes
}

/// A: every named invoice is open, at least one by a valid reference, and together they make the
/// amount. Who pays does not matter: the payer's own designation prevails.
fn exact_reference(evidence: &Evidence<'_>, _: &Policy) -> Result<Answer> {
    if !evidence.names_open_by_reference() || evidence.sum_of_named()? != evidence.amount {
        return Ok(Answer::Silent);
    }
    Ok(settle_named(Tier::A, evidence))
}

/// B: plain numbers that make the amount, and the payer or the day agrees.
fn exact_number(evidence: &Evidence<'_>, _: &Policy) -> Result<Answer> {
    let plain = !evidence.named.is_empty() && !evidence.names_open_by_reference();
    if !plain || evidence.sum_of_named()? != evidence.amount {
        return Ok(Answer::Silent);
    }
    let known = evidence.named.iter().all(|named| evidence.knows_payer_of(&named.invoice));
    let dated = evidence.named.iter().all(|named| named.dated);
    if !known && !dated {
        return Ok(Answer::Silent);
    }
    if evidence.named.iter().any(|named| evidence.payer_is_another(&named.invoice)) {
        return Ok(Answer::Held(Reason::new(reason::THIRD_PARTY)));
    }
    Ok(settle_named(Tier::B, evidence))
}

/// C: an instalment of the one invoice that is named by reference.
fn instalment(evidence: &Evidence<'_>, _: &Policy) -> Result<Answer> {
    let [named] = &evidence.named[..] else { return Ok(Answer::Silent) };
    let invoice = &named.invoice;
    let corroborated = evidence.knows_payer_of(invoice) || named.dated;
    if !named.by_reference() || !corroborated || evidence.amount.minor() >= invoice.residual.minor() {
        return Ok(Answer::Silent);
    }
    if let Some(doubt) = other_meant(evidence, invoice, evidence.amount, reason::VETO_OTHER_OPEN) {
        return Ok(Answer::Held(doubt));
    }
    let mut reasons = reasons_of(named, evidence);
    reasons.push(Reason::new(reason::AMOUNT_LESS).with("residual", invoice.residual));
    let allocations = vec![Allocation { invoice: invoice.id, amount: evidence.amount }];
    Ok(Answer::Fires(Firing { tier: Tier::C, allocations, credit: None, reasons }))
}

/// D: somewhat more than the one named invoice, from its own payer; the rest is the customer's.
fn overpayment(evidence: &Evidence<'_>, policy: &Policy) -> Result<Answer> {
    let [named] = &evidence.named[..] else { return Ok(Answer::Silent) };
    let invoice = &named.invoice;
    let surely_named = named.by_reference() || named.dated;
    let most = i128::from(invoice.residual.minor()) * i128::from(policy.overpayment_percent);
    let over = evidence.amount.minor() > invoice.residual.minor()
        && i128::from(evidence.amount.minor()) * 100 <= most;
    if !surely_named || !over || !evidence.knows_payer_of(invoice) {
        return Ok(Answer::Silent);
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
    Ok(Answer::Fires(Firing { tier: Tier::D, allocations, credit: Some(credit), reasons }))
}

/// E: nothing is named at all, and a known payer owes exactly this once.
fn only_amount(evidence: &Evidence<'_>, _: &Policy) -> Result<Answer> {
    let text = &evidence.text;
    let named = !(text.references.is_empty() && text.malformed.is_empty() && text.numbers.is_empty());
    if named || !evidence.named.is_empty() || !evidence.closed.is_empty() {
        return Ok(Answer::Silent);
    }
    let exact: Vec<&Invoice> =
        evidence.open_of_payer().filter(|invoice| evidence.is_exact(invoice)).collect();
    let [first, rest @ ..] = &exact[..] else { return Ok(Answer::Silent) };
    if let Some(other) = rest.first() {
        return Ok(Answer::Held(Reason::new(reason::VETO_OTHER_OPEN).with("invoice", other.name())));
    }
    if !evidence.open_is_whole {
        return Ok(Answer::Held(Reason::new(reason::VETO_TOO_MANY)));
    }
    // A number or a day that nothing explains may name another invoice.
    if let Some(number) = text.bare.iter().find(|number| !is_name_of(first, number)) {
        return Ok(Answer::Held(Reason::new(reason::VETO_UNKNOWN_NUMBER).with("number", number)));
    }
    if let Some(day) = text.loose_dates.iter().find(|day| !first.dates.contains(day)) {
        return Ok(Answer::Held(
            Reason::new(reason::VETO_DATE).with("invoice", first.name()).with("date", day),
        ));
    }
    Ok(settle_one(Tier::E, first, evidence, Reason::new(reason::ONLY_ONE)))
}

/// F: a reference with one slip in it, and only one open reference of this payer is that near.
fn typing_slip(evidence: &Evidence<'_>, _: &Policy) -> Result<Answer> {
    let slips = near::slips(evidence);
    let unread = evidence.text.malformed.len() + evidence.text.numbers.len();
    let other_names =
        !(evidence.named.is_empty() && evidence.closed.is_empty() && evidence.possible.is_empty());
    if slips.is_empty() || slips.len() < unread || other_names || !evidence.text.references.is_empty() {
        return Ok(Answer::Silent);
    }
    let near: Vec<&Invoice> = evidence
        .open_of_payer()
        .filter(|invoice| slips.iter().any(|slip| near::is_near(invoice, slip)))
        .collect();
    let [only] = near[..] else { return Ok(Answer::Silent) };
    if !evidence.is_exact(only) || !slips.iter().all(|slip| near::is_near(only, slip)) {
        return Ok(Answer::Silent);
    }
    if !evidence.open_is_whole {
        return Ok(Answer::Held(Reason::new(reason::VETO_TOO_MANY)));
    }
    let why = Reason::new(reason::NEAR).with("written", slips[0]).with("reference", only.name());
    Ok(settle_one(Tier::F, only, evidence, why))
}

/// G, by policy only: last time's text was copied; its invoice is paid, and one other fits exactly.
fn stale(evidence: &Evidence<'_>, policy: &Policy) -> Result<Answer> {
    let all_paid = evidence.closed.iter().all(|invoice| {
        matches!(invoice.state, InvoiceState::Paid | InvoiceState::Open) && invoice.total != evidence.amount
    });
    let only_paid =
        evidence.named.is_empty() && evidence.possible.is_empty() && evidence.text.malformed.is_empty();
    if !policy.accept_stale || evidence.closed.is_empty() || !all_paid || !only_paid {
        return Ok(Answer::Silent);
    }
    let exact: Vec<&Invoice> = evidence
        .open
        .iter()
        .filter(|invoice| evidence.inn_known_for(invoice) && evidence.is_exact(invoice))
        .collect();
    let [only] = exact[..] else { return Ok(Answer::Silent) };
    if !evidence.open_is_whole {
        return Ok(Answer::Held(Reason::new(reason::VETO_TOO_MANY)));
    }
    let why = Reason::new(reason::STALE).with("invoice", evidence.closed[0].name());
    Ok(settle_one(Tier::G, only, evidence, why))
}

fn settle_named(tier: Tier, evidence: &Evidence<'_>) -> Answer {
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
    Answer::Fires(Firing { tier, allocations, credit: None, reasons })
}

fn settle_one(tier: Tier, invoice: &Invoice, evidence: &Evidence<'_>, why: Reason) -> Answer {
    let mut reasons = vec![why];
    reasons.extend(evidence.payer_reasons(invoice));
    reasons.push(Reason::new(reason::AMOUNT));
    let allocations = vec![Allocation { invoice: invoice.id, amount: evidence.amount }];
    Answer::Fires(Firing { tier, allocations, credit: None, reasons })
}

fn reasons_of(named: &Named, evidence: &Evidence<'_>) -> Vec<Reason> {
    let mut reasons = named.reasons();
    reasons.extend(evidence.payer_reasons(&named.invoice));
    reasons
}

/// The amount may be meant for another open invoice of the payer or of the named customer. Leaving
/// this out was the only source of wrong settlements when the rules were first measured.
fn other_meant(
    evidence: &Evidence<'_>,
    named: &Invoice,
    amount: Money,
    code: &'static str,
) -> Option<Reason> {
    if !evidence.open_is_whole {
        return Some(Reason::new(reason::VETO_TOO_MANY));
    }
    let other = evidence.open.iter().find(|other| other.id != named.id && other.residual == amount)?;
    Some(Reason::new(code).with("invoice", other.name()))
}

fn is_name_of(invoice: &Invoice, key: &str) -> bool {
    invoice.reference.is_some_and(|reference| number_key(&reference.digits()) == key)
        || invoice.numbers.iter().any(|own| number_key(own) == key)
}
