//! What the engine is given: one bank line, and a window on the open invoices.

use takt_kernel::{Result, money::Money};

use crate::{date::Date, reference::Reference};

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
    fn by_references(&mut self, references: &[Reference]) -> Result<Vec<Invoice>>;
    /// In any state, invoices of which some number has one of these keys.
    fn by_number_keys(&mut self, keys: &[String], limit: usize) -> Result<Vec<Invoice>>;
    /// In any state.
    fn by_ids(&mut self, ids: &[i64]) -> Result<Vec<Invoice>>;
    fn customers_by_inn(&mut self, inn: &str, limit: usize) -> Result<Vec<i64>>;
    fn customers_by_accounts(&mut self, accounts: &[String], limit: usize) -> Result<Vec<i64>>;
    /// Open ones with something left to pay.
    fn open_of_customers(&mut self, customers: &[i64], limit: usize) -> Result<Vec<Invoice>>;
    /// Open ones of anybody with exactly this left to pay. Asked for suggestions only.
    fn open_by_residual(&mut self, residual: Money, limit: usize) -> Result<Vec<Invoice>>;
}
