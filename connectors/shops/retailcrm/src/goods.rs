//! The catalogue as the protocol has it: products with their offers.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use takt_catalog::{
    Numbered, Offer, OfferId, Product, ProductId, ProductsNumbered, SeeCatalog, offers_by_id, offers_by_sku,
    offers_numbered, products_numbered,
};
use takt_kernel::money::{Quantity, UnitPrice};
use takt_stock::{Level, SeeStock, levels_of_offers};
use takt_store::Query;

use crate::{
    orders::{
        read,
        write::{number, pieces},
    },
    prices::{self, Prices},
    wire::{
        endpoint::{Answer, Call},
        lenient::{self, List, Number, Text, filled},
        page::{Page, Paging},
        refusal::Refusal,
        time,
    },
};

const USUAL: i64 = 20;
const MOST_NAMED: usize = 250;

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
    name: Option<Text>,
    external_id: Option<Text>,
    xml_id: Option<Text>,
    external_ids: List<Text>,
    xml_ids: List<Text>,
    offer_ids: List<Text>,
    offer_external_id: Option<Text>,
    offer_xml_id: Option<Text>,
    sites: List<Text>,
    catalogs: List<Text>,
    groups: List<Text>,
    group_external_id: Option<Text>,
    active: Option<Text>,
    since_id: Option<Text>,
    since_updated_at: Option<Text>,
    min_price: Option<Number>,
    max_price: Option<Number>,
    min_quantity: Option<Text>,
    max_quantity: Option<Text>,
}

impl Filter {
    /// Goods of other shops, and of groups, which there are none.
    fn means_nothing(&self, call: &Call) -> bool {
        let names = |list: &List<Text>, ours: &str| {
            list.is_empty() || list.0.iter().any(|one| one.as_str().trim() == ours)
        };
        !names(&self.sites, &call.site.code)
            || !names(&self.catalogs, &call.shop().to_string())
            || !self.groups.is_empty()
            || filled(self.group_external_id.as_ref()).is_some()
    }

    /// What would be answered wrongly is refused.
    fn expect_understood(&self) -> Result<(), Refusal> {
        for (given, name) in
            [(&self.min_quantity, "filter.minQuantity"), (&self.max_quantity, "filter.maxQuantity")]
        {
            if filled(given.as_ref()).is_some() {
                return Err(Refusal::parameter(name, "This value is not valid."));
            }
        }
        Ok(())
    }

    fn is_archived(&self) -> bool {
        filled(self.active.as_ref()).is_some_and(|active| active == "0")
    }

    /// The offers that are named, if any are.
    fn named(&self, db: &mut dyn Query, call: &Call) -> Result<Option<Vec<Offer>>, Refusal> {
        let mut skus: Vec<&str> = self.external_ids.0.iter().filter_map(Text::filled).collect();
        skus.extend(self.xml_ids.0.iter().filter_map(Text::filled));
        let single = [&self.external_id, &self.xml_id, &self.offer_external_id, &self.offer_xml_id];
        skus.extend(single.into_iter().filter_map(|text| filled(text.as_ref())));
        skus.truncate(MOST_NAMED);
        let mut found: Option<Vec<Offer>> = None;
        if !skus.is_empty() {
            found = Some(offers_by_sku(db, call.company(), &skus)?.into_values().collect());
        }
        if !self.offer_ids.is_empty() {
            let ids = numbers::<OfferId>("filter.offerIds", &self.offer_ids)?;
            let these: Vec<Offer> = offers_by_id(db, call.company(), &ids)?.into_values().collect();
            found = Some(match found {
                Some(found) => found.into_iter().filter(|offer| ids.contains(&offer.id)).collect(),
                None => these,
            });
        }
        Ok(found)
    }
}

fn numbers<T: std::str::FromStr>(path: &str, list: &List<Text>) -> Result<Vec<T>, Refusal> {
    list.0
        .iter()
        .take(MOST_NAMED)
        .map(|id| id.as_str().trim().parse())
        .collect::<Result<Vec<T>, _>>()
        .map_err(|_| Refusal::parameter(path, "This value is not valid."))
}

