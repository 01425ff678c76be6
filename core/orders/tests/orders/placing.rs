use serde_json::json;
use takt_orders::{
    CommentOrders, Holder, ListFilter, Milestone, Outcome, Reserved, Sort, Stage, counts, get, list,
};
use takt_staff::{Permit, Scope};
use takt_store::{params, sql};
use takt_testing::on_both_engines;

use crate::desk::{Desk, company, order, place_body, rub, shop};

fn named(fault: &takt_kernel::Fault) -> Vec<String> {
    fault.fields().iter().map(|field| format!("{} {}", field.path, field.code)).collect()
}

on_both_engines! {
    async fn an_order_is_taken_as_it_is_told(place: Place) {
        let desk = Desk::open(place).await;
        let mut body = order("1001", 2);
        body["lines"][0]["discount"] = json!("10.00");
        body["lines"][0]["gift_wrap"] = json!(true);
        body["lines"].as_array_mut().expect("lines").push(json!({ "sku": "NEW-1", "quantity": "1.5", "price": "10" }));
        body["delivery"]["price"] = json!("300");
        body["discount"] = json!("5");
        body["utm_source"] = json!("mail");
        body["total"] = json!("500.00");
        let id = desk.place(body).await;
        let (order, lines) = (desk.order(id).await, desk.lines(id).await);
        assert_eq!((order.stage, order.status.as_str()), (Stage::New, "new"));
        assert_eq!((order.goods, order.total, order.paid), (rub("205"), rub("500"), rub("0")));
        assert_eq!((order.reserved, order.holder, order.milestone), (Reserved::None, Some(Holder::Buyer), Some(Milestone::PAID)));
        assert_eq!(order.due_at, None, "nothing is promised to who has not paid");
        assert_eq!(order.contact.phone.as_deref(), Some("+79123456789"));
        assert_eq!(order.contact.phone_given.as_deref(), Some("8 (912) 345-67-89"));
        assert_eq!(order.extra["utm_source"], json!("mail"));
        assert_eq!(lines[0].extra["gift_wrap"], json!(true));
        assert!(lines[0].offer.is_some() && lines[1].offer.is_none(), "an unknown SKU is taken as unknown");
        assert_eq!(lines[1].name, "NEW-1");
        assert_eq!(lines.iter().map(|line| line.total.minor()).sum::<i64>() + 30_000, order.total.minor());
    }

    async fn the_same_order_sent_twice_is_placed_once(place: Place) {
        let desk = Desk::open(place).await;
        let first = desk.place(order("1001", 2)).await;
        let again = desk.try_place(order("1001", 2)).await.expect("the same");
        assert_eq!((again.id, again.outcome), (first, Outcome::Same));
        assert_eq!(desk.app.facts_named("orders.placed").await, 1);

        let mut other = order("1001", 3);
        other["customer"]["phone"] = json!("8 (912) 345-67-80");
        other["new_field"] = json!(1);
        let fault = desk.try_place(other).await.expect_err("other content");
        assert!(fault.is("orders.differs"), "{fault:?}");
        assert_eq!(
            named(&fault),
            ["customer.phone orders.field_differs", "lines[0].quantity orders.field_differs", "new_field orders.field_differs"]
        );
    }

    async fn two_who_place_the_same_at_once_get_the_same_order(place: Place) {
        let desk = Desk::open(place).await;
        let (company, shop) = (desk.company, desk.shop);
        let racing: Vec<_> = (0..8)
            .map(|_| {
                let db = desk.app.db.clone();
                tokio::spawn(async move {
                    db.write("race", move |tx| place_body(tx, company, shop, &order("77", 1))).await
                })
            })
            .collect();
        let mut placed = Vec::new();
        for one in racing {
            placed.push(one.await.expect("no panic").expect("placed"));
        }
        assert!(placed.iter().all(|one| one.id == placed[0].id));
        assert_eq!(placed.iter().filter(|one| one.outcome == Outcome::Created).count(), 1);
        assert_eq!(desk.app.facts_named("orders.placed").await, 1);
    }

    async fn everything_that_is_wrong_is_named_at_once_and_nothing_is_stored(place: Place) {
        let desk = Desk::open(place).await;
        let body = json!({
            "external_id": "x",
            "currency": "RUB",
            "terms": "later",
            "customer": { "name": "Анна", "email": "anna at example" },
            "lines": [
                { "sku": "TEA-100", "name": "Чай", "quantity": "-2", "price": "10" },
                { "sku": "TEA-100", "name": "Чай", "quantity": "two", "price": "10" },
                { "sku": "TEA-100", "name": "Чай", "quantity": "1", "price": "1.00001", "discount": "5" },
                { "name": "", "price": "1" },
            ],
            "total": "1",
        });
        let fault = desk.try_place(body).await.expect_err("nonsense");
        assert!(fault.is("input.fields"), "{fault:?}");
        for expected in [
            "terms orders.terms_unknown",
            "customer.email customers.email_malformed",
            "lines[0].quantity orders.quantity_not_positive",
            "lines[1].quantity money.malformed",
            "lines[2].price money.too_precise",
            "lines[3].quantity orders.empty",
            "lines[3].name orders.empty",
        ] {
            assert!(named(&fault).contains(&expected.to_owned()), "{expected} in {:?}", named(&fault));
        }
        for (body, expected) in [
            (json!({ "lines": [] }), "lines orders.no_lines"),
            (json!({ "currency": "RUR", "lines": [{ "name": "a", "quantity": "1", "price": "1" }] }), "currency currency.unknown"),
            (json!({ "currency": "EUR", "lines": [{ "name": "a", "quantity": "1", "price": "1" }] }), "currency orders.not_the_shops_currency"),
            (json!({ "total": "2", "lines": [{ "name": "a", "quantity": "1", "price": "1" }] }), "total orders.total_differs"),
            (json!({ "terms": "credit", "lines": [{ "name": "a", "quantity": "1", "price": "1" }] }), "credit_days orders.credit_days"),
            (json!({ "number": "9".repeat(200), "lines": [{ "name": "a", "quantity": "1", "price": "1" }] }), "number orders.too_long"),
        ] {
            let fault = desk.try_place(body).await.expect_err("nonsense");
            assert_eq!(named(&fault), [expected]);
        }
        assert_eq!(desk.app.facts_named("orders.placed").await, 0);
        let scope = desk.scope();
        assert!(desk.app.read(move |reader| counts(reader, &scope)).await.is_empty());
    }

    async fn orders_that_owe_nothing_first_are_ours_at_once(place: Place) {
        let desk = Desk::open(place).await;
        let mut body = order("cod", 1);
        body["terms"] = json!("on_delivery");
        let id = desk.place(body).await;
        let order = desk.order(id).await;
        assert_eq!((order.holder, order.milestone), (Some(Holder::Queue), Some(Milestone::CONFIRMED)));
        assert_eq!(order.due_at, Some(order.placed_at.plus_seconds(15 * 60)));
    }

    async fn an_order_for_nothing_is_paid_from_the_start(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(json!({ "lines": [{ "name": "Проба", "quantity": "1", "price": "0" }] })).await;
        let order = desk.order(id).await;
        assert!(order.is_paid_in_full() && order.started_at.is_some());
        assert_eq!(desk.app.facts_named("orders.paid").await, 1);
    }

    async fn others_do_not_see_an_order(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(1).await;
        let stranger = company(&desk.app, "Чужая").await;
        let other_shop = shop(&desk.app, desk.company, "Другой").await;
        for scope in [
            Scope::Company { company: stranger, shops: None },
            Scope::Company { company: desk.company, shops: Some(vec![other_shop]) },
            Scope::Desk { desk: stranger, companies: vec![stranger] },
        ] {
            let (found, page, counted) = desk
                .app
                .read(move |reader| {
                    let page = list(reader, &scope, &ListFilter { q: "1".to_owned(), ..ListFilter::default() })?;
                    Ok((get(reader, &scope, id), page.items.len(), counts(reader, &scope)?.len()))
                })
                .await;
            assert!(found.expect_err("a stranger").is("orders.missing"));
            assert_eq!((page, counted), (0, 0));
        }
        let foreign = desk.app.try_write(move |tx| takt_orders::confirm(tx, &crate::desk::permit(stranger), id)).await;
        assert!(foreign.expect_err("a stranger").is("orders.missing"));
    }

    async fn totals_of_a_stage_are_always_exact_and_those_of_words_up_to_a_thousand(place: Place) {
        let desk = Desk::open(place).await;
        let (company, shop) = (desk.company, desk.shop);
        let place_some = async |from: i64, until: i64| {
            desk.app.write(move |tx| {
                for number in from..until {
                    place_body(tx, company, shop, &order(&format!("WEB-{number}"), 1))?;
                }
                Ok(())
            }).await;
        };
        let total = async |filter: ListFilter| {
            let scope = desk.scope();
            let page = desk.app.read(move |reader| list(reader, &scope, &filter)).await;
            (page.total.count, page.total.exact)
        };
        let words = || ListFilter { q: "иванов".to_owned(), limit: 5, ..ListFilter::default() };
        let stage = || ListFilter { stage: Some(Stage::New), limit: 5, ..ListFilter::default() };
        for from in (0..1000).step_by(50) {
            place_some(from, from + 50).await;
        }
        assert_eq!((total(words()).await, total(stage()).await), ((1000, true), (1000, true)));
        place_some(1000, 1001).await;
        assert_eq!((total(words()).await, total(stage()).await), ((1000, false), (1001, true)));
        desk.app.drain().await;
        assert_eq!(total(stage()).await, (1001, true));
        let scope = desk.scope();
        let pressing = ListFilter { sort: Sort::Promise, ..words() };
        let page = desk.app.read(move |reader| list(reader, &scope, &pressing)).await;
        assert_eq!((page.items.len(), page.total.exact), (5, false), "walked by promise");
    }

    async fn who_sees_one_shop_reads_the_pages_of_that_shop(place: Place) {
        let desk = Desk::open(place).await;
        let (company, first) = (desk.company, desk.shop);
        let second = shop(&desk.app, company, "Кофе").await;
        for number in 0..12_i64 {
            let into = if number % 3 == 0 { second } else { first };
            let mut body = order(&format!("S-{number}"), 1);
            if number % 2 == 0 {
                body["terms"] = json!("on_delivery");
            }
            desk.app.write(move |tx| place_body(tx, company, into, &body).map(|_| ())).await;
            desk.app.clock.advance_seconds(1);
        }
        let own = Scope::Company { company, shops: Some(vec![first]) };
        let all = Scope::Company { company, shops: None };
        let status = |code: &str| ListFilter { status: Some(code.to_owned()), ..ListFilter::default() };
        for filter in [
            ListFilter::default(),
            status("new"),
            status("approval"),
            status("nowhere"),
            ListFilter { stage: Some(Stage::New), ..ListFilter::default() },
            ListFilter { stage: Some(Stage::New), ..status("approval") },
            ListFilter { in_work: true, ..status("new") },
            ListFilter { sort: Sort::Promise, ..status("approval") },
            ListFilter { holder: Some(Holder::Buyer), ..status("new") },
            ListFilter { holder: Some(Holder::Carrier), ..ListFilter::default() },
        ] {
            let walked = async |scope: &Scope, shop| {
                let (mut pages, mut cursor) = (Vec::new(), None);
                loop {
                    let asked = ListFilter { shop, limit: 3, cursor, ..filter.clone() };
                    let scope = scope.clone();
                    let page = desk.app.read(move |reader| list(reader, &scope, &asked)).await;
                    let ids: Vec<_> = page.items.iter().map(|order| (order.id, order.shop)).collect();
                    pages.push((ids, page.previous_cursor, page.total));
                    cursor = page.next_cursor;
                    if cursor.is_none() { break pages }
                }
            };
            let expected = walked(&all, Some(first)).await;
            assert!(expected.iter().flat_map(|(ids, ..)| ids).all(|(_, shop)| *shop == first), "{filter:?}");
            assert_eq!(walked(&own, None).await, expected, "{filter:?}");
            assert_eq!(walked(&own, Some(first)).await, expected, "{filter:?}");
            let others = walked(&own, Some(second)).await;
            assert!(others.iter().all(|(ids, _, total)| ids.is_empty() && total.count == 0), "{filter:?}");
        }
    }

    async fn orders_are_found_and_counted(place: Place) {
        let desk = Desk::open(place).await;
        for number in 0..30 {
            let mut body = order(&format!("WEB-{}", 1000 + number), 1);
            if number == 7 {
                body["customer"] = json!({ "name": "Ёлкина Вера", "phone": "+7 495 111-22-33", "email": "vera@example.org" });
            }
            desk.place(body).await;
            desk.app.clock.advance_seconds(1);
        }
        let ask = async |filter: ListFilter| {
            let scope = desk.scope();
            desk.app.read(move |reader| list(reader, &scope, &filter)).await
        };
        for (q, found) in [
            ("елкина", 1), ("ВЕРА ёлк", 1), ("22-33", 1), ("4951112233", 1), ("8 (495) 111", 1), ("vera@", 1),
            ("web-1007", 1), ("1007", 1), ("иванов", 29), ("иванов вера", 0), ("нет таких", 0),
        ] {
            let page = ask(ListFilter { q: q.to_owned(), limit: 100, ..ListFilter::default() }).await;
            assert_eq!((page.items.len(), page.total.count, page.total.exact), (found, i64::try_from(found).expect("few"), true), "{q}");
        }
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page = ask(ListFilter { stage: Some(Stage::New), limit: 7, cursor, ..ListFilter::default() }).await;
            assert_eq!((page.total.count, page.total.exact), (30, true));
            seen.extend(page.items.iter().map(|order| order.id));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 30);
        assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "the newest first");
        let by = |q: &str, sort: Sort| ListFilter { q: q.to_owned(), sort, limit: 100, ..ListFilter::default() };
        let company = desk.company;
        let shoes = desk.place(json!({
            "external_id": "SHOES-1", "currency": "RUB",
            "customer": { "name": "Иван Лентин", "phone": "8 (900) 765-43-21" },
            "lines": [
                { "sku": "RUN-42", "name": "Пара кроссовок «Бег»", "quantity": "1", "price": "100" },
                { "name": "Office chair", "quantity": "1", "price": "100" },
            ],
            "comment": "Оставить у консьержки",
        })).await;
        desk.app.write(move |tx| {
            let permit = Permit::<CommentOrders>::system(company, "test");
            takt_orders::comment(tx, &permit, shoes, "Перезвонил, ждёт посылки").map(|_| ())
        }).await;
        for (q, found) in [
            ("кроссовки", 1), ("кроссовка бег", 1), ("run-42", 1), ("chairs", 1), ("консьержка", 1), ("посылка", 1),
            ("ждет", 1), ("4321", 1), ("+7 900 765 43 21", 1), ("лентин", 1), ("ленты", 0), ("кроссовер", 0), ("run-43", 0),
            ("№ shoes-1,", 1), ("лентин 8 900 765 4321", 1),
        ] {
            for sort in [Sort::Newest, Sort::Promise] {
                let page = ask(by(q, sort)).await;
                assert_eq!(page.items.iter().filter(|order| order.id == shoes).count(), found, "{q} {sort:?}");
            }
        }
        let version = desk.order(shoes).await.version;
        desk.change(shoes, version, json!({ "lines": [{ "name": "Сапоги", "quantity": "1", "price": "100" }] })).await.expect("changed");
        assert_eq!(ask(by("кроссовки", Sort::Newest)).await.items.len(), 0, "not by goods that it has no more");
        assert_eq!(ask(by("сапог", Sort::Newest)).await.items.len(), 1);

        // As a database of before: texts without goods and remarks, brought to the new form by the job.
        desk.app.write(move |tx| {
            tx.put(sql!("update search_text set words = 'старое' where company_id = :company_id"), params![company_id: company])?;
            takt_orders::index_all(tx, company)
        }).await;
        assert_eq!(ask(by("сапоги", Sort::Newest)).await.items.len(), 0);
        desk.app.drain().await;
        assert_eq!((ask(by("сапоги", Sort::Newest)).await.items.len(), ask(by("посылку", Sort::Newest)).await.items.len()), (1, 1));

        let bad = ListFilter { cursor: Some("x".to_owned()), ..ListFilter::default() };
        let scope = desk.scope();
        assert!(desk.app.db.read("bad", move |reader| list(reader, &scope, &bad)).await.is_err());

        desk.app.write(move |tx| takt_orders::fold(tx, company)).await;
        desk.app.write(move |tx| takt_orders::fold(tx, company)).await;
        let page = ask(ListFilter { status: Some("new".to_owned()), ..ListFilter::default() }).await;
        assert_eq!(page.total.count, 31, "folding loses nothing");
    }
}
