//! States that last: what begins, ends or has lasted long enough, by facts, timers and reviews. What follows
//! from them is decided by the pure engine; here the order is locked, it is asked, and what it says is kept
//! and done in the same transaction.

use std::cell::RefCell;

use serde_json::{Value as Json, json};
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_playbook_language::{Decision, Hours, Passes, Progress, Step, Turn, Value, Verdict};
use takt_staff::Calendar;
use takt_store::{Query, RecordedFact, Tx};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    about::About,
    actions::Scene,
    occasions::{self, LASTED},
    react, retry,
    running::{self, Running},
    situation::{Situation, Whole},
    words,
};

pub(crate) const ON_STATE: &str = "playbook.on_state";

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: LASTED, does: "acts upon a state that has lasted long enough", fire };

/// As cheap as it can be for the facts that begin and end nothing: first from the fact alone, then from what
/// lasts already, then from the order as it is.
pub(crate) fn hear(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let running = running::of(tx, fact.company)?;
    let playbook = &running.playbook;
    if !playbook.moves_states(&fact.kind) {
        return Ok(());
    }
    let Some(about) = About::of(fact) else { return Ok(()) };
    let may_begin = playbook.may_begin(&fact.kind, &|name| words::implied(fact, None, name));
    if !may_begin && is_first(fact) {
        return Ok(());
    }
    let progress = occasions::of(tx, &about)?;
    if progress.0.is_empty() {
        if !may_begin {
            return Ok(());
        }
        if let Some(order) = about.order() {
            let seen = takt_orders::load(tx, fact.company, order)?;
            let glanced = Situation { fact: Some(fact), order: Some(&seen), work: None, policy: None };
            if !playbook.may_begin(&fact.kind, &|name| as_said(fact, &glanced, name)) {
                return Ok(());
            }
        }
    }
    for failed in hear_about(tx, &running, &about, fact, None)? {
        retry::later(tx, &about, fact, &failed, 0)?;
    }
    Ok(())
}

/// What the fact says of its moment comes before what is now: a stretch that ended and began anew before it was
/// heard of was two.
fn as_said(fact: &RecordedFact, situation: &Situation<'_>, name: &str) -> Option<Value> {
    words::implied(fact, situation.order, name).or_else(|| situation.look(name))
}

/// Before it nothing was, so nothing ends with it.
fn is_first(fact: &RecordedFact) -> bool {
    fact.n == 1
}

/// Once more for one rule that failed.
pub(crate) fn hear_again(
    tx: &mut Tx,
    running: &Running,
    about: &About,
    fact: &RecordedFact,
    rule: &str,
) -> Result<Vec<String>> {
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
        turn.steps.retain(|step| rule_of(step) == rule);
    }
    let scene = react::scene(fact, ON_STATE, about, &whole, running.number);
    take(tx, &scene, &progress, &turn)
}

/// Looks at what lasts as it is now: a late, repeated or needless timer does no harm.
fn fire(tx: &mut Tx, due: &DueTimer) -> Result<()> {
    let about = About::of_timer(due);
    let Some((_, rule)) = due.key.rsplit_once('/') else { return Ok(()) };
    let running = running::of(tx, due.company)?;
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
    if take(tx, &scene, &progress, &turn)?.is_empty() {
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
    if reviewed(tx, running, about, &glanced, &progress)?.steps.is_empty() {
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
    take(tx, &scene, &progress, &turn).map(|_| ())
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
fn take(tx: &mut Tx, scene: &Scene<'_>, progress: &Progress, turn: &Turn) -> Result<Vec<String>> {
    let mut failed = Vec::new();
    for step in &turn.steps {
        let rule = rule_of(step);
        let since = match step {
            Step::Ended { since, .. } => Some(*since),
            _ => progress.0.get(rule).map(|occasion| occasion.since),
        };
        let scene = Scene { since, ..*scene };
        let done = tx.savepoint(|tx| {
            for effect in turn.decision.effects.iter().filter(|effect| effect.rule == rule) {
                scene.carry_out(tx, effect)?;
            }
            occasions::keep(tx, scene.about, step, scene.fact)
        });
        match done {
            Ok(()) => {}
            Err(fault) if fault.is_retryable() => return Err(fault),
            Err(fault) => {
                tracing::warn!(rule, ?fault, "a rule failed");
                scene.tell_of_failure(tx, rule, fault.code())?;
                failed.push(rule.to_owned());
            }
        }
    }
    failed.extend(tell_of_failed(tx, scene, &turn.decision)?);
    Ok(failed)
}

fn tell_of_failed(tx: &mut Tx, scene: &Scene<'_>, decision: &Decision) -> Result<Vec<String>> {
    let mut failed = Vec::new();
    for looked in &decision.looked {
        if let Verdict::Failed { said } = &looked.verdict {
            scene.tell_of_failure(tx, &looked.rule, said)?;
            failed.push(looked.rule.clone());
        }
    }
    Ok(failed)
}

fn rule_of(step: &Step) -> &str {
    match step {
        Step::Began { rule, .. }
        | Step::Moved { rule, .. }
        | Step::Acted { rule }
        | Step::Ended { rule, .. } => rule,
    }
}
