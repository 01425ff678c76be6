//! The orders that are really made: through the API and the pages, as shops and people make them.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::TEMPLATE;
use crate::{
    desk::{Desk, sign_in, succeeded},
    engine::{Engine, Place},
    http::{Answer, Connection, Request},
    lag::Watcher,
    orders::Orders,
    orders::Popularity,
    stage::{Kept, Stage},
};

const NAME: &str = "template";
/// From here on ids are those of the orders: what is below is the desk's own.
pub const FIRST_ID: i64 = 5_000_000_000_000;

/// How far an order gets, and how many of a hundred do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Complete,
    Cancelled,
    OnItsWay,
    Packed,
    Waiting,
}

#[derive(Clone, Copy)]
enum Step {
    CancelOrPick,
    Send,
    Deliver,
}

impl Step {
    const ALL: [Self; 3] = [Self::CancelOrPick, Self::Send, Self::Deliver];
}

const FATES: [(Fate, u64); 5] =
    [(Fate::Complete, 80), (Fate::Cancelled, 8), (Fate::OnItsWay, 4), (Fate::Packed, 2), (Fate::Waiting, 6)];

fn fate(n: u64) -> Fate {
    let mut left = n % TEMPLATE;
    for (fate, many) in FATES {
        if left < many {
            return fate;
        }
        left -= many;
    }
    Fate::Waiting
}

/// `T000000017`: nothing else in a database looks like it.
pub fn number(n: u64) -> String {
    format!("T{n:09}")
}

/// Ten digits; those of different orders differ.
pub fn phone(n: u64) -> String {
    // 79190007 and 10^9 have no common factor.
    format!("9{:09}", (n * 79_190_007 + 123_456_789) % 1_000_000_000)
}

/// The database with the template's orders, made once.
pub async fn made(stage: &mut Stage) -> Result<Kept> {
    if let Some(kept) = stage.find(Engine::Sqlite, NAME).await? {
        return Ok(kept);
    }
    let place = stage.empty(Engine::Sqlite, NAME).await?;
    let desk = Desk::open(&stage.takt, &place, stage.scale.goods.min(200)).await?;
    let server = stage.takt.serve(&place).await?;
    let cookie = sign_in(&server).await?;
    Watcher::open(&place).await?.drain().await?;
    server.stop().await?;
    raise_ids(&place)?;
    let server = stage.takt.serve(&place).await?;
    Maker {
        connection: Connection::open(server.address).await?,
        cookie,
        desk: desk.clone(),
        place: place.clone(),
    }
    .make_all()
    .await?;
    server.stop().await?;
    stage.keep(NAME, Kept { place, desk })
}

fn raise_ids(place: &Place) -> Result<()> {
    let connection = rusqlite::Connection::open(place.sqlite_file())?;
    let raised = connection.execute(
        "update number_block set taken_until = ?1 where company_id = 0 and name = 'id'",
        [FIRST_ID],
    )?;
    anyhow::ensure!(raised == 1, "ids are not handed out from number_block any more");
    connection.execute_batch("pragma wal_checkpoint(truncate)")?;
    Ok(())
}

struct Maker {
    connection: Connection,
    cookie: String,
    desk: Desk,
    place: Place,
}

impl Maker {
    async fn make_all(&mut self) -> Result<()> {
        let mut orders = Orders::new(17, self.desk.goods, Popularity::Zipf, "t".to_owned());
        let watcher = Watcher::open(&self.place).await?;
        let mut made = Vec::new();
        for n in 0..TEMPLATE {
            made.push(self.place_order(&mut orders, n).await?);
        }
        watcher.drain().await?;
        // Step by step for all of them: the next step waits for what follows from the one before.
        for step in Step::ALL {
            for (n, id) in (0..TEMPLATE).zip(&made) {
                self.carry_on(step, *id, fate(n)).await.with_context(|| format!("order {n}"))?;
            }
            watcher.drain().await?;
        }
        watcher.wait_for_jobs().await
    }

