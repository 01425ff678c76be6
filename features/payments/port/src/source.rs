//! A bank that is asked: the port between what a bank's interface speaks and the poll of payments.
//!
//! A source brings whole reports or a fault; it decides nothing, keeps nothing, and calls the outside
//! only through the client it is given. What it may keep between two polls goes through [`Polled::cursor`].

use std::{collections::BTreeMap, fmt, sync::Arc};

use futures::future::BoxFuture;
use serde_json::Value as Json;
use takt_kernel::{Fault, Result, Timestamp, money::Currency};
use takt_outbound::{Outbound, Secured};
use takt_proof::{KeyRing, Signed};

use crate::BankReport;

/// A kind of bank interface, and who speaks it.
#[derive(Clone)]
pub struct SourceKind {
    /// As it is named in a channel: `directbank`, `sber`.
    pub code: &'static str,
    pub source: Arc<dyn BankSource>,
}

pub trait BankSource: Send + Sync {
    /// Asks for what happened in the interval. Never within a transaction.
    fn poll<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Result<Polled>>;
}

/// ISO dates, both counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    pub from: String,
    pub until: String,
}

/// One question to one bank about one of our accounts.
pub struct Asked<'a> {
    pub outbound: &'a Outbound,
    /// Where the bank's interface begins.
    pub address: &'a str,
    pub account: &'a str,
    pub bic: &'a str,
    pub currency: Currency,
    pub interval: Interval,
    pub now: Timestamp,
    /// Made anew for every question: for ids that must never come twice.
    pub unique: u128,
    /// What the channel was set up with beside its keys.
    pub settings: &'a Json,
    pub keys: &'a BankKeys,
    /// The public keys with which the bank signs.
    pub ring: &'a KeyRing,
    /// What the last poll left, `null` at first.
    pub cursor: &'a Json,
}

/// What a poll brought.
#[derive(Debug)]
pub struct Polled {
    pub reports: Vec<RawReport>,
    /// What could not be believed or read, while the rest could: told, and asked for again.
    pub problems: Vec<Fault>,
    pub cursor: Json,
    /// Keys that the bank changed while it was asked: they replace those of the same name.
    pub renewed: BTreeMap<String, String>,
}

/// One report with the bytes it was read from.
#[derive(Debug)]
pub struct RawReport {
    pub name: String,
    pub bytes: Vec<u8>,
    /// What has to be known beside the bytes to read them again.
    pub about: BTreeMap<String, String>,
    pub report: BankReport,
    pub proof: Proof,
}

/// Why these bytes are the bank's.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A key of the bank signed them.
    Signed(Signed),
    /// They came over TLS from a host whose certificate was verified, when we asked it.
    Answered(Secured),
}

/// Passwords, tokens and certificates of one channel, by name. Never printed.
#[derive(Clone, Default)]
pub struct BankKeys(BTreeMap<String, String>);

impl BankKeys {
    pub fn new(keys: BTreeMap<String, String>) -> Self {
        Self(keys)
    }

    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|key| key.trim()).filter(|key| !key.is_empty())
    }

    /// # Errors
    /// `payments.bank_key_missing`.
    pub fn get(&self, name: &str) -> Result<&str> {
        self.find(name).ok_or_else(|| Fault::invalid("payments.bank_key_missing").arg("name", name))
    }
}

impl fmt::Debug for BankKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
