//! Every second of an order's life belongs to exactly one holder.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use takt_kernel::{Actor, CompanyId, Timestamp};
use takt_orders::{
    Holder,
    clock::{Allowance, Border, MilestoneRule, Promises, Reached, Split, Wait, course, split},
};
use takt_staff::{
    Calendar,
    calendar::{Holidays, Week},
};
use takt_store::RecordedFact;

const START: &str = "2026-11-02T06:00:00Z";

pub fn at(seconds: i64) -> Timestamp {
    START.parse::<Timestamp>().expect("a moment").plus_seconds(seconds)
}

pub fn fact(kind: &str, moment: Timestamp, body: Value) -> RecordedFact {
    RecordedFact {
        position: 1,
        id: 1,
        company: CompanyId::new(1),
        subject_kind: "order".to_owned(),
        subject_id: 1,
        n: 1,
        kind: format!("orders.{kind}"),
        version: 1,
        at: moment,
        actor: Actor::system("test"),
        token: None,
        cause: None,
        source: None,
        body: body.into(),
        changes: Vec::new(),
    }
}

fn nine_to_six() -> Calendar {
    let zone = TimeZone::get("Europe/Moscow").expect("a zone");
    Calendar::new(zone, Week::office(), Holidays::None, BTreeMap::new()).expect("a calendar")
}

fn parts(split: &Split) -> Vec<(Holder, i64)> {
    split.segments_in_seconds().into_iter().map(|(segment, seconds)| (segment.holder, seconds)).collect()
}

#[test]
fn what_is_promised_keeps_the_companys_hours() {
    let minutes = Allowance::WorkingMinutes;
    for (start, allowance, due) in [
        ("2026-11-06T09:00:00+03:00", minutes(15), "2026-11-06T09:15:00+03:00"),
        ("2026-11-06T17:50:00+03:00", minutes(15), "2026-11-09T09:05:00+03:00"),
        ("2026-11-07T12:00:00+03:00", minutes(60), "2026-11-09T10:00:00+03:00"),
        ("2026-11-05T10:00:00+03:00", Allowance::Days(1), "2026-11-06T10:00:00+03:00"),
        ("2026-11-06T10:00:00+03:00", Allowance::Days(1), "2026-11-09T09:00:00+03:00"),
        ("2026-11-07T12:00:00+03:00", Allowance::Days(1), "2026-11-10T09:00:00+03:00"),
        ("2026-11-06T17:50:00+03:00", Allowance::WallMinutes(15), "2026-11-06T18:05:00+03:00"),
    ] {
        let start: Timestamp = start.parse().expect("a moment");
        assert_eq!(
            allowance.from(start, &nine_to_six()),
            due.parse().expect("a moment"),
            "{start} {allowance:?}"
        );
    }
}

#[test]
fn a_day_later_is_the_same_time_of_day_also_where_the_clocks_change() {
    let zone = TimeZone::get("Europe/Berlin").expect("a zone");
    let always = Calendar::round_the_clock(zone.clone());
    let hours: takt_staff::calendar::DayHours = "09:00-18:30".parse().expect("hours");
    let week = Week(std::array::from_fn(|_| hours.clone()));
    let shop = Calendar::new(zone, week, Holidays::None, BTreeMap::new()).expect("a calendar");
    for (calendar, start, due) in [
        (&always, "2026-10-24T18:00:00+02:00", "2026-10-25T18:00:00+01:00"),
        (&always, "2026-03-28T18:00:00+01:00", "2026-03-29T18:00:00+02:00"),
        (&shop, "2026-10-24T18:00:00+02:00", "2026-10-25T18:00:00+01:00"),
        (&shop, "2026-03-28T18:00:00+01:00", "2026-03-29T18:00:00+02:00"),
    ] {
        let start: Timestamp = start.parse().expect("a moment");
        assert_eq!(Allowance::Days(1).from(start, calendar), due.parse().expect("a moment"), "{start}");
    }
}

#[test]
fn a_paid_order_goes_from_hand_to_hand() {
    let placed = json!({ "terms": "prepaid", "in_full": false, "pickup": false });
    let paid = json!({
        "in_full": true, "sent_at": at(600).to_string(), "booked_at": at(900).to_string(),
        "received_at": at(1500).to_string(),
    });
    let facts = [
        fact("placed", at(0), placed),
        fact("paid", at(1560), paid),
        fact("taken", at(1800), json!({})),
        fact("confirmed", at(2400), json!({})),
        fact("short", at(2400), json!({})),
        fact("reserved", at(6000), json!({})),
        fact("ready", at(9000), json!({ "pickup": false })),
        fact("shipped", at(10_000), json!({ "all": true })),
        fact("delivered", at(90_000), json!({})),
        fact("completed", at(90_000), json!({})),
    ];
    let split = split(&facts, &nine_to_six(), at(500_000));
    assert_eq!(
        parts(&split),
        [
            (Holder::Buyer, 600),
            (Holder::Bank, 300),
            (Holder::Channel, 600),
            (Holder::Takt, 60),
            (Holder::Queue, 240),
            (Holder::Operator, 600),
            (Holder::Supplier, 3600),
            (Holder::Warehouse, 3000),
            (Holder::Carrier, 81_000),
        ]
    );
    assert_eq!(split.whole_seconds(), 90_000);
}

