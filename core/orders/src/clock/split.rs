//! Splits the life of an order by who held it. Every moment from the first fact until the end
//! belongs to exactly one holder, so the parts always add up to the whole.

use std::collections::BTreeMap;

use takt_kernel::Timestamp;
use takt_staff::calendar::Calendar;
use takt_store::RecordedFact;

use crate::{facts, holder::Holder, standing::Standing};

const MICROS_PER_SECOND: i64 = 1_000_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub holder: Holder,
    pub from: Timestamp,
    pub to: Timestamp,
    /// The kind of the fact since which this holder holds.
    pub why: String,
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

    pub fn whole_seconds(&self) -> i64 {
        self.whole_micros() / MICROS_PER_SECOND
    }

    fn add(&mut self, segment: Segment) {
        if segment.from >= segment.to {
            return;
        }
        match self.segments.last_mut() {
            Some(last) if last.holder == segment.holder => last.to = segment.to,
            Some(_) | None => self.segments.push(segment),
        }
    }
}

/// Who held the order from its first fact until `until`, or until it was finished.
/// The facts are those of one order, in order.
pub fn split(facts: &[RecordedFact], calendar: &Calendar, until: Timestamp) -> Split {
    let mut split = Split::default();
    let Some(first) = facts.first() else { return split };
    let mut standing = Standing::default();
    let mut since = first.at;
    let mut why = first.kind.as_str();
    for fact in facts {
        let now = fact.at.max(since).min(until.max(since));
        if fact.kind == facts::PAID {
            waited_for_money(&mut split, &standing, since, now, why, fact, calendar);
        } else {
            held(&mut split, standing.holder(), since, now, why, calendar);
        }
        let before = standing.holder();
        standing.apply(&fact.kind, &fact.actor, &fact.body);
        if standing.holder() != before {
            why = &fact.kind;
        }
        since = now;
    }
    held(&mut split, standing.holder(), since, until.max(since), why, calendar);
    split
}

/// While the buyer was waited for, the money may already have been between the banks, in the channel
/// to us, or with us and not recognised. As far as the moments are known, each gets its own part.
fn waited_for_money(
    split: &mut Split,
    standing: &Standing,
    since: Timestamp,
    until: Timestamp,
    why: &str,
    fact: &RecordedFact,
    calendar: &Calendar,
) {
    let holder = standing.holder();
    let moment = |name: &str| {
        let text = fact.body.get(name)?.as_str()?;
        text.parse::<Timestamp>().ok().map(|moment| moment.max(since).min(until))
    };
    if holder != Some(Holder::Buyer) || standing.deferred {
        return held(split, holder, since, until, why, calendar);
    }
    let received = moment("received_at").unwrap_or(until);
    let booked = moment("booked_at").unwrap_or(received).min(received);
    let sent = moment("sent_at").unwrap_or(booked).min(booked);
    held(split, Some(Holder::Buyer), since, sent, why, calendar);
    for (holder, from, to) in
        [(Holder::Bank, sent, booked), (Holder::Channel, booked, received), (Holder::Queue, received, until)]
    {
        held(split, Some(holder), from, to, facts::PAID, calendar);
    }
}

fn held(
    split: &mut Split,
    holder: Option<Holder>,
    from: Timestamp,
    to: Timestamp,
    why: &str,
    calendar: &Calendar,
) {
    let Some(holder) = holder else { return };
    let mut add = |holder, from, to| split.add(Segment { holder, from, to, why: why.to_owned() });
    if !holder.keeps_hours() {
        return add(holder, from, to);
    }
    let mut reached = from;
    for (opens, closes) in calendar.open_spans(from, to) {
        add(Holder::ClosedHours, reached, opens);
        add(holder, opens, closes);
        reached = closes;
    }
    add(Holder::ClosedHours, reached, to);
}
