//! How long an invoice asks for its money. It stays payable after that: only the paper says so.

use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::{Permit, settings};
use takt_store::{Query, Tx};

use crate::rights::ManageBankAccounts;

const VALID_DAYS: &str = "payments.invoice_valid_days";
const USUAL: i64 = 5;
const MOST: i64 = 365;

/// Days from the one on which it was issued.
///
/// # Errors
/// Faults of the store.
pub fn valid_days(db: &mut dyn Query, company: CompanyId) -> Result<i64> {
    Ok(settings::get::<i64>(db, company, VALID_DAYS)?.unwrap_or(USUAL).clamp(0, MOST))
}

/// Holds for papers that are drawn from now on.
///
/// # Errors
/// Field fault `payments.valid_days_out_of_range`.
pub fn set_valid_days(tx: &mut Tx, permit: &Permit<ManageBankAccounts>, days: &str) -> Result<()> {
    let days = days.trim().parse::<i64>().ok().filter(|days| (0..=MOST).contains(days));
    let days = days.ok_or_else(|| Fault::field("days", "payments.valid_days_out_of_range"))?;
    settings::set(tx, permit.company(), VALID_DAYS, &days, permit.actor())
}
