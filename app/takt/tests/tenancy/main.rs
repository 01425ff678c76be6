//! Tenancy under attack: every route the program has, asked by everybody who may not know.

#![cfg(test)]

mod actors;
#[path = "../takt/bank_file.rs"]
mod bank_file;
mod browser;
mod calls;
mod doors;
mod keyed;
mod ledger;
mod live;
mod machine;
mod own;
mod page;
mod routes;
mod sessions;
mod statements;
mod strangers;
mod world;
