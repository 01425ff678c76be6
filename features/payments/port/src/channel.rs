//! What a bank is that speaks to us by itself, or that we ask: one [`ChannelKind`] of each connector.

use std::collections::BTreeMap;

use takt_kernel::{Result, Timestamp};
use takt_proof::Algorithm;

use crate::BankReport;

/// Fills `payments.channel_kinds`.
#[derive(Clone, Copy, Debug)]
pub struct ChannelKind {
    /// Stands in rows and on the command line: `tochka`.
    pub code: &'static str,
    pub name_key: &'static str,
    /// How it pushes, when it does.
    pub push: Option<PushProfile>,
    /// Reads a kept message again, when it did not come by push: a pack, a page of a statement. A crash may lie
    /// between the keeping and the reading.
    pub read: Option<ReadAgain>,
}

/// The bytes as they were kept, and what was kept beside them because the bytes do not say it.
pub type ReadAgain = fn(&[u8], &BTreeMap<String, String>) -> Result<BankReport>;

/// How the messages of a bank are proved, and what has to stand in them. What a bank does not say is replaced
/// by its line ids, each of which counts once, and by the statement, which has to confirm it.
#[derive(Clone, Copy, Debug)]
pub struct PushProfile {
    pub door: Door,
    /// The first is the usual one; a channel's setting `seal` chooses another.
    pub seals: &'static [Seal],
    pub algorithms: &'static [Algorithm],
    pub needs: Needs,
    /// Reads what was signed. Judges nothing: whether it is fresh, ours and new is for payments to decide.
    pub read: fn(&[u8]) -> Result<Told>,
}

/// Where the bank comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The listener of banks, with a certificate of its own that is pinned.
    MutualTls,
    /// Where everybody comes in.
    Public,
}

/// Where the signature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// The body is a JWT.
    Jwt,
    /// `Bank-Signature` holds a JWS without payload over the body (RFC 7797).
    Jws,
    /// `Bank-Signature` holds a CMS without content over the body, in base64.
    Cms,
}

impl Seal {
    pub const ALL: [Self; 3] = [Self::Jwt, Self::Jws, Self::Cms];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::Jws => "jws",
            Self::Cms => "cms",
        }
    }
}

/// What a message must hold; the rest may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    pub key_id: bool,
    pub issuer: bool,
    pub audience: bool,
    pub issued_at: bool,
    pub delivery: bool,
    pub sequence: bool,
}

impl Needs {
    pub const ALL: Self =
        Self { key_id: true, issuer: true, audience: true, issued_at: true, delivery: true, sequence: true };
    pub const NOTHING: Self = Self {
        key_id: false,
        issuer: false,
        audience: false,
        issued_at: false,
        delivery: false,
        sequence: false,
    };
}

/// One message of a bank, read.
#[derive(Clone, Debug)]
pub struct Told {
    pub issuer: Option<String>,
    pub audience: Option<String>,
    pub issued_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    /// The bank's id of the message (`jti`).
    pub delivery: Option<String>,
    /// Counts up by one per account.
    pub sequence: Option<i64>,
    /// Which account of ours it is about.
    pub account: String,
    /// The bank's id of the line, which never comes with two contents.
    pub line: Option<String>,
    /// ISO date of the movement, for banks that do not say when they wrote.
    pub day: Option<String>,
    pub report: BankReport,
}
