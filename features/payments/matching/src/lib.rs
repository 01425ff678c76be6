//! Which invoice does this money pay? References with check digits, and the engine that matches
//! incoming bank lines to open invoices. Pure: no I/O, no clock, no chance.
//!
//! A wrong settlement is worse than none: goods leave for money that was another's. So rules only
//! accept what several independent facts agree on, and everything else goes to a person, ranked
//! and with reasons. The whole of [`decide`] on one screen:
//!
//! ```text
//! classify   own money, acquiring, loans, returns, reversals …        → NotReceivable
//! read       the purpose: references (TX00102413, check digits hold), numbers after «счёт»/«заказ»
//!            with their day; bank fields, dates, VAT, sums and contracts are cut first
//! evidence   E1 reference in the bank's own field    E5 payer's account is known
//!            E2 reference in the text                E6 amount = what is left to pay
//!            E3 number after an invoice word         E7 the day named is the invoice's
//!            E4 payer's INN is known                 E8 Σ of all named = amount
//!            E9 the customer's whole name is in the payer's field or the text
//!            (a transit payer, the bank itself, proves nothing: see `payer`)
//! rules      A  E1|E2, one customer, E6|E8                                        → settle
//! (first     B  E3, E4|E5|E7|E9, E6|E8, no twin one slip away                     → settle
//!  that      C  one E1|E2, E4|E5|E7|E9, less than owed, no other open = amount    → partial
//!               one E3, E4|E5|E9 and (E7, the only open one, or its sum is stated)   → partial
//!  fires)    D  one E1|E2|E3+E7, E4|E5|E9, up to half more, no other open = amount → settle + credit
//!            E  nothing named, E4|E5, exactly one open with E6                    → settle
//!            F  one slip from exactly one open reference or number of this payer, E6 → settle
//!            G  (by policy) the named one is paid, E4|E5 has exactly one with E6  → settle
//!            H  (by policy) nothing named, nobody known; E9 whole, exactly one with E6 → settle
//! veto       any name unknown or closed, another day, currency or customer, over the rule's cap,
//!            payer watched, words of other money beside a reference               → Suggest
//! ```
//!
//! Not here: duplicates and the gate (own account, booked, authenticated) come before, posting
//! comes after; both are payments'. What payments must store for lookups: [`Invoice`] numbers under
//! [`number_key`], and payers' INNs and accounts only when [`payer`] lets them through.
//!
//! Start reading at `engine/tiers.rs`.

mod alphabet;
mod classify;
mod date;
mod engine;
mod ledger;
mod lexemes;
mod movement;
mod names;
mod payer;
mod policy;
mod reason;
mod reference;
#[cfg(feature = "testing")]
pub mod testing;
pub mod text;

pub use alphabet::number_key;
pub use classify::Class;
pub use date::Date;
pub use engine::{Allocation, Candidate, Decision, decide};
pub use ledger::{Filed, IncomingLine, Invoice, InvoiceState, Lookup};
pub use movement::{KnownMovement, Movement, Movements, Seen};
pub use payer::{Payer, payer};
pub use policy::{Policy, Tier};
pub use reason::{Args, MISSING, REASON_CODES, Reason};
pub use reference::{Prefix, Reference};

/// Language and Fluent source, for the feature that shows decisions.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];
