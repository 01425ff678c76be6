//! Lists by any field: each condition leaves in what it should, page by page, with a true count.

use serde_json::{Value, json};
use takt_kernel::{PersonId, Timestamp};
use takt_orders::{
    Fields, Holder, ListFilter, Mark, OrderId, Page, Payment, Sort, TakenBy, defer, give, list, set_urgent,
    totals,
};
use takt_testing::on_both_engines;

use crate::desk::{Desk, order, permit, place_body, shop};

/// Seven orders that differ in everything a list can be narrowed by.
async fn seven(desk: &Desk) -> Vec<OrderId> {
    let mut ids = Vec::new();
    let body = |number: i64, changes: Value| {
        let mut body = order(&format!("W-{number}"), number);
        for (name, value) in changes.as_object().expect("an object") {
            body[name] = value.clone();
        }
        body
    };
    let cup = json!([{ "sku": "CUP-7", "name": "Чашка", "quantity": "1", "price": "700.00", "vat": "22" }]);
    let own = json!([{ "name": "Ручная работа", "quantity": "1", "price": "900.00", "vat": "22" }]);
    for changes in [
        json!({}),
        json!({ "delivery": { "method": "pickup", "address": "г. Тверь, Советская 3", "price": "0" } }),
        json!({ "lines": cup }),
        json!({ "terms": "on_delivery" }),
        json!({ "lines": own, "terms": "on_delivery" }),
        json!({}),
        json!({ "terms": "on_delivery", "delivery": { "method": "courier", "address": "ТВЕРЬ, Мира 1", "price": "0" } }),
    ] {
        desk.app.clock.advance_seconds(3_600);
        ids.push(desk.place(body(i64::try_from(ids.len()).expect("few") + 1, changes)).await);
    }
    ids
}

async fn found(desk: &Desk, filter: &ListFilter) -> Page {
    let (scope, filter) = (desk.scope(), filter.clone());
    desk.app.read(move |reader| list(reader, &scope, &filter)).await
}

fn numbers(page: &Page, all: &[OrderId]) -> Vec<usize> {
    let mut places: Vec<usize> = page
        .items
        .iter()
        .filter_map(|order| all.iter().position(|id| *id == order.id))
        .map(|at| at + 1)
        .collect();
    places.sort_unstable();
    places
}

