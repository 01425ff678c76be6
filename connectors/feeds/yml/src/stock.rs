//! What a feed says of stock, taken by the verb that shops' stock is taken by.

use takt_catalog::OfferId;
use takt_kernel::{CompanyId, Result, money::Quantity};
use takt_staff::Permit;
use takt_stock::{Correction, MoveStock, set_many};
use takt_store::Tx;

pub(crate) fn take(tx: &mut Tx<'_>, company: CompanyId, counted: &[(OfferId, Quantity)]) -> Result<()> {
    let items: Vec<Correction> = counted
        .iter()
        .map(|(offer, quantity)| Correction {
            warehouse: None,
            offer: *offer,
            quantity: *quantity,
            note: None,
        })
        .collect();
    set_many(tx, &Permit::<MoveStock>::system(company, "feeds"), None, &items).map(|_| ())
}
