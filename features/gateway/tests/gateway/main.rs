//! Orders coming in by HTTP: the API and the form, on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod api;
mod bad_input;
mod desk;
mod drafts;
mod phone;
mod program;
mod sent_again;
mod terms;
