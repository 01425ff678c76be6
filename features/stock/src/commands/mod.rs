mod correct;
mod counted;
mod receive;
mod set_many;
mod shelve;

pub use correct::{Correction, correct};
pub(crate) use counted::counted;
pub use receive::{Arrival, Incoming, receive};
pub use set_many::{SetMany, set_many};
pub use shelve::set_shelf;

use takt_catalog::{OfferId, offers_by_id};
use takt_kernel::{CompanyId, Fault, Result};
use takt_store::Query;

const LONGEST_NOTE: usize = 500;

fn check_offer(db: &mut dyn Query, company: CompanyId, offer: OfferId) -> Result<()> {
    if offers_by_id(db, company, &[offer])?.is_empty() {
        return Err(Fault::missing("catalog.offer_missing").arg("given", offer));
    }
    Ok(())
}

fn checked_note(note: Option<&str>) -> Result<Option<&str>> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(Fault::field("note", "stock.too_long"));
    }
    Ok(note)
}
