//! Ticks are facts about the order, with who and when; the rows say how it stands now.

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, PersonId, Result, Timestamp};
use takt_orders::{Order, OrderId, facts::SUBJECT, steps::lock};
use takt_staff::Permit;
use takt_store::{About, Fact, Query, Row, Subject, Tx, params, sql};

use super::{Step, demanded};
use crate::{policy::TickSteps, running};

const MOST: i64 = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTicked {
    pub step: String,
    pub text: String,
    pub before: String,
    /// The version of the playbook that demanded it.
    pub playbook: i64,
}
impl Fact for StepTicked {
    const KIND: &'static str = "playbook.step_ticked";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepUnticked {
    pub step: String,
    pub text: String,
    pub before: String,
    pub playbook: i64,
}
impl Fact for StepUnticked {
    const KIND: &'static str = "playbook.step_unticked";
}

pub(crate) const FACTS: &[&str] = &[StepTicked::KIND, StepUnticked::KIND];

/// What was ticked on an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    pub step: String,
    pub by: Option<PersonId>,
    pub at: Timestamp,
}

pub(crate) fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<Tick>> {
    let rows = db.all(
        sql!(
            "select step, ticked_by, ticked_at
             from playbook_tick
             where company_id = :company_id and order_id = :order_id
             order by step
             limit :most"
        ),
        params![company_id: company, order_id: order, most: MOST],
    )?;
    let read =
        |row: &Row| Ok(Tick { step: row.get("step")?, by: row.get("ticked_by")?, at: row.get("ticked_at")? });
    rows.iter().map(read).collect()
}

/// Says that something demanded was done. Ticking it again is nothing.
///
/// # Errors
/// `orders.missing`, `playbook.order_finished`, `playbook.step_unknown` when the document no longer demands it.
pub fn tick(tx: &mut Tx, permit: &Permit<TickSteps>, order: OrderId, key: &str) -> Result<()> {
    let (order, step, playbook) = wanted(tx, permit, order, key)?;
    let now = tx.now();
    let ticked = tx.execute(
        sql!(
            "insert into playbook_tick (company_id, order_id, step, ticked_by, ticked_at)
             values (:company_id, :order_id, :step, :person, :now)
             on conflict (company_id, order_id, step) do nothing"
        ),
        params![
            company_id: order.company, order_id: order.id, step: &step.key, person: permit.actor().person(),
            now: now,
        ],
    )?;
    if ticked == 0 {
        return Ok(());
    }
    let before = step.before.code().to_owned();
    let fact = StepTicked { step: step.key, text: step.text, before, playbook };
    tx.say(about(&order, permit), &fact)
}

/// Takes a tick back.
///
/// # Errors
/// As [`tick`].
pub(crate) fn untick(tx: &mut Tx, permit: &Permit<TickSteps>, order: OrderId, key: &str) -> Result<()> {
    let (order, step, playbook) = wanted(tx, permit, order, key)?;
    let gone = tx.execute(
        sql!(
            "delete from playbook_tick
             where company_id = :company_id and order_id = :order_id and step = :step"
        ),
        params![company_id: order.company, order_id: order.id, step: &step.key],
    )?;
    if gone == 0 {
        return Ok(());
    }
    let before = step.before.code().to_owned();
    let fact = StepUnticked { step: step.key, text: step.text, before, playbook };
    tx.say(about(&order, permit), &fact)
}

/// The order is locked: whoever does what the step stands before sees the tick or waits for it.
fn wanted(tx: &mut Tx, permit: &Permit<TickSteps>, order: OrderId, key: &str) -> Result<(Order, Step, i64)> {
    let order = lock(tx, permit.company(), order)?;
    permit.reaches_shop(order.shop)?;
    if !order.stage.is_in_work() {
        return Err(Fault::conflict("playbook.order_finished").arg("number", &order.number));
    }
    let running = running::of_order(tx, order.company, order.id)?;
    let step = demanded(&running.playbook).into_iter().find(|step| step.key == key);
    let step = step.ok_or_else(|| Fault::missing("playbook.step_unknown"))?;
    Ok((order, step, running.number))
}

fn about<'a>(order: &Order, permit: &'a Permit<TickSteps>) -> About<'a> {
    About::new(order.company, Subject::new(SUBJECT, order.id.get()), permit.actor())
}
