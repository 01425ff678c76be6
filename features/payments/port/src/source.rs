//! A bank that is asked: the port between what a bank's interface speaks and the poll of payments.
//!
//! A source brings whole reports or a fault; it decides nothing, keeps nothing, and calls the outside
//! only through the client it is given. Whatever must not be lost it hands over at once ([`Keeper`]): a bank may
//! fall silent at any moment, and then nothing is heard of the source any more.

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

/// Who asks, and takes what comes while the bank is still being asked.
pub trait Keeper: Send + Sync {
    /// Keys that the bank changed: they replace those of the same name before this is over.
    fn renewed<'a>(&'a self, keys: BTreeMap<String, String>) -> BoxFuture<'a, Result<()>>;
    /// A report that is whole.
    fn report<'a>(&'a self, report: RawReport) -> BoxFuture<'a, Result<()>>;
    /// All up to here was handed over: whoever asks next is given this for [`Asked::cursor`].
    fn so_far<'a>(&'a self, cursor: &Json) -> BoxFuture<'a, Result<()>>;
    /// The bank has been asked for long enough: nothing new is to be begun.
    fn is_late(&self) -> bool;
}

/// One question to one bank about one of our accounts.
pub struct Asked<'a> {
    pub keeper: &'a dyn Keeper,
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
#[derive(Debug, Default)]
pub struct Polled {
    /// What could not be believed or read, while the rest could: told, and asked for again.
    pub problems: Vec<Fault>,
    pub cursor: Json,
    /// It was late: the rest of the interval is still to be asked for.
    pub unfinished: bool,
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
