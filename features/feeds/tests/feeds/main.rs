//! Feeds against a shop's server on the loopback, on both engines.

#![cfg(test)]

mod desk;
mod pages;
mod pulling;
mod sources;
mod trouble;
