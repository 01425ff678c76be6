//! The whole program: what its wiring says of itself, its command line, and an order's whole day.

#![cfg(test)]

mod asked_bank;
mod bank_file;
mod blocking;
mod buyer;
mod command_line;
mod companies;
mod crash;
mod demo;
mod desk;
mod documents;
mod drill;
mod erase;
mod generated;
mod import_orders;
mod journey;
mod modules;
mod moving;
mod nodes;
mod plans;
mod power_loss;
mod push;
mod remade;
mod simulation;
mod wiring;
