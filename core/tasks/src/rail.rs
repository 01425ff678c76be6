//! What waits beside the list of orders: how many unfinished tasks about orders there are of each kind, and how
//! many of them are late. Kinds are taken from the tasks, so one that a feature adds is there by itself.

use takt_kernel::{CompanyId, OrganisationId, Result};
use takt_orders::{
    OrderId,
    panels::{Burning, Rail, RailCount},
};
use takt_staff::{Scope, desk_of};
use takt_store::{Query, Question, Row, Statement, params, sql};
use takt_ui::Words;

use crate::pages::kind_name;

/// More of one kind are not counted.
const MOST: i64 = 1_000;
const MOST_KINDS: i64 = 100;
/// The value that stands for everything that is late.
const LATE: &str = "late";

pub(crate) const RAIL: Rail =
    Rail { title_key: "tasks-rail", permission: "tasks.view", topic: "tasks", counts, orders };

/// One question for all: the index is entered once for each kind there is, and read no further than is counted.
fn counts(db: &mut dyn Query, scope: &Scope, words: &Words) -> Result<Vec<RailCount>> {
    let desk = desk(db, scope)?;
    let companies = format!(
        "\n      and task.order_id is not null and +task.company_id in {}\n      limit :most) as counted)",
        scope.sql_list()
    );
    let statement = Statement::new(
        "with recursive listed(kind) as (
           select min(kind) from task where desk_id = :desk_id and state <> 'closed'
           union all
           select (
             select min(task.kind)
             from task
             where task.desk_id = :desk_id and task.state <> 'closed' and task.kind > listed.kind)
           from listed
           where listed.kind is not null
         )
         select listed.kind,
           (select count(*) from (
             select 1 as one
             from task
             where task.desk_id = :desk_id and task.state <> 'closed' and task.kind = listed.kind",
    )
    .bind("desk_id", desk)
    .push(&companies)
    .push(
        " as unfinished,
           (select count(*) from (
             select 1 as one
             from task
             where task.desk_id = :desk_id and task.state <> 'closed' and task.kind = listed.kind
               and task.due_at < :now",
    )
    .bind("now", db.now())
    .push(&companies)
    .bind("most", MOST + 1)
    .push(
        " as overdue
         from listed
         where listed.kind is not null
         order by listed.kind
         limit :kinds",
    )
    .bind("kinds", MOST_KINDS);
    let mut found = db.all_of(&statement)?.iter().map(|row| read(row, words)).collect::<Result<Vec<_>>>()?;
    found.retain(|count| count.count > 0);
    found.sort_by(|one, other| one.label.cmp(&other.label));
    let late = found.iter().map(|count| count.overdue).sum();
    let all = RailCount {
        value: LATE.to_owned(),
        label: words.t("tasks-rail-late"),
        count: late,
        exact: found.iter().all(|count| count.overdue < MOST),
        overdue: 0,
    };
    found.insert(0, all);
    Ok(found)
}

fn read(row: &Row, words: &Words) -> Result<RailCount> {
    let (value, unfinished): (String, i64) = (row.get("kind")?, row.get("unfinished")?);
    Ok(RailCount {
        label: kind_name(words, &value),
        value,
        count: unfinished.min(MOST),
        exact: unfinished <= MOST,
        overdue: row.get::<i64>("overdue")?.min(MOST),
    })
}

/// The orders behind a count, the nearest deadline first.
fn orders(db: &mut dyn Query, scope: &Scope, value: &str, limit: i64) -> Result<Vec<(CompanyId, OrderId)>> {
    let desk = desk(db, scope)?;
    let companies = format!(
        "\n    and order_id is not null and +company_id in {}\n  order by due_at, id\n  limit :limit",
        scope.sql_list()
    );
    let statement = if value == LATE {
        let now = db.now();
        Statement::new(
            "select company_id, order_id from (
             select company_id, order_id, due_at, id from (
               select company_id, order_id, due_at, id
               from task
               where desk_id = :desk_id and state = 'open' and due_at < :now",
        )
        .push(&companies)
        .push(
            ") as waiting
             union all
             select company_id, order_id, due_at, id from (
               select company_id, order_id, due_at, id
               from task
               where desk_id = :desk_id and state = 'taken' and due_at < :now",
        )
        .push(&companies)
        .push(") as begun) as late\n  order by due_at, id\n  limit :limit")
        .bind("now", now)
    } else {
        Statement::new(
            "select company_id, order_id
             from task
             where desk_id = :desk_id and state <> 'closed' and kind = :kind",
        )
        .push(&companies)
        .bind("kind", value)
    };
    let statement = statement.bind("desk_id", desk).bind("limit", limit);
    db.all_of(&statement)?.iter().map(|row| Ok((row.get("company_id")?, row.get("order_id")?))).collect()
}

fn desk(db: &mut dyn Query, scope: &Scope) -> Result<OrganisationId> {
    match scope {
        Scope::Desk { desk, .. } => Ok(*desk),
        Scope::Company { company, .. } => desk_of(db, *company),
    }
}

/// What is late, for whoever looks after companies.
pub(crate) const BURNING: Burning = Burning {
    label_key: "tasks-burning",
    place: 30,
    permission: "tasks.view",
    topic: "tasks",
    href: |_| format!("/orders?rail={LATE}"),
    count: late,
};

fn late(db: &mut dyn Query, companies: &[CompanyId]) -> Result<i64> {
    let now = db.now();
    let asked: Vec<Question> = companies
        .iter()
        .flat_map(|company| ["open", "taken"].map(|state| (*company, state)))
        .map(|(company, state)| {
            Question::new(
                sql!(
                    "select count(*) as late
                     from (
                       select 1 as one
                       from task
                       where company_id = :company_id and state = :state and due_at < :now
                         and order_id is not null
                       order by due_at
                       limit :most
                     ) as counted"
                ),
                params![company_id: company, state: state, now: now, most: MOST],
            )
        })
        .collect();
    let mut late = 0;
    for row in db.all_at_once(&asked)?.iter().flatten() {
        late += row.get::<i64>("late")?;
    }
    Ok(late)
}
