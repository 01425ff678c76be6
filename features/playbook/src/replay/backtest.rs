//! A document against the past: order by order, what it would have done beside what was really done.
//!
//! The model of "would": people worked as they did. A task that was really opened for the same reason took as
//! long as it really took; one that nobody really had takes as long as tasks of its kind usually took. The
//! facts of shops, bank and buyers stay as they are; what the playbook itself confirmed, opened and closed is
//! decided anew.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use takt_kernel::{Actor, Result, Timestamp};
use takt_orders::clock::{Basis, Reached};
use takt_playbook_language::Playbook;
use takt_store::{Fact as _, RecordedFact};
use takt_tasks::facts::{Closed, Opened};

use super::{
    board::{Usual, is_playbook, is_told},
    company::CompanyPast,
    evidence::{Did, Looked},
    lasted::{Lasted, is_of_states},
    states::Known,
    walk::{Laws, Under, Walked, walk},
};
use crate::words::{CLOSE, CONFIRM, OPEN};

/// Differing orders that are told one by one; all of them are counted.
pub const MOST_TOLD: usize = 100;
/// What one command says lies a microsecond apart each, and none says a thousand things.
const SAME_COMMAND_MICROS: i64 = 1_000;

/// Orders placed from one moment until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// What came of it, of one order or of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackTest {
    pub orders: u64,
    pub facts: u64,
    /// How often a rule had something to look at.
    pub looks: u64,
    pub differing: u64,
    pub differences: Vec<Difference>,
    /// Looks at which the version that ran, asked again, answers something else than it did: the past is not
    /// known well enough there, and what is said of these orders is less sure.
    pub unlike: u64,
    pub unlike_told: Vec<Difference>,
    /// `tasks.open call`: how often.
    pub deeds: BTreeMap<String, Both>,
    /// Date, then role.
    pub days: BTreeMap<String, BTreeMap<String, Load>>,
    /// Milestone.
    pub promises: BTreeMap<String, Kept>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Both {
    pub really: u64,
    pub would: u64,
}

/// Tasks that were opened on a day, and how many of them were late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    pub tasks: Both,
    pub late: Both,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub kept: Both,
    pub lost: Both,
}

/// One look that came out differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub order: i64,
    pub number: String,
    pub kind: String,
    pub at: Timestamp,
    pub really: Vec<String>,
    pub would: Vec<String>,
}

impl BackTest {
    pub fn add(&mut self, other: Self) {
        self.orders += other.orders;
        self.facts += other.facts;
        self.looks += other.looks;
        self.differing += other.differing;
        self.unlike += other.unlike;
        for (all, more) in
            [(&mut self.differences, other.differences), (&mut self.unlike_told, other.unlike_told)]
        {
            let room = MOST_TOLD.saturating_sub(all.len());
            all.extend(more.into_iter().take(room));
        }
        for (deed, both) in other.deeds {
            self.deeds.entry(deed).or_default().add(both);
        }
        for (day, roles) in other.days {
            for (role, load) in roles {
                let sum = self.days.entry(day.clone()).or_default().entry(role).or_default();
                sum.tasks.add(load.tasks);
                sum.late.add(load.late);
            }
        }
        for (milestone, kept) in other.promises {
            let sum = self.promises.entry(milestone).or_default();
            sum.kept.add(kept.kept);
            sum.lost.add(kept.lost);
        }
    }
}

impl Both {
    fn add(&mut self, other: Self) {
        self.really += other.really;
        self.would += other.would;
    }

    fn count(&mut self, really: bool) {
        if really { self.really += 1 } else { self.would += 1 }
    }
}

/// What was done on each fact, in the terms of the document.
type Deeds = BTreeMap<i64, Vec<Did>>;

/// What really came of each fact that a playbook acted on. Where there is evidence it is complete; facts
/// of earlier versions of the program tell only what was done, not by which rule.
///
/// # Errors
/// `store.fact_unreadable`.
pub fn really(story: &[RecordedFact]) -> Result<(Deeds, BTreeMap<i64, bool>)> {
    let (mut deeds, mut told): (Deeds, BTreeMap<i64, bool>) = (BTreeMap::new(), BTreeMap::new());
    for fact in story.iter().filter(|fact| fact.kind == Looked::KIND) {
        let looked: Looked = fact.read()?;
        told.insert(looked.fact, true);
        deeds.entry(looked.fact).or_default().extend(looked.did.into_iter().filter(|did| did.done));
    }
    let asked = Known::of(story)?.are_asked();
    for fact in story.iter().filter(|fact| asked && fact.kind == Lasted::KIND) {
        let lasted: Lasted = fact.read()?;
        told.insert(fact.id, true);
        deeds.entry(fact.id).or_default().extend(lasted.did.into_iter().filter(|did| did.done));
    }
    for fact in story.iter().filter(|fact| is_playbook(&fact.actor)) {
        let Some(cause) = fact.cause.filter(|cause| !told.contains_key(cause)) else { continue };
        deeds.entry(cause).or_default().extend(outlined(fact)?);
    }
    deeds.retain(|_, did| !did.is_empty());
    Ok((deeds, told))
}

