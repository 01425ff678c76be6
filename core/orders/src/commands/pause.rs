use takt_kernel::{Actor, CompanyId, Fault, Result, Timestamp};
use takt_staff::{Calendar, Permit};
use takt_store::{Query, Subject, Tx};
use takt_work::{DueTimer, TimerKind, timers};

use super::{
    comment::remark,
    settle::{end_pause, save, say},
};
use crate::{
    clock::{PauseReason, Promises},
    facts::{self, Paused, Resumed},
    holder::Holder,
    order::{Order, OrderId},
    pause::Pause,
    permissions::{HoldOrders, SetStatus},
    rows,
};

const RESUME: &str = "orders.resume";
const LONGEST_DAYS: i64 = 366;
/// The reason of a hold of the owner's; no company's own reason can have this owner.
const HELD: &str = "held";
/// Nothing is held up for ever, not even by the owner.
const USUAL_HOLD_DAYS: i64 = 7;

/// Holds an order up for one of the company's reasons, until a moment or for as long as the reason usually
/// lasts. From then on its time is that of the owner of the reason, and while the owner is the buyer no
/// promise runs. Holding it up again moves the end.
///
/// # Errors
/// `orders.pause_reason_unknown`, `orders.deferred`, `orders.wake_in_the_past`, `orders.wake_too_far`,
/// `orders.changed_meanwhile`, and those of an order that is not open.
pub fn pause(
    tx: &mut Tx,
    permit: &Permit<SetStatus>,
    id: OrderId,
    expected_version: Option<i64>,
    reason: &str,
    until: Option<Timestamp>,
) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.expect_version(expected_version)?;
    before.is_open()?;
    before.is_not_held_by_owner()?;
    if before.deferred_until.is_some() {
        return Err(before.conflict("orders.deferred"));
    }
    let reason = reason_of(tx, before.company, reason)?;
    let until = match until {
        Some(until) => within(tx.now(), until)?,
        None => usual_end(tx, before.company, &reason, tx.now())?,
    };
    hold_up(tx, &before, &reason, None, until, permit.actor())
}

/// What the program itself has learnt holds the order up, since a moment that may lie behind us. An order that
/// is finished, put off or whose wait is over by now stays as it is.
///
/// # Errors
/// `orders.pause_reason_unknown`.
pub fn record_paused(
    tx: &mut Tx,
    company: CompanyId,
    id: OrderId,
    reason: &str,
    happened_at: Timestamp,
    actor: &Actor,
) -> Result<Order> {
    let before = rows::lock(tx, company, id)?;
    let reason = reason_of(tx, company, reason)?;
    let until = usual_end(tx, company, &reason, happened_at)?;
    let stopped = before.deferred_until.is_some() || before.is_not_held_by_owner().is_err();
    if before.is_open().is_err() || stopped || until <= tx.now() {
        return Ok(before);
    }
    hold_up(tx, &before, &reason, Some(happened_at.min(tx.now())), until, actor)
}

/// The order goes on: somebody says so before its time.
///
/// # Errors
/// `orders.not_paused`.
pub fn resume(tx: &mut Tx, permit: &Permit<SetStatus>, id: OrderId) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.is_not_held_by_owner()?;
    if before.pause.is_none() {
        return Err(before.conflict("orders.not_paused"));
    }
    go_on(tx, &before, None, permit.actor())
}

/// The owner of the company stops an order: nothing of it is confirmed, packed or leaves on any way, and its time
/// is theirs, until they let it go, or that moment at the latest. Why is said as a comment. Stopping it again moves
/// the end.
///
/// # Errors
/// `input.fields` for an empty or too long reason, `orders.deferred`, `orders.wake_in_the_past`,
/// `orders.wake_too_far`, and those of an order that is not open.
pub fn hold(
    tx: &mut Tx,
    permit: &Permit<HoldOrders>,
    id: OrderId,
    why: &str,
    until: Option<Timestamp>,
) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.is_open()?;
    if before.deferred_until.is_some() {
        return Err(before.conflict("orders.deferred"));
    }
    let until = within(tx.now(), until.unwrap_or(tx.now().plus_seconds(USUAL_HOLD_DAYS * 86_400)))?;
    let before = remark(tx, &before, permit.actor(), (why, None), Vec::new())?.0;
    let reason = PauseReason {
        code: HELD.to_owned(),
        owner: Holder::Owner,
        minutes: 0,
        name_ru: String::new(),
        name_en: String::new(),
    };
    hold_up(tx, &before, &reason, None, until, permit.actor())
}

