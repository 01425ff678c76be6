//! What every verb does at its end.

use takt_kernel::{Actor, Result, Timestamp, money::Money};
use takt_staff::Calendar;
use takt_store::{About, Change, Fact, Query, Subject, Tx};

use crate::{
    clock::{Calendars, Next, Promises, Wait},
    facts::{self, Completed, Paid, Unpaid},
    holder::{Holder, Milestone},
    order::Order,
    rows,
    stage::{Shipped, Stage},
    statuses,
    terms::Terms,
};

const MOST_WAITS: usize = 50;

/// Recomputes whose turn it is, what comes next and by when, and writes the order.
pub(super) fn save(tx: &mut Tx, before: &Order, after: &mut Order) -> Result<()> {
    settle(tx, Some(before), after)?;
    rows::save(tx, before, after)
}

/// Recomputes whose turn it is, what comes next and by when.
pub(super) fn settle(tx: &mut Tx, before: Option<&Order>, after: &mut Order) -> Result<()> {
    let now = tx.now();
    if after.terms.is_prepaid() && after.shipped == Shipped::None {
        after.started_at = after.is_paid_in_full().then(|| after.started_at.unwrap_or(now));
    }
    if before.is_some_and(|before| went_on(before, after)) {
        end_pause(after, now);
    }
    let standing = after.standing();
    if before.is_none() || standing.holder() != after.holder {
        after.holder = standing.holder();
        after.holder_since = now;
    }
    let promises = Promises::of(tx, after.company)?;
    let next = promises.next_of(tx, after)?;
    let milestone = milestone_of(next);
    if before.is_none() || milestone != after.milestone {
        after.milestone_since = now;
    }
    after.milestone = milestone;
    if before.is_none_or(|before| basis(before) != basis(after)) {
        after.due_at = due_at(tx, after, next)?;
    }
    Ok(())
}

pub(crate) fn milestone_of(next: Next<'_>) -> Option<Milestone> {
    match next {
        Next::Nothing => None,
        Next::Money => Some(Milestone::PAID),
        Next::Milestone(rule) => Some(rule.milestone()),
    }
}

/// What a promise rests on. When none of it changed, neither did the promise.
fn basis(order: &Order) -> impl PartialEq + '_ {
    let waits = (order.pause.as_ref(), order.waits.as_slice());
    (&order.milestone, order.started_at, order.deferred_until, order.delivered_at, order.urgent, waits)
}

/// By when what comes next is promised. A deferred order is promised to be looked at again, and so is one that its
/// buyer lets wait; an unpaid prepaid one waits for the buyer, to whom nothing is promised yet. Credit runs from
/// delivery; who pays the carrier has no date of ours.
pub(crate) fn due_at(tx: &mut Tx, order: &Order, next: Next<'_>) -> Result<Option<Timestamp>> {
    if order.deferred_until.is_some() {
        return Ok(order.deferred_until);
    }
    if let Some(pause) = order.pause.as_ref().filter(|pause| pause.owner == Holder::Buyer) {
        return Ok(Some(pause.until));
    }
    match (next, order.terms) {
        (Next::Nothing, _) | (Next::Money, Terms::Prepaid | Terms::OnDelivery) => Ok(None),
        (Next::Money, Terms::Credit { days }) => {
            let Some(delivered_at) = order.delivered_at else { return Ok(None) };
            Ok(Some(Calendar::of(tx, order.company)?.days_later(delivered_at, days)))
        }
        (Next::Milestone(rule), _) => {
            let calendar = Calendars::of_rule(tx, order.company, rule)?;
            Ok(rule.due(&order.basis(), &calendar))
        }
    }
}

/// A step forward ends what held the order up, and so does putting it off or finishing it.
fn went_on(before: &Order, after: &Order) -> bool {
    let newly = |before: Option<Timestamp>, after: Option<Timestamp>| before.is_none() && after.is_some();
    newly(before.confirmed_at, after.confirmed_at)
        || newly(before.ready_at, after.ready_at)
        || newly(before.delivered_at, after.delivered_at)
        || (before.shipped != Shipped::All && after.shipped == Shipped::All)
        || after.deferred_until.is_some()
        || !after.stage.is_in_work()
}

/// Nothing holds the order up since then; what its buyer let us wait for is remembered.
pub(crate) fn end_pause(order: &mut Order, at: Timestamp) {
    order.waits = waits_until(order, at);
    order.pause = None;
}

/// For how long its buyer has let us wait until then, the latest times.
pub(super) fn waits_until(order: &Order, at: Timestamp) -> Vec<Wait> {
    let mut waits = order.waits.clone();
    let Some(pause) = order.pause.as_ref().filter(|pause| pause.owner == Holder::Buyer) else { return waits };
    if waits.len() >= MOST_WAITS {
        waits.remove(0);
    }
    let to = at.min(pause.until);
    if pause.since < to {
        waits.push(Wait { from: pause.since, to });
    }
    waits
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
            happened_at: None,
        };
        say(tx, order, actor, &fact, Vec::new())
    } else {
        let fact = Unpaid { receipt: None, amount, paid, total, currency, in_full };
        say(tx, order, actor, &fact, Vec::new())
    }
}
