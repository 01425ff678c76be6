//! When hours or promises were changed, what is counted by them is promised by another moment. Orders in work are looked
//! at by a timer, some at a time, each part a transaction of its own; a further change meanwhile begins from the start.
//! Only the moment is written: nothing happened to the order, so nothing is said of it and its version stays.

use serde_json::{Value as Json, json};
use takt_kernel::{CompanyId, Result, Timestamp};
use takt_store::{Query, RecordedFact, Subject, Tx};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    clock::{Promises, SETTING},
    commands::{due_at, milestone_of},
    order::{Order, OrderId},
    queries::in_work_after,
    rows,
};

const KIND: &str = "orders.promised_anew";
const AT_ONCE: i64 = 50;

pub(crate) const HEARS: &[&str] = &[
    "staff.calendar_changed",
    "staff.calendar_exception_set",
    "staff.named_calendar_set",
    "staff.named_calendar_removed",
    "staff.company_edited",
    "staff.setting_changed",
];

pub(crate) const TIMER: TimerKind = TimerKind {
    kind: KIND,
    does: "counts anew by when orders in work are promised, after hours or promises were changed",
    fire,
};

pub(crate) fn hear(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let another_setting = fact.kind == "staff.setting_changed"
        && fact.body.get("key").and_then(Json::as_str).is_some_and(|key| key != SETTING);
    if another_setting { Ok(()) } else { go_on(tx, fact.company, 0) }
}

fn go_on(tx: &mut Tx, company: CompanyId, after: i64) -> Result<()> {
    let (now, subject) = (tx.now(), Subject::new("company", company.get()));
    timers::set(tx, company, KIND, "", subject, now, &json!({ "after": after }))
}

fn fire(tx: &mut Tx, due: &DueTimer) -> Result<()> {
    let after = due.payload.get("after").and_then(Json::as_i64).unwrap_or(0);
    let (orders, next) = in_work_after(tx, due.company, after, AT_ONCE)?;
    let promises = Promises::of(tx, due.company)?;
    for id in orders {
        count_anew(tx, &promises, due.company, id)?;
    }
    match next {
        Some(next) => go_on(tx, due.company, next),
        None => Ok(()),
    }
}

/// Most stay as they were; only those that do not are locked.
fn count_anew(tx: &mut Tx, promises: &Promises, company: CompanyId, id: OrderId) -> Result<()> {
    let glanced = rows::load(tx, company, id)?;
    if promised(tx, promises, &glanced)? == glanced.due_at {
        return Ok(());
    }
    let mut order = rows::lock(tx, company, id)?;
    order.due_at = promised(tx, promises, &order)?;
    rows::save_promise(tx, &order)
}

/// What comes next for the order was settled when it last changed, and stays so.
fn promised(tx: &mut Tx, promises: &Promises, order: &Order) -> Result<Option<Timestamp>> {
    let next = promises.next_of(tx, order)?;
    if milestone_of(next) == order.milestone { due_at(tx, order, next) } else { Ok(order.due_at) }
}
