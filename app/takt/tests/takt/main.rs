//! The whole program: what its wiring says of itself, its command line, and an order's whole day.

#![cfg(test)]

mod command_line;
mod crash;
mod demo;
mod desk;
mod generated;
mod journey;
mod power_loss;
mod simulation;
mod wiring;
