//! Shops, buyers, a bank and busy people, all invented, that keep an order desk at work.
//!
//! Owns what happens outside the program and what people do in it; decides nothing that the program
//! decides. Orders come through its API, money through bank files, people act by the same verbs as
//! the screens. Time is the database's clock and chance a seed, so the same engine shows a
//! demonstration in real time and runs a day in a second in a test.
//!
//! Start reading at [`life`] (what will become of an order), then [`Simulation`].

mod agenda;
pub mod bank;
mod buyers;
mod chance;
pub mod life;
mod payment;
mod shop;
mod slice;

pub use slice::{ROUBLES_PER_POUND, Slice};
