//! What a split and a merge must not be a way around, and what a part keeps of the whole.

use serde_json::json;
use takt_customers::{Contact, CustomerId, recognise};
use takt_kernel::{Actor, Result, money::Quantity};
use takt_orders::{
    CancelOrders, EditOrders, HoldOrders, Merge, Order, OrderId, Parted,
    buyer::{BUYER_PANEL, BuyerContext},
    defer, hold, let_go, pause, wake,
};
use takt_store::Query;
use takt_testing::on_both_engines;

use crate::{
    desk::{Desk, order, permit, rub},
    stages::assert_row_agrees_with_facts,
};

async fn split_one(desk: &Desk, id: OrderId) -> Result<Parted> {
    let (company, version, line) = (desk.company, desk.order(id).await.version, desk.lines(id).await[0].id);
    let wanted = [(line, Quantity::whole(1))];
    desk.app
        .try_write(move |tx| takt_orders::split(tx, &permit::<EditOrders>(company), id, version, &wanted))
        .await
}

async fn merge(desk: &Desk, into: OrderId, from: OrderId) -> Result<Order> {
    let (company, version) = (desk.company, desk.order(into).await.version);
    desk.app
        .try_write(move |tx| {
            let wanted = Merge {
                into,
                into_version: version,
                from,
                from_version: None,
                both_deliveries: false,
                reason: "merged",
            };
            takt_orders::merge(tx, &permit::<EditOrders>(company), &permit::<CancelOrders>(company), &wanted)
        })
        .await
}

async fn placed(desk: &Desk, external_id: &str, buyer: serde_json::Value) -> OrderId {
    desk.app.clock.advance_seconds(60);
    let mut body = order(external_id, 3);
    body["customer"] = buyer;
    desk.place(body).await
}

