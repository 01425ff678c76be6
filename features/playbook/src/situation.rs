//! An order as it stands when a fact about it is heard, and what the names of a playbook mean there.

use takt_kernel::{Result, money::Quantity};
use takt_orders::{Order, lines};
use takt_playbook_language::Value;
use takt_store::{RecordedFact, Tx};
use takt_tasks::{Task, of_order};

use crate::{policy::Policy, words};

/// What is read beside the order itself, once something may have to be done.
pub(crate) struct Work {
    pub tasks: Vec<Task>,
    /// Σ of what is still wanted of its lines.
    pub units: Quantity,
    pub call_waits: bool,
}

impl Work {
    pub fn on(tx: &mut Tx, order: &Order) -> Result<Self> {
        let units = lines(tx, order.company, order.id)?
            .iter()
            .try_fold(Quantity::ZERO, |sum, line| sum.add(line.wanted()))?;
        let tasks = of_order(tx, order.company, order.id)?;
        let call_waits = tasks.iter().any(|task| task.kind == "call" && !task.is_closed());
        Ok(Self { tasks, units, call_waits })
    }
}

/// As far as it was looked at.
#[derive(Clone, Copy)]
pub(crate) struct Situation<'s> {
    pub fact: &'s RecordedFact,
    pub order: Option<&'s Order>,
    pub work: Option<&'s Work>,
    pub policy: Option<&'s Policy>,
}

impl Situation<'_> {
    pub fn look(&self, name: &str) -> Option<Value> {
        if let Some(name) = name.strip_prefix("fact.") {
            return words::of_fact(self.fact, name);
        }
        self.order
            .and_then(|order| words::of_order(order, name))
            .or_else(|| self.work.and_then(|work| words::of_work(work, name)))
            .or_else(|| self.policy.and_then(|policy| words::of_company(policy, name)))
    }
}
