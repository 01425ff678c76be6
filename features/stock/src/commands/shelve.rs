use takt_catalog::OfferId;
use takt_kernel::{Fault, Result};
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};

use super::check_offer;
use crate::{
    MoveStock, WarehouseId,
    facts::{self, Shelved},
    levels, warehouses,
};

const LONGEST_SHELF: usize = 40;

/// Says where in the warehouse an offer lies; nothing forgets it.
///
/// # Errors
/// Field fault `stock.too_long`; `catalog.offer_missing`, `stock.warehouse_missing`.
pub fn set_shelf(
    tx: &mut Tx,
    permit: &Permit<MoveStock>,
    warehouse: Option<WarehouseId>,
    offer: OfferId,
    shelf: &str,
) -> Result<()> {
    let company = permit.company();
    let shelf = Some(shelf.trim()).filter(|shelf| !shelf.is_empty());
    if shelf.is_some_and(|shelf| shelf.chars().count() > LONGEST_SHELF) {
        return Err(Fault::field("shelf", "stock.too_long"));
    }
    check_offer(tx, company, offer)?;
    let warehouse = warehouses::chosen(tx, company, warehouse, permit.actor())?.id;
    levels::ensure(tx, company, offer, warehouse)?;
    let now = tx.now();
    let was = levels::get(tx, company, offer, warehouse)?.and_then(|level| level.shelf);
    if was.as_deref() == shelf {
        return Ok(());
    }
    tx.put(
        sql!(
            "update stock_level
             set shelf = :shelf, updated_at = :now
             where company_id = :company_id and offer_id = :offer_id and warehouse_id = :warehouse_id"
        ),
        params![shelf: shelf, now: now, company_id: company, offer_id: offer, warehouse_id: warehouse],
    )?;
    let fact = Shelved { warehouse, shelf: shelf.map(str::to_owned) };
    tx.say(About::new(company, facts::of_offer(offer), permit.actor()), &fact)
}
