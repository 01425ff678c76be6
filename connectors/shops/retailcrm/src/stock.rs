//! Stock and prices, both ways.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use takt_catalog::{Offer, OfferId, numbered, offers_by_id, offers_by_sku};
use takt_kernel::{Result as Kept, money::Quantity};
use takt_stock::{
    Correction, MoveStock, SeeStock, Warehouse, levels_of_offers, set_many,
    warehouses::{self, by_name_or_id},
};
use takt_store::{Query, Tx};

use crate::{
    model::{corporate::is_yes, typed},
    orders::{read, write},
    references,
    wire::{
        endpoint::{Answer, Call, Done},
        lenient::{self, List, Number, Text, filled},
        page::Paging,
        refusal::Refusal,
    },
};

const USUAL: i64 = 20;
const MOST_OFFERS: usize = 500;
const MAIN: &str = "main";

fn code_of(warehouse: &Warehouse) -> String {
    if warehouse.name.is_empty() { MAIN.to_owned() } else { warehouse.id.to_string() }
}

/// GET reference/stores.
pub(crate) fn stores(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let mut stores: Vec<Value> = warehouses::list(db, call.company())?
        .iter()
        .filter(|warehouse| !warehouse.archived)
        .map(|warehouse| {
            let name = if warehouse.name.is_empty() { "Основной" } else { warehouse.name.as_str() };
            store(&code_of(warehouse), name)
        })
        .collect();
    if stores.is_empty() {
        stores.push(store(MAIN, "Основной"));
    }
    for (code, own) in references::rows(db, call, STORES)? {
        let known = stores.iter_mut().find(|store| store["code"].as_str() == Some(&code));
        if let (Some(Value::Object(known)), Value::Object(own)) = (known, own) {
            known.extend(own);
        }
    }
    Ok(Answer::ok().with("stores", stores))
}

const STORES: &str = "stores";

/// POST reference/stores/{code}/edit: what the shop calls a warehouse of the company, and says of it. Warehouses are
/// opened by people only.
pub(crate) fn change_store(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: serde_json::Map<String, Value> = call.fields.json("store")?;
    call.permit::<MoveStock>()?;
    let code = call.segment(2).to_owned();
    let warehouses = warehouses::list(tx, call.company())?;
    let is_known = if warehouses.is_empty() {
        code == MAIN
    } else {
        warehouses.iter().any(|one| !one.archived && code_of(one) == code)
    };
    if !is_known {
        return Err(Refusal::not_found());
    }
    let mut body = typed::known(&said, typed::STORE);
    for (name, fields) in [("address", typed::ADDRESS), ("phone", &[("number", typed::Type::Text)][..])] {
        if let Some(part) = said.get(name).and_then(Value::as_object) {
            body.insert(name.to_owned(), Value::Object(typed::known(part, fields)));
        }
    }
    references::put(tx, call, STORES, &code, &Value::Object(body))?;
    Ok(Done::from(Answer::ok()).about(format!("store {code}")))
}

