//! What payments says. Amounts are decimal strings; no names, purposes or foreign accounts.

use serde::{Deserialize, Serialize};
use takt_kernel::{Timestamp, money::Currency};
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

/// About a bank line: credit that it had given was taken back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreditTakenBack {
    pub customer: Option<i64>,
    pub amount: String,
    pub currency: Currency,
}

/// About a bank line: a person says that it is for no order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetAside {}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EntityChanged {}

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

/// About a bank account: these of its fields were changed, or whose books its money stands in from here on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountChanged {
    pub names: Vec<String>,
    pub entity: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FolderBound {
    pub path: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FolderReleased {
    pub path: String,
}

/// About a channel: a bank was connected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelConnected {
    pub bank_kind: String,
}

/// About a channel: these of its settings were changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelChanged {
    pub names: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelSecretSet {
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelPaused {}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelResumed {}

/// About a channel: nothing good was heard of the bank for longer than it should be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelSilent {
    pub after_seconds: i64,
}

/// About a channel: a silence that was told of is over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelHeard {}

/// About a channel: refusals for this reason began. Not one for each message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PushRefused {
    pub why: String,
}

/// About a channel: only the statement of this account can tell now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PollWanted {
    pub account: String,
    pub why: String,
    /// The day of the movement, where it is known.
    #[serde(default)]
    pub day: Option<String>,
}

/// About a channel: the bank said two things of one line. The first may have been counted, the second was not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LineContradicted {
    pub first: i64,
    pub second: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BankKeyAdded {
    pub kid: String,
    pub fingerprint: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BankKeyEnds {
    pub kid: String,
    pub at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BankKeyRevoked {
    pub kid: String,
}

/// About a gap: between these days of this account something is missing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GapFound {
    pub account: String,
    /// The kind of gap.
    pub what: String,
    pub from: String,
    pub until: String,
}

/// About a gap: what was missing has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GapHealed {
    pub account: String,
    pub what: String,
}

/// About an order: this part of its money was told by a push, and no statement has confirmed it in time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Doubted {
    pub line: i64,
    pub amount: String,
    pub currency: Currency,
}

/// About an order: a statement has confirmed what was in doubt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DoubtEnded {
    pub line: i64,
    pub amount: String,
    pub currency: Currency,
}

/// About a receipt by hand: one person says that money came; another has to say the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ByHandClaimed {
    pub order: i64,
    pub amount: String,
    pub currency: Currency,
}

/// About a receipt by hand: a second person said the same, each on their own. It stays marked for ever.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ByHandConfirmed {
    pub order: i64,
    pub line: i64,
    pub first: i64,
    pub second: i64,
}

/// About a receipt by hand: it was taken back before anybody confirmed it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ByHandWithdrawn {
    pub order: i64,
}

/// About a receipt by hand: the bank says the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ByHandProved {
    pub order: i64,
    pub line: i64,
}

/// About a receipt by hand: the bank's statement of that day knows nothing of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ByHandContradicted {
    pub order: i64,
    pub amount: String,
    pub currency: Currency,
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
    RefundChanged = "payments.refund_changed",
    CreditUsed = "payments.credit_used",
    ReceiptReversed = "payments.receipt_reversed",
    CreditTakenBack = "payments.credit_taken_back",
    SetAside = "payments.set_aside",
    EntityChanged = "payments.entity_changed",
    AccountOpened = "payments.account_opened",
    AccountChanged = "payments.account_changed",
    FolderBound = "payments.folder_bound",
    FolderReleased = "payments.folder_released",
    GapFound = "payments.gap_found",
    GapHealed = "payments.gap_healed",
    Doubted = "payments.doubted",
    DoubtEnded = "payments.doubt_ended",
    ByHandClaimed = "payments.by_hand_claimed",
    ByHandConfirmed = "payments.by_hand_confirmed",
    ByHandWithdrawn = "payments.by_hand_withdrawn",
    ByHandProved = "payments.by_hand_proved",
    ByHandContradicted = "payments.by_hand_contradicted",
    ChannelConnected = "payments.channel_connected",
    ChannelChanged = "payments.channel_changed",
    ChannelSecretSet = "payments.channel_secret_set",
    ChannelPaused = "payments.channel_paused",
    ChannelResumed = "payments.channel_resumed",
    ChannelSilent = "payments.channel_silent",
    ChannelHeard = "payments.channel_heard",
    PushRefused = "payments.push_refused",
    PollWanted = "payments.poll_wanted",
    LineContradicted = "payments.line_contradicted",
    BankKeyAdded = "payments.bank_key_added",
    BankKeyEnds = "payments.bank_key_ends",
    BankKeyRevoked = "payments.bank_key_revoked",
}
