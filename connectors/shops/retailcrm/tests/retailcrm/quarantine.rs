use serde_json::json;
use takt_connections::{
    ManageConnections,
    messages::{self, MessageId, State},
    set_paused,
};
use takt_kernel::Clock;
use takt_staff::Permit;
use takt_testing::on_both_engines;

use super::shop::{Desk, order};

impl Desk {
    async fn messages(&self, state: State) -> Vec<messages::Message> {
        let (company, connection) = (self.company, self.connection);
        self.app.read(move |reader| messages::newest(reader, company, connection, state, 100)).await
    }

    /// A message that came and was left, as when the node falls.
    async fn stored(&self, path: &str, field: &str, value: &serde_json::Value) {
        let (company, connection) = (self.company, self.connection);
        let encoded: String = value.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
        let (target, body) =
            (format!("POST /api/v5/{path}"), format!("by=externalId&{field}={encoded}").into_bytes());
        self.app
            .write(move |tx| {
                let connection = takt_connections::get(tx, company, connection)?;
                let token = takt_connections::keys_of(tx, company, connection.id)?[0].token;
                let media = "application/x-www-form-urlencoded".to_owned();
                let new = messages::NewMessage { token, target: target.clone(), media, body: body.clone() };
                messages::receive(tx, &connection, &new)
            })
            .await;
    }

    async fn message(&self, id: MessageId) -> messages::Message {
        let company = self.company;
        self.app.read(move |reader| messages::get(reader, company, id)).await
    }
}

