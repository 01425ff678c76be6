//! Prices: the base one is the catalogue's, those of other types are kept for the shop that told them and given
//! back with its goods.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use takt_catalog::{EditCatalog, Offer, OfferId, OfferInput, upsert};
use takt_kernel::{Result as Kept, money::UnitPrice};
use takt_store::{Query, Tx, params, sql};

use crate::{
    model::corporate::is_yes,
    orders::{read, write::number},
    stock::{Offers, unknown},
    wire::{
        endpoint::{Answer, Call, Done},
        lenient::{self, List, Number, Text, filled},
        refusal::Refusal,
    },
};

const BASE: &str = "base";
const LONGEST_CODE: usize = 50;
/// A shop has a handful of price lists; one offer has no more prices than this.
const MOST_TYPES: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Priced {
    external_id: Option<Text>,
    xml_id: Option<Text>,
    id: Option<Text>,
    site: Option<Text>,
    prices: List<PriceIn>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PriceIn {
    code: Option<Text>,
    #[serde(deserialize_with = "lenient::said")]
    price: Option<Number>,
    remove: Option<Text>,
}

/// POST store/prices/upload.
pub(crate) fn upload(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let priced: List<Priced> = call.fields.json("prices")?;
    let permit = call.permit::<EditCatalog>()?;
    let names = priced.0.iter().map(|one| (one.external_id.as_ref(), one.xml_id.as_ref(), one.id.as_ref()));
    let known = Offers::of(tx, call, names.collect())?;
    let (mut inputs, mut missing, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let mut processed = 0;
    for one in &priced.0 {
        call.expect_site(one.site.as_ref())?;
        let Some(offer) = known.find(one.external_id.as_ref(), one.xml_id.as_ref(), one.id.as_ref()) else {
            missing.push(unknown(one.external_id.as_ref(), one.xml_id.as_ref(), one.id.as_ref()));
            continue;
        };
        processed += 1;
        for price in one.prices.0.iter().take(MOST_TYPES) {
            let removed = price.remove.as_ref().is_some_and(is_yes);
            match (filled(price.code.as_ref()).unwrap_or(BASE), price.price) {
                (BASE, Some(number)) if !removed => {
                    inputs.push(OfferInput { price: read::price(number.0)?, ..OfferInput::of(offer) });
                }
                // What is sold has a price: the base one is changed, never taken away.
                (BASE, _) => {}
                (code, _) if !is_code(code) => notes.push(format!("price {code} (no code)")),
                (code, _) if removed => remove(tx, call, offer.id, code)?,
                (code, Some(number)) => keep(tx, call, offer.id, code, read::price(number.0)?)?,
                (_, None) => {}
            }
        }
    }
    notes.dedup();
    upsert(tx, &permit, &inputs)?;
    let answer = Answer::ok().with("processedOffersCount", processed).with("notFoundOffers", missing);
    Ok(Done::from(answer).about("prices").notes(notes))
}

fn is_code(code: &str) -> bool {
    code.len() <= LONGEST_CODE
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn keep(tx: &mut Tx<'_>, call: &Call, offer: OfferId, code: &str, price: UnitPrice) -> Kept<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "insert into retailcrm_price (company_id, shop_id, offer_id, code, price, updated_at)
             values (:company_id, :shop_id, :offer_id, :code, :price, :now)
             on conflict (company_id, shop_id, offer_id, code) do update
             set price = excluded.price, updated_at = excluded.updated_at"
        ),
        params![
            company_id: call.company(), shop_id: call.shop(), offer_id: offer, code: code, price: price, now: now,
        ],
    )
}

fn remove(tx: &mut Tx<'_>, call: &Call, offer: OfferId, code: &str) -> Kept<()> {
    tx.put(
        sql!(
            "delete from retailcrm_price
             where company_id = :company_id and shop_id = :shop_id and offer_id = :offer_id and code = :code"
        ),
        params![company_id: call.company(), shop_id: call.shop(), offer_id: offer, code: code],
    )
}

/// Prices of these offers, of every type but the base one.
pub(crate) type Prices = BTreeMap<OfferId, Vec<(String, UnitPrice)>>;

/// # Errors
/// Faults of the store.
pub(crate) fn of_offers(db: &mut dyn Query, call: &Call, offers: &[Offer]) -> Kept<Prices> {
    let ids = Value::from(offers.iter().map(|offer| offer.id.get()).collect::<Vec<_>>()).to_string();
    let rows = db.all(
        sql!(
            "select offer_id, code, price
             from retailcrm_price
             where company_id = :company_id and shop_id = :shop_id and offer_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by offer_id, code
             limit 20000"
        ),
        params![company_id: call.company(), shop_id: call.shop(), ids: ids],
    )?;
    let mut prices = Prices::new();
    for row in &rows {
        prices.entry(row.get("offer_id")?).or_default().push((row.get("code")?, row.get("price")?));
    }
    Ok(prices)
}

/// The base one first.
pub(crate) fn written(offer: &Offer, prices: &Prices) -> Value {
    let one = |code: &str, price: UnitPrice, place: usize| {
        json!({
            "priceType": code, "price": number(&price.to_decimal_string()), "ordering": (place + 1) * 10,
            "currency": offer.currency.code(),
        })
    };
    let own = prices.get(&offer.id).map_or(&[][..], Vec::as_slice);
    let others = own.iter().enumerate().map(|(place, (code, price))| one(code, *price, place + 1));
    Value::Array(std::iter::once(one(BASE, offer.price, 0)).chain(others).collect())
}
