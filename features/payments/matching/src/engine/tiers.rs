//! The rules of acceptance in their order, and the vetoes that hold them back. What each rule says
//! is in `by_name` and `by_payer`.

use takt_kernel::{Result, money::Money};

use super::{
    Allocation, Decision, by_name, by_payer,
    evidence::{Evidence, Objection},
};
use crate::{
    policy::{Policy, Tier},
    reason::{self, Reason},
};

pub(super) struct Firing {
    pub allocations: Vec<Allocation>,
    pub credit: Option<Money>,
    pub reasons: Vec<Reason>,
}

/// What a rule says.
pub(super) enum Answer {
    /// It has nothing to say: this is missing, a code of [`crate::MISSING`].
    Silent(&'static str),
    /// It would fire, but for this.
    Held(Reason),
    Fires(Firing),
}

type Rule = fn(&Evidence, &Policy) -> Result<Answer>;
const RULES: [(Tier, Rule); 8] = [
    (Tier::A, by_name::exact_reference),
    (Tier::B, by_name::exact_number),
    (Tier::C, by_name::instalment),
    (Tier::D, by_name::overpayment),
    (Tier::E, by_payer::only_amount),
    (Tier::F, by_payer::typing_slip),
    (Tier::G, by_payer::stale),
    (Tier::H, by_payer::full_name),
];
const FIRED: &str = "fired";
const HELD: &str = "held";
const VETOED: &str = "vetoed";

/// A decision, or why there is none and what each rule said.
pub(super) type Accepted = std::result::Result<Decision, (Vec<Reason>, Reason)>;

/// The first rule that fires decides, unless something objects: then the vetoes come back.
pub(super) fn accept(evidence: &Evidence, policy: &Policy) -> Result<Accepted> {
    let mut held = Vec::new();
    let mut looked = Reason::new(reason::RULES_LOOKED);
    for (tier, rule) in RULES {
        match rule(evidence, policy)? {
            Answer::Silent(missing) => looked = looked.with_code(tier.code(), missing),
            Answer::Held(reason) => {
                looked = looked.with_code(tier.code(), HELD);
                held.push(reason);
            }
            Answer::Fires(firing) => {
                let vetoes = vetoes(tier, &firing, evidence, policy);
                if vetoes.is_empty() {
                    return Ok(Ok(decision(tier, firing, looked.with_code(tier.code(), FIRED))));
                }
                return Ok(Err((vetoes, looked.with_code(tier.code(), VETOED))));
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
    Ok(Err((held, looked)))
}

fn decision(tier: Tier, firing: Firing, looked: Reason) -> Decision {
    let Firing { allocations, credit, reasons } = firing;
    match (tier, &allocations[..]) {
        (Tier::C, [allocation]) => Decision::Partial { tier, allocation: *allocation, reasons, looked },
        _ => Decision::Settle { tier, allocations, credit, reasons, looked },
    }
}

fn vetoes(tier: Tier, firing: &Firing, evidence: &Evidence, policy: &Policy) -> Vec<Reason> {
    let overlooked = |objection: &&Objection| match objection {
        Objection::Always(_) => false,
        Objection::UnknownNumber(_) | Objection::Malformed(_) => matches!(tier, Tier::A | Tier::F),
        Objection::Paid(_) => matches!(tier, Tier::F | Tier::G),
        // F compared the day with the invoice that it reads; the objection is about another's.
        Objection::Day(_) => tier == Tier::F,
    };
    let standing = evidence.objections.iter().filter(|objection| !overlooked(objection));
    let mut vetoes: Vec<Reason> = standing.map(|objection| objection.reason().clone()).collect();
    if let Some(cap) = policy.cap(tier, evidence.amount).filter(|cap| cap.minor() < evidence.amount.minor()) {
        vetoes.push(Reason::new(reason::VETO_CAP).with("cap", cap));
    }
    let most = firing.allocations.len() > MOST_AT_ONCE;
    if most {
        vetoes.push(Reason::new(reason::VETO_TOO_MANY));
    }
    vetoes
}

/// One line pays no more invoices than a person can look through.
const MOST_AT_ONCE: usize = 50;
