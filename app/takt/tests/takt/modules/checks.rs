//! Holds what is there against what the shops said and the desk did.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use takt_outbound::Call;
use takt_simulator::invariants;
use takt_store::{Query, Statement};

use super::{
    deliver::Story,
    plan::{COUNTED, Life, Message},
    told::Outcome,
    world::{Shop, Shops},
};
use crate::crash::world::SKUS;

/// Fields that only the shop changes here: a row about them that is not the shop's own is an echo of it.
const SHOPS_OWN: [&str; 6] =
    ["customer_comment", "last_name", "first_name", "phone", "email", "delivery_address.text"];

/// What a module finds when it asks.
pub async fn through_the_door(shops: &Shops, address: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, shop) in shops.shops.iter().enumerate() {
        let door = Door { shops, address, shop };
        let stories: Vec<&Story> = shops.stories.iter().filter(|story| story.life.shop == number).collect();
        let rows = door.history().await;
        found.extend(history_broken(&rows, &stories));
        let orders = door.all("orders", "orders").await;
        found.extend(orders_broken(&orders, &stories));
        let customers = door.all("customers", "customers").await;
        found.extend(customers_broken(&customers, &stories));
        found.extend(stories.iter().flat_map(|story| story.told.surprises.clone()));
        if number == 0 {
            found.extend(door.count_broken(&stories).await);
        }
    }
    found
}

struct Door<'a> {
    shops: &'a Shops,
    address: &'a str,
    shop: &'a Shop,
}

impl Door<'_> {
    async fn get(&self, path: &str) -> Value {
        let address = format!("{}/api/v5/{path}&apiKey={}", self.address, self.shop.key);
        let reply = self.shops.world.http.send(Call::get(&address)).await.expect("an answer");
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json().expect("JSON")
    }

    async fn all(&self, path: &str, field: &str) -> Vec<Value> {
        let mut all = Vec::new();
        for page in 1.. {
            let body = self.get(&format!("{path}?limit=100&page={page}")).await;
            all.extend(body[field].as_array().cloned().expect("a list"));
            if body["pagination"]["totalPageCount"].as_i64().is_none_or(|pages| page >= pages) {
                break;
            }
        }
        all
    }

    /// As a module reads it: from the last row that it knows, until nothing comes.
    async fn history(&self) -> Vec<Value> {
        let (mut since, mut rows) = (0, Vec::new());
        loop {
            let body = self.get(&format!("orders/history?limit=100&filter[sinceId]={since}")).await;
            let page = body["history"].as_array().cloned().expect("a list");
            let Some(last) = page.last() else { return rows };
            since = last["id"].as_i64().expect("a number");
            rows.extend(page);
        }
    }

    async fn count_broken(&self, stories: &[&Story]) -> Vec<String> {
        let Some(story) = stories.iter().find(|story| story.life.name == "count") else { return Vec::new() };
        let body = self.get(&format!("store/inventories?filter[offerExternalId][]={COUNTED}")).await;
        let there = body["offers"][0]["quantity"].as_u64().and_then(|there| usize::try_from(there).ok());
        let allowed = story.told.count();
        let fits = allowed.iter().any(|count| count.is_none() || *count == there);
        if fits {
            Vec::new()
        } else {
            vec![format!("the shop counted {allowed:?} of {COUNTED}, and there are {there:?}")]
        }
    }
}

