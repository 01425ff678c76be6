//! On this fact, that verb.

use takt_kernel::{Actor, Result};
use takt_orders::OrderId;
use takt_staff::companies::desk_of;
use takt_store::{RecordedFact, Tx, params, sql};
use takt_work::Listener;

use crate::close_all_for_order;

const ON_CANCELLED: &str = "tasks.on_cancelled";

pub(crate) const LISTENERS: [Listener; 2] = [
    Listener {
        name: ON_CANCELLED,
        hears: &["orders.cancelled"],
        does: "closes what was still to do about the order",
        react: order_cancelled,
    },
    Listener {
        name: "tasks.on_engagement",
        hears: &["staff.engaged", "staff.engagement_ended"],
        does: "moves the unfinished tasks to the list of the desk that now works for the company",
        react: desk_changed,
    },
];

fn order_cancelled(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let order = OrderId::new(fact.subject_id);
    close_all_for_order(tx, fact.company, order, "order_cancelled", &Actor::system(ON_CANCELLED)).map(|_| ())
}

fn desk_changed(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let desk = desk_of(tx, fact.company)?;
    tx.put(
        sql!(
            "update task
             set desk_id = :desk_id
             where company_id = :company_id and state in ('open', 'taken') and desk_id <> :desk_id"
        ),
        params![desk_id: desk, company_id: fact.company],
    )
}