/// The deed that left this fact.
fn outlined(fact: &RecordedFact) -> Result<Option<Did>> {
    let (action, kind) = match fact.kind.as_str() {
        Opened::KIND => (OPEN, Some(fact.read::<Opened>()?.kind).filter(|kind| !is_told(kind))),
        Closed::KIND => (CLOSE, Some(fact.read::<Closed>()?.kind)),
        takt_orders::facts::CONFIRMED => (CONFIRM, Some(String::new())),
        _ => return Ok(None),
    };
    Ok(kind.map(|kind| Did {
        rule: String::new(),
        action: action.to_owned(),
        arguments: [("kind".to_owned(), kind.into())].into(),
        done: true,
    }))
}

/// One order: what the given document would have done beside what was done.
///
/// # Errors
/// `store.fact_unreadable`.
pub(crate) fn compare(
    story: &[RecordedFact],
    company: &CompanyPast,
    playbook: &Arc<Playbook>,
    usual: &Usual,
    now: Timestamp,
) -> Result<BackTest> {
    let mut test = BackTest { orders: 1, facts: story.len() as u64, ..BackTest::default() };
    let (done, told) = really(story)?;
    let none = Usual::new();
    let as_it_was = asked(story, company, &Laws::AsTheyWere, &none, now, &mut test.looks)?;
    let given = Laws::Given(Arc::clone(playbook));
    let would = asked(story, company, &given, usual, now, &mut test.looks)?;
    let about = About { story, number: number(&would.1) };
    test.unlike_told = about.differences(&done, &as_it_was.0, &told, true);
    test.unlike = test.unlike_told.len() as u64;
    test.differences = about.differences(&done, &would.0, &told, false);
    test.differing = u64::from(!test.differences.is_empty());
    for (deeds, really) in [(&done, true), (&would.0, false)] {
        for did in deeds.values().flatten() {
            let (action, kind) = did.outline();
            test.deeds.entry(format!("{action} {kind}").trim_end().to_owned()).or_default().count(really);
        }
    }
    loads(&mut test, story, company, &would.1, usual, now)?;
    promises(&mut test, company, &as_it_was.1, &would.1, usual, now);
    Ok(test)
}

fn asked(
    story: &[RecordedFact],
    company: &CompanyPast,
    laws: &Laws,
    usual: &Usual,
    now: Timestamp,
    looks: &mut u64,
) -> Result<(Deeds, Walked)> {
    let mut deeds: Deeds = BTreeMap::new();
    let under = Under { company, laws, usual, now, whole: false };
    let walked = walk(story, &under, |look| {
        *looks += 1;
        for (effect, done) in look.decision.effects.iter().zip(&look.done).filter(|(_, done)| **done) {
            deeds.entry(look.fact.id).or_default().push(Did::of(effect, *done)?);
        }
        Ok(())
    })?;
    Ok((deeds, walked))
}

fn number(walked: &Walked) -> String {
    walked.past.as_ref().map(|past| past.order.number.clone()).unwrap_or_default()
}

struct About<'s> {
    story: &'s [RecordedFact],
    number: String,
}

impl About<'_> {
    /// Where two answers differ. The same answer by a rule of another name is the same, unless it is the
    /// version itself that is asked again.
    fn differences(
        &self,
        really: &Deeds,
        would: &Deeds,
        told: &BTreeMap<i64, bool>,
        with_rules: bool,
    ) -> Vec<Difference> {
        let facts: std::collections::BTreeSet<&i64> = really.keys().chain(would.keys()).collect();
        let nothing = Vec::new();
        facts
            .into_iter()
            .filter_map(|id| {
                let (was, would) = (really.get(id).unwrap_or(&nothing), would.get(id).unwrap_or(&nothing));
                let whole = told.contains_key(id);
                let words = |deeds: &Vec<Did>| {
                    let mut words: Vec<String> =
                        deeds.iter().map(|did| in_words(did, whole, whole && with_rules)).collect();
                    words.sort();
                    words
                };
                let (really, would) = (words(was), words(would));
                let fact = self.story.iter().find(|fact| fact.id == *id)?;
                (really != would).then(|| Difference {
                    order: self
                        .story
                        .iter()
                        .find(|fact| fact.subject_kind == "order")
                        .map_or(0, |fact| fact.subject_id),
                    number: self.number.clone(),
                    kind: fact.kind.clone(),
                    at: fact.at,
                    really,
                    would,
                })
            })
            .collect()
    }
}

