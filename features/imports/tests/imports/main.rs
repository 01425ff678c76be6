//! Files of customers and products: read, mapped, looked at, taken in, on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod flow;
mod sheets;
