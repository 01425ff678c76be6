//! Two orders of one, one of two, the same again, and what may be the same twice.

use serde_json::{Value, json};
use takt_kernel::{Actor, Result, Timestamp, money::Money, money::Quantity};
use takt_orders::{
    CancelOrders, EditOrders, LineId, Merge, Order, OrderId, Parted, Prices, Stage,
    kin::{self, Kin},
    record_paid,
};
use takt_testing::on_both_engines;

use crate::desk::{Desk, permit, rub};

async fn split(desk: &Desk, id: OrderId, wanted: Vec<(LineId, Quantity)>) -> Result<Parted> {
    let (company, version) = (desk.company, desk.order(id).await.version);
    desk.app
        .try_write(move |tx| takt_orders::split(tx, &permit::<EditOrders>(company), id, version, &wanted))
        .await
}

async fn merge(desk: &Desk, into: OrderId, from: OrderId, both: bool) -> Result<Order> {
    let (company, version) = (desk.company, desk.order(into).await.version);
    desk.app
        .try_write(move |tx| {
            let wanted = Merge {
                into,
                into_version: version,
                from,
                from_version: None,
                both_deliveries: both,
                reason: "merged",
            };
            takt_orders::merge(tx, &permit::<EditOrders>(company), &permit::<CancelOrders>(company), &wanted)
        })
        .await
}

async fn relatives(desk: &Desk, id: OrderId) -> Vec<(Kin, OrderId)> {
    let company = desk.company;
    desk.app
        .read(move |reader| Ok(kin::relatives(reader, company, &[id])?.remove(&id).unwrap_or_default()))
        .await
        .iter()
        .map(|relative| (relative.kin, relative.id))
        .collect()
}

async fn used(desk: &Desk, receipt: i64, amount: &str, id: OrderId) {
    let (receipt, amount) = (desk.receipt(receipt, "10000").await, rub(amount));
    desk.app.write(move |tx| record_paid(tx, &receipt, id, amount, &Actor::system("test")).map(|_| ())).await;
}

/// An order whose buyer is recognised, as the program does.
fn order(external_id: &str, units: i64) -> Value {
    let mut body = crate::desk::order(external_id, units);
    body["recognise"] = json!(true);
    body
}

fn big(external_id: &str) -> Value {
    let mut body = order(external_id, 10);
    body["lines"] = json!([
        { "sku": "TEA-100", "name": "Чай", "quantity": "3", "price": "33.33", "discount": "1.00", "vat": "22" },
        { "sku": "CUP-7", "name": "Чашка", "quantity": "2", "price": "100.00", "vat": "22" },
    ]);
    body["discount"] = json!("10.00");
    body["delivery"] = json!({ "method": "courier", "price": "30.00" });
    body
}

fn sum(parted: &Parted) -> Money {
    parted.first.total.add(parted.second.total).expect("a sum")
}

