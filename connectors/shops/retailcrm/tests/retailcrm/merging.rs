//! Modules send whole orders for whatever changed. What the desk has done since must not be undone by it.

use serde_json::{Value, json};
use takt_customers::Contact;
use takt_orders::{Patch, PatchLine};
use takt_testing::on_both_engines;

use super::shop::{Desk, order};

async fn placed(desk: &Desk) -> i64 {
    let id = desk.module.create(&order("1")).await.expect(201)["id"].as_i64().expect("an id");
    desk.app.drain().await;
    id
}

fn renamed(name: &str) -> Patch {
    let contact = Contact::parse(name, "+79001234568", "buyer@example.com", "RU").expect("a contact");
    Patch { contact: Some(contact), ..Patch::default() }
}

on_both_engines! {
    async fn a_part_that_the_shop_changes_takes_back_no_other_part(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.module.create(&order("1")).await.expect(201)["id"].as_i64().expect("an id");
        let before = desk.order(id).await;
        let mut delivery = before.delivery.clone();
        delivery.price = takt_kernel::money::Money::parse("9.00", takt_kernel::money::Currency::RUB).expect("an amount");
        let mut contact = before.contact.as_given().expect("a contact");
        contact.name = "Пётр Сидоров".to_owned();
        let patch = takt_orders::Patch { delivery: Some(delivery), contact: Some(contact), ..takt_orders::Patch::default() };
        desk.edited_by_the_desk(id, patch).await;
        let mut whole = order("1");
        whole["delivery"]["address"]["city"] = json!("Kazan");
        whole["phone"] = json!("+79001234569");
        desk.module.edit("1", &whole).await.expect(200);
        let after = desk.order(id).await;
        assert_eq!((after.delivery.price.to_decimal_string(), after.contact.name.as_str()), ("9.00".to_owned(), "Пётр Сидоров"));
        assert!(after.delivery.address.as_deref().is_some_and(|address| address.contains("Kazan")), "{:?}", after.delivery);
        assert_eq!(after.contact.phone.as_deref(), Some("+79001234569"));
        whole["delivery"]["cost"] = json!("7.0000");
        desk.module.edit("1", &whole).await.expect(200);
        assert_eq!(desk.order(id).await.delivery.price.to_decimal_string(), "7.00", "the shop changed it too");
    }

    async fn a_shop_that_repeats_itself_changes_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let id = placed(&desk).await;
        let version = desk.order(id).await.version;
        for _ in 0..3 {
            desk.module.edit("1", &order("1")).await.expect(200);
        }
        assert_eq!(desk.order(id).await.version, version);
        assert_eq!(desk.app.facts_named("orders.edited").await, 0);
    }

    async fn what_the_desk_changed_is_not_undone_by_a_shop_that_has_not_seen_it(place: Place) {
        let desk = Desk::open(place).await;
        let id = placed(&desk).await;
        desk.edited_by_the_desk(id, renamed("Пётр Сидоров")).await;
        let mut whole = order("1");
        whole["customerComment"] = json!("call me at six");
        desk.module.edit("1", &whole).await.expect(200);
        let ours = desk.order(id).await;
        assert_eq!(ours.contact.name, "Пётр Сидоров", "the shop only repeated the old name");
        assert_eq!(ours.comment.as_deref(), Some("call me at six"), "and changed the comment");
    }

    async fn a_shop_that_has_seen_the_change_may_take_it_back(place: Place) {
        let desk = Desk::open(place).await;
        let id = placed(&desk).await;
        desk.edited_by_the_desk(id, renamed("Пётр Сидоров")).await;
        desk.module.get(&format!("orders/{id}?by=id")).await.expect(200);
        desk.module.edit("1", &order("1")).await.expect(200);
        assert_eq!(desk.order(id).await.contact.name, "Ivan Sidorov");
    }

    async fn a_module_that_only_looks_whether_an_order_is_there_takes_nothing_back(place: Place) {
        let desk = Desk::open(place).await;
        let id = placed(&desk).await;
        desk.edited_by_the_desk(id, renamed("Пётр Сидоров")).await;
        // As WooCommerce does before it sends all of an order for a new status.
        desk.module.get("orders/1?by=externalId").await.expect(200);
        let mut whole = order("1");
        whole["status"] = json!("to_confirm");
        let body = desk.module.edit("1", &whole).await.expect(200);
        assert_eq!(desk.order(id).await.contact.name, "Пётр Сидоров");
        assert_eq!(body["order"]["status"], "to_confirm");
        // Who reads what happened knows it.
        desk.app.drain().await;
        desk.module.get("orders/history?filter[sinceId]=0").await.expect(200);
        desk.module.edit("1", &order("1")).await.expect(200);
        assert_eq!(desk.order(id).await.contact.name, "Ivan Sidorov");
    }

    async fn goods_that_the_desk_added_or_took_out_stay_so(place: Place) {
        let desk = Desk::open(place).await;
        let mut two = order("1");
        two["items"] = json!([
            { "offer": { "externalId": "40" }, "productName": "iPhone", "initialPrice": "101.0000", "quantity": "2" },
            { "offer": { "externalId": "41" }, "productName": "Case", "initialPrice": "5", "quantity": "1" },
        ]);
        let id = desk.module.create(&two).await.expect(201)["id"].as_i64().expect("an id");
        let company = desk.company;
        let lines = desk.app.read(move |reader| takt_orders::lines(reader, company, takt_orders::OrderId::new(id))).await;
        let mut tea = lines[0].as_new();
        (tea.sku, tea.name) = (Some("TEA".to_owned()), "Чай".to_owned());
        let kept = PatchLine { id: Some(lines[0].id), line: lines[0].as_new() };
        let lines = vec![kept, PatchLine { id: None, line: tea }];
        desk.edited_by_the_desk(id, Patch { lines: Some(lines), ..Patch::default() }).await;
        let skus = |body: &Value| -> Vec<String> {
            body["order"]["items"].as_array().expect("items").iter()
                .map(|item| format!("{}×{}", item["offer"]["externalId"].as_str().unwrap_or("?"), item["quantity"])).collect()
        };
        // The shop only marks the order; it sends what it knew of the goods.
        let body = desk.module.edit("1", &two).await.expect(200);
        assert_eq!(skus(&body), ["40×2", "TEA×2"]);
        // It changes the quantity of its own, not having seen the desk's.
        two["items"][0]["quantity"] = json!("3");
        let body = desk.module.edit("1", &two).await.expect(200);
        assert_eq!(skus(&body), ["40×3", "TEA×2"]);
        // Having seen them, it says what there is to be.
        desk.module.get(&format!("orders/{id}?by=id")).await.expect(200);
        let body = desk.module.edit("1", &two).await.expect(200);
        assert_eq!(skus(&body), ["40×3", "41×1"]);
    }

    async fn a_percentage_follows_the_goods(place: Place) {
        let desk = Desk::open(place).await;
        let mut whole = order("1");
        whole["discountManualPercent"] = json!(10);
        let id = desk.module.create(&whole).await.expect(201)["id"].as_i64().expect("an id");
        let totals = async || {
            let order = desk.order(id).await;
            (order.discount.to_decimal_string(), order.total.to_decimal_string())
        };
        let are = |discount: &str, total: &str| (discount.to_owned(), total.to_owned());
        assert_eq!(totals().await, are("20.20", "186.80"));
        // Something was changed at the desk, so the shop does not know the order as it stands.
        desk.edited_by_the_desk(id, renamed("Пётр Сидоров")).await;
        whole["items"][0]["quantity"] = json!("4");
        desk.module.edit("1", &whole).await.expect(200);
        assert_eq!(totals().await, are("40.40", "368.60"), "the shop repeats its percentage of more goods");
        // A program that says the goods alone.
        desk.module.edit("1", &json!({ "items": order("1")["items"] })).await.expect(200);
        assert_eq!(totals().await, are("20.20", "186.80"));
        // Another discount of the desk stays, whatever the shop repeats.
        let ten = takt_kernel::money::Money::parse("5.00", takt_kernel::money::Currency::RUB).expect("an amount");
        desk.edited_by_the_desk(id, Patch { discount: Some(ten), ..Patch::default() }).await;
        desk.module.edit("1", &whole).await.expect(200);
        assert_eq!(totals().await, are("5.00", "404.00"));
    }

    async fn what_is_read_and_sent_back_changes_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let mut whole = order("1");
        (whole["discountManualPercent"], whole["discountManualAmount"]) = (json!(10), json!("1.50"));
        (whole["customFields"], whole["managerComment"]) = (json!({ "gift": "yes" }), json!("careful"));
        whole["items"][0]["discountManualPercent"] = json!(5);
        whole["items"][0]["vatRate"] = json!("none");
        whole["items"].as_array_mut().expect("items").push(json!({
            "externalIds": [{ "code": "shop", "value": "7" }], "productName": "Wrapping", "initialPrice": 3.3333, "quantity": 3,
        }));
        let id = desk.module.create(&whole).await.expect(201)["id"].as_i64().expect("an id");
        desk.app.drain().await;
        let (before, path) = (desk.order(id).await, format!("orders/{id}?by=id"));
        for _ in 0..2 {
            let read = desk.module.get(&path).await.expect(200)["order"].clone();
            let sent = [("order", read), ("by", json!("id"))];
            desk.module.post(&format!("orders/{id}/edit"), &sent).await.expect(200);
            let after = desk.order(id).await;
            assert_eq!((after.total, after.discount, &after.extra), (before.total, before.discount, &before.extra));
        }
        // Nor after the desk has given another discount.
        let five = takt_kernel::money::Money::parse("5.00", takt_kernel::money::Currency::RUB).expect("an amount");
        desk.edited_by_the_desk(id, Patch { discount: Some(five), ..Patch::default() }).await;
        for _ in 0..2 {
            let read = desk.module.get(&path).await.expect(200)["order"].clone();
            desk.module.post(&format!("orders/{id}/edit"), &[("order", read), ("by", json!("id"))]).await.expect(200);
            assert_eq!(desk.order(id).await.discount.to_decimal_string(), "5.00");
        }
        desk.app.drain().await;
        assert_eq!(desk.app.facts_named("orders.edited").await, 1, "that of the desk");
    }

    async fn the_discount_of_a_piece_stays_as_long_as_nothing_is_said_of_it(place: Place) {
        let desk = Desk::open(place).await;
        let mut whole = order("1");
        whole["items"][0]["discountManualAmount"] = json!("1.50");
        let created = desk.module.create(&whole).await.expect(201);
        let (id, line) = (created["id"].as_i64().expect("an id"), created["order"]["items"][0]["id"].clone());
        for (said, expected) in [
            (json!({ "quantity": 4 }), "6.00"),
            (json!({ "initialPrice": 100 }), "6.00"),
            (json!({ "initialPrice": 1 }), "4.00"),
            (json!({ "discountManualAmount": 0, "initialPrice": 100 }), "0.00"),
        ] {
            let mut item = said.clone();
            item["id"] = line.clone();
            desk.module.edit("1", &json!({ "items": [item] })).await.expect(200);
            let company = desk.company;
            let lines = desk.app.read(move |reader| takt_orders::lines(reader, company, takt_orders::OrderId::new(id))).await;
            assert_eq!(lines[0].discount.to_decimal_string(), expected, "{said}");
        }
    }

    async fn a_status_that_may_not_be_is_not_taken_and_the_shop_sees_the_true_one(place: Place) {
        let desk = Desk::open(place).await;
        placed(&desk).await;
        let mut whole = order("1");
        for (asked, expected) in [
            ("new", "new"),
            ("to_confirm", "to_confirm"),
            ("delivering", "to_confirm"),
            ("complete", "to_confirm"),
            ("no such status", "to_confirm"),
            ("cancelled", "cancelled"),
        ] {
            whole["status"] = json!(asked);
            let body = desk.module.edit("1", &whole).await.expect(200);
            assert_eq!(body["order"]["status"], json!(expected), "{asked}");
        }
    }

    async fn a_payment_that_the_shop_calls_paid_pays_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let mut paid = order("1");
        paid["payments"] = json!([{ "externalId": "p", "type": "bank-card", "status": "paid", "amount": 207 }]);
        let id = desk.module.create(&paid).await.expect(201)["id"].as_i64().expect("an id");
        let ours = desk.order(id).await;
        assert!(ours.paid.is_zero() && ours.terms.is_prepaid(), "only a bank's word pays");
        let edit = [("payment", json!({ "status": "paid", "paidAt": "2026-11-02 09:00:00" })), ("by", json!("externalId"))];
        desk.module.post("orders/payments/p/edit", &edit).await.expect(200);
        assert!(desk.order(id).await.paid.is_zero());
        let theirs = desk.module.get("orders/1").await.expect(200);
        let payment = theirs["order"]["payments"].as_object().and_then(|all| all.values().next()).cloned().expect("one");
        assert_eq!((&payment["status"], &payment["paidAt"]), (&json!("paid"), &json!("2026-11-02 09:00:00")), "the shop keeps its word");
        desk.module.post("orders/payments/unknown/edit", &edit).await.refused(404, "Not found");
        let id = payment["id"].clone();
        desk.module.post(&format!("orders/payments/{id}/delete"), &[]).await.expect(200);
        desk.module.post(&format!("orders/payments/{id}/delete"), &[]).await.refused(404, "Not found");
    }
}