fn asked(call: &Call) -> Result<(Filter, Page), Refusal> {
    call.permit::<SeeCatalog>()?;
    call.permit::<SeeStock>()?;
    let asked: Asked = call.fields.parameters()?;
    let page = Paging { limit: asked.limit, page: asked.page }.page(USUAL)?;
    asked.filter.expect_understood()?;
    Ok((asked.filter, page))
}

/// What is shown of offers beside the catalogue.
struct About {
    levels: Vec<Level>,
    prices: Prices,
}

impl About {
    fn of(db: &mut dyn Query, call: &Call, offers: &[Offer]) -> takt_kernel::Result<Self> {
        let ids: BTreeSet<OfferId> = offers.iter().map(|offer| offer.id).collect();
        let levels = levels_of_offers(db, call.company(), &ids)?;
        Ok(Self { levels, prices: prices::of_offers(db, call, offers)? })
    }
}

fn free(levels: &[Level], offers: &[&Offer]) -> Value {
    let mine = levels.iter().filter(|level| offers.iter().any(|offer| offer.id == level.offer));
    pieces(Quantity::from_thousandths(mine.map(|level| level.free().thousandths().max(0)).sum()))
}

fn offer(call: &Call, offer: &Offer, about: &About) -> Map<String, Value> {
    let price = number(&offer.price.to_decimal_string());
    let mut body = Map::new();
    for (name, value) in [
        ("name", json!(offer.name)),
        ("price", price),
        ("images", json!([])),
        ("id", json!(offer.id.get())),
        ("externalId", json!(offer.sku)),
        ("xmlId", json!(offer.sku)),
        ("article", json!(offer.sku)),
        ("prices", prices::written(offer, &about.prices)),
        ("vatRate", json!(offer.vat.to_string())),
        ("properties", json!([])),
        ("quantity", free(&about.levels, &[offer])),
        ("active", json!(!offer.archived)),
        ("unit", json!({ "code": offer.unit, "name": offer.unit, "sym": offer.unit })),
        ("site", json!(call.site.code)),
    ] {
        body.insert(name.to_owned(), value);
    }
    if let Some(barcode) = &offer.barcode {
        body.insert("barcode".to_owned(), json!(barcode));
    }
    body
}

fn product(call: &Call, product: &Product, about: &About) -> Map<String, Value> {
    let prices = product.offers.iter().map(|offer| offer.price);
    let shown =
        |price: Option<UnitPrice>| price.map_or_else(|| json!(0), |price| number(&price.to_decimal_string()));
    let offers: Vec<&Offer> = product.offers.iter().collect();
    let mut body = Map::new();
    for (name, value) in [
        ("minPrice", shown(prices.clone().min())),
        ("maxPrice", shown(prices.max())),
        ("catalogId", json!(call.shop().get())),
        ("id", json!(product.id.get())),
        ("type", json!("product")),
        ("name", json!(product.name)),
        ("groups", json!([])),
        ("active", json!(true)),
        ("quantity", free(&about.levels, &offers)),
        ("markable", json!(false)),
        ("updatedAt", json!(time::written(product.updated_at, &call.site.zone))),
    ] {
        body.insert(name.to_owned(), value);
    }
    if let [only] = product.offers.as_slice() {
        body.insert("externalId".to_owned(), json!(only.sku));
        body.insert("article".to_owned(), json!(only.sku));
    }
    body
}

fn cut<T>(all: Vec<T>, page: Page) -> (Vec<T>, i64) {
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(page.skipped()).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit).unwrap_or(0);
    (all.into_iter().skip(skip).take(limit).collect(), total)
}

/// GET store/offers.
pub(crate) fn offers(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let (filter, page) = asked(call)?;
    let (found, total) =
        if filter.means_nothing(call) { (Vec::new(), 0) } else { wanted_offers(db, call, &filter, page)? };
    let mut ids: Vec<ProductId> = found.iter().map(|offer| offer.product).collect();
    ids.sort_unstable();
    ids.dedup();
    let products = ProductsNumbered { ids: Some(ids), limit: page.limit, ..ProductsNumbered::default() };
    let (products, _) = products_numbered(db, call.company(), &products)?;
    let mut all: Vec<Offer> = found.clone();
    all.extend(products.iter().flat_map(|product| product.offers.clone()));
    let about = About::of(db, call, &all)?;
    let bodies: Vec<Value> = found
        .iter()
        .map(|one| {
            let mut body = offer(call, one, &about);
            if let Some(of) = products.iter().find(|product| product.id == one.product) {
                body.insert("product".to_owned(), Value::Object(product(call, of, &about)));
            }
            Value::Object(body)
        })
        .collect();
    Ok(Answer::ok().with("pagination", page.answer(total)).with("offers", bodies))
}

