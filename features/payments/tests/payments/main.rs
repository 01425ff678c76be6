//! Money from the bytes of a bank file to the order, the journal and the screens, on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod desk;
mod invoices;
mod matching;
mod movements;
mod people;
mod samples;
