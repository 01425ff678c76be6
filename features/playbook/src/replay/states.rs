//! States that last, in a walk through the past. They begin and end with the facts, and their time comes between
//! them. Where there is evidence of what became of an occasion, it is asked at that place, as it stood then; other
//! rules than those that ran are asked as if everything had been heard at once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use takt_kernel::{Result, Timestamp};
use takt_orders::facts as orders;
use takt_playbook_language::{Hours, Moment, Occasion, Playbook, Progress, Step, Turn, Value};
use takt_store::{Fact as _, RecordedFact};
use takt_tasks::facts::{Closed, Opened};

use super::{
    board::Deed,
    company::CompanyPast,
    lasted::{Lasted, Stepped, What, is_of_states},
    walk::{Laws, Look, Walker},
};
use crate::{
    situation::Situation,
    states::as_said,
    words::{CLOSE, CONFIRM, OPEN},
};

/// An occasion that evidence tells of began no later than so many microseconds after the one that was found. It may have
/// begun sooner: a fact that was heard after the next one seems to have begun what only both began.
const SAME_OCCASION: i64 = 60_000_000;
/// What fell due so shortly before the end may ring any moment.
const RINGS_WITHIN_SECONDS: i64 = 60;

/// What is known of an order's states before it is walked through.
pub(crate) struct Known<'s> {
    /// Evidence, by how many facts of the order there were.
    places: BTreeMap<i64, (&'s RecordedFact, Lasted)>,
    /// Facts that were heard late.
    late: BTreeMap<i64, i64>,
    /// Steps that evidence tells of and that have not been come to: fact, rule, since, version.
    ahead: Vec<(i64, String, Moment, i64)>,
    /// Deeds, by the evidence that belongs to them.
    covered: BTreeMap<i64, i64>,
    /// Whether everything that was done has its evidence; otherwise it stands as it was done.
    whole: bool,
}

impl<'s> Known<'s> {
    pub fn of(story: &'s [RecordedFact]) -> Result<Self> {
        let mut known = Known {
            places: BTreeMap::new(),
            late: BTreeMap::new(),
            ahead: Vec::new(),
            covered: BTreeMap::new(),
            whole: true,
        };
        for fact in story.iter().filter(|fact| fact.kind == Lasted::KIND) {
            let said: Lasted = fact.read()?;
            if let Some(heard) = said.heard.filter(|_| said.late) {
                known.late.insert(heard, said.playbook);
            }
            for step in said.steps.iter().filter(|step| step.what != What::Began) {
                known.ahead.push((fact.id, step.rule.clone(), step.since, said.playbook));
            }
            known.places.insert(said.n, (fact, said));
        }
        let deeds = story.iter().filter(|fact| {
            is_of_states(&fact.actor)
                && [Opened::KIND, Closed::KIND, orders::CONFIRMED].contains(&fact.kind.as_str())
        });
        for deed in deeds {
            // It is said behind what was done, by the same hand. Clocks tell nothing here: they may have been set back.
            let behind = known.places.values().map(|(fact, _)| *fact).filter(|fact| {
                fact.position > deed.position && fact.actor == deed.actor && fact.cause == deed.cause
            });
            match behind.min_by_key(|fact| fact.position) {
                Some(fact) => {
                    known.covered.insert(deed.id, fact.id);
                }
                None => known.whole = false,
            }
        }
        Ok(known)
    }

    pub fn are_asked(&self) -> bool {
        self.whole
    }

    /// The evidence behind what a rule about states did.
    pub fn behind(&self, deed: &RecordedFact) -> Option<i64> {
        self.covered.get(&deed.id).copied().filter(|_| self.whole)
    }

    pub fn at(&mut self, n: i64) -> Option<(&'s RecordedFact, Lasted)> {
        self.places.remove(&n)
    }
}

/// States as they stand in the walk.
#[derive(Default)]
pub(crate) struct Standing {
    progress: Progress,
    /// The fact with which an occasion began.
    begun: BTreeMap<String, i64>,
    /// Rules that could not be answered when their time had come.
    failed: BTreeSet<String>,
}

