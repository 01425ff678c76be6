use takt_kernel::Result;
use takt_staff::Permit;
use takt_store::Tx;

use super::{add, archive, edit};
use crate::{EditCatalog, OfferInput, queries};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upserted {
    pub added: usize,
    pub changed: usize,
    pub same: usize,
}

/// Makes the catalogue hold these offers, found by SKU: adds, changes, brings back from the archive,
/// or leaves as they are. One question for the whole batch. A SKU named twice keeps its last form.
///
/// # Errors
/// Faults of the store.
pub fn upsert(tx: &mut Tx, permit: &Permit<EditCatalog>, inputs: &[OfferInput]) -> Result<Upserted> {
    let company = permit.company();
    let mut last: std::collections::BTreeMap<&str, &OfferInput> = std::collections::BTreeMap::new();
    for input in inputs {
        last.insert(&input.sku, input);
    }
    let skus: Vec<&str> = last.keys().copied().collect();
    let known = queries::offers_by_sku(tx, company, &skus)?;
    let mut done = Upserted::default();
    for (sku, input) in last {
        let Some(offer) = known.get(sku) else {
            add::put(tx, company, permit.actor(), None, input, false)?;
            done.added += 1;
            continue;
        };
        let changes = offer.changes_to(input);
        if changes.is_empty() && !offer.archived {
            done.same += 1;
            continue;
        }
        if offer.archived {
            archive::put_back(tx, permit.actor(), offer)?;
        }
        if !changes.is_empty() {
            edit::write(tx, permit.actor(), offer, input, changes)?;
        }
        done.changed += 1;
    }
    Ok(done)
}
