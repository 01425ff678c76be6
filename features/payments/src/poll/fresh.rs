//! What of an answer says something new. A bank that is asked every minute says the same day over and over; what
//! a statement has told already is not written down once more.

use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, Result};
use takt_payments_port::{BankDocument, BankReport};
use takt_store::{Query, params, sql};

use crate::{accounts::normal, import::lines::json};

/// The documents that no statement has told yet: those without an id of the bank too, and those that only a
/// push has told, for a statement has to confirm it.
pub(super) fn fresh(
    db: &mut dyn Query,
    company: CompanyId,
    report: &BankReport,
) -> Result<Vec<BankDocument>> {
    let mut fresh = Vec::new();
    for document in &report.documents {
        if !is_told(db, company, document)? {
            fresh.push(document.clone());
        }
    }
    Ok(fresh)
}

/// A credit and money that left are known under different keys (`import/movement.rs`).
fn is_told(db: &mut dyn Query, company: CompanyId, document: &BankDocument) -> Result<bool> {
    let (Some(account), Some(id)) = (&document.account, &document.bank_id) else { return Ok(false) };
    let account = normal(account);
    for group in ["credit", "payments.outgoing"] {
        let row = db.opt(
            sql!(
                "select bank_line.amount_minor, bank_line.currency, bank_line.booked_on, bank_import.format,
                   bank_confirmation.confirmed_at
                 from bank_movement
                 join bank_line on bank_line.company_id = bank_movement.company_id
                   and bank_line.id = bank_movement.line_id
                 join bank_import on bank_import.company_id = bank_line.company_id
                   and bank_import.id = bank_line.import_id
                 left join bank_confirmation on bank_confirmation.company_id = bank_movement.company_id
                   and bank_confirmation.line_id = bank_movement.line_id
                 where bank_movement.company_id = :company_id and bank_movement.key = :key"
            ),
            params![company_id: company, key: format!("{group}:id:{account}:{id}")],
        )?;
        let Some(row) = row else { continue };
        let day: Option<String> = row.get("booked_on")?;
        let pushed = row.get::<String>("format")? == "push";
        let confirmed = row.get::<Option<takt_kernel::Timestamp>>("confirmed_at")?.is_some();
        let same = row.money("amount_minor", "currency")? == document.amount
            && day.as_deref() == document.booked_on.as_deref().or(document.date.as_deref());
        return Ok(same && (!pushed || confirmed));
    }
    Ok(false)
}

/// By which the same news is known when it comes again, whatever ids and times the bank wraps it in.
pub(super) fn fingerprint(report: &BankReport, fresh: &[BankDocument]) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(json(&report.statements)?);
    hash.update(json(&fresh)?);
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
