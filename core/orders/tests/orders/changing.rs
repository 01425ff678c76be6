use serde_json::{Value, json};
use takt_kernel::{Result, money::Quantity};
use takt_orders::{Order, OrderId, Reserved, edit, read_patch};
use takt_testing::on_both_engines;

use crate::desk::{Desk, order, permit, rub};

impl Desk {
    pub async fn change(&self, id: OrderId, expected: i64, body: Value) -> Result<Order> {
        let company = self.company;
        self.app
            .try_write(move |tx| {
                let order = takt_orders::load(tx, company, id)?;
                let lines = takt_orders::lines(tx, company, id)?;
                let patch = read_patch(&order, &lines, &body, "RU")?;
                edit(tx, &permit(company), id, expected, patch)
            })
            .await
    }
}

on_both_engines! {
    async fn what_is_changed_is_told_field_by_field(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("1", 2)).await;
        let line = desk.lines(id).await[0].id;
        let order = desk.change(id, 1, json!({
            "customer": { "name": "Петрова Анна" },
            "delivery": { "price": "50" },
            "lines": [
                { "id": line, "sku": "TEA-100", "name": "Чай", "quantity": "1", "price": "100.00", "vat": "22" },
                { "sku": "CUP-7", "quantity": "1", "price": "30" },
            ],
            "gift": true,
        })).await.expect("changed");
        assert_eq!((order.version, order.total), (2, rub("180")));
        assert_eq!(order.contact.phone.as_deref(), Some("+79123456789"), "what is not named stays");
        assert_eq!(order.extra["gift"], json!(true));
        let lines = desk.lines(id).await;
        assert_eq!((lines[0].id, lines[0].quantity, lines.len()), (line, Quantity::whole(1), 2));
        let company = desk.company;
        let changes = desk.app.read(move |reader| {
            let facts = takt_store::facts::of_subject(reader, company, "order", id.get(), 1, 10)?;
            Ok(facts[0].changes.clone())
        }).await;
        let told = |path: &str| changes.iter().find(|change| change.path == path).map(|change| (change.old.clone(), change.new.clone(), change.personal));
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(told("customer.name"), Some((text("Иванов Пётр"), text("Петрова Анна"), true)));
        assert_eq!(told("lines.quantity"), Some((text("2"), text("1"), false)));
        assert_eq!(told("total"), Some((text("200.00"), text("180.00"), false)));
        assert_eq!(told("customer.phone"), None);
        let found = desk.app.read({ let scope = desk.scope(); move |reader| {
            let by = |q: &str| takt_orders::ListFilter { q: q.to_owned(), ..Default::default() };
            Ok((takt_orders::list(reader, &scope, &by("петрова"))?.items.len(), takt_orders::list(reader, &scope, &by("иванов"))?.items.len()))
        }}).await;
        assert_eq!(found, (1, 0), "it is found by its new name only");
    }

    async fn two_who_change_at_once_never_lose_a_change(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("1", 2)).await;
        desk.change(id, 1, json!({ "comment": "первый" })).await.expect("the first");
        let fault = desk.change(id, 1, json!({ "comment": "второй" })).await.expect_err("the second");
        assert!(fault.is("orders.changed_meanwhile"), "{fault:?}");
        assert_eq!(desk.order(id).await.comment.as_deref(), Some("первый"));
        let same = desk.change(id, 2, json!({ "comment": "первый" })).await.expect("nothing new");
        assert_eq!(same.version, 2, "a change of nothing is none");
        let gone = desk.change(id, 2, json!({ "comment": null })).await.expect("removed");
        assert_eq!(gone.comment, None);
    }

    async fn many_changes_at_once_are_all_or_refused(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("1", 2)).await;
        let company = desk.company;
        let racing: Vec<_> = (0..8).map(|n| {
            let db = desk.app.db.clone();
            tokio::spawn(async move {
                db.write("race", move |tx| {
                    let order = takt_orders::load(tx, company, id)?;
                    let lines = takt_orders::lines(tx, company, id)?;
                    let patch = read_patch(&order, &lines, &json!({ "comment": format!("{n}") }), "RU")?;
                    edit(tx, &permit(company), id, 1, patch)
                }).await
            })
        }).collect();
        let mut changed = 0;
        for one in racing {
            match one.await.expect("no panic") {
                Ok(_) => changed += 1,
                Err(fault) => assert!(fault.is("orders.changed_meanwhile"), "{fault:?}"),
            }
        }
        assert_eq!(changed, 1);
        assert_eq!(desk.order(id).await.version, 2);
    }

    async fn what_has_left_or_was_cancelled_stays_as_it_is(place: Place) {
        let desk = Desk::open(place).await;
        let mut body = order("1", 1);
        body["terms"] = json!("on_delivery");
        let id = desk.place(body).await;
        desk.confirm(id).await.expect("confirmed");
        let version = desk.ship_all(id).await.expect("shipped").version;
        let fault = desk.change(id, version, json!({ "comment": "поздно" })).await.expect_err("too late");
        assert!(fault.is("orders.already_shipped"), "{fault:?}");
        let other = desk.place(order("2", 1)).await;
        let company = desk.company;
        desk.app.write(move |tx| takt_orders::cancel(tx, &permit(company), other, Some(1), "")).await;
        let version = desk.order(other).await.version;
        assert!(desk.change(other, version, json!({ "comment": "x" })).await.expect_err("gone").is("orders.already_cancelled"));
    }

    async fn bad_changes_are_named_and_change_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("1", 2)).await;
        let foreign = desk.place(order("2", 2)).await;
        let foreign_line = desk.lines(foreign).await[0].id;
        for (body, expected) in [
            (json!({ "status": "complete" }), "status orders.field_fixed"),
            (json!({ "paid": "200" }), "paid orders.field_fixed"),
            (json!({ "lines": [] }), "lines orders.no_lines"),
            (json!({ "lines": [{ "id": foreign_line, "name": "a", "quantity": "1", "price": "1" }] }), "lines[0].id orders.line_unknown"),
            (json!({ "lines": [{ "name": "a", "quantity": "0", "price": "1" }] }), "lines[0].quantity orders.quantity_not_positive"),
            (json!({ "discount": "1000" }), "discount orders.discount_too_large"),
            (json!({ "delivery": { "price": "-1" } }), "delivery.price orders.negative"),
            (json!({ "customer": "Анна" }), "customer orders.not_an_object"),
        ] {
            let fault = desk.change(id, 1, body).await.expect_err(expected);
            let named: Vec<String> = fault.fields().iter().map(|field| format!("{} {}", field.path, field.code)).collect();
            assert_eq!(named, [expected]);
        }
        assert_eq!(desk.order(id).await.version, 1);
    }

    async fn money_stays_when_lines_change(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place(order("1", 2)).await;
        desk.reserve_all(id).await;
        desk.pay(1, id, "100").await.expect("half");
        let version = desk.order(id).await.version;
        let line = desk.lines(id).await[0].id;
        let fewer = json!({ "lines": [{ "id": line, "sku": "TEA-100", "name": "Чай", "quantity": "1", "price": "100.00", "vat": "22" }] });
        let order = desk.change(id, version, fewer).await.expect("fewer");
        assert_eq!((order.paid, order.owed(), order.reserved), (rub("100"), rub("0"), Reserved::None));
        assert!(order.is_paid_in_full() && order.started_at.is_some(), "the lower total is paid");
        assert_eq!(desk.app.facts_named("orders.paid").await, 2, "and everybody hears so");
    }
}
