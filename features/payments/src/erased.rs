//! What payments hold of a person. Words of the bank stay: they are documents of the books, which the law wants kept.

use std::collections::BTreeSet;

use takt_customers::{Erasing, Kept};
use takt_kernel::Result;
use takt_orders::OrderId;
use takt_store::{Query, Tx, params, sql};

pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    let company = erasing.company;
    for customer in erasing.customers {
        tx.put(
            sql!(
                "update invoice
                 set payer_name = '', payer_inn = null
                 where company_id = :company_id and customer_id = :customer_id"
            ),
            params![company_id: company, customer_id: *customer],
        )?;
    }
    let (mut lines, mut refunds) = (0, 0);
    for order in takt_orders::of_customers(tx, company, erasing.customers)? {
        // An order that was taken from somebody else keeps its invoices with its first customer.
        tx.put(
            sql!(
                "update invoice
                 set payer_name = '', payer_inn = null
                 where company_id = :company_id and order_id = :order_id"
            ),
            params![company_id: company, order_id: order],
        )?;
        tx.put(
            sql!(
                "update payment_claim
                 set words = '', answer = null
                 where company_id = :company_id and order_id = :order_id"
            ),
            params![company_id: company, order_id: order],
        )?;
        lines += count_lines(tx, erasing, order)?;
        refunds += count_refunds(tx, erasing, order)?;
    }
    forget_payers(tx, erasing)?;
    Ok(vec![
        Kept { what: "payments.bank_lines".to_owned(), count: lines },
        Kept { what: "payments.refunds".to_owned(), count: refunds },
    ])
}

fn count_lines(tx: &mut Tx<'_>, erasing: &Erasing<'_>, order: OrderId) -> Result<i64> {
    let rows = tx.all(
        sql!(
            "select line_id
             from allocation
             where company_id = :company_id and order_id = :order_id
             order by id
             limit 10000"
        ),
        params![company_id: erasing.company, order_id: order],
    )?;
    let lines: Result<BTreeSet<i64>> = rows.iter().map(|row| row.get("line_id")).collect();
    Ok(i64::try_from(lines?.len()).unwrap_or(i64::MAX))
}

fn count_refunds(tx: &mut Tx<'_>, erasing: &Erasing<'_>, order: OrderId) -> Result<i64> {
    tx.one(
        sql!(
            "select count(*) as kept
             from refund
             where company_id = :company_id and order_id = :order_id and payee_name is not null"
        ),
        params![company_id: erasing.company, order_id: order],
    )?
    .get("kept")
}

/// From which accounts and under which taxpayer numbers the person paid is not known any more.
fn forget_payers(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<()> {
    for customer in erasing.customers {
        tx.put(
            sql!("delete from known_payer where company_id = :company_id and customer_id = :customer_id"),
            params![company_id: erasing.company, customer_id: *customer],
        )?;
    }
    Ok(())
}
