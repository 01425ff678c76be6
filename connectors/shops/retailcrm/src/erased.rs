//! What shops' modules told of a person who is erased.

use takt_customers::{CustomerId, Erasing, Kept};
use takt_kernel::{CompanyId, Result};
use takt_orders::OrderId;
use takt_store::{Tx, params, sql};

pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    for order in takt_orders::of_customers(tx, erasing.company, erasing.customers)? {
        of_order(tx, erasing.company, order)?;
    }
    for customer in erasing.customers {
        of_customer(tx, erasing.company, *customer)?;
    }
    Ok(Vec::new())
}

fn of_order(tx: &mut Tx<'_>, company: CompanyId, order: OrderId) -> Result<()> {
    tx.put(
        sql!(
            "update retailcrm_order
             set sent = '{}', listed = null
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: company, order_id: order],
    )?;
    tx.put(
        sql!(
            "update retailcrm_payment
             set comment = null
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: company, order_id: order],
    )?;
    tx.put(
        sql!(
            "update retailcrm_order_link
             set comment = ''
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: company, order_id: order],
    )
}

fn of_customer(tx: &mut Tx<'_>, company: CompanyId, customer: CustomerId) -> Result<()> {
    tx.put(
        sql!("delete from retailcrm_customer where company_id = :company_id and customer_id = :customer_id"),
        params![company_id: company, customer_id: customer],
    )?;
    tx.put(
        sql!(
            "delete from retailcrm_customer_id where company_id = :company_id and customer_id = :customer_id"
        ),
        params![company_id: company, customer_id: customer],
    )?;
    tx.put(
        sql!(
            "delete from retailcrm_note
             where company_id = :company_id and kind = 'customer' and subject_id = :customer_id"
        ),
        params![company_id: company, customer_id: customer],
    )?;
    tx.put(
        sql!(
            "delete from retailcrm_subscription where company_id = :company_id and customer_id = :customer_id"
        ),
        params![company_id: company, customer_id: customer],
    )?;
    tx.put(
        sql!("delete from retailcrm_cart where company_id = :company_id and customer_id = :customer_id"),
        params![company_id: company, customer_id: customer],
    )
}
