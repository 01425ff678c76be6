//! Tells what happens to orders and money, a line for each turn, from the facts: what the audience
//! does itself is told as well.

use std::{collections::BTreeMap, sync::Arc};

use takt_kernel::{
    Clock, Result,
    money::{Currency, Money},
};
use takt_store::{Db, RecordedFact, facts};
use takt_ui::{Arg, Words};

const FACTS_AT_ONCE: i64 = 500;

pub struct Narrator {
    db: Db,
    words: Words,
    heard: i64,
    /// Numbers of orders by their ids.
    numbers: BTreeMap<i64, String>,
}

impl Narrator {
    pub fn new(db: Db, words: Words, heard: i64) -> Self {
        Self { db, words, heard, numbers: BTreeMap::new() }
    }

    pub fn clock(&self) -> Arc<dyn Clock> {
        self.db.shared_clock()
    }

    /// Learns what has happened and says nothing.
    pub async fn skip(&mut self) -> Result<()> {
        self.lines().await.map(|_| ())
    }

    /// What has happened since the last time.
    pub async fn lines(&mut self) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        loop {
            let after = self.heard;
            let said = self
                .db
                .read("takt.demo_narrate", move |reader| facts::after(reader, after, FACTS_AT_ONCE))
                .await?;
            let Some(last) = said.last() else { return Ok(lines) };
            self.heard = last.position;
            lines.extend(said.iter().filter_map(|fact| self.line(fact)));
        }
    }

    fn line(&mut self, fact: &RecordedFact) -> Option<String> {
        let text = |name: &str| fact.body.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        let is_true = |name: &str| fact.body.get(name).and_then(serde_json::Value::as_bool) == Some(true);
        let money = |name: &str| {
            let currency = Currency::from_code(text("currency")).unwrap_or(Currency::RUB);
            Money::parse(text(name), currency)
                .map_or_else(|_| text(name).to_owned(), |money| self.words.money(money))
        };
        let (key, detail) = match fact.kind.as_str() {
            "orders.placed" => {
                self.numbers.insert(fact.subject_id, text("number").to_owned());
                ("takt-demo-placed", money("total"))
            }
            "orders.paid" if is_true("in_full") => ("takt-demo-paid", money("amount")),
            "orders.paid" => ("takt-demo-paid-in-part", money("amount")),
            "orders.short" => ("takt-demo-short", String::new()),
            "orders.confirmed" => ("takt-demo-confirmed", String::new()),
            "orders.ready" => ("takt-demo-packed", String::new()),
            "shipments.dispatched" => ("takt-demo-on-its-way", text("tracking").to_owned()),
            "orders.delivered" => ("takt-demo-delivered", String::new()),
            "orders.cancelled" => ("takt-demo-cancelled", String::new()),
            "payments.suggested" => ("takt-demo-money-waits", String::new()),
            "payments.held" => ("takt-demo-money-held", String::new()),
            _ => return None,
        };
        let number = match fact.subject_kind.as_str() {
            "order" => self.numbers.get(&fact.subject_id).map_or("", String::as_str),
            _ => "",
        };
        let args: [(&str, Arg<'_>); 1] = [("detail", detail.as_str().into())];
        let time = self.words.time_exact(fact.at);
        Some(format!("{time}  {number:<10} {}", self.words.ta(key, &args)))
    }
}
