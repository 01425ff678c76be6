//! Our own contract for banks that push: one signed JSON object for each movement of an account, over mutual TLS.
//!
//! `iss` the bank · `aud` the channel · `iat`, `exp` seconds since 1970, at most 300 apart · `jti` unique ·
//! `seq` counts up by one per account · `evt` credit, debit, reversal or status · `line_id` the bank's id of the
//! line, for ever · `account`, `currency`, `amount_minor`, `booked_at` (RFC 3339), `number` ·
//! `payer` and `payee` {`name`, `inn`, `account`, `bic`} · `purpose` · `e2e` · `orig_line_id` of a reversal.
//!
//! Reads and refuses; whether it is signed, fresh, ours and new is decided by payments.

mod envelope;

use takt_feature::{Feature, Tier};
use takt_payments::CHANNEL_KINDS;
use takt_payments_port::{ChannelKind, Door, Needs, PushProfile, Seal};
use takt_proof::Algorithm;

pub use envelope::read;

pub const CODE: &str = "push";

pub const KIND: ChannelKind = ChannelKind {
    code: CODE,
    name_key: "bank-push-name",
    push: Some(PushProfile {
        door: Door::MutualTls,
        seals: &[Seal::Jws, Seal::Jwt, Seal::Cms],
        algorithms: &Algorithm::ALL,
        needs: Needs::ALL,
        read,
    }),
    read: None,
};

pub fn feature() -> Feature {
    Feature::new("bank_push", Tier::Connector)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&CHANNEL_KINDS, CODE, KIND)
}
