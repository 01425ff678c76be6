//! Shops' programs and buyers. A program that gets no answer sends again; what it was told it keeps.

use http::Method;
use serde_json::{Value, json};
use takt_kernel::money::{Currency, Money};
use takt_orders::OrderId;
use takt_simulator::{Chance, Due, Life, Manner, Part, order_body, payment};

use super::world::{Deed, Done, Setback, World};

/// What a shop knows of one of its orders.
#[derive(Clone, Debug, Default)]
pub struct Customer {
    /// Under which id the program has taken it, once it said so.
    pub id: Option<i64>,
    /// It reached the program perhaps.
    pub tried: bool,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const ORDERS: &str = "/api/v1/orders";
const MOST_LINES: usize = 3;

struct Answer {
    status: u16,
    body: Value,
}

impl World {
    pub fn life(&self, index: usize) -> Life {
        let mut life = self.plan.life(index);
        life.lines.truncate(MOST_LINES);
        life
    }

    fn body(&self, life: &Life) -> Value {
        let mut body = order_body(life, self.plan.slice());
        // Half of the buyers give no address for mail.
        if Chance::of(self.scale.seed, ("mail", life.external_id.as_str())).one_in(2) {
            body["customer"]["email"] = Value::Null;
        }
        body
    }

    pub async fn send(&mut self, index: usize) -> Done {
        let known = self.customers.entry(index).or_default().id;
        let life = self.life(index);
        // Now and then the answer is lost on its way back, or a copy of the request is still under way.
        let unheard = self.chance.one_in(30);
        if self.chance.one_in(12) || life.manner == Manner::SentTwice {
            let late = if self.chance.one_in(3) { 10 * DAY } else { 30 * MINUTE };
            self.within(1, late, Deed::Echo(index));
        }
        let id = self.offer(index, &life).await?;
        if unheard {
            self.tally.count("answers lost between program and shop");
            return Err(Setback::Lost);
        }
        if known.is_none() {
            self.remember_order(index, id);
            self.plan_life(index, &life);
        }
        Ok(())
    }

    /// Nobody waits for this answer, but it must be the right one.
    pub async fn echo(&mut self, index: usize) -> Done {
        let life = self.life(index);
        self.tally.count("repetitions");
        match self.offer(index, &life).await {
            Err(Setback::Lost) => Ok(()),
            answer => answer.map(|_| ()),
        }
    }

    /// Offers the order as it was written at first; answers with the program's id.
    async fn offer(&mut self, index: usize, life: &Life) -> Done<i64> {
        let body = self.body(life);
        self.customers.entry(index).or_default().tried = true;
        let with_key = Chance::of(self.scale.seed, ("key", life.external_id.as_str())).one_in(2);
        let key = with_key.then(|| format!("key-{}", life.external_id));
        let answer = self.ask(life, Method::POST, ORDERS.to_owned(), None, key, Some(body)).await?;
        let known = self.customers.get(&index).and_then(|customer| customer.id);
        let id = answer.body.get("id").and_then(Value::as_i64);
        match (answer.status, id, known) {
            (201, Some(id), None) => Ok(id),
            (200, Some(id), known) if known.is_none_or(|known| known == id) => Ok(id),
            _ => Err(Setback::Wrong(format!(
                "{} was answered with {} {}; known as {known:?}",
                life.external_id, answer.status, answer.body
            ))),
        }
    }

    /// The same number under other goods is refused and changes nothing.
    pub async fn lie(&mut self, index: usize) -> Done {
        let life = self.life(index);
        let mut body = self.body(&life);
        body["lines"][0]["quantity"] = json!((life.lines[0].quantity + 1).to_string());
        let answer = self.ask(&life, Method::POST, ORDERS.to_owned(), None, None, Some(body)).await?;
        self.tally.count("altered repetitions");
        match answer.status {
            409 => Ok(()),
            status => Err(Setback::Wrong(format!("{} altered was answered with {status}", life.external_id))),
        }
    }

    pub fn remember_order(&mut self, index: usize, id: i64) {
        self.customers.entry(index).or_default().id = Some(id);
        self.of_order.insert(OrderId::new(id), index);
        self.tally.count("orders that shops know to be taken");
    }

    fn plan_life(&mut self, index: usize, life: &Life) {
        if self.chance.one_in(20) {
            self.within(MINUTE, 3 * DAY, Deed::Lie(index));
        }
        if self.chance.one_in(25) || life.manner == Manner::UnknownSku {
            self.within(10 * MINUTE, 6 * HOUR, Deed::Edit(index));
        }
        if self.chance.one_in(30) || life.manner == Manner::Cancelled {
            self.within(10 * MINUTE, 2 * DAY, Deed::Cancel(index));
        }
        match life.manner {
            Manner::Unpaid | Manner::Cancelled | Manner::OnDelivery => {}
            Manner::Instalments => {
                self.within(5 * MINUTE, 20 * HOUR, Deed::Pay(index, Part::First));
                self.within(DAY, 3 * DAY, Deed::Pay(index, Part::Second));
            }
            _ if self.chance.one_in(3) => self.within(HOUR, 30 * HOUR, Deed::Pay(index, Part::First)),
            _ => self.within(5 * MINUTE, 2 * HOUR, Deed::Pay(index, Part::First)),
        }
    }

