//! Walks through the story of one order and asks a playbook wherever it was, or would have been, asked. Pure: facts
//! in, looks out.
//!
//! When a look happened is known from its evidence: the order is asked as it stood after so many of its own facts
//! ([`Looked::n`]). A fact without evidence was looked at together with the command that said it: nothing had
//! happened to the order since, or there would be evidence. Tasks are taken in the order of the log.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use takt_kernel::{Result, Timestamp};
use takt_orders::{Stage, facts as orders, past::Past};
use takt_playbook_language::{Before, Decision, Playbook};
use takt_store::{Fact as _, RecordedFact};

use super::{
    board::{Board, By, Deed, Usual, is_playbook},
    company::CompanyPast,
    evidence::{Looked, one_command},
    lasted::Lasted,
    states::{Known, Standing, said_by},
};
use crate::{
    policy::Policy,
    situation::{Situation, Work},
    steps::{self, StepTicked, StepUnticked},
    words::CONFIRM,
};

/// By what is decided.
pub(crate) enum Laws {
    /// By the version that was in force.
    AsTheyWere,
    Given(Arc<Playbook>),
}

pub(crate) struct Under<'w> {
    pub company: &'w CompanyPast,
    pub laws: &'w Laws,
    pub usual: &'w Usual,
    /// Up to when what lasts has lasted.
    pub now: Timestamp,
    /// Also the looks at which nothing came of it, with every rule that looked.
    pub whole: bool,
}

/// One look at the order, and what was decided.
pub(crate) struct Look<'l> {
    pub fact: &'l RecordedFact,
    pub evidence: Option<&'l (&'l RecordedFact, Looked)>,
    pub at: Timestamp,
    pub past: &'l Past,
    pub work: &'l Work,
    pub policy: &'l Policy,
    pub playbook: &'l Playbook,
    /// `None` for a document that was never published.
    pub number: Option<i64>,
    pub decision: Decision,
    /// Of each effect, whether anything came of it.
    pub done: Vec<bool>,
}

/// How it ended.
pub(crate) struct Walked {
    pub past: Option<Past>,
    pub board: Board,
    /// When it was confirmed: really, or by the given playbook.
    pub confirmed_at: Option<Timestamp>,
    /// Rules about what lasts were asked, too; otherwise what they did stands as it was done.
    pub states_asked: bool,
}

