//! A shop on WooCommerce, with a shop made for the tests that signs as the real one does.

#![cfg(test)]

mod back;
mod back_more;
mod bad_input;
mod desk;
mod differences;
mod door;
mod orders;
mod poll;
mod shop;
mod wizard;
