//! 1C DirectBank, versions 2.1.1 to 2.3.2, from the customer's side: statements only, no payment is sent.
//!
//! A connector: reads the bank's XML into a [`takt_payments_port::BankReport`], verifies its signature over
//! the exact bytes, and speaks its methods. Start reading at `source.rs`; `compose.rs` is the bank's side.

pub mod compose;
mod cursor;
pub mod packet;
mod request;
pub mod source;
pub mod statement;
mod xml;

use std::sync::Arc;

use takt_feature::{Feature, Tier};
use takt_payments::{BANK_SOURCE, CHANNEL_KINDS};
use takt_payments_port::{ChannelKind, SourceKind};

/// Texts of every fault and warning of this crate, by language.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];

pub const KIND: &str = "directbank";

pub fn feature() -> Feature {
    Feature::new("directbank", Tier::Connector)
        .texts(TEXTS[0].0, TEXTS[0].1)
        .texts(TEXTS[1].0, TEXTS[1].1)
        .fill(
            &CHANNEL_KINDS,
            KIND,
            ChannelKind {
                code: KIND,
                name_key: "directbank-kind",
                push: None,
                read: Some(source::read_again),
            },
        )
        .fill(&BANK_SOURCE, KIND, SourceKind { code: KIND, source: Arc::new(source::DirectBank) })
}
