//! On which fact the playbook is asked.

use takt_kernel::Result;
use takt_orders::{OrderId, facts as orders};
use takt_store::{Fact, RecordedFact, Tx};
use takt_tasks::facts::Closed;
use takt_work::Listener;

use crate::react::react;

const ON_PLACED: &str = "playbook.on_placed";
const ON_PAID: &str = "playbook.on_paid";
const ON_STOCK: &str = "playbook.on_stock";
const ON_UNPAID: &str = "playbook.on_unpaid";
const ON_PUT_OFF: &str = "playbook.on_put_off";
const ON_WOKEN: &str = "playbook.on_woken";
const ON_CALLED: &str = "playbook.on_called";
const ON_LEAVING: &str = "playbook.on_leaving";
const ON_PROGRESS: &str = "playbook.on_progress";

/// What they do is what the company's playbook says; told here is what the one does that Takt brings along.
pub(crate) const LISTENERS: [Listener; 9] = [
    Listener {
        name: ON_PLACED,
        hears: &[orders::PLACED],
        does: "has an order picked and its buyer called that owes nothing first; confirms a small one",
        react: |tx, fact| about_order(tx, fact, ON_PLACED),
    },
    Listener {
        name: ON_PAID,
        hears: &[orders::PAID],
        does: "has a paid order picked and its buyer called; confirms a small one that is all held",
        react: |tx, fact| about_order(tx, fact, ON_PAID),
    },
    Listener {
        name: ON_STOCK,
        hears: &[orders::RESERVED, orders::SHORT],
        does: "asks the manager about a paid order without goods; goes on when they came",
        react: |tx, fact| about_order(tx, fact, ON_STOCK),
    },
    Listener {
        name: ON_UNPAID,
        hears: &[orders::UNPAID],
        does: "stops the work on an order whose money was taken back and tells the manager",
        react: |tx, fact| about_order(tx, fact, ON_UNPAID),
    },
    Listener {
        name: ON_PUT_OFF,
        hears: &[orders::DEFERRED],
        does: "closes the tasks of an order that the buyer wants later",
        react: |tx, fact| about_order(tx, fact, ON_PUT_OFF),
    },
    Listener {
        name: ON_WOKEN,
        hears: &[orders::WOKEN],
        does: "has an order taken up again whose time has come",
        react: |tx, fact| about_order(tx, fact, ON_WOKEN),
    },
    Listener {
        name: ON_CALLED,
        hears: &[Closed::KIND],
        does: "confirms an order whose buyer was called; has others called again",
        react: called,
    },
    Listener {
        name: ON_LEAVING,
        hears: &[orders::READY, orders::SHIPPED],
        does: "closes the tasks that are done with the parcel",
        react: |tx, fact| about_order(tx, fact, ON_LEAVING),
    },
    Listener {
        name: ON_PROGRESS,
        hears: &[orders::CONFIRMED, orders::DELIVERED, orders::STATUS_SET],
        does: "what the company's own playbook says",
        react: |tx, fact| about_order(tx, fact, ON_PROGRESS),
    },
];

fn about_order(tx: &mut Tx, fact: &RecordedFact, listener: &str) -> Result<()> {
    react(tx, fact, listener, OrderId::new(fact.subject_id))
}

/// A task that is about an order; others concern no playbook.
fn called(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    match fact.read::<Closed>()?.order {
        Some(order) => react(tx, fact, ON_CALLED, order),
        None => Ok(()),
    }
}
