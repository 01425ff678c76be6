//! Splits the life of an order by who held it. Every moment from the first fact until the end belongs to
//! exactly one holder, with the fact that says so, so the parts always add up to the whole.

use std::collections::BTreeMap;

use takt_kernel::{Actor, Timestamp};
use takt_staff::calendar::Calendar;
use takt_store::RecordedFact;

use super::events::{Event, What, events};
use crate::{facts, holder::Holder, standing::Standing};

const MICROS_PER_SECOND: i64 = 1_000_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub holder: Holder,
    pub from: Timestamp,
    pub to: Timestamp,
    /// How much of it the company was open.
    pub working_micros: i64,
    pub evidence: Evidence,
}

/// Why somebody holds the order since then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The id of the fact that says so, or that names the moment.
    pub fact: i64,
    /// Its number in the order's history.
    pub n: i64,
    pub kind: String,
    pub border: Border,
    /// The code of the pause.
    pub reason: Option<String>,
}

/// What lies at the beginning of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// The fact itself.
    Fact,
    /// The fact tells that the money left the buyer's bank, was booked, was heard of then.
    MoneySent,
    MoneyBooked,
    MoneyReceived,
    /// What the fact put off or held up until then.
    WaitOver,
    /// The company opened or closed.
    Calendar,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// In order, each beginning where the one before ends; none is empty.
    pub segments: Vec<Segment>,
}

impl Segment {
    pub fn micros(&self) -> i64 {
        self.to.micros_since(self.from)
    }
}

impl Split {
    pub fn whole_micros(&self) -> i64 {
        match (self.segments.first(), self.segments.last()) {
            (Some(first), Some(last)) => last.to.micros_since(first.from),
            _ => 0,
        }
    }

    pub fn totals(&self) -> BTreeMap<Holder, i64> {
        let mut totals = BTreeMap::new();
        for segment in &self.segments {
            *totals.entry(segment.holder).or_default() += segment.micros();
        }
        totals
    }

    /// Whole seconds per holder that add up to the whole seconds of the whole.
    pub fn seconds(&self) -> BTreeMap<Holder, i64> {
        let mut totals = BTreeMap::new();
        for (segment, seconds) in self.segments_in_seconds() {
            *totals.entry(segment.holder).or_default() += seconds;
        }
        totals
    }

    /// Each part in whole seconds that add up: a border is rounded down once, for the part before it
    /// and the part behind it alike.
    pub fn segments_in_seconds(&self) -> Vec<(&Segment, i64)> {
        let Some(start) = self.segments.first().map(|first| first.from) else { return Vec::new() };
        let border = |moment: Timestamp| moment.micros_since(start) / MICROS_PER_SECOND;
        self.segments.iter().map(|segment| (segment, border(segment.to) - border(segment.from))).collect()
    }

    /// Of each part the whole seconds in which the company was open; they too add up to the whole.
    pub fn working_seconds(&self) -> Vec<i64> {
        let mut passed = 0;
        let border = |micros: i64| micros / MICROS_PER_SECOND;
        self.segments
            .iter()
            .map(|segment| {
                let before = border(passed);
                passed += segment.working_micros;
                border(passed) - before
            })
            .collect()
    }

    pub fn whole_seconds(&self) -> i64 {
        self.whole_micros() / MICROS_PER_SECOND
    }

    pub fn whole_working_seconds(&self) -> i64 {
        self.segments.iter().map(|segment| segment.working_micros).sum::<i64>() / MICROS_PER_SECOND
    }

    /// What lies between two moments.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Vec<(Holder, i64)> {
        let within = self.segments.iter().filter(|segment| segment.from < to && segment.to > from);
        within
            .map(|segment| (segment.holder, segment.to.min(to).micros_since(segment.from.max(from))))
            .collect()
    }
}

/// Who held the order from its first fact until `until`, or until it was finished.
/// The facts are those of one order, in the order in which they were said.
pub fn split(facts: &[RecordedFact], calendar: &Calendar, until: Timestamp) -> Split {
    let events = events(facts);
    let Some(first) = events.first() else { return Split::default() };
    let (start, until) = (first.at, until.max(first.at));
    let mut held = Held::new(start, until, calendar);
    for event in &events {
        held.until(event.at.min(until));
        held.take(event);
    }
    held.until(until);
    held.split
}

/// The state of the walk through the events.
struct Held<'f> {
    split: Split,
    /// When the company is open, from the first moment to the last, and how many of them are behind us.
    open: Vec<(Timestamp, Timestamp)>,
    passed: usize,
    since: Timestamp,
    standing: Standing,
    /// Where the buyer's money is, once it is on its way.
    money: Option<(Holder, Event<'f>)>,
    /// The fact that put the order off last.
    deferral: Option<i64>,
    /// What holds the order up.
    pause: Option<&'f RecordedFact>,
    /// It was put off until a moment that has passed, and nothing has taken it up again.
    overslept: bool,
    why: Option<Event<'f>>,
}

