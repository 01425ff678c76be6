//! "Give me the next": the most urgent thing that somebody is able and allowed to do, theirs for a while.
//!
//! Two who ask at once are never given the same: on PostgreSQL each locks the first row that nobody else holds,
//! on SQLite they come one after the other. Whoever changes an order holds it before its tasks, and here the
//! task is held before the order; so here nobody ever waits, and whatever is busy is passed over.

mod lease;
#[cfg(test)]
mod tests;

pub use lease::fire_lease;
pub(crate) use lease::{LEASE_MINUTES, USUAL_LEASE_MINUTES};

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Fault, OrganisationId, PersonId, Result, Timestamp};
use takt_orders::steps::lock_if_free;
use takt_staff::{Permit, Role, RoleSet, desk_of};
use takt_store::{About, Query, Statement, Tx, params, sql};

use self::lease::{lease_minutes, set_timer};
use super::reroute::check_here;
use crate::{
    DoTasks, State, Task, TaskId,
    facts::{self, Taken},
    task::{may_do_all, task_columns},
};

/// What somebody gave back they are not given again for so long.
const NOT_AGAIN_SECONDS: i64 = 10 * 60;
/// So many busy orders are passed over before the whole question is asked anew.
const MOST_BUSY: usize = 8;

/// Takes the most urgent task in the companies of these permits. Whoever still holds one that they were given is
/// given that again. `None`: there is nothing to do.
///
/// First comes what is asked of one's own roles, then, for managers and owners, what they may do for others.
///
/// # Errors
/// `tasks.you_are_away`; `tasks.busy` when everything urgent is being changed at this moment.
pub fn take_next(tx: &mut Tx, permits: &[Permit<DoTasks>]) -> Result<Option<Task>> {
    let Some(first) = permits.first() else { return Ok(None) };
    let person = first.actor().person();
    if let Some(person) = person
        && let Some(held) = still_held(tx, person, permits)?
    {
        return Ok(Some(held));
    }
    let desk = desk_of(tx, first.company())?;
    check_here(tx, person, desk, first.company())?;
    let asking = Asking { desk, person, permits, now: tx.now() };
    let mut busy = Vec::new();
    for lists in [asking.own(), asking.for_others()] {
        if let Some(task) = asking.most_urgent(tx, &lists, &mut busy)? {
            return Ok(Some(task));
        }
    }
    if busy.is_empty() { Ok(None) } else { Err(Fault::unavailable("tasks.busy").retryable()) }
}

/// What they were given before and have neither done nor given back.
fn still_held(tx: &mut Tx, person: PersonId, permits: &[Permit<DoTasks>]) -> Result<Option<Task>> {
    let companies: Vec<CompanyId> = permits.iter().map(Permit::company).collect();
    let held = Statement::new(concat!(
        "select ",
        task_columns!(),
        " from task
          where assignee = :person and state = 'taken' and leased_until > :now and +company_id in ("
    ))
    .push(&joined(&companies))
    .push(")\norder by due_at, id\nlimit 1")
    .bind("person", person)
    .bind("now", tx.now());
    tx.opt_of(&held)?.as_ref().map(Task::read).transpose()
}

/// Open tasks that are asked of somebody, found in the order of their urgency. Ids and role codes are ours, so
/// they may stand in the text.
#[derive(Clone, Debug)]
struct List {
    condition: String,
    companies: String,
}

struct Asking<'a> {
    desk: OrganisationId,
    person: Option<PersonId>,
    permits: &'a [Permit<DoTasks>],
    now: Timestamp,
}

