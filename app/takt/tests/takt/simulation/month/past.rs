//! The past out of the facts, held against what the rows say and against what was really done.

use std::{collections::BTreeSet, sync::Arc};

use takt_kernel::{Actor, CompanyId, Timestamp};
use takt_orders::{OrderId, clock::Promises, past::Past, statuses};
use takt_playbook::{
    replay::{BackTest, Kept, Looked, Running, Span},
    versions,
};
use takt_store::{Fact as _, Query, RecordedFact, facts};
use takt_tasks::past::{self, PastTask};

use super::world::World;

/// Orders in the rows and in the fold, as they are compared: whatever a rule can ask, and more.
fn of_row(db: &mut dyn Query, company: CompanyId, id: OrderId) -> takt_kernel::Result<Vec<String>> {
    let order = takt_orders::load(db, company, id)?;
    let mut lines: Vec<String> = takt_orders::lines(db, company, id)?
        .iter()
        .map(|line| {
            format!(
                "{} {:?} {} {} {} {} held {} gone {} back {}",
                line.id,
                line.sku,
                line.name,
                line.unit,
                line.wanted(),
                line.price,
                line.reserved,
                line.shipped,
                line.returned
            )
        })
        .collect();
    lines.sort();
    Ok([vec![outline(&order)], lines].concat())
}

fn of_facts(past: &Past) -> Vec<String> {
    let mut lines: Vec<String> = past
        .lines
        .iter()
        .map(|line| {
            format!(
                "{} {:?} {} {} {} {} held {} gone {} back {}",
                line.id,
                line.sku,
                line.name,
                line.unit,
                line.quantity,
                line.price,
                line.reserved,
                line.shipped,
                line.returned
            )
        })
        .collect();
    lines.sort();
    [vec![outline(&past.order)], lines].concat()
}

fn outline(order: &takt_orders::Order) -> String {
    format!(
        "{} {:?} {} {} {} {} {} pickup={} total={} paid={} {} short={} {} taken={} {:?} {:?} started={} confirmed={} \
         ready={} delivered={} until={:?}",
        order.number,
        order.external_id,
        order.source,
        order.stage,
        order.status,
        order.terms.code(),
        order.currency.code(),
        order.delivery.is_pickup(),
        order.total,
        order.paid,
        order.reserved,
        order.short,
        order.shipped,
        order.taken,
        order.holder,
        order.milestone,
        order.started_at.is_some(),
        order.confirmed_at.is_some(),
        order.ready_at.is_some(),
        order.delivered_at.is_some(),
        order.deferred_until,
    )
}

fn task_of_row(task: &takt_tasks::Task) -> String {
    format!("{} {} {} {:?} {}", task.id, task.kind, task.role, task.escalated_to, outcome(&task.state))
}

fn task_of_facts(task: &PastTask) -> String {
    format!("{} {} {} {:?} {}", task.id, task.kind, task.role, task.escalated_to, outcome(&task.state))
}

fn outcome(state: &takt_tasks::State) -> String {
    match state {
        takt_tasks::State::Closed { outcome, by, .. } => format!("closed {outcome} {by:?}"),
        takt_tasks::State::Taken { by, .. } => format!("taken {by:?}"),
        takt_tasks::State::Open => "open".to_owned(),
    }
}

fn differ(db: &mut dyn Query, company: CompanyId, id: OrderId) -> takt_kernel::Result<Option<String>> {
    let said = facts::of_subject(db, company, "order", id.get(), 0, 5_000)?;
    let row = of_row(db, company, id)?;
    let (promises, known) = (Promises::of(db, company)?, statuses::all(db, company)?);
    let folded = Past::of(&said)?.map(|mut past| {
        past.order.milestone = past.milestone(&promises, &known);
        of_facts(&past)
    });
    let folded = folded.unwrap_or_default();
    if row != folded {
        let kinds: Vec<&str> = said.iter().map(|fact| fact.kind.as_str()).collect();
        return Ok(Some(format!("order {id}\nrow   {row:#?}\nfacts {folded:#?}\nout of {kinds:?}")));
    }
    let mut tasks = Vec::new();
    for fact in past::facts_of(db, company, &[id])?.into_values().flatten() {
        past::apply(&mut tasks, &fact)?;
    }
    let mut row: Vec<String> = takt_tasks::of_order(db, company, id)?.iter().map(task_of_row).collect();
    let mut folded: Vec<String> = tasks.iter().map(task_of_facts).collect();
    row.sort();
    folded.sort();
    Ok((row != folded).then(|| format!("tasks of {id}\nrow   {row:#?}\nfacts {folded:#?}")))
}

impl World {
    /// Every order that something was said of since the last step is, folded from its facts, what its row says.
    pub async fn the_past_is_the_row(&mut self) -> Result<(), String> {
        let (company, after) = (self.company.id, self.folded);
        let (differs, reached, count) = self
            .look(move |reader| {
                let said = facts::after(reader, after, 5_000)?;
                let mut orders: Vec<OrderId> = said.iter().filter_map(order_of).collect();
                orders.sort_unstable();
                orders.dedup();
                let count = orders.len() as u64;
                let reached = said.last().map_or(after, |last| last.position);
                for order in orders {
                    if let Some(differs) = differ(reader, company, order)? {
                        return Ok((Some(differs), reached, count));
                    }
                }
                Ok((None, reached, count))
            })
            .await
            .unwrap_or((None, after, 0));
        self.folded = reached;
        *self.tally.0.entry("orders folded from facts").or_default() += count;
        differs.map_or(Ok(()), Err)
    }

