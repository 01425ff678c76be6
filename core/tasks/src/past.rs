//! Tasks as they stood at any moment, out of their facts alone.

use std::collections::BTreeMap;

use takt_kernel::{Actor, CompanyId, Result, Timestamp};
use takt_orders::OrderId;
use takt_staff::Role;
use takt_store::{Fact as _, Query, RecordedFact, params, sql};

use crate::{
    State, TaskId,
    facts::{Closed, Escalated, LeaseEnded, Opened, Released, Rerouted, SUBJECT, Taken},
};

/// Tasks that were looked at once more than this many had to be sampled.
const SAMPLE: i64 = 5_000;
/// Facts of the tasks that are asked for at once.
const MOST_FACTS: i64 = 100_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastTask {
    pub id: TaskId,
    pub order: Option<OrderId>,
    pub kind: String,
    pub role: Role,
    pub escalated_to: Option<Role>,
    pub due_at: Timestamp,
    pub state: State,
    pub opened_at: Timestamp,
    pub opened_by: Actor,
    /// The fact on which it was opened.
    pub cause: Option<i64>,
}

/// Takes the next fact of any task in; facts of other kinds change nothing.
///
/// # Errors
/// `store.fact_unreadable`.
pub fn apply(tasks: &mut Vec<PastTask>, fact: &RecordedFact) -> Result<()> {
    let id = TaskId::new(fact.subject_id);
    if fact.kind == Opened::KIND {
        let said: Opened = fact.read()?;
        tasks.push(PastTask {
            id,
            order: said.order,
            kind: said.kind,
            role: said.role,
            escalated_to: None,
            due_at: said.due_at,
            state: State::Open,
            opened_at: fact.at,
            opened_by: fact.actor.clone(),
            cause: fact.cause,
        });
        return Ok(());
    }
    let Some(task) = tasks.iter_mut().find(|task| task.id == id) else { return Ok(()) };
    match fact.kind.as_str() {
        Taken::KIND => task.state = State::Taken { at: fact.at, by: fact.read::<Taken>()?.person },
        Released::KIND | LeaseEnded::KIND => task.state = State::Open,
        Rerouted::KIND => {
            let said: Rerouted = fact.read()?;
            let taken = State::Taken { at: fact.at, by: said.to };
            task.state = if said.given_back { taken } else { State::Open };
        }
        Closed::KIND => {
            let by = match task.state {
                State::Taken { by: Some(by), .. } => Some(by),
                _ => fact.actor.person(),
            };
            task.state = State::Closed { at: fact.at, by, outcome: fact.read::<Closed>()?.outcome };
        }
        Escalated::KIND => task.escalated_to = Some(fact.read::<Escalated>()?.to),
        _ => {}
    }
    Ok(())
}

/// The facts of all tasks that these orders ever had, by the order they are about.
///
/// # Errors
/// Faults of the store.
pub fn facts_of(
    db: &mut dyn Query,
    company: CompanyId,
    orders: &[OrderId],
) -> Result<BTreeMap<OrderId, Vec<RecordedFact>>> {
    let ids: Vec<i64> = orders.iter().map(|order| order.get()).collect();
    let rows = db.all(
        sql!(
            "select task.id, task.order_id
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join task
             where task.company_id = :company_id and task.order_id = cast(asked.value as bigint)
             order by task.order_id, task.id
             limit :most"
        ),
        params![ids: serde_json::Value::from(ids).to_string(), company_id: company, most: MOST_FACTS],
    )?;
    let mut order_of: BTreeMap<i64, OrderId> = BTreeMap::new();
    for row in &rows {
        order_of.insert(row.get("id")?, row.get("order_id")?);
    }
    let tasks: Vec<i64> = order_of.keys().copied().collect();
    let mut found: BTreeMap<OrderId, Vec<RecordedFact>> = BTreeMap::new();
    if tasks.is_empty() {
        return Ok(found);
    }
    for fact in takt_store::facts::of_many(db, company, SUBJECT, &tasks, MOST_FACTS)? {
        if let Some(order) = order_of.get(&fact.subject_id) {
            found.entry(*order).or_default().push(fact);
        }
    }
    Ok(found)
}

/// How long tasks of each kind took from opening to closing, in seconds: half of them took less. Of those whose
/// deadline lay between two moments, or a sample of them.
///
/// # Errors
/// Faults of the store.
pub fn usual_seconds(
    db: &mut dyn Query,
    company: CompanyId,
    from: Timestamp,
    to: Timestamp,
) -> Result<BTreeMap<String, i64>> {
    let rows = db.all(
        sql!(
            "select kind, closed_at - opened_at as micros
             from task
             where company_id = :company_id and state = 'closed' and due_at >= :earliest and due_at < :latest
             order by due_at, id
             limit :sample"
        ),
        params![company_id: company, earliest: from, latest: to, sample: SAMPLE],
    )?;
    let mut taken: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for row in &rows {
        taken.entry(row.get("kind")?).or_default().push(row.get::<i64>("micros")?.max(0) / 1_000_000);
    }
    Ok(taken
        .into_iter()
        .filter_map(|(kind, mut seconds)| {
            seconds.sort_unstable();
            seconds.get(seconds.len() / 2).map(|middle| (kind, *middle))
        })
        .collect())
}
