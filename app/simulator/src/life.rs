//! What is going to happen to an order, decided before it is placed. Pure: the same seed gives the
//! same lives. Manners are dealt like cards: every deck holds each of them, so that none is missing
//! from the first few minutes, and none comes at a time that could be foreseen.

use crate::{
    buyers::Buyer,
    chance::Chance,
    slice::{RetailLine, Slice},
};

/// What is peculiar to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Manner {
    /// Placed, paid in full under its reference, sent.
    Plain,
    /// The reference in small Cyrillic letters, with spaces or О for 0.
    Distorted,
    /// Two digits of the reference changed places.
    Typo,
    /// The payment names nothing.
    NoReference,
    /// In two parts.
    Instalments,
    /// A round sum, more than was asked for.
    Overpaid,
    /// Husband or wife pays.
    ThirdParty,
    /// The next statement repeats the line.
    ReportedTwice,
    /// The buyer never pays.
    Unpaid,
    /// The buyer changes their mind before paying.
    Cancelled,
    /// Money comes after the goods.
    OnDelivery,
    /// The shop's program sends it twice.
    SentTwice,
    /// One SKU is misspelt; the shop corrects it a little later.
    UnknownSku,
}

const DECK: [(Manner, usize); 13] = [
    (Manner::Plain, 10),
    (Manner::OnDelivery, 3),
    (Manner::Distorted, 1),
    (Manner::Typo, 1),
    (Manner::NoReference, 1),
    (Manner::Instalments, 1),
    (Manner::Overpaid, 1),
    (Manner::ThirdParty, 1),
    (Manner::ReportedTwice, 1),
    (Manner::Unpaid, 1),
    (Manner::Cancelled, 1),
    (Manner::SentTwice, 1),
    (Manner::UnknownSku, 1),
];

/// How an order reaches its buyer; the price in kopecks.
const DELIVERIES: [(&str, i64); 5] = [
    ("Курьер", 39_000),
    ("Курьер", 39_000),
    (BY_POST, 29_000),
    ("Пункт выдачи", 19_000),
    ("Экспресс", 69_000),
];
/// What goes by the other carrier.
pub(crate) const BY_POST: &str = "Почта";

const COMMENTS: [&str; 7] = [
    "Позвоните за час до доставки",
    "Это подарок, не вкладывайте чек",
    "Домофон не работает, позвоните",
    "Можно доставить после 18:00?",
    "Проверьте, пожалуйста, что ничего не разбито",
    "Нужны документы для бухгалтерии",
    "Если чего-то нет — везите без этого",
];

/// An order and what becomes of it. Moments are seconds after it was placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    pub external_id: String,
    /// Which of the two shops.
    pub shop: usize,
    pub buyer: Buyer,
    /// The buyer's phone as typed this time.
    pub phone: String,
    pub lines: Vec<RetailLine>,
    pub manner: Manner,
    pub delivery: &'static str,
    /// In kopecks.
    pub delivery_price: i64,
    pub comment: Option<&'static str>,
    /// When the buyer pays, cancels, or the shop corrects what it sent.
    pub acts_after: i64,
    /// When the second part of the money leaves.
    pub second_part_after: i64,
}

/// The lives of all orders, one after another and without an end: after the last order of the slice
/// the first comes again under another number.
pub struct Plan {
    seed: u64,
    slice: Slice,
}

impl Plan {
    pub fn new(seed: u64, slice: Slice) -> Self {
        Self { seed, slice }
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    pub fn slice(&self) -> &Slice {
        &self.slice
    }

    pub fn life(&self, index: usize) -> Life {
        let (round, at) = (index / self.slice.orders.len(), index % self.slice.orders.len());
        let order = &self.slice.orders[at];
        let external_id =
            if round == 0 { order.invoice.clone() } else { format!("{}-{}", order.invoice, round + 1) };
        let mut chance = Chance::of(self.seed, ("life", external_id.as_str()));
        let customer = order.customer.clone().unwrap_or_else(|| format!("guest{}", order.invoice));
        let buyer = Buyer::of(self.seed, &customer);
        let (delivery, delivery_price) = chance.pick(&DELIVERIES);
        Life {
            shop: self.shop(&customer, &mut chance),
            phone: buyer.phone_typed(&mut chance),
            buyer,
            lines: order.lines.clone(),
            manner: self.manner(index),
            delivery,
            delivery_price,
            comment: chance.one_in(5).then(|| chance.pick(&COMMENTS)),
            acts_after: chance.between(6, 28),
            second_part_after: chance.between(45, 70),
            external_id,
        }
    }

    /// Buyers have a shop they know, and now and then order in the other one.
    fn shop(&self, customer: &str, chance: &mut Chance) -> usize {
        let home = Chance::of(self.seed, ("shop", customer)).index(2);
        if chance.one_in(4) { 1 - home } else { home }
    }

    fn manner(&self, index: usize) -> Manner {
        let mut deck: Vec<Manner> =
            DECK.iter().flat_map(|(manner, count)| std::iter::repeat_n(*manner, *count)).collect();
        Chance::of(self.seed, ("deck", index / deck.len())).shuffle(&mut deck);
        deck[index % deck.len()]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn plan(seed: u64) -> Plan {
        Plan::new(seed, Slice::embedded().expect("the embedded data"))
    }

    #[test]
    fn the_same_seed_gives_the_same_lives_and_another_seed_others() {
        let lives = |plan: Plan| (0..60).map(|index| plan.life(index)).collect::<Vec<_>>();
        assert_eq!(lives(plan(7)), lives(plan(7)));
        assert_ne!(lives(plan(7)), lives(plan(8)));
    }

    #[test]
    fn every_manner_comes_up_within_one_deck() {
        let cards: usize = DECK.iter().map(|(_, count)| count).sum();
        let plan = plan(1);
        for deck in 0..5 {
            let seen: BTreeSet<Manner> =
                (0..cards).map(|card| plan.life(deck * cards + card).manner).collect();
            assert_eq!(seen.len(), DECK.len(), "deck {deck}");
        }
    }

    #[test]
    fn a_customer_is_one_person_in_both_shops() {
        let plan = plan(1);
        let mut shops: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for life in (0..1_500).map(|index| plan.life(index)) {
            let known = shops.entry(life.buyer.email.clone()).or_default();
            known.insert(life.shop);
            let typed: String = life.phone.chars().filter(char::is_ascii_digit).collect();
            assert!(typed.ends_with(&life.buyer.phone), "{typed} {}", life.buyer.phone);
        }
        assert!(shops.values().filter(|shops| shops.len() == 2).count() > 50);
    }

    #[test]
    fn the_second_round_has_numbers_of_its_own() {
        let plan = plan(1);
        assert_eq!(plan.life(0).external_id, "573747");
        assert_eq!(plan.life(1_500).external_id, "573747-2");
        assert_eq!(plan.life(0).lines, plan.life(1_500).lines);
    }
}
