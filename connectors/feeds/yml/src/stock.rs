//! What a feed says of stock, taken by the verb that shops' stock is taken by.

use takt_catalog::OfferId;
use takt_kernel::{CompanyId, Result, Timestamp, money::Quantity};
use takt_staff::Permit;
use takt_stock::{Correction, MoveStock, set_many};
use takt_store::{Query, Tx};

pub(crate) fn take(
    tx: &mut Tx<'_>,
    company: CompanyId,
    counted_at: Timestamp,
    counted: &[(OfferId, Quantity)],
) -> Result<()> {
    let counted_at = counted_at.min(tx.now());
    let items: Vec<Correction> = counted
        .iter()
        .map(|(offer, quantity)| Correction {
            warehouse: None,
            offer: *offer,
            quantity: *quantity,
            note: None,
        })
        .collect();
    set_many(tx, &Permit::<MoveStock>::system(company, "feeds"), Some(counted_at), &items).map(|_| ())
}
