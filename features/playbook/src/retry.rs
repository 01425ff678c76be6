//! A rule that failed about a fact is asked about it again, later and later, by a timer of its own: others are
//! not hindered meanwhile. It ends when the rule succeeds, no longer wants to act or is there no more, or when half a
//! day has gone and the order is over; what was told of the failure stays with whoever has to mend it. When the
//! ground is changed, which may have mended it, all are asked at once.

use serde_json::{Value as Json, json};
use takt_kernel::{CompanyId, Result};
use takt_store::{Query, RecordedFact, Tx, facts};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    about::About,
    react::{carry_out, scene},
    replay::evidence::Evidence,
    running,
    situation::Whole,
    states,
};

const RETRY: &str = "playbook.retry";
/// About half a day, by then: somebody has been told and is not at work, and there is time.
const EAGER_ATTEMPTS: i64 = 75;
const LONGEST_WAIT_SECONDS: i64 = 600;
const PATIENT_WAIT_SECONDS: i64 = 3_600;
/// What nobody has mended by then is mended for the orders that come.
const LONGEST_SECONDS: i64 = 31 * 86_400;

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: RETRY, does: "asks a rule again that failed about a fact", fire };

/// Doubling, with a ceiling.
pub(crate) fn wait_seconds(attempts: i64) -> i64 {
    if attempts >= EAGER_ATTEMPTS {
        return PATIENT_WAIT_SECONDS;
    }
    let doublings = u32::try_from(attempts.clamp(0, 30)).unwrap_or(0);
    (1_i64 << doublings).min(LONGEST_WAIT_SECONDS)
}

pub(crate) fn later(
    tx: &mut Tx,
    about: &About,
    fact: &RecordedFact,
    rule: &str,
    attempts: i64,
) -> Result<()> {
    if attempts >= EAGER_ATTEMPTS && is_over(tx, about, fact)? {
        tracing::warn!(rule, fact = fact.id, "a rule is not tried any more");
        return Ok(());
    }
    let mut payload = about.payload();
    if let Some(payload) = payload.as_object_mut() {
        payload.insert("fact_of".to_owned(), json!([fact.subject_kind, fact.subject_id, fact.n]));
        payload.insert("attempts".to_owned(), json!(attempts + 1));
    }
    let at = tx.now().plus_seconds(wait_seconds(attempts));
    let key = format!("{}/{rule}", fact.id);
    timers::set(tx, fact.company, RETRY, &key, about.subject(), at, &payload)
}

/// Nothing could come of it any more that anybody needs.
fn is_over(tx: &mut Tx, about: &About, fact: &RecordedFact) -> Result<bool> {
    if tx.now() > fact.at.plus_seconds(LONGEST_SECONDS) {
        return Ok(true);
    }
    match about.order() {
        Some(order) => Ok(!takt_orders::load(tx, about.company, order)?.stage.is_in_work()),
        None => Ok(false),
    }
}

/// The ground was changed.
pub(crate) fn hurry(tx: &mut Tx, company: CompanyId) -> Result<()> {
    timers::hurry(tx, company, RETRY)
}

fn fire(tx: &mut Tx, due: &DueTimer) -> Result<()> {
    let about = About::of_timer(due);
    let attempts = due.payload.get("attempts").and_then(Json::as_i64).unwrap_or(1);
    let Some((_, rule)) = due.key.split_once('/') else { return Ok(()) };
    let Some(fact) = fact_of(tx, due)? else { return Ok(()) };
    let running = running::about(tx, &about)?;
    let Some(found) = running.playbook.rule(rule) else { return Ok(()) };
    let failed = if found.is_lasting() {
        states::hear_again(tx, &running, &about, &fact, rule)?
    } else {
        let whole = Whole::lock(tx, &about)?;
        let situation = whole.situation(Some(&fact));
        let decision = running.playbook.decide_rule(rule, &fact.kind, &|name| situation.look(name));
        // What was done at the second attempt is told by its own facts.
        let mut evidence = Evidence::begin(tx, &about)?;
        carry_out(tx, &scene(&fact, RETRY, &about, &whole, running.number), &decision, &mut evidence)?
    };
    if failed.is_empty() { Ok(()) } else { later(tx, &about, &fact, rule, attempts) }
}

fn fact_of(tx: &mut Tx, due: &DueTimer) -> Result<Option<RecordedFact>> {
    let Some([kind, id, n]) = due.payload.get("fact_of").and_then(Json::as_array).map(Vec::as_slice) else {
        return Ok(None);
    };
    let (Some(kind), Some(id), Some(n)) = (kind.as_str(), id.as_i64(), n.as_i64()) else { return Ok(None) };
    Ok(facts::of_subject(tx, due.company, kind, id, n - 1, 1)?.into_iter().find(|fact| fact.n == n))
}
