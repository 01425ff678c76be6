//! What happened to an order, in the order in which it happened: facts by the moment they tell of, not by
//! that of their telling, and between them the moments that facts only name (the money left the buyer's
//! bank, a pause was over). So a fact that comes late sets the past right, and nobody's time is counted
//! from when somebody got round to writing it down.

use std::collections::BTreeMap;

use takt_kernel::Timestamp;
use takt_store::RecordedFact;

use crate::facts;

/// In this order when they fall on the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    MoneySent,
    MoneyBooked,
    MoneyReceived,
    /// What was held up or put off until then goes on by itself.
    WaitOver,
    Said,
}

#[derive(Clone, Copy, Debug)]
pub struct Event<'f> {
    pub at: Timestamp,
    pub what: What,
    /// That says so, or names the moment.
    pub fact: &'f RecordedFact,
}

/// The events of one order, whose facts are given in the order in which they were said.
pub fn events(facts: &[RecordedFact]) -> Vec<Event<'_>> {
    let Some(first) = facts.first() else { return Vec::new() };
    let start = happened(first);
    let dated = dated(facts);
    let mut events = Vec::with_capacity(facts.len() + 8);
    for fact in facts {
        let at = happened(fact).max(start);
        let mut push = |at: Timestamp, what| events.push(Event { at: at.max(start), what, fact });
        push(at, What::Said);
        match fact.kind.as_str() {
            facts::PAID if fact.body.get("in_full").and_then(serde_json::Value::as_bool) == Some(true) => {
                let moments = receipt(fact).and_then(|receipt| dated.get(&receipt)).copied().unwrap_or(fact);
                // As far as they are known; each no later than the one behind it.
                let mut latest = at;
                for (name, what) in [
                    ("received_at", What::MoneyReceived),
                    ("booked_at", What::MoneyBooked),
                    ("sent_at", What::MoneySent),
                ] {
                    if let Some(moment) = moment(moments, name) {
                        latest = latest.min(moment);
                        push(latest, what);
                    }
                }
            }
            facts::PAUSED | facts::DEFERRED => {
                if let Some(until) = moment(fact, "until") {
                    push(until.max(at), What::WaitOver);
                }
            }
            _ => {}
        }
    }
    events.sort_by_key(|event| (event.at, place(event, start), event.fact.n));
    events
}

/// Among those of one moment. A wait that was over when it was told of ends behind what is said then.
fn place(event: &Event<'_>, start: Timestamp) -> (What, bool) {
    let at_once = event.what == What::WaitOver && happened(event.fact).max(start) == event.at;
    if at_once { (What::Said, true) } else { (event.what, false) }
}

/// When it happened, which is never after it was said.
pub fn happened(fact: &RecordedFact) -> Timestamp {
    moment(fact, "happened_at").map_or(fact.at, |moment| moment.min(fact.at))
}

fn moment(fact: &RecordedFact, name: &str) -> Option<Timestamp> {
    fact.body.get(name)?.as_str()?.parse().ok()
}

fn receipt(fact: &RecordedFact) -> Option<i64> {
    fact.body.get("receipt")?.as_i64()
}

/// What was told last of each receipt's moments.
fn dated(facts: &[RecordedFact]) -> BTreeMap<i64, &RecordedFact> {
    let dated = facts.iter().filter(|fact| fact.kind == facts::MONEY_DATED);
    dated.filter_map(|fact| Some((receipt(fact)?, fact))).collect()
}