#[test]
fn our_people_do_not_hold_an_order_while_they_are_closed() {
    let placed = json!({ "terms": "on_delivery", "in_full": false, "pickup": false });
    let facts = [fact("placed", at(8 * 3600), placed)];
    let split = split(&facts, &nine_to_six(), at(25 * 3600));
    assert_eq!(
        parts(&split),
        [(Holder::Queue, 3600), (Holder::ClosedHours, 15 * 3600), (Holder::Queue, 3600)]
    );
}

#[test]
fn the_buyer_holds_what_the_buyer_put_off() {
    let placed = json!({ "terms": "on_delivery", "in_full": false, "pickup": false });
    let facts = [
        fact("placed", at(0), placed),
        fact("deferred", at(60), json!({})),
        fact("woken", at(3660), json!({})),
        fact("cancelled", at(3720), json!({})),
    ];
    let split = split(&facts, &nine_to_six(), at(9000));
    assert_eq!(parts(&split), [(Holder::Queue, 60), (Holder::Buyer, 3600), (Holder::Queue, 60)]);
}

#[test]
fn money_that_is_dated_later_sets_the_past_right() {
    let placed = json!({ "terms": "prepaid", "in_full": false });
    let paid = json!({ "in_full": true, "receipt": 7, "received_at": at(1500).to_string() });
    let dated = json!({
        "receipt": 7, "sent_at": at(300).to_string(), "booked_at": at(900).to_string(),
        "received_at": at(1500).to_string(),
    });
    let known = numbered(vec![
        fact("placed", at(0), placed),
        fact("commented", at(600), json!({})),
        fact("paid", at(1560), paid),
        fact("confirmed", at(1560), json!({})),
    ]);
    let before = split(&known, &nine_to_six(), at(1800));
    assert_eq!(parts(&before), [(Holder::Buyer, 1500), (Holder::Takt, 60), (Holder::Warehouse, 240)]);
    let mut later = known;
    later.push(fact("money_dated", at(90_000), dated));
    let after = split(&numbered(later), &nine_to_six(), at(1800));
    assert_eq!(
        parts(&after),
        [
            (Holder::Buyer, 300),
            (Holder::Bank, 600),
            (Holder::Channel, 600),
            (Holder::Takt, 60),
            (Holder::Warehouse, 240),
        ]
    );
    let bank = &after.segments[1].evidence;
    assert_eq!((bank.border, bank.kind.as_str(), bank.n), (Border::MoneySent, "orders.paid", 3));
}

#[test]
fn what_holds_an_order_up_is_its_owners_time_until_it_is_over() {
    let placed = json!({ "terms": "on_delivery", "in_full": false });
    let pause = |owner: &str, reason: &str, until: i64| json!({ "reason": reason, "owner": owner, "until": at(until).to_string() });
    let facts = numbered(vec![
        fact("placed", at(0), placed),
        fact("paused", at(600), pause("buyer", "not_reached", 1200)),
        // The timer fires late; nobody's time is longer for that.
        fact("resumed", at(1500), json!({ "happened_at": at(1200).to_string() })),
        fact("paused", at(1800), pause("supplier", "supplier", 90_000)),
        fact("confirmed", at(2400), json!({})),
    ]);
    let split = split(&facts, &nine_to_six(), at(3000));
    assert_eq!(
        parts(&split),
        [
            (Holder::Queue, 600),
            (Holder::Buyer, 600),
            (Holder::Queue, 600),
            (Holder::Supplier, 600),
            (Holder::Warehouse, 600),
        ]
    );
    assert_eq!(split.segments[1].evidence.reason.as_deref(), Some("not_reached"));
    assert_eq!(split.segments[2].evidence.border, Border::WaitOver);
}

#[test]
fn an_order_that_is_not_woken_in_time_waits_for_us_not_for_the_buyer() {
    let facts = numbered(vec![
        fact("placed", at(0), json!({ "terms": "on_delivery" })),
        fact("deferred", at(60), json!({ "until": at(600).to_string() })),
        fact("woken", at(900), json!({})),
    ]);
    let split = split(&facts, &nine_to_six(), at(1000));
    assert_eq!(
        parts(&split),
        [(Holder::Queue, 60), (Holder::Buyer, 540), (Holder::Takt, 300), (Holder::Queue, 100)]
    );
}

