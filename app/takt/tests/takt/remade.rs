//! Orders that are paid, split, merged and cancelled in any order, with everything that hangs on them: whatever is
//! done, no kopeck, no reserve and no piece is lost, and the books say the same as the orders.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};
use takt_kernel::{
    Entropy, SeededEntropy,
    money::{Currency, Money, Quantity},
};
use takt_staff::Role;
use takt_store::{Query, checks, params, sql};
use takt_testing::{Client, TestResponse, on_both_engines};

use crate::{
    bank_file::statement,
    desk::{ACCOUNT, Desk},
};

const STEPS: usize = 45;

struct Chance(SeededEntropy);

impl Chance {
    fn below(&self, limit: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes).expect("bytes of a seed");
        usize::try_from(u64::from_le_bytes(bytes) % u64::try_from(limit).expect("a number"))
            .expect("a number")
    }
}

struct Play {
    desk: Desk,
    accountant: Client,
    chance: Chance,
    orders: Vec<i64>,
    /// What the bank has said came in.
    came: Money,
    /// Pieces that were wanted and not cancelled.
    wanted: Quantity,
    done: BTreeMap<&'static str, usize>,
}

impl Play {
    async fn order(&self, id: i64) -> Value {
        self.desk.order(&json!(id)).await
    }

    fn any(&self) -> i64 {
        self.orders[self.chance.below(self.orders.len())]
    }

    async fn act(&self, path: String, version: &Value, body: Value) -> TestResponse {
        let program = &self.desk.program;
        program
            .ask(Method::POST, &path)
            .header("if-match", &format!("\"{version}\""))
            .json(&body)
            .send()
            .await
    }

    async fn step(&mut self, n: usize) {
        self.desk.app.clock.advance_seconds(61);
        let what = match self.chance.below(10) {
            0 | 1 => self.place(n).await,
            2 | 3 => self.pay(n).await,
            4..=6 => self.split().await,
            7 | 8 => self.merge().await,
            _ => self.cancel().await,
        };
        self.desk.app.drain().await;
        *self.done.entry(what).or_default() += 1;
    }

