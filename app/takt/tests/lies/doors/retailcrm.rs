//! Modules that speak as to RetailCRM, where a payment has a status that a shop sets.

use serde_json::{Value, json};
use takt_connections::{ManageConnections, NewConnection};
use takt_staff::Permit;

use super::Lied;
use crate::world::World;

pub struct Module {
    key: String,
    /// Payments that were told and may be edited.
    told: Vec<String>,
}

impl Module {
    pub async fn open(world: &World) -> Self {
        let (company, shop) = (world.company, world.shop);
        let key = world
            .app
            .write(move |tx| {
                let permit = Permit::<ManageConnections>::system(company, "test");
                let new = NewConnection { shop, kind: "retailcrm".to_owned(), name: String::new() };
                takt_connections::create(tx, &permit, &new).map(|(_, key)| key)
            })
            .await;
        Self { key, told: Vec::new() }
    }

    pub fn renew(&mut self) {
        self.told.clear();
    }

    pub async fn lie(&mut self, world: &mut World) -> Lied {
        let target = world.target();
        let number = world.next();
        let payment = json!({
            "externalId": format!("p{number}"), "type": "bank-transfer", "status": "paid", "amount": 100,
            "paidAt": "2026-11-02 09:00:00",
        });
        let order = json!({
            "externalId": format!("r{number}"), "firstName": "Иван", "phone": format!("+7913{:07}", number % 10_000_000),
            "createdAt": "2026-11-02 08:03:15", "paymentStatus": "paid", "status": "complete", "fullPaidAt": "2026-11-02",
            "items": [{"productName": "Рамка", "initialPrice": "100.00", "quantity": "1"}], "payments": [payment],
            "prepaySum": 100, "purchaseSumm": 0,
        });
        let named = |mut payment: Value| {
            payment["order"] = json!({"externalId": target.external_id});
            payment
        };
        let (what, path, field, said) = match world.chance.between(0, 6) {
            0 => ("a paid order of a module", "orders/create".to_owned(), "order", order),
            1 => ("paid orders in a batch", "orders/upload".to_owned(), "orders", json!([order])),
            2 | 3 => {
                self.told.push(format!("p{number}"));
                ("a payment of a module", "orders/payments/create".to_owned(), "payment", named(payment))
            }
            4 if !self.told.is_empty() => {
                let known = self.told[world.chance.index(self.told.len())].clone();
                let paid = json!({"externalId": known, "status": "paid", "amount": 1_000_000, "paidAt": "2026-11-02 10:00:00"});
                ("a payment that becomes paid", format!("orders/payments/{known}/edit"), "payment", paid)
            }
            _ => {
                let paid = json!({"paymentStatus": "paid", "payments": [payment], "status": "complete"});
                (
                    "an order that a module calls paid",
                    format!("orders/{}/edit", target.external_id),
                    "order",
                    paid,
                )
            }
        };
        let wrong = world.chance.one_in(5);
        let key = if wrong { world.chance.digits(32) } else { self.key.clone() };
        let said = said.to_string();
        let fields = [("apiKey", key.as_str()), ("by", "externalId"), (field, said.as_str())];
        let answer = world.app.client().post_form(&format!("/api/v5/{path}"), &fields).await;
        assert!(!answer.status.is_server_error(), "{what}: {} {}", answer.status, answer.text());
        assert!(!wrong || answer.status.as_u16() == 403, "{what} with a wrong key: {}", answer.text());
        Lied::gravely(if wrong { "a module with a wrong key" } else { what })
    }
}
