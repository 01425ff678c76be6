//! What the clock told of one finished order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, Result, ShopId, Timestamp};
use takt_orders::{
    Holder, Milestone, Order, OrderId, Stage,
    clock::{Calendars, Course, Promises, Split, course, split},
    facts::SUBJECT,
    statuses,
};
use takt_staff::{Calendar, companies};
use takt_store::{Query, Row, Tx, facts, params, sql};
use takt_tasks::{State, of_order};

use crate::month::Month;

/// An order that more has happened to is told by its first facts: nobody works so on a real one.
const MOST_FACTS: i64 = 5_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub number: String,
    pub finished_at: Timestamp,
    pub cancelled: bool,
    pub urgent: bool,
    /// Whole seconds from the first fact to the end; those of the holders add up to it.
    pub whole: i64,
    /// Of each holder the seconds, and those of them in which the company was open.
    pub held: BTreeMap<Holder, (i64, i64)>,
    pub links: Vec<Link>,
    pub rules: Vec<RuleRun>,
    /// From the start of the promises to the last milestone.
    pub buyer_waited: Option<i64>,
}

/// The way from one milestone to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub from: Milestone,
    pub to: Milestone,
    pub wall: i64,
    pub working: i64,
    /// None when nothing was promised; 0 when it was kept, else how late it was.
    pub late: Option<i64>,
    pub blamed: Option<Holder>,
}

/// A task that a rule of the regulation opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRun {
    pub rule: String,
    pub wall: i64,
    pub late: i64,
}

/// A result with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub company: CompanyId,
    pub order: OrderId,
    pub shop: ShopId,
    pub outcome: Outcome,
}

/// The first milestone that anything leads from.
fn placed() -> Milestone {
    Milestone::own("placed".to_owned())
}

pub fn outcome_of(
    order: &Order,
    course: &Course,
    split: &Split,
    calendar: &Calendar,
    rules: Vec<RuleRun>,
) -> Outcome {
    let mut held = BTreeMap::<Holder, (i64, i64)>::new();
    for ((segment, wall), working) in split.segments_in_seconds().into_iter().zip(split.working_seconds()) {
        let sums = held.entry(segment.holder).or_default();
        *sums = (sums.0 + wall, sums.1 + working);
    }
    let mut links = Vec::new();
    let mut from = placed();
    for passage in &course.passages {
        let Some(reached) = passage.reached else { continue };
        links.push(Link {
            from: std::mem::replace(&mut from, passage.milestone.clone()),
            to: passage.milestone.clone(),
            wall: reached.seconds_since(passage.since),
            working: calendar.open_seconds(passage.since, reached),
            late: passage.due.map(|_| passage.overrun_seconds().unwrap_or_default()),
            blamed: passage.blamed(split),
        });
    }
    let last = course.passages.iter().rev().find(|passage| passage.milestone != Milestone::PAID);
    let last = last.and_then(|passage| passage.reached);
    Outcome {
        number: order.number.clone(),
        finished_at: course.finished_at.unwrap_or(order.updated_at),
        cancelled: order.stage == Stage::Cancel,
        urgent: order.urgent,
        whole: split.whole_seconds(),
        held,
        links,
        rules,
        buyer_waited: course.started_at.zip(last).map(|(start, end)| end.seconds_since(start)),
    }
}

/// Writes down what the clock tells of a finished order, and marks the reports over its month as no longer true.
pub(crate) fn write(tx: &mut Tx, order: &Order) -> Result<()> {
    let company = order.company;
    let told = facts::of_subject(tx, company, SUBJECT, order.id.get(), 0, MOST_FACTS)?;
    let (promises, known) = (Promises::of(tx, company)?, statuses::all(tx, company)?);
    let calendars = Calendars::of(tx, company, &promises)?;
    let Some(course) = course(&told, &promises, &known, &calendars) else { return Ok(()) };
    let split = split(&told, &calendars.usual, tx.now());
    let rules = rules_of(tx, order)?;
    let outcome = outcome_of(order, &course, &split, &calendars.usual, rules);
    let month = Month::of(outcome.finished_at, &companies::get(tx, company)?.zone);
    let text = serde_json::to_string(&outcome)
        .map_err(|error| Fault::broken("promises.result_unreadable").because(error))?;
    tx.put(
        sql!(
            "insert into promise_result (company_id, month, order_id, shop_id, told)
             values (:company_id, :month, :order_id, :shop_id, :told)
             on conflict (company_id, order_id) do update
             set month = excluded.month, shop_id = excluded.shop_id, told = excluded.told"
        ),
        params![
            company_id: company, month: month.number(), order_id: order.id, shop_id: order.shop, told: text,
        ],
    )?;
    for owner in [company, order.desk] {
        tx.put(
            sql!(
                "update promise_report
                 set stale = true
                 where company_id = :company_id and month = :month and not stale"
            ),
            params![company_id: owner, month: month.number()],
        )?;
    }
    Ok(())
}

fn rules_of(db: &mut dyn Query, order: &Order) -> Result<Vec<RuleRun>> {
    let tasks = of_order(db, order.company, order.id)?;
    let runs = tasks.iter().filter_map(|task| {
        let State::Closed { at, .. } = task.state else { return None };
        let rule = task.args.get("rule")?.as_str()?.to_owned();
        let late = at.seconds_since(task.due_at).max(0);
        Some(RuleRun { rule, wall: at.seconds_since(task.opened_at), late })
    });
    Ok(runs.collect())
}

/// The results of a month in the order of the orders' ids.
pub(crate) fn of_month(
    db: &mut dyn Query,
    company: CompanyId,
    month: Month,
    after: OrderId,
    limit: i64,
) -> Result<Vec<Told>> {
    db.all(
        sql!(
            "select company_id, order_id, shop_id, told
             from promise_result
             where company_id = :company_id and month = :month and order_id > :after
             order by order_id
             limit :limit"
        ),
        params![company_id: company, month: month.number(), after: after, limit: limit],
    )?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &Row) -> Result<Told> {
    Ok(Told {
        company: row.get("company_id")?,
        order: row.get("order_id")?,
        shop: row.get("shop_id")?,
        outcome: row.json("told")?,
    })
}

/// How many results there are, as far as `most`.
pub(crate) fn count(db: &mut dyn Query, companies: &[CompanyId], month: Month, most: i64) -> Result<i64> {
    let mut counted = 0;
    for company in companies {
        let row = db.one(
            sql!(
                "select count(*) as results
                 from (
                   select 1 as one
                   from promise_result
                   where company_id = :company_id and month = :month
                   order by order_id
                   limit :most
                 ) as found"
            ),
            params![company_id: *company, month: month.number(), most: most - counted],
        )?;
        counted += row.get::<i64>("results")?;
        if counted >= most {
            break;
        }
    }
    Ok(counted)
}