fn history_broken(rows: &[Value], stories: &[&Story]) -> Vec<String> {
    let mut found = Vec::new();
    let ids: Vec<i64> = rows.iter().filter_map(|row| row["id"].as_i64()).collect();
    if !ids.windows(2).all(|pair| pair[0] < pair[1]) {
        found.push("rows of the history stand twice or out of turn".to_owned());
    }
    let mut born: BTreeMap<String, usize> = BTreeMap::new();
    let mut prices: BTreeMap<usize, usize> = BTreeMap::new();
    for row in rows {
        let whose = row["order"]["externalId"].as_str().unwrap_or_default();
        let own = row["apiKey"]["current"] == true;
        let field = row["field"].as_str().unwrap_or_default();
        if row["created"] == true {
            *born.entry(whose.to_owned()).or_default() += 1;
        }
        if own && field == "delivery_cost" {
            found.push(format!("{whose}: the desk's price is told as the module's own: {row}"));
        }
        let of_items = field.starts_with("order_product");
        if !own && (SHOPS_OWN.contains(&field) || of_items || row["created"] == true) {
            found.push(format!("{whose}: what the module said comes back as somebody's: {row}"));
        }
        if field == "delivery_cost" {
            let price = row["newValue"].as_f64().unwrap_or_default();
            *prices.entry(price as usize).or_default() += 1;
        }
    }
    found.extend(
        born.iter()
            .filter(|(_, times)| **times != 1)
            .map(|(name, times)| format!("{name} was born {times} times")),
    );
    let mut known = BTreeSet::new();
    for story in stories {
        let (set, perhaps) = (story.told.prices(Outcome::Taken), story.told.prices(Outcome::Unanswered));
        for price in &set {
            let times = prices.get(price).copied().unwrap_or_default();
            if times != 1 {
                found.push(format!("{}: the desk's {price} is told {times} times", story.life.name));
            }
        }
        known.extend(set.into_iter().chain(perhaps));
    }
    let strange = prices.iter().filter(|(price, times)| !known.contains(*price) || **times > 1);
    found.extend(strange.map(|(price, times)| format!("the price {price} is told {times} times")));
    found
}

fn orders_broken(orders: &[Value], stories: &[&Story]) -> Vec<String> {
    let mut found = Vec::new();
    let mut by_name: BTreeMap<&str, &Value> = BTreeMap::new();
    for order in orders {
        let name = order["externalId"].as_str().unwrap_or_default();
        if by_name.insert(name, order).is_some() {
            found.push(format!("{name} is there twice"));
        }
    }
    for story in stories {
        let states = story.told.order();
        if story.told.log.iter().any(|(message, _)| *message == Message::Upload) {
            for wanted in story.life.batch() {
                let name = wanted["externalId"].as_str().unwrap_or_default();
                match by_name.remove(name) {
                    Some(order) => found.extend(differs(&wanted, order)),
                    None if states.contains(&None) => {}
                    None => found.push(format!("{name} of an upload that was answered is lost")),
                }
            }
            continue;
        }
        let order = by_name.remove(story.life.name.as_str());
        let name = &story.life.name;
        match order {
            None if states.contains(&None) => {}
            None => found.push(format!("{name} is lost; {states:?} by {:?}", story.told.log)),
            Some(order) => {
                let words: Vec<usize> = states.iter().copied().flatten().collect();
                let wrong: Vec<String> =
                    words.iter().filter_map(|word| differs(&story.life.order(*word), order)).collect();
                if wrong.len() == words.len() {
                    found.push(format!("{name} is none of {words:?}: {wrong:?} by {:?}", story.told.log));
                }
                let prices = story.told.delivery();
                let cost = order["delivery"]["cost"].as_f64().map(|cost| cost as usize);
                if !prices.iter().any(|price| Some(price.unwrap_or(300)) == cost) {
                    found.push(format!("{name}: delivery costs {cost:?}, and the desk set {prices:?}"));
                }
                let (parts, remark) = (story.told.part(), order["managerComment"].as_str());
                if !parts.iter().any(|part| part.map(Life::remark).as_deref() == remark) {
                    found.push(format!(
                        "{name}: {remark:?} was said alone, and not {parts:?} by {:?}",
                        story.told.log
                    ));
                }
                if story.told.id.is_some_and(|id| order["id"].as_i64() != Some(id)) {
                    found.push(format!("{name} is another order than it was"));
                }
            }
        }
    }
    found.extend(by_name.keys().map(|name| format!("nobody sent the order {name}")));
    found
}

