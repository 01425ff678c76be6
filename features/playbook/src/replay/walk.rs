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
use takt_playbook_language::{Decision, Playbook};
use takt_store::{Fact as _, RecordedFact};

use super::{
    board::{Board, Usual, is_playbook},
    company::CompanyPast,
    evidence::{Looked, one_command},
};
use crate::{
    policy::Policy,
    situation::{Situation, Work},
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
    let mut walker =
        Walker { under, past: None, board: Board::default(), confirmed_at: None, gone: BTreeSet::new() };
    let mut waiting: Vec<&RecordedFact> = Vec::new();
    for fact in story {
        if waiting.iter().any(|first| !one_command(first, fact)) {
            for heard in waiting.drain(..) {
                walker.look(heard, None, &mut visit)?;
            }
        }
        let of_order = fact.subject_kind == orders::SUBJECT;
        if of_order
            && let Some(kept) = places.remove(&(fact.n - 1))
            && let Some(heard) = by_id.get(&kept.1.fact)
        {
            walker.look(heard, Some(kept), &mut visit)?;
        }
        walker.take(fact, of_order)?;
        if !told.contains(&fact.id) && fact.kind != Looked::KIND {
            waiting.push(fact);
        }
    }
    for heard in waiting {
        walker.look(heard, None, &mut visit)?;
    }
    Ok(Walked { past: walker.past, board: walker.board, confirmed_at: walker.confirmed_at })
}

fn evidence_of(story: &[RecordedFact]) -> Result<Vec<(&RecordedFact, Looked)>> {
    let kept = story.iter().filter(|fact| fact.kind == Looked::KIND);
    kept.map(|fact| Ok((fact, fact.read()?))).collect()
}

struct Walker<'w> {
    under: &'w Under<'w>,
    past: Option<Past>,
    board: Board,
    confirmed_at: Option<Timestamp>,
    /// Facts that would not have happened here.
    gone: BTreeSet<i64>,
}

impl Walker<'_> {
    fn take(&mut self, fact: &RecordedFact, of_order: bool) -> Result<()> {
        if !of_order {
            if !self.board.real(fact)? {
                self.gone.insert(fact.id);
            }
            return Ok(());
        }
        let Some(past) = &mut self.past else {
            self.past = Past::begin(fact)?;
            return Ok(());
        };
        if fact.kind == orders::CONFIRMED {
            let given = matches!(self.under.laws, Laws::Given(_));
            if given && is_playbook(&fact.actor) && past.order.confirmed_at.is_none() {
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
        let number = evidence.map_or_else(|| company.version(place), |(_, looked)| looked.playbook);
        let (playbook, number) = match self.under.laws {
            Laws::Given(playbook) => (playbook, None),
            Laws::AsTheyWere => match company.playbook(number) {
                Some(playbook) => (playbook, Some(number)),
                None => return Ok(()),
            },
        };
        let heard = Situation { fact: Some(fact), order: None, work: None, policy: None };
        if !playbook.concerns(&fact.kind, &|name| heard.look(name)) && !self.under.whole {
            return Ok(());
        }
        let at = evidence.map_or(fact.at, |(kept, _)| kept.at);
        self.board.pass(at, self.under.usual);
        let work = Work {
            tasks: Vec::new(),
            units: past.units(),
            call_waits: self.board.waits("call"),
            task_ignored: self.board.ignored(),
        };
        let policy = company.policy(place);
        let order = &past.order;
        let whole =
            Situation { fact: Some(fact), order: Some(order), work: Some(&work), policy: Some(policy) };
        let look = |name: &str| whole.look(name);
        let decision = if self.under.whole {
            playbook.decide(&fact.kind, &look)
        } else {
            playbook.deeds(&fact.kind, &look)
        };
        let done =
            decision.effects.iter().map(|effect| self.board.carry_out(effect, past, fact, at)).collect();
        if self.under.whole && decision.looked.is_empty() {
            return Ok(());
        }
        let look = Look { fact, evidence, at, past, work: &work, policy, playbook, number, decision, done };
        visit(&look)?;
        let confirms = look
            .decision
            .effects
            .iter()
            .zip(&look.done)
            .any(|(effect, done)| *done && effect.action == CONFIRM);
        if confirms {
            self.confirm(at);
        }
        Ok(())
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
