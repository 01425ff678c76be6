//! Orders among what is found from anywhere, and their buyers, who are found by what their orders say of them.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Result, fold};
use takt_search::{Search, newest, text_of};
use takt_staff::{
    Scope,
    finds::{Closeness, Finder, Found, Looking},
};
use takt_store::Query;

use crate::{
    order::{Order, OrderId},
    pages, permissions, queries,
    search::{KIND, Needle},
    statuses,
};

pub(crate) const FINDER: Finder = Finder { permission: permissions::RIGHTS[0].code, place: 10, find };

const GROUP: &str = "orders-title";
const BUYERS: &str = "orders-found-buyers";
/// Looked at, to find the closest among the newest.
const LOOKED_AT: usize = 30;
const SHOWN: usize = 7;
const SHOWN_NEW: i64 = 5;
const SEE_CUSTOMERS: &str = <takt_customers::SeeCustomers as takt_staff::Permission>::CODE;

fn find(db: &mut dyn Query, looking: &Looking<'_>) -> Result<Vec<Found>> {
    let Some(needle) = Needle::of(looking.typed) else {
        let filter = queries::ListFilter { limit: SHOWN_NEW, ..Default::default() };
        let orders = queries::list(db, looking.scope, &filter)?.items;
        return orders.iter().map(|order| as_found(db, looking, order, Closeness::AsTyped)).collect();
    };
    let orders = having(db, looking.scope, &needle)?;
    let typed = fold(looking.typed);
    let mut found = Vec::with_capacity(orders.len());
    for order in &orders {
        found.push((closeness(db, &needle, &typed, order)?, order));
    }
    found.sort_by_key(|(closeness, _)| *closeness);
    let mut all = Vec::new();
    for (closeness, order) in found.iter().take(SHOWN) {
        all.push(as_found(db, looking, order, *closeness)?);
    }
    all.extend(buyers(looking, &needle, &orders));
    Ok(all)
}

/// The newest that have the words and may be seen.
fn having(db: &mut dyn Query, scope: &Scope, needle: &Needle) -> Result<Vec<Order>> {
    let shops = match scope {
        Scope::Company { shops, .. } => shops.clone(),
        Scope::Desk { .. } => None,
    };
    let search =
        Search { kind: KIND, companies: scope.companies(), shops: shops.as_deref(), needle, before: None };
    let found = newest(db, &search, LOOKED_AT, &mut |_, _, ids| Ok(ids.to_vec()))?;
    let places: Vec<(CompanyId, OrderId)> =
        found.ids.iter().map(|(company, id)| (*company, OrderId::new(*id))).collect();
    queries::load_all(db, &places)
}

fn closeness(db: &mut dyn Query, needle: &Needle, typed: &str, order: &Order) -> Result<Closeness> {
    let number = fold(&order.number);
    let external = order.external_id.as_deref().map(fold).unwrap_or_default();
    if number == typed || external == typed {
        return Ok(Closeness::Itself);
    }
    if number.starts_with(typed) || external.starts_with(typed) {
        return Ok(Closeness::Begins);
    }
    let text = text_of(db, order.company, KIND, order.id.get())?;
    let as_typed = text.is_some_and(|text| needle.matches_as_typed(&text));
    Ok(if as_typed { Closeness::AsTyped } else { Closeness::InAnotherForm })
}

fn as_found(db: &mut dyn Query, looking: &Looking<'_>, order: &Order, closeness: Closeness) -> Result<Found> {
    let w = looking.words;
    let status = statuses::all(db, order.company)?.into_iter().find(|status| status.code == order.status);
    let status = status.map_or_else(|| order.status.clone(), |status| status.name(w.lang()).to_owned());
    Ok(Found {
        group_key: GROUP,
        label: format!("{} · {}", order.number, pages::buyer_name(w, order)),
        note: format!("{status} · {}", w.money(order.total)),
        href: format!("/orders/{}", order.id),
        closeness,
    })
}

/// Whose name, phone or e-mail has the words: of these orders, each once.
fn buyers(looking: &Looking<'_>, needle: &Needle, orders: &[Order]) -> Vec<Found> {
    let mut buyers: BTreeMap<_, Found> = BTreeMap::new();
    for order in orders {
        let Some(customer) = order.customer else { continue };
        if !(looking.may_in)(order.company, SEE_CUSTOMERS)
            || !needle.matches(&crate::search::buyers_text(order))
        {
            continue;
        }
        let contact = &order.contact;
        let reached = contact.phone.as_deref().map(takt_customers::shown).or_else(|| contact.email.clone());
        buyers.entry(customer).or_insert_with(|| Found {
            group_key: BUYERS,
            label: pages::buyer_name(looking.words, order),
            note: reached.unwrap_or_default(),
            href: format!("/customers/{customer}"),
            closeness: Closeness::AsTyped,
        });
    }
    buyers.into_values().rev().take(4).collect()
}

/// For who has an order open.
pub(crate) fn company_of(db: &mut dyn Query, scope: &Scope, id: i64) -> Result<Option<CompanyId>> {
    match queries::get(db, scope, OrderId::new(id)) {
        Ok(order) => Ok(Some(order.company)),
        Err(fault) if fault.is("orders.missing") => Ok(None),
        Err(fault) => Err(fault),
    }
}
