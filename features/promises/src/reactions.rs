//! What promises hear: the end of an order, what is learnt about it afterwards, and how a call ended.

use takt_kernel::{Actor, Result};
use takt_orders::{OrderId, clock::NOT_REACHED, facts as orders, record_paused, record_resumed};
use takt_store::{Fact as _, RecordedFact, Tx};
use takt_tasks::facts::Closed;
use takt_work::Listener;

use crate::result;

const CALL: &str = "call";
const CALL_ENDED: &str = "promises.call_ended";

pub(crate) const LISTENERS: &[Listener] = &[
    Listener {
        name: "promises.finished",
        hears: &[orders::COMPLETED, orders::CANCELLED, orders::MONEY_DATED],
        does: "writes down what the clock told of a finished order, anew when a fact comes late",
        react: finished,
    },
    Listener {
        name: CALL_ENDED,
        hears: &[Closed::KIND],
        does: "counts the time after a call that was not answered as the buyer's",
        react: call_ended,
    },
];

fn finished(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let order = takt_orders::load(tx, fact.company, OrderId::new(fact.subject_id))?;
    if order.stage.is_in_work() {
        return Ok(());
    }
    result::write(tx, &order)
}

/// The order waits for the buyer until the company's reason says that it is time to try again. A company that no
/// longer has the reason does not want it.
fn call_ended(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let text = |name: &str| fact.body.get(name).and_then(serde_json::Value::as_str);
    let order = fact.body.get("order").and_then(serde_json::Value::as_i64).map(OrderId::new);
    let (Some(order), Some(CALL)) = (order, text("kind")) else { return Ok(()) };
    let (company, actor) = (fact.company, Actor::system(CALL_ENDED));
    match text("outcome") {
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
