//! Shops, buyers, a bank and busy people, all invented, that keep an order desk at work.
//!
//! Owns what happens outside the program and what people do in it; decides nothing that the program
//! decides. Orders come through its API, money through bank files, people act by the same verbs as
//! the screens. Time is the database's clock and chance a seed, so the same engine shows a
//! demonstration in real time and runs a day in a second in a test.
//!
//! Start reading at [`Life`] (what will become of an order), then [`Simulation`].

mod agenda;
mod bank;
mod buyers;
mod buying;
mod chance;
mod company;
pub mod invariants;
mod life;
mod outside;
mod payment;
mod shipping;
mod shop;
mod simulation;
mod slice;
mod working;

pub use bank::{ACCOUNT, BANK, BIC, HOLDER, INN, StatementFile};
pub use buyers::Buyer;
pub use chance::Chance;
pub use company::{Colleague, Company, Shop};
pub use life::{Life, Manner, Plan};
pub use outside::{Method, Outside, Reply, Request};
pub use payment::{Due, Part, Payment, payment};
pub use shop::order_body;
pub use simulation::Simulation;
pub use slice::{ROUBLES_PER_POUND, RetailLine, Slice};

/// Texts of the faults of this crate; `app` adds them to the wiring.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];
