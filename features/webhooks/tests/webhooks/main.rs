//! Webhooks against programs on this machine, and the log as programs read it, on both engines.

#![cfg(test)]

mod delivery;
mod desk;
mod hung;
mod log;
mod order;
mod pages;
mod program;
mod receiver;
mod replay;
mod rights;
