//! Every second of an order's life belongs to exactly one holder.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};
use takt_kernel::{Actor, CompanyId, Timestamp};
use takt_orders::{
    Holder,
    clock::{Allowance, Split, split},
};
use takt_staff::{
    Calendar,
    calendar::{Holidays, Week},
};
use takt_store::RecordedFact;

const START: &str = "2026-11-02T06:00:00Z";

fn at(seconds: i64) -> Timestamp {
    START.parse::<Timestamp>().expect("a moment").plus_seconds(seconds)
}

fn fact(kind: &str, moment: Timestamp, body: Value) -> RecordedFact {
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
            (Holder::Queue, 300),
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

fn any_fact() -> impl Strategy<Value = (i64, &'static str, Value)> {
    let kinds = prop::sample::select(vec![
        "placed",
        "edited",
        "status_set",
        "commented",
        "deferred",
        "woken",
        "taken",
        "reserved",
        "short",
        "paid",
        "unpaid",
        "confirmed",
        "ready",
        "shipped",
        "delivered",
        "unheard_of",
    ]);
    (0_i64..20_000_000_000, kinds, any::<bool>(), 0_i64..100_000, any::<bool>()).prop_map(
        |(gap_micros, kind, flag, offset, prepaid)| {
            let body = json!({
                "terms": if prepaid { "prepaid" } else { "credit" },
                "in_full": flag, "pickup": !flag, "all": flag, "stage": if flag { "approval" } else { "assembling" },
                "booked_at": at(offset).to_string(), "sent_at": at(offset / 2).to_string(),
                "received_at": at(offset * 2).to_string(),
            });
            (gap_micros, kind, body)
        },
    )
}

proptest! {
    #[test]
    fn whatever_happens_the_parts_add_up_to_the_whole(
        happened in prop::collection::vec(any_fact(), 1..40),
        rest in 0_i64..90_000_000_000,
    ) {
        let mut moment = at(0);
        let mut facts = vec![fact("placed", moment, json!({ "terms": "prepaid", "in_full": false }))];
        for (gap, kind, body) in happened {
            moment = moment.plus_micros(gap);
            facts.push(fact(kind, moment, body));
        }
        let until = moment.plus_micros(rest);
        let split = split(&facts, &nine_to_six(), until);
        let whole = until.micros_since(at(0));
        prop_assert_eq!(split.whole_micros(), whole);
        prop_assert_eq!(split.totals().values().sum::<i64>(), whole);
        prop_assert_eq!(split.seconds().values().sum::<i64>(), whole / 1_000_000);
        for pair in split.segments.windows(2) {
            prop_assert_eq!(pair[0].to, pair[1].from);
        }
    }
}
