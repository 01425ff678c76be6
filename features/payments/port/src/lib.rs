//! What a bank must be able to say: the port between bank connectors and payments.
//!
//! A connector turns the bytes of one file or message into a [`BankReport`]. It judges nothing:
//! whether a line is ours, new, booked and proved is decided by payments.

mod channel;
pub mod fields;
mod source;

pub use channel::{ChannelKind, Door, Needs, PushProfile, ReadAgain, Seal, Told};
pub use source::{Asked, BankKeys, BankSource, Interval, Keeper, Polled, Proof, RawReport, SourceKind};

use serde::{Deserialize, Serialize};
use takt_kernel::money::{Currency, Money};

/// The whole of one file or message, read to its end. A reader that cannot reach the end returns
/// an error, never a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankReport {
    pub format: Format,
    /// Accounts that the report says it is about, as written.
    pub accounts: Vec<String>,
    pub statements: Vec<Statement>,
    pub documents: Vec<BankDocument>,
    /// Oddities that were survived, for people: a junk header date, totals that do not add up.
    pub warnings: Vec<Warning>,
    /// What stands in the file outside of accounts and documents, kept as key and value in the file's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    OneCClientBank,
    Camt052,
    Camt053,
    Camt054,
    /// A bank's word about one movement.
    Push,
    DirectBank,
    /// Two persons say it while the bank is silent.
    ByHand,
    /// A statement in JSON, asked for.
    Rest,
}

/// Opening and closing balances of one account over one interval, where the report has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub account: String,
    pub currency: Option<Currency>,
    /// ISO dates.
    pub from: Option<String>,
    pub until: Option<String>,
    pub opening: Option<Money>,
    pub closing: Option<Money>,
    pub incoming: Option<Money>,
    pub outgoing: Option<Money>,
    /// The bank marks the whole statement as a copy or duplicate (camt `CpyDplctInd`).
    pub copy: bool,
    /// What else the format holds of it, kept as key and value in the file's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<(String, String)>,
}

/// One movement of money as the bank reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankDocument {
    /// Where it stands in the file: a line (1C) or entry path (camt), for messages to people.
    pub place: String,
    /// The account the statement is about, where the format says so (camt; 1C says it by side).
    pub account: Option<String>,
    /// The bank's own unique id of the movement (camt `AcctSvcrRef`, DirectBank `PayDoc/@id`).
    pub bank_id: Option<String>,
    /// Document number as written; not always digits.
    pub number: String,
    /// ISO date of the document.
    pub date: Option<String>,
    /// ISO date the bank booked it; `booked_at` when the bank gives the time too (RFC 3339).
    pub booked_on: Option<String>,
    pub booked_at: Option<String>,
    /// ISO date from which the money counts (camt `ValDt`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valued_on: Option<String>,
    /// ISO date on which the other side booked it, where the format tells both days (1C). Files that were read
    /// before the two were told apart are known by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_side_on: Option<String>,
    /// What it is a part of under an id of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batch>,
    /// Always positive; `direction` says the sign.
    pub amount: Money,
    pub direction: Direction,
    pub state: BookingState,
    /// It takes back an earlier movement (camt `RvslInd`, a return).
    pub reversal: bool,
    pub payer: Party,
    pub payee: Party,
    /// The purpose text, whole, in one line.
    pub purpose: String,
    /// Structured references: `EndToEndId`, creditor reference (SCOR), УИП.
    pub references: Vec<String>,
    /// Kind of document or bank transaction code, as written: `Платежное поручение`, `17`, `PMNT/RCDT/ESCT`.
    pub kinds: Vec<String>,
    /// Everything else that the format holds, kept as key and value in the file's order.
    pub extra: Vec<(String, String)>,
}

impl BankDocument {
    /// The ISO date of the movement: of its booking, else of its value, else of its paper.
    pub fn day(&self) -> Option<&str> {
        self.booked_on.as_deref().or(self.valued_on.as_deref()).or(self.date.as_deref())
    }
}

/// Movements that were booked as one: another report may tell of them so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The bank's id of the whole.
    pub id: String,
    pub amount: Money,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Incoming,
    Outgoing,
    /// 1C files say it by which side holds our account; `dated` is what ДатаПоступило / ДатаСписано
    /// say (a weaker ground, used when our account stands on neither side).
    BySide {
        dated: Option<Dated>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dated {
    Incoming,
    Outgoing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingState {
    Booked,
    Pending,
    /// Information only (camt `INFO`), or a state we do not know.
    Informational,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub name: String,
    /// Taxpayer number (ИНН); absent when empty or `0`.
    pub inn: Option<String>,
    /// Account number or IBAN; both of the account fields of 1C are given when they differ.
    pub accounts: Vec<String>,
    pub bic: Option<String>,
    pub bank: Option<String>,
}

/// An oddity, with the code of its text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    pub code: String,
    pub place: String,
    pub detail: String,
}
