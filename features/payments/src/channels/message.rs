//! A message of a bank, and what is noted beside its bytes.

use std::collections::BTreeMap;

use takt_kernel::{Fault, Id, Result, Timestamp};
use takt_orders::proof::ProofId;

use super::ChannelId;
use crate::import::ImportId;

pub enum BankMessageTag {}
pub type MessageId = Id<BankMessageTag>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// Verified, and to be applied.
    Kept,
    /// Its report went the way of every report.
    Applied,
    /// Not verified. Nothing was done.
    Refused,
    /// Verified, but only the statement can tell: late, or contradicting another.
    Held,
    /// Held, and the statement said the same.
    Confirmed,
}

impl MessageState {
    pub const ALL: [Self; 5] = [Self::Kept, Self::Applied, Self::Refused, Self::Held, Self::Confirmed];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Held => "held",
            Self::Confirmed => "confirmed",
        }
    }

    pub(super) fn from_code(code: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code).ok_or_else(|| {
            Fault::broken("store.senseless_row").arg("column", "bank_message.state").arg("found", code)
        })
    }
}

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub body: Vec<u8>,
    /// SHA-256 of it in hexadecimal.
    pub sha256: String,
    /// The headers that matter: those of signatures and types, never of secrets.
    pub headers: BTreeMap<String, String>,
    /// Fingerprint of the certificate that the other end showed, or nothing.
    pub peer: String,
}

/// What is to be written of a message beside its bytes.
#[derive(Clone, Debug)]
pub struct Entry {
    pub state: MessageState,
    pub outcome: String,
    pub outcome_args: BTreeMap<String, String>,
    /// Under which it comes once; none of what is not verified.
    pub delivery: Option<String>,
    pub sequence: Option<i64>,
    pub account: Option<String>,
    /// The bank's id of the line.
    pub line: Option<String>,
    /// Fingerprint of what it says of that line.
    pub content: Option<String>,
    pub issued_at: Option<Timestamp>,
}

impl Entry {
    pub fn new(state: MessageState, outcome: &str) -> Self {
        Self {
            state,
            outcome: outcome.to_owned(),
            outcome_args: BTreeMap::new(),
            delivery: None,
            sequence: None,
            account: None,
            line: None,
            content: None,
            issued_at: None,
        }
    }

    pub fn arg(mut self, name: &str, value: impl ToString) -> Self {
        self.outcome_args.insert(name.to_owned(), value.to_string());
        self
    }
}

/// A message that is kept.
#[derive(Clone, Debug)]
pub struct BankMessage {
    pub id: MessageId,
    pub channel: ChannelId,
    pub received_at: Timestamp,
    pub sha256: String,
    pub body: Vec<u8>,
    pub headers: BTreeMap<String, String>,
    pub peer: String,
    pub state: MessageState,
    pub outcome: String,
    pub outcome_args: BTreeMap<String, String>,
    pub proof: Option<ProofId>,
    pub account: Option<String>,
    pub line: Option<String>,
    pub import: Option<ImportId>,
}
