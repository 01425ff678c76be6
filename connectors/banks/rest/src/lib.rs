//! Statement interfaces of banks over HTTP and JSON: OAuth2 with a refresh token, mutual TLS, pages to the
//! real end, totals checked. One typed model; what banks name differently stands in a [`profile`].
//!
//! A connector: fills `takt_payments::BANK_SOURCE` once for every profile. Start reading at `source.rs`.

pub mod profile;
pub mod report;
pub mod source;
mod token;

use std::sync::Arc;

use takt_feature::{Feature, Tier};
use takt_payments::{BANK_SOURCE, CHANNEL_KINDS};
use takt_payments_port::{ChannelKind, SourceKind};

/// Texts of every fault and warning of this crate, by language.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];

pub fn feature() -> Feature {
    let kinds: [ChannelKind; 3] = [
        ChannelKind {
            code: profile::SBER.code,
            name_key: "bank_rest-sber",
            push: None,
            read: Some(|bytes, about| report::read(&profile::SBER, bytes, about)),
        },
        ChannelKind {
            code: profile::ALFA.code,
            name_key: "bank_rest-alfa",
            push: None,
            read: Some(|bytes, about| report::read(&profile::ALFA, bytes, about)),
        },
        ChannelKind {
            code: profile::ALFA_BY.code,
            name_key: "bank_rest-alfa_by",
            push: None,
            read: Some(|bytes, about| report::read(&profile::ALFA_BY, bytes, about)),
        },
    ];
    let feature = Feature::new("bank_rest", Tier::Connector)
        .texts(TEXTS[0].0, TEXTS[0].1)
        .texts(TEXTS[1].0, TEXTS[1].1);
    let feature =
        kinds.into_iter().fold(feature, |feature, kind| feature.fill(&CHANNEL_KINDS, kind.code, kind));
    profile::ALL.iter().fold(feature, |feature, profile| {
        let source = Arc::new(source::Rest { profile });
        feature.fill(&BANK_SOURCE, profile.code, SourceKind { code: profile.code, source })
    })
}
