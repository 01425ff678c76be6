//! What a company promises, urgent orders, and orders that wait.

use std::collections::BTreeMap;

use serde_json::json;
use takt_kernel::{Actor, Timestamp};
use takt_orders::{
    Holder, ListFilter, Milestone, OrderId, Sort,
    clock::{Allowance, MilestoneRule, Promises, Reached, Since},
    list, pause, record_money_dated, record_paused, record_resumed, resume, set_status, set_urgent,
};
use takt_staff::calendar::{self, DayHours, Holidays, NewCalendar, Week};
use takt_testing::on_both_engines;
use takt_ui::Texts;

use crate::{
    desk::{Desk, order, permit},
    stages::assert_row_agrees_with_facts,
};

async fn on_delivery(desk: &Desk, name: &str) -> OrderId {
    let mut body = order(name, 1);
    body["terms"] = json!("on_delivery");
    desk.place(body).await
}

/// Open at these hours of every day in Berlin.
async fn named(desk: &Desk, name: &'static str, hours: &'static str) {
    let company = desk.company;
    let hours: DayHours = hours.parse().expect("hours");
    let new = NewCalendar {
        name: name.to_owned(),
        zone: "Europe/Berlin".to_owned(),
        week: Week(std::array::from_fn(|_| hours.clone())),
        holidays: Holidays::None,
        exceptions: BTreeMap::new(),
    };
    desk.app.write(move |tx| calendar::save_named(tx, &permit(company), &new)).await;
}

