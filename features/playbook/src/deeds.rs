//! Looks at the order, asks the rules, does what they say.

use serde_json::json;
use takt_kernel::{Actor, Result, Timestamp};
use takt_orders::{ConfirmOrders, Order, OrderId, Reserved, Shipped, Stage, confirm, lines, may_pack, steps};
use takt_staff::{Calendar, Permit, Role};
use takt_store::{RecordedFact, Tx};
use takt_tasks::{NewTask, Task, close_for_order, of_order, open};

use crate::{
    decide::{Deed, Event, Kind, Situation, decide},
    policy::Policy,
};

/// What one reaction works with.
struct Scene<'a> {
    fact: &'a RecordedFact,
    listener: &'a str,
    actor: Actor,
    order: Order,
    tasks: Vec<Task>,
    policy: Policy,
}

/// The order is locked first, as in its verbs: who changes it at the same time sees the tasks that
/// were opened here.
pub(crate) fn react(
    tx: &mut Tx,
    fact: &RecordedFact,
    listener: &str,
    order: OrderId,
    event: Event,
) -> Result<()> {
    let order = steps::lock(tx, fact.company, order)?;
    let policy = Policy::of(tx, fact.company)?;
    let tasks = of_order(tx, fact.company, order.id)?;
    let scene = Scene { fact, listener, actor: Actor::system(listener), order, tasks, policy };
    let situation = scene.situation(tx)?;
    for deed in decide(event, &situation) {
        scene.carry_out(tx, deed)?;
    }
    Ok(())
}

impl Scene<'_> {
    fn situation(&self, tx: &mut Tx) -> Result<Situation> {
        let order = &self.order;
        let lines = lines(tx, order.company, order.id)?;
        let units =
            lines.iter().try_fold(takt_kernel::money::Quantity::ZERO, |sum, line| sum.add(line.wanted()))?;
        Ok(Situation {
            may_be_packed: may_pack(order).is_ok(),
            in_work: order.stage.is_in_work(),
            put_off: order.deferred_until.is_some(),
            cancelled: order.stage == Stage::Cancel,
            in_full: order.is_paid_in_full(),
            prepaid: order.terms.is_prepaid(),
            confirmed: order.confirmed_at.is_some(),
            reserved: order.reserved == Reserved::All,
            short: order.short,
            left: order.shipped != Shipped::None,
            units,
            confirm_up_to: self.policy.confirm_up_to_units,
            call_waits: self.tasks.iter().any(|task| task.kind == Kind::Call.code() && !task.is_closed()),
        })
    }

    fn carry_out(&self, tx: &mut Tx, deed: Deed) -> Result<()> {
        let (company, order) = (self.order.company, self.order.id);
        match deed {
            Deed::Confirm => {
                confirm(tx, &Permit::<ConfirmOrders>::system(company, self.listener), order).map(|_| ())
            }
            Deed::Close(kind, outcome) => {
                close_for_order(tx, company, order, kind.code(), outcome, &self.actor).map(|_| ())
            }
            Deed::Open(kind) => {
                let (round, from) = (self.round(), self.counts_from(kind));
                self.open(tx, kind, &round_key(kind, &round, self), from, self.policy.task_minutes)
                    .map(|_| ())
            }
            Deed::CallAgain { later } => self.call_again(tx, later),
        }
    }

    /// The first call of a round may not have been opened yet, when the facts of stock and of money
    /// are heard by two listeners; then this is it.
    fn call_again(&self, tx: &mut Tx, later: bool) -> Result<()> {
        if !later {
            let first = round_key(Kind::Call, &self.round(), self);
            let from = self.counts_from(Kind::Call);
            if self.order.started_at.is_some()
                && self.open(tx, Kind::Call, &first, from, self.policy.task_minutes)?
            {
                return Ok(());
            }
        }
        let minutes = if later { self.policy.call_again_minutes } else { self.policy.task_minutes };
        let key = format!("playbook/call/{}/after/{}", self.order.id, self.fact.id);
        self.open(tx, Kind::Call, &key, self.fact.at, minutes).map(|_| ())
    }

    /// Since when our promise runs: it starts anew when the money comes again or the order wakes up.
    fn round(&self) -> String {
        self.order.started_at.map_or_else(String::new, |at| at.micros().to_string())
    }

    fn counts_from(&self, kind: Kind) -> Timestamp {
        match kind {
            Kind::Pick | Kind::Call => self.order.started_at.unwrap_or(self.fact.at),
            Kind::OfferOrRefund | Kind::MoneyTakenBack => self.fact.at,
        }
    }

    fn open(&self, tx: &mut Tx, kind: Kind, key: &str, from: Timestamp, minutes: i64) -> Result<bool> {
        let calendar = Calendar::of(tx, self.order.company)?;
        let new = NewTask {
            company: self.order.company,
            kind: kind.code(),
            role: self.role(kind),
            order: Some(self.order.id),
            due_at: calendar.add_working_seconds(from, minutes.saturating_mul(60)),
            key: Some(key.to_owned()),
            args: json!({
                "why": self.fact.kind,
                "fact": self.fact.id,
                "short": self.order.short,
                "confirmed": self.order.confirmed_at.is_some(),
            }),
        };
        Ok(open(tx, new, &self.actor)?.is_some())
    }

    fn role(&self, kind: Kind) -> Role {
        match kind {
            Kind::Pick => Role::Warehouse,
            Kind::Call => self.policy.call_role,
            Kind::OfferOrRefund | Kind::MoneyTakenBack => Role::Manager,
        }
    }
}

/// What makes a task the same one. A shortage after the goods had come is another shortage.
fn round_key(kind: Kind, round: &str, scene: &Scene<'_>) -> String {
    let order = scene.order.id;
    match kind {
        Kind::Pick | Kind::Call => format!("playbook/{}/{order}/{round}", kind.code()),
        Kind::OfferOrRefund => {
            let over = |task: &&Task| {
                task.kind == kind.code()
                    && matches!(&task.state, takt_tasks::State::Closed { outcome, .. } if outcome == "goods_came")
            };
            let episode = scene.tasks.iter().filter(over).count();
            format!("playbook/{}/{order}/{round}/{episode}", kind.code())
        }
        Kind::MoneyTakenBack => format!("playbook/{}/{order}/{}", kind.code(), scene.fact.id),
    }
}