/// How an order differs from what the shop said of it.
fn differs(said: &Value, there: &Value) -> Option<String> {
    let items = |order: &Value| -> Vec<(String, f64, f64)> {
        let number =
            |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(f64::NAN);
        let mut items: Vec<_> = order["items"]
            .as_array()
            .map(|items| {
                items
                    .iter()
                    .map(|item| {
                        let sku = item["offer"]["externalId"].as_str().unwrap_or_default().to_owned();
                        (sku, number(&item["quantity"]), number(&item["initialPrice"]))
                    })
                    .collect()
            })
            .unwrap_or_default();
        items.sort_by(|one, other| one.0.cmp(&other.0));
        items
    };
    let parts = |order: &Value| {
        ["lastName", "firstName", "customerComment"]
            .map(|field| order[field].clone())
            .into_iter()
            .chain([order["delivery"]["address"]["text"].clone()])
            .collect::<Vec<_>>()
    };
    let (said, there) = ((parts(said), items(said)), (parts(there), items(there)));
    (said != there).then(|| format!("{there:?} instead of {said:?}"))
}

fn customers_broken(customers: &[Value], stories: &[&Story]) -> Vec<String> {
    let mut found = Vec::new();
    let mut by_name: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for customer in customers {
        by_name.entry(customer["externalId"].as_str().unwrap_or_default()).or_default().push(customer);
    }
    found.extend(
        by_name
            .iter()
            .filter(|(_, all)| all.len() > 1)
            .map(|(name, all)| format!("{name} is there {} times", all.len())),
    );
    for story in stories {
        let states = story.told.customer();
        if states == [None].into() {
            continue;
        }
        let there = by_name.get(story.life.customer().as_str()).and_then(|all| all.first());
        let last_name = there.map(|customer| customer["lastName"].as_str().unwrap_or_default());
        let fits = states.iter().any(|state| match state {
            // They are known by the order alone, or not at all.
            None => last_name.is_none_or(|name| name.starts_with("Слово")),
            Some(version) => last_name == Some(format!("Имя{version}").as_str()),
        });
        if !fits {
            let name = story.life.customer();
            found.push(format!("{name} is {last_name:?} and should be {states:?} by {:?}", story.told.log));
        }
    }
    found
}

/// What no module sees: the rules of the data, messages, reservations, people.
pub async fn in_the_data(shops: &Shops) -> Vec<String> {
    let db = shops.world.open().await;
    let listeners = shops.world.wiring.listeners.clone();
    let found = db
        .read("test.verify", move |reader| {
            let mut found = invariants::broken_at_rest(reader, &listeners)?;
            for (never, question) in RULES {
                let row = reader.opt_of(&Statement::new(question))?;
                let count: i64 = row.map_or(Ok(0), |row| row.get("n"))?;
                if count > 0 {
                    found.push(format!("{count} {never}"));
                }
            }
            Ok(found)
        })
        .await
        .expect("answers");
    db.close().await;
    assert_eq!(SKUS.last(), Some(&"BAG-3"), "orders leave the counted product alone");
    found
}

const RULES: [(&str, &str); 5] = [
    (
        "messages that nobody dealt with",
        "select count(*) as n from connection_message where state = 'received'",
    ),
    (
        "messages that wait for a person though nothing was wrong with them",
        "select count(*) as n from connection_message where state = 'quarantined'",
    ),
    (
        "payments that a shop told of once and that are there twice",
        "select count(*) as n from (select 1 as one from retailcrm_payment group by company_id, shop_id, external_id
           having count(*) > 1) as doubled",
    ),
    (
        "people who are there twice",
        "select count(*) as n from (select 1 as one from customer where phone is not null
           group by company_id, phone having count(*) > 1) as doubled",
    ),
    (
        "offers of which another quantity is held than orders have reserved",
        "select count(*) as n from (
           select stock_level.offer_id
           from stock_level
           left join order_line on order_line.company_id = stock_level.company_id
             and order_line.offer_id = stock_level.offer_id
           group by stock_level.company_id, stock_level.offer_id, stock_level.held
           having stock_level.held <> coalesce(sum(order_line.reserved), 0)) as wrong",
    ),
];
