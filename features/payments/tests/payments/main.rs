//! Money from the bytes of a bank file to the order, the journal and the screens, on both engines.

#![cfg(test)]

mod books;
mod desk;
mod gaps;
mod hand;
mod invoices;
mod ledger;
mod matching;
mod month;
mod movements;
mod old_rows;
mod parts_and_buyers;
mod people;
mod polls;
mod reach;
mod refunds;
mod rules;
mod samples;
mod screens;
mod watched;
