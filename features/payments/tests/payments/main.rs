//! Money from the bytes of a bank file to the order, the journal and the screens, on both engines.

#![cfg(test)]

mod books;
mod desk;
mod invoices;
mod matching;
mod movements;
mod people;
mod rules;
mod samples;
mod watched;
