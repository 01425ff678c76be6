//! Goods among what is found from anywhere.

use takt_kernel::{Result, fold};
use takt_staff::finds::{Closeness, Finder, Found, Looking};
use takt_store::Query;

use crate::{Filter, Offer, queries, rights};

pub(crate) const FINDER: Finder = Finder { permission: rights::RIGHTS[0].code, place: 30, find };

const SHOWN: i64 = 5;

fn find(db: &mut dyn Query, looking: &Looking<'_>) -> Result<Vec<Found>> {
    if looking.typed.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Filter { q: looking.typed.to_owned(), limit: SHOWN, ..Filter::default() };
    let typed = fold(looking.typed);
    let page = queries::list(db, looking.scope, &filter)?;
    Ok(page.items.iter().map(|offer| as_found(offer, &typed)).collect())
}

fn as_found(offer: &Offer, typed: &str) -> Found {
    let closeness =
        [&offer.sku, &offer.name].into_iter().filter_map(|text| Closeness::of(&fold(text), typed)).min();
    Found {
        group_key: "catalog-title",
        label: offer.name.clone(),
        note: offer.sku.clone(),
        href: format!("/products/{}", offer.id),
        closeness: closeness.unwrap_or(Closeness::AsTyped),
    }
}
