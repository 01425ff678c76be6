use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Result};
use takt_staff::Permit;
use takt_store::{Query, Tx, params, sql};

use super::{add, archive, edit};
use crate::{EditCatalog, Offer, OfferId, OfferInput, ProductId, queries};

/// Groups asked for at once.
const CHUNK: usize = 500;

/// An offer as a shop's own catalogue tells it: what it does not tell stays as the desk has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    pub input: OfferInput,
    /// Whether it says the price, the unit, the VAT and the barcode; a new offer gets what stands in `input`.
    pub tells_price: bool,
    pub tells_unit: bool,
    pub tells_vat: bool,
    pub tells_barcode: bool,
    /// The product that a new offer belongs to; one of its own when nothing is said.
    pub group: Option<Group>,
    /// Whether a known offer is to be archived from now on; nothing said: as it is.
    pub archived: Option<bool>,
    /// Whether one that is added is not sold.
    pub added_archived: bool,
}

/// What a shop keeps together as one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Unique within the company.
    pub key: String,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Added,
    Changed,
    Same,
}

/// What became of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    pub offer: OfferId,
    pub outcome: Outcome,
}

/// Makes the catalogue hold these offers, found by SKU; one question for the whole batch, and nothing is
/// written or said of what is so already. A SKU may stand in a batch once.
///
/// # Errors
/// Faults of the store.
pub fn take_in(
    tx: &mut Tx,
    permit: &Permit<EditCatalog>,
    batch: &[Incoming],
) -> Result<BTreeMap<String, Taken>> {
    let company = permit.company();
    let skus: Vec<&str> = batch.iter().map(|each| each.input.sku.as_str()).collect();
    let known = queries::offers_by_sku(tx, company, &skus)?;
    let keys = batch.iter().filter(|each| !known.contains_key(&each.input.sku));
    let keys = keys.filter_map(|each| each.group.as_ref()).map(|group| group.key.as_str()).collect();
    let mut groups = groups_by_key(tx, company, keys)?;
    let mut taken = BTreeMap::new();
    for each in batch {
        let done = match known.get(&each.input.sku) {
            Some(offer) => {
                let outcome = renew(tx, permit, offer, each)?;
                Taken { offer: offer.id, outcome }
            }
            None => {
                let product = product_of(tx, company, &mut groups, each)?;
                let offer = add::put(tx, company, permit.actor(), product, &each.input, each.added_archived)?;
                Taken { offer, outcome: Outcome::Added }
            }
        };
        taken.insert(each.input.sku.clone(), done);
    }
    Ok(taken)
}

fn renew(tx: &mut Tx, permit: &Permit<EditCatalog>, offer: &Offer, told: &Incoming) -> Result<Outcome> {
    let mut input = told.input.clone();
    if !told.tells_price {
        (input.price, input.currency) = (offer.price, offer.currency);
    }
    if !told.tells_unit {
        input.unit.clone_from(&offer.unit);
    }
    if !told.tells_vat {
        input.vat = offer.vat;
    }
    if !told.tells_barcode {
        input.barcode.clone_from(&offer.barcode);
    }
    let changes = offer.changes_to(&input);
    let archived = told.archived.filter(|archived| *archived != offer.archived);
    match archived {
        Some(true) => archive::put_away(tx, permit.actor(), offer)?,
        Some(false) => archive::put_back(tx, permit.actor(), offer)?,
        None => {}
    }
    if changes.is_empty() {
        return Ok(if archived.is_some() { Outcome::Changed } else { Outcome::Same });
    }
    edit::write(tx, permit.actor(), offer, &input, changes)?;
    Ok(Outcome::Changed)
}

fn product_of(
    tx: &mut Tx,
    company: CompanyId,
    groups: &mut BTreeMap<String, ProductId>,
    told: &Incoming,
) -> Result<Option<ProductId>> {
    let Some(group) = &told.group else { return Ok(None) };
    if let Some(known) = groups.get(&group.key) {
        return Ok(Some(*known));
    }
    let product = add::put_product(tx, company, &group.name, Some(&group.key))?;
    groups.insert(group.key.clone(), product);
    Ok(Some(product))
}

/// Looked up one by one within the question, as offers are (`queries::offers_by_sku`).
fn groups_by_key(
    tx: &mut Tx,
    company: CompanyId,
    mut keys: Vec<&str>,
) -> Result<BTreeMap<String, ProductId>> {
    keys.sort_unstable();
    keys.dedup();
    let mut found = BTreeMap::new();
    for chunk in keys.chunks(CHUNK) {
        let wanted = serde_json::Value::from(chunk.to_vec()).to_string();
        let rows = tx.all(
            sql!(
                "select known.id, known.group_key
                 from {pg:jsonb_array_elements_text(cast(cast(:keys as text) as jsonb)) as wanted (value)
                 cross join lateral (
                   select id, group_key
                   from product
                   where company_id = :company_id and group_key = wanted.value
                   offset 0) as known|sqlite:json_each(:keys) as wanted
                 cross join product as known
                 where known.company_id = :company_id and known.group_key = wanted.value}
                 order by known.group_key
                 limit 500"
            ),
            params![company_id: company, keys: wanted],
        )?;
        for row in rows {
            found.insert(row.get("group_key")?, row.get("id")?);
        }
    }
    Ok(found)
}
