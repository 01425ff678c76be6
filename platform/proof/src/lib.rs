//! Whether bytes come from who they say: signatures by keys that we were given before.
//!
//! Owns the reading of JWS (attached and detached, RFC 7515 and 7797) and of detached CMS (RFC 5652), and
//! the list of algorithms that count. Knows nothing of money, databases or the network. A [`Signed`] is the
//! only thing that says "these bytes were signed": its fields are private and [`KeyRing`]'s functions alone
//! make it, so whoever holds one holds bytes that verified. Nothing in a message names the key by value:
//! `jwk`, `jku`, `x5u` and the certificates of a CMS are never trusted. Start reading at [`KeyRing`].

mod cms;
pub mod json;
mod jws;
mod keys;
mod public;
mod ring_of;
mod signer;

pub use jws::claims_unverified;
pub use keys::{Algorithm, Key};
pub use public::{Given, fingerprint, spki_of_certificate};
pub use ring_of::{KeyRing, Owner, Signed};
pub use signer::Signer;

/// Texts of the refusals of this crate; `app` adds them to the wiring.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];
