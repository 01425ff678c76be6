//! What payments says. Amounts are decimal strings; no names, purposes or foreign accounts.

use serde::{Deserialize, Serialize};
use takt_kernel::money::Currency;
use takt_store::Fact;

/// About an order: an invoice was issued, this much is awaited under this reference.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Expected {
    pub invoice: i64,
    pub number: String,
    pub amount: String,
    pub currency: Currency,
    /// The invoice that this one replaces; the old one stays payable.
    pub replaces: Option<i64>,
}

/// About a bank line: it is ours, booked and vouched for; the journal has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Received {
    pub account: i64,
    pub amount: String,
    pub currency: Currency,
}

/// About a bank line: it paid these orders.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Matched {
    /// The rule that settled it; none when a person did.
    pub tier: Option<String>,
    pub allocations: Vec<MatchedPart>,
    pub credit: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MatchedPart {
    pub order: i64,
    pub invoice: i64,
    pub amount: String,
}

/// About a bank line: a person has to choose.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Suggested {
    pub candidates: usize,
}

/// About a bank line: kept, but not counted; `why` is the code of the reason.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Held {
    pub why: String,
}

/// About a bank line: what it had paid was taken back by a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unmatched {
    pub order: i64,
    pub invoice: i64,
    pub amount: String,
}

/// About a bank file: somebody vouched for it by name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileAccepted {
    pub file_hash: String,
    pub documents: usize,
}

/// About an order: its buyer says that he has paid. What he wrote stands in the claim alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claimed {
    pub claim: i64,
    pub amount: String,
    pub currency: Currency,
}

/// About an order: a person has looked at the claim; `state` is `answered` or `dismissed`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClaimClosed {
    pub claim: i64,
    pub state: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountOpened {
    pub currency: Currency,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FolderBound {
    pub path: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FolderReleased {
    pub path: String,
}

macro_rules! kinds {
    ($($fact:ty = $kind:literal),* $(,)?) => {
        $(impl Fact for $fact { const KIND: &'static str = $kind; })*
        pub const SAYS: &[&str] = &[$($kind),*];
    };
}

kinds! {
    Expected = "payments.expected",
    Received = "payments.received",
    Matched = "payments.matched",
    Suggested = "payments.suggested",
    Held = "payments.held",
    Unmatched = "payments.unmatched",
    Claimed = "payments.claimed",
    ClaimClosed = "payments.claim_closed",
    FileAccepted = "payments.file_accepted",
    AccountOpened = "payments.account_opened",
    FolderBound = "payments.folder_bound",
    FolderReleased = "payments.folder_released",
}