on_both_engines! {
    async fn each_milestone_counts_the_hours_of_the_calendar_it_names(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        named(&desk, "Ночной стол", "01:00-06:00").await;
        named(&desk, "Перевозчик", "09:00-18:00").await;
        let rule = |reached, allowance, calendar: &str| MilestoneRule {
            reached,
            since: Since::Order,
            allowance,
            urgent: None,
            calendar: Some(calendar.to_owned()),
            name_ru: String::new(),
            name_en: String::new(),
        };
        let promises = Promises {
            milestones: vec![
                rule(Reached::Confirmed, Allowance::WorkingMinutes(15), "Ночной стол"),
                rule(Reached::Delivered, Allowance::Days(1), "Перевозчик"),
            ],
            ..Promises::default()
        };
        desk.app.write(move |tx| promises.save(tx, &permit(company))).await;
        for (placed, confirmed_by, delivered_by) in [
            // Ten minutes before it closes, as it closes, as it opens.
            ("2026-11-03T05:50:00+01:00", "2026-11-04T01:05:00+01:00", "2026-11-04T09:00:00+01:00"),
            ("2026-11-05T06:00:00+01:00", "2026-11-06T01:15:00+01:00", "2026-11-06T09:00:00+01:00"),
            ("2026-11-07T01:00:00+01:00", "2026-11-07T01:15:00+01:00", "2026-11-08T09:00:00+01:00"),
            // The clocks go forward at two in the night, and back at three.
            ("2027-03-27T17:00:00+01:00", "2027-03-28T01:15:00+01:00", "2027-03-28T17:00:00+02:00"),
            ("2027-03-28T01:50:00+01:00", "2027-03-28T03:05:00+02:00", "2027-03-29T09:00:00+02:00"),
            ("2027-10-31T02:50:00+02:00", "2027-10-31T02:05:00+01:00", "2027-11-01T09:00:00+01:00"),
        ] {
            let moment = |text: &str| text.parse::<Timestamp>().expect("a moment");
            desk.app.clock.advance_seconds(moment(placed).seconds_since(desk.app.now()));
            let id = on_delivery(&desk, placed).await;
            assert_eq!(desk.order(id).await.due_at, Some(moment(confirmed_by)), "confirmed, of {placed}");
            assert_row_agrees_with_facts(&desk, id).await;
            desk.reserve_all(id).await;
            let order = desk.confirm(id).await.expect("confirmed");
            assert_eq!(order.due_at, Some(moment(delivered_by)), "delivered, of {placed}");
            assert_row_agrees_with_facts(&desk, id).await;
        }
        desk.app.write(move |tx| calendar::remove_named(tx, &permit(company), "Ночной стол")).await;
        let id = on_delivery(&desk, "later").await;
        let monday_in_moscow = "2027-11-01T09:15:00+03:00".parse::<Timestamp>().expect("a moment");
        assert_eq!(desk.order(id).await.due_at, Some(monday_in_moscow), "what is gone counts as the usual one");
        assert_row_agrees_with_facts(&desk, id).await;
    }

    async fn orders_in_work_are_promised_anew_when_hours_or_promises_are_changed(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let moment = |text: &str| text.parse::<Timestamp>().expect("a moment");
        named(&desk, "Ночной стол", "01:00-06:00").await;
        let promises = |minutes| Promises {
            milestones: vec![MilestoneRule {
                reached: Reached::Confirmed,
                since: Since::Order,
                allowance: Allowance::WorkingMinutes(minutes),
                urgent: None,
                calendar: Some("Ночной стол".to_owned()),
                name_ru: String::new(),
                name_en: String::new(),
            }],
            ..Promises::default()
        };
        desk.app.write(move |tx| promises(15).save(tx, &permit(company))).await;
        let ten_minutes_before_the_end = moment("2026-11-03T05:50:00+01:00");
        desk.app.clock.advance_seconds(ten_minutes_before_the_end.seconds_since(desk.app.now()));
        let mut ids = Vec::new();
        // More than are looked at in one go.
        for number in 0..60 {
            ids.push(on_delivery(&desk, &format!("n-{number}")).await);
        }
        let agrees = async |promised: &str| {
            desk.app.drain().await;
            for id in [ids[0], ids[59]] {
                let order = desk.order(id).await;
                assert_eq!((order.due_at, order.version), (Some(moment(promised)), 1));
                assert_row_agrees_with_facts(&desk, id).await;
            }
        };
        agrees("2026-11-04T01:05:00+01:00").await;
        named(&desk, "Ночной стол", "01:00-07:00").await;
        agrees("2026-11-03T06:05:00+01:00").await;
        desk.app.write(move |tx| promises(30).save(tx, &permit(company))).await;
        agrees("2026-11-03T06:20:00+01:00").await;
        desk.app.write(move |tx| calendar::remove_named(tx, &permit(company), "Ночной стол")).await;
        agrees("2026-11-03T09:30:00+03:00").await;
        desk.app
            .write(move |tx| {
                let day = calendar::date("2026-11-03")?;
                calendar::set_exception(tx, &permit(company), day, &"10:00-12:00".parse()?, "")
            })
            .await;
        agrees("2026-11-03T10:30:00+03:00").await;
        let scope = desk.scope();
        let first = ListFilter { sort: Sort::Promise, limit: 1, ..ListFilter::default() };
        let listed = desk.app.read(move |reader| list(reader, &scope, &first)).await;
        assert_eq!(listed.items[0].due_at, Some(moment("2026-11-03T10:30:00+03:00")));
    }

    async fn the_calendar_of_a_milestone_is_chosen_on_its_page(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let page = manager.get("/settings/promises").await.expect_status(200).text();
        assert!(!page.contains("milestones[0].calendar"), "there is nothing to choose from");
        named(&desk, "Перевозчик", "09:00-18:00").await;
        let page = manager.get("/settings/promises").await.expect_status(200).text();
        assert!(page.contains(r#"name="milestones[0].calendar""#) && page.contains("Перевозчик"), "{page}");
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        let given = |unit: &'static str, calendar: &'static str| {
            [
                ("milestones[0].reached", "ready"), ("milestones[0].since", "order"), ("milestones[0].amount", "2"),
                ("milestones[0].unit", unit), ("milestones[0].calendar", calendar),
            ]
        };
        for (unit, calendar, told) in [
            ("days", "Извозчик", "Календаря «Извозчик» у компании нет"),
            ("wall_minutes", "Перевозчик", "Минуты по часам идут и ночью"),
        ] {
            let refused = manager.post_form("/settings/promises", &given(unit, calendar)).await;
            assert_eq!(refused.status, 422);
            let text = refused.text().replace(['\u{2068}', '\u{2069}'], "");
            assert!(text.contains(told), "{text}");
        }
        manager.post_form("/settings/promises", &given("days", "Перевозчик")).await.expect_status(303);
        let page = manager.get("/settings/promises").await.expect_status(200).text();
        assert!(page.contains(r#"<option value="Перевозчик" selected>"#), "{page}");
        let company = desk.company;
        desk.app.write(move |tx| calendar::remove_named(tx, &permit(company), "Перевозчик")).await;
        let page = manager.get("/settings/promises").await.expect_status(200).text();
        assert!(page.contains("такого календаря больше нет"), "{page}");
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
    }

    async fn urgent_orders_come_first_and_sooner(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let mut ids = Vec::new();
        for number in 0..5 {
            ids.push(on_delivery(&desk, &format!("n-{number}")).await);
            desk.app.clock.advance_seconds(60);
        }
        let before = desk.order(ids[3]).await;
        let urgent = desk.app.write({ let id = ids[3]; move |tx| set_urgent(tx, &permit(company), id, true) }).await;
        assert_eq!((before.due_at, urgent.due_at), (Some(before.placed_at.plus_seconds(900)), Some(before.placed_at.plus_seconds(300))));
        let mut body = order("born-urgent", 1);
        (body["terms"], body["urgent"]) = (json!("on_delivery"), json!(true));
        let born = desk.place(body).await;
        let scope = desk.scope();
        let filter = |cursor: Option<String>| ListFilter { sort: Sort::Promise, limit: 2, cursor, ..ListFilter::default() };
        let (mut listed, mut cursor) = (Vec::new(), None);
        loop {
            let (scope, filter) = (scope.clone(), filter(cursor));
            let page = desk.app.read(move |reader| list(reader, &scope, &filter)).await;
            listed.extend(page.items.iter().map(|order| order.id));
            cursor = page.next_cursor;
            if cursor.is_none() { break; }
        }
        assert_eq!(listed, [ids[3], born, ids[0], ids[1], ids[2], ids[4]]);
        let calm = desk.app.write({ let id = ids[3]; move |tx| set_urgent(tx, &permit(company), id, false) }).await;
        assert_eq!(calm.due_at, before.due_at);
        assert_row_agrees_with_facts(&desk, ids[3]).await;
        assert_row_agrees_with_facts(&desk, born).await;
    }

    async fn a_company_declares_its_own_milestones(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let rule = |reached, since, allowance| MilestoneRule { reached, since, allowance, urgent: None, calendar: None, name_ru: String::new(), name_en: String::new() };
        let promises = Promises {
            milestones: vec![
                rule(Reached::Confirmed, Since::Order, Allowance::WallMinutes(30)),
                rule(Reached::Status("packed".to_owned()), Since::Previous, Allowance::WorkingMinutes(10)),
                rule(Reached::Shipped, Since::Previous, Allowance::WallMinutes(120)),
            ],
            ..Promises::default()
        };
        desk.app.write(move |tx| promises.save(tx, &permit(company))).await;
        let id = on_delivery(&desk, "own").await;
        let placed = desk.order(id).await;
        assert_eq!((placed.milestone.clone(), placed.due_at), (Some(Milestone::CONFIRMED), Some(placed.placed_at.plus_seconds(1800))));
        desk.app.clock.advance_seconds(600);
        desk.reserve_all(id).await;
        let order = desk.confirm(id).await.expect("confirmed");
        let now = desk.app.now();
        assert_eq!((order.milestone.clone(), order.due_at), (Some(Milestone::own("status:packed".to_owned())), Some(now.plus_seconds(600))));
        desk.app.clock.advance_seconds(60);
        let order = desk.app.write(move |tx| set_status(tx, &permit(company), id, None, "packed")).await;
        assert_eq!((order.milestone.clone(), order.due_at), (Some(Milestone::own("shipped".to_owned())), Some(desk.app.now().plus_seconds(7200))));
        assert_row_agrees_with_facts(&desk, id).await;
        let order = desk.ship_all(id).await.expect("shipped");
        assert_eq!((order.milestone, order.due_at), (None, None), "nothing more is promised");
        assert_row_agrees_with_facts(&desk, id).await;
    }

    async fn an_order_waits_on_the_time_of_whoever_it_waits_for(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let id = on_delivery(&desk, "waits").await;
        let placed = desk.order(id).await;
        desk.app.clock.advance_seconds(300);
        let until = desk.app.now().plus_seconds(1200);
        let order = desk.app.write(move |tx| pause(tx, &permit(company), id, None, "buyer_asked", Some(until))).await;
        assert_eq!((order.holder, order.due_at), (Some(Holder::Buyer), Some(until)), "no promise runs while the buyer lets us wait");
        assert_row_agrees_with_facts(&desk, id).await;
        desk.app.advance(1199).await;
        assert!(desk.order(id).await.pause.is_some());
        desk.app.advance(1).await;
        let order = desk.order(id).await;
        assert_eq!((order.pause.as_ref(), order.holder), (None, Some(Holder::Queue)));
        assert_eq!(order.due_at, Some(placed.placed_at.plus_seconds(900 + 1200)), "the promise is later by as much");
        assert_row_agrees_with_facts(&desk, id).await;
        let order = desk.app.write(move |tx| pause(tx, &permit(company), id, None, "supplier", None)).await;
        assert_eq!((order.holder, order.due_at), (Some(Holder::Supplier), Some(placed.placed_at.plus_seconds(2100))), "the buyer does not wait longer for our supplier");
        assert_row_agrees_with_facts(&desk, id).await;
        let order = desk.app.write(move |tx| resume(tx, &permit(company), id)).await;
        assert_eq!(order.holder, Some(Holder::Queue));
        assert!(desk.app.try_write(move |tx| resume(tx, &permit(company), id)).await.expect_err("goes on").is("orders.not_paused"));
        for (reason, until, code) in [
            ("boredom", None, "orders.pause_reason_unknown"),
            ("supplier", Some(desk.app.now()), "orders.wake_in_the_past"),
            ("supplier", Some(desk.app.now().plus_seconds(400 * 86_400)), "orders.wake_too_far"),
        ] {
            let refused = desk.app.try_write(move |tx| pause(tx, &permit(company), id, None, reason, until)).await;
            let fault = refused.expect_err(code);
            assert!(fault.is(code) || fault.fields().iter().any(|field| field.code == code), "{fault:?}");
        }
        desk.app.write(move |tx| pause(tx, &permit(company), id, None, "carrier", None)).await;
        let order = desk.confirm(id).await.expect("a step forward ends the wait");
        assert_eq!((order.pause.as_ref(), order.holder), (None, Some(Holder::Warehouse)));
        desk.app.advance(86_400).await;
        assert_eq!(desk.app.facts_named("orders.resumed").await, 2, "the timer of a wait that is over does nothing");
        assert_row_agrees_with_facts(&desk, id).await;
    }

    async fn what_is_learnt_later_counts_since_it_happened(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let id = on_delivery(&desk, "unanswered").await;
        let placed = desk.order(id).await;
        desk.app.clock.advance_seconds(120);
        let called = desk.app.now();
        desk.app.clock.advance_seconds(60);
        let by = || Actor::system("test");
        let order = desk.app.write(move |tx| record_paused(tx, company, id, "not_reached", called, &by())).await;
        assert_eq!(order.pause.as_ref().map(|pause| (pause.owner, pause.since, pause.until)), Some((Holder::Buyer, called, called.plus_seconds(3600))));
        assert_row_agrees_with_facts(&desk, id).await;
        desk.app.clock.advance_seconds(600);
        let answered = desk.app.now();
        let order = desk.app.write(move |tx| record_resumed(tx, company, id, "supplier", answered, &by())).await;
        assert!(order.pause.is_some(), "it waits for something else");
        let order = desk.app.write(move |tx| record_resumed(tx, company, id, "not_reached", answered, &by())).await;
        assert_eq!(order.due_at, Some(placed.placed_at.plus_seconds(900 + 660)));
        assert_row_agrees_with_facts(&desk, id).await;
        let long_ago = desk.app.now().plus_seconds(-86_400 * 3);
        let same = desk.app.write(move |tx| record_paused(tx, company, id, "not_reached", long_ago, &by())).await;
        assert_eq!(same.version, order.version, "a wait that is over by now is none");
    }

    async fn money_dated_later_tells_whose_time_it_was(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let id = desk.tea(1).await;
        desk.app.clock.advance_seconds(3600);
        desk.pay(1, id, "100").await.expect("paid");
        let booked = desk.app.now().plus_seconds(-600);
        let before = desk.order(id).await;
        desk.app.write(move |tx| record_money_dated(tx, company, 1, (None, Some(booked)), &Actor::system("test"))).await;
        desk.app.write(move |tx| record_money_dated(tx, company, 1, (None, Some(booked.plus_seconds(9))), &Actor::system("test"))).await;
        assert_eq!(desk.app.facts_named("orders.money_dated").await, 1, "what is known stands");
        assert_eq!(desk.order(id).await.version, before.version, "nothing else changes");
        let split = desk.app.read(move |reader| {
            let facts = takt_store::facts::of_subject(reader, company, "order", id.get(), 0, 100)?;
            let calendar = takt_staff::Calendar::of(reader, company)?;
            Ok(takt_orders::clock::split(&facts, &calendar, Timestamp::from_micros(i64::MAX / 4)))
        }).await;
        let seconds = split.seconds();
        assert_eq!((seconds.get(&Holder::Buyer), seconds.get(&Holder::Channel)), (Some(&3000), Some(&600)));
    }

    async fn promises_and_waits_are_set_on_pages(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let page = manager.get("/settings/promises").await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        assert!(page.contains(r#"name="milestones[2].amount""#) && page.contains("Покупатель не ответил"));
        let wrong = [("milestones[0].reached", "ready"), ("milestones[0].amount", "0"), ("milestones[0].unit", "days")];
        let refused = manager.post_form("/settings/promises", &wrong).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("от 1 минуты до года"), "{}", refused.text());
        let good = [
            ("milestones[0].reached", "ready"), ("milestones[0].since", "order"), ("milestones[0].amount", "45"),
            ("milestones[0].unit", "wall_minutes"), ("milestones[0].name_ru", "Собран и взвешен"),
            ("milestones[1].reached", ""),
            ("pauses[0].owner", "supplier"), ("pauses[0].minutes", "30"), ("pauses[0].name_ru", "Ждём этикетку"),
        ];
        manager.post_form("/settings/promises", &good).await.expect_status(303);
        let id = on_delivery(&desk, "own").await;
        let card = format!("/orders/{id}");
        let page = manager.get(&card).await.expect_status(200).text();
        assert!(page.contains("Собран и взвешен") && page.contains("Ждём этикетку"));
        manager.post_form(&format!("{card}/pause"), &[("reason", "own_1")]).await.expect_status(303);
        manager.post_form(&format!("{card}/urgent"), &[("urgent", "true")]).await.expect_status(303);
        let order = desk.order(id).await;
        assert_eq!((order.urgent, order.holder), (true, Some(Holder::Supplier)));
        desk.app.clock.advance_seconds(60);
        let page = manager.get(&card).await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        assert!(page.contains("Срочный") && page.contains("id=\"fact-2\"") && page.contains("href=\"#fact-2\""));
        let list = manager.get("/orders").await.expect_status(200).text();
        assert!(list.contains("Срочный") && Texts::missing_in(&list).is_empty());
        manager.post_form(&format!("{card}/resume"), &[]).await.expect_status(303);
        let auditor = desk.signed_in("auditor").await;
        auditor.post_form(&format!("{card}/pause"), &[("reason", "own_1")]).await.expect_status(403);
        auditor.post_form(&format!("{card}/urgent"), &[("urgent", "true")]).await.expect_status(403);
        auditor.get("/settings/promises").await.expect_status(403);
    }
}
