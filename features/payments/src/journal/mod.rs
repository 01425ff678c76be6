//! The double-entry journal: append-only, balanced per transaction and currency, written in the
//! transaction of the change it accounts for. [`post`] is its only way in. A correction is a further
//! transaction; the database itself refuses to update or delete. What is posted is sealed into a chain
//! of hashes a moment later ([`chain`]); [`balances`] are a projection of the sealed journal.
//!
//! | event | debit | credit |
//! |---|---|---|
//! | invoice issued | receivable | deferred revenue |
//! | bank credit | bank | unmatched |
//! | allocated | unmatched | receivable |
//! | overpaid rest | unmatched | customer credit |
//! | shipped | deferred revenue | revenue, VAT payable of each rate |
//! | goods came back | revenue, VAT payable | deferred revenue |
//! | invoice withdrawn, allocation undone | the reverse | |
//! | refund payable | receivable, or customer credit | refund payable |
//! | refund left the bank | refund payable | bank |
//! | refund kept for another order | refund payable | customer credit |
//! | credit used for an order | customer credit | receivable |
//! | bank took a receipt back | unmatched | bank |
//! | buyer has what the carrier is paid for | cash on delivery | receivable |
//! | some of that is paid | receivable | cash on delivery |

mod account;
pub mod balances;
mod canonical;
pub mod chain;
mod checks;
mod post;
mod proof;

pub use account::{Account, Side};
pub use balances::{balance, trial_balance};
pub(crate) use checks::CHECKS;
pub use post::{Posted, Posting, post};

pub enum JournalTransactionTag {}
pub type JournalTransactionId = takt_kernel::Id<JournalTransactionTag>;
