//! Two cards that were one are two again: whose the orders are.

use serde_json::{Value, json};
use takt_customers::{Contact, CustomerId, merge, recognise, separate};
use takt_kernel::Actor;
use takt_orders::OrderId;
use takt_testing::on_both_engines;

use crate::desk::{Desk, order, permit};

async fn placed(desk: &Desk, external_id: &str, phone: &str) -> OrderId {
    desk.app.clock.advance_seconds(60);
    let mut body: Value = order(external_id, 1);
    body["customer"] = json!({ "name": "Покупатель", "phone": phone });
    body["recognise"] = json!(true);
    desk.place(body).await
}

on_both_engines! {
    async fn what_came_meanwhile_goes_back_to_whom_its_phone_belongs(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let customer = async |phone: &str| -> CustomerId {
            let contact = Contact::parse("Покупатель", phone, "", "RU").expect("a contact");
            desk.app.write(move |tx| recognise(tx, company, &contact, &Actor::system("test"))).await
        };
        let (one, other) = (customer("+79123456789").await, customer("+79990001122").await);
        let before = placed(&desk, "1001", "+79990001122").await;
        desk.app.clock.advance_seconds(60);
        desk.app.write(move |tx| merge(tx, &permit(company), one, other)).await;
        let own = placed(&desk, "1002", "+79123456789").await;
        let others = placed(&desk, "1003", "+79990001122").await;
        assert_eq!(desk.order(others).await.customer, Some(one), "while they are one");
        desk.app.write(move |tx| separate(tx, &permit(company), other)).await;
        let now = async |id| desk.order(id).await.customer;
        assert_eq!((now(before).await, now(own).await, now(others).await), (Some(other), Some(one), Some(other)));
        let past = desk.app.read(move |reader| {
            takt_orders::past::Past::of(&takt_orders::past::facts_of(reader, company, others)?)
        }).await.expect("a past");
        assert_eq!(past.order.customer, Some(other));
        assert_eq!(desk.app.facts_named("orders.reassigned").await, 1);
    }

    async fn what_came_to_any_card_on_the_way_goes_back(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let customer = async |phone: &str| -> CustomerId {
            let contact = Contact::parse("Покупатель", phone, "", "RU").expect("a contact");
            desk.app.write(move |tx| recognise(tx, company, &contact, &Actor::system("test"))).await
        };
        let [phone_a, phone_b, phone_c, phone_d] = ["+79123456781", "+79123456782", "+79123456783", "+79123456784"];
        let (a, b, c) = (customer(phone_a).await, customer(phone_b).await, customer(phone_c).await);
        let d = customer(phone_d).await;
        desk.app.clock.advance_seconds(60);
        desk.app.write(move |tx| merge(tx, &permit(company), c, d)).await;
        desk.app.clock.advance_seconds(60);
        desk.app.write(move |tx| merge(tx, &permit(company), b, c)).await;
        let while_b = [placed(&desk, "1001", phone_c).await, placed(&desk, "1002", phone_d).await];
        let own_b = placed(&desk, "1003", phone_b).await;
        desk.app.clock.advance_seconds(60);
        desk.app.write(move |tx| merge(tx, &permit(company), a, b)).await;
        let while_a = [placed(&desk, "1004", phone_c).await, placed(&desk, "1005", phone_d).await];
        assert_eq!(desk.order(while_b[0]).await.customer, Some(b));
        assert_eq!(desk.order(while_a[1]).await.customer, Some(a));
        desk.app.write(move |tx| separate(tx, &permit(company), c)).await;
        for id in while_b.into_iter().chain(while_a) {
            assert_eq!(desk.order(id).await.customer, Some(c), "{id}");
        }
        assert_eq!(desk.order(own_b).await.customer, Some(b));
    }
}
