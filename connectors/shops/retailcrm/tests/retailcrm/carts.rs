//! Carts, notes, subscriptions, and customers who are one.

use serde_json::{Value, json};
use takt_testing::on_both_engines;

use super::{
    models::expect_model,
    shop::{Desk, Module, connect, order, shop},
};

const ENTITY: &str = "Errors in the entity format";
const CART: &str = "Response.CustomerInteraction.CustomerInteractionCartGetResponse";

async fn person(module: &Module, external_id: &str, phone: &str) -> i64 {
    let customer = json!({ "externalId": external_id, "firstName": "Анна", "phones": [{ "number": phone }] });
    let body = module.post("customers/create", &[("customer", customer)]).await.expect(201);
    body["id"].as_i64().expect("an id")
}

fn cart() -> Value {
    json!({
        "externalId": "cart-7", "droppedAt": "2026-11-02 08:30:00+03:00", "link": "https://shop.example/cart",
        "customer": { "externalId": "1", "site": "opencart" },
        "items": [{ "offer": { "externalId": "TEA" }, "quantity": "2", "price": "199.5000" }],
    })
}

on_both_engines! {
    async fn a_cart_is_filled_shown_and_emptied(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        let anna = person(m, "1", "+79001112233").await;
        let empty = m.get("customer-interaction/opencart/cart/1").await.expect(200);
        expect_model(CART, &empty);
        assert_eq!((&empty["cart"]["items"], &empty["cart"]["externalId"]), (&json!([]), &Value::Null));

        m.post("customer-interaction/opencart/cart/set", &[("cart", cart())]).await.expect(200);
        for path in ["opencart/cart/1".to_owned(), format!("opencart/cart/{anna}?by=id")] {
            let body = m.get(&format!("customer-interaction/{path}")).await.expect(200);
            expect_model(CART, &body);
            let cart = &body["cart"];
            assert_eq!(
                (&cart["externalId"], &cart["droppedAt"], &cart["link"], &cart["currency"], &cart["customer"]["id"]),
                (&json!("cart-7"), &json!("2026-11-02 08:30:00+03:00"), &json!("https://shop.example/cart"), &json!("RUB"), &json!(anna)),
            );
            let item = &cart["items"][0];
            assert_eq!((&item["quantity"], &item["price"], &item["offer"]["name"]), (&json!(2), &json!(199.5), &json!("Чай чёрный")));
        }
        let clear = json!({ "externalId": "cart-7", "clearedAt": "2026-11-02T06:00:00+00:00", "customer": { "id": anna } });
        m.post("customer-interaction/opencart/cart/clear", &[("cart", clear)]).await.expect(200);
        let body = m.get("customer-interaction/opencart/cart/1").await.expect(200);
        expect_model(CART, &body);
        assert_eq!((&body["cart"]["clearedAt"], &body["cart"]["items"]), (&json!("2026-11-02 09:00:00+03:00"), &json!([])));
    }

    async fn an_order_out_of_a_cart_empties_it(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        person(m, "1", "+79001234568").await;
        m.post("customer-interaction/opencart/cart/set", &[("cart", cart())]).await.expect(200);
        m.create(&order("1")).await.expect(201);
        let body = m.get("customer-interaction/opencart/cart/1").await.expect(200);
        assert_eq!(body["cart"]["items"].as_array().map(Vec::len), Some(1), "it came from elsewhere");
        let mut from_cart = order("2");
        from_cart["isFromCart"] = json!(true);
        let id = m.create(&from_cart).await.expect(201)["id"].clone();
        let body = m.get("customer-interaction/opencart/cart/1").await.expect(200);
        expect_model(CART, &body);
        assert_eq!((&body["cart"]["items"], &body["cart"]["order"]["id"]), (&json!([]), &id));
        assert!(body["cart"]["clearedAt"].is_string(), "{body}");
    }

    async fn carts_are_refused_in_the_protocols_words(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        let anna = person(m, "1", "+79001112233").await;
        let path = "customer-interaction/opencart/cart";
        let wrong = "Value \"name\" for \"siteBy\" param is not valid. Allowed values are id, code.";
        m.get(&format!("{path}/1?siteBy=name")).await.refused(400, wrong);
        m.get(&format!("{path}/nobody")).await.refused(404, "Not found");
        m.get("customer-interaction/another/cart/1").await.refused(404, "Not found");
        m.post(&format!("{path}/set"), &[]).await.refused(400, "Parameter 'cart' is missing");
        for (change, at, reason) in [
            (json!({ "customer": { "externalId": "2106" } }), "cart.customer.externalId", "Customer with externalId=2106 not found."),
            (json!({ "customer": null }), "cart.customer", "This value should not be blank."),
            (json!({ "droppedAt": "tomorrow" }), "cart.droppedAt", "This value is not a valid datetime."),
        ] {
            let mut said = cart();
            said.as_object_mut().expect("fields").extend(change.as_object().expect("fields").clone());
            let body = m.post(&format!("{path}/set"), &[("cart", said)]).await.refused(400, ENTITY);
            assert_eq!(body["errors"][at], json!(reason));
        }
        m.post(&format!("{path}/set"), &[("cart", cart())]).await.expect(200);
        let other = shop(&desk.app, desk.company, "another").await;
        let (_, stranger) = connect(&desk.app, desk.company, other).await;
        stranger.get(&format!("{path}/1")).await.refused(404, "Not found");
        stranger.get(&format!("customer-interaction/another/cart/{anna}?by=id")).await.refused(404, "Not found");
        let body = stranger.post("customer-interaction/another/cart/clear", &[("cart", json!({ "customer": { "id": anna } }))]).await;
        body.refused(400, ENTITY);
        let body = m.get(&format!("{path}/1")).await.expect(200);
        assert_eq!(body["cart"]["items"].as_array().map(Vec::len), Some(1));
    }

    async fn notes_are_written_listed_and_torn_up(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        let anna = person(m, "1", "+79001112233").await;
        person(m, "2", "+79001112244").await;
        for (text, whom) in [("любит чай", json!({ "externalId": "1" })), ("перезвонить", json!({ "externalId": 2 }))] {
            let note = json!({ "text": text, "managerId": "7", "customer": whom });
            m.post("customers/notes/create", &[("note", note), ("site", json!("opencart"))]).await.expect(201);
        }
        for (filter, found) in [
            ("".to_owned(), 2),
            (format!("filter[customerIds][]={anna}"), 1),
            ("filter[customerExternalIds][]=2".to_owned(), 1),
            ("filter[text]=ЧАЙ".to_owned(), 1),
            ("filter[managerIds][]=7".to_owned(), 2),
            ("filter[managerIds][]=8".to_owned(), 0),
            ("filter[createdAtFrom]=2026-11-03".to_owned(), 0),
        ] {
            let body = m.get(&format!("customers/notes?{filter}")).await.expect(200);
            expect_model("Response.Customers.CustomerNotesResponse", &body);
            assert_eq!(body["pagination"]["totalCount"], json!(found), "{filter}");
        }
        let body = m.get("customers/notes?filter[customerExternalIds][]=1").await.expect(200);
        let note = body["notes"][0].clone();
        assert_eq!((&note["customer"]["type"], &note["text"]), (&json!("customer"), &json!("любит чай")));

        let other = shop(&desk.app, desk.company, "another").await;
        let (_, stranger) = connect(&desk.app, desk.company, other).await;
        let path = format!("customers/notes/{}/delete", note["id"]);
        stranger.post(&path, &[]).await.refused(404, "Not found");
        assert_eq!(stranger.get("customers/notes").await.expect(200)["notes"], json!([]));
        m.post(&format!("customers-corporate/notes/{}/delete", note["id"]), &[]).await.refused(404, "Not found");
        m.post(&path, &[]).await.expect(200);
        m.post(&path, &[]).await.refused(404, "Not found");
        let body = m.post("customers/notes/create", &[("note", json!({ "customer": { "id": anna } }))]).await;
        assert_eq!(body.refused(400, ENTITY)["errors"]["note.text"], json!("This value should not be blank."));
    }

    async fn what_a_customer_wants_to_hear_is_kept(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        person(m, "1", "+79001112233").await;
        let said = json!([{ "channel": "email", "active": false }, { "channel": "sms", "subscription": "news", "active": true }]);
        m.post("customers/1/subscriptions", &[("subscriptions", said)]).await.expect(200);
        let body = m.get("customers/1").await.expect(200);
        expect_model("Entity.Customers.Customer", &json!({ "customerSubscriptions": body["customer"]["customerSubscriptions"] }));
        let kept = &body["customer"]["customerSubscriptions"];
        assert_eq!((&kept[0]["subscription"]["code"], &kept[0]["subscribed"]), (&json!("default_marketing"), &json!(false)));
        assert_eq!((&kept[1]["subscription"]["code"], &kept[1]["subscribed"]), (&json!("news"), &json!(true)));
        let wrong = m.post("customers/1/subscriptions", &[("subscriptions", json!([{ "channel": "pigeon" }]))]).await;
        assert_eq!(wrong.refused(400, ENTITY)["errors"]["subscriptions[0].channel"], json!("The value you selected is not a valid choice."));
        m.post("customers/nobody/subscriptions", &[("subscriptions", json!([]))]).await.refused(404, "Not found");
    }

    async fn customers_who_are_one_are_combined(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        let (one, two) = (person(m, "1", "+79001112233").await, person(m, "2", "+79001112244").await);
        let said = |into: i64, other: i64| [("resultCustomer", json!({ "id": into })), ("customers", json!([{ "id": other }]))];
        let other = shop(&desk.app, desk.company, "another").await;
        let (_, stranger) = connect(&desk.app, desk.company, other).await;
        let body = stranger.post("customers/combine", &said(one, two)).await.refused(400, "Errors in the input parameters");
        assert_eq!(body["errors"]["resultCustomer.id"], json!(format!("Customer with id={one} not found.")));
        m.post("customers/combine", &said(one, one)).await.refused(400, "Errors in the input parameters");
        m.post("customers/combine", &said(one, two)).await.expect(200);
        assert_eq!(desk.app.facts_named("customers.merged").await, 1);
        assert_eq!(m.get("customers/2").await.expect(200)["customer"]["id"], json!(one));
        assert_eq!(m.get("customers").await.expect(200)["pagination"]["totalCount"], json!(1));
    }
}