    /// The version that ran, asked again about everything it was asked, answers what it answered then; and
    /// its evidence is what really happened.
    pub async fn the_playbook_says_the_same_again(&mut self) -> Result<(), String> {
        let company = self.company.id;
        let Some((_, node)) = self.node() else { return Err("no node is up".to_owned()) };
        let db = node.calm.clone();
        let text = db
            .read("simulation.playbook", move |reader| {
                let number = versions::current(reader, company)?;
                versions::text(reader, company, number)
            })
            .await
            .map_err(|fault| format!("{fault:?}"))?;
        let playbook = versions::check(&text).map_err(|problems| format!("{problems:?}"))?;
        let start: Timestamp = super::world::START.parse().map_err(|error| format!("{error:?}"))?;
        let span = Span { from: start.plus_seconds(-86_400), to: start.plus_seconds(200 * 86_400) };
        let broke = |fault: takt_kernel::Fault| format!("the back-test broke: {fault:?}");
        let mut running = Running::begin(&db, company, Arc::new(playbook), span).await.map_err(broke)?;
        let mut heard = Vec::new();
        while let Some(progress) = running.step().await.map_err(broke)? {
            heard.push(progress.percent);
        }
        let test = running.end();
        self.tally.0.insert("looks asked again", test.looks);
        self.tally.0.insert("deeds done again", test.deeds.values().map(|both| both.would).sum());
        same_again(&test)?;
        if !heard.is_sorted() || heard.is_empty() {
            return Err(format!("no progress: {heard:?}"));
        }
        self.evidence_is_what_happened().await
    }

    async fn evidence_is_what_happened(&self) -> Result<(), String> {
        let (mut done, mut told) = (BTreeSet::new(), BTreeSet::new());
        let mut position = 0;
        loop {
            let facts =
                self.look(move |reader| facts::after(reader, position, 2_000)).await.unwrap_or_default();
            let Some(last) = facts.last() else { break };
            position = last.position;
            for fact in &facts {
                note(&mut done, &mut told, fact).map_err(|fault| format!("{fault:?}"))?;
            }
        }
        let wrong: Vec<_> = done.symmetric_difference(&told).collect();
        if wrong.is_empty() && !done.is_empty() {
            Ok(())
        } else {
            Err(format!("deeds without evidence, or the reverse: {wrong:?}"))
        }
    }
}

/// The fact that was heard, what was done, and the kind of the task it was done to.
type Deed = (i64, String, String);

fn note(
    done: &mut BTreeSet<Deed>,
    told: &mut BTreeSet<Deed>,
    fact: &RecordedFact,
) -> takt_kernel::Result<()> {
    if fact.kind == Looked::KIND {
        let looked: Looked = fact.read()?;
        told.extend(looked.did.iter().filter(|did| did.done).map(|did| {
            let (action, kind) = did.outline();
            (looked.fact, action, kind)
        }));
        return Ok(());
    }
    let by_playbook = matches!(&fact.actor, Actor::System { listener, .. } if listener.starts_with("playbook.on_") && !["playbook.on_state", "playbook.on_step_settled"].contains(&listener.as_str()));
    let action = match fact.kind.as_str() {
        "tasks.opened" => "tasks.open",
        "tasks.closed" => "tasks.close",
        "orders.confirmed" => "orders.confirm",
        _ => return Ok(()),
    };
    if let Some(cause) = fact.cause.filter(|_| by_playbook) {
        let kind = fact.body.get("kind").and_then(serde_json::Value::as_str).unwrap_or_default();
        if !["rule_failed", "rules_disagree", "steps_missing"].contains(&kind) {
            done.insert((cause, action.to_owned(), kind.to_owned()));
        }
    }
    Ok(())
}

fn order_of(fact: &RecordedFact) -> Option<OrderId> {
    match fact.subject_kind.as_str() {
        "order" => Some(OrderId::new(fact.subject_id)),
        "task" => fact.body.get("order").and_then(serde_json::Value::as_i64).map(OrderId::new),
        _ => None,
    }
}

fn same_again(test: &BackTest) -> Result<(), String> {
    if test.unlike > 0 || test.differing > 0 {
        return Err(format!("asked again: {:#?} {:#?}", test.unlike_told, test.differences));
    }
    let uneven: Vec<_> = test.deeds.iter().filter(|(_, both)| both.really != both.would).collect();
    if !uneven.is_empty() {
        return Err(format!("not as often: {uneven:?}"));
    }
    let loads =
        test.days.iter().flat_map(|(day, roles)| roles.iter().map(move |(role, load)| (day, role, load)));
    let uneven: Vec<_> = loads
        .filter(|(.., load)| load.tasks.really != load.tasks.would || load.late.really != load.late.would)
        .collect();
    if !uneven.is_empty() {
        return Err(format!("other tasks on a day: {uneven:?}"));
    }
    let differ = |kept: &Kept| kept.kept.really != kept.kept.would || kept.lost.really != kept.lost.would;
    let uneven: Vec<_> = test.promises.iter().filter(|(_, kept)| differ(kept)).collect();
    if !uneven.is_empty() {
        return Err(format!("other promises: {uneven:?}"));
    }
    if test.deeds.values().map(|both| both.really).sum::<u64>() == 0 {
        return Err("the playbook did nothing at all".to_owned());
    }
    Ok(())
}
