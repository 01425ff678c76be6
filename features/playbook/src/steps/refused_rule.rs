//! A rule wanted to confirm an order, and something that is demanded first was not ticked. The rule is not wrong,
//! and nobody stands before the screen to be told: somebody is asked to tick it and to confirm.

use serde_json::json;
use takt_kernel::{Actor, Fault, Result};
use takt_orders::{Order, OrderId, facts as orders};
use takt_store::{RecordedFact, Tx};
use takt_tasks::{NewTask, close_for_order, open};
use takt_work::Listener;

use super::MISSING;
use crate::actions::Scene;

/// Kind of the task.
pub(crate) const STEPS_MISSING: &str = "steps_missing";

const LISTENER: &str = "playbook.on_step_settled";

/// The order was confirmed after all, or is not to be for now.
pub(crate) const CLOSES: Listener = Listener {
    name: LISTENER,
    hears: &[orders::CONFIRMED, orders::DEFERRED],
    does: "closes what asked for the steps that a rule found missing",
    react: settled,
};

fn settled(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let outcome = if fact.kind == orders::DEFERRED { "put_off" } else { "done" };
    let order = OrderId::new(fact.subject_id);
    close_for_order(tx, fact.company, order, STEPS_MISSING, outcome, &Actor::system(LISTENER)).map(|_| ())
}

impl Scene<'_> {
    /// Whether a rule did it; not where a step was missing: then somebody is asked, once for each round of the order.
    ///
    /// # Errors
    /// Any other refusal.
    pub(crate) fn unless_step_missing(
        &self,
        tx: &mut Tx,
        rule: &str,
        order: &Order,
        done: Result<bool>,
    ) -> Result<bool> {
        match done {
            Err(fault) if fault.is(MISSING) => self.ask_for_steps(tx, rule, order, &fault).map(|()| false),
            done => done,
        }
    }

    fn ask_for_steps(&self, tx: &mut Tx, rule: &str, order: &Order, fault: &Fault) -> Result<()> {
        let round = order.started_at.map_or_else(String::new, |at| at.micros().to_string());
        let step = fault.args().iter().find(|(name, _)| name == "step").map(|(_, step)| step.clone());
        let new = NewTask {
            company: order.company,
            kind: STEPS_MISSING,
            role: self.policy().call_role,
            order: Some(order.id),
            due_at: self.due(tx, None, self.at, self.policy().task_minutes)?,
            key: Some(format!("playbook/{STEPS_MISSING}/{}/{round}", order.id)),
            args: json!({ "fact": self.fact, "rule": rule, "playbook": self.version, "step": step }),
        };
        open(tx, new, &self.actor()).map(|_| ())
    }
}