on_both_engines! {
    async fn every_field_is_a_condition(place: Place) {
        let desk = Desk::open(place).await;
        let begin = desk.app.now();
        let all = seven(&desk).await;
        desk.pay(1, all[0], "100").await.expect("paid");
        desk.pay(2, all[5], "10").await.expect("paid in part");
        let company = desk.company;
        let (urgent, put_off, taken) = (all[1], all[2], all[3]);
        let person = desk.person("operator").await;
        desk.app
            .write(move |tx| {
                set_urgent(tx, &permit(company), urgent, true)?;
                let until = takt_store::Query::now(tx).plus_seconds(86_400);
                defer(tx, &permit(company), put_off, None, until)?;
                give(tx, &permit(company), taken, None, Some(person)).map(|_| ())
            })
            .await;
        let hour = |count: i64| Some(Timestamp::from_micros(begin.micros()).plus_seconds(count * 3_600));
        let text = |text: &str| Some(text.to_owned());
        let none = Fields::default;
        let table: Vec<(&str, Fields, Vec<usize>)> = vec![
            ("city", Fields { city: text("тверь"), ..none() }, vec![2, 7]),
            ("sku", Fields { product: text("CUP-7"), ..none() }, vec![3]),
            ("goods of the catalogue by name", Fields { product: text("чай"), ..none() }, vec![1, 2, 3, 4, 6, 7]),
            ("name of a line", Fields { product: text("Ручная работа"), ..none() }, vec![5]),
            ("source", Fields { source: text("phone"), ..none() }, vec![]),
            ("delivery", Fields { delivery: text("pickup"), ..none() }, vec![2]),
            ("sum", Fields { sum_from: Some(60_000), sum_to: Some(70_000), ..none() }, vec![3, 6, 7]),
            ("placed", Fields { placed_from: hour(2), placed_to: hour(4), ..none() }, vec![2, 3]),
            ("paid", Fields { payment: Some(Payment::Full), ..none() }, vec![1]),
            ("partly paid", Fields { payment: Some(Payment::Part), ..none() }, vec![6]),
            ("not paid", Fields { payment: Some(Payment::None), city: text("Тверь"), ..none() }, vec![2, 7]),
            ("terms", Fields { terms: Some("on_delivery"), ..none() }, vec![4, 5, 7]),
            ("taken", Fields { taken: Some(TakenBy::Person(person)), ..none() }, vec![4]),
            ("taken by another", Fields { taken: Some(TakenBy::Person(PersonId::new(1))), ..none() }, vec![]),
            ("nobody's", Fields { taken: Some(TakenBy::Nobody), ..none() }, vec![1, 2, 3, 5, 6, 7]),
            ("urgent", Fields { mark: Some(Mark::Urgent), ..none() }, vec![2]),
            ("deferred", Fields { mark: Some(Mark::Deferred), ..none() }, vec![3]),
            ("short", Fields { mark: Some(Mark::Short), ..none() }, vec![]),
            ("paused", Fields { mark: Some(Mark::Paused), ..none() }, vec![]),
            ("due, though most have no day", Fields { due_from: hour(0), ..none() }, vec![1, 3, 4, 5, 7]),
        ];
        for (said, fields, expected) in table {
            for sort in [Sort::Promise, Sort::Newest] {
                let filter = ListFilter { fields: fields.clone(), sort, limit: 2, ..ListFilter::default() };
                let whole = found(&desk, &ListFilter { limit: 50, ..filter.clone() }).await;
                assert_eq!(numbers(&whole, &all), expected, "{said} {sort:?}");
                assert!(whole.total.exact && whole.total.count == i64::try_from(expected.len()).expect("few"), "{said}");
                let (mut walked, mut cursor) = (Vec::new(), None);
                loop {
                    let page = found(&desk, &ListFilter { cursor, ..filter.clone() }).await;
                    walked.extend(page.items.iter().map(|order| order.id));
                    cursor = page.next_cursor;
                    if cursor.is_none() { break }
                }
                assert_eq!(walked, whole.items.iter().map(|order| order.id).collect::<Vec<_>>(), "{said} {sort:?}");
            }
            // Behind a search the same conditions hold.
            let searched = ListFilter { fields, q: "иванов".to_owned(), limit: 50, ..ListFilter::default() };
            assert_eq!(numbers(&found(&desk, &searched).await, &all), expected, "{said} with words");
        }
    }

    async fn what_stands_behind_many_others_is_found_in_steps(place: Place) {
        let desk = Desk::open(place).await;
        let (company, first) = (desk.company, desk.shop);
        let second = shop(&desk.app, company, "Кофе").await;
        // More than the first two steps look at; every hundredth goes elsewhere, the last one of them far behind.
        for hundred in 0..8_i64 {
            desk.app
                .write(move |tx| {
                    for number in 0..100 {
                        let into = if number % 2 == 0 { first } else { second };
                        let mut body = order(&format!("M-{hundred}-{number}"), 1);
                        if number == 40 || number == 41 {
                            body["delivery"]["address"] = json!("Тверь, Мира 1");
                        } else {
                            body["terms"] = json!("on_delivery");
                        }
                        place_body(tx, company, into, &body)?;
                    }
                    Ok(())
                })
                .await;
            desk.app.clock.advance_seconds(60);
        }
        let fields = Fields { city: Some("Тверь".to_owned()), ..Fields::default() };
        let of = |fields: &Fields, holder, sort, shop| ListFilter {
            fields: fields.clone(),
            holder,
            sort,
            shop,
            limit: 3,
            ..ListFilter::default()
        };
        let buyer = Some(Holder::Buyer);
        for (filter, many) in [
            (of(&fields, None, Sort::Promise, None), 16),
            (of(&fields, None, Sort::Newest, None), 16),
            (of(&Fields::default(), buyer, Sort::Promise, None), 16),
            (of(&Fields::default(), buyer, Sort::Newest, None), 16),
            (of(&Fields::default(), buyer, Sort::Promise, Some(second)), 8),
            (of(&Fields::default(), buyer, Sort::Newest, Some(second)), 8),
        ] {
            let whole = found(&desk, &ListFilter { limit: 50, ..filter.clone() }).await;
            let told = (whole.items.len(), whole.total.count, whole.total.exact);
            assert_eq!(told, (many, i64::try_from(many).expect("few"), true), "{filter:?}");
            let ids: Vec<OrderId> = whole.items.iter().map(|order| order.id).collect();
            let (mut forth, mut page) = (Vec::new(), found(&desk, &filter).await);
            let last = loop {
                forth.extend(page.items.iter().map(|order| order.id));
                let Some(next) = page.next_cursor.clone() else { break page };
                page = found(&desk, &ListFilter { cursor: Some(next), ..filter.clone() }).await;
            };
            assert_eq!(forth, ids, "{filter:?}");
            let (mut back, mut page) = (Vec::new(), last);
            loop {
                back.extend(page.items.iter().rev().map(|order| order.id));
                let Some(previous) = page.previous_cursor.clone() else { break };
                page = found(&desk, &ListFilter { cursor: Some(previous), ..filter.clone() }).await;
            }
            back.reverse();
            assert_eq!(back, ids, "back {filter:?}");
        }
    }

    async fn several_lists_are_counted_with_one_look(place: Place) {
        let desk = Desk::open(place).await;
        seven(&desk).await;
        let of = |fields: Fields, in_work: bool| ListFilter { fields, in_work, ..ListFilter::default() };
        let filters = vec![
            of(Fields { city: Some("Тверь".to_owned()), ..Fields::default() }, true),
            of(Fields { terms: Some("on_delivery"), ..Fields::default() }, true),
            of(Fields::default(), true),
            of(Fields { city: Some("Казань".to_owned()), ..Fields::default() }, false),
            ListFilter { q: "тверь".to_owned(), ..ListFilter::default() },
        ];
        let scope = desk.scope();
        let counted = desk.app.read(move |reader| totals(reader, &scope, &filters)).await;
        let counts: Vec<(i64, bool)> = counted.iter().map(|total| (total.count, total.exact)).collect();
        assert_eq!(counts, [(2, true), (3, true), (7, true), (5, true), (2, true)]);
    }

    async fn the_desk_and_the_interface_take_the_same_conditions(place: Place) {
        let desk = Desk::open(place).await;
        let all = seven(&desk).await;
        let program = desk.program("orders:read").await;
        let manager = desk.signed_in("manager").await;
        for (query, count) in [
            ("city=%D0%A2%D0%B2%D0%B5%D1%80%D1%8C", 2), ("product=CUP-7", 1), ("sum_from=600,00&sum_to=700", 3), ("terms=on_delivery", 3),
            ("taken=nobody&payment=none", 7), ("mark=urgent", 0), ("delivery=pickup&source=api", 1),
        ] {
            let page: Value = program.get(&format!("/api/v1/orders?{query}")).await.expect_status(200).json();
            assert_eq!(page["total"], json!({ "count": count, "exact": true }), "{query}");
            let html = manager.get(&format!("/orders?{query}")).await.expect_status(200).text();
            assert_eq!(html.matches("data-row").count(), count, "{query}");
            assert!(html.contains("filter-mark"), "{query}");
        }
        assert_eq!(all.len(), 7);
        for wrong in ["sum_from=much", "placed_from=yesterday", "payment=soon", "mark=red", "taken=ivan", "terms=barter", "due_to=32"] {
            let problem: Value = program.get(&format!("/api/v1/orders?{wrong}")).await.expect_status(422).json();
            assert_eq!(problem["errors"][0]["field"], wrong.split('=').next().expect("a name"), "{problem}");
            manager.get(&format!("/orders?{wrong}")).await.expect_status(422);
        }
    }
}
