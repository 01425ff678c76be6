//! Random histories: whatever is told in whatever order, every moment of an order's life belongs to one holder.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::json;
use takt_kernel::{Actor, Timestamp};
use takt_orders::{
    Holder,
    clock::{Split, split},
    standing::Standing,
};
use takt_staff::{
    Calendar,
    calendar::{Holidays, Week},
};
use takt_store::RecordedFact;

use crate::clock::{at, fact, numbered};

const KINDS: [&str; 18] = [
    "edited",
    "status_set",
    "commented",
    "deferred",
    "woken",
    "taken",
    "reserved",
    "short",
    "paid",
    "paid",
    "unpaid",
    "confirmed",
    "ready",
    "shipped",
    "paused",
    "resumed",
    "money_dated",
    "unheard_of",
];

/// Facts that are said in order and tell of moments in any order. `unit` is what all moments are multiples of.
fn any_history(unit: i64, longest_gap: i64) -> impl Strategy<Value = Vec<RecordedFact>> {
    let owners = prop::sample::select(vec!["buyer", "supplier", "carrier", "warehouse"]);
    let one = (
        prop::sample::select(KINDS.to_vec()),
        0..longest_gap,
        any::<bool>(),
        prop::option::of(0..longest_gap * 3),
        [0..longest_gap, 0..longest_gap * 4, 0..longest_gap * 8],
        owners,
        any::<bool>(),
    );
    let facts = prop::collection::vec(one, 1..24);
    (any::<bool>(), facts, any::<bool>()).prop_map(move |(prepaid, happened, ends)| {
        let moment = |count: i64| at(0).plus_micros(count * unit).to_string();
        let terms = if prepaid { "prepaid" } else { "on_delivery" };
        let mut facts = vec![fact("placed", at(0), json!({ "terms": terms, "in_full": false }))];
        let mut now = 0;
        for (kind, gap, flag, earlier, [sent, booked, until], owner, by_hand) in happened {
            now += gap;
            let body = json!({
                "in_full": flag, "pickup": !flag, "all": flag, "receipt": i64::from(flag), "reason": owner,
                "stage": if flag { "approval" } else { "assembling" }, "owner": owner,
                "happened_at": earlier.map(|earlier| moment(now - earlier)),
                "sent_at": moment(now - sent - booked), "booked_at": moment(now - booked),
                "received_at": moment(now - sent / 2), "until": moment(now + until),
            });
            let mut said = fact(kind, at(0).plus_micros(now * unit), body);
            if by_hand {
                said.actor = Actor::Person { person: takt_kernel::PersonId::new(1) };
            }
            facts.push(said);
        }
        if ends {
            facts.push(fact("cancelled", at(0).plus_micros((now + 1) * unit), json!({})));
        }
        numbered(facts)
    })
}

