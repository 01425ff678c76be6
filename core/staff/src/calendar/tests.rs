use proptest::prelude::*;

use super::*;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect(name)
}

fn at(zone: &TimeZone, local: &str) -> Timestamp {
    let local: jiff::civil::DateTime = local.parse().expect(local);
    zone.to_ambiguous_timestamp(local).compatible().expect("a moment").into()
}

fn office(name: &str, holidays: Holidays) -> Calendar {
    Calendar::new(zone(name), Week::office(), holidays, BTreeMap::new()).expect("an office")
}

#[test]
fn deadlines_fall_into_working_time() {
    let moscow = zone("Europe/Moscow");
    let lunch: DayHours = "9-13, 14-18".parse().expect("hours");
    let week = Week(std::array::from_fn(|day| if day < 5 { lunch.clone() } else { DayHours::CLOSED }));
    let calendar = Calendar::new(moscow.clone(), week, Holidays::None, BTreeMap::new()).expect("a calendar");
    for (from, minutes, expected) in [
        ("2026-11-18T10:00", 15, "2026-11-18T10:15"),
        ("2026-11-18T12:50", 15, "2026-11-18T14:05"),
        ("2026-11-18T13:30", 15, "2026-11-18T14:15"),
        ("2026-11-18T17:50", 10, "2026-11-18T18:00"),
        ("2026-11-18T17:50", 15, "2026-11-19T09:05"),
        ("2026-11-20T17:50", 15, "2026-11-23T09:05"),
        ("2026-11-21T03:00", 15, "2026-11-23T09:15"),
        ("2026-11-18T10:00", 8 * 60, "2026-11-19T10:00"),
        ("2026-11-21T03:00", 0, "2026-11-21T03:00"),
    ] {
        let due = calendar.add_working_seconds(at(&moscow, from), minutes * 60);
        assert_eq!(due, at(&moscow, expected), "{minutes} minutes from {from}");
    }
}

#[test]
fn russian_holidays_short_days_and_working_saturdays_are_known() {
    let calendar = office("Europe/Moscow", Holidays::Russia);
    for (date, hours) in [
        ("2025-12-31", ""),
        ("2026-01-01", ""),
        ("2026-01-09", ""),
        ("2026-01-12", "09:00-18:00"),
        ("2026-04-30", "09:00-17:00"),
        ("2026-05-01", ""),
        ("2024-12-28", "09:00-18:00"),
        ("2026-11-21", ""),
        ("2026-11-20", "09:00-18:00"),
        ("2035-01-01", ""),
    ] {
        assert_eq!(calendar.hours_on(date.parse().expect(date)).to_string(), hours, "{date}");
    }
}

#[test]
fn an_exception_overrules_week_and_holidays() {
    let exceptions = [("2026-01-02", "10-12"), ("2026-01-12", "")]
        .map(|(date, hours)| (date.parse().expect(date), hours.parse().expect(hours)));
    let calendar =
        Calendar::new(zone("Europe/Moscow"), Week::office(), Holidays::Russia, BTreeMap::from(exceptions))
            .expect("a calendar");
    assert_eq!(calendar.hours_on("2026-01-02".parse().expect("date")).to_string(), "10:00-12:00");
    assert!(calendar.hours_on("2026-01-12".parse().expect("date")).is_closed());
}

#[test]
fn a_day_has_as_many_open_seconds_as_the_clock_gives_it() {
    let hours = |calendar: &Calendar, from: &str, to: &str| {
        calendar.open_seconds(at(calendar.zone(), from), at(calendar.zone(), to)) / 3600
    };
    let berlin = Calendar::round_the_clock(zone("Europe/Berlin"));
    assert_eq!(hours(&berlin, "2026-03-29T00:00", "2026-03-30T00:00"), 23);
    assert_eq!(hours(&berlin, "2026-10-25T00:00", "2026-10-26T00:00"), 25);
    let havana = Calendar::round_the_clock(zone("America/Havana"));
    assert_eq!(hours(&havana, "2026-03-08T01:00", "2026-03-09T00:00"), 23);
}

#[test]
fn a_border_that_the_clock_skips_or_repeats_is_one_moment() {
    let night: DayHours = "1-2:30, 2:30-4".parse().expect("hours");
    let week = Week(std::array::from_fn(|_| night.clone()));
    let calendar =
        Calendar::new(zone("Europe/Berlin"), week, Holidays::None, BTreeMap::new()).expect("a calendar");
    for (day, next, hours) in [("2026-03-29", "2026-03-30", 2), ("2026-10-25", "2026-10-26", 4)] {
        let from = at(calendar.zone(), &format!("{day}T00:00"));
        let to = at(calendar.zone(), &format!("{next}T00:00"));
        let spans = calendar.open_spans(from, to);
        assert_eq!(spans.len(), 1, "{day}: the two parts touch");
        assert_eq!(calendar.open_seconds(from, to), hours * 3600, "{day}");
    }
}

#[test]
fn a_calendar_that_never_opens_is_refused() {
    let week = Week(std::array::from_fn(|_| DayHours::CLOSED));
    let refused = Calendar::new(TimeZone::UTC, week, Holidays::None, BTreeMap::new());
    assert!(refused.is_err_and(|fault| fault.is("staff.calendar_always_closed")));
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let zones = prop::sample::select(vec![
        "Europe/Moscow",
        "Europe/Berlin",
        "America/New_York",
        "America/Havana",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "UTC",
    ]);
    let day = prop::sample::select(vec!["", "9-18", "9-13, 14-18", "0-24", "0-2:30, 22-24", "1:30-2:15"]);
    let week = prop::array::uniform7(day).prop_filter("opens", |days| days.iter().any(|day| !day.is_empty()));
    (zones, week, prop::sample::select(Holidays::ALL.to_vec())).prop_map(|(name, week, holidays)| {
        let week = Week(week.map(|day| day.parse().expect(day)));
        Calendar::new(zone(name), week, holidays, BTreeMap::new()).expect("an open calendar")
    })
}

proptest! {
    #[test]
    fn added_seconds_are_counted_back_exactly(
        calendar in any_calendar(),
        from in 1_000_000_000_000_000_i64..2_000_000_000_000_000,
        seconds in 0_i64..3_000_000,
    ) {
        let from = Timestamp::from_micros(from);
        let due = calendar.add_working_seconds(from, seconds);
        prop_assert_eq!(calendar.open_seconds(from, due), seconds);
    }

    #[test]
    fn spans_are_in_order_apart_and_open(
        calendar in any_calendar(),
        from in 1_000_000_000_000_000_i64..2_000_000_000_000_000,
        length in 0_i64..30 * 86_400,
    ) {
        let from = Timestamp::from_micros(from);
        let spans = calendar.open_spans(from, from.plus_seconds(length));
        for (opens, closes) in &spans {
            prop_assert!(opens < closes);
            prop_assert!(calendar.is_open(*opens));
            prop_assert!(calendar.is_open(closes.plus_micros(-1)));
        }
        for pair in spans.windows(2) {
            prop_assert!(pair[0].1 < pair[1].0);
            prop_assert!(!calendar.is_open(pair[0].1));
        }
    }
}
