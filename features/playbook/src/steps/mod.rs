//! What the company's own document demands before something is done with an order, and who ticked it off.
//!
//! Every item `**before …:**` of the version that runs holds for every order; until it is ticked the verb is
//! refused on whatever way it is asked for, because the order itself asks here ([`guard`]). What is ticked is the
//! very words: when they are written anew, they are ticked anew.

mod refused_rule;
mod ticks;

pub(crate) use refused_rule::{CLOSES, STEPS_MISSING};
pub use ticks::tick;
pub(crate) use ticks::{FACTS, StepTicked, StepUnticked, Tick, of_order, untick};

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, Fault, Result};
use takt_orders::{Order, OrderId, steps::Verb};
use takt_playbook_language::{Before, Item, Playbook};
use takt_store::{Query, Tx};

use crate::running;

/// What refuses a verb while something is missing.
pub(crate) const MISSING: &str = "playbook.step_missing";

/// Something that is demanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Names these words before this verb.
    pub key: String,
    pub before: Before,
    pub text: String,
    /// The heading under which it stands.
    pub clause: String,
}

/// What a document demands, in its order.
pub(crate) fn demanded(playbook: &Playbook) -> Vec<Step> {
    let (mut steps, mut known) = (Vec::new(), BTreeSet::new());
    for clause in &playbook.clauses {
        for item in &clause.checklist {
            let Some(step) = step(item, &clause.title) else { continue };
            if known.insert(step.key.clone()) {
                steps.push(step);
            }
        }
    }
    steps
}

fn step(item: &Item, clause: &str) -> Option<Step> {
    let before = item.before?;
    let digest = Sha256::digest(format!("{}\n{}", before.code(), item.text).as_bytes());
    let key = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    Some(Step { key, before, text: item.text.clone(), clause: clause.to_owned() })
}

/// What the company's document demands before a verb and nobody has ticked.
///
/// # Errors
/// Faults of the store.
pub fn missing(db: &mut dyn Query, company: CompanyId, order: OrderId, verb: Verb) -> Result<Vec<Step>> {
    let running = running::of_order(db, company, order)?;
    let mut wanted = demanded(&running.playbook);
    wanted.retain(|step| step.before.code() == verb.code());
    if !wanted.is_empty() {
        let ticks = of_order(db, company, order)?;
        wanted.retain(|step| ticks.iter().all(|tick| tick.step != step.key));
    }
    Ok(wanted)
}

/// The order asks before each of its verbs, under its lock.
pub(crate) fn guard(tx: &mut Tx, order: &Order, verb: Verb) -> Result<()> {
    let missing = missing(tx, order.company, order.id, verb)?;
    let Some(first) = missing.first() else { return Ok(()) };
    let more = if missing.len() > 1 { (missing.len() - 1).to_string() } else { "none".to_owned() };
    Err(Fault::conflict(MISSING)
        .arg("step", &first.text)
        .arg("verb", verb.code())
        .arg("number", &order.number)
        .arg("more", more))
}
