//! What promises hear: the end of an order, what is learnt about it afterwards, and how its tasks ended.

use takt_kernel::{Actor, Result};
use takt_orders::{OrderId, clock::NOT_REACHED, facts as orders, record_paused, record_resumed};
use takt_store::{Fact as _, RecordedFact, Tx};
use takt_tasks::facts::Closed;
use takt_work::Listener;

use crate::result;

const CALL: &str = "call";
/// How far it has heard is kept under this name.
const TASK_ENDED: &str = "promises.call_ended";

pub(crate) const LISTENERS: &[Listener] = &[
    Listener {
        name: "promises.finished",
        hears: &[orders::COMPLETED, orders::CANCELLED, orders::MONEY_DATED],
        does: "writes down what the clock told of a finished order, anew when a fact comes late",
        react: finished,
    },
    Listener {
        name: TASK_ENDED,
        hears: &[Closed::KIND],
        does: "counts the time after a call that was not answered as the buyer's; writes down a task that ended after its order",
        react: task_ended,
    },
];

fn finished(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let order = takt_orders::load(tx, fact.company, OrderId::new(fact.subject_id))?;
    if order.stage.is_in_work() {
        return Ok(());
    }
    result::write(tx, &order)
}

/// What was late is closed with its order or after it, by whoever hears of the end first: then the result, which tells
/// of closed tasks, is written anew.
fn task_ended(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let order = fact.body.get("order").and_then(serde_json::Value::as_i64).map(OrderId::new);
    let Some(order) = order else { return Ok(()) };
    let is_call = fact.body.get("kind").and_then(serde_json::Value::as_str) == Some(CALL);
    let finished = takt_orders::load(tx, fact.company, order)?;
    if !finished.stage.is_in_work() {
        return result::write(tx, &finished);
    }
    if is_call { call_ended(tx, fact, order) } else { Ok(()) }
}

/// The order waits for the buyer until the company's reason says that it is time to try again. A company that no
/// longer has the reason does not want it.
fn call_ended(tx: &mut Tx, fact: &RecordedFact, order: OrderId) -> Result<()> {
    let (company, actor) = (fact.company, Actor::system(TASK_ENDED));
    match fact.body.get("outcome").and_then(serde_json::Value::as_str) {
        Some("not_reached") => match record_paused(tx, company, order, NOT_REACHED, fact.at, &actor) {
            Err(fault) if fault.fields().iter().any(|field| field.code == "orders.pause_reason_unknown") => {
                Ok(())
            }
            done => done.map(|_| ()),
        },
        Some("reached" | "done") => {
            record_resumed(tx, company, order, NOT_REACHED, fact.at, &actor).map(|_| ())
        }
        _ => Ok(()),
    }
}
