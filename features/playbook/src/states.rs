//! States that last: what begins, ends or has lasted long enough, by facts, timers and reviews. What follows
//! from them is decided by the pure engine; here the order is locked, it is asked, and what it says is kept
//! and done in the same transaction.

use std::cell::RefCell;

use serde_json::{Value as Json, json};
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_playbook_language::{Decision, Hours, Looked, Passes, Progress, Step, Turn, Value, Verdict};
use takt_staff::Calendar;
use takt_store::{Query, RecordedFact, Tx, facts};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    about::About,
    actions::Scene,
    occasions::{self, LASTED},
    react,
    replay::lasted::{Keeping, is_late},
    retry,
    running::{self, Running},
    situation::{Situation, Whole},
    words::{self, Whose},
};

/// Facts behind one that is heard again.
const LOOKED_BEHIND: i64 = 500;

pub(crate) const ON_STATE: &str = "playbook.on_state";

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: LASTED, does: "acts upon a state that has lasted long enough", fire };

/// As cheap as it can be for the facts that begin and end nothing: first from the fact alone, then from what
/// lasts already, then from the order as it is.
pub(crate) fn hear(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let Some(about) = About::of(fact) else { return Ok(()) };
    let running = running::about(tx, &about)?;
    let playbook = &running.playbook;
    if !playbook.moves_states(&fact.kind) {
        return Ok(());
    }
    let may_begin = playbook.may_begin(&fact.kind, &|name| words::implied(fact, None, name));
    if !may_begin && is_first(fact) {
        return Ok(());
    }
    let progress = occasions::of(tx, &about)?;
    if progress.0.is_empty() {
        if !may_begin {
            return note_if_late(tx, &running, &about, fact);
        }
        if let Some(order) = about.order() {
            let seen = takt_orders::load(tx, fact.company, order)?;
            let glanced = Situation { fact: Some(fact), order: Some(&seen), work: None, policy: None };
            if !playbook.may_begin(&fact.kind, &|name| as_said(fact, &glanced, name)) {
                return note_if_late(tx, &running, &about, fact);
            }
        }
    }
    for failed in hear_about(tx, &running, &about, fact, None)? {
        retry::later(tx, &about, fact, &failed, 0)?;
    }
    Ok(())
}

/// A glance was enough; whoever asks again would ask the order as it stood with the fact.
fn note_if_late(tx: &mut Tx, running: &Running, about: &About, fact: &RecordedFact) -> Result<()> {
    if about.order().is_none() || !is_late(tx, fact) {
        return Ok(());
    }
    let whole = Whole::glance(tx, about)?;
    let scene = react::scene(fact, ON_STATE, about, &whole, running.number);
    Keeping::begin(tx, &scene, true).say(tx)
}

/// What the fact says of its moment comes before what is now: a stretch that ended and began anew before it was
/// heard of was two.
pub(crate) fn as_said(fact: &RecordedFact, situation: &Situation<'_>, name: &str) -> Option<Value> {
    words::implied(fact, situation.order, name).or_else(|| situation.look(name))
}

/// Before it nothing was of what it is about, so nothing ends with it. The first fact of a task is not the first of its
/// order.
fn is_first(fact: &RecordedFact) -> bool {
    fact.n == 1 && words::whose(&fact.kind) == Whose::Own
}

/// Once more for one rule that failed. What its fact would have begun may be over by now: only what was said of the
/// same thing since then tells, as the facts with which it ends are heard when they are said.
pub(crate) fn hear_again(
    tx: &mut Tx,
    running: &Running,
    about: &About,
    fact: &RecordedFact,
    rule: &str,
) -> Result<Vec<String>> {
    let later =
        facts::of_subject(tx, fact.company, &fact.subject_kind, fact.subject_id, fact.n, LOOKED_BEHIND)?;
    let over = |later: &RecordedFact| {
        let said = Situation { fact: Some(later), order: None, work: None, policy: None };
        running.playbook.ends(rule, &later.kind, &|name| said.look(name))
    };
    if later.iter().any(over) {
        return Ok(Vec::new());
    }
    hear_about(tx, running, about, fact, Some(rule))
}

fn hear_about(
    tx: &mut Tx,
    running: &Running,
    about: &About,
    fact: &RecordedFact,
    only: Option<&str>,
) -> Result<Vec<String>> {
    let whole = Whole::lock(tx, about)?;
    let progress = occasions::of(tx, about)?;
    let situation = whole.situation(Some(fact));
    let mut turn = asked(tx, about.company, |passes| {
        let look = |name: &str| as_said(fact, &situation, name);
        running.playbook.steps(&progress, &fact.kind, fact.at.micros(), &look, passes)
    })?;
    if let Some(rule) = only {
        turn.decision.effects.retain(|effect| effect.rule == rule);
        turn.decision.looked.retain(|looked| looked.rule == rule);
        turn.steps.retain(|step| step.rule() == rule);
    }
    let scene = react::scene(fact, ON_STATE, about, &whole, running.number);
    // What is asked once more for one rule is not all that there was to be heard.
    let late = only.is_none() && is_late(tx, fact);
    take(tx, &scene, &progress, &turn, late)
}

