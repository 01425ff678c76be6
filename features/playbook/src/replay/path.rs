//! The path of one order: every look at it, rule by rule, with what stopped it and by how much. As it really was,
//! or as a document would have it.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_orders::OrderId;
use takt_playbook_language::{Gap, Playbook, Value, Verdict, gap};
use takt_store::{Query, RecordedFact};
use takt_ui::Lang;

use super::{
    board::{Board, Usual},
    company::{CompanyPast, Needed},
    evidence::Did,
    story,
    walk::{Laws, Look, Under, walk},
};
use crate::situation::Situation;

/// A month of everything an order can go through is not longer.
const MOST_STOPS: usize = 500;

/// One look.
#[derive(Clone, Debug, Serialize)]
pub struct Stop {
    pub fact: i64,
    /// Of which kind it was.
    pub kind: String,
    pub said_at: Timestamp,
    pub looked_at: Timestamp,
    /// The order had moved on before the fact was heard.
    pub late: bool,
    /// The version that was asked; none when it is no published one.
    pub version: Option<i64>,
    pub rules: Vec<RuleStop>,
}

/// What one rule made of it.
#[derive(Clone, Debug, Serialize)]
pub struct RuleStop {
    pub rule: String,
    /// The heading under which it stands.
    pub clause: String,
    pub did: Vec<Did>,
    pub stopped: Option<Condition>,
    pub failed: Option<String>,
}

/// The condition that did not hold.
#[derive(Clone, Debug, Serialize)]
pub struct Condition {
    pub text: String,
    /// What its names meant then.
    pub because: Vec<(String, Value)>,
    /// `order.total >= 100000`: 60000, 100000 and the 40000 between them.
    pub gap: Option<(String, &'static str, String)>,
    pub by: Option<u64>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Path {
    pub stops: Vec<Stop>,
    /// There are more than are told.
    pub cut: bool,
    /// Tasks that wait at the end of it: kind, role, and since when it is open.
    pub waiting: Vec<(String, String, Timestamp)>,
}

/// Why, and why not: the path as it really was.
///
/// # Errors
/// Faults of the store.
pub fn path(db: &mut dyn Query, company: CompanyId, order: OrderId, lang: Lang) -> Result<Path> {
    told(db, company, order, &Laws::AsTheyWere, lang)
}

/// The path that the order would have taken by a document. Nothing is written.
///
/// # Errors
/// Faults of the store.
pub fn dry_run(
    db: &mut dyn Query,
    company: CompanyId,
    order: OrderId,
    playbook: Arc<Playbook>,
) -> Result<Path> {
    told(db, company, order, &Laws::Given(playbook), Lang::Ru)
}

fn told(db: &mut dyn Query, company: CompanyId, order: OrderId, laws: &Laws, lang: Lang) -> Result<Path> {
    let stories = story::stories(db, company, &[order])?;
    let facts = stories.into_iter().find(|story| story.order == order).map(|story| story.facts);
    let facts = facts.unwrap_or_default();
    let past = CompanyPast::load(db, company, lang, Needed::Of(order, &facts))?;
    of_story(&facts, &past, laws, db.now())
}

pub(crate) fn of_story(
    facts: &[RecordedFact],
    company: &CompanyPast,
    laws: &Laws,
    now: Timestamp,
) -> Result<Path> {
    let usual = Usual::new();
    let under = Under { company, laws, usual: &usual, now, whole: true };
    let mut path = Path::default();
    let walked = walk(facts, &under, |look| {
        if path.stops.len() < MOST_STOPS {
            path.stops.push(stop(look)?);
        } else {
            path.cut = true;
        }
        Ok(())
    })?;
    path.waiting = waiting(&walked.board);
    Ok(path)
}

fn waiting(board: &Board) -> Vec<(String, String, Timestamp)> {
    let open = board.tasks.iter().filter(|task| task.closed.is_none());
    open.map(|task| (task.kind.clone(), task.role.clone(), task.opened_at)).collect()
}

fn stop(look: &Look<'_>) -> Result<Stop> {
    let mut did: BTreeMap<&str, Vec<Did>> = BTreeMap::new();
    for (effect, done) in look.decision.effects.iter().zip(&look.done) {
        did.entry(&effect.rule).or_default().push(Did::of(effect, *done)?);
    }
    let situation = Situation {
        fact: Some(look.fact),
        order: Some(&look.past.order),
        work: Some(look.work),
        policy: Some(look.policy),
    };
    let rules = look
        .decision
        .looked
        .iter()
        .map(|looked| {
            let clause =
                look.playbook.rule(&looked.rule).and_then(|rule| look.playbook.clauses.get(rule.clause));
            let (mut stopped, mut failed) = (None, None);
            match &looked.verdict {
                Verdict::Disagreed { with, about } => failed = Some(format!("{with}: {about}")),
                Verdict::Stopped { condition, because } => {
                    let found = gap(condition, &|name| situation.look(name));
                    stopped = Some(Condition {
                        text: condition.clone(),
                        because: because.clone(),
                        by: found.as_ref().and_then(Gap::by),
                        gap: found.map(|gap| (gap.left.to_string(), gap.operator, gap.right.to_string())),
                    });
                }
                Verdict::Failed { said } => failed = Some(said.clone()),
                Verdict::Acted | Verdict::Waits { .. } | Verdict::ActedBefore { .. } | Verdict::NotBegun => {}
            }
            RuleStop {
                rule: looked.rule.clone(),
                clause: clause.map(|clause| clause.title.clone()).unwrap_or_default(),
                did: did.remove(looked.rule.as_str()).unwrap_or_default(),
                stopped,
                failed,
            }
        })
        .collect();
    let late = look.evidence.is_some_and(|(kept, looked)| {
        look.fact.subject_kind == kept.subject_kind
            && looked.n > look.fact.n
            && kept.at.micros_since(look.fact.at) > 1_000_000
    });
    Ok(Stop {
        fact: look.fact.id,
        kind: look.fact.kind.clone(),
        said_at: look.fact.at,
        looked_at: look.at,
        late,
        version: look.number,
        rules,
    })
}

/// The order that people call by this number; of several the first.
///
/// # Errors
/// `playbook.order_unknown`.
pub fn order_by_number(db: &mut dyn Query, company: CompanyId, number: &str) -> Result<OrderId> {
    let found = takt_orders::by_number(db, company, number)?;
    found.first().copied().ok_or_else(|| Fault::field("order", "playbook.order_unknown"))
}
