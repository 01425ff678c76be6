//! Goods and what may be sold of them.

use takt_catalog::{EditCatalog, OfferInput, OfferTexts, offers_by_sku, upsert};
use takt_connections::differences::{Field, Owner, Subject, Thing, compared};
use takt_kernel::Result;
use takt_staff::SettingsCaller;
use takt_stock::levels_of_offers;
use takt_store::{Query, Tx};

use super::{not_taken, one};
use crate::{SaidProduct, connected::Shop, products};

/// A product as the shop said it, beside the catalogue and the stock here.
pub(crate) fn taken(
    tx: &mut Tx<'_>,
    shop: &Shop,
    said: &SaidProduct,
    before: Option<&SaidProduct>,
) -> Result<()> {
    let Some(sku) = said.sku.as_deref() else { return Ok(()) };
    let Some(offer) = offers_by_sku(tx, shop.company(), &[sku])?.remove(sku) else { return Ok(()) };
    for subject in [Subject::Offer, Subject::Stock] {
        let thing = Thing { subject, external_id: said.external_id.clone(), own: Some(offer.id.get()) };
        let was = match before {
            Some(before) => fields(tx, shop, subject, before)?,
            None => Vec::new(),
        };
        let fields: Vec<Field> =
            fields(tx, shop, subject, said)?.into_iter().map(|field| field.since(&was)).collect();
        compared(tx, &shop.connection, &thing, &fields)?;
    }
    Ok(())
}

pub(super) fn look(db: &mut dyn Query, shop: &Shop, thing: &Thing) -> Result<Vec<Field>> {
    match products::said(db, shop, &thing.external_id)? {
        Some(said) => fields(db, shop, thing.subject, &said),
        None => Ok(Vec::new()),
    }
}

fn fields(db: &mut dyn Query, shop: &Shop, subject: Subject, said: &SaidProduct) -> Result<Vec<Field>> {
    let Some(sku) = said.sku.as_deref() else { return Ok(Vec::new()) };
    let Some(offer) = offers_by_sku(db, shop.company(), &[sku])?.remove(sku) else { return Ok(Vec::new()) };
    if subject == Subject::Stock {
        // Where it is written over, the shop's number says nothing.
        let Some(theirs) = said.stock.as_ref().filter(|_| !shop.settings.write_stock) else {
            return Ok(Vec::new());
        };
        let levels = levels_of_offers(db, shop.company(), &one(offer.id))?;
        if levels.is_empty() {
            return Ok(Vec::new());
        }
        let free = levels.iter().fold(0_i64, |sum, level| sum.saturating_add(level.free().thousandths()));
        let ours = (free / 1000).max(0).to_string();
        return Ok(vec![Field::new("quantity", Owner::Takt, theirs.as_str(), ours)]);
    }
    let Some(wanted) = wanted(shop, said)? else { return Ok(Vec::new()) };
    let mut fields = vec![
        Field::new("price", Owner::Shop, wanted.price.to_string(), offer.price.to_string())
            .differs((wanted.price, wanted.currency) != (offer.price, offer.currency)),
    ];
    if !wanted.name.is_empty() {
        fields.push(Field::new("name", Owner::Shop, wanted.name, offer.name));
    }
    if let Some(barcode) = wanted.barcode {
        fields.push(Field::new("barcode", Owner::Shop, barcode, offer.barcode.unwrap_or_default()));
    }
    Ok(fields)
}

/// What the shop says of what is sold, as the catalogue takes it.
fn wanted(shop: &Shop, said: &SaidProduct) -> Result<Option<OfferInput>> {
    let (Some(sku), Some(price), false) = (&said.sku, &said.price, shop.settings.ignore_products) else {
        return Ok(None);
    };
    let texts = OfferTexts {
        sku,
        name: &said.name,
        price,
        barcode: said.barcode.as_deref().unwrap_or_default(),
        ..OfferTexts::default()
    };
    OfferInput::parse(&texts, shop.usual.currency).map(Some)
}

pub(super) fn take(
    tx: &mut Tx<'_>,
    by: &SettingsCaller,
    shop: &Shop,
    thing: &Thing,
    field: &str,
) -> Result<()> {
    let permit = by.permit::<EditCatalog>()?;
    let said = products::said(tx, shop, &thing.external_id)?.ok_or_else(not_taken)?;
    let wanted = wanted(shop, &said)?.ok_or_else(not_taken)?;
    let offer = offers_by_sku(tx, shop.company(), &[&wanted.sku])?.remove(&wanted.sku);
    let mut input = OfferInput::of(&offer.ok_or_else(not_taken)?);
    match field {
        "name" => input.name = wanted.name,
        "price" => (input.price, input.currency) = (wanted.price, wanted.currency),
        "barcode" => input.barcode = wanted.barcode,
        _ => return Err(not_taken()),
    }
    upsert(tx, &permit, &[input]).map(|_| ())
}
