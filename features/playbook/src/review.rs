//! The ground under what lasts was changed: a new version, a calendar, a setting. Everything in flight is
//! looked at anew by a timer, some at a time, each part a transaction of its own; a further change meanwhile
//! begins from the start.

use serde_json::{Value as Json, json};
use takt_kernel::{CompanyId, Result};
use takt_store::{Query, RecordedFact, Subject, Tx};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{about::About, occasions, policy, retry, running, states};

pub(crate) const REVIEW: &str = "playbook.review";
/// Subjects, or orders in work, that one transaction looks at.
const AT_ONCE: i64 = 50;

pub(crate) const TIMER: TimerKind = TimerKind {
    kind: REVIEW,
    does: "looks anew at what lasts, after the playbook, a calendar or a setting was changed",
    fire,
};

pub(crate) fn hear(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let of_others = fact.kind == "staff.setting_changed"
        && fact.body.get("key").and_then(Json::as_str).is_none_or(|key| !policy::KEYS.contains(&key));
    if of_others {
        return Ok(());
    }
    retry::hurry(tx, fact.company)?;
    set(tx, fact.company, &json!({ "subject_kind": "", "subject_id": 0 }))
}

fn set(tx: &mut Tx, company: CompanyId, from: &Json) -> Result<()> {
    let now = tx.now();
    timers::set(tx, company, REVIEW, "", Subject::new("company", company.get()), now, from)
}

/// First what lasts already, then the orders in work, about which something may last from now on.
fn fire(tx: &mut Tx, due: &DueTimer) -> Result<()> {
    match due.payload.get("orders_after").and_then(Json::as_i64) {
        Some(after) => review_orders(tx, due, after),
        None => review_subjects(tx, due),
    }
}

fn review_subjects(tx: &mut Tx, due: &DueTimer) -> Result<()> {
    let kind = due.payload.get("subject_kind").and_then(Json::as_str).unwrap_or_default().to_owned();
    let id = due.payload.get("subject_id").and_then(Json::as_i64).unwrap_or(0);
    let after = About { company: due.company, kind, id };
    let subjects = occasions::subjects_after(tx, &after, AT_ONCE)?;
    for about in &subjects {
        let running = running::about(tx, about)?;
        states::review(tx, &running, about)?;
    }
    let full = i64::try_from(subjects.len()).is_ok_and(|length| length == AT_ONCE);
    match subjects.last().filter(|_| full) {
        Some(last) => set(tx, due.company, &json!({ "subject_kind": last.kind, "subject_id": last.id })),
        None => set(tx, due.company, &json!({ "orders_after": 0 })),
    }
}

fn review_orders(tx: &mut Tx, due: &DueTimer, after: i64) -> Result<()> {
    let (orders, next) = takt_orders::in_work_after(tx, due.company, after, AT_ONCE)?;
    for order in orders {
        let running = running::of_order(tx, due.company, order)?;
        if running.playbook.lasting_rules().next().is_some() {
            states::review(tx, &running, &About::order_of(due.company, order))?;
        }
    }
    match next {
        Some(after) => set(tx, due.company, &json!({ "orders_after": after })),
        None => Ok(()),
    }
}
