//! Where an entry of the books comes from: the page of its order, bank line or refund.

use takt_kernel::{CompanyId, Result};
use takt_store::{Query, Row, params, sql};

use crate::journal::balances::AccountEntry;

/// For each entry the page on which its cause stands, if it has one.
///
/// # Errors
/// Faults of the store.
pub fn of(db: &mut dyn Query, company: CompanyId, entries: &[AccountEntry]) -> Result<Vec<Option<String>>> {
    entries.iter().map(|entry| origin(db, company, entry)).collect()
}

fn origin(db: &mut dyn Query, company: CompanyId, entry: &AccountEntry) -> Result<Option<String>> {
    let first = entry.source.split(':').next().unwrap_or_default();
    let Ok(id) = first.parse::<i64>() else { return Ok(None) };
    let href = match entry.kind.as_str() {
        "bank_credit" | "credit_given" | "credit_undone" | "receipt_reversed" | "refund_paid" => {
            Some(format!("/money/lines/{id}"))
        }
        "shipped" | "returned" | "cash_on_delivery" => Some(format!("/orders/{id}")),
        "refund_payable" | "refund_kept" => Some(format!("/money/refunds/{id}")),
        "invoice_issued" | "invoice_withdrawn" => of_order(&db.opt(
            sql!("select order_id from invoice where company_id = :company_id and id = :id"),
            params![company_id: company, id: id],
        )?)?,
        "allocated" | "allocation_undone" | "credit_used" => of_order(&db.opt(
            sql!("select order_id from allocation where company_id = :company_id and id = :id"),
            params![company_id: company, id: id],
        )?)?,
        _ => None,
    };
    Ok(href)
}

fn of_order(row: &Option<Row>) -> Result<Option<String>> {
    row.as_ref().map(|row| Ok(format!("/orders/{}", row.get::<i64>("order_id")?))).transpose()
}