on_both_engines! {
    async fn a_part_goes_on_as_an_order_of_its_own_and_nothing_is_lost(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(big("1001")).await;
        let whole = desk.order(id).await;
        let lines = desk.lines(id).await;
        let parted = split(&desk, id, vec![(lines[0].id, Quantity::whole(1)), (lines[1].id, Quantity::whole(2))])
            .await
            .expect("two orders");
        assert_eq!(sum(&parted), whole.total, "to the minor unit");
        assert_eq!(parted.first.discount.add(parted.second.discount).expect("a sum"), whole.discount);
        assert_eq!((parted.first.delivery.price, parted.second.delivery.price), (rub("30"), rub("0")));
        assert_eq!(parted.first.external_id.as_deref(), Some("1001"), "the shop knows the first");
        assert_eq!((parted.second.external_id.as_deref(), parted.second.customer), (None, whole.customer));
        assert_eq!(parted.second.placed_at, whole.placed_at, "its promise is no younger");
        let (stayed, went) = (desk.lines(id).await, desk.lines(parted.second.id).await);
        assert_eq!(stayed.iter().map(|line| line.quantity).collect::<Vec<_>>(), [Quantity::whole(2)]);
        assert_eq!(went.iter().map(|line| line.quantity).collect::<Vec<_>>(), [Quantity::whole(1), Quantity::whole(2)]);
        assert_eq!(relatives(&desk, id).await, [(Kin::SplitTo, parted.second.id)]);
        assert_eq!(relatives(&desk, parted.second.id).await, [(Kin::SplitFrom, id)]);
        desk.app.drain().await;
        assert_eq!(relatives(&desk, id).await.len(), 1, "a part is no twin");
    }

    async fn the_money_pays_the_first_and_what_is_left_goes_along(place: Place) {
        let desk = Desk::open(place).await;
        for (receipt, paid, first, second, confirmed) in [
            (1, "0", "0", "0", false),
            (2, "60", "60", "0", false),
            (3, "130", "100", "30", false),
            (4, "300", "100", "200", true),
            (5, "350", "150", "200", true),
        ] {
            let id = desk.tea(3).await;
            desk.app.clock.advance_seconds(60);
            if paid != "0" {
                used(&desk, receipt, paid, id).await;
            }
            let started = desk.order(id).await.started_at;
            if confirmed {
                desk.confirm(id).await.expect("confirmed");
            }
            desk.app.clock.advance_seconds(600);
            let line = desk.lines(id).await[0].id;
            let parted = split(&desk, id, vec![(line, Quantity::whole(2))]).await.expect("two orders");
            assert_eq!((parted.first.paid, parted.second.paid), (rub(first), rub(second)), "of {paid}");
            if confirmed {
                assert_eq!((parted.second.stage, parted.second.started_at), (Stage::Assembling, started));
                assert_eq!(parted.second.confirmed_at, parted.first.confirmed_at);
            }
            for order in [&parted.first, &parted.second] {
                let (company, id) = (desk.company, order.id);
                let past = desk.app.read(move |reader| {
                    let facts = takt_orders::past::facts_of(reader, company, id)?;
                    takt_orders::past::Past::of(&facts)
                }).await.expect("a past");
                assert_eq!((past.order.paid, past.order.total, past.order.stage), (order.paid, order.total, order.stage));
                // Facts of one command stand a microsecond apart.
                let about = |at: Option<Timestamp>| at.map(|at| at.micros() / 1_000);
                assert_eq!(about(past.order.started_at), about(order.started_at));
                assert_eq!(about(past.order.confirmed_at), about(order.confirmed_at));
            }
        }
    }

    async fn what_cannot_be_split_truthfully_is_refused(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(3).await;
        let line = desk.lines(id).await[0].id;
        for (wanted, code) in [
            (vec![], "orders.nothing_to_split"),
            (vec![(line, Quantity::ZERO)], "orders.nothing_to_split"),
            (vec![(line, Quantity::whole(3))], "orders.all_would_be_split"),
            (vec![(line, Quantity::whole(2)), (line, Quantity::whole(2))], "orders.more_than_ordered"),
            (vec![(LineId::new(1), Quantity::whole(1))], "orders.line_unknown"),
        ] {
            let fault = split(&desk, id, wanted).await.expect_err(code);
            assert!(fault.is(code), "{fault:?}");
        }
        used(&desk, 1, "300", id).await;
        desk.confirm(id).await.expect("confirmed");
        desk.ship_all(id).await.expect("gone");
        let fault = split(&desk, id, vec![(line, Quantity::whole(1))]).await.expect_err("gone");
        assert!(fault.is("orders.already_shipped"), "{fault:?}");
    }

    async fn two_orders_become_one_with_all_lines_and_all_money(place: Place) {
        let desk = Desk::open(place).await;
        let into = desk.place(big("1001")).await;
        desk.app.clock.advance_seconds(60);
        let from = desk.place(big("1002")).await;
        used(&desk, 1, "50", into).await;
        used(&desk, 2, "99.99", from).await;
        let (one, other) = (desk.order(into).await, desk.order(from).await);
        let joined = merge(&desk, into, from, true).await.expect("one order");
        assert_eq!(joined.total, one.total.add(other.total).expect("a sum"));
        assert_eq!((joined.paid, joined.discount), (rub("149.99"), rub("20")));
        assert_eq!(desk.lines(into).await.len(), 4);
        let gone = desk.order(from).await;
        assert_eq!((gone.stage, gone.paid, gone.cancel_reason.as_deref()), (Stage::Cancel, rub("0"), Some("merged")));
        assert_eq!(gone.external_id.as_deref(), Some("1002"), "the shop still finds it");
        assert_eq!(relatives(&desk, from).await, [(Kin::MergedInto, into)]);
        let fault = merge(&desk, into, from, false).await.expect_err("it is cancelled");
        assert!(fault.is("orders.already_cancelled"), "{fault:?}");
    }

    async fn what_was_urgent_before_two_became_one_is_urgent_after(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        for (name, first, second, urgent) in
            [("a", false, true, true), ("b", true, false, true), ("c", true, true, true), ("d", false, false, false)]
        {
            let mut orders = Vec::new();
            for (part, hurries) in [("1", first), ("2", second)] {
                let id = desk.place(order(&format!("{name}-{part}"), 1)).await;
                desk.app
                    .write(move |tx| takt_orders::set_urgent(tx, &permit(company), id, hurries).map(|_| ()))
                    .await;
                orders.push(id);
            }
            let joined = merge(&desk, orders[0], orders[1], false).await.expect("one order");
            assert_eq!(joined.urgent, urgent, "{first} and {second}");
            assert_eq!(desk.order(orders[0]).await.urgent, urgent, "{first} and {second}");
        }
    }

    async fn one_delivery_is_paid_unless_both_are_wanted(place: Place) {
        let desk = Desk::open(place).await;
        let into = desk.place(big("1001")).await;
        desk.app.clock.advance_seconds(60);
        let from = desk.place(big("1002")).await;
        let joined = merge(&desk, into, from, false).await.expect("one order");
        assert_eq!(joined.delivery.price, rub("30"));
        assert_eq!(joined.total, joined.goods.subtract(joined.discount).and_then(|goods| goods.add(rub("30"))).expect("a sum"));
    }

    async fn orders_that_are_not_alike_stay_two(place: Place) {
        let desk = Desk::open(place).await;
        let into = desk.place(order("1001", 1)).await;
        let mut body = order("1002", 1);
        body["terms"] = json!("on_delivery");
        let later = desk.place(body).await;
        let mut body = order("1003", 1);
        body["customer"] = json!({ "name": "Пётр", "phone": "+79990001122" });
        let another = desk.place(body).await;
        for (from, code) in [
            (into, "orders.merge_same"),
            (later, "orders.merge_terms"),
            (another, "orders.merge_buyers"),
            (OrderId::new(1), "orders.missing"),
        ] {
            let fault = merge(&desk, into, from, false).await.expect_err(code);
            assert!(fault.is(code), "{fault:?}");
        }
    }

    async fn the_same_again_costs_what_it_costs_today_or_what_it_cost_then(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(big("1001")).await;
        let old = desk.order(id).await;
        for (prices, total) in [(Prices::AsThen, old.total), (Prices::OfToday, rub("530"))] {
            let company = desk.company;
            let placed = desk.app.write(move |tx| takt_orders::copy(tx, &permit(company), id, prices, None)).await;
            let copy = desk.order(placed.id).await;
            assert_eq!((copy.total, copy.paid, copy.customer), (total, rub("0"), old.customer), "{prices}");
            assert_eq!((copy.external_id.as_deref(), copy.stage), (None, Stage::New));
            assert!(relatives(&desk, placed.id).await.contains(&(Kin::CopyOf, id)));
        }
    }

    async fn the_same_goods_for_the_same_buyer_within_two_days_may_be_a_duplicate(place: Place) {
        let desk = Desk::open(place).await;
        let first = desk.place(order("1001", 1)).await;
        desk.app.clock.advance_seconds(47 * 3600);
        let second = desk.place(order("1002", 2)).await;
        let mut other = order("1003", 1);
        other["lines"] = json!([{ "sku": "CUP-7", "name": "Чашка", "quantity": "1", "price": "100.00" }]);
        let cup = desk.place(other).await;
        desk.app.drain().await;
        assert_eq!(relatives(&desk, second).await, [(Kin::Twin, first)]);
        assert_eq!(relatives(&desk, first).await, [(Kin::Twin, second)]);
        assert_eq!(relatives(&desk, cup).await, []);
        desk.app.clock.advance_seconds(2 * 3600);
        let third = desk.place(order("1004", 1)).await;
        desk.app.drain().await;
        assert_eq!(relatives(&desk, third).await, [(Kin::Twin, second)], "the first is too old");

        let company = desk.company;
        desk.app.write(move |tx| kin::dismiss_twin(tx, &permit(company), first, second)).await;
        assert_eq!(relatives(&desk, first).await, []);
        assert_eq!(relatives(&desk, second).await, [(Kin::Twin, third)]);
        let fault = desk.app.try_write(move |tx| kin::dismiss_twin(tx, &permit(company), first, second)).await.expect_err("told apart");
        assert!(fault.is("orders.no_twin"), "{fault:?}");
        desk.app.write(move |tx| takt_orders::cancel(tx, &permit(company), third, None, "").map(|_| ())).await;
        assert_eq!(relatives(&desk, second).await, [], "what was cancelled is no twin");
    }

    async fn people_split_and_merge_on_the_screen(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("1001", 3)).await;
        let client = desk.signed_in("operator").await;
        let page = client.get(&format!("/orders/{id}")).await.expect_status(200).text();
        assert!(page.contains(&format!("/orders/{id}/split")) && page.contains(&format!("/orders/{id}/copy")));
        client.get(&format!("/orders/{id}/split")).await.expect_status(200);
        let line = desk.lines(id).await[0].id.to_string();
        let version = desk.order(id).await.version.to_string();
        let wrong = client
            .post_form(&format!("/orders/{id}/split"), &[("version", &version), ("line", &line), ("quantity", "two")])
            .await
            .expect_status(422);
        assert!(wrong.text().contains("field-error"));
        let path = format!("/orders/{id}/split");
        client.post_form(&path, &[("version", &version), ("line", &line), ("quantity", "1")]).await.expect_status(303);
        let other = relatives(&desk, id).await[0].1;
        let form = client.get(&format!("/orders/{id}/merge")).await.expect_status(200).text();
        assert!(form.contains(&format!("value=\"{other}\"")), "the part can come back");
        let version = desk.order(id).await.version.to_string();
        let from = other.to_string();
        client.post_form(&format!("/orders/{id}/merge"), &[("version", &version), ("from", &from)]).await.expect_status(303);
        assert_eq!(desk.order(id).await.total, rub("300"));
        let copied = client.post_form(&format!("/orders/{id}/copy"), &[("prices", "as_then")]).await.expect_status(303);
        assert_ne!(copied.location(), format!("/orders/{id}"));
        let auditor = desk.signed_in("auditor").await;
        let card = auditor.get(&format!("/orders/{id}")).await.expect_status(200).text();
        assert!(!card.contains("/split") && !card.contains("/merge") && !card.contains("/copy"));
    }

    async fn programs_split_merge_and_copy(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(3).await;
        let client = desk.program("orders:read orders:write").await;
        let line = desk.lines(id).await[0].id.get();
        let post = async |path: String, version: i64, body: Value| {
            client.ask(http::Method::POST, &path).header("if-match", &format!("\"{version}\"")).json(&body).send().await
        };
        let version = desk.order(id).await.version;
        let body = json!({ "lines": [{ "id": line, "quantity": "1" }] });
        let path = format!("/api/v1/orders/{id}/split");
        let both: Value = post(path.clone(), version, body.clone()).await.expect_status(200).json();
        assert_eq!((both["first"]["total"].as_str(), both["second"]["total"].as_str()), (Some("200.00"), Some("100.00")));
        post(path, version, body).await.expect_status(412);
        let version = desk.order(id).await.version;
        let body = json!({ "from": both["second"]["id"], "reason": "one parcel" });
        let one: Value = post(format!("/api/v1/orders/{id}/merge"), version, body).await.expect_status(200).json();
        assert_eq!(one["total"], "300.00");
        let copy: Value = client.post_json(&format!("/api/v1/orders/{id}/copy"), &json!({ "prices": "as_then" })).await.expect_status(200).json();
        assert_eq!((&copy["total"], &copy["external_id"]), (&json!("300.00"), &Value::Null));
        client.post_json(&format!("/api/v1/orders/{id}/copy"), &json!({ "prices": "cheap" })).await.expect_status(422);
        let reader = desk.program("orders:read").await;
        reader.post_json(&format!("/api/v1/orders/{id}/copy"), &json!({})).await.expect_status(403);
    }
}