on_both_engines! {
    async fn what_cannot_be_applied_waits_with_its_bytes_and_is_applied_when_mended(place: Place) {
        let desk = Desk::open(place).await;
        let mut wrong = order("1");
        wrong["items"][0]["initialPrice"] = json!("сто один");
        desk.module.create(&wrong).await.refused(400, "Errors in the entity format");
        let waiting = desk.messages(State::Quarantined).await;
        assert_eq!(waiting.len(), 1);
        let message = desk.message(waiting[0].id).await;
        assert_eq!(message.target, "POST /api/v5/orders/create");
        let text = String::from_utf8(message.body.clone()).expect("a form");
        assert!(!text.contains(&desk.module.key) && text.contains(&"*".repeat(32)), "the key is nobody's to see: {text}");
        let (company, id) = (desk.company, message.id);
        let permit = move || Permit::<ManageConnections>::system(company, "test");
        let fault = desk.app.try_write(move |tx| messages::apply_again(tx, &permit(), id, None)).await.expect_err("still wrong");
        assert!(fault.is("retailcrm.refused"), "{fault:?}");
        let mended = text.replace("%D1%81%D1%82%D0%BE+%D0%BE%D0%B4%D0%B8%D0%BD", "101").into_bytes();
        assert_ne!(mended, message.body);
        desk.app.write(move |tx| messages::apply_again(tx, &permit(), id, Some(mended.clone()))).await;
        desk.app.drain().await;
        assert_eq!((desk.placed().await, desk.messages(State::Quarantined).await.len()), (1, 0));
        let fault = desk.app.try_write(move |tx| messages::apply_again(tx, &permit(), id, None)).await.expect_err("done");
        assert!(fault.is("connections.message_done"));
    }

    async fn a_refusal_by_which_nothing_is_lost_fills_no_quarantine(place: Place) {
        let desk = Desk::open(place).await;
        desk.module.create(&order("1")).await.expect(201);
        desk.module.create(&order("1")).await.refused(400, "Order already exists.");
        let payment = [("payment", json!({ "externalId": "1-x", "type": "cash" }))];
        desk.module.post("orders/payments/1-x/edit", &payment).await.refused(404, "Not found");
        assert_eq!(desk.messages(State::Quarantined).await.len(), 0);
        assert_eq!((desk.messages(State::Applied).await.len(), desk.messages(State::Refused).await.len()), (1, 2));
    }

    async fn a_paused_connections_messages_are_applied_when_it_goes_on(place: Place) {
        let desk = Desk::open(place).await;
        let (company, connection) = (desk.company, desk.connection);
        let permit = move || Permit::<ManageConnections>::system(company, "test");
        desk.app.write(move |tx| set_paused(tx, &permit(), connection, true)).await;
        desk.module.create(&order("1")).await.expect(201);
        desk.app.clock.advance_seconds(300);
        desk.app.drain().await;
        assert_eq!(desk.placed().await, 0);
        desk.app.write(move |tx| set_paused(tx, &permit(), connection, false)).await;
        desk.app.clock.advance_seconds(61);
        desk.app.drain().await;
        assert_eq!((desk.placed().await, desk.messages(State::Received).await.len()), (1, 0));
    }

    async fn a_message_whose_node_fell_before_it_was_applied_is_applied_once(place: Place) {
        let desk = Desk::open(place).await;
        desk.module.create(&order("1")).await.expect(201);
        let stored = desk.messages(State::Applied).await;
        let first = desk.message(stored[0].id).await;
        let (company, connection) = (desk.company, desk.connection);
        let body = String::from_utf8(first.body).expect("a form").replace("%22externalId%22%3A%221%22%2C%22firstName", "%22externalId%22%3A%222%22%2C%22firstName");
        let message = messages::NewMessage { token: first.token, target: first.target, media: first.media, body: body.into_bytes() };
        desk.app.write(move |tx| {
            let connection = takt_connections::get(tx, company, connection)?;
            messages::receive(tx, &connection, &message)
        }).await;
        desk.app.drain().await;
        assert_eq!(desk.placed().await, 1, "its own node may still be at it");
        for _ in 0..3 {
            desk.app.clock.advance_seconds(61);
            desk.app.drain().await;
        }
        assert_eq!((desk.placed().await, desk.messages(State::Received).await.len()), (2, 0));
        desk.module.get("orders/2").await.expect(200);
    }

    async fn a_message_that_waited_takes_back_nothing_that_the_shop_said_since(place: Place) {
        let desk = Desk::open(place).await;
        desk.module.create(&order("1")).await.expect(201);
        let mut change = order("1");
        change["customerComment"] = json!("at five");
        desk.module.edit("1", &change).await.expect(200);
        let stored = desk.messages(State::Applied).await;
        let first = desk.message(stored[0].id).await;
        assert_eq!(first.target, "POST /api/v5/orders/1/edit");
        // The same words wait, as those of a node that fell; meanwhile the shop says otherwise.
        let message = messages::NewMessage { token: first.token, target: first.target, media: first.media, body: first.body };
        let (company, connection) = (desk.company, desk.connection);
        desk.app.write(move |tx| {
            let connection = takt_connections::get(tx, company, connection)?;
            messages::receive(tx, &connection, &message)
        }).await;
        desk.app.clock.advance_seconds(5);
        change["customerComment"] = json!("at six");
        desk.module.edit("1", &change).await.expect(200);
        desk.app.clock.advance_seconds(120);
        desk.app.drain().await;
        assert_eq!(desk.messages(State::Received).await.len(), 0);
        let order = desk.module.get("orders/1").await.expect(200);
        assert_eq!(order["order"]["customerComment"], "at six");
        let waited = desk.messages(State::Applied).await.into_iter().find(|message| !message.notes.is_empty());
        assert_eq!(waited.expect("it is noted").notes, ["order (the shop has said more since)"]);
    }

    async fn parts_that_waited_are_applied_but_for_what_was_said_since(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        let firm = |rest: serde_json::Value| {
            let mut firm = json!({ "externalId": "f1" });
            firm.as_object_mut().expect("fields").extend(rest.as_object().cloned().unwrap_or_default());
            firm
        };
        m.create(&order("1")).await.expect(201);
        let anna = json!({ "externalId": "c1", "firstName": "Anna", "lastName": "One", "phones": [{ "number": "+79001112233" }] });
        m.post("customers/create", &[("customer", anna)]).await.expect(201);
        let whole = firm(json!({ "nickName": "One", "addresses": [{ "name": "Office", "city": "Perm" }, { "name": "Store", "city": "Perm" }] }));
        m.post("customers-corporate/create", &[("customerCorporate", whole)]).await.expect(201);
        desk.app.clock.advance_seconds(1);
        // The node fell after it had stored these.
        let address = json!({ "text": "Kazan, 1" });
        desk.stored("orders/1/edit", "order", &json!({ "delivery": { "address": address, "cost": "9" }, "phone": "+79001234570" })).await;
        desk.stored("orders/1/edit", "order", &json!({ "payments": [{ "externalId": "1-a", "comment": "to the door", "amount": "50" }] })).await;
        desk.stored("customers/c1/edit", "customer", &json!({ "lastName": "Two", "sex": "female" })).await;
        let parts = json!({ "nickName": "Two", "addresses": [{ "name": "Office", "city": "Kazan", "text": "Kazan, 1" }, { "name": "Store", "city": "Omsk" }] });
        desk.stored("customers-corporate/f1/edit", "customerCorporate", &firm(parts)).await;
        desk.app.clock.advance_seconds(1);
        m.edit("1", &json!({ "customerComment": "at six", "delivery": { "cost": "7" } })).await.expect(200);
        m.edit("1", &json!({ "payments": [{ "externalId": "1-a", "amount": "70" }] })).await.expect(200);
        m.post("customers/c1/edit", &[("customer", json!({ "lastName": "Three" }))]).await.expect(200);
        m.post("customers-corporate/f1/edit", &[("customerCorporate", firm(json!({ "addresses": [{ "name": "Office", "city": "Tomsk" }] })))]).await.expect(200);

        desk.app.clock.advance_seconds(120);
        desk.app.drain().await;
        assert_eq!((desk.messages(State::Received).await.len(), desk.messages(State::Quarantined).await.len()), (0, 0));
        let now = m.get("orders/1").await.expect(200)["order"].clone();
        for (path, expected) in [
            ("/customerComment", json!("at six")), ("/phone", json!("+79001234570")),
            ("/delivery/address/text", json!("Kazan, 1")), ("/delivery/cost", json!(7)),
        ] {
            assert_eq!(now.pointer(path), Some(&expected), "{path} of {now:#}");
        }
        let payment = now["payments"].as_object().and_then(|all| all.values().next()).cloned().expect("a payment");
        assert_eq!((&payment["amount"], &payment["comment"]), (&json!(70), &json!("to the door")));
        let anna = m.get("customers/c1").await.expect(200)["customer"].clone();
        assert_eq!((&anna["lastName"], &anna["sex"], &anna["firstName"]), (&json!("Three"), &json!("female"), &json!("Anna")));
        let one = m.get("customers-corporate/f1").await.expect(200)["customerCorporate"].clone();
        let addresses = m.get("customers-corporate/f1/addresses").await.expect(200)["addresses"].clone();
        let cities: Vec<_> = addresses.as_array().expect("a list").iter().map(|one| (one["name"].clone(), one["city"].clone(), one["text"].clone())).collect();
        assert_eq!(one["nickName"], "Two");
        assert!(cities.contains(&(json!("Office"), json!("Tomsk"), json!("Kazan, 1"))), "{cities:?}");
        assert!(cities.iter().any(|(name, city, _)| name == "Store" && city == "Omsk"), "{cities:?}");
        let noted: Vec<String> = desk.messages(State::Applied).await.into_iter().flat_map(|message| message.notes).collect();
        for note in ["delivery.cost", "payments", "lastName", "addresses"].map(|field| format!("{field} (the shop has said more since)")) {
            assert!(noted.contains(&note), "{note} is not among {noted:?}");
        }
    }

    async fn the_newest_word_is_taken_though_the_clock_of_its_node_is_behind(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        m.create(&order("1")).await.expect(201);
        let person = |name: &str| json!({ "externalId": "c1", "firstName": name, "phones": [{ "number": "+79001112233" }] });
        m.post("customers/create", &[("customer", person("Anna"))]).await.expect(201);
        let cart = |quantity: i64| json!({ "customer": { "externalId": "c1" }, "items": [{ "offer": { "externalId": "TEA" }, "quantity": quantity }] });
        for (comment, quantity) in [("at five", 2), ("at six", 3)] {
            m.edit("1", &json!({ "customerComment": comment })).await.expect(200);
            m.post("customers/c1/edit", &[("customer", person(comment))]).await.expect(200);
            m.post("customer-interaction/opencart/cart/set", &[("cart", cart(quantity))]).await.expect(200);
            // The next one is heard by another node.
            let now = desk.app.clock.now();
            desk.app.clock.set(now.plus_micros(-200_000));
        }
        assert_eq!(m.get("orders/1").await.expect(200)["order"]["customerComment"], "at six");
        assert_eq!(m.get("customers/c1").await.expect(200)["customer"]["firstName"], "at six");
        assert_eq!(m.get("customer-interaction/opencart/cart/c1").await.expect(200)["cart"]["items"][0]["quantity"], 3);
    }

    async fn what_a_person_mended_is_applied_whatever_was_said_since(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        m.create(&order("1")).await.expect(201);
        desk.app.clock.advance_seconds(1);
        let mut wrong = order("1");
        (wrong["items"][0]["initialPrice"], wrong["customerComment"]) = (json!("much"), json!("at five"));
        m.edit("1", &wrong).await.refused(400, "Errors in the entity format");
        desk.app.clock.advance_seconds(1);
        m.edit("1", &json!({ "customerComment": "at six" })).await.expect(200);
        let waiting = desk.messages(State::Quarantined).await;
        let message = desk.message(waiting[0].id).await;
        let mended = String::from_utf8(message.body).expect("a form").replace("much", "77").into_bytes();
        let (company, id) = (desk.company, message.id);
        desk.app.write(move |tx| messages::apply_again(tx, &Permit::<ManageConnections>::system(company, "test"), id, Some(mended.clone()))).await;
        let now = m.get("orders/1").await.expect(200)["order"].clone();
        assert_eq!((&now["items"][0]["initialPrice"], &now["customerComment"]), (&json!(77), &json!("at five")));
    }

    async fn a_body_that_is_no_form_is_kept_as_it_came(place: Place) {
        let desk = Desk::open(place).await;
        let target = format!("/api/v5/orders/create?apiKey={}", desk.module.key);
        let media = "multipart/form-data; boundary=x";
        let bytes = b"--x\r\nContent-Disposition: form-data; name=\"order\"\r\n\r\n{\"ext\xff".to_vec();
        desk.module.replay("POST", &target, Some(media), bytes.clone()).await.refused(400, "Errors in the entity format");
        let waiting = desk.messages(State::Quarantined).await;
        let message = desk.message(waiting[0].id).await;
        assert_eq!((message.body, message.target.as_str()), (bytes, "POST /api/v5/orders/create"));
    }

    async fn a_message_that_waited_takes_back_nothing_of_anything(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        let person = |name: &str| json!({ "externalId": "c1", "firstName": name, "phones": [{ "number": "+79001112233" }] });
        let firm = |name: &str| json!({ "externalId": "f1", "nickName": name });
        let cart = |quantity: i64| json!({ "customer": { "externalId": "c1" }, "items": [{ "offer": { "externalId": "TEA" }, "quantity": quantity }] });
        let count = |pieces: i64| json!([{ "externalId": "TEA", "stores": [{ "available": pieces }] }]);
        let mut born = order("1");
        born["customerComment"] = json!("as it was born");
        let mut changed = order("1");
        changed["customerComment"] = json!("as it was changed");
        m.post("customers/create", &[("customer", person("Anna"))]).await.expect(201);
        m.post("customers-corporate/create", &[("customerCorporate", firm("One"))]).await.expect(201);
        desk.app.clock.advance_seconds(1);

        // The node fell after it had stored these.
        for (path, field, value) in [
            ("customers/c1/edit", "customer", person("Berta")),
            ("customers-corporate/f1/edit", "customerCorporate", firm("Two")),
            ("customer-interaction/opencart/cart/set", "cart", cart(2)),
            ("store/inventories/upload", "offers", count(20)),
            // The change comes before the birth: the line has its moods.
            ("orders/1/edit", "order", changed.clone()),
            ("orders/1/edit", "order", changed.clone()),
        ] {
            desk.stored(path, field, &value).await;
        }
        desk.app.clock.advance_seconds(1);
        desk.stored("orders/create", "order", &born).await;
        desk.app.clock.advance_seconds(3);
        m.post("customers/c1/edit", &[("customer", person("Clara"))]).await.expect(200);
        m.post("customers-corporate/f1/edit", &[("customerCorporate", firm("Three"))]).await.expect(200);
        m.post("customer-interaction/opencart/cart/set", &[("cart", cart(3))]).await.expect(200);
        m.post("store/inventories/upload", &[("offers", count(30))]).await.expect(200);
        m.create(&born).await.expect(201);

        desk.app.clock.advance_seconds(120);
        desk.app.drain().await;
        assert_eq!((desk.messages(State::Received).await.len(), desk.messages(State::Quarantined).await.len()), (0, 0));
        assert_eq!(m.get("customers/c1").await.expect(200)["customer"]["firstName"], "Clara");
        assert_eq!(m.get("customers-corporate/f1").await.expect(200)["customerCorporate"]["nickName"], "Three");
        assert_eq!(m.get("customer-interaction/opencart/cart/c1").await.expect(200)["cart"]["items"][0]["quantity"], 3);
        let stock = m.get("store/inventories?filter[offerExternalId][]=TEA").await.expect(200);
        assert_eq!(stock["offers"][0]["quantity"], 30);
        assert_eq!((desk.placed().await, m.get("orders/1").await.expect(200)["order"]["customerComment"].clone()), (1, json!("as it was changed")));
        let noted: Vec<String> = desk.messages(State::Applied).await.into_iter().flat_map(|message| message.notes).collect();
        for note in ["customer (the shop has said more since)", "cart (the shop has said more since)", "Order already exists."] {
            assert!(noted.iter().any(|noted| noted == note), "{note} is not among {noted:?}");
        }
    }
}
