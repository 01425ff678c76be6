//! Somebody is away, or back: what they had taken goes to whoever does it for them, and what is not begun comes
//! back. Nobody's task is lost on the way: whoever may not do it leaves it to its role.

use takt_kernel::{Actor, CompanyId, Fault, OrganisationId, PersonId, Result};
use takt_staff::{Role, absences, access, facts::PersonAway};
use takt_store::{About, Query, Tx, params, sql};
use takt_work::timers;

use super::LEASE;
use crate::{
    Task,
    facts::{self, Rerouted},
    task::task_columns,
};

/// More than anybody holds.
const MOST: i64 = 1_000;

/// Who does it now.
#[derive(Clone, Copy)]
struct Target {
    person: Option<PersonId>,
    role: Option<Role>,
}

/// Hands on what somebody had taken in an organisation, and what they did for others.
pub(crate) fn hand_on(
    tx: &mut Tx,
    organisation: OrganisationId,
    away: &PersonAway,
    actor: &Actor,
) -> Result<()> {
    let taken = tx.all(
        sql!(concat!(
            "select ",
            task_columns!(),
            " from task
              where assignee = :person and state = 'taken' and (desk_id = :organisation or company_id = :organisation)
              order by due_at, id
              limit :most
              {pg:for update|sqlite:}"
        )),
        params![person: away.person, organisation: organisation, most: MOST],
    )?;
    for row in &taken {
        let task = Task::read(row)?;
        if task.leased_until.is_some() {
            timers::cancel(tx, task.company, LEASE, &task.id.to_string())?;
        }
        hand(tx, organisation, &task, away.person, away, actor)?;
    }
    let for_others = tx.all(
        sql!(concat!(
            "select ",
            task_columns!(),
            " from task
              where handed_to = :person and state = 'open' and handed_to is not null
                and (desk_id = :organisation or company_id = :organisation)
              order by urgent_at, id
              limit :most
              {pg:for update|sqlite:}"
        )),
        params![person: away.person, organisation: organisation, most: MOST],
    )?;
    for row in &for_others {
        let task = Task::read(row)?;
        let owner = task.handed.map_or(away.person, |handed| handed.from);
        hand(tx, organisation, &task, owner, away, actor)?;
    }
    Ok(())
}

/// A substitute who is away themself, or may not do it, is none.
fn target(tx: &mut Tx, organisation: OrganisationId, task: &Task, away: &PersonAway) -> Result<Target> {
    let nobody = Target { person: None, role: None };
    if let Some(role) = away.substitute_role {
        return Ok(Target { role: Some(role), ..nobody });
    }
    let Some(person) = away.substitute else { return Ok(nobody) };
    let may = task.is_for(access::roles_in(tx, task.company, person)?);
    let here = absences::away(tx, person, &[organisation, task.company])?.is_none();
    Ok(if may && here { Target { person: Some(person), ..nobody } } else { nobody })
}

fn hand(
    tx: &mut Tx,
    organisation: OrganisationId,
    task: &Task,
    owner: PersonId,
    away: &PersonAway,
    actor: &Actor,
) -> Result<()> {
    let target = target(tx, organisation, task, away)?;
    tx.put(
        sql!(
            "update task
             set state = 'open', assignee = null, taken_at = null, leased_at = null, leased_until = null,
               handed_from = :owner, handed_to = :person, handed_role = :role
             where company_id = :company_id and id = :id"
        ),
        params![
            owner: owner, person: target.person, role: target.role.map(Role::code), company_id: task.company,
            id: task.id,
        ],
    )?;
    let fact = Rerouted {
        kind: task.kind.clone(),
        order: task.order,
        from: Some(away.person),
        to: target.person,
        role: target.role,
        given_back: false,
    };
    tx.say(About::new(task.company, facts::subject(task.id), actor), &fact)
}

