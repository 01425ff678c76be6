//! Which milestones an order reached, when, and whether that was by when they were promised; and of each
//! that was missed, who held most of the time beyond.

use takt_kernel::Timestamp;
use takt_store::RecordedFact;

use super::{
    allowance::Wait,
    calendars::Calendars,
    events::{What, events},
    promises::{Basis, Next, Promises},
    split::Split,
};
use crate::{
    facts,
    holder::{Holder, Milestone},
    standing::Standing,
    statuses::Status,
};

/// One milestone on an order's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    pub milestone: Milestone,
    /// When it came next: where the milestone before was reached, or the way began.
    pub since: Timestamp,
    pub reached: Option<Timestamp>,
    pub due: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    pub placed_at: Timestamp,
    /// When the order was finished, delivered or not.
    pub finished_at: Option<Timestamp>,
    pub cancelled: bool,
    pub urgent: bool,
    /// Since when the promises run.
    pub started_at: Option<Timestamp>,
    /// In the order in which they were reached; the last may still be ahead.
    pub passages: Vec<Passage>,
}

impl Passage {
    /// So many seconds later than promised; `None` when it was kept, nothing was promised, or it is ahead.
    pub fn overrun_seconds(&self) -> Option<i64> {
        let late = self.reached?.micros_since(self.due?) / 1_000_000;
        (late > 0).then_some(late)
    }

    pub fn is_missed(&self) -> bool {
        self.overrun_seconds().is_some()
    }

    /// Who held most of the time beyond the promise. Closed hours count only when there was nothing else:
    /// nobody misses a promise by sleeping.
    pub fn blamed(&self, split: &Split) -> Option<Holder> {
        self.overrun_seconds()?;
        let mut totals = std::collections::BTreeMap::<Holder, i64>::new();
        for (holder, micros) in split.between(self.due?, self.reached?) {
            *totals.entry(holder).or_default() += micros;
        }
        let most = |closed: bool| {
            let of = totals.iter().filter(|(holder, _)| (**holder == Holder::ClosedHours) == closed);
            // The first of equals, so that the answer is always the same.
            of.max_by_key(|(holder, micros)| (**micros, std::cmp::Reverse(**holder)))
                .map(|(holder, _)| *holder)
        };
        most(false).or_else(|| most(true))
    }
}

/// The facts are those of one order, in the order in which they were said.
pub fn course(
    facts: &[RecordedFact],
    promises: &Promises,
    statuses: &[Status],
    calendars: &Calendars,
) -> Option<Course> {
    let events = events(facts);
    let placed_at = events.first()?.at;
    let mut walk = Walk {
        course: Course {
            placed_at,
            finished_at: None,
            cancelled: false,
            urgent: false,
            started_at: None,
            passages: Vec::new(),
        },
        standing: Standing::default(),
        status: String::new(),
        waits: Vec::new(),
        paused_at: None,
        promises,
        statuses,
        calendars,
    };
    let mut waiting = None;
    for event in &events {
        match event.what {
            What::Said => {
                if event.fact.kind == facts::PAUSED {
                    waiting = Some(event.fact.id);
                }
                walk.said(event.fact, event.at);
            }
            What::WaitOver if waiting == Some(event.fact.id) && walk.standing.paused.is_some() => {
                walk.standing.paused = None;
                walk.paused(event.at);
            }
            What::WaitOver | What::MoneySent | What::MoneyBooked | What::MoneyReceived => {}
        }
        walk.step(event.at);
    }
    walk.promise();
    Some(walk.course)
}

struct Walk<'w> {
    course: Course,
    standing: Standing,
    status: String,
    waits: Vec<Wait>,
    /// Since when the buyer lets us wait.
    paused_at: Option<Timestamp>,
    promises: &'w Promises,
    statuses: &'w [Status],
    calendars: &'w Calendars,
}

