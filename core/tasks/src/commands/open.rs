use serde_json::Value as Json;
use takt_kernel::{Actor, CompanyId, PersonId, Result, Timestamp};
use takt_orders::{Order, OrderId};
use takt_staff::{Role, absences, companies::desk_of, settings};
use takt_store::{About, Query, Tx, params, sql};
use takt_work::timers;

use super::DEADLINE;
use crate::{
    Ladder, TaskId,
    facts::{self, Opened, Taken},
};

/// Company setting: working minutes in which somebody answers who was asked.
pub(crate) const ANSWER_MINUTES: &str = "tasks.answer_minutes";
pub(crate) const USUAL_ANSWER_MINUTES: i64 = 60;

/// Working minutes in which somebody of a company answers who was asked.
///
/// # Errors
/// Faults of the store.
pub fn answer_minutes(db: &mut dyn Query, company: CompanyId) -> Result<i64> {
    Ok(settings::get::<i64>(db, company, ANSWER_MINUTES)?.unwrap_or(USUAL_ANSWER_MINUTES).max(1))
}

#[derive(Clone, Debug)]
pub struct NewTask {
    pub company: CompanyId,
    pub kind: &'static str,
    pub role: Role,
    pub order: Option<OrderId>,
    pub due_at: Timestamp,
    /// Opening again under the same key opens nothing, even after the first was closed, unless it was freed.
    pub key: Option<String>,
    /// What the kind of task needs to know; no personal data.
    pub args: Json,
}

/// Lets the key of a task that was closed before this moment name another one: what was done with is asked for again
/// when it is needed again, and not at once.
///
/// # Errors
/// Faults of the store.
pub fn free_key(tx: &mut Tx, company: CompanyId, key: &str, closed_before: Timestamp) -> Result<()> {
    tx.put(
        sql!(
            "update task
             set task_key = task_key || '/' || cast(id as text)
             where company_id = :company_id and task_key = :task_key and state = 'closed' and closed_at < :before"
        ),
        params![company_id: company, task_key: key, before: closed_before],
    )
}

/// By when it presses: its own deadline, or what the order was promised when that is earlier; of an urgent order at
/// once.
pub(crate) fn urgent_at(order: &Order, due_at: Timestamp, now: Timestamp) -> Timestamp {
    if order.urgent && order.stage.is_in_work() {
        return now.min(due_at);
    }
    order.due_at.filter(|_| order.stage.is_in_work()).map_or(due_at, |promised| promised.min(due_at))
}

/// As [`open`], for one person: it is theirs at once, and nobody's clock is moved by it. Whoever is away leaves it to
/// the role.
///
/// # Errors
/// As [`open`].
pub fn open_for(tx: &mut Tx, new: NewTask, person: PersonId, actor: &Actor) -> Result<Option<TaskId>> {
    let (company, kind, order) = (new.company, new.kind, new.order);
    let Some(task) = open(tx, new, actor)? else { return Ok(None) };
    let desk = desk_of(tx, company)?;
    if absences::away(tx, person, &[desk, company])?.is_some() {
        return Ok(Some(task));
    }
    let now = tx.now();
    tx.put(
        sql!(
            "update task
             set state = 'taken', assignee = :person, taken_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![person: person, now: now, company_id: company, id: task],
    )?;
    let fact = Taken { kind: kind.to_owned(), order, person: Some(person), leased_until: None };
    tx.say(About::new(company, facts::subject(task), actor), &fact)?;
    Ok(Some(task))
}

/// Opens a task and sets the timer of its deadline. `None` when its key was used before.
///
/// # Errors
/// `orders.missing`.
pub fn open(tx: &mut Tx, new: NewTask, actor: &Actor) -> Result<Option<TaskId>> {
    let (desk, shop, urgent_at) = match new.order {
        Some(order) => {
            let order = takt_orders::load(tx, new.company, order)?;
            (order.desk, Some(order.shop), urgent_at(&order, new.due_at, tx.now()))
        }
        None => (desk_of(tx, new.company)?, None, new.due_at),
    };
    let task: TaskId = tx.new_id();
    let now = tx.now();
    let escalates_at = match Ladder::read(&new.args) {
        Some(ladder) => match ladder.next(None).0 {
            Some(first) => Some(ladder.moment(tx, new.company, new.due_at, first)?),
            None => None,
        },
        None => Some(new.due_at),
    };
    let opened = tx.execute(
        sql!(
            "insert into task (company_id, id, desk_id, shop_id, order_id, kind, role, escalated_to, state, assignee,
               due_at, urgent_at, escalates_at, task_key, args, opened_at, taken_at, closed_at, outcome)
             values (:company_id, :id, :desk_id, :shop_id, :order_id, :kind, :role, null, 'open', null,
               :due_at, :urgent_at, :escalates_at, :task_key, :args, :now, null, null, null)
             on conflict (company_id, task_key) do nothing"
        ),
        params![
            company_id: new.company, id: task, desk_id: desk, shop_id: shop, order_id: new.order,
            kind: new.kind, role: new.role.code(), due_at: new.due_at, urgent_at: urgent_at,
            escalates_at: escalates_at, task_key: new.key,
            args: new.args.to_string(), now: now,
        ],
    )?;
    if opened == 0 {
        return Ok(None);
    }
    if let Some(at) = escalates_at {
        timers::set(tx, new.company, DEADLINE, &task.to_string(), facts::subject(task), at, &Json::Null)?;
    }
    let fact = Opened { kind: new.kind.to_owned(), order: new.order, role: new.role, due_at: new.due_at };
    tx.say(About::new(new.company, facts::subject(task), actor), &fact)?;
    Ok(Some(task))
}