on_both_engines! {
    async fn what_stands_still_is_neither_split_nor_merged(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let (still, other) = (desk.tea(3).await, desk.tea(2).await);
        desk.app.write(move |tx| hold(tx, &permit::<HoldOrders>(company), still, "стоп", None).map(|_| ())).await;
        let refused = async |code: &str| {
            for fault in [
                split_one(&desk, still).await.expect_err("split").code().to_owned(),
                merge(&desk, still, other).await.expect_err("into it").code().to_owned(),
                merge(&desk, other, still).await.expect_err("from it").code().to_owned(),
            ] {
                assert_eq!(fault, code);
            }
        };
        refused("orders.held_by_owner").await;
        desk.app.write(move |tx| let_go(tx, &permit::<HoldOrders>(company), still).map(|_| ())).await;
        let until = desk.app.now().plus_seconds(3600);
        desk.app.write(move |tx| defer(tx, &permit(company), still, None, until).map(|_| ())).await;
        refused("orders.deferred").await;
        desk.app.write(move |tx| wake(tx, &permit(company), still).map(|_| ())).await;
        merge(&desk, other, still).await.expect("it goes on");
    }

    async fn a_part_keeps_the_promise_of_the_whole_by_its_facts_too(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        for (receipt, waits) in [(1, false), (2, true)] {
            let id = desk.tea(3).await;
            desk.app.clock.advance_seconds(120);
            desk.pay(receipt, id, "300").await.expect("paid");
            desk.app.clock.advance_seconds(60);
            if waits {
                let until = desk.app.now().plus_seconds(240);
                desk.app.write(move |tx| pause(tx, &permit(company), id, None, "buyer_asked", Some(until)).map(|_| ())).await;
                desk.app.advance(240).await;
            }
            desk.app.clock.advance_seconds(300);
            let whole = desk.order(id).await;
            let parted = split_one(&desk, id).await.expect("two orders");
            desk.app.drain().await;
            let part = desk.order(parted.second.id).await;
            assert_eq!((part.started_at, part.due_at), (whole.started_at, whole.due_at), "waits: {waits}");
            assert_row_agrees_with_facts(&desk, part.id).await;
            assert_row_agrees_with_facts(&desk, id).await;
        }
    }

    async fn a_buyer_who_lets_us_wait_has_let_the_part_wait_too(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let id = desk.tea(3).await;
        desk.pay(1, id, "300").await.expect("paid");
        let until = desk.app.now().plus_seconds(3600);
        desk.app.write(move |tx| pause(tx, &permit(company), id, None, "buyer_asked", Some(until)).map(|_| ())).await;
        let due = desk.order(id).await.started_at.expect("it runs").plus_seconds(900 + 600);
        desk.app.clock.advance_seconds(600);
        let part = split_one(&desk, id).await.expect("two orders").second.id;
        desk.app.drain().await;
        assert_eq!(desk.order(part).await.due_at, Some(due), "later by as long as he let us wait");
        assert_row_agrees_with_facts(&desk, part).await;
    }

    async fn one_buyer_is_who_people_say_and_not_who_nobody_knows(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let unknown = placed(&desk, "1", json!({ "name": "Анна" })).await;
        let nobody = placed(&desk, "2", json!({ "name": "Ольга" })).await;
        assert_eq!(desk.order(unknown).await.customer, None);
        let fault = merge(&desk, unknown, nobody).await.expect_err("two buyers");
        assert!(fault.is("orders.merge_buyers"), "{fault:?}");
        let namesake = placed(&desk, "3", json!({ "name": "Анна" })).await;
        let fault = merge(&desk, unknown, namesake).await.expect_err("a name alone is nobody");
        assert!(fault.is("orders.merge_buyers"), "{fault:?}");

        let card = async |phone: &str| -> CustomerId {
            let contact = Contact::parse("Пётр", phone, "", "RU").expect("a contact");
            desk.app.write(move |tx| recognise(tx, company, &contact, &Actor::system("test"))).await
        };
        let mut ids = Vec::new();
        for (number, phone) in ["+79123456789", "+79990001122"].into_iter().enumerate() {
            card(phone).await;
            let mut body = order(&format!("same-{number}"), 3);
            body["customer"] = json!({ "name": "Пётр", "phone": phone });
            body["recognise"] = json!(true);
            ids.push(desk.place(body).await);
        }
        let (one, other) = (card("+79123456789").await, card("+79990001122").await);
        assert!(merge(&desk, ids[0], ids[1]).await.expect_err("two cards").is("orders.merge_buyers"));
        desk.app.write(move |tx| takt_customers::merge(tx, &permit(company), one, other)).await;
        let operator = desk.signed_in("operator").await;
        let form = operator.get(&format!("/orders/{}/merge", ids[1])).await.expect_status(200).text();
        assert!(form.contains(&format!("value=\"{}\"", ids[0])), "{form}");
        let joined = merge(&desk, ids[0], ids[1]).await.expect("one person");
        assert_eq!(joined.total, rub("600"));
    }

    async fn a_possible_duplicate_is_seen_in_the_list(place: Place) {
        let desk = Desk::open(place).await;
        let mut ids = Vec::new();
        for number in 1..=3 {
            desk.app.clock.advance_seconds(60);
            let mut body = order(&format!("twin-{number}"), 1);
            body["recognise"] = json!(number < 3);
            ids.push(desk.place(body).await);
        }
        desk.app.drain().await;
        let operator = desk.signed_in("operator").await;
        let signs = async || {
            let list = operator.get("/orders?view=work").await.expect_status(200).text();
            list.matches("<span class=\"unseen\">Похоже на повтор другого заказа</span>").count()
        };
        assert_eq!(signs().await, 2, "the buyer of the third is not known");
        operator.post_form(&format!("/orders/{}/twins/{}/dismiss", ids[0], ids[1]), &[]).await.expect_status(303);
        assert_eq!(signs().await, 0);
    }

    async fn a_part_is_asked_for_in_numbers_that_are_exact(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(3).await;
        let line = desk.lines(id).await[0].id.get();
        let client = desk.program("orders:read orders:write").await;
        let version = desk.order(id).await.version;
        for (part, path, code) in [
            (json!({ "id": line, "quantity": 0.5 }), "lines[0].quantity", "orders.fraction_as_number"),
            (json!({ "id": line }), "lines[0].quantity", "orders.empty"),
            (json!({ "quantity": 1 }), "lines[0].id", "orders.empty"),
            (json!({ "id": line, "quantity": "two" }), "lines[0].quantity", "money.not_a_number"),
        ] {
            let answer = client
                .ask(http::Method::POST, &format!("/api/v1/orders/{id}/split"))
                .header("if-match", &format!("\"{version}\""))
                .json(&json!({ "lines": [part] }))
                .send()
                .await
                .expect_status(422);
            let problem: serde_json::Value = answer.json();
            assert!(problem.to_string().contains(path), "{path} in {problem}");
            assert!(code == "money.not_a_number" || problem.to_string().contains(code), "{code} in {problem}");
        }
    }

    async fn behind_one_phone_may_stand_more_orders_than_are_added_up(place: Place) {
        let desk = Desk::open(place).await;
        let (company, shop) = (desk.company, desk.shop);
        let many = async |from: i64, to: i64| {
            desk.app.write(move |tx| {
                for number in from..to {
                    let mut body = order(&format!("many-{number}"), 1);
                    body["recognise"] = json!(true);
                    crate::desk::place_body(tx, company, shop, &body)?;
                }
                Ok(())
            }).await;
        };
        many(0, 200).await;
        let bought = async || {
            desk.app.read(move |reader| {
                let first = takt_orders::by_external_id(reader, company, shop, "many-0")?.expect("an order");
                let customer = takt_orders::load(reader, company, first)?.customer.expect("a buyer");
                takt_orders::purchases(reader, company, &[customer], Some(first))
            }).await
        };
        let all = bought().await;
        assert_eq!((all.orders, all.shops, all.more, all.sums.clone()), (200, 1, false, vec![rub("20000")]));
        many(200, 201).await;
        let newest = bought().await;
        assert_eq!((newest.orders, newest.more), (200, true));
        assert_ne!(newest.last, all.last, "the newest is told");
    }

    async fn the_buyer_is_told_with_which_order_the_goods_come(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(3).await;
        let part = split_one(&desk, id).await.expect("two orders").second.id;
        let other = desk.tea(2).await;
        merge(&desk, id, other).await.expect("one order");
        let wiring = takt_feature::Wiring::assemble(vec![
            takt_staff::feature(), takt_customers::feature(), takt_catalog::feature(), takt_orders::feature(),
        ]);
        let words = takt_ui::Words::new(wiring.texts.clone(), takt_ui::Lang::En, jiff::tz::TimeZone::UTC);
        let company = desk.company;
        for (of, expected) in [
            (id, vec![("holds everything of order", other), ("A part comes by itself, as order", part)]),
            (part, vec![("This is a part of order", id)]),
            (other, vec![("is part of order", id)]),
        ] {
            let words = words.clone();
            let told = desk.app.read(move |reader| {
                let order = takt_orders::load(reader, company, of)?;
                let context = BuyerContext { order: &order, lines: &[], words: &words, page: "" };
                let mut told = String::new();
                for panel in reader.slots().of(&BUYER_PANEL) {
                    told.push_str(&(panel.render)(reader, &context)?.0);
                }
                Ok(told)
            }).await;
            for (text, other) in expected {
                let number = desk.order(other).await.number;
                assert!(told.contains(text) && told.contains(&number), "{text} {number} in {told}");
            }
        }
    }
}
