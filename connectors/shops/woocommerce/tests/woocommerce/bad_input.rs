use serde_json::{Value, json};
use takt_connections::{ManageConnections, messages, messages::State};
use takt_staff::Permit;
use takt_testing::on_both_engines;

use super::desk::{Desk, later, of, order};

on_both_engines! {
    async fn what_cannot_be_taken_in_waits_in_quarantine_with_its_bytes(place: Place) {
        let desk = Desk::open(place).await;
        let line = order()["line_items"][0].clone();
        let too_many: Vec<Value> = (0..=1000)
            .map(|number| {
                let mut line = line.clone();
                line["id"] = json!(number + 1);
                line
            })
            .collect();
        let mut cases = vec![
            (later(0, json!({ "currency": "USD" })).to_string().into_bytes(), "shops.currency_differs"),
            (later(0, json!({ "currency": "DOGE" })).to_string().into_bytes(), "currency.unknown"),
            (later(0, json!({ "total": "5000.00" })).to_string().into_bytes(), "shops.total_differs"),
            (later(0, json!({ "total": "a lot" })).to_string().into_bytes(), "shops.amount_malformed"),
            (later(0, json!({ "id": null })).to_string().into_bytes(), "shops.field_missing"),
            (later(0, json!({ "date_modified_gmt": "yesterday" })).to_string().into_bytes(), "shops.time_malformed"),
            (
                later(0, json!({ "line_items": too_many, "total": "1802080.00" })).to_string().into_bytes(),
                "orders.too_many_lines",
            ),
            (
                later(0, json!({
                    "line_items": [], "fee_lines": [], "total": "300.00"
                })).to_string().into_bytes(),
                "orders.no_lines",
            ),
            (b"{\"id\": 1, ".to_vec(), "shops.unreadable"),
            (b"[]".to_vec(), "shops.field_missing"),
            (b"7".to_vec(), "shops.unreadable"),
        ];
        let mut broken = order().to_string().into_bytes();
        let at = broken.iter().position(|byte| *byte == 0xd0).expect("a Russian letter");
        broken[at] = 0xff;
        cases.push((broken, "shops.unreadable"));
        for (number, (body, expected)) in cases.into_iter().enumerate() {
            desk.deliver("order.created", body.clone(), &format!("case {number}")).await.expect_status(200);
            let quarantine = desk.quarantine().await;
            assert_eq!(quarantine.len(), number + 1, "{expected} {quarantine:?}");
            let mut found = desk.messages(State::Quarantined).await;
            found.sort_by_key(|message| message.id);
            let (company, id) = (desk.company, found.last().expect("a message").id);
            let kept = desk.app.read(move |reader| messages::get(reader, company, id)).await;
            let problem = kept.problem.expect("a problem").to_string();
            assert!(kept.body == body && problem.contains(expected), "{expected}: {problem}");
        }
        assert_eq!(desk.placed().await, 0);
    }

    async fn what_was_mended_is_applied_again(place: Place) {
        let desk = Desk::open(place).await;
        desk.tell("order.created", &later(0, json!({ "currency": "USD" }))).await.expect_status(200);
        let (company, id) = (desk.company, desk.messages(State::Quarantined).await[0].id);
        let apply = async |mended: Option<Vec<u8>>| {
            desk.app
                .try_write(move |tx| {
                    let permit = Permit::<ManageConnections>::system(company, "test");
                    messages::apply_again(tx, &permit, id, mended.clone())
                })
                .await
        };
        assert!(apply(None).await.is_err_and(|fault| fault.is("shops.currency_differs")));
        apply(Some(order().to_string().into_bytes())).await.expect("it is mended");
        assert_eq!((desk.placed().await, desk.quarantine().await.len()), (1, 0));
    }

    async fn odd_orders_come_in(place: Place) {
        let desk = Desk::open(place).await;
        let nobody = json!({ "first_name": "", "last_name": "", "address_1": "", "city": "", "email": "", "phone": "" });
        let odd = [
            json!({ "billing": nobody, "shipping": nobody, "customer_id": 0 }),
            json!({ "billing": [], "shipping": null }),
            json!({ "billing": { "first_name": "ÐÐ½Ð½Ð°", "email": "no e-mail", "phone": "звоните соседке" } }),
            json!({ "customer_note": "a\u{0}b" }),
            json!({ "number": "" }),
        ];
        for (number, changes) in odd.into_iter().enumerate() {
            let id = 3000 + i64::try_from(number).expect("few");
            let body = of(id, 0, changes.clone());
            desk.tell("order.created", &body).await.expect_status(200);
            assert_eq!(desk.quarantine().await, Vec::<String>::new(), "{changes}");
            desk.order(&id.to_string()).await;
        }
        assert_eq!(desk.order("3002").await.0.contact.phone_given.as_deref(), Some("звоните соседке"));
        assert_eq!(desk.order("3003").await.0.comment.as_deref(), Some("ab"));
    }

    async fn settings_that_make_no_sense_lose_nothing(place: Place) {
        let desk = Desk::open(place).await;
        desk.set(json!({ "statuses": "all" })).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        assert_eq!(desk.quarantine().await, ["shops.settings_malformed"]);
        desk.app.advance(600).await;
    }
}
