use takt_catalog::{COUNTED, EditCatalog, Incoming, OfferInput, OfferTexts, offers_by_sku};
use takt_kernel::{
    PersonId, Result,
    money::{Currency, Quantity},
};
use takt_staff::{Permit, companies};
use takt_store::{Query, Tx};

use super::{Cells, Outcome, Taken, note};
use crate::{
    clean::{self, unreadable},
    columns::Field,
};

/// A row is an offer, found by its SKU; what the file does not tell of it stays.
pub(super) fn take_in(
    tx: &mut Tx<'_>,
    permit: &Permit<EditCatalog>,
    person: PersonId,
    cells: &Cells,
) -> Result<Taken> {
    let mut cleaned = Vec::new();
    let currency = currency_of(tx, permit, cells)?;
    let given = cells.one(Field::Price);
    let price = if given.is_empty() { String::new() } else { clean::money("price", given, currency)? };
    note(&mut cleaned, Field::Price, given, &price);
    let vat = clean::vat(cells.one(Field::Vat))?;
    note(&mut cleaned, Field::Vat, cells.one(Field::Vat), &vat);
    let texts = OfferTexts {
        sku: cells.one(Field::Sku),
        name: cells.one(Field::Product),
        unit: cells.one(Field::Unit),
        price: &price,
        currency: cells.one(Field::Currency),
        vat: &vat,
        barcode: cells.one(Field::Barcode),
    };
    let incoming = Incoming {
        input: OfferInput::parse(&texts, currency)?,
        tells_unit: !texts.unit.is_empty(),
        tells_vat: !texts.vat.is_empty(),
        tells_barcode: !texts.barcode.is_empty(),
        group: None,
        archived: None,
        added_archived: false,
        tells_price: true,
    };
    let sku = incoming.input.sku.clone();
    let taken = takt_catalog::take_in(tx, permit, &[incoming])?;
    let mut outcome = match taken.get(&sku).map(|taken| taken.outcome) {
        Some(takt_catalog::Outcome::Added) => Outcome::New,
        Some(takt_catalog::Outcome::Changed) => Outcome::Changed,
        Some(takt_catalog::Outcome::Same) | None => Outcome::Same,
    };
    let counted = cells.one(Field::Stock);
    if let (false, Some(taken)) = (counted.is_empty(), taken.get(&sku)) {
        let even = clean::amount("stock", counted)?;
        note(&mut cleaned, Field::Stock, counted, &even);
        let quantity =
            Quantity::parse(&even).map_err(|_| unreadable("stock", "imports.amount_unreadable", counted))?;
        let mut changed = false;
        for step in tx.slots().of(&COUNTED) {
            changed |= step(tx, person, permit.company(), taken.offer, quantity)?;
        }
        if changed && outcome == Outcome::Same {
            outcome = Outcome::Changed;
        }
    }
    Ok(Taken { outcome, cleaned })
}

/// The one that the row tells, else that of the offer as it is known, else the company's.
fn currency_of(tx: &mut Tx<'_>, permit: &Permit<EditCatalog>, cells: &Cells) -> Result<Currency> {
    // What is told and is none is refused with the rest of the offer.
    if let Ok(told) = Currency::from_code(&cells.one(Field::Currency).to_uppercase()) {
        return Ok(told);
    }
    let sku = cells.one(Field::Sku).split_whitespace().collect::<Vec<_>>().join(" ");
    match offers_by_sku(tx, permit.company(), &[&sku])?.remove(&sku) {
        Some(known) => Ok(known.currency),
        None => Ok(companies::get(tx, permit.company())?.currency),
    }
}
