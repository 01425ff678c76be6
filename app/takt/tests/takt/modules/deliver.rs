//! One life's messages on their way, one after another, until nobody answers.

use std::time::Duration;

use serde_json::{Value, json};
use takt_outbound::{Call, Outbound, Reply};

use super::{
    plan::{COUNTED, Life, Message},
    told::{Outcome, Told},
    world::Shop,
};
use crate::crash::dice::Dice;

/// Longest pause of the line between two messages of one life.
const LATEST_MILLIS: usize = 12;

pub struct Line<'a> {
    pub http: &'a Outbound,
    pub address: &'a str,
    pub shop: &'a Shop,
    pub dice: Dice,
}

/// What a life has to be told, and what came of it.
pub struct Story {
    pub life: Life,
    pub told: Told,
}

impl Line<'_> {
    /// Delivers up to so many messages; `false` when nobody answers any more.
    pub async fn deliver(&mut self, story: &mut Story, most: usize) -> bool {
        for _ in 0..most {
            let Some(message) = story.life.queue.pop() else { return true };
            let pause = Duration::from_millis(self.dice.below(LATEST_MILLIS) as u64);
            tokio::time::sleep(pause).await;
            let outcome = match &message {
                Message::Desk(price) => self.desk(story, *price).await,
                _ => self.module(story, &message).await,
            };
            let Some(outcome) = outcome else { continue };
            story.told.log.push((message, outcome));
            if outcome == Outcome::Unanswered {
                return false;
            }
        }
        true
    }

    /// `None` when what was asked could not be understood by anybody: a surprise.
    async fn module(&self, story: &mut Story, message: &Message) -> Option<Outcome> {
        let life = &story.life;
        let (path, field, value) = match message {
            Message::Create => ("orders/create".to_owned(), "order", life.order(0)),
            Message::Edit(version) => (format!("orders/{}/edit", life.name), "order", life.order(*version)),
            Message::Part(number) => (format!("orders/{}/edit", life.name), "order", life.part(*number)),
            Message::CustomerCreate => ("customers/create".to_owned(), "customer", life.said_of_customer(0)),
            Message::CustomerEdit(version) => {
                (format!("customers/{}/edit", life.customer()), "customer", life.said_of_customer(*version))
            }
            Message::Upload => ("orders/upload".to_owned(), "orders", Value::from(life.batch())),
            Message::Count(count) => {
                let offers =
                    json!([{ "externalId": COUNTED, "stores": [{ "code": null, "available": count }] }]);
                ("store/inventories/upload".to_owned(), "offers", offers)
            }
            Message::Desk(_) => return None,
        };
        let form = [("apiKey", self.shop.key.as_str()), ("by", "externalId"), (field, &value.to_string())]
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .join("&");
        let call = Call::post(format!("{}/api/v5/{path}", self.address))
            .body("application/x-www-form-urlencoded", form);
        let Ok(reply) = self.http.send(call).await else { return Some(Outcome::Unanswered) };
        let body: Value = reply.json().unwrap_or_default();
        let known = body["errorMsg"] == "Order already exists." || all_known(&body);
        let outcome = match reply.status {
            // A bare success: it waits.
            201 if body.as_object().is_some_and(|body| body.len() == 1) => Outcome::Stored,
            200 | 201 => Outcome::Taken,
            400 | 460 if known => Outcome::Known,
            404 if matches!(message, Message::CustomerEdit(_) | Message::Part(_)) => Outcome::Missing,
            _ => {
                story.told.surprises.push(surprise(&story.life.name, message, &reply));
                return None;
            }
        };
        if outcome == Outcome::Taken
            && matches!(message, Message::Create | Message::Edit(_) | Message::Part(_))
        {
            let id = body["id"].as_i64();
            if story.told.id.is_some() && story.told.id != id {
                story
                    .told
                    .surprises
                    .push(format!("{} was {:?} and is {id:?}", story.life.name, story.told.id));
            }
            story.told.id = id;
        }
        Some(outcome)
    }

    /// `None` when the order is not known yet, or somebody was faster.
    async fn desk(&self, story: &mut Story, price: usize) -> Option<Outcome> {
        let address = format!("{}/api/v1/orders/{}", self.address, story.told.id?);
        let now = self.http.send(Call::get(&address).bearer(&self.shop.token)).await.ok()?;
        let version = now.json::<Value>().ok()?["version"].as_i64()?;
        let call = Call::new("PATCH".parse().expect("a method"), address)
            .bearer(&self.shop.token)
            .header("if-match", &format!("\"{version}\""))
            .json(&json!({ "delivery": { "price": format!("{price}.00") } }));
        match self.http.send(call).await {
            Err(_) => Some(Outcome::Unanswered),
            Ok(reply) if reply.status == 200 => Some(Outcome::Taken),
            Ok(reply) if reply.status == 412 => None,
            Ok(reply) => {
                story.told.surprises.push(surprise(&story.life.name, &Message::Desk(price), &reply));
                None
            }
        }
    }
}

/// Whether a batch was refused only because it came before.
fn all_known(body: &Value) -> bool {
    let errors = body["errors"].as_array();
    body["errorMsg"] == "Orders are loaded with errors"
        && body["uploadedOrders"] == json!([])
        && errors.is_some_and(|errors| {
            errors
                .iter()
                .all(|error| error.as_str().is_some_and(|text| text.starts_with("Order already exists.")))
        })
}

fn surprise(name: &str, message: &Message, reply: &Reply) -> String {
    let text: String = reply.text().chars().take(400).collect();
    format!("{name} {message:?}: {} {text}", reply.status)
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
