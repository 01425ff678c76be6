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

/// About an order, or about a customer when the money is of none: what is to go back came this far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RefundChanged {
    pub refund: i64,
    pub order: Option<i64>,
    /// `payable`, `ordered`, `approved`, `sent`, `closed` or `kept`.
    pub state: String,
    pub amount: String,
    pub currency: Currency,
}

/// About an order: credit of its customer paid so much of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreditUsed {
    pub amount: String,
    pub currency: Currency,
}

/// About a bank line: the bank took this receipt back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReceiptReversed {
    pub by_line: i64,
    pub amount: String,
    pub currency: Currency,
    /// Whose debts stand again.
    pub orders: Vec<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EntityChanged {}

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
    FileAccepted = "payments.file_accepted",
    RefundChanged = "payments.refund_changed",
    CreditUsed = "payments.credit_used",
    ReceiptReversed = "payments.receipt_reversed",
    EntityChanged = "payments.entity_changed",
    AccountOpened = "payments.account_opened",
    FolderBound = "payments.folder_bound",
    FolderReleased = "payments.folder_released",
}