impl Walk<'_> {
    fn said(&mut self, fact: &RecordedFact, at: Timestamp) {
        let was_in_full = self.standing.in_full;
        self.standing.apply(&fact.kind, &fact.actor, &fact.body);
        let text = |name: &str| fact.body.get(name).and_then(serde_json::Value::as_str);
        let flag = |name: &str| fact.body.get(name).and_then(serde_json::Value::as_bool);
        let course = &mut self.course;
        course.urgent = flag("urgent").unwrap_or(course.urgent);
        match fact.kind.as_str() {
            facts::PLACED => {
                text("status").unwrap_or_default().clone_into(&mut self.status);
                course.started_at = (!self.standing.prepaid || self.standing.in_full).then_some(at);
            }
            facts::STATUS_SET => text("to").unwrap_or_default().clone_into(&mut self.status),
            facts::WOKEN => {
                let since = fact.read::<facts::Woken>().ok().and_then(|woken| woken.started_at);
                course.started_at = course.started_at.map(|_| since.unwrap_or(at));
            }
            facts::SPLIT_OFF => {
                if let Ok(part) = fact.read::<facts::SplitOff>() {
                    self.waits = part.waits;
                }
            }
            facts::CANCELLED => course.cancelled = true,
            _ => {}
        }
        if let Some(change) = fact.changes.iter().find(|change| change.path == "status")
            && let Some(status) = &change.new
        {
            self.status.clone_from(status);
        }
        if self.standing.prepaid && !self.standing.shipped && self.standing.in_full != was_in_full {
            course.started_at = self.standing.in_full.then_some(course.started_at.unwrap_or(at));
        }
        if self.standing.finished && course.finished_at.is_none() {
            course.finished_at = Some(at);
        }
        if fact.kind == facts::PAUSED {
            self.end_wait(at);
        }
        self.paused(at);
    }

    /// Follows whether the buyer lets us wait.
    fn paused(&mut self, at: Timestamp) {
        if self.standing.paused == Some(Holder::Buyer) {
            self.paused_at.get_or_insert(at);
        } else {
            self.end_wait(at);
        }
    }

    fn end_wait(&mut self, at: Timestamp) {
        if let Some(from) = self.paused_at.take() {
            self.waits.push(Wait { from, to: at });
        }
    }

    /// Whether the order stands in this status or further on.
    fn passed(&self, code: &str) -> bool {
        super::has_passed(self.statuses, &self.status, code)
    }

    /// By when the one that is ahead is promised.
    fn promise(&mut self) {
        let Some(open) = self.course.passages.last().filter(|passage| passage.reached.is_none()) else {
            return;
        };
        let due = self.due(&open.milestone, open.since);
        if let Some(open) = self.course.passages.last_mut() {
            open.due = due;
        }
    }

    fn due(&self, milestone: &Milestone, since: Timestamp) -> Option<Timestamp> {
        let basis = Basis {
            placed_at: self.course.placed_at,
            started_at: self.course.started_at,
            previous_at: since,
            urgent: self.course.urgent,
            waits: &self.waits,
        };
        let rule = self.promises.rule(milestone)?;
        rule.due(&basis, self.calendars.by(rule))
    }

    /// Closes the milestones that are reached by now and opens the next.
    fn step(&mut self, at: Timestamp) {
        let next = self.promises.next(&self.standing, &|code| self.passed(code));
        let milestone = match next {
            Next::Nothing => None,
            Next::Money => Some(Milestone::PAID),
            Next::Milestone(rule) => Some(rule.milestone()),
        };
        let current = self.course.passages.iter().rev().find(|passage| passage.reached.is_none());
        if current.map(|passage| &passage.milestone) == milestone.as_ref() {
            return;
        }
        self.leave(milestone.as_ref(), at);
        if let Some(milestone) = milestone {
            self.course.passages.push(Passage { milestone, since: at, reached: None, due: None });
        }
    }

    /// The milestone that was next is reached, unless the order went back or ended before it. Those between it
    /// and the next one were reached at the same moment.
    fn leave(&mut self, next: Option<&Milestone>, at: Timestamp) {
        let Some(open) = self.course.passages.pop_if(|passage| passage.reached.is_none()) else { return };
        let is_true = |milestone: &Milestone| match self.promises.rule(milestone) {
            Some(rule) => rule.reached.is_true(&self.standing, &|code| self.passed(code)),
            None => self.standing.in_full,
        };
        if !is_true(&open.milestone) {
            return;
        }
        let first = self.promises.milestones.iter().position(|rule| rule.milestone() == open.milestone);
        let passed: Vec<Milestone> = match first {
            None => vec![open.milestone.clone()],
            Some(first) => self
                .promises
                .milestones
                .iter()
                .skip(first)
                .map(super::promises::MilestoneRule::milestone)
                .take_while(|milestone| Some(milestone) != next && is_true(milestone))
                .collect(),
        };
        let mut since = open.since;
        for milestone in passed {
            // Reached a second time after the order had gone back: only the last time counts.
            self.course.passages.retain(|passage| passage.milestone != milestone);
            let due = self.due(&milestone, since);
            self.course.passages.push(Passage { milestone, since, reached: Some(at), due });
            since = at;
        }
    }
}