    pub async fn edit(&mut self, index: usize) -> Done {
        let life = self.life(index);
        let order = self.order(index, &life).await?;
        let lines = order["lines"].as_array().cloned().unwrap_or_default();
        let right = self.body(&life);
        let lines: Vec<Value> = lines
            .iter()
            .enumerate()
            .map(|(place, line)| {
                let mut line = line.clone();
                if place == 0 {
                    line["quantity"] = json!((life.lines[0].quantity + 1).to_string());
                    line["sku"] = json!(life.lines[0].sku);
                }
                let fields = ["id", "sku", "name", "quantity", "unit", "price", "vat"];
                let kept = fields.iter().map(|field| {
                    let value =
                        if line[*field].is_null() { &right["lines"][place][*field] } else { &line[*field] };
                    ((*field).to_owned(), value.clone())
                });
                Value::Object(kept.collect())
            })
            .collect();
        let path = format!("{ORDERS}/{}", order["id"]);
        let version = order["version"].as_i64();
        let body = json!({ "lines": lines });
        let answer = self.ask(&life, Method::PATCH, path, version, None, Some(body)).await?;
        self.changed(&life, "edits", &answer)
    }

    pub async fn cancel(&mut self, index: usize) -> Done {
        let life = self.life(index);
        let order = self.order(index, &life).await?;
        let paid = order["paid"].as_str().is_some_and(|paid| paid != "0.00");
        let path = format!("{ORDERS}/{}/cancel", order["id"]);
        let body = json!({ "reason": "Покупатель передумал" });
        let answer = self.ask(&life, Method::POST, path, order["version"].as_i64(), None, Some(body)).await?;
        self.changed(&life, "cancellations", &answer)?;
        if paid {
            // The money goes back, and the bank tells of it like of any other movement.
            let total = order["paid"].as_str().unwrap_or("0.00");
            let amount = Money::parse(total, Currency::RUB).unwrap_or(Money::zero(Currency::RUB));
            self.bank.pay_back(amount, &life, self.now);
            self.tally.count("returns of money");
        }
        Ok(())
    }

    fn changed(&mut self, life: &Life, what: &'static str, answer: &Answer) -> Done {
        match answer.status {
            200 => {
                self.tally.count(what);
                Ok(())
            }
            409 | 412 => Err(Setback::TooLate),
            status => {
                Err(Setback::Wrong(format!("{what} of {}: {status} {}", life.external_id, answer.body)))
            }
        }
    }

    pub async fn pay(&mut self, index: usize, part: Part) -> Done {
        let life = self.life(index);
        let order = self.order(index, &life).await?;
        let text = |path: &str| order.pointer(path).and_then(Value::as_str).map(str::to_owned);
        let (Some(invoice), Some(left), Some(total)) =
            (text("/invoice/number"), text("/invoice/left"), text("/total"))
        else {
            return Ok(());
        };
        if text("/stage").as_deref() == Some("cancel") {
            return Ok(());
        }
        let money =
            |text: &str| Money::parse(text, Currency::RUB).map_err(|fault| Setback::Wrong(fault.to_string()));
        let due = Due { total: money(&total)?, left: money(&left)? };
        if !due.left.is_positive() {
            return Ok(());
        }
        let mut chance = Chance::of(self.scale.seed, ("payment", life.external_id.as_str(), part as u8));
        if let Some(payment) = payment(&life, part, &invoice, due, &mut chance) {
            self.bank.receive(payment, self.now);
            self.tally.count("payments");
        }
        Ok(())
    }

    async fn order(&mut self, index: usize, life: &Life) -> Done<Value> {
        let Some(id) = self.customers.get(&index).and_then(|customer| customer.id) else {
            return Err(Setback::TooLate);
        };
        let answer = self.ask(life, Method::GET, format!("{ORDERS}/{id}"), None, None, None).await?;
        match answer.status {
            200 => Ok(answer.body),
            // It was acknowledged.
            status => Err(Setback::Wrong(format!("order {id} was answered with {status} {}", answer.body))),
        }
    }

    async fn ask(
        &mut self,
        life: &Life,
        method: Method,
        path: String,
        version: Option<i64>,
        key: Option<String>,
        body: Option<Value>,
    ) -> Done<Answer> {
        let token = self.company.shops[life.shop].token.clone();
        let Some((number, node)) = self.node() else { return Err(Setback::Lost) };
        let client = node.client().with_token(&token);
        let mut asking = client.ask(method, &path);
        if let Some(version) = version {
            asking = asking.header("if-match", &format!("\"{version}\""));
        }
        if let Some(key) = &key {
            asking = asking.header("idempotency-key", key);
        }
        if let Some(body) = &body {
            asking = asking.json(body);
        }
        let Ok(response) = node.alive(asking.send()).await else { return Err(self.ended(number).await) };
        let status = response.status.as_u16();
        let body = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
        match status {
            429 | 503 => Err(Setback::Lost),
            500.. => Err(Setback::Wrong(format!("{path}: {status} {}", response.text()))),
            _ => Ok(Answer { status, body }),
        }
    }
}
