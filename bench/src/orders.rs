//! What shops send: orders of three lines over a catalogue whose popularity follows Zipf's law.

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

pub const LINES: usize = 3;
const SURNAMES: [&str; 12] = [
    "Иванова",
    "Смирнов",
    "Кузнецова",
    "Попов",
    "Васильева",
    "Петров",
    "Соколова",
    "Михайлов",
    "Новикова",
    "Фёдоров",
    "Морозова",
    "Волков",
];
const NAMES: [&str; 8] = ["Анна", "Пётр", "Мария", "Олег", "Юлия", "Иван", "Дарья", "Егор"];

/// Which goods are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Popularity {
    /// The most popular of `n` goods is in about every eighth line of 2,000.
    Zipf,
    /// Two goods are in every order, the third follows Zipf's law.
    Hot,
}

pub struct Orders {
    chance: StdRng,
    goods: Zipf,
    popularity: Popularity,
    /// Makes external ids of this run its own.
    prefix: String,
    count: u64,
}

impl Orders {
    pub fn new(seed: u64, goods: usize, popularity: Popularity, prefix: String) -> Self {
        Self { chance: StdRng::seed_from_u64(seed), goods: Zipf::new(goods), popularity, prefix, count: 0 }
    }

    pub fn next_order(&mut self) -> Value {
        self.count += 1;
        let lines: Vec<Value> = self.goods_of_order().into_iter().map(|good| self.line(good)).collect();
        json!({
            "external_id": format!("{}-{}", self.prefix, self.count),
            "currency": "RUB",
            "customer": self.customer(),
            "lines": lines,
            "delivery": {"method": "courier", "address": "Казань, ул. Баумана, 1", "price": "300.00"},
            "comment": "позвонить за час",
        })
    }

    /// The same order as a shop's module words it.
    pub fn next_module_order(&mut self) -> Value {
        let order = self.next_order();
        let text = |path: &str| order.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let items: Vec<Value> = order["lines"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|line| {
                json!({
                    "offer": {"externalId": line["sku"]}, "productName": line["name"],
                    "initialPrice": line["price"], "quantity": line["quantity"], "vatRate": line["vat"],
                })
            })
            .collect();
        json!({
            "externalId": text("/external_id"), "firstName": text("/customer/name"),
            "phone": text("/customer/phone"), "email": text("/customer/email"), "items": items,
            "delivery": {"code": "courier", "cost": text("/delivery/price"),
                "address": {"text": text("/delivery/address")}},
            "customerComment": text("/comment"),
        })
    }

    pub fn goods_of_order(&mut self) -> Vec<usize> {
        let mut goods = match self.popularity {
            Popularity::Zipf => Vec::new(),
            Popularity::Hot => vec![0, 1.min(self.goods.len() - 1)],
        };
        while goods.len() < LINES {
            let good = self.goods.pick(&mut self.chance);
            if !goods.contains(&good) || self.goods.len() < LINES {
                goods.push(good);
            }
        }
        goods
    }

    pub fn line(&mut self, good: usize) -> Value {
        let quantity = if self.chance.random_ratio(1, 5) { "2" } else { "1" };
        json!({
            "sku": sku(good), "name": name(good), "quantity": quantity, "unit": "pcs",
            "price": price(good), "discount": "0.00", "vat": "22",
        })
    }

    /// Three in ten have bought before.
    pub fn customer(&mut self) -> Value {
        let person: u32 = if self.chance.random_ratio(3, 10) {
            self.chance.random_range(0..2_000)
        } else {
            self.chance.random_range(2_000..10_000_000)
        };
        let surname = SURNAMES[person as usize % SURNAMES.len()];
        let name = NAMES[person as usize / 7 % NAMES.len()];
        json!({
            "name": format!("{surname} {name}"),
            "phone": format!("+7 9{:02} {:03}-{:02}-{:02}", person / 100_000 % 100, person / 1000 % 1000, person / 10 % 100, person % 10),
            "email": format!("buyer{person}@example.org"),
        })
    }
}

pub fn sku(good: usize) -> String {
    format!("SKU-{good:05}")
}

pub fn name(good: usize) -> String {
    format!("Рамка для фото № {good}, дуб светлый")
}

pub fn price(good: usize) -> String {
    format!("{}.{:02}", 90 + good * 7 % 4_000, good * 13 % 100)
}

/// Picks `k` of `n` with a chance in proportion to 1/(k+1).
struct Zipf(Vec<f64>);

impl Zipf {
    fn new(n: usize) -> Self {
        let mut sum = 0.0;
        Self(
            (0..n.max(1))
                .map(|k| {
                    sum += 1.0 / (k as f64 + 1.0);
                    sum
                })
                .collect(),
        )
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn pick(&self, chance: &mut StdRng) -> usize {
        let most = self.0.last().copied().unwrap_or(1.0);
        let point = chance.random_range(0.0..most);
        self.0.partition_point(|sum| *sum <= point).min(self.0.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn popular_goods_are_ordered_as_often_as_zipf_says() {
        let mut orders = Orders::new(1, 2_000, Popularity::Zipf, "t".to_owned());
        let picks: Vec<usize> = (0..10_000).flat_map(|_| orders.goods_of_order()).collect();
        let first = picks.iter().filter(|good| **good == 0).count() as f64 / picks.len() as f64;
        assert!((0.09..0.13).contains(&first), "{first}");
        assert!(picks.iter().any(|good| *good > 1_500), "the long tail is ordered too");
    }

    #[test]
    fn two_goods_are_in_every_hot_order() {
        let mut orders = Orders::new(1, 2_000, Popularity::Hot, "t".to_owned());
        for _ in 0..100 {
            let goods = orders.goods_of_order();
            assert_eq!((goods.len(), &goods[..2]), (3, &[0, 1][..]));
        }
    }
}
