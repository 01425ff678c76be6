//! What is kept of a decision, in the transaction that carried it out: on which fact the playbook looked at an
//! order, how far the order's own story had gone by then, and what came of it. So the past can be asked again
//! exactly as it was asked, also where a fact was heard late.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use takt_kernel::{Actor, Fault, Result};
use takt_orders::OrderId;
use takt_playbook_language::Effect;
use takt_store::{Fact, RecordedFact, Subject, Tx, facts};

use crate::about::About;

/// Facts of one command are said within so many microseconds.
const ONE_COMMAND: i64 = 200;
/// Facts of an order behind the one that is heard; whoever is that late is late.
const LOOKED_BEHIND: i64 = 20;

/// The playbook looked at an order and decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Looked {
    /// The fact that was heard.
    pub fact: i64,
    /// How many facts of the order there were by then, those of the same transaction among them.
    pub n: i64,
    /// The version that decided; 0 is what Takt brings along.
    pub playbook: i64,
    pub did: Vec<Did>,
    /// Rules that could not be answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Did {
    pub rule: String,
    pub action: String,
    pub arguments: BTreeMap<String, Json>,
    /// Whether anything came of it: what is there already is not done twice.
    pub done: bool,
}

impl Fact for Looked {
    const KIND: &'static str = "playbook.looked";
}

impl Did {
    pub fn of(effect: &Effect, done: bool) -> Result<Self> {
        let unwritable = |error| Fault::broken("playbook.argument_unwritable").because(error);
        let arguments = effect
            .arguments
            .iter()
            .map(|(name, value)| Ok((name.clone(), serde_json::to_value(value).map_err(unwritable)?)))
            .collect::<Result<_>>()?;
        Ok(Self { rule: effect.rule.clone(), action: effect.action.clone(), arguments, done })
    }

    /// What is done to what, without the details.
    pub fn outline(&self) -> (String, String) {
        let kind = self.arguments.get("kind").and_then(Json::as_str).unwrap_or_default();
        (self.action.clone(), kind.to_owned())
    }
}

/// Whether two facts were said by one command. Facts of one subject never share a moment, so it takes the
/// same hand, the same cause and hardly any time.
pub(crate) fn one_command(one: &RecordedFact, other: &RecordedFact) -> bool {
    one.actor == other.actor && one.cause == other.cause && one.at.micros_since(other.at).abs() <= ONE_COMMAND
}

/// A look in progress. Evidence is kept of orders; what else a rule may be about has no past to be asked.
pub(crate) struct Evidence {
    order: Option<OrderId>,
    n: i64,
    did: Vec<Did>,
    failed: Vec<String>,
}

fn subject(order: OrderId) -> Subject {
    Subject::new(takt_orders::facts::SUBJECT, order.get())
}

impl Evidence {
    /// Before anything is carried out.
    pub fn begin(tx: &mut Tx, about: &About) -> Result<Self> {
        let n = match about.order().map(subject) {
            Some(subject) => {
                let written = facts::last_of_subject(tx, about.company, subject.kind, subject.id)?;
                let said = i64::try_from(tx.said_of(about.company, subject)).unwrap_or(i64::MAX);
                written.saturating_add(said)
            }
            None => 0,
        };
        Ok(Self { order: about.order(), n, did: Vec::new(), failed: Vec::new() })
    }

    /// What a rule did, and whether anything came of it.
    pub fn note(&mut self, did: &[(&Effect, bool)]) -> Result<()> {
        for (effect, done) in did {
            self.did.push(Did::of(effect, *done)?);
        }
        Ok(())
    }

    pub fn failed(&mut self, rule: String) {
        self.failed.push(rule);
    }

    pub fn say(self, tx: &mut Tx, fact: &RecordedFact, playbook: i64, actor: &Actor) -> Result<()> {
        let Some(order) = self.order else { return Ok(()) };
        let said = Looked { fact: fact.id, n: self.n, playbook, did: self.did, failed: self.failed };
        tx.say(takt_store::About::new(fact.company, subject(order), actor), &said)
    }
}

/// A glance was enough to see that nothing is to be done. That is kept only when the order's story had gone on
/// since the fact: whoever asks again would otherwise ask the order as it stood with the fact.
pub(crate) fn note_if_late(
    tx: &mut Tx,
    fact: &RecordedFact,
    order: OrderId,
    playbook: i64,
    listener: &str,
) -> Result<()> {
    let late = if fact.subject_kind == takt_orders::facts::SUBJECT {
        let (kind, id) = (fact.subject_kind.as_str(), fact.subject_id);
        let behind = facts::of_subject(tx, fact.company, kind, id, fact.n, LOOKED_BEHIND)?;
        let said = tx.said_of(fact.company, subject(order)) > 0;
        said || behind.iter().any(|other| !one_command(fact, other))
    } else {
        true
    };
    if !late {
        return Ok(());
    }
    let actor = Actor::System { listener: listener.to_owned(), version: playbook };
    Evidence::begin(tx, &About::order_of(fact.company, order))?.say(tx, fact, playbook, &actor)
}