    async fn place(&mut self, n: usize) -> &'static str {
        let quantity = i64::try_from(1 + self.chance.below(5)).expect("a number");
        let discount = ["0.00", "0.01", "7.77"][self.chance.below(3)];
        let (status, order) = self.desk.place(&json!({
            "external_id": format!("S-{n}"), "currency": "RUB",
            "customer": {"name": "Покупатель", "phone": "8 (912) 345-67-89"},
            "lines": [
                {"sku": "TEA-100", "name": "Чай", "quantity": quantity.to_string(), "price": "33.33", "discount": discount, "vat": "22"},
                {"sku": "CUP-7", "name": "Чашка", "quantity": "2", "price": "150.00", "vat": "22"},
            ],
            "discount": "5.00",
            "delivery": {"method": "courier", "address": "Казань", "price": "100.00"},
        })).await;
        assert_eq!(status, http::StatusCode::CREATED, "{order}");
        self.orders.push(order["id"].as_i64().expect("an id"));
        self.wanted = self.wanted.add(Quantity::whole(quantity + 2)).expect("a sum");
        "placed"
    }

    async fn pay(&mut self, n: usize) -> &'static str {
        let order = self.order(self.any()).await;
        let Some(reference) = order["invoice"]["number"].as_str() else { return "nothing to pay" };
        let total = rub(order["total"].as_str().expect("a total"));
        // A part, all of it, or too much: what an invoice does not need waits for a person.
        let amount = [total.minor() / 3 + 1, total.minor(), total.minor() + 1][self.chance.below(3)];
        let amount = Money::new(amount.max(1), Currency::RUB);
        let purpose = format!("Оплата по счету {reference} платеж {n}");
        let file = statement(ACCOUNT, &[(&amount.to_decimal_string(), &purpose)]);
        let company = self.desk.company.to_string();
        let answer = self
            .accountant
            .ask(Method::POST, "/money/upload")
            .upload("file", &format!("{n}.txt"), &file, &[("company", company.as_str())])
            .send()
            .await;
        assert_eq!(answer.status, http::StatusCode::SEE_OTHER, "{}", answer.text());
        self.came = self.came.add(amount).expect("a sum");
        "paid"
    }

    async fn split(&mut self) -> &'static str {
        let id = self.any();
        let order = self.order(id).await;
        let lines = order["lines"].as_array().expect("lines");
        let chosen: Vec<Value> = lines
            .iter()
            .filter_map(|line| {
                let whole = Quantity::parse(line["quantity"].as_str()?).ok()?.thousandths() / 1000;
                let part = self.chance.below(usize::try_from(whole).ok()? + 1);
                Some(json!({ "id": line["id"], "quantity": part.to_string() }))
            })
            .collect();
        let before =
            (rub(order["total"].as_str().expect("a total")), rub(order["paid"].as_str().expect("paid")));
        let answer = self
            .act(format!("/api/v1/orders/{id}/split"), &order["version"], json!({ "lines": chosen }))
            .await;
        match answer.status.as_u16() {
            200 => {
                let both: Value = answer.json();
                let sum = |field: &str| {
                    let of = |which: &str| rub(both[which][field].as_str().expect("an amount"));
                    of("first").add(of("second")).expect("a sum")
                };
                assert_eq!((sum("total"), sum("paid")), before, "{both}");
                self.orders.push(both["second"]["id"].as_i64().expect("an id"));
                "split"
            }
            409 => "not split",
            status => panic!("{status}: {}", answer.text()),
        }
    }

    async fn merge(&mut self) -> &'static str {
        let (into, from) = (self.any(), self.any());
        let (one, other) = (self.order(into).await, self.order(from).await);
        let body = json!({ "from": from, "both_deliveries": true });
        let answer = self.act(format!("/api/v1/orders/{into}/merge"), &one["version"], body).await;
        match answer.status.as_u16() {
            200 => {
                let joined: Value = answer.json();
                for field in ["total", "paid"] {
                    let of = |order: &Value| rub(order[field].as_str().expect("an amount"));
                    assert_eq!(of(&joined), of(&one).add(of(&other)).expect("a sum"), "{field}");
                }
                "merged"
            }
            409 => "not merged",
            status => panic!("{status}: {}", answer.text()),
        }
    }

    async fn cancel(&mut self) -> &'static str {
        let order = self.order(self.any()).await;
        if order["stage"] == "cancel" {
            return "not cancelled";
        }
        let id = order["id"].as_i64().expect("an id");
        let answer = self.act(format!("/api/v1/orders/{id}/cancel"), &order["version"], json!({})).await;
        if answer.status.as_u16() != 200 {
            return "not cancelled";
        }
        for line in order["lines"].as_array().expect("lines") {
            let quantity = Quantity::parse(line["quantity"].as_str().expect("text")).expect("a quantity");
            self.wanted = self.wanted.saturating_subtract(quantity);
        }
        "cancelled"
    }

    /// Whatever was done: every check of the program, all money that came, and all pieces that are wanted.
    async fn nothing_is_lost(&self) {
        let company = self.desk.company;
        let (wrong, received, pieces) = self
            .desk
            .app
            .read(move |reader| {
                let mut wrong = Vec::new();
                for check in checks(reader) {
                    wrong.extend((check.look)(reader)?.into_iter().map(|row| format!("{}: {}", check.code, row.0)));
                }
                let received: i64 = reader
                    .one(
                        sql!(
                            "select cast(coalesce(sum(amount_minor), 0) as bigint) as minor
                             from order_receipt
                             where company_id = :company_id"
                        ),
                        params![company_id: company],
                    )?
                    .get("minor")?;
                let pieces: i64 = reader
                    .one(
                        sql!(
                            "select cast(coalesce(sum(order_line.quantity), 0) as bigint) as pieces
                             from order_line
                             join orders on orders.company_id = order_line.company_id and orders.id = order_line.order_id
                             where orders.company_id = :company_id and orders.stage <> 'cancel'"
                        ),
                        params![company_id: company],
                    )?
                    .get("pieces")?;
                Ok((wrong, received, pieces))
            })
            .await;
        assert_eq!(wrong, Vec::<String>::new());
        // What looks like a repeat of the same movement waits for a person and is no receipt yet.
        assert!(received <= self.came.minor(), "no more than the bank said: {received} of {}", self.came);
        assert_eq!(pieces, self.wanted.thousandths(), "what buyers want");
    }
}

fn rub(text: &str) -> Money {
    Money::parse(text, Currency::RUB).expect("an amount")
}

on_both_engines! {
    async fn however_orders_are_split_and_merged_nothing_is_lost(place: Place) {
        let desk = Desk::open(place).await;
        desk.shelve("TEA-100", "40").await;
        desk.shelve("CUP-7", "15").await;
        let accountant = desk.signed_in(Role::Accountant).await;
        let mut play = Play {
            desk,
            accountant,
            chance: Chance(SeededEntropy::from_seed(20_261_122)),
            orders: Vec::new(),
            came: Money::zero(Currency::RUB),
            wanted: Quantity::ZERO,
            done: BTreeMap::new(),
        };
        for n in 0..4 {
            play.place(1_000 + n).await;
        }
        for n in 0..STEPS {
            play.step(n).await;
            if n % 9 == 0 {
                play.nothing_is_lost().await;
            }
        }
        play.nothing_is_lost().await;
        for what in ["placed", "paid", "split", "merged", "cancelled"] {
            assert!(play.done.get(what).is_some_and(|times| *times > 1), "{what} happened: {:?}", play.done);
        }
    }
}