/// Looks at what lasts as it is now: a late, repeated or needless timer does no harm.
fn fire(tx: &mut Tx, due: &DueTimer) -> Result<()> {
    let about = About::of_timer(due);
    let Some((_, rule)) = due.key.rsplit_once('/') else { return Ok(()) };
    let running = running::about(tx, &about)?;
    let whole = Whole::lock(tx, &about)?;
    let progress = occasions::of(tx, &about)?;
    let Some(occasion) = progress.0.get(rule) else { return Ok(()) };
    let (situation, now) = (whole.situation(None), tx.now());
    let turn = asked(tx, about.company, |passes| {
        let look = |name: &str| situation.look(name);
        running.playbook.strike(&progress, rule, now.micros(), &look, passes)
    })?;
    let scene = Scene {
        listener: LASTED,
        about: &about,
        whole: &whole,
        version: running.number,
        at: Timestamp::from_micros(occasion.due),
        why: LASTED,
        fact: occasions::begun_by(tx, &about, rule)?,
        since: Some(occasion.since),
    };
    if take(tx, &scene, &progress, &turn, false)?.is_empty() {
        return Ok(());
    }
    let attempts = due.payload.get("attempts").and_then(Json::as_i64).unwrap_or(0);
    let mut payload = due.payload.clone();
    if let Some(payload) = payload.as_object_mut() {
        payload.insert("attempts".to_owned(), json!(attempts + 1));
    }
    let at = now.plus_seconds(retry::wait_seconds(attempts));
    timers::set(tx, due.company, LASTED, &due.key, about.subject(), at, &payload)
}

/// Everything that lasts about this is looked at anew, because the document, a calendar or a setting is
/// another.
pub(crate) fn review(tx: &mut Tx, running: &Running, about: &About) -> Result<()> {
    let glanced = Whole::glance(tx, about)?;
    let progress = occasions::of(tx, about)?;
    let seen = reviewed(tx, running, about, &glanced, &progress)?;
    let amiss =
        |looked: &Looked| matches!(looked.verdict, Verdict::Failed { .. } | Verdict::Disagreed { .. });
    if seen.steps.is_empty() && !seen.decision.looked.iter().any(amiss) {
        return Ok(());
    }
    let whole = Whole::lock(tx, about)?;
    let progress = occasions::of(tx, about)?;
    let turn = reviewed(tx, running, about, &whole, &progress)?;
    let scene = Scene {
        listener: crate::review::REVIEW,
        about,
        whole: &whole,
        version: running.number,
        at: tx.now(),
        why: crate::review::REVIEW,
        fact: None,
        since: None,
    };
    take(tx, &scene, &progress, &turn, false).map(|_| ())
}

fn reviewed(
    tx: &mut Tx,
    running: &Running,
    about: &About,
    whole: &Whole,
    progress: &Progress,
) -> Result<Turn> {
    let (situation, now) = (whole.situation(None), tx.now());
    asked(tx, about.company, |passes| {
        running.playbook.review(progress, now.micros(), &|name| situation.look(name), passes)
    })
}

/// Asks the engine, which asks calendars back.
fn asked(tx: &mut Tx, company: CompanyId, ask: impl FnOnce(&Passes<'_>) -> Turn) -> Result<Turn> {
    let (tx, failed) = (RefCell::new(tx), RefCell::new(None::<Fault>));
    let passes = |hours: &Hours, since: i64, minutes: i64| -> std::result::Result<i64, String> {
        let since = Timestamp::from_micros(since);
        let seconds = minutes.saturating_mul(60);
        let name = match hours {
            Hours::RoundTheClock => return Ok(since.plus_seconds(seconds).micros()),
            Hours::Usual => None,
            Hours::Named(name) => Some(name.as_str()),
        };
        match Calendar::by_name(&mut **tx.borrow_mut(), company, name) {
            Ok(calendar) => Ok(calendar.add_working_seconds(since, seconds).micros()),
            Err(fault) => {
                let said = format!("{} {}", fault.code(), name.unwrap_or_default());
                if fault.is_retryable() {
                    failed.replace(Some(fault));
                }
                Err(said)
            }
        }
    };
    let turn = ask(&passes);
    match failed.into_inner() {
        Some(fault) => Err(fault),
        None => Ok(turn),
    }
}

/// Keeps the steps of each rule together with its deeds: where these fail, it has not stepped. Answers the
/// rules that failed.
fn take(tx: &mut Tx, scene: &Scene<'_>, progress: &Progress, turn: &Turn, late: bool) -> Result<Vec<String>> {
    let mut failed = Vec::new();
    let mut keeping = Keeping::begin(tx, scene, late);
    for step in &turn.steps {
        let rule = step.rule();
        let since = match step {
            Step::Ended { since, .. } => Some(*since),
            _ => progress.0.get(rule).map(|occasion| occasion.since),
        };
        let scene = Scene { since, ..*scene };
        let mut did = Vec::new();
        let done = tx.savepoint(|tx| {
            for effect in turn.decision.effects.iter().filter(|effect| effect.rule == rule) {
                did.push((effect, scene.carry_out(tx, effect)?));
            }
            occasions::keep(tx, scene.about, step, scene.fact)
        });
        match done {
            Ok(()) => keeping.note(tx, step, progress.0.get(rule), &did)?,
            Err(fault) if fault.is_retryable() => return Err(fault),
            Err(fault) => {
                tracing::warn!(rule, ?fault, "a rule failed");
                scene.tell_of_failure(tx, rule, fault.code())?;
                failed.push(rule.to_owned());
            }
        }
    }
    failed.extend(tell_of_failed(tx, scene, &turn.decision)?);
    keeping.say(tx)?;
    Ok(failed)
}

fn tell_of_failed(tx: &mut Tx, scene: &Scene<'_>, decision: &Decision) -> Result<Vec<String>> {
    let mut failed = Vec::new();
    for looked in &decision.looked {
        match &looked.verdict {
            Verdict::Failed { said } => {
                scene.tell_of_failure(tx, &looked.rule, said)?;
                failed.push(looked.rule.clone());
            }
            Verdict::Disagreed { with, about } => {
                scene.tell_of_disagreement(tx, &looked.rule, with, about)?;
            }
            _ => {}
        }
    }
    Ok(failed)
}
