//! Modules go on sending orders whole, long after the person who placed one was erased here.

use serde_json::json;
use takt_connections::messages::{self, State};
use takt_customers::Reason;
use takt_orders::{OrderId, cancel};
use takt_staff::Permit;
use takt_store::{Query, Statement};
use takt_testing::on_both_engines;

use super::shop::{Desk, order};

const PERSON: [&str; 7] =
    ["Sidorov", "9001234568", "buyer@", "Lenina", "please call", "gate code", "for Ivan"];

/// Everything that is kept of orders, but for the messages as they came: those go by themselves.
async fn kept(desk: &Desk) -> String {
    let mut kept = String::new();
    for (table, columns) in [
        (
            "orders",
            &["contact_name", "contact_phone", "contact_email", "delivery_address", "comment", "extra"][..],
        ),
        ("order_line", &["extra"]),
        ("customer", &["name", "phone", "email"]),
        ("connection_difference", &["theirs", "ours"]),
        ("retailcrm_order", &["sent", "listed"]),
        ("retailcrm_payment", &["external_id", "status", "comment"]),
    ] {
        let told: Vec<String> = columns.iter().map(|column| format!("coalesce({column}, '')")).collect();
        let statement =
            Statement::new("select ").push(&told.join(" || ' ' || ")).push(" as told from ").push(table);
        for row in desk.app.read(move |reader| reader.all_of(&statement)).await {
            kept.push_str(&row.get::<String>("told").expect("a text"));
            kept.push('\n');
        }
    }
    kept
}

async fn erased(desk: &Desk, external_id: &str) -> i64 {
    let mut said = order(external_id);
    said["customFields"] = json!({ "gate": "gate code 77" });
    let id = desk.module.create(&said).await.expect(201)["id"].as_i64().expect("an id");
    let company = desk.company;
    desk.app
        .write(move |tx| cancel(tx, &Permit::system(company, "test"), OrderId::new(id), None, "").map(|_| ()))
        .await;
    desk.app.drain().await;
    let customer = desk.order(id).await.customer.expect("a customer");
    takt_customers::erase(&desk.app.db, &Permit::system(company, "test"), customer, Reason::Asked)
        .await
        .expect("erased");
    desk.app.drain().await;
    id
}

on_both_engines! {
    async fn a_whole_order_brings_nothing_back_of_a_person_who_was_erased(place: Place) {
        let desk = Desk::open(place).await;
        let id = erased(&desk, "1").await;
        let none = |kept: &str| PERSON.into_iter().filter(|word| kept.contains(word)).collect::<Vec<_>>();
        assert_eq!(none(&kept(&desk).await), Vec::<&str>::new(), "erased");
        let mut whole = order("1");
        whole["customFields"] = json!({ "gate": "gate code 77" });
        whole["managerComment"] = json!("please call");
        whole["items"][0]["properties"] = json!([{ "name": "engraving", "value": "for Ivan" }]);
        whole["payments"] = json!([{ "externalId": "1-a", "type": "cash", "status": "credit-approved", "comment": "for Ivan" }]);
        // Once and again, by itself and in an upload of all that is known.
        for _ in 0..2 {
            desk.module.edit("1", &whole).await.expect(200);
        }
        desk.module.post("orders/upload", &[("orders", json!([whole]))]).await;
        desk.app.drain().await;
        let kept = kept(&desk).await;
        assert_eq!(none(&kept), Vec::<&str>::new(), "{kept}");
        assert!(!desk.order(id).await.contact.is_known());
        assert!(kept.contains("credit-approved") && kept.contains("courier"), "the rest is taken: {kept}");
        let (company, connection) = (desk.company, desk.connection);
        let applied = desk.app.read(move |reader| messages::newest(reader, company, connection, State::Applied, 10)).await;
        let noted = applied.iter().filter(|message| format!("{:?}", message.notes).contains("the person was erased")).count();
        assert!(noted >= 2, "{applied:?}");
    }

    async fn the_same_person_may_order_anew(place: Place) {
        let desk = Desk::open(place).await;
        erased(&desk, "1").await;
        let id = desk.module.create(&order("2")).await.expect(201)["id"].as_i64().expect("an id");
        let mut whole = order("2");
        whole["firstName"] = json!("Pyotr");
        desk.module.edit("2", &whole).await.expect(200);
        assert_eq!(desk.order(id).await.contact.name, "Pyotr Sidorov");
    }
}
