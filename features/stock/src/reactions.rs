//! What arrives or is let go is given to those who wait, whose promise has run longest first. A batch
//! of orders at a time: the rest goes on by a timer that is due at once.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use takt_catalog::OfferId;
use takt_kernel::{Actor, CompanyId, Result};
use takt_orders::{OrderId, steps};
use takt_store::{Fact, Query, RecordedFact, Tx, params, sql};
use takt_work::{DueTimer, Listener, TimerKind, timers};

use crate::{
    book::{self, Account},
    facts::{self, Released},
    levels::{self, Deltas, as_json},
    reservations,
};

const ON_STOCK: &str = "stock.on_stock";
const ALLOT: &str = "stock.allot";
/// Orders that get something in one transaction.
const BATCH: i64 = 20;

pub(crate) const LISTENERS: [Listener; 2] = [
    Listener {
        name: ON_STOCK,
        hears: &["stock.received", "stock.corrected", "stock.released"],
        does: "holds what became free for the orders that wait for it, the longest promised first",
        react: became_free,
    },
    Listener {
        name: "stock.on_promise",
        hears: &["orders.paid", "orders.unpaid"],
        does: "moves an order that lacks goods to its place among those who wait",
        react: promise_changed,
    },
];

pub(crate) const ALLOT_TIMER: TimerKind = TimerKind {
    kind: ALLOT,
    does: "goes on holding what became free for the orders that wait for it",
    fire: go_on,
};

fn became_free(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let offers: BTreeSet<OfferId> = if fact.kind == Released::KIND {
        fact.read::<Released>()?.lines.iter().map(|line| line.offer).collect()
    } else {
        BTreeSet::from([OfferId::new(fact.subject_id)])
    };
    allot(tx, fact.company, &offers, &Actor::system(ON_STOCK))
}

fn go_on(tx: &mut Tx, timer: &DueTimer) -> Result<()> {
    allot(tx, timer.company, &BTreeSet::from([OfferId::new(timer.subject_id)]), &Actor::system(ALLOT))
}

fn promise_changed(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let order = takt_orders::load(tx, fact.company, OrderId::new(fact.subject_id))?;
    reservations::move_in_line(tx, &order)
}

/// Gives what is free of these offers to the first who wait for it.
fn allot(tx: &mut Tx, company: CompanyId, offers: &BTreeSet<OfferId>, actor: &Actor) -> Result<()> {
    let free: BTreeSet<OfferId> = levels::free_of(tx, company, offers)?
        .into_iter()
        .filter(|(_, places)| places.iter().any(|(_, free)| *free > 0))
        .map(|(offer, _)| offer)
        .collect();
    let in_turn = waiting(tx, company, &free)?;
    if in_turn.is_empty() {
        return Ok(());
    }
    let mut accounts = Vec::with_capacity(in_turn.len());
    let mut by_id = in_turn.clone();
    by_id.sort_unstable();
    for id in by_id {
        let order = steps::lock(tx, company, id)?;
        let lines = takt_orders::lines(tx, company, id)?;
        let before = reservations::of_order(tx, company, id)?;
        accounts.push(Account { order, lines, kept: before.clone(), before, new: false });
    }
    accounts.sort_by_key(|account| in_turn.iter().position(|id| *id == account.order.id));
    let full = i64::try_from(in_turn.len()).is_ok_and(|orders| orders >= BATCH);
    let got = book::settle(tx, company, accounts, Deltas::new(), actor)?;
    if full && got > 0 {
        let now = tx.now();
        for offer in free {
            timers::set(tx, company, ALLOT, &offer.to_string(), facts::of_offer(offer), now, &Json::Null)?;
        }
    }
    Ok(())
}

fn waiting(db: &mut dyn Query, company: CompanyId, offers: &BTreeSet<OfferId>) -> Result<Vec<OrderId>> {
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let rows = db.all(
        sql!(
            "select order_id, min(promised_since) as promised_since, min(placed_at) as placed_at
             from {pg:json_array_elements_text(cast(cast(:offers as text) as json)) as asked(value)|sqlite:json_each(:offers) asked}
             cross join stock_wanted
             where company_id = :company_id and offer_id = cast(asked.value as bigint)
             group by order_id
             order by promised_since, placed_at, order_id
             limit :limit"
        ),
        params![company_id: company, offers: as_json(offers.iter().copied()), limit: BATCH],
    )?;
    rows.iter().map(|row| row.get("order_id")).collect()
}
