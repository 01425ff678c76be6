//! On which fact which rule is asked.

use takt_kernel::Result;
use takt_orders::{OrderId, facts as orders};
use takt_store::{Fact, RecordedFact, Tx};
use takt_tasks::facts::Closed;
use takt_work::Listener;

use crate::{
    decide::{Event, Kind},
    deeds::react,
};

const ON_PLACED: &str = "playbook.on_placed";
const ON_PAID: &str = "playbook.on_paid";
const ON_STOCK: &str = "playbook.on_stock";
const ON_UNPAID: &str = "playbook.on_unpaid";
const ON_PUT_OFF: &str = "playbook.on_put_off";
const ON_WOKEN: &str = "playbook.on_woken";
const ON_CALLED: &str = "playbook.on_called";
const ON_LEAVING: &str = "playbook.on_leaving";

pub(crate) const LISTENERS: [Listener; 8] = [
    Listener {
        name: ON_PLACED,
        hears: &[orders::PLACED],
        does: "has an order picked and its buyer called that owes nothing first; confirms a small one",
        react: placed,
    },
    Listener {
        name: ON_PAID,
        hears: &[orders::PAID],
        does: "has a paid order picked and its buyer called; confirms a small one that is all held",
        react: |tx, fact| about_order(tx, fact, ON_PAID, Event::Paid),
    },
    Listener {
        name: ON_STOCK,
        hears: &[orders::RESERVED, orders::SHORT],
        does: "asks the manager about a paid order without goods; goes on when they came",
        react: stock,
    },
    Listener {
        name: ON_UNPAID,
        hears: &[orders::UNPAID],
        does: "stops the work on an order whose money was taken back and tells the manager",
        react: unpaid,
    },
    Listener {
        name: ON_PUT_OFF,
        hears: &[orders::DEFERRED],
        does: "closes the tasks of an order that the buyer wants later",
        react: |tx, fact| about_order(tx, fact, ON_PUT_OFF, Event::PutOff),
    },
    Listener {
        name: ON_WOKEN,
        hears: &[orders::WOKEN],
        does: "has an order taken up again whose time has come",
        react: |tx, fact| about_order(tx, fact, ON_WOKEN, Event::Woken),
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
        react: leaving,
    },
];

fn about_order(tx: &mut Tx, fact: &RecordedFact, listener: &str, event: Event) -> Result<()> {
    react(tx, fact, listener, OrderId::new(fact.subject_id), event)
}

/// Who pays first is not waited for by anybody yet.
fn placed(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    if fact.read::<orders::Placed>()?.terms == "prepaid" {
        return Ok(());
    }
    about_order(tx, fact, ON_PLACED, Event::Placed)
}

/// While the order may not be packed, goods are no reason to do anything; most facts of stock are of orders
/// that were placed a moment ago and wait for their money.
fn stock(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let order = takt_orders::load(tx, fact.company, OrderId::new(fact.subject_id))?;
    if takt_orders::may_pack(&order).is_err() {
        Ok(())
    } else {
        about_order(tx, fact, ON_STOCK, Event::Stock)
    }
}

/// Without a receipt it was an edit that made the order dearer.
fn unpaid(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let money_left = fact.read::<orders::Unpaid>()?.receipt.is_some();
    about_order(tx, fact, ON_UNPAID, Event::Unpaid { money_left })
}

/// A call that is simply done reached the buyer; the other outcomes are the program's own.
fn called(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let closed: Closed = fact.read()?;
    let Some(order) = closed.order.filter(|_| closed.kind == Kind::Call.code()) else { return Ok(()) };
    match closed.outcome.as_str() {
        "reached" | "done" => react(tx, fact, ON_CALLED, order, Event::Reached),
        "not_reached" => react(tx, fact, ON_CALLED, order, Event::NotReached),
        _ => Ok(()),
    }
}

fn leaving(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    if fact.kind == orders::READY {
        return about_order(tx, fact, ON_LEAVING, Event::Packed);
    }
    if fact.read::<orders::ShippedOut>()?.all {
        return about_order(tx, fact, ON_LEAVING, Event::ShippedAll);
    }
    Ok(())
}