fn store(code: &str, name: &str) -> Value {
    json!({
        "type": "store-type-warehouse", "inventoryType": "integer", "active": true, "code": code, "name": name,
        "description": name, "address": {}, "phone": {},
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    limit: Option<Text>,
    page: Option<Text>,
    #[serde(deserialize_with = "lenient::or_nothing")]
    filter: Filter,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Filter {
    ids: List<Text>,
    offer_external_id: List<Text>,
    product_external_id: Option<Text>,
    offer_xml_id: List<Text>,
    sites: List<Text>,
    details: Option<Text>,
}

/// GET store/inventories: what may be sold, of the offers whose stock is known here at all.
pub(crate) fn inventories(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    call.permit::<SeeStock>()?;
    let asked: Asked = call.fields.parameters()?;
    let page = Paging { limit: asked.limit, page: asked.page }.page(USUAL)?;
    let filter = &asked.filter;
    let foreign =
        !filter.sites.is_empty() && !filter.sites.0.iter().any(|site| site.as_str() == call.site.code);
    let (offers, total) = if foreign { (Vec::new(), 0) } else { wanted(db, call, filter, page)? };
    let ids = offers.iter().map(|offer| offer.id).collect();
    let levels = levels_of_offers(db, call.company(), &ids)?;
    let names: BTreeMap<_, _> = warehouses::list(db, call.company())?
        .into_iter()
        .map(|warehouse| (warehouse.id, code_of(&warehouse)))
        .collect();
    let details = filter.details.as_ref().is_some_and(is_yes);
    let bodies: Vec<Value> = offers
        .iter()
        .filter_map(|offer| {
            let of: Vec<_> = levels.iter().filter(|level| level.offer == offer.id).collect();
            if of.is_empty() {
                return None;
            }
            let free = of.iter().fold(0, |sum, level| sum + level.free().thousandths().max(0));
            let mut body = json!({
                "id": offer.id.get(), "externalId": offer.sku, "xmlId": offer.sku, "site": call.site.code,
                "quantity": write::pieces(Quantity::from_thousandths(free)), "purchasePrice": 0,
            });
            if details {
                let stores: Vec<Value> = of
                    .iter()
                    .map(|level| {
                        json!({
                            "quantity": write::pieces(level.free()), "purchasePrice": 0,
                            "store": names.get(&level.warehouse),
                        })
                    })
                    .collect();
                body["stores"] = Value::Array(stores);
            }
            Some(body)
        })
        .collect();
    Ok(Answer::ok().with("pagination", page.answer(total)).with("offers", bodies))
}

fn wanted(
    db: &mut dyn Query,
    call: &Call,
    filter: &Filter,
    page: crate::wire::page::Page,
) -> Result<(Vec<Offer>, i64), Refusal> {
    let mut skus: Vec<&str> = filter.offer_external_id.0.iter().filter_map(Text::filled).collect();
    skus.extend(filter.offer_xml_id.0.iter().filter_map(Text::filled));
    skus.extend(filled(filter.product_external_id.as_ref()));
    let by_id = !filter.ids.is_empty();
    if skus.is_empty() && !by_id {
        return Ok(numbered(db, call.company(), page.skipped(), page.limit)?);
    }
    skus.truncate(MOST_OFFERS);
    let mut found: Vec<Offer> = Vec::new();
    if by_id {
        let ids: Vec<OfferId> =
            filter.ids.0.iter().take(MOST_OFFERS).filter_map(|id| id.as_str().parse().ok()).collect();
        found.extend(offers_by_id(db, call.company(), &ids)?.into_values());
    }
    if !skus.is_empty() {
        found.extend(offers_by_sku(db, call.company(), &skus)?.into_values());
    }
    found.retain(|offer| !offer.archived);
    let total = found.len() as i64;
    let skip = usize::try_from(page.skipped()).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit).unwrap_or(0);
    Ok((found.into_iter().skip(skip).take(limit).collect(), total))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Counted {
    external_id: Option<Text>,
    xml_id: Option<Text>,
    id: Option<Text>,
    stores: List<CountedIn>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CountedIn {
    code: Option<Text>,
    #[serde(deserialize_with = "lenient::said")]
    available: Option<Number>,
}

/// POST store/inventories/upload: what lies in the shop's stores.
pub(crate) fn upload(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let counted: List<Counted> = call.fields.json("offers")?;
    let permit = call.permit::<MoveStock>()?;
    let names = counted.0.iter().map(|one| (one.external_id.as_ref(), one.xml_id.as_ref(), one.id.as_ref()));
    let known = Offers::of(tx, call, names.collect())?;
    let (mut items, mut missing, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let mut processed = 0;
    for one in &counted.0 {
        let Some(offer) = known.find(one.external_id.as_ref(), one.xml_id.as_ref(), one.id.as_ref()) else {
            missing.push(unknown(one.external_id.as_ref(), one.xml_id.as_ref(), one.id.as_ref()));
            continue;
        };
        processed += 1;
        for store in &one.stores.0 {
            // Who says only what the goods cost has counted nothing.
            let Some(available) = store.available else {
                notes.push("stores (nothing counted)".to_owned());
                continue;
            };
            let warehouse = match filled(store.code.as_ref()) {
                None | Some(MAIN) => None,
                Some(code) => match by_name_or_id(tx, call.company(), code) {
                    Ok(warehouse) => Some(warehouse.id),
                    Err(fault) if fault.kind() == takt_kernel::Kind::Missing => {
                        notes.push(format!("store {code} (unknown)"));
                        continue;
                    }
                    Err(fault) => return Err(fault.into()),
                },
            };
            let quantity = read::quantity(available.0.max(0.into()))?;
            items.push(Correction { warehouse, offer: offer.id, quantity, note: None });
        }
    }
    // A message that waited counts for when it came: what was counted or moved since stands.
    let counted_at = call.came_at.min(tx.now());
    for part in items.chunks(MOST_OFFERS) {
        set_many(tx, &permit, Some(counted_at), part)?;
    }
    notes.dedup();
    let answer = Answer::ok().with("processedOffersCount", processed).with("notFoundOffers", missing);
    Ok(Done::from(answer).about("stock").notes(notes))
}

pub(crate) fn unknown(external_id: Option<&Text>, xml_id: Option<&Text>, id: Option<&Text>) -> Value {
    let mut body = serde_json::Map::new();
    for (name, value) in [("externalId", external_id), ("xmlId", xml_id), ("id", id)] {
        if let Some(value) = filled(value) {
            body.insert(name.to_owned(), json!(value));
        }
    }
    Value::Object(body)
}

pub(crate) type Named<'a> = (Option<&'a Text>, Option<&'a Text>, Option<&'a Text>);

/// The offers that a message names.
#[derive(Default)]
pub(crate) struct Offers {
    by_sku: BTreeMap<String, Offer>,
    by_id: BTreeMap<OfferId, Offer>,
}

impl Offers {
    /// # Errors
    /// Faults of the store.
    pub(crate) fn of(db: &mut dyn Query, call: &Call, named: Vec<Named<'_>>) -> Kept<Self> {
        let skus: Vec<&str> =
            named.iter().flat_map(|(external, xml, _)| [filled(*external), filled(*xml)]).flatten().collect();
        let ids: Vec<OfferId> = named.iter().filter_map(|(_, _, id)| filled(*id)?.parse().ok()).collect();
        let by_sku =
            if skus.is_empty() { BTreeMap::new() } else { offers_by_sku(db, call.company(), &skus)? };
        let by_id = if ids.is_empty() { BTreeMap::new() } else { offers_by_id(db, call.company(), &ids)? };
        Ok(Self { by_sku, by_id })
    }

    pub(crate) fn find(
        &self,
        external_id: Option<&Text>,
        xml_id: Option<&Text>,
        id: Option<&Text>,
    ) -> Option<&Offer> {
        let by_sku = |text: Option<&Text>| filled(text).and_then(|sku| self.by_sku.get(sku));
        by_sku(external_id).or_else(|| by_sku(xml_id)).or_else(|| self.by_id.get(&filled(id)?.parse().ok()?))
    }
}