impl Asking<'_> {
    /// What is asked of the roles that they have, and of them for somebody who is away.
    fn own(&self) -> Vec<List> {
        let mut lists = lists_of(self.permits, |permit| permit.roles());
        if let Some(person) = self.person {
            lists.extend(self.handed(person));
        }
        lists
    }

    /// What they do for somebody who is away, as far as they still may: one list for each set of roles.
    fn handed(&self, person: PersonId) -> Vec<List> {
        let mut by_roles: BTreeMap<String, Vec<CompanyId>> = BTreeMap::new();
        for permit in self.permits {
            let roles = if may_do_all(permit.roles()) { RoleSet::all() } else { permit.roles() };
            let codes: Vec<String> = roles.iter().map(|role| format!("'{role}'")).collect();
            by_roles.entry(codes.join(", ")).or_default().push(permit.company());
        }
        let list = |(roles, companies): (String, Vec<CompanyId>)| {
            let asked = ASKED.map(|asked| format!("{asked} in ({roles})")).join(" or ");
            List { condition: format!("handed_to = {person} and ({asked})"), companies: joined(&companies) }
        };
        by_roles.into_iter().filter(|(roles, _)| !roles.is_empty()).map(list).collect()
    }

    fn for_others(&self) -> Vec<List> {
        lists_of(self.permits, |permit| {
            let others = |role: &Role| may_do_all(permit.roles()) && !permit.roles().contains(*role);
            RoleSet::all().iter().filter(others).collect()
        })
    }

    /// Where the most urgent one stands is looked up first, and only there a row is locked: a lock on what is not
    /// taken would hide it from others.
    fn most_urgent(&self, tx: &mut Tx, lists: &[List], busy: &mut Vec<TaskId>) -> Result<Option<Task>> {
        let mut heads = Vec::new();
        for list in lists {
            let head = self.first_of(Statement::new("select urgent_at, id"), list, busy);
            if let Some(row) = tx.opt_of(&head)? {
                heads.push((row.get::<Timestamp>("urgent_at")?, row.get::<TaskId>("id")?, list));
            }
        }
        heads.sort_by_key(|(urgent_at, id, _)| (*urgent_at, *id));
        for (.., list) in heads {
            while busy.len() < MOST_BUSY {
                let start = Statement::new(concat!("select ", task_columns!()));
                let locked = self.first_of(start, list, busy).push("\n{pg:for update skip locked|sqlite:}");
                let Some(row) = tx.opt_of(&locked)? else { break };
                let task = Task::read(&row)?;
                let id = task.id;
                match self.take(tx, task)? {
                    Some(task) => return Ok(Some(task)),
                    None => busy.push(id),
                }
            }
        }
        Ok(None)
    }

    /// The plus keeps both engines from going by the companies: what is urgent is found by its index. What is
    /// done for somebody who is away is not given to others.
    fn first_of(&self, start: Statement, list: &List, busy: &[TaskId]) -> Statement {
        let mut statement = start
            .push("\nfrom task\nwhere desk_id = :desk_id and state = 'open' and ")
            .bind("desk_id", self.desk)
            .push(&list.condition)
            .push("\nand +company_id in (")
            .push(&list.companies)
            .push(")\nand (handed_to is null or handed_to = :person)")
            .bind("person", self.person);
        if let Some(shop) = self.permits.first().and_then(Permit::shop) {
            statement = statement.push("\nand shop_id = :shop_id").bind("shop_id", shop);
        }
        if let Some(person) = self.person {
            statement = statement
                .push("\nand (put_back_by is null or put_back_by <> :put_back_by or put_back_at <= :lately)")
                .bind("put_back_by", person)
                .bind("lately", self.now.plus_seconds(-NOT_AGAIN_SECONDS));
        }
        if !busy.is_empty() {
            statement = statement.push("\nand id not in (").push(&joined(busy)).push(")");
        }
        statement.push("\norder by urgent_at, id\nlimit 1")
    }

    /// Its order is taken in hand with it; a busy one is not waited for, and what somebody may no longer do for
    /// another is passed over.
    fn take(&self, tx: &mut Tx, task: Task) -> Result<Option<Task>> {
        let permit = self.permits.iter().find(|permit| permit.company() == task.company);
        let Some(permit) = permit.filter(|permit| task.is_for(permit.roles())) else { return Ok(None) };
        let actor = permit.actor();
        if let Some(order) = task.order {
            if lock_if_free(tx, task.company, order)?.is_none() {
                return Ok(None);
            }
            takt_orders::record_taken(tx, task.company, order, actor)?;
        }
        let until = self.now.plus_seconds(lease_minutes(tx, task.company)? * 60);
        tx.put(
            sql!(
                "update task
                 set state = 'taken', assignee = :person, taken_at = :now, leased_at = :now, leased_until = :until,
                   handed_from = null, handed_to = null, handed_role = null
                 where company_id = :company_id and id = :id"
            ),
            params![person: self.person, now: self.now, until: until, company_id: task.company, id: task.id],
        )?;
        set_timer(tx, task.company, task.id, until)?;
        let fact = Taken {
            kind: task.kind.clone(),
            order: task.order,
            person: self.person,
            leased_until: Some(until),
        };
        tx.say(About::new(task.company, facts::subject(task.id), actor), &fact)?;
        let state = State::Taken { at: self.now, by: self.person };
        Ok(Some(Task { state, leased_until: Some(until), handed: None, ..task }))
    }
}

/// The ways of asking a role.
const ASKED: [&str; 3] = ["role", "escalated_to", "handed_role"];

/// One list for each role and way of asking it, over the companies in which it is theirs.
fn lists_of(permits: &[Permit<DoTasks>], roles: impl Fn(&Permit<DoTasks>) -> RoleSet) -> Vec<List> {
    let mut by_role: BTreeMap<Role, Vec<CompanyId>> = BTreeMap::new();
    for permit in permits {
        for role in roles(permit).iter() {
            by_role.entry(role).or_default().push(permit.company());
        }
    }
    by_role
        .iter()
        .flat_map(|(role, companies)| {
            ASKED.map(|asked| List { condition: format!("{asked} = '{role}'"), companies: joined(companies) })
        })
        .collect()
}

fn joined<T: ToString>(ids: &[T]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    if ids.is_empty() { "null".to_owned() } else { ids.join(", ") }
}