fn wanted_offers(
    db: &mut dyn Query,
    call: &Call,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<Offer>, i64), Refusal> {
    let mut named = filter.named(db, call)?;
    if !filter.ids.is_empty() {
        let ids = numbers::<OfferId>("filter.ids", &filter.ids)?;
        let these = offers_by_id(db, call.company(), &ids)?;
        named = Some(match named {
            Some(named) => named.into_iter().filter(|offer| ids.contains(&offer.id)).collect(),
            None => these.into_values().collect(),
        });
    }
    if let Some(mut named) = named {
        named.retain(|offer| offer.archived == filter.is_archived());
        named.sort_by_key(|offer| offer.id);
        return Ok(cut(named, page));
    }
    let since = match filled(filter.since_id.as_ref()) {
        Some(id) => {
            Some(id.parse().map_err(|_| Refusal::parameter("filter.sinceId", "This value is not valid."))?)
        }
        None => None,
    };
    let price = |given: Option<Number>| given.map(|given| read::price(given.0)).transpose();
    let wanted = Numbered {
        words: filled(filter.name.as_ref()).unwrap_or_default().to_owned(),
        since,
        archived: filter.is_archived(),
        lowest: price(filter.min_price)?,
        highest: price(filter.max_price)?,
        skip: page.skipped(),
        limit: page.limit,
    };
    Ok(offers_numbered(db, call.company(), &wanted)?)
}

/// GET store/products.
pub(crate) fn products(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let (filter, page) = asked(call)?;
    // A product is there as long as one of its offers is.
    let nothing = filter.means_nothing(call) || filter.is_archived();
    let (found, total) = if nothing { (Vec::new(), 0) } else { wanted_products(db, call, &filter, page)? };
    let all: Vec<Offer> = found.iter().flat_map(|product| product.offers.clone()).collect();
    let about = About::of(db, call, &all)?;
    let bodies: Vec<Value> = found
        .iter()
        .map(|one| {
            let mut body = product(call, one, &about);
            let offers: Vec<Value> =
                one.offers.iter().map(|one| Value::Object(offer(call, one, &about))).collect();
            body.insert("properties".to_owned(), json!([]));
            body.insert("offers".to_owned(), Value::Array(offers));
            Value::Object(body)
        })
        .collect();
    Ok(Answer::ok().with("pagination", page.answer(total)).with("products", bodies))
}

fn wanted_products(
    db: &mut dyn Query,
    call: &Call,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<Product>, i64), Refusal> {
    for (given, name) in [(filter.min_price, "filter.minPrice"), (filter.max_price, "filter.maxPrice")] {
        if given.is_some() {
            return Err(Refusal::parameter(name, "This value is not valid."));
        }
    }
    let mut ids = filter
        .named(db, call)?
        .map(|offers| offers.into_iter().map(|offer| offer.product).collect::<Vec<ProductId>>());
    if !filter.ids.is_empty() {
        let these = numbers::<ProductId>("filter.ids", &filter.ids)?;
        ids = Some(match ids {
            Some(ids) => ids.into_iter().filter(|id| these.contains(id)).collect(),
            None => these,
        });
    }
    let since = match filled(filter.since_id.as_ref()) {
        Some(id) => {
            Some(id.parse().map_err(|_| Refusal::parameter("filter.sinceId", "This value is not valid."))?)
        }
        None => None,
    };
    let updated_from = match filled(filter.since_updated_at.as_ref()) {
        Some(at) => Some(time::read(at, &call.site.zone).ok_or_else(|| {
            Refusal::parameter("filter.sinceUpdatedAt", "This value is not a valid datetime.")
        })?),
        None => None,
    };
    let wanted = ProductsNumbered {
        ids,
        words: filled(filter.name.as_ref()).unwrap_or_default().to_owned(),
        since,
        updated_from,
        skip: page.skipped(),
        limit: page.limit,
    };
    Ok(products_numbered(db, call.company(), &wanted)?)
}
