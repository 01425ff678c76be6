//! What the engine is given: one bank line, and a window on the open invoices.

use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

use takt_kernel::{Result, money::Money};

use crate::{
    alphabet::number_key,
    date::Date,
    names::Name,
    reference::{Printed, Reference},
};

/// An invoice as matching sees it, in whatever state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    pub id: i64,
    /// Absent on invoices that came from elsewhere with plain numbers only.
    pub reference: Option<Reference>,
    /// Everything a payer may call it by: its number, the order's number, the shop's external id.
    pub numbers: Vec<String>,
    /// The days its papers show: of the invoice, of the order. Empty when unknown.
    pub dates: Vec<Date>,
    pub customer: i64,
    pub customer_name: String,
    /// Taxpayer numbers known for this very invoice, besides those of the customer.
    pub payer_inns: Vec<String>,
    pub total: Money,
    /// Still to be paid.
    pub residual: Money,
    pub state: InvoiceState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceState {
    Open,
    Paid,
    Cancelled,
    /// Past the day until which its price was promised.
    Expired,
    /// Issued again under another number; who pays the old paper pays the new invoice.
    Superseded {
        by: i64,
    },
}

impl Invoice {
    pub(crate) fn is_payable(&self) -> bool {
        self.state == InvoiceState::Open && self.residual.is_positive()
    }
    /// How people call it.
    pub(crate) fn name(&self) -> String {
        match self.reference {
            Some(reference) => reference.to_string(),
            None => self.numbers.first().cloned().unwrap_or_else(|| self.id.to_string()),
        }
    }
}

/// An invoice as a ledger keeps it: what it is called is folded once, when it is first compared, and
/// whoever finds it shares it.
#[derive(Clone, Debug)]
pub struct Filed(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    name: OnceLock<Name>,
    called: OnceLock<Called>,
    invoice: Invoice,
}

/// What people may call an invoice, as numbers are compared.
#[derive(Debug)]
pub(crate) struct Called {
    /// [`number_key`] of each of its numbers.
    pub keys: Vec<String>,
    pub reference: Option<Printed>,
}

impl Called {
    /// All numbers: its own, and its reference without letters.
    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        let digits = self.reference.iter().map(|printed| printed.digits().trim_start_matches('0'));
        self.keys.iter().map(String::as_str).chain(digits)
    }

    /// All of its own numbers, and its reference as it is printed.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str).chain(self.reference.iter().map(Printed::as_str))
    }
}

impl Filed {
    pub fn new(invoice: Invoice) -> Self {
        Self(Arc::new(Kept { name: OnceLock::new(), called: OnceLock::new(), invoice }))
    }

    /// The customer's name, folded.
    pub(crate) fn folded_name(&self) -> &Name {
        self.0.name.get_or_init(|| Name::new(&self.0.invoice.customer_name))
    }

    pub(crate) fn called(&self) -> &Called {
        self.0.called.get_or_init(|| Called {
            keys: self.numbers.iter().map(|number| number_key(number)).collect(),
            reference: self.reference.map(Reference::printed),
        })
    }
}

impl Deref for Filed {
    type Target = Invoice;
    fn deref(&self) -> &Invoice {
        &self.0.invoice
    }
}

/// One incoming, booked, authenticated line of our own account in the account's currency: the gate
/// (§2.4 step 1) and duplicates (step 0) are the caller's.
#[derive(Clone, Copy, Debug)]
pub struct IncomingLine<'l> {
    pub amount: Money,
    pub payer_name: &'l str,
    /// As the bank gives it; `0` and empty mean none.
    pub payer_inn: Option<&'l str>,
    pub payer_accounts: &'l [String],
    pub payer_bic: Option<&'l str>,
    pub purpose: &'l str,
    /// Structured references: `EndToEndId`, SCOR, УИП.
    pub references: &'l [String],
    /// Document kind or bank transaction codes, as written.
    pub kinds: &'l [String],
    /// The BIC of the bank that holds our account.
    pub own_bank_bic: Option<&'l str>,
    /// It takes back an earlier movement; never matched here.
    pub reversal: bool,
}

/// The window on invoices and payers, implemented by payments over SQL inside its transaction.
///
/// Every method returns at most `limit` items, lowest ids first; the order does not change a
/// decision, but what is cut must be stable. Keys are those of [`crate::number_key`]. A decision
/// asks each method once at most; `by_references`, `by_number_keys` and `open_by_residual` twice,
/// `by_ids` three times.
pub trait Lookup {
    /// In any state. References are unique.
    ///
    /// # Errors
    /// Those of the store; here and below.
    fn by_references(&mut self, references: &[Reference]) -> Result<Vec<Filed>>;
    /// In any state, invoices of which some number has one of these keys.
    fn by_number_keys(&mut self, keys: &[&str], limit: usize) -> Result<Vec<Filed>>;
    /// In any state.
    fn by_ids(&mut self, ids: &[i64]) -> Result<Vec<Filed>>;
    fn customers_by_inn(&mut self, inn: &str, limit: usize) -> Result<Vec<i64>>;
    fn customers_by_accounts(&mut self, accounts: &[String], limit: usize) -> Result<Vec<i64>>;
    /// Open ones with something left to pay.
    fn open_of_customers(&mut self, customers: &[i64], limit: usize) -> Result<Vec<Filed>>;
    /// Open ones of anybody with exactly this left to pay. Asked for suggestions only.
    fn open_by_residual(&mut self, residual: Money, limit: usize) -> Result<Vec<Filed>>;
}