/// The owner lets an order go that they stopped.
///
/// # Errors
/// `orders.not_held`.
pub fn let_go(tx: &mut Tx, permit: &Permit<HoldOrders>, id: OrderId) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    if before.is_not_held_by_owner().is_ok() {
        return Err(before.conflict("orders.not_held"));
    }
    go_on(tx, &before, None, permit.actor())
}

/// The wait for this reason is over since that moment. An order that waits for something else goes on waiting.
///
/// # Errors
/// `orders.missing`.
pub fn record_resumed(
    tx: &mut Tx,
    company: CompanyId,
    id: OrderId,
    reason: &str,
    happened_at: Timestamp,
    actor: &Actor,
) -> Result<Order> {
    let before = rows::lock(tx, company, id)?;
    if before.pause.as_ref().is_none_or(|pause| pause.reason != reason) {
        return Ok(before);
    }
    go_on(tx, &before, Some(happened_at.min(tx.now())), actor)
}

pub fn resume_timer() -> TimerKind {
    TimerKind { kind: RESUME, does: "lets an order go on whose pause is over", fire }
}

/// Does nothing when the order went on, was finished or is held up for longer meanwhile.
fn fire(tx: &mut Tx, timer: &DueTimer) -> Result<()> {
    let before = rows::lock(tx, timer.company, OrderId::new(timer.subject_id))?;
    match &before.pause {
        Some(pause) if pause.until <= tx.now() => {
            // Over since its end, however late the timer is.
            let over = pause.until;
            go_on(tx, &before, Some(over), &Actor::system(RESUME)).map(|_| ())
        }
        Some(_) | None => Ok(()),
    }
}

fn hold_up(
    tx: &mut Tx,
    before: &Order,
    reason: &PauseReason,
    happened_at: Option<Timestamp>,
    until: Timestamp,
    actor: &Actor,
) -> Result<Order> {
    let since = happened_at.unwrap_or(tx.now());
    let mut after = before.clone();
    end_pause(&mut after, since);
    after.pause = Some(Pause { reason: reason.code.clone(), owner: reason.owner, since, until });
    save(tx, before, &mut after)?;
    let subject = Subject::new(facts::SUBJECT, after.id.get());
    timers::set(tx, after.company, RESUME, &after.id.to_string(), subject, until, &serde_json::Value::Null)?;
    let fact = Paused { reason: reason.code.clone(), owner: reason.owner, until, happened_at };
    say(tx, &after, actor, &fact, Vec::new())?;
    Ok(after)
}

fn go_on(tx: &mut Tx, before: &Order, happened_at: Option<Timestamp>, actor: &Actor) -> Result<Order> {
    let mut after = before.clone();
    end_pause(&mut after, happened_at.unwrap_or(tx.now()));
    save(tx, before, &mut after)?;
    timers::cancel(tx, after.company, RESUME, &after.id.to_string())?;
    say(tx, &after, actor, &Resumed { happened_at }, Vec::new())?;
    Ok(after)
}

fn reason_of(tx: &mut Tx, company: CompanyId, code: &str) -> Result<PauseReason> {
    let promises = Promises::of(tx, company)?;
    let known = promises.reason(code).cloned();
    known.ok_or_else(|| Fault::field("reason", "orders.pause_reason_unknown"))
}

fn usual_end(tx: &mut Tx, company: CompanyId, reason: &PauseReason, from: Timestamp) -> Result<Timestamp> {
    Ok(Calendar::of(tx, company)?.add_working_seconds(from, reason.minutes.saturating_mul(60)))
}

fn within(now: Timestamp, until: Timestamp) -> Result<Timestamp> {
    if until <= now {
        return Err(Fault::field("until", "orders.wake_in_the_past"));
    }
    if until > now.plus_seconds(LONGEST_DAYS * 86_400) {
        return Err(Fault::field("until", "orders.wake_too_far"));
    }
    Ok(until)
}
