use serde_json::{Value, json};
use takt_catalog::offers_by_sku;
use takt_connections::messages::State;
use takt_kernel::Result;
use takt_orders::{CancelOrders, EditOrders, Patch, PatchLine, Stage, cancel, edit};
use takt_staff::Permit;
use takt_store::{Query, Statement};
use takt_testing::on_both_engines;

use super::desk::{Desk, customer, later, of, order, product};

/// The desk changes an order.
async fn change(desk: &Desk, id: &str, patch: impl Fn(&takt_orders::Order, &[takt_orders::Line]) -> Patch) {
    let (order, lines) = desk.order(id).await;
    let patch = patch(&order, &lines);
    let company = desk.company;
    desk.app
        .write(move |tx| {
            let permit = Permit::<EditOrders>::system(company, "test");
            edit(tx, &permit, order.id, order.version, patch.clone())
        })
        .await;
}

on_both_engines! {
    async fn an_order_says_nothing_more_of_a_person_who_was_erased(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        let company = desk.company;
        let (placed, _) = desk.order("1043").await;
        desk.app
            .write(move |tx| cancel(tx, &Permit::<CancelOrders>::system(company, "test"), placed.id, None, "").map(|_| ()))
            .await;
        desk.app.drain().await;
        let customer = placed.customer.expect("a customer");
        let permit = Permit::system(company, "test");
        takt_customers::erase(&desk.app.db, &permit, customer, takt_customers::Reason::Asked).await.expect("erased");
        for seconds in [10, 20] {
            let status = if seconds == 10 { "processing" } else { "completed" };
            desk.tell("order.updated", &later(seconds, json!({ "status": status }))).await.expect_status(200);
        }
        let statement = Statement::new("select said as told from shop_order where said is not null");
        let kept = desk.app.read(move |reader| reader.all_of(&statement)).await;
        let kept: String = kept.iter().map(|row| row.get::<String>("told").expect("a text")).collect();
        assert!(kept.contains("TEA-100") && kept.contains("completed"), "the rest is known: {kept}");
        for word in ["Петрова", "912", "anna@", "Баумана", "заранее"] {
            assert!(!kept.contains(word), "{word}: {kept}");
        }
        assert!(!desk.order("1043").await.0.contact.is_known());
    }

    async fn an_order_comes_in_with_all_it_says(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        assert_eq!(desk.quarantine().await, Vec::<String>::new());
        let (placed, lines) = desk.order("1043").await;
        assert_eq!((placed.number.as_str(), placed.source.as_str()), ("1043", "woocommerce"));
        assert_eq!(placed.contact.name, "Анна Петрова");
        assert_eq!(placed.contact.phone.as_deref(), Some("+79123456789"));
        assert_eq!(placed.contact.email.as_deref(), Some("anna@example.org"));
        assert_eq!(placed.comment.as_deref(), Some("Позвоните заранее"));
        assert_eq!(placed.terms.code(), "on_delivery");
        assert_eq!(placed.delivery.method.as_deref(), Some("Курьер"));
        assert_eq!(
            placed.delivery.address.as_deref(),
            Some("420111, RU, Татарстан, Казань, ул. Баумана, 1, кв. 5")
        );
        let shown: Vec<_> = lines
            .iter()
            .map(|line| {
                let money = |money: takt_kernel::money::Money| money.to_decimal_string();
                (line.sku.as_deref(), line.price.to_string(), line.quantity.to_string(), money(line.discount), line.vat.to_string())
            })
            .collect();
        assert_eq!(
            shown,
            [
                (Some("TEA-100"), "1000.00".to_owned(), "2".to_owned(), "200.00".to_owned(), "20".to_owned()),
                (Some("CARD-BLUE"), "99.99".to_owned(), "1".to_owned(), "0.00".to_owned(), "20".to_owned()),
                (None, "30.00".to_owned(), "1".to_owned(), "0.00".to_owned(), "none".to_owned()),
            ]
        );
        assert_eq!(placed.delivery.price.to_decimal_string(), "300.00");
        assert_eq!(placed.discount.to_decimal_string(), "50.00");
        assert_eq!(placed.total.to_decimal_string(), "2179.99");
        assert_eq!(placed.extra["coupons"], "autumn10");
        assert!(placed.paid.is_zero());
    }

    async fn prices_without_taxes_come_in_with_them(place: Place) {
        let desk = Desk::open(place).await;
        let body = later(0, json!({
            "prices_include_tax": false, "total": "120.00", "fee_lines": [], "shipping_lines": [], "coupon_lines": [],
            "line_items": [{
                "id": 1, "name": "Чай", "product_id": 5, "variation_id": 0, "quantity": 1, "subtotal": "100.00",
                "subtotal_tax": "20.00", "total": "100.00", "total_tax": "20.00",
                "taxes": [{ "id": 3, "total": "20", "subtotal": "20" }], "sku": "TEA", "price": 100
            }],
        }));
        desk.tell("order.created", &body).await.expect_status(200);
        let (placed, lines) = desk.order("1043").await;
        assert_eq!((placed.total.to_decimal_string(), lines[0].price.to_string()), ("120.00".into(), "120.00".into()));
        assert_eq!(lines[0].vat_amount.to_decimal_string(), "20.00");
    }

    async fn what_the_shop_holds_for_paid_is_no_receipt(place: Place) {
        let desk = Desk::open(place).await;
        let paid = later(0, json!({
            "payment_method": "bacs", "date_paid_gmt": "2026-11-02T05:55:01", "transaction_id": "tx-1"
        }));
        desk.tell("order.created", &paid).await.expect_status(200);
        let (placed, _) = desk.order("1043").await;
        assert!(placed.paid.is_zero() && placed.confirmed_at.is_none());
        assert_eq!(desk.app.facts_named("orders.paid").await, 0);
        assert_eq!((placed.terms.code(), &placed.extra["transaction"]), ("prepaid", &json!("tx-1")));
        let notes = &desk.messages(State::Applied).await[0].notes;
        assert!(notes.iter().any(|note| note.contains("paid in the shop")), "{notes:?}");
    }

    async fn messages_may_come_in_any_order(place: Place) {
        let desk = Desk::open(place).await;
        let steps = [
            later(0, json!({})),
            later(5, json!({ "customer_note": "к пяти" })),
            later(9, json!({ "customer_note": "к шести" })),
        ];
        for number in [2, 0, 1, 2, 1, 0] {
            let topic = if number == 0 { "order.created" } else { "order.updated" };
            desk.tell(topic, &steps[number]).await.expect_status(200);
        }
        let (placed, _) = desk.order("1043").await;
        assert_eq!((placed.comment.as_deref(), desk.placed().await), (Some("к шести"), 1));
        assert_eq!(desk.app.facts_named("orders.edited").await, 0, "older words undo nothing");
        assert_eq!(desk.quarantine().await, Vec::<String>::new());
    }

    async fn a_repeated_word_does_not_undo_what_the_desk_changed(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        change(&desk, "1043", |order, lines| Patch {
            comment: Some(Some("звонили, ждём".to_owned())),
            delivery: Some(takt_orders::Delivery { address: Some("Казань, склад".to_owned()), ..order.delivery.clone() }),
            lines: Some(lines[..2].iter().map(|line| PatchLine { id: Some(line.id), line: line.as_new() }).collect()),
            ..Patch::default()
        }).await;
        // Something else of it changes in the shop; all the rest is said as before.
        let mut body = later(60, json!({ "payment_method_title": "Наличные" }));
        body["billing"]["phone"] = json!("8 (912) 345-67-00");
        desk.tell("order.updated", &body).await.expect_status(200);
        let (order, lines) = desk.order("1043").await;
        assert_eq!(order.comment.as_deref(), Some("звонили, ждём"));
        assert_eq!(order.delivery.address.as_deref(), Some("Казань, склад"));
        assert_eq!(lines.len(), 2, "what the desk took out stays out");
        assert_eq!(order.contact.phone.as_deref(), Some("+79123456700"), "what the shop changed is heard");
        assert_eq!(order.extra["payment_title"], "Наличные");
    }

    async fn lines_are_merged_one_by_one(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        change(&desk, "1043", |_, lines| {
            let mut wanted: Vec<PatchLine> =
                lines.iter().map(|line| PatchLine { id: Some(line.id), line: line.as_new() }).collect();
            let mut gift = lines[2].as_new();
            gift.name = "Подарок".to_owned();
            gift.extra.clear();
            wanted.push(PatchLine { id: None, line: gift });
            Patch { lines: Some(wanted), ..Patch::default() }
        }).await;
        // The buyer wants three of the tea; the card is taken out.
        let mut body = later(60, json!({ "total": "3080.00" }));
        body["line_items"][0]["quantity"] = json!(3);
        body["line_items"][0]["subtotal"] = json!("2500.00");
        body["line_items"][0]["subtotal_tax"] = json!("500.00");
        body["line_items"][0]["total"] = json!("2333.33");
        body["line_items"][0]["total_tax"] = json!("466.67");
        body["line_items"][0]["taxes"] = json!([{ "id": 3, "total": "466.666667", "subtotal": "500" }]);
        body["line_items"].as_array_mut().expect("lines").remove(1);
        desk.tell("order.updated", &body).await.expect_status(200);
        assert_eq!(desk.quarantine().await, Vec::<String>::new());
        let (_, lines) = desk.order("1043").await;
        let names: Vec<_> = lines.iter().map(|line| (line.name.as_str(), line.quantity.to_string())).collect();
        assert_eq!(
            names,
            [("Чай чёрный", "3".to_owned()), ("Подарочная упаковка", "1".to_owned()), ("Подарок", "1".to_owned())]
        );
    }

    async fn a_cancellation_in_the_shop_cancels_here_when_the_guards_allow(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        desk.tell("order.updated", &later(9, json!({ "status": "cancelled" }))).await.expect_status(200);
        assert_eq!(desk.order("1043").await.0.stage, Stage::Cancel);
        // The shop revives it: that is for a person.
        desk.tell("order.updated", &later(20, json!({ "status": "processing" }))).await.expect_status(200);
        assert_eq!(desk.quarantine().await, ["shops.restored"]);
        desk.tell("order.updated", &later(25, json!({ "status": "processing", "customer_note": "?" }))).await;
        assert_eq!(desk.quarantine().await.len(), 1, "said once");
    }

    async fn a_deleted_order_is_cancelled_and_never_deleted(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        // The topic is not signed: a whole order does not pass for a deletion.
        desk.tell("order.deleted", &order()).await.expect_status(200);
        assert_eq!((desk.order("1043").await.0.stage, desk.quarantine().await.len()), (Stage::New, 1));
        for _ in 0..3 {
            desk.tell("order.deleted", &json!({ "id": 1043 })).await.expect_status(200);
        }
        assert_eq!(desk.order("1043").await.0.stage, Stage::Cancel);
        desk.tell("order.restored", &later(60, json!({}))).await.expect_status(200);
        assert_eq!(desk.quarantine().await, ["shops.restored", "shops.unreadable"]);
        // Its deletion is heard before it.
        desk.tell("order.deleted", &json!({ "id": 2000 })).await.expect_status(200);
        desk.tell("order.created", &of(2000, 0, json!({}))).await.expect_status(200);
        assert_eq!(desk.order("2000").await.0.stage, Stage::Cancel);
    }

    async fn statuses_mean_what_the_settings_say(place: Place) {
        let desk = Desk::open(place).await;
        desk.set(json!({ "statuses": { "on-hold": "checking_stock", "cancelled": "", "failed": "unheard-of" } })).await;
        desk.tell("order.created", &later(0, json!({ "status": "on-hold" }))).await.expect_status(200);
        assert_eq!(desk.order("1043").await.0.status, "checking_stock");
        desk.tell("order.updated", &later(1, json!({ "status": "cancelled" }))).await.expect_status(200);
        desk.tell("order.updated", &later(2, json!({ "status": "failed" }))).await.expect_status(200);
        assert_eq!(desk.order("1043").await.0.status, "checking_stock");
        let notes = &desk.messages(State::Applied).await[0].notes;
        assert!(notes.iter().any(|note| note.starts_with("status=failed")), "{notes:?}");
    }

    async fn an_order_that_is_over_here_is_not_changed_from_there(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        let (company, id) = (desk.company, desk.order("1043").await.0.id);
        desk.app
            .write(move |tx| -> Result<_> {
                cancel(tx, &Permit::<CancelOrders>::system(company, "test"), id, None, "передумал")
            })
            .await;
        desk.tell("order.updated", &later(9, json!({ "customer_note": "скорее" }))).await.expect_status(200);
        assert_eq!(desk.order("1043").await.0.comment.as_deref(), Some("Позвоните заранее"));
        assert_eq!(desk.quarantine().await, Vec::<String>::new());
    }

    async fn customers_and_products_are_heard(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("customer.created", &customer()).await.expect_status(200);
        desk.tell("customer.updated", &customer()).await.expect_status(200);
        assert_eq!(desk.app.facts_named("customers.appeared").await, 1);
        desk.tell("order.created", &order()).await.expect_status(200);
        assert_eq!(desk.app.facts_named("customers.appeared").await, 1, "the same buyer");
        desk.tell("customer.deleted", &json!({ "id": 26 })).await.expect_status(200);

        let company = desk.company;
        let tea = || desk.app.read(move |reader| Ok(offers_by_sku(reader, company, &["TEA-100"])?.remove("TEA-100")));
        desk.tell("product.created", &product()).await.expect_status(200);
        let offer = tea().await.expect("an offer");
        assert_eq!((offer.name.as_str(), offer.price.to_string().as_str()), ("Чай чёрный", "1000.00"));
        assert_eq!(offer.barcode.as_deref(), Some("4600000000001"));
        // The desk renames it; the shop changes its price.
        let mut input = takt_catalog::OfferInput::of(&offer);
        input.name = "Чай чёрный, листовой".to_owned();
        desk.app
            .write(move |tx| takt_catalog::upsert(tx, &Permit::system(company, "test"), std::slice::from_ref(&input)))
            .await;
        let mut dearer = product();
        dearer["price"] = json!("1100.00");
        dearer["date_modified_gmt"] = json!("2026-11-02T05:30:00");
        desk.tell("product.updated", &dearer).await.expect_status(200);
        desk.tell("product.updated", &product()).await.expect_status(200);
        let offer = tea().await.expect("an offer");
        assert_eq!((offer.name.as_str(), offer.price.to_string().as_str()), ("Чай чёрный, листовой", "1100.00"));
        desk.tell("product.deleted", &json!({ "id": 77 })).await.expect_status(200);
        assert!(tea().await.expect("an offer").archived);
        assert_eq!(desk.quarantine().await, Vec::<String>::new());
    }

    async fn other_topics_are_heard_and_left(place: Place) {
        let desk = Desk::open(place).await;
        for topic in ["coupon.created", "action.woocommerce_add_to_cart"] {
            desk.tell(topic, &json!({ "id": 1 })).await.expect_status(200);
        }
        desk.tell("order.created", &later(0, json!({ "status": "checkout-draft" }))).await.expect_status(200);
        assert_eq!((desk.messages(State::Applied).await.len(), desk.placed().await), (3, 0));
        let nothing: Vec<Value> = Vec::new();
        desk.tell("coupon.updated", &json!(nothing)).await.expect_status(200);
    }
}