#[test]
fn a_missed_promise_is_his_who_held_most_of_what_was_too_much() {
    let facts = numbered(vec![
        fact("placed", at(0), json!({ "terms": "on_delivery", "in_full": false, "status": "new" })),
        fact("taken", at(1000), json!({})),
        fact("confirmed", at(1200), json!({})),
        fact("short", at(1200), json!({})),
        fact("reserved", at(7200), json!({})),
        fact("ready", at(7300), json!({})),
    ]);
    let calendar = nine_to_six();
    let course = course(&facts, &Promises::default(), &[], &calendar.clone().into()).expect("a course");
    let split = split(&facts, &calendar, at(7300));
    let told: Vec<_> = course
        .passages
        .iter()
        .map(|passage| (passage.milestone.code(), passage.overrun_seconds(), passage.blamed(&split)))
        .collect();
    assert_eq!(
        told,
        [
            ("confirmed", Some(300), Some(Holder::Operator)),
            ("ready", Some(3700), Some(Holder::Supplier)),
            ("delivered", None, None),
        ]
    );
}

#[test]
fn the_time_the_buyer_let_us_wait_is_not_promised() {
    let minutes = Allowance::WorkingMinutes(60);
    let wait = |from: i64, to: i64| Wait { from: at(from), to: at(to) };
    for (waits, due) in [
        (vec![], 3600),
        (vec![wait(600, 1200)], 4200),
        (vec![wait(-600, 1200)], 4800),
        (vec![wait(600, 1200), wait(3900, 4500)], 4800),
        (vec![wait(4000, 5000)], 3600),
    ] {
        assert_eq!(minutes.without(at(0), &waits, &nine_to_six()), at(due), "{waits:?}");
    }
    assert_eq!(Allowance::WallMinutes(60).without(at(0), &[wait(600, 1200)], &nine_to_six()), at(4200));
}

#[test]
fn promises_that_were_set_by_name_still_hold() {
    let old = json!({ "confirmed": { "working_minutes": 20 }, "delivered": { "days": 2 } });
    let promises: Promises = serde_json::from_value(old).expect("the old shape");
    let allowances: Vec<_> = promises.milestones.iter().map(|rule| rule.allowance).collect();
    assert_eq!(
        allowances,
        [Allowance::WorkingMinutes(20), Allowance::WorkingMinutes(60), Allowance::Days(2)]
    );
    let again = serde_json::to_value(&promises).expect("written");
    assert_eq!(serde_json::from_value::<Promises>(again).expect("read"), promises);
}

#[test]
fn milestones_that_make_no_sense_are_refused_at_their_place() {
    let rule = |reached| MilestoneRule { reached, ..Promises::default().milestones[0].clone() };
    for (milestones, path, code) in [
        (vec![], "milestones[0].reached", "orders.no_milestones"),
        (vec![rule(Reached::Ready), rule(Reached::Ready)], "milestones[1].reached", "orders.milestone_twice"),
        (
            vec![rule(Reached::Ready), rule(Reached::Confirmed)],
            "milestones[1].reached",
            "orders.milestone_out_of_order",
        ),
        (
            vec![MilestoneRule { allowance: Allowance::Days(0), ..rule(Reached::Ready) }],
            "milestones[0].amount",
            "orders.allowance",
        ),
        (
            vec![MilestoneRule { urgent: Some(Allowance::WorkingMinutes(16)), ..rule(Reached::Ready) }],
            "milestones[0].urgent_amount",
            "orders.urgent_allowance",
        ),
        (
            vec![MilestoneRule {
                allowance: Allowance::WallMinutes(15),
                urgent: None,
                calendar: Some("Стол".to_owned()),
                ..rule(Reached::Ready)
            }],
            "milestones[0].calendar",
            "orders.milestone_calendar_not_counted",
        ),
    ] {
        let fault = Promises { milestones, ..Promises::default() }.check().expect_err(code);
        assert!(
            fault.fields().iter().any(|field| field.path == path && field.code == code),
            "{code}: {:?}",
            fault.fields()
        );
    }
    assert!(Promises::default().check().is_ok());
}

/// As the log numbers them.
pub fn numbered(mut facts: Vec<RecordedFact>) -> Vec<RecordedFact> {
    for (fact, n) in facts.iter_mut().zip(1..) {
        (fact.n, fact.id) = (n, 100 + n);
    }
    facts
}