/// `tasks.open call due=15 role=manager`; without arguments where reality does not tell them.
fn in_words(did: &Did, arguments: bool, rule: bool) -> String {
    let mut words = if rule { format!("{}: {}", did.rule, did.action) } else { did.action.clone() };
    for (name, value) in &did.arguments {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if name == "kind" && !value.is_empty() {
            words.push(' ');
            words.push_str(&value);
        } else if arguments && name != "kind" {
            words.push_str(&format!(" {name}={value}"));
        }
    }
    words
}

fn loads(
    test: &mut BackTest,
    story: &[RecordedFact],
    company: &CompanyPast,
    would: &Walked,
    usual: &Usual,
    now: Timestamp,
) -> Result<()> {
    let mut tasks = Vec::new();
    for fact in story.iter().filter(|fact| fact.subject_kind == takt_tasks::facts::SUBJECT) {
        takt_tasks::past::apply(&mut tasks, fact)?;
    }
    let ours = |actor: &Actor| is_playbook(actor) || (would.states_asked && is_of_states(actor));
    for task in tasks.iter().filter(|task| ours(&task.opened_by) && !is_told(&task.kind)) {
        let ended = match &task.state {
            takt_tasks::State::Closed { at, .. } => *at,
            takt_tasks::State::Open | takt_tasks::State::Taken { .. } => now,
        };
        count(test, company, task.opened_at, task.role.code(), is_late(ended, task.due_at), true);
    }
    for task in would.board.tasks.iter().filter(|task| task.ours) {
        let due = task.due.as_ref().map(|due| {
            let calendar = company.calendar_named(due.calendar.as_deref());
            calendar.add_working_seconds(due.since, due.minutes.saturating_mul(60))
        });
        let ended = match &task.closed {
            Some((at, _)) => *at,
            None if task.real.is_none() => {
                usual.get(&task.kind).map_or(now, |seconds| task.opened_at.plus_seconds(*seconds).min(now))
            }
            None => now,
        };
        count(test, company, task.opened_at, &task.role, due.is_some_and(|due| is_late(ended, due)), false);
    }
    Ok(())
}

/// What was done at the very deadline, behind other things of the same command, was done in time.
fn is_late(ended: Timestamp, due: Timestamp) -> bool {
    ended.micros_since(due) > SAME_COMMAND_MICROS
}

fn count(
    test: &mut BackTest,
    company: &CompanyPast,
    opened_at: Timestamp,
    role: &str,
    late: bool,
    really: bool,
) {
    let day = company.calendar.zone().to_datetime(opened_at.to_jiff()).date().to_string();
    let load = test.days.entry(day).or_default().entry(role.to_owned()).or_default();
    load.tasks.count(really);
    if late {
        load.late.count(really);
    }
}

/// Confirmed: when it really was, or when the document would have; an order that the document does not
/// confirm is confirmed with the call that it has somebody make. Packing follows it at the real distance.
fn promises(
    test: &mut BackTest,
    company: &CompanyPast,
    was: &Walked,
    would: &Walked,
    usual: &Usual,
    now: Timestamp,
) {
    let Some(past) = &was.past else { return };
    let Some(started) = past.order.started_at.filter(|_| !past.order.stage.code().starts_with("cancel"))
    else {
        return;
    };
    let promised = company.promises(i64::MAX);
    // Where nothing would have been done otherwise, nothing would have come otherwise.
    let by_the_call = || {
        let call = would.board.tasks.iter().rev().find(|task| task.kind == "call")?;
        let done = call.closed.as_ref().map(|(at, _)| *at);
        done.or_else(|| usual.get("call").map(|seconds| call.opened_at.plus_seconds(*seconds)))
    };
    let confirmed =
        if test.differing == 0 { was.confirmed_at } else { would.confirmed_at.or_else(by_the_call) };
    let ready = past.order.ready_at.and_then(|ready| {
        let moved = confirmed?.micros_since(was.confirmed_at?);
        Some(ready.plus_micros(moved))
    });
    // Each with the milestone before it, from which it may be counted.
    for (milestone, reached, really, would) in [
        ("confirmed", Reached::Confirmed, (was.confirmed_at, started), (confirmed, started)),
        (
            "ready",
            Reached::Ready,
            (past.order.ready_at, was.confirmed_at.unwrap_or(started)),
            (ready, confirmed.unwrap_or(started)),
        ),
    ] {
        let Some(rule) = promised.milestones.iter().find(|rule| rule.reached == reached) else { continue };
        for ((at, before), real) in [(really, true), (would, false)] {
            let basis = Basis { previous_at: before, ..past.order.basis() };
            let calendar = company.calendar_named(rule.calendar.as_deref());
            let Some(due) = rule.due(&basis, calendar) else { continue };
            let kept = test.promises.entry(milestone.to_owned()).or_default();
            match at {
                Some(at) if at <= due => kept.kept.count(real),
                Some(_) => kept.lost.count(real),
                None if now > due => kept.lost.count(real),
                None => {}
            }
        }
    }
}
