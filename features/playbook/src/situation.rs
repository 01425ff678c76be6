//! What a fact or a timer is about as it stands now, and what the names of a playbook mean there.

use takt_kernel::{Result, money::Quantity};
use takt_orders::{Order, lines, steps};
use takt_playbook_language::Value;
use takt_store::{RecordedFact, Tx};
use takt_tasks::{State, Task, of_order};

use crate::{about::About, policy::Policy, words};

/// What is read beside the order itself, once something may have to be done.
pub(crate) struct Work {
    pub tasks: Vec<Task>,
    /// Σ of what is still wanted of its lines.
    pub units: Quantity,
    pub call_waits: bool,
    /// Somebody higher was asked for a task, and still nobody has taken it.
    pub task_ignored: bool,
}

impl Work {
    pub fn on(tx: &mut Tx, order: &Order) -> Result<Self> {
        let units = lines(tx, order.company, order.id)?
            .iter()
            .try_fold(Quantity::ZERO, |sum, line| sum.add(line.wanted()))?;
        let tasks = of_order(tx, order.company, order.id)?;
        let call_waits = tasks.iter().any(|task| task.kind == "call" && !task.is_closed());
        let ignored = |task: &Task| {
            task.state == State::Open && task.escalated_to.is_some() && !words::is_control(&task.kind)
        };
        let task_ignored = tasks.iter().any(ignored);
        Ok(Self { tasks, units, call_waits, task_ignored })
    }
}

/// Everything there is to be looked at. The order, if it is about one, is locked: who changes it at the same
/// time sees what is done here.
pub(crate) struct Whole {
    pub order: Option<Order>,
    pub work: Option<Work>,
    pub policy: Policy,
}

impl Whole {
    pub fn lock(tx: &mut Tx, about: &About) -> Result<Self> {
        let order = about.order().map(|order| steps::lock(tx, about.company, order)).transpose()?;
        Self::around(tx, about, order)
    }

    pub fn glance(tx: &mut Tx, about: &About) -> Result<Self> {
        let order = about.order().map(|order| takt_orders::load(tx, about.company, order)).transpose()?;
        Self::around(tx, about, order)
    }

    fn around(tx: &mut Tx, about: &About, order: Option<Order>) -> Result<Self> {
        let policy = Policy::of(tx, about.company)?;
        let work = order.as_ref().map(|order| Work::on(tx, order)).transpose()?;
        Ok(Self { order, work, policy })
    }

    pub fn situation<'s>(&'s self, fact: Option<&'s RecordedFact>) -> Situation<'s> {
        Situation { fact, order: self.order.as_ref(), work: self.work.as_ref(), policy: Some(&self.policy) }
    }
}

/// As far as it was looked at.
#[derive(Clone, Copy)]
pub(crate) struct Situation<'s> {
    pub fact: Option<&'s RecordedFact>,
    pub order: Option<&'s Order>,
    pub work: Option<&'s Work>,
    pub policy: Option<&'s Policy>,
}

impl Situation<'_> {
    pub fn look(&self, name: &str) -> Option<Value> {
        if let Some(name) = name.strip_prefix("fact.") {
            return words::of_fact(self.fact?, name);
        }
        self.order
            .and_then(|order| words::of_order(order, name))
            .or_else(|| self.work.and_then(|work| words::of_work(work, name)))
            .or_else(|| self.policy.and_then(|policy| words::of_company(policy, name)))
    }
}