pub(crate) fn walk(
    story: &[RecordedFact],
    under: &Under<'_>,
    mut visit: impl FnMut(&Look<'_>) -> Result<()>,
) -> Result<Walked> {
    let evidence = evidence_of(story)?;
    let mut places: BTreeMap<i64, &(&RecordedFact, Looked)> = BTreeMap::new();
    for kept in &evidence {
        places.insert(kept.1.n, kept);
    }
    let told: BTreeSet<i64> = evidence.iter().map(|(_, looked)| looked.fact).collect();
    let by_id: BTreeMap<i64, &RecordedFact> = story.iter().map(|fact| (fact.id, fact)).collect();
    let mut walker = Walker {
        under,
        past: None,
        board: Board::default(),
        confirmed_at: None,
        gone: BTreeSet::new(),
        ticks: BTreeSet::new(),
        position: 0,
        known: Known::of(story)?,
        states: Standing::default(),
    };
    let (mut waiting, mut unheard): (Vec<&RecordedFact>, Vec<&RecordedFact>) = (Vec::new(), Vec::new());
    for (fact, soonest) in story.iter().zip(soonest(story, under.now)) {
        if waiting.iter().any(|first| !one_command(first, fact)) {
            for heard in waiting.drain(..) {
                walker.look(heard, None, &mut visit)?;
            }
        }
        if unheard.iter().any(|first| !one_command(first, fact)) {
            for heard in unheard.drain(..) {
                walker.hear(heard, &mut visit)?;
            }
        }
        walker.pass_until(soonest, &by_id, &mut visit)?;
        let of_order = fact.subject_kind == orders::SUBJECT;
        if of_order
            && let Some(kept) = places.remove(&(fact.n - 1))
            && let Some(heard) = by_id.get(&kept.1.fact)
        {
            walker.look(heard, Some(kept), &mut visit)?;
        }
        if of_order && let Some(kept) = walker.known.at(fact.n - 1) {
            walker.come_to(&kept, &by_id, &mut visit)?;
        }
        walker.take(fact, of_order)?;
        if fact.kind == Looked::KIND || fact.kind == Lasted::KIND {
            continue;
        }
        unheard.push(fact);
        if !told.contains(&fact.id) {
            waiting.push(fact);
        }
    }
    for heard in waiting {
        walker.look(heard, None, &mut visit)?;
    }
    for heard in unheard {
        walker.hear(heard, &mut visit)?;
    }
    walker.pass_to_the_end(&by_id, &mut visit)?;
    Ok(Walked {
        past: walker.past,
        board: walker.board,
        confirmed_at: walker.confirmed_at,
        states_asked: walker.known.are_asked(),
    })
}

/// Of each fact the soonest moment from there on. A clock that went ahead for a while rang nothing.
fn soonest(story: &[RecordedFact], now: Timestamp) -> Vec<Timestamp> {
    let mut soonest: Vec<Timestamp> = story
        .iter()
        .rev()
        .scan(now, |soonest, fact| {
            *soonest = fact.at.min(*soonest);
            Some(*soonest)
        })
        .collect();
    soonest.reverse();
    soonest
}

fn evidence_of(story: &[RecordedFact]) -> Result<Vec<(&RecordedFact, Looked)>> {
    let kept = story.iter().filter(|fact| fact.kind == Looked::KIND);
    kept.map(|fact| Ok((fact, fact.read()?))).collect()
}

/// Whether all is ticked that a document demands first.
fn may_confirm(playbook: &Playbook, ticks: &BTreeSet<String>) -> bool {
    steps::demanded(playbook).iter().all(|step| step.before != Before::Confirm || ticks.contains(&step.key))
}

pub(crate) struct Walker<'w, 's> {
    pub under: &'w Under<'w>,
    pub past: Option<Past>,
    pub board: Board,
    confirmed_at: Option<Timestamp>,
    /// Facts that would not have happened here.
    pub gone: BTreeSet<i64>,
    /// Steps that are ticked.
    ticks: BTreeSet<String>,
    /// How far the log was gone through.
    pub position: i64,
    pub known: Known<'s>,
    pub states: Standing,
}

impl Walker<'_, '_> {
    fn by(&self, fact: &RecordedFact) -> By {
        if is_playbook(&fact.actor) {
            return By::Playbook(fact.cause);
        }
        self.known.behind(fact).map_or(By::Others, |evidence| By::Playbook(Some(evidence)))
    }

    fn take(&mut self, fact: &RecordedFact, of_order: bool) -> Result<()> {
        self.position = fact.position;
        let by = self.by(fact);
        if !of_order {
            if !self.board.real(fact, by)? {
                self.gone.insert(fact.id);
            }
            return Ok(());
        }
        match fact.kind.as_str() {
            StepTicked::KIND => {
                self.ticks.insert(fact.read::<StepTicked>()?.step);
            }
            StepUnticked::KIND => {
                self.ticks.remove(&fact.read::<StepUnticked>()?.step);
            }
            _ => {}
        }
        let Some(past) = &mut self.past else {
            self.past = Past::begin(fact)?;
            return Ok(());
        };
        if fact.kind == orders::CONFIRMED {
            let given = matches!(self.under.laws, Laws::Given(_));
            if given && by != By::Others && past.order.confirmed_at.is_none() {
                self.gone.insert(fact.id);
                return Ok(());
            }
            self.confirmed_at = self.confirmed_at.or(Some(fact.at));
        }
        past.apply(fact)
    }

    fn look(
        &mut self,
        fact: &RecordedFact,
        evidence: Option<&(&RecordedFact, Looked)>,
        visit: &mut impl FnMut(&Look<'_>) -> Result<()>,
    ) -> Result<()> {
        let (company, Some(past)) = (self.under.company, &self.past) else { return Ok(()) };
        if self.gone.contains(&fact.id) {
            return Ok(());
        }
        let place = evidence.map_or(fact.position, |(kept, _)| kept.position);
        let number =
            evidence.map_or_else(|| company.version(place, past.order.id), |(_, looked)| looked.playbook);
        let Some((number, playbook)) = self.law_of(number) else { return Ok(()) };
        let playbook = &playbook;
        let heard = Situation { fact: Some(fact), order: None, work: None, policy: None };
        if !playbook.concerns(&fact.kind, &|name| heard.look(name)) && !self.under.whole {
            return Ok(());
        }
        let at = evidence.map_or(fact.at, |(kept, _)| kept.at);
        self.board.pass(at, self.under.usual);
        let Some((past, work)) = self.past.as_ref().zip(self.work()) else { return Ok(()) };
        let policy = Some(company.policy(place));
        let whole = Situation { fact: Some(fact), order: Some(&past.order), work: Some(&work), policy };
        let look = |name: &str| whole.look(name);
        let decision = if self.under.whole {
            playbook.decide(&fact.kind, &look)
        } else {
            playbook.deeds(&fact.kind, &look)
        };
        if self.under.whole && decision.looked.is_empty() {
            return Ok(());
        }
        let deed = Deed { cause: fact.id, base: fact.at, at, since: None };
        self.act(playbook, number, decision, fact, evidence, &deed, visit)
    }

    /// Does what was decided, as far as it can be done, and shows it.
    #[expect(clippy::too_many_arguments, reason = "all of a look")]
    pub fn act(
        &mut self,
        playbook: &Playbook,
        number: Option<i64>,
        decision: Decision,
        fact: &RecordedFact,
        evidence: Option<&(&RecordedFact, Looked)>,
        deed: &Deed,
        visit: &mut impl FnMut(&Look<'_>) -> Result<()>,
    ) -> Result<()> {
        let Some((past, work)) = self.past.as_ref().zip(self.work()) else { return Ok(()) };
        let done: Vec<bool> = decision
            .effects
            .iter()
            .map(|effect| {
                let refused = effect.action == CONFIRM && !may_confirm(playbook, &self.ticks);
                !refused && self.board.carry_out(effect, past, deed)
            })
            .collect();
        let place = evidence.map_or(self.position, |(kept, _)| kept.position);
        let policy = self.under.company.policy(place);
        let at = deed.at;
        let look = Look { fact, evidence, at, past, work: &work, policy, playbook, number, decision, done };
        visit(&look)?;
        let confirms = look
            .decision
            .effects
            .iter()
            .zip(&look.done)
            .any(|(effect, done)| *done && effect.action == CONFIRM);
        let said = if matches!(self.under.laws, Laws::Given(_)) { said_by(&look) } else { Vec::new() };
        if confirms {
            self.confirm(at);
        }
        said.iter().try_for_each(|fact| self.hear(fact, visit))
    }

    pub fn work(&self) -> Option<Work> {
        Some(Work {
            tasks: Vec::new(),
            units: self.past.as_ref()?.units(),
            call_waits: self.board.waits("call"),
            task_ignored: self.board.ignored(),
        })
    }

    /// What holds at a place of the log.
    pub fn law(&self, place: i64) -> Option<(Option<i64>, Arc<Playbook>)> {
        let order = self.past.as_ref()?.order.id;
        self.law_of(self.under.company.version(place, order))
    }

    /// What holds where a version decided. `None` when this program cannot read it.
    pub fn law_of(&self, number: i64) -> Option<(Option<i64>, Arc<Playbook>)> {
        match self.under.laws {
            Laws::Given(playbook) => Some((None, Arc::clone(playbook))),
            Laws::AsTheyWere => Some((Some(number), Arc::clone(self.under.company.playbook(number)?))),
        }
    }

    /// What really followed comes with the next fact; here it stands for what did not.
    fn confirm(&mut self, at: Timestamp) {
        self.confirmed_at = self.confirmed_at.or(Some(at));
        let Some(past) = &mut self.past else { return };
        past.order.confirmed_at = Some(at);
        if past.order.stage.is_unconfirmed() {
            past.order.stage = Stage::Assembling;
            past.order.status.clone_from(&self.under.company.confirmed_status);
        }
    }
}
