//! What each shop means to say, and what the line makes of it: copies, late ones, out of turn.

use serde_json::{Value, json};

use crate::crash::{dice::Dice, world::SKUS};

/// What is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Create,
    Edit(usize),
    /// One field of the order and nothing else; no whole order says it.
    Part(usize),
    CustomerCreate,
    CustomerEdit(usize),
    /// A batch of orders that the shop exports.
    Upload,
    /// The shop counted its one product: so many.
    Count(usize),
    /// Not the module but the desk: another price of delivery.
    Desk(usize),
}

/// One order with its buyer, or a batch of an export, or the counting of a product. Its messages come one after
/// another; those of other lives in between.
pub struct Life {
    pub shop: usize,
    pub name: String,
    /// Makes its phone and what it ordered.
    pub number: usize,
    /// The next one last.
    pub queue: Vec<Message>,
}

const EDITS: usize = 3;
const BATCH: usize = 6;
const MOST_COPIES: usize = 10;
/// The product that only the count is about.
pub const COUNTED: &str = "BAG-3";

/// The plan of one shop.
pub fn shop(shop: usize, orders: usize, dice: &mut Dice) -> Vec<Life> {
    let mut lives: Vec<Life> = (0..orders)
        .map(|index| {
            let number = shop * 10_000 + index;
            let meant = [
                Message::Create,
                Message::CustomerCreate,
                Message::Edit(1),
                Message::Part(1),
                Message::CustomerEdit(1),
                Message::Part(2),
                Message::Edit(2),
                Message::CustomerEdit(2),
                Message::Part(3),
                Message::Edit(EDITS),
            ];
            let mut queue = disturbed(&meant, dice);
            for change in 0..dice.below(3) {
                let at = dice.below(queue.len());
                queue.insert(at, Message::Desk(number * 10 + change + 1));
            }
            Life { shop, name: format!("o{shop}-{index}"), number, queue }
        })
        .collect();
    for index in 0..2 {
        let queue = disturbed(&[Message::Upload], dice);
        lives.push(Life {
            shop,
            name: format!("u{shop}-{index}"),
            number: shop * 10_000 + 5_000 + index * 100,
            queue,
        });
    }
    if shop == 0 {
        let counts: Vec<Message> = (0..8).map(|_| Message::Count(100_000 + dice.below(900))).collect();
        let queue = disturbed(&counts, dice);
        lives.push(Life { shop, name: "count".to_owned(), number: 0, queue });
    }
    lives
}

/// Each message comes one to ten times; a copy may fall behind what was said after it. The next one last.
fn disturbed(meant: &[Message], dice: &mut Dice) -> Vec<Message> {
    let mut copies: Vec<(usize, u64, Message)> = Vec::new();
    for (place, message) in meant.iter().enumerate() {
        for _ in 0..=dice.below(MOST_COPIES) {
            let late = if dice.one_in(3) { dice.below(40) } else { dice.below(12) };
            copies.push((place * 10 + late, dice.roll(), message.clone()));
        }
    }
    copies.sort_by_key(|(at, chance, _)| (*at, *chance));
    copies.into_iter().rev().map(|(_, _, message)| message).collect()
}

impl Life {
    pub fn customer(&self) -> String {
        format!("c-{}", self.name)
    }

    fn phone(&self, offset: usize) -> String {
        format!("+7900{:07}", self.number + offset)
    }

    /// What the shop says of its order when it says one thing alone.
    pub fn part(&self, number: usize) -> Value {
        json!({ "externalId": self.name, "managerComment": Self::remark(number) })
    }

    pub fn remark(number: usize) -> String {
        format!("часть {number}")
    }

    /// The order as the shop has it after so many changes; most modules always send the whole of it.
    pub fn order(&self, version: usize) -> Value {
        let item = |place: usize, quantity: usize| {
            json!({
                "offer": { "externalId": SKUS[(self.number + place) % 5] }, "productName": "Чай", "initialPrice": "199.5000",
                "quantity": quantity.to_string(), "externalIds": [{ "code": "opencart", "value": format!("{}_{place}", self.name) }],
            })
        };
        let items: Vec<Value> = (0..=version % 2).map(|place| item(place, version + 1)).collect();
        json!({
            "externalId": self.name, "firstName": "Анна", "lastName": format!("Слово{version}"), "phone": self.phone(0),
            "email": format!("{}@takt.test", self.name), "customerComment": format!("слово {version}"),
            "customer": { "externalId": self.customer() },
            "delivery": { "code": "courier", "cost": "300.0000", "address": { "text": format!("Казань, {version}") } },
            "items": items, "payments": [{ "externalId": format!("{}-p", self.name), "type": "cash" }],
        })
    }

    pub fn said_of_customer(&self, version: usize) -> Value {
        json!({
            "externalId": self.customer(), "firstName": "Анна", "lastName": format!("Имя{version}"),
            "phones": [{ "number": self.phone(0) }], "email": format!("{}@takt.test", self.name),
        })
    }

    /// The orders of an exported batch.
    pub fn batch(&self) -> Vec<Value> {
        (0..BATCH)
            .map(|place| {
                let name = format!("{}-{place}", self.name);
                json!({
                    "externalId": name, "firstName": "Анна", "lastName": "Слово0", "phone": self.phone(place),
                    "customerComment": "слово 0", "customer": { "externalId": format!("c-{name}") },
                    "delivery": { "code": "courier", "cost": 300, "address": { "text": "Казань, 0" } },
                    "items": [{ "offer": { "externalId": SKUS[place % 5] }, "productName": "Чай", "initialPrice": 199.5, "quantity": 1 }],
                })
            })
            .collect()
    }
}
