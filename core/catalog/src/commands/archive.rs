use takt_kernel::{Actor, Result};
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};

use super::lock;
use crate::{
    EditCatalog, Offer, OfferId,
    facts::{self, OfferArchived, OfferRestored},
    queries,
};

/// Takes an offer out of the lists. Nothing is deleted: orders and stock still know it.
///
/// # Errors
/// `catalog.offer_missing`, `catalog.changed_meanwhile`.
pub fn archive(
    tx: &mut Tx,
    permit: &Permit<EditCatalog>,
    offer: OfferId,
    expected_version: i64,
) -> Result<()> {
    let offer = lock(tx, permit.company(), offer, expected_version)?;
    if offer.archived {
        return Ok(());
    }
    put_away(tx, permit.actor(), &offer)
}

/// Takes many offers out of the lists, found by SKU: those that are unknown or out already stay as they
/// are. Answers how many there were.
///
/// # Errors
/// Faults of the store.
pub fn archive_many(tx: &mut Tx, permit: &Permit<EditCatalog>, skus: &[&str]) -> Result<usize> {
    let mut done = 0;
    for offer in queries::offers_by_sku(tx, permit.company(), skus)?.into_values() {
        if offer.archived {
            continue;
        }
        put_away(tx, permit.actor(), &offer)?;
        done += 1;
    }
    Ok(done)
}

pub(super) fn put_away(tx: &mut Tx, actor: &Actor, offer: &Offer) -> Result<()> {
    write(tx, offer, true)?;
    let about = About::new(offer.company, facts::subject(offer.id), actor);
    tx.say(about, &OfferArchived { sku: offer.sku.clone() })
}

pub(super) fn put_back(tx: &mut Tx, actor: &Actor, offer: &Offer) -> Result<()> {
    write(tx, offer, false)?;
    let about = About::new(offer.company, facts::subject(offer.id), actor);
    tx.say(about, &OfferRestored { sku: offer.sku.clone() })
}

/// Puts an archived offer back.
///
/// # Errors
/// As [`archive`].
pub fn restore(
    tx: &mut Tx,
    permit: &Permit<EditCatalog>,
    offer: OfferId,
    expected_version: i64,
) -> Result<()> {
    let offer = lock(tx, permit.company(), offer, expected_version)?;
    if !offer.archived {
        return Ok(());
    }
    put_back(tx, permit.actor(), &offer)
}

fn write(tx: &mut Tx, offer: &Offer, archived: bool) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update offer
             set archived = :archived, version = version + 1, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![archived: archived, now: now, company_id: offer.company, id: offer.id],
    )
}
