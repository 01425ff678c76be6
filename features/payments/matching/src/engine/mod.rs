//! Gathers evidence, tries the rules in order, holds the first that fires against the vetoes.

mod by_name;
mod by_payer;
mod evidence;
mod gather;
mod named;
mod naming;
mod near;
mod suggest;
mod tiers;

use serde::{Deserialize, Serialize};
use takt_kernel::{Result, money::Money};

use crate::{
    classify::{Class, Verdict, classify},
    ledger::{IncomingLine, Lookup},
    policy::{Policy, Tier},
    reason::{self, Reason},
    text::Text,
};

/// What to do with one bank line. Amounts never exceed the residual of their invoice. `looked` is what
/// each rule said until one fired: `a` … `h` stand for `fired`, `vetoed`, `held` or what was missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// Pay these invoices in full; `credit` is what the payer gave beyond them, for the customer.
    /// Allocations and credit add up to the line.
    Settle {
        tier: Tier,
        allocations: Vec<Allocation>,
        credit: Option<Money>,
        reasons: Vec<Reason>,
        looked: Reason,
    },
    /// An instalment: the whole line pays a part of one invoice.
    Partial { tier: Tier, allocation: Allocation, reasons: Vec<Reason>, looked: Reason },
    /// A person decides. Candidates are ranked; when `together` they are meant to be accepted as a
    /// whole, else one of them is chosen. `leftover` is what stays when the proposal (all, or the
    /// first) is accepted.
    Suggest {
        candidates: Vec<Candidate>,
        together: bool,
        vetoes: Vec<Reason>,
        leftover: Money,
        looked: Reason,
    },
    /// Money that is for no invoice.
    NotReceivable { class: Class, reasons: Vec<Reason> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    pub invoice: i64,
    pub amount: Money,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub invoice: i64,
    /// What accepting it would allocate.
    pub amount: Money,
    /// Only for ranking within one decision.
    pub score: i64,
    pub reasons: Vec<Reason>,
}

/// Decides one line. Pure but for the lookups; the same ledger gives the same decision in whatever
/// order its rows come.
///
/// # Errors
/// Those of the lookups, and `money.overflow` on amounts beyond all reason.
pub fn decide(line: &IncomingLine<'_>, lookup: &mut dyn Lookup, policy: &Policy) -> Result<Decision> {
    let text = Text::read(line.purpose);
    let verdict = classify(line, &text, policy);
    if let Verdict::Certain(class, why) = verdict {
        return Ok(Decision::NotReceivable { class, reasons: vec![why] });
    }
    if !line.amount.is_positive() {
        let vetoes = vec![Reason::new(reason::VETO_NOT_POSITIVE)];
        return Ok(Decision::Suggest {
            candidates: Vec::new(),
            together: false,
            vetoes,
            leftover: line.amount,
            looked: Reason::new(reason::RULES_LOOKED),
        });
    }
    let mut evidence = gather::gather(line, text, lookup, policy)?;
    match verdict {
        Verdict::Spoken(class, why) if !evidence.names_open_by_reference() => {
            return Ok(Decision::NotReceivable { class, reasons: vec![why] });
        }
        Verdict::Spoken(class, _) | Verdict::Doubtful(class, _) => {
            evidence.forbid(Reason::new(reason::VETO_LOOKS_LIKE).with_code("class", class.code()));
        }
        Verdict::Receivable | Verdict::Certain(..) => {}
    }
    match tiers::accept(&evidence, policy)? {
        Ok(decision) => Ok(decision),
        Err((vetoes, looked)) => {
            if !evidence.open_is_seen {
                gather::see_open(&mut evidence, lookup, policy)?;
            }
            suggest::suggest(&evidence, vetoes, looked, lookup, policy)
        }
    }
}
