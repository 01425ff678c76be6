//! Clients that do everything at once against a program that may die at any moment, and write down
//! what they were told.

mod bank;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use takt_outbound::{Call, Reply};

use super::{
    dice::Dice,
    told::Told,
    world::{SKUS, World},
};

pub struct Client {
    world: Arc<World>,
    told: Arc<Mutex<Told>>,
    address: String,
    dice: Dice,
    /// Makes names that nobody else uses.
    name: String,
    made: usize,
    /// More than one chunk of lines in each file.
    large_files: bool,
}

/// Nobody answers any more.
struct Gone;

impl Client {
    pub fn new(world: Arc<World>, told: Arc<Mutex<Told>>, address: &str, name: String, dice: Dice) -> Self {
        Self { world, told, address: address.to_owned(), dice, name, made: 0, large_files: false }
    }

    pub fn with_large_files(mut self, large: bool) -> Self {
        self.large_files = large;
        self
    }

    /// Acts until nobody answers any more.
    pub async fn run(mut self) {
        while self.act().await.is_ok() {}
    }

    /// Sends again what was never answered, until it is.
    pub async fn settle(mut self) {
        let waiting: Vec<(String, Value)> = self.told().unanswered.clone().into_iter().collect();
        for (external_id, body) in waiting {
            assert!(self.send_order(&external_id, body).await.is_ok(), "the program is gone");
        }
        let files = std::mem::take(&mut self.told().files_unanswered);
        for file in files {
            assert!(self.upload(file).await.is_ok(), "the program is gone");
        }
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn act(&mut self) -> Result<(), Gone> {
        match self.dice.below(100) {
            0..40 => self.place().await,
            40..52 => self.repeat().await,
            52..64 => self.edit().await,
            64..71 => self.cancel().await,
            71..76 => self.restock().await,
            76..86 => self.bank_reports().await,
            86..88 => self.bank_drops().await,
            88..98 => self.pick_and_ship().await,
            _ => self.invite().await,
        }
    }

    fn next_name(&mut self) -> String {
        self.made += 1;
        format!("{}-{}", self.name, self.made)
    }

    async fn place(&mut self) -> Result<(), Gone> {
        let external_id = self.next_name();
        let lines: Vec<Value> = (0..=self.dice.below(3))
            .map(|_| {
                let sku = SKUS[self.dice.below(SKUS.len())];
                let quantity = (1 + self.dice.below(3)).to_string();
                json!({"sku": sku, "name": "Чай", "quantity": quantity, "unit": "pcs", "price": "199.50", "vat": "22"})
            })
            .collect();
        let body = json!({
            "external_id": external_id,
            "currency": "RUB",
            "customer": {"name": "Покупатель", "email": format!("{external_id}@takt.test")},
            "lines": lines,
        });
        self.send_order(&external_id, body).await
    }

    /// A shop's program that lost an answer, or believes so.
    async fn repeat(&mut self) -> Result<(), Gone> {
        let (lost, known): (Vec<_>, Vec<_>) = {
            let told = self.told();
            let known = told.orders.iter().map(|(id, known)| (id.clone(), known.body.clone())).collect();
            (told.unanswered.clone().into_iter().collect(), known)
        };
        let all = if lost.is_empty() || self.dice.one_in(2) { known } else { lost };
        match self.dice.pick(&all).cloned() {
            Some((external_id, body)) => self.send_order(&external_id, body).await,
            None => Ok(()),
        }
    }

    async fn send_order(&mut self, external_id: &str, body: Value) -> Result<(), Gone> {
        let is_known = self.told().orders.contains_key(external_id);
        if !is_known {
            self.told().unanswered.insert(external_id.to_owned(), body.clone());
        }
        let Some(reply) = self.ask("POST", "/api/v1/orders", None, &body).await? else { return Ok(()) };
        match reply.status {
            200 | 201 => {
                let answer = reply.json().unwrap_or(Value::Null);
                self.told().order_is_there(external_id, body, is_known, reply.status, &answer);
            }
            _ => self.surprise("placing", external_id, &reply),
        }
        Ok(())
    }

    /// An order that nobody else is at, if the clients know one.
    fn free_order(&mut self, for_payment: bool) -> Option<(String, i64)> {
        let mut dice = self.dice.clone();
        let mut told = self.told();
        let free: Vec<String> = told
            .orders
            .iter()
            .filter(|(_, known)| !known.cancelled && !known.in_doubt && !known.paying)
            .map(|(external_id, _)| external_id.clone())
            .collect();
        let found = dice.pick(&free).and_then(|external_id| {
            let known = told.orders.get_mut(external_id)?;
            // Until its answer comes nobody else touches it.
            known.in_doubt = !for_payment;
            known.paying = for_payment;
            Some((external_id.clone(), known.id))
        });
        drop(told);
        self.dice = dice;
        found
    }

    async fn edit(&mut self) -> Result<(), Gone> {
        let Some((external_id, id)) = self.free_order(false) else { return Ok(()) };
        let quantity = (1 + self.dice.below(4)).to_string();
        let sku = SKUS[self.dice.below(SKUS.len())];
        let body = if self.dice.one_in(2) {
            json!({"comment": format!("позвонить {quantity}")})
        } else {
            json!({"lines": [{"sku": sku, "name": "Чай", "quantity": quantity, "unit": "pcs", "price": "199.50", "vat": "22"}]})
        };
        self.change(&external_id, id, "PATCH", "", &body).await
    }

    async fn cancel(&mut self) -> Result<(), Gone> {
        let Some((external_id, id)) = self.free_order(false) else { return Ok(()) };
        self.change(&external_id, id, "POST", "/cancel", &json!({"reason": "передумал"})).await
    }

    async fn change(
        &mut self,
        external_id: &str,
        id: i64,
        method: &str,
        deed: &str,
        body: &Value,
    ) -> Result<(), Gone> {
        let path = format!("/api/v1/orders/{id}");
        let Some(now) = self.ask("GET", &path, None, &Value::Null).await? else { return Ok(()) };
        let version = now.json::<Value>().ok().and_then(|order| order.get("version")?.as_i64());
        let Some(version) = version else {
            self.surprise("reading", external_id, &now);
            return Ok(());
        };
        let path = format!("{path}{deed}");
        let Some(reply) = self.ask(method, &path, Some(version), body).await? else { return Ok(()) };
        match reply.status {
            200 => {
                let answer: Value = reply.json().unwrap_or(Value::Null);
                let version = answer.get("version").and_then(Value::as_i64).unwrap_or(0);
                let mut told = self.told();
                if let Some(known) = told.orders.get_mut(external_id) {
                    known.version = known.version.max(version);
                    known.cancelled = !deed.is_empty();
                    known.in_doubt = false;
                }
            }
            // Takt itself changed it meanwhile; the shop would read it anew.
            412 => {
                if let Some(known) = self.told().orders.get_mut(external_id) {
                    known.in_doubt = false;
                }
            }
            _ => self.surprise(method, external_id, &reply),
        }
        Ok(())
    }

    async fn restock(&mut self) -> Result<(), Gone> {
        let counts: Vec<Value> = SKUS
            .iter()
            .map(|sku| json!({"sku": sku, "quantity": (5_000 + self.dice.below(1_000)).to_string()}))
            .collect();
        let Some(reply) = self.ask("PUT", "/api/v1/stock", None, &Value::Array(counts)).await? else {
            return Ok(());
        };
        if reply.status != 200 {
            self.surprise("restocking", "", &reply);
        }
        Ok(())
    }

    /// What the warehouse does with a paid order. It may be too early for it: then nothing happens.
    async fn pick_and_ship(&mut self) -> Result<(), Gone> {
        let paying: Vec<i64> = {
            let told = self.told();
            told.orders.values().filter(|known| known.paying).map(|known| known.id).collect()
        };
        let Some(id) = self.dice.pick(&paying).copied() else { return Ok(()) };
        for (path, form) in [
            (format!("/pick/{id}/start"), ""),
            (format!("/pick/{id}/take"), ""),
            (format!("/pick/{id}/finish"), ""),
            (format!("/shipments/of/{id}"), "tracking=RA123456785RU&places=1"),
        ] {
            let Some(reply) = self.post_form(&path, form).await? else { return Ok(()) };
            if reply.status >= 500 {
                self.surprise(&path, "", &reply);
            }
            if reply.status != 303 {
                break;
            }
        }
        Ok(())
    }

    async fn invite(&mut self) -> Result<(), Gone> {
        let email = format!("{}@takt.test", self.next_name());
        let form = format!("email={}&roles=operator", email.replace('@', "%40"));
        let Some(reply) = self.post_form("/settings/people", &form).await? else { return Ok(()) };
        let page = reply.text();
        let Some(secret) =
            page.split("/invite/").nth(1).and_then(|rest| rest.split(['"', '<', ' ', '&']).next())
        else {
            self.surprise("inviting", &email, &reply);
            return Ok(());
        };
        let form = "name=Anna&password=correct+horse+battery";
        let Some(reply) = self.post_form(&format!("/invite/{secret}"), form).await? else { return Ok(()) };
        match reply.status {
            303 => {
                self.told().joined.insert(email);
            }
            // So many come from one network that the door closes for a while.
            429 => {}
            _ => self.surprise("joining", &email, &reply),
        }
        Ok(())
    }

    async fn post_form(&mut self, path: &str, form: &str) -> Result<Option<Reply>, Gone> {
        let call = Call::post(format!("{}{path}", self.address))
            .header("cookie", &self.world.cookie)
            .body("application/x-www-form-urlencoded", form);
        self.send(call).await
    }

    async fn ask(
        &mut self,
        method: &str,
        path: &str,
        version: Option<i64>,
        body: &Value,
    ) -> Result<Option<Reply>, Gone> {
        let method = method.parse().expect("a method");
        let mut call = Call::new(method, format!("{}{path}", self.address)).bearer(&self.world.token);
        if let Some(version) = version {
            call = call.header("if-match", &format!("\"{version}\""));
        }
        if !body.is_null() {
            call = call.json(body);
        }
        self.send(call).await
    }

    /// `None` when the client lost patience and knows nothing, while the program may go on.
    async fn send(&mut self, call: Call) -> Result<Option<Reply>, Gone> {
        self.told().sent += 1;
        let patience = if self.dice.one_in(25) { self.dice.below(20) } else { 60_000 };
        let patience = Duration::from_millis(u64::try_from(patience).unwrap_or(0));
        match tokio::time::timeout(patience, self.world.http.send(call)).await {
            Err(_lost) => Ok(None),
            Ok(Err(_no_answer)) => Err(Gone),
            Ok(Ok(reply)) => {
                let mut told = self.told();
                if reply.status == 503 && told.outages {
                    return Err(Gone);
                }
                told.answered += 1;
                drop(told);
                Ok(Some(reply))
            }
        }
    }

    fn surprise(&self, what: &str, whom: &str, reply: &Reply) {
        let text: String = reply.text().chars().take(400).collect();
        self.told().surprises.push(format!("{what} {whom}: {} {text}", reply.status));
    }
}
