mod add;
mod archive;
mod edit;
mod take_in;
mod upsert;

pub use add::add_offer;
pub use archive::{archive, archive_many, restore};
pub use edit::edit;
pub use take_in::{Group, Incoming, Outcome, Taken, take_in};
pub use upsert::{Upserted, upsert};

use takt_kernel::{CompanyId, Fault, PersonId, Result, Slot, money::Quantity};
use takt_store::{Query, Tx, params, sql};

use crate::{Offer, OfferId, offer::offer_columns};

/// A file of offers tells how much of one lies there; answers whether that is something else than was known. In the
/// name of the person who brought the file, with the rights that they have.
pub type Counted = fn(&mut Tx<'_>, PersonId, CompanyId, OfferId, Quantity) -> Result<bool>;

/// Filled by whoever keeps stock.
pub static COUNTED: Slot<Counted> = Slot::new("catalog.counted");

fn lock(tx: &mut Tx, company: CompanyId, offer: OfferId, expected_version: i64) -> Result<Offer> {
    let row = tx.opt(
        sql!(concat!(
            "select ",
            offer_columns!(),
            " from offer
              where company_id = :company_id and id = :id
              {pg:for update|sqlite:}"
        )),
        params![company_id: company, id: offer],
    )?;
    let offer =
        Offer::read(&row.ok_or_else(|| Fault::missing("catalog.offer_missing").arg("given", offer))?)?;
    if offer.version == expected_version {
        Ok(offer)
    } else {
        Err(Fault::conflict("catalog.changed_meanwhile"))
    }
}
