//! Where an entry of the books comes from: the page of its order, bank line or refund.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Result};
use takt_store::{Query, params, sql};

use crate::journal::balances::AccountEntry;

/// Where the cause of an entry stands.
enum Cause {
    Page(String),
    /// Its order is that of this invoice, or of this allocation.
    Invoice(i64),
    Allocation(i64),
    Nowhere,
}

/// For each entry the page on which its cause stands, if it has one.
///
/// # Errors
/// Faults of the store.
pub fn of(db: &mut dyn Query, company: CompanyId, entries: &[AccountEntry]) -> Result<Vec<Option<String>>> {
    let causes: Vec<Cause> = entries.iter().map(cause).collect();
    let invoices = orders_of_invoices(
        db,
        company,
        causes.iter().filter_map(|cause| if let Cause::Invoice(id) = cause { Some(*id) } else { None }),
    )?;
    let allocations = orders_of_allocations(
        db,
        company,
        causes.iter().filter_map(|cause| if let Cause::Allocation(id) = cause { Some(*id) } else { None }),
    )?;
    let page = |order: Option<&i64>| order.map(|order| format!("/orders/{order}"));
    let pages = causes.into_iter().map(|cause| match cause {
        Cause::Page(page) => Some(page),
        Cause::Invoice(id) => page(invoices.get(&id)),
        Cause::Allocation(id) => page(allocations.get(&id)),
        Cause::Nowhere => None,
    });
    Ok(pages.collect())
}

fn cause(entry: &AccountEntry) -> Cause {
    let first = entry.source.split(':').next().unwrap_or_default();
    let Ok(id) = first.parse::<i64>() else { return Cause::Nowhere };
    match entry.kind.as_str() {
        "bank_credit"
        | "bank_credit_by_hand"
        | "credit_given"
        | "credit_undone"
        | "receipt_reversed"
        | "refund_paid" => Cause::Page(format!("/money/lines/{id}")),
        "shipped" | "returned" | "delivery_returned" | "cash_on_delivery" => {
            Cause::Page(format!("/orders/{id}"))
        }
        "refund_payable" | "refund_kept" | "refund_moved" => Cause::Page(format!("/money/refunds/{id}")),
        "invoice_issued" | "invoice_withdrawn" | "buyer_changed" => Cause::Invoice(id),
        "allocated" | "allocation_undone" | "credit_used" => Cause::Allocation(id),
        _ => Cause::Nowhere,
    }
}

fn list(ids: impl Iterator<Item = i64>) -> String {
    serde_json::Value::from(ids.collect::<Vec<_>>()).to_string()
}

fn orders_of_invoices(
    db: &mut dyn Query,
    company: CompanyId,
    ids: impl Iterator<Item = i64>,
) -> Result<BTreeMap<i64, i64>> {
    let rows = db.all(
        sql!(
            "select invoice.id, invoice.order_id
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join invoice
             where invoice.company_id = :company_id and invoice.id = cast(asked.value as bigint)
             order by invoice.id
             limit 1000"
        ),
        params![company_id: company, ids: list(ids)],
    )?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("order_id")?))).collect()
}

fn orders_of_allocations(
    db: &mut dyn Query,
    company: CompanyId,
    ids: impl Iterator<Item = i64>,
) -> Result<BTreeMap<i64, i64>> {
    let rows = db.all(
        sql!(
            "select allocation.id, allocation.order_id
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join allocation
             where allocation.company_id = :company_id and allocation.id = cast(asked.value as bigint)
             order by allocation.id
             limit 1000"
        ),
        params![company_id: company, ids: list(ids)],
    )?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("order_id")?))).collect()
}
