//! What shops' systems last said of a person who is erased, and what we wrote to them.

use takt_customers::{Erasing, Kept};
use takt_kernel::Result;
use takt_store::{Tx, params, sql};

pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    for order in takt_orders::of_customers(tx, erasing.company, erasing.customers)? {
        tx.put(
            sql!(
                "update shop_order
                 set said = null, written = null
                 where company_id = :company_id and order_id = :order_id"
            ),
            params![company_id: erasing.company, order_id: order],
        )?;
    }
    for customer in erasing.customers {
        tx.put(
            sql!(
                "update shop_customer
                 set said = null, customer_id = null
                 where company_id = :company_id and customer_id = :customer_id"
            ),
            params![company_id: erasing.company, customer_id: *customer],
        )?;
    }
    Ok(Vec::new())
}