/// On what is acted.
struct Occurrence<'f> {
    fact: &'f RecordedFact,
    at: Timestamp,
    /// From when deadlines are counted.
    base: Timestamp,
}

impl<'s> Walker<'_, 's> {
    /// A fact comes to those who note what lasts.
    pub fn hear(
        &mut self,
        fact: &RecordedFact,
        visit: &mut impl FnMut(&Look<'_>) -> Result<()>,
    ) -> Result<()> {
        let given = matches!(self.under.laws, Laws::Given(_));
        if !self.known.whole || (given && self.gone.contains(&fact.id)) {
            return Ok(());
        }
        let Some((number, playbook)) = self.law(fact.position) else { return Ok(()) };
        if !playbook.moves_states(&fact.kind) {
            return Ok(());
        }
        let late = self.known.late.get(&fact.id).copied();
        let mut turn = self.heard_by(&playbook, fact, fact.position);
        let waits = |rule: &str| {
            late.is_some_and(|ran| self.is_the_same(&playbook, ran, rule)) || self.awaits(&playbook, rule)
        };
        let waiting: BTreeSet<String> =
            turn.steps.iter().map(Step::rule).filter(|rule| waits(rule)).map(str::to_owned).collect();
        only(&mut turn, |rule| !waiting.contains(rule));
        let on = Occurrence { fact, at: fact.at, base: fact.at };
        self.perform(&playbook, number, &turn, &on, visit)
    }

    /// What fell due before this moment and is not told of by evidence that is still to come.
    pub fn pass_until(
        &mut self,
        moment: Timestamp,
        story: &BTreeMap<i64, &'s RecordedFact>,
        visit: &mut impl FnMut(&Look<'_>) -> Result<()>,
    ) -> Result<()> {
        while self.known.whole {
            let Some((number, playbook)) = self.law(self.position) else { return Ok(()) };
            let rings = self
                .states
                .progress
                .timers()
                .filter(|(rule, due)| {
                    *due < moment.micros()
                        && !self.states.failed.contains(*rule)
                        && !self.awaits(&playbook, rule)
                })
                .min_by_key(|(_, due)| *due)
                .map(|(rule, due)| (rule.to_owned(), due));
            let Some((rule, due)) = rings else { return Ok(()) };
            let begun = self.states.begun.get(&rule).and_then(|fact| story.get(fact)).copied();
            let Some(begun) = begun else {
                self.states.failed.insert(rule);
                continue;
            };
            let turn = self.struck(&playbook, &rule, due, None);
            if turn.steps.is_empty() {
                self.states.failed.insert(rule);
                continue;
            }
            let due = Timestamp::from_micros(due);
            self.board.pass(due, self.under.usual);
            self.perform(&playbook, number, &turn, &Occurrence { fact: begun, at: due, base: due }, visit)?;
        }
        Ok(())
    }

    /// The last that is looked at: what has fallen due by now.
    pub fn pass_to_the_end(
        &mut self,
        story: &BTreeMap<i64, &'s RecordedFact>,
        visit: &mut impl FnMut(&Look<'_>) -> Result<()>,
    ) -> Result<()> {
        self.pass_until(self.under.now.plus_seconds(-RINGS_WITHIN_SECONDS), story, visit)
    }

    /// A place where something came of states, or they were looked at late.
    pub fn come_to(
        &mut self,
        (evidence, said): &(&'s RecordedFact, Lasted),
        story: &BTreeMap<i64, &'s RecordedFact>,
        visit: &mut impl FnMut(&Look<'_>) -> Result<()>,
    ) -> Result<()> {
        if !self.known.whole {
            return Ok(());
        }
        let Some((number, playbook)) = self.law_of(said.playbook) else { return Ok(()) };
        let given = matches!(self.under.laws, Laws::Given(_));
        let asked: BTreeSet<&str> = said
            .steps
            .iter()
            .map(|step| step.rule.as_str())
            .filter(|rule| self.is_the_same(&playbook, said.playbook, rule))
            .collect();
        let published = self.under.company.published(said.playbook);
        let of_another = |step: &Stepped| {
            // By a document that was not always in force it began with the publication.
            let begun = self.states.begun.get(&step.rule).and_then(|fact| story.get(fact));
            given
                && self.states.progress.0.contains_key(&step.rule)
                && begun.zip(published).is_some_and(|(begun, published)| begun.position < published)
        };
        let steps: Vec<&Stepped> = said
            .steps
            .iter()
            .filter(|step| asked.contains(step.rule.as_str()) && !of_another(step))
            .collect();
        let asked: BTreeSet<&str> = steps.iter().map(|step| step.rule.as_str()).collect();
        self.known.ahead.retain(|(fact, ..)| *fact != evidence.id);
        self.board.pass(evidence.at, self.under.usual);
        for step in &steps {
            match step.what {
                What::Began => {}
                What::Moved | What::Acted | What::Ended | What::EndedAfterwards => {
                    let acted = step.what == What::EndedAfterwards;
                    let occasion = Occasion { since: step.since, due: step.due, acted };
                    self.states.progress.0.insert(step.rule.clone(), occasion);
                }
            }
        }
        let heard = said.heard.and_then(|fact| story.get(&fact)).copied();
        let mut on = Occurrence { fact: evidence, at: evidence.at, base: evidence.at };
        match heard {
            Some(heard) => {
                on.base = heard.at;
                let mut turn = self.heard_by(&playbook, heard, evidence.position);
                only(&mut turn, |rule| {
                    asked.contains(rule) || (said.late && self.is_the_same(&playbook, said.playbook, rule))
                });
                self.perform(&playbook, number, &turn, &on, visit)
            }
            None if said.review => {
                let turn = self.reviewed(&playbook, evidence);
                self.perform(&playbook, number, &turn, &on, visit)
            }
            None => {
                for step in &steps {
                    let turn = self.struck(&playbook, &step.rule, evidence.at.micros(), Some(step.due));
                    on.base = Timestamp::from_micros(step.due);
                    self.perform(&playbook, number, &turn, &on, visit)?;
                }
                Ok(())
            }
        }
    }

    /// Evidence that is still to come tells what became of the occasion that stands.
    fn awaits(&self, playbook: &Playbook, rule: &str) -> bool {
        let Some(occasion) = self.states.progress.0.get(rule) else { return false };
        self.known.ahead.iter().any(|(_, of, since, ran)| {
            of == rule && since - occasion.since <= SAME_OCCASION && self.is_the_same(playbook, *ran, rule)
        })
    }

    /// Whether a rule says here what it said in the version that ran.
    fn is_the_same(&self, playbook: &Playbook, ran: i64, rule: &str) -> bool {
        let company = self.under.company;
        company.playbook(ran).is_some_and(|ran| playbook.says_the_same(ran, rule))
    }

    fn heard_by(&self, playbook: &Playbook, fact: &RecordedFact, place: i64) -> Turn {
        let (company, work) = (self.under.company, self.work());
        let Some((past, work)) = self.past.as_ref().zip(work) else { return Turn::default() };
        let situation = Situation {
            fact: Some(fact),
            order: Some(&past.order),
            work: Some(&work),
            policy: Some(company.policy(place)),
        };
        let look = |name: &str| as_said(fact, &situation, name);
        let passes = |hours: &Hours, since: i64, minutes: i64| passes(company, hours, since, minutes);
        playbook.steps(&self.states.progress, &fact.kind, fact.at.micros(), &look, &passes)
    }

    /// With the moment that its time came where that is known: calendars may have been others then.
    fn struck(&self, playbook: &Playbook, rule: &str, now: Moment, due: Option<Moment>) -> Turn {
        let (company, work) = (self.under.company, self.work());
        let Some((past, work)) = self.past.as_ref().zip(work) else { return Turn::default() };
        let policy = Some(company.policy(self.position));
        let situation = Situation { fact: None, order: Some(&past.order), work: Some(&work), policy };
        let passes = |hours: &Hours, since: i64, minutes: i64| match due {
            Some(due) => Ok(due),
            None => passes(company, hours, since, minutes),
        };
        playbook.strike(&self.states.progress, rule, now, &|name| situation.look(name), &passes)
    }

    fn reviewed(&self, playbook: &Playbook, evidence: &RecordedFact) -> Turn {
        let (company, work) = (self.under.company, self.work());
        let Some((past, work)) = self.past.as_ref().zip(work) else { return Turn::default() };
        let policy = Some(company.policy(evidence.position));
        let situation = Situation { fact: None, order: Some(&past.order), work: Some(&work), policy };
        let passes = |hours: &Hours, since: i64, minutes: i64| passes(company, hours, since, minutes);
        let look = |name: &str| situation.look(name);
        playbook.review(&self.states.progress, evidence.at.micros(), &look, &passes)
    }

    fn perform(
        &mut self,
        playbook: &Playbook,
        number: Option<i64>,
        turn: &Turn,
        on: &Occurrence<'_>,
        visit: &mut impl FnMut(&Look<'_>) -> Result<()>,
    ) -> Result<()> {
        for step in &turn.steps {
            let rule = step.rule();
            let since = match step {
                Step::Began { .. } => {
                    self.states.begun.insert(rule.to_owned(), on.fact.id);
                    None
                }
                Step::Ended { since, .. } => Some(*since),
                Step::Moved { .. } | Step::Acted { .. } => {
                    self.states.progress.0.get(rule).map(|occasion| occasion.since)
                }
            };
            self.states.failed.remove(rule);
            self.states.progress.apply(std::slice::from_ref(step));
            let mut decision = turn.decision.clone();
            decision.effects.retain(|effect| effect.rule == rule);
            decision.looked.retain(|looked| looked.rule == rule);
            if decision.effects.is_empty() {
                continue;
            }
            let since = since.map(|since| (rule.to_owned(), since));
            let deed = Deed { cause: on.fact.id, base: on.base, at: on.at, since };
            self.act(playbook, number, decision, on.fact, None, &deed, visit)?;
        }
        Ok(())
    }
}

/// What a document did here says no fact in the log; those who note what lasts hear of it all the same.
pub(crate) fn said_by(look: &Look<'_>) -> Vec<RecordedFact> {
    let done = look.decision.effects.iter().zip(&look.done).filter(|(_, done)| **done);
    done.filter_map(|(effect, _)| {
        let kind = match effect.action.as_str() {
            OPEN => Opened::KIND,
            CLOSE => Closed::KIND,
            CONFIRM => orders::CONFIRMED,
            _ => return None,
        };
        let word = |name: &str| match effect.arguments.get(name) {
            Some(Value::Text(word)) => Some(word.as_str()),
            _ => None,
        };
        let body = json!({
            "order": look.past.order.id, "kind": word("kind"), "outcome": word("outcome"),
        });
        Some(RecordedFact { kind: kind.to_owned(), at: look.at, body: body.into(), ..look.fact.clone() })
    })
    .collect()
}

fn only(turn: &mut Turn, asked: impl Fn(&str) -> bool) {
    turn.steps.retain(|step| asked(step.rule()));
    turn.decision.effects.retain(|effect| asked(&effect.rule));
    turn.decision.looked.retain(|looked| asked(&looked.rule));
}

fn passes(company: &CompanyPast, hours: &Hours, since: Moment, minutes: i64) -> Result<Moment, String> {
    let since = Timestamp::from_micros(since);
    let seconds = minutes.saturating_mul(60);
    let calendar = match hours {
        Hours::RoundTheClock => return Ok(since.plus_seconds(seconds).micros()),
        Hours::Usual => &company.calendar,
        Hours::Named(name) => company.named(name).ok_or_else(|| name.clone())?,
    };
    Ok(calendar.add_working_seconds(since, seconds).micros())
}