/// Zones whose clocks jump in the weeks that are looked at, and calendars that were edited day by day.
fn any_calendar() -> impl Strategy<Value = Calendar> {
    let zones = prop::sample::select(vec!["Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "UTC"]);
    let hours =
        || prop::sample::select(vec!["", "9-18", "9-13, 14-18", "0-24", "0-2:30, 22-24", "1:30-2:15"]);
    let week =
        prop::array::uniform7(hours()).prop_filter("opens", |days| days.iter().any(|day| !day.is_empty()));
    let edits = prop::collection::btree_map(1_i8..28, hours(), 0..6);
    (zones, week, edits).prop_map(|(zone, week, edits)| {
        let week = Week(week.map(|day| day.parse().expect(day)));
        let edits = edits
            .into_iter()
            .map(|(day, hours)| (jiff::civil::date(2026, 11, day), hours.parse().expect(hours)))
            .collect();
        let zone = TimeZone::get(zone).expect("a zone");
        Calendar::new(zone, week, Holidays::Russia, edits).expect("a calendar")
    })
}

/// Who holds the order at a moment, told anew for each moment by the plainest means.
fn holder_at(facts: &[RecordedFact], calendar: &Calendar, moment: Timestamp) -> Option<Holder> {
    let told = |fact: &RecordedFact, name: &str| -> Option<Timestamp> {
        fact.body.get(name)?.as_str()?.parse().ok()
    };
    let happened = |fact: &RecordedFact| told(fact, "happened_at").unwrap_or(fact.at).min(fact.at).max(at(0));
    let mut known: Vec<&RecordedFact> = facts.iter().filter(|fact| happened(fact) <= moment).collect();
    known.sort_by_key(|fact| (happened(fact), fact.n));
    let (mut standing, mut pause, mut deferral) = (Standing::default(), None, None);
    for fact in &known {
        standing.apply(&fact.kind, &fact.actor, &fact.body);
        match fact.kind.as_str() {
            "orders.paused" => pause = told(fact, "until"),
            "orders.deferred" => deferral = told(fact, "until"),
            _ => {}
        }
    }
    // What was put off or held up goes on by itself when its time is over.
    let over = |until: Option<Timestamp>| until.is_some_and(|until| until <= moment);
    if standing.deferred && over(deferral) && !standing.finished {
        return Some(Holder::Takt);
    }
    standing.paused = standing.paused.filter(|_| !over(pause));
    let holder = standing.holder()?;
    let holder = if standing.waits_for_money() { money_at(facts, moment).unwrap_or(holder) } else { holder };
    Some(if holder.keeps_hours() && !calendar.is_open(moment) { Holder::ClosedHours } else { holder })
}

/// Where the money is that has not been counted yet: the latest word about any of it.
fn money_at(facts: &[RecordedFact], moment: Timestamp) -> Option<Holder> {
    let told = |fact: &RecordedFact, name: &str| -> Option<Timestamp> {
        fact.body.get(name)?.as_str()?.parse().ok()
    };
    let happened = |fact: &RecordedFact| told(fact, "happened_at").unwrap_or(fact.at).min(fact.at).max(at(0));
    let mut steps: Vec<(Timestamp, i64, i64, Option<Holder>)> = Vec::new();
    for fact in facts.iter().filter(|fact| fact.kind == "orders.paid" && fact.body["in_full"] == true) {
        let counted = happened(fact);
        let is_about = |other: &&RecordedFact| {
            other.kind == "orders.money_dated" && other.body["receipt"] == fact.body["receipt"]
        };
        let moments = facts.iter().rev().find(is_about).unwrap_or(fact);
        let received = told(moments, "received_at").expect("told").min(counted);
        let booked = told(moments, "booked_at").expect("told").min(received);
        let sent = told(moments, "sent_at").expect("told").min(booked);
        let with_us = if fact.actor.person().is_some() { Holder::Queue } else { Holder::Takt };
        steps.push((sent.max(at(0)), 0, fact.n, Some(Holder::Bank)));
        steps.push((booked.max(at(0)), 1, fact.n, Some(Holder::Channel)));
        steps.push((received.max(at(0)), 2, fact.n, Some(with_us)));
        steps.push((counted, 4, fact.n, None));
    }
    steps.retain(|(at, ..)| *at <= moment);
    steps.sort_by_key(|(at, what, n, _)| (*at, *what, *n));
    steps.last().and_then(|(.., holder)| *holder)
}

fn check_that_it_adds_up(
    facts: &[RecordedFact],
    calendar: &Calendar,
    until: Timestamp,
) -> Result<Split, TestCaseError> {
    let split = split(facts, calendar, until);
    let end = split.segments.last().map_or(at(0), |last| last.to);
    let finished = facts.iter().any(|fact| fact.kind == "orders.cancelled");
    prop_assert!(finished || end == until, "an open order's time goes on until now");
    let whole = end.micros_since(at(0));
    prop_assert_eq!(split.whole_micros(), whole);
    prop_assert_eq!(split.totals().values().sum::<i64>(), whole);
    prop_assert_eq!(split.seconds().values().sum::<i64>(), whole / 1_000_000);
    let open: i64 = calendar.open_spans(at(0), end).into_iter().map(|(from, to)| to.micros_since(from)).sum();
    prop_assert_eq!(split.segments.iter().map(|segment| segment.working_micros).sum::<i64>(), open);
    prop_assert_eq!(split.working_seconds().iter().sum::<i64>(), open / 1_000_000);
    let mut edge = at(0);
    for segment in &split.segments {
        prop_assert_eq!(segment.from, edge);
        prop_assert!(segment.to > segment.from, "none is empty");
        prop_assert!((0..=segment.micros()).contains(&segment.working_micros));
        if segment.holder.keeps_hours() {
            prop_assert_eq!(segment.working_micros, segment.micros());
        }
        if segment.holder == Holder::ClosedHours {
            prop_assert_eq!(segment.working_micros, 0);
        }
        let said = facts.iter().find(|fact| fact.id == segment.evidence.fact);
        prop_assert_eq!(
            said.map(|fact| (fact.n, fact.kind.as_str())),
            Some((segment.evidence.n, segment.evidence.kind.as_str()))
        );
        edge = segment.to;
    }
    Ok(split)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn whatever_happens_the_parts_add_up_to_the_whole(
        facts in any_history(1, 9_000_000_000),
        calendar in any_calendar(),
        rest in 0_i64..900_000_000_000,
    ) {
        let last = facts.last().map_or(at(0), |fact| fact.at);
        check_that_it_adds_up(&facts, &calendar, last.plus_micros(rest))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_quarter_of_an_hour_is_his_who_holds_it(
        facts in any_history(900_000_000, 30),
        calendar in any_calendar(),
        rest in 0_i64..40,
    ) {
        let last = facts.last().map_or(at(0), |fact| fact.at);
        let until = last.plus_seconds(rest * 900);
        let split = check_that_it_adds_up(&facts, &calendar, until)?;
        let mut expected = BTreeMap::<Holder, i64>::new();
        let mut moment = at(0);
        while moment < until {
            if let Some(holder) = holder_at(&facts, &calendar, moment) {
                *expected.entry(holder).or_default() += 900_000_000;
            }
            moment = moment.plus_seconds(900);
        }
        prop_assert_eq!(split.totals(), expected);
    }
}
