//! What every verb does at its end.

use takt_kernel::{Actor, Result, money::Money};
use takt_staff::Calendar;
use takt_store::{About, Change, Fact, Query, Subject, Tx};

use crate::{
    clock::Promises,
    facts::{self, Completed, Paid, Unpaid},
    holder::Milestone,
    order::Order,
    rows,
    stage::Stage,
    statuses,
};

/// Recomputes whose turn it is, what comes next and by when, and writes the order.
pub(super) fn save(tx: &mut Tx, before: &Order, after: &mut Order) -> Result<()> {
    settle(tx, Some(before), after)?;
    rows::save(tx, before, after)
}

/// Recomputes whose turn it is, what comes next and by when.
pub(super) fn settle(tx: &mut Tx, before: Option<&Order>, after: &mut Order) -> Result<()> {
    let now = tx.now();
    if after.terms.is_prepaid() && after.shipped == crate::Shipped::None {
        after.started_at = after.is_paid_in_full().then(|| after.started_at.unwrap_or(now));
    }
    let standing = after.standing();
    if before.is_none() || standing.holder() != after.holder {
        after.holder = standing.holder();
        after.holder_since = now;
    }
    after.milestone = standing.milestone();
    let basis = |order: &Order| (order.milestone, order.started_at, order.deferred_until, order.delivered_at);
    if before.is_none_or(|before| basis(before) != basis(after)) {
        after.due_at = due_at(tx, after)?;
    }
    Ok(())
}

/// Asks for the calendar only when the promise rests on it.
fn due_at(tx: &mut Tx, order: &Order) -> Result<Option<takt_kernel::Timestamp>> {
    let works_by_calendar = order.deferred_until.is_none()
        && match order.milestone {
            Some(Milestone::Confirmed | Milestone::Ready | Milestone::Delivered) => true,
            Some(Milestone::Paid) | None => false,
        };
    if !works_by_calendar {
        let always_open = Calendar::round_the_clock(jiff::tz::TimeZone::UTC);
        return Ok(Promises::default().due(order, &always_open));
    }
    let promises = Promises::of(tx, order.company)?;
    let calendar = Calendar::of(tx, order.company)?;
    Ok(promises.due(order, &calendar))
}

/// Brings the order into a stage by itself: with the first status there, unless it is there already.
pub(super) fn enter(tx: &mut Tx, order: &mut Order, stage: Stage) -> Result<()> {
    if order.stage != stage {
        order.status = statuses::first_of(tx, order.company, stage)?;
        order.stage = stage;
    }
    Ok(())
}

pub(super) fn about<'a>(order: &Order, actor: &'a Actor) -> About<'a> {
    About::new(order.company, Subject::new(facts::SUBJECT, order.id.get()), actor)
}

pub(super) fn say<F: Fact>(
    tx: &mut Tx,
    order: &Order,
    actor: &Actor,
    fact: &F,
    changes: Vec<Change>,
) -> Result<()> {
    tx.say_changes(about(order, actor), fact, changes)
}

/// The steps along stages and statuses, for the history.
pub(super) fn moves(before: &Order, after: &Order) -> Vec<Change> {
    [
        Change::if_any("stage", before.stage.code(), after.stage.code()),
        Change::if_any("status", &before.status, &after.status),
        Change::if_any("paid", &before.paid.to_decimal_string(), &after.paid.to_decimal_string()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A delivered order that is paid in full is complete, whichever came last.
pub(super) fn complete_when_done(tx: &mut Tx, order: &mut Order) -> Result<bool> {
    let done = order.delivered_at.is_some() && order.is_paid_in_full() && order.stage.is_in_work();
    if done {
        enter(tx, order, Stage::Complete)?;
    }
    Ok(done)
}

pub(super) fn say_completed(tx: &mut Tx, order: &Order, actor: &Actor) -> Result<()> {
    say(tx, order, actor, &Completed {}, Vec::new())
}

/// Tells when a change of the total alone made the order paid in full, or no longer so.
pub(super) fn say_if_total_settled_it(
    tx: &mut Tx,
    was_in_full: bool,
    order: &Order,
    actor: &Actor,
) -> Result<()> {
    let in_full = order.is_paid_in_full();
    if in_full == was_in_full {
        return Ok(());
    }
    let amount = Money::zero(order.currency).to_decimal_string();
    let (paid, total) = (order.paid.to_decimal_string(), order.total.to_decimal_string());
    let currency = order.currency.code().to_owned();
    if in_full {
        let fact = Paid {
            receipt: None,
            amount,
            paid,
            total,
            currency,
            in_full,
            sent_at: None,
            booked_at: None,
            received_at: None,
        };
        say(tx, order, actor, &fact, Vec::new())
    } else {
        let fact = Unpaid { receipt: None, amount, paid, total, currency, in_full };
        say(tx, order, actor, &fact, Vec::new())
    }
}
