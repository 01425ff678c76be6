//! What shops and buyers do: place, repeat, correct, pay, cancel. All of it from outside.

use serde_json::{Value, json};
use takt_kernel::{
    Fault, Result,
    money::{Currency, Money},
};
use takt_orders::OrderId;

use crate::{
    chance::Chance,
    life::{Life, Manner},
    outside::{Method, Outside, Reply, Request},
    payment::{self, Due, Part},
    shop,
    simulation::{Deed, Simulation},
};

const ORDERS: &str = "/api/v1/orders";

impl<O: Outside> Simulation<O> {
    pub(crate) async fn place(&mut self, index: usize) -> Result<()> {
        let life = self.plan.life(index);
        let body = shop::order_body(&life, self.plan.slice());
        let reply = self.ask(&life, Method::Post, ORDERS.to_owned(), None, Some(body)).await?;
        let answer = expected(&life, reply, 201)?;
        let id = number(&answer, "id").map(OrderId::new).ok_or_else(|| unexpected(&life, 201))?;
        self.sent.insert(index, id);
        self.of_order.insert(id, index);
        let next = match life.manner {
            Manner::Unpaid | Manner::OnDelivery => return Ok(()),
            Manner::Cancelled => Deed::BuyerCancels(index),
            Manner::UnknownSku => Deed::CorrectSku(index),
            Manner::SentTwice => {
                self.after_seconds(2, Deed::SendAgain(index));
                Deed::Pay(index, Part::First)
            }
            Manner::Instalments => {
                self.after_seconds(life.second_part_after, Deed::Pay(index, Part::Second));
                Deed::Pay(index, Part::First)
            }
            _ => Deed::Pay(index, Part::First),
        };
        self.after_seconds(life.acts_after, next);
        Ok(())
    }

    /// The same order once more is the same order.
    pub(crate) async fn send_again(&mut self, index: usize) -> Result<()> {
        let life = self.plan.life(index);
        let body = shop::order_body(&life, self.plan.slice());
        let reply = self.ask(&life, Method::Post, ORDERS.to_owned(), None, Some(body)).await?;
        expected(&life, reply, 200).map(|_| ())
    }

    pub(crate) async fn correct_sku(&mut self, index: usize) -> Result<()> {
        let life = self.plan.life(index);
        let (path, version) = self.version(index, &life).await?;
        let body = shop::corrected_lines(&life, self.plan.slice());
        let reply = self.ask(&life, Method::Patch, path, Some(version), Some(body)).await?;
        self.after_seconds(life.acts_after, Deed::Pay(index, Part::First));
        expected(&life, reply, 200).map(|_| ())
    }

    pub(crate) async fn buyer_cancels(&mut self, index: usize) -> Result<()> {
        let life = self.plan.life(index);
        let (path, version) = self.version(index, &life).await?;
        let body = json!({ "reason": "Покупатель передумал" });
        let reply =
            self.ask(&life, Method::Post, format!("{path}/cancel"), Some(version), Some(body)).await?;
        expected(&life, reply, 200).map(|_| ())
    }

    /// Pays what the invoice says is left, as the shop's page shows it to the buyer.
    pub(crate) async fn pay(&mut self, index: usize, part: Part) -> Result<()> {
        let life = self.plan.life(index);
        let order = self.read(index, &life).await?;
        let invoice = order.pointer("/invoice/number").and_then(Value::as_str);
        let left = order.pointer("/invoice/left").and_then(Value::as_str);
        let in_work = order.get("stage").and_then(Value::as_str) != Some("cancel");
        let (Some(invoice), Some(left), true) = (invoice, left, in_work) else { return Ok(()) };
        let total = order.get("total").and_then(Value::as_str).unwrap_or(left);
        let due =
            Due { total: Money::parse(total, Currency::RUB)?, left: Money::parse(left, Currency::RUB)? };
        if !due.left.is_positive() {
            return Ok(());
        }
        let mut chance = Chance::of(self.plan.seed(), ("payment", life.external_id.as_str(), part as u8));
        if let Some(payment) = payment::payment(&life, part, invoice, due, &mut chance) {
            let day = self.company.day(self.db.clock().now());
            self.bank.receive(payment, &day);
        }
        Ok(())
    }

    async fn version(&self, index: usize, life: &Life) -> Result<(String, i64)> {
        let order = self.read(index, life).await?;
        let (id, version) = (number(&order, "id"), number(&order, "version"));
        match (id, version) {
            (Some(id), Some(version)) => Ok((format!("{ORDERS}/{id}"), version)),
            _ => Err(unexpected(life, 200)),
        }
    }

    async fn read(&self, index: usize, life: &Life) -> Result<Value> {
        let id = self.sent.get(&index).ok_or_else(|| Fault::missing("simulator.not_sent"))?;
        let reply = self.ask(life, Method::Get, format!("{ORDERS}/{id}"), None, None).await?;
        expected(life, reply, 200)
    }

    async fn ask(
        &self,
        life: &Life,
        method: Method,
        path: String,
        version: Option<i64>,
        body: Option<Value>,
    ) -> Result<Reply> {
        let token = self.company.shops[life.shop].token.clone();
        self.outside.ask(Request { method, path, token, version, body }).await
    }
}

fn number(answer: &Value, name: &str) -> Option<i64> {
    answer.get(name).and_then(Value::as_i64)
}

fn expected(life: &Life, reply: Reply, status: u16) -> Result<Value> {
    match reply.status {
        given if given == status => Ok(reply.body),
        // Somebody else changed it meanwhile, or it has gone further.
        409 | 412 => Err(Fault::conflict("simulator.too_late").arg("order", &life.external_id)),
        given => Err(unexpected(life, given).because(reply.body.to_string())),
    }
}

fn unexpected(life: &Life, status: u16) -> Fault {
    Fault::broken("simulator.unexpected_answer").arg("order", &life.external_id).arg("status", status)
}