/// Gives back what nobody has begun meanwhile.
pub(crate) fn give_back(
    tx: &mut Tx,
    organisation: OrganisationId,
    person: PersonId,
    actor: &Actor,
) -> Result<()> {
    let rows = tx.all(
        sql!(concat!(
            "select ",
            task_columns!(),
            " from task
              where handed_from = :person and state = 'open' and (desk_id = :organisation or company_id = :organisation)
                and handed_from is not null
              order by id
              limit :most
              {pg:for update|sqlite:}"
        )),
        params![person: person, organisation: organisation, most: MOST],
    )?;
    let now = tx.now();
    for row in &rows {
        let task = Task::read(row)?;
        if !task.is_for(access::roles_in(tx, task.company, person)?) {
            leave_to_its_role(tx, &task, Some(person), actor)?;
            continue;
        }
        tx.put(
            sql!(
                "update task
                 set state = 'taken', assignee = :person, taken_at = :now, handed_from = null, handed_to = null,
                   handed_role = null
                 where company_id = :company_id and id = :id"
            ),
            params![person: person, now: now, company_id: task.company, id: task.id],
        )?;
        let fact = Rerouted {
            kind: task.kind.clone(),
            order: task.order,
            from: task.handed.and_then(|handed| handed.to),
            to: Some(person),
            role: None,
            given_back: true,
        };
        tx.say(About::new(task.company, facts::subject(task.id), actor), &fact)?;
    }
    Ok(())
}

/// What somebody had taken, or was to do for others, goes back to its role where they may no longer do it: they left,
/// their roles are others, or their desk works for the company no more.
pub(crate) fn let_go_of(
    tx: &mut Tx,
    organisation: OrganisationId,
    person: PersonId,
    actor: &Actor,
) -> Result<()> {
    let rows = tx.all(
        sql!(concat!(
            "select ",
            task_columns!(),
            " from task
              where assignee = :person and state = 'taken' and (desk_id = :organisation or company_id = :organisation)
              union all
              select ",
            task_columns!(),
            " from task
              where handed_to = :person and handed_to is not null and state = 'open'
                and (desk_id = :organisation or company_id = :organisation)
              order by id
              limit :most"
        )),
        params![person: person, organisation: organisation, most: MOST],
    )?;
    for row in &rows {
        let task = Task::read(row)?;
        if !task.is_for(access::roles_in(tx, task.company, person)?) {
            leave_to_its_role(tx, &task, Some(person), actor)?;
        }
    }
    Ok(())
}

/// Everybody who has taken something of a company, or does it for somebody who is away.
pub(crate) fn at_work_for(db: &mut dyn Query, company: CompanyId) -> Result<Vec<PersonId>> {
    let rows = db.all(
        sql!(
            "select coalesce(assignee, handed_to) as person
             from task
             where company_id = :company_id and state in ('open', 'taken')
               and (assignee is not null or handed_to is not null)
             group by coalesce(assignee, handed_to)
             order by 1
             limit :most"
        ),
        params![company_id: company, most: MOST],
    )?;
    rows.iter().map(|row| row.get("person")).collect()
}

fn leave_to_its_role(tx: &mut Tx, task: &Task, from: Option<PersonId>, actor: &Actor) -> Result<()> {
    if task.leased_until.is_some() {
        timers::cancel(tx, task.company, LEASE, &task.id.to_string())?;
    }
    tx.put(
        sql!(
            "update task
             set state = 'open', assignee = null, taken_at = null, leased_at = null, leased_until = null,
               handed_from = null, handed_to = null, handed_role = null
             where company_id = :company_id and id = :id and state <> 'closed'"
        ),
        params![company_id: task.company, id: task.id],
    )?;
    let fact = Rerouted {
        kind: task.kind.clone(),
        order: task.order,
        from,
        to: None,
        role: None,
        given_back: false,
    };
    tx.say(About::new(task.company, facts::subject(task.id), actor), &fact)
}

/// Whoever is away is given nothing new.
///
/// # Errors
/// `tasks.you_are_away`.
pub(crate) fn check_here(
    tx: &mut Tx,
    person: Option<PersonId>,
    desk: OrganisationId,
    company: CompanyId,
) -> Result<()> {
    let Some(person) = person else { return Ok(()) };
    match absences::away(tx, person, &[desk, company])? {
        Some(_) => Err(Fault::conflict("tasks.you_are_away")),
        None => Ok(()),
    }
}