    async fn place_order(&mut self, orders: &mut Orders, n: u64) -> Result<i64> {
        let mut order = orders.next_order();
        let mut customer = orders.customer();
        customer["phone"] = json!(format!("+7{}", phone(n)));
        if let Some(fields) = customer.as_object_mut() {
            fields.remove("email");
        }
        if let Some(fields) = order.as_object_mut() {
            fields.remove("external_id");
            fields.remove("comment");
            fields.insert("customer".to_owned(), customer);
            fields.insert("number".to_owned(), json!(number(n)));
            fields.insert("terms".to_owned(), json!("on_delivery"));
            // Most orders of most shops are small.
            if let Some(Value::Array(lines)) = fields.get_mut("lines") {
                lines.truncate(1 + usize::try_from(n % 5 / 3)?);
            }
        }
        let token = &self.desk.tokens[usize::try_from(n)? % self.desk.tokens.len()];
        let request = Request::new("POST", "/api/v1/orders").json(order.to_string()).token(token);
        let answer = succeeded(self.connection.ask(request).await?)?;
        let id = answer.json()?.get("id").and_then(Value::as_i64).context("an order without an id")?;
        anyhow::ensure!(id >= FIRST_ID, "the order got the id {id}");
        Ok(id)
    }

    async fn carry_on(&mut self, step: Step, id: i64, fate: Fate) -> Result<()> {
        match step {
            Step::CancelOrPick => self.cancel_or_pick(id, fate).await,
            Step::Send => self.send(id, fate).await,
            Step::Deliver => self.deliver(id, fate).await,
        }
    }

    async fn cancel_or_pick(&mut self, id: i64, fate: Fate) -> Result<()> {
        match fate {
            Fate::Waiting => Ok(()),
            Fate::Cancelled => {
                let (token, version) = self.token_of(id).await?;
                let body = json!({"reason": "передумали"}).to_string();
                let request = Request::new("POST", &format!("/api/v1/orders/{id}/cancel")).json(body);
                succeeded(self.connection.ask(request.token(&token).header("if-match", &version)).await?)?;
                Ok(())
            }
            Fate::Packed | Fate::OnItsWay | Fate::Complete => {
                for step in ["start", "take", "finish"] {
                    self.post(&format!("/pick/{id}/{step}"), "").await?;
                }
                Ok(())
            }
        }
    }

    async fn send(&mut self, id: i64, fate: Fate) -> Result<()> {
        match fate {
            Fate::Waiting | Fate::Cancelled | Fate::Packed => Ok(()),
            Fate::OnItsWay | Fate::Complete => {
                let form = format!("places=1&tracking=RA{}RU", id % 1_000_000_000);
                self.post(&format!("/shipments/of/{id}"), &form).await
            }
        }
    }

    async fn deliver(&mut self, id: i64, fate: Fate) -> Result<()> {
        if fate != Fate::Complete {
            return Ok(());
        }
        let card = self.get(&format!("/orders/{id}")).await?.text();
        let deliver = card
            .split("action=\"")
            .filter_map(|rest| rest.split('"').next())
            .find(|action| action.starts_with("/shipments/") && action.ends_with("/deliver"))
            .context("the card has no button to deliver")?
            .to_owned();
        self.post(&deliver, "").await
    }

    /// The token of the shop that may see the order, and the order's version.
    async fn token_of(&mut self, id: i64) -> Result<(String, String)> {
        for token in self.desk.tokens.clone() {
            let request = Request::new("GET", &format!("/api/v1/orders/{id}")).token(&token);
            let answer = self.connection.ask(request).await?;
            if let (true, Some(etag)) = (answer.is_success(), answer.etag) {
                return Ok((token, etag));
            }
        }
        bail!("no shop sees the order {id}")
    }

    async fn get(&mut self, path: &str) -> Result<Answer> {
        succeeded(self.connection.ask(Request::new("GET", path).header("cookie", &self.cookie)).await?)
    }

    async fn post(&mut self, path: &str, form: &str) -> Result<()> {
        let request = Request::new("POST", path).form(form).header("cookie", &self.cookie);
        succeeded(self.connection.ask(request).await?).with_context(|| path.to_owned())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_of_ten_millions_has_a_phone_of_its_own() {
        let mut phones: Vec<String> = (0..10_000_000_u64).step_by(997).map(phone).collect();
        assert!(phones.iter().all(|phone| phone.len() == 10));
        let all = phones.len();
        phones.sort();
        phones.dedup();
        assert_eq!(phones.len(), all);
    }

    #[test]
    fn four_in_five_orders_are_complete() {
        assert_eq!((0..TEMPLATE).filter(|n| fate(*n) == Fate::Complete).count(), 80);
        assert_eq!(FATES.iter().map(|(_, many)| many).sum::<u64>(), TEMPLATE);
    }
}