impl<'f> Held<'f> {
    fn new(start: Timestamp, until: Timestamp, calendar: &Calendar) -> Self {
        Self {
            split: Split::default(),
            open: calendar.open_spans(start, until),
            passed: 0,
            since: start,
            standing: Standing::default(),
            money: None,
            deferral: None,
            pause: None,
            overslept: false,
            why: None,
        }
    }

    fn holder(&self) -> Option<Holder> {
        if self.overslept && !self.standing.finished {
            return Some(Holder::Takt);
        }
        let money = self.money.filter(|_| self.standing.waits_for_money());
        money.map(|(holder, _)| holder).or_else(|| self.standing.holder())
    }

    fn take(&mut self, event: &Event<'f>) {
        let before = (self.holder(), self.reason());
        match event.what {
            What::MoneySent => self.money = Some((Holder::Bank, *event)),
            What::MoneyBooked => self.money = Some((Holder::Channel, *event)),
            What::MoneyReceived => self.money = Some((who_recognised(event.fact), *event)),
            What::WaitOver => self.wait_over(event),
            What::Said => self.said(event),
        }
        if self.why.is_none() || (self.holder(), self.reason()) != before {
            self.why = Some(*event);
        }
    }

    /// Only what still holds it up: a later word may have ended or moved it.
    fn wait_over(&mut self, event: &Event<'f>) {
        let fact = event.fact;
        if self.deferral == Some(fact.id) {
            self.overslept = self.standing.deferred;
        }
        if self.pause.is_some_and(|pause| pause.id == fact.id) {
            (self.pause, self.standing.paused) = (None, None);
        }
    }

    fn said(&mut self, event: &Event<'f>) {
        let fact = event.fact;
        self.standing.apply(&fact.kind, &fact.actor, &fact.body);
        match fact.kind.as_str() {
            facts::PAID if self.standing.in_full => self.money = None,
            facts::DEFERRED => (self.deferral, self.overslept) = (Some(fact.id), false),
            facts::WOKEN => self.overslept = false,
            facts::PAUSED => self.pause = Some(fact),
            _ => {}
        }
        self.pause = self.pause.filter(|_| self.standing.paused.is_some());
    }

    fn reason(&self) -> Option<&'f str> {
        let holds = !self.standing.deferred && !self.standing.finished;
        self.pause.filter(|_| holds)?.body.get("reason")?.as_str()
    }

    /// Gives the time until then to whoever holds the order.
    fn until(&mut self, to: Timestamp) {
        let from = std::mem::replace(&mut self.since, to);
        let (Some(holder), Some(why)) = (self.holder(), self.why) else { return };
        if from >= to {
            return;
        }
        let mut reached = from;
        while let Some((opens, closes)) = self.open.get(self.passed).copied() {
            let (opens, ends) = (opens.max(from), closes.min(to));
            if opens < ends {
                self.add(holder, why, reached, opens, false);
                self.add(holder, why, opens, ends, true);
                reached = ends;
            }
            if closes > to {
                break;
            }
            self.passed += 1;
        }
        self.add(holder, why, reached, to, false);
    }

    fn add(&mut self, holder: Holder, why: Event<'f>, from: Timestamp, to: Timestamp, open: bool) {
        if from >= to {
            return;
        }
        let closed = !open && holder.keeps_hours();
        let holder = if closed { Holder::ClosedHours } else { holder };
        let reason = self.reason();
        let working_micros = if open { to.micros_since(from) } else { 0 };
        if let Some(last) = self.split.segments.last_mut()
            && last.holder == holder
            && last.to == from
            && last.evidence.reason.as_deref() == reason
        {
            (last.to, last.working_micros) = (to, last.working_micros + working_micros);
            return;
        }
        let resumes = from > why.at && holder.keeps_hours();
        let border = if closed || resumes { Border::Calendar } else { border(why.what) };
        let evidence = Evidence {
            fact: why.fact.id,
            n: why.fact.n,
            kind: why.fact.kind.clone(),
            border,
            reason: reason.map(str::to_owned),
        };
        self.split.segments.push(Segment { holder, from, to, working_micros, evidence });
    }
}

const fn border(what: What) -> Border {
    match what {
        What::MoneySent => Border::MoneySent,
        What::MoneyBooked => Border::MoneyBooked,
        What::MoneyReceived => Border::MoneyReceived,
        What::WaitOver => Border::WaitOver,
        What::Said => Border::Fact,
    }
}

/// Money that we have heard of waits for the program, or for a person who finds the order it belongs to.
fn who_recognised(fact: &RecordedFact) -> Holder {
    match fact.actor {
        Actor::Person { .. } => Holder::Queue,
        Actor::ShopToken { .. } | Actor::BuyerLink { .. } | Actor::System { .. } => Holder::Takt,
    }
}
