//! Rows of what is held for lines and of what they still lack.

use takt_catalog::OfferId;
use takt_kernel::{CompanyId, LARGEST_ID, Result};
use takt_orders::{Order, OrderId};
use takt_store::{Query, Row, Tx, params, sql};

use crate::{
    WarehouseId,
    facts::{Held, Missing},
};

pub(crate) fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<Held>> {
    let rows = db.all(
        sql!(
            "select line_id, offer_id, warehouse_id, quantity
             from stock_reservation
             where company_id = :company_id and order_id = :order_id
             order by line_id, warehouse_id
             limit 10000"
        ),
        params![company_id: company, order_id: order],
    )?;
    rows.iter().map(held).collect()
}

fn held(row: &Row) -> Result<Held> {
    Ok(Held {
        line: row.get("line_id")?,
        offer: row.get("offer_id")?,
        warehouse: row.get("warehouse_id")?,
        quantity: row.get("quantity")?,
    })
}

/// Who holds something of one level.
pub(crate) fn at_level(
    db: &mut dyn Query,
    company: CompanyId,
    offer: OfferId,
    warehouse: WarehouseId,
) -> Result<Vec<(OrderId, Held)>> {
    let rows = db.all(
        sql!(
            "select order_id, line_id, offer_id, warehouse_id, quantity
             from stock_reservation
             where company_id = :company_id and offer_id = :offer_id and warehouse_id = :warehouse_id
             order by order_id, line_id
             limit 100000"
        ),
        params![company_id: company, offer_id: offer, warehouse_id: warehouse],
    )?;
    rows.iter().map(|row| Ok((row.get("order_id")?, held(row)?))).collect()
}

/// Puts `after` in the place of `before`.
pub(crate) fn replace(
    tx: &mut Tx,
    company: CompanyId,
    order: OrderId,
    before: &[Held],
    after: &[Held],
) -> Result<()> {
    let at = |held: &Held| (held.line, held.warehouse);
    for gone in before.iter().filter(|one| after.iter().all(|left| at(left) != at(one))) {
        tx.put(
            sql!(
                "delete from stock_reservation
                 where company_id = :company_id and order_id = :order_id and line_id = :line_id
                   and warehouse_id = :warehouse_id"
            ),
            params![company_id: company, order_id: order, line_id: gone.line, warehouse_id: gone.warehouse],
        )?;
    }
    for one in after.iter().filter(|one| !before.contains(one)) {
        tx.put(
            sql!(
                "insert into stock_reservation (company_id, order_id, line_id, warehouse_id, offer_id, quantity)
                 values (:company_id, :order_id, :line_id, :warehouse_id, :offer_id, :quantity)
                 on conflict (company_id, order_id, line_id, warehouse_id) do update
                 set offer_id = excluded.offer_id, quantity = excluded.quantity"
            ),
            params![
                company_id: company, order_id: order, line_id: one.line, warehouse_id: one.warehouse,
                offer_id: one.offer, quantity: one.quantity,
            ],
        )?;
    }
    Ok(())
}

/// Writes what the order's lines lack now, in place of what they lacked.
pub(crate) fn replace_wanted(tx: &mut Tx, order: &Order, missing: &[Missing]) -> Result<()> {
    tx.put(
        sql!(
            "delete from stock_wanted
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: order.company, order_id: order.id],
    )?;
    for one in missing {
        let Some(offer) = one.offer else { continue };
        tx.put(
            sql!(
                "insert into stock_wanted (company_id, order_id, line_id, offer_id, quantity, promised_since, placed_at)
                 values (:company_id, :order_id, :line_id, :offer_id, :quantity, :promised_since, :placed_at)"
            ),
            params![
                company_id: order.company, order_id: order.id, line_id: one.line, offer_id: offer,
                quantity: one.quantity, promised_since: promised_since(order), placed_at: order.placed_at,
            ],
        )?;
    }
    Ok(())
}

/// The promise began or was called off: the order's place among those who wait changes.
pub(crate) fn move_in_line(tx: &mut Tx, order: &Order) -> Result<()> {
    tx.put(
        sql!(
            "update stock_wanted
             set promised_since = :promised_since
             where company_id = :company_id and order_id = :order_id"
        ),
        params![promised_since: promised_since(order), company_id: order.company, order_id: order.id],
    )
}

/// Whom nothing is promised yet waits behind all others.
pub(crate) fn promised_since(order: &Order) -> i64 {
    order.started_at.map_or(LARGEST_ID, |since| since.micros())
}
