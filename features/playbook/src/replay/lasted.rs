//! What is kept of states that last, where asking again would not find it by itself: what was done about them, and
//! what was heard so late, or seen by a review, that the order had moved on. What merely begins and ends in time
//! follows from the facts.

use serde::{Deserialize, Serialize};
use takt_kernel::{Actor, Result};
use takt_playbook_language::{Effect, Moment, Occasion, Step};
use takt_store::{Fact, Query as _, RecordedFact, Subject, Tx, facts};

use super::evidence::Did;
use crate::{actions::Scene, occasions::LASTED, review::REVIEW, states::ON_STATE};

/// What is heard later than this is asked again as it stood when it was heard. No state that anybody waits for lasts
/// less.
const LATE_SECONDS: i64 = 60;

/// Something came of states of an order, or was looked at late.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lasted {
    /// The fact that was heard; none where a timer rang or all was looked at anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<i64>,
    /// How many facts of the order there were by then.
    pub n: i64,
    /// The version that decided; 0 is what Takt brings along.
    pub playbook: i64,
    /// All that was stepped is told, and the fact was heard here and not where it was said.
    #[serde(default, skip_serializing_if = "is_false")]
    pub late: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub review: bool,
    pub steps: Vec<Stepped>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub did: Vec<Did>,
}

/// What became of one occasion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stepped {
    pub rule: String,
    pub since: Moment,
    pub due: Moment,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Began,
    Moved,
    Acted,
    /// Before anything was done about it.
    Ended,
    EndedAfterwards,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_false(told: &bool) -> bool {
    !*told
}

impl Fact for Lasted {
    const KIND: &'static str = "playbook.lasted";
}

/// Whether this is done in the name of a rule about what lasts.
pub(crate) fn is_of_states(actor: &Actor) -> bool {
    match actor {
        Actor::System { listener, .. } => [ON_STATE, LASTED, REVIEW].contains(&listener.as_str()),
        Actor::Person { .. } | Actor::ShopToken { .. } | Actor::BuyerLink { .. } => false,
    }
}

pub(crate) fn is_late(tx: &Tx, fact: &RecordedFact) -> bool {
    tx.now().seconds_since(fact.at) >= LATE_SECONDS
}

/// A turn in progress. Only orders have a past that is asked.
pub(crate) struct Keeping<'s> {
    order: Option<Subject>,
    said: usize,
    scene: &'s Scene<'s>,
    late: bool,
    review: bool,
    steps: Vec<Stepped>,
    did: Vec<Did>,
}

impl<'s> Keeping<'s> {
    /// Before anything is carried out.
    pub fn begin(tx: &Tx, scene: &'s Scene<'s>, late: bool) -> Self {
        let order = scene.about.order().map(|order| Subject::new(takt_orders::facts::SUBJECT, order.get()));
        let said = order.map_or(0, |order| tx.said_of(scene.about.company, order));
        let review = scene.why == REVIEW;
        Self { order, said, scene, late, review, steps: Vec::new(), did: Vec::new() }
    }

    /// What was stepped, with the occasion as it stood before.
    pub fn note(
        &mut self,
        tx: &Tx,
        step: &Step,
        before: Option<&Occasion>,
        did: &[(&Effect, bool)],
    ) -> Result<()> {
        let (stood_since, stood_due) = before.map_or((0, 0), |occasion| (occasion.since, occasion.due));
        let (since, due, what) = match step {
            Step::Began { since, due, .. } => (*since, *due, What::Began),
            Step::Moved { due, .. } => (stood_since, *due, What::Moved),
            Step::Acted { .. } => (stood_since, stood_due, What::Acted),
            Step::Ended { since, acted: true, .. } => (*since, stood_due, What::EndedAfterwards),
            Step::Ended { since, acted: false, .. } => (*since, stood_due, What::Ended),
        };
        let matters = match what {
            What::Began | What::Moved => false,
            What::Acted => true,
            What::EndedAfterwards => !did.is_empty(),
            // Its time had come, and its timer had not rung.
            What::Ended => due <= self.scene.at.micros().max(tx.now().micros()),
        };
        if matters || self.late || self.review {
            self.steps.push(Stepped { rule: step.rule().to_owned(), since, due, what });
            for (effect, done) in did {
                self.did.push(Did::of(effect, *done)?);
            }
        }
        Ok(())
    }

    pub fn say(self, tx: &mut Tx) -> Result<()> {
        let Some(order) = self.order.filter(|_| self.late || !self.steps.is_empty()) else { return Ok(()) };
        let company = self.scene.about.company;
        let written = facts::last_of_subject(tx, company, order.kind, order.id)?;
        let heard = self.scene.fact.filter(|_| self.scene.why != LASTED && !self.review);
        let said = Lasted {
            heard,
            n: written.saturating_add(i64::try_from(self.said).unwrap_or(i64::MAX)),
            playbook: self.scene.version,
            late: self.late,
            review: self.review,
            steps: self.steps,
            did: self.did,
        };
        tx.say(takt_store::About::new(company, order, &self.scene.actor()), &said)
    }
}
