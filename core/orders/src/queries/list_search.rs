//! Lists of what was searched. Up to a thousand orders that have the words are all taken: the count is
//! exact, and any order of the list is. Of more the newest are shown, page by page; by promise they are
//! walked in the order of the list and looked at one by one: what is frequent is found soon.

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::{CompanyId, Result, ShopId};
use takt_search::{Found, Search, newest};
use takt_staff::Scope;
use takt_store::{Query, Statement};

use super::{
    conditions::filtered,
    cursor::{Cursor, Cut, cut},
    find::load_all,
    list::{COUNTED_UP_TO, ListFilter, Narrowed, Page, Sort, Total, chunk, told},
};
use crate::{
    order::{Order, OrderId},
    rows::turn_value,
    search::{KIND, Needle},
};

const WALKED_AT_ONCE: i64 = 200;
const WALKED_PER_PAGE: i64 = 4_000;

type Place = (CompanyId, OrderId);

pub(super) fn search(
    db: &mut dyn Query,
    scope: &Scope,
    filter: &ListFilter,
    needle: &Needle,
    cursor: Option<Cursor>,
) -> Result<Page> {
    let asked = Asked { scope, filter, needle, shops: shops_of(scope, filter) };
    let most = usize::try_from(COUNTED_UP_TO).unwrap_or(usize::MAX);
    let found = asked.newest(db, None, most + 1)?;
    let exact = found.more_below.is_none() && found.ids.len() <= most;
    let total = Total { count: i64::try_from(found.ids.len().min(most)).unwrap_or(COUNTED_UP_TO), exact };
    match filter.sort {
        Sort::Newest => {
            let page = asked.newest_page(db, found, cursor)?;
            let items = load_all(db, &page.items)?;
            Ok(told(Cut { items, next: page.next, previous: page.previous }, filter, total))
        }
        Sort::Promise if exact => {
            let page = promised_page(filter, load_all(db, &places(&found))?, cursor);
            Ok(told(page, filter, total))
        }
        Sort::Promise => Ok(told(asked.walk(db, cursor)?, filter, total)),
    }
}

/// The orders behind a value of the rail that the filter leaves in, by promise. Of more than a thousand the
/// thousand most pressing are taken; the others come up as those are done.
pub(super) fn narrowed(
    db: &mut dyn Query,
    scope: &Scope,
    filter: &ListFilter,
    narrowed: &Narrowed,
    cursor: Option<Cursor>,
) -> Result<Page> {
    let mut places = (narrowed.orders)(db, scope, &narrowed.value, COUNTED_UP_TO + 1)?;
    let most = usize::try_from(COUNTED_UP_TO).unwrap_or(usize::MAX);
    let exact = places.len() <= most;
    places.truncate(most);
    places.sort_unstable();
    places.dedup();
    let mut kept = Vec::new();
    for of_company in places.chunk_by(|one, other| one.0 == other.0) {
        let (company, ids) = (of_company[0].0, of_company.iter().map(|(_, id)| id.get()).collect::<Vec<_>>());
        let left = keep(db, scope, filter, company, &ids)?;
        kept.extend(left.into_iter().map(|id| (company, OrderId::new(id))));
    }
    let mut orders = load_all(db, &kept)?;
    if let Some(needle) = Needle::of(&filter.q) {
        let asked = Asked { scope, filter, needle: &needle, shops: shops_of(scope, filter) };
        orders = asked.matching(db, orders)?;
    }
    let total = Total { count: i64::try_from(orders.len()).unwrap_or(COUNTED_UP_TO), exact };
    Ok(told(promised_page(filter, orders, cursor), filter, total))
}

fn places(found: &Found) -> Vec<Place> {
    found.ids.iter().map(|(company, id)| (*company, OrderId::new(*id))).collect()
}

/// The shops to which what is found is limited.
fn shops_of(scope: &Scope, filter: &ListFilter) -> Option<Vec<ShopId>> {
    match (scope, filter.shop) {
        (Scope::Company { shops: Some(shops), .. }, Some(shop)) => {
            Some(shops.iter().copied().filter(|own| *own == shop).collect())
        }
        (Scope::Company { shops: Some(shops), .. }, None) => Some(shops.clone()),
        (_, Some(shop)) => Some(vec![shop]),
        (_, None) => None,
    }
}

struct Asked<'a> {
    scope: &'a Scope,
    filter: &'a ListFilter,
    needle: &'a Needle,
    shops: Option<Vec<ShopId>>,
}

impl Asked<'_> {
    fn search(&self, before: Option<i64>) -> Search<'_> {
        Search {
            kind: KIND,
            companies: self.scope.companies(),
            shops: self.shops.as_deref(),
            needle: self.needle,
            before,
        }
    }

    /// Those of these orders that have what is looked for, as they stand.
    fn matching(&self, db: &mut dyn Query, mut orders: Vec<Order>) -> Result<Vec<Order>> {
        let mut by_company: BTreeMap<CompanyId, Vec<i64>> = BTreeMap::new();
        for order in &orders {
            by_company.entry(order.company).or_default().push(order.id.get());
        }
        let mut matching = BTreeSet::new();
        for (company, ids) in by_company {
            matching.extend(takt_search::among(db, &self.search(None), company, &ids)?);
        }
        orders.retain(|order| matching.contains(&order.id.get()));
        Ok(orders)
    }

    fn newest(&self, db: &mut dyn Query, before: Option<i64>, most: usize) -> Result<Found> {
        let search = self.search(before);
        newest(db, &search, most, &mut |db, company, ids| keep(db, self.scope, self.filter, company, ids))
    }

    fn newest_page(&self, db: &mut dyn Query, found: Found, cursor: Option<Cursor>) -> Result<Cut<Place>> {
        let limit = page_size(self.filter);
        let place = |(_, id): &Place, back: bool| Cursor::of_id(id.get(), back);
        let all = places(&found);
        let oldest = all.last().map(|(_, id)| *id).filter(|_| found.more_below.is_some());
        if let Some(cursor) = cursor.filter(|cursor| cursor.back) {
            let newer = all.into_iter().take_while(|(_, id)| id.get() > cursor.id);
            let mut read: Vec<Place> = newer.collect();
            read.reverse();
            return Ok(cut(read, limit, Some(cursor), place));
        }
        let before = cursor.map_or(i64::MAX, |cursor| cursor.id);
        let read: Vec<Place> = all.into_iter().filter(|(_, id)| id.get() < before).collect();
        if read.len() > limit || found.more_below.is_none() {
            return Ok(cut(read, limit, cursor, place));
        }
        // Behind the thousand that were counted there is a way on, and the way back is the beginning.
        let found = self.newest(db, Some(before), limit)?;
        let mut page = cut(places(&found), limit, cursor, place);
        page.next = found.more_below.map(|id| Cursor::of_id(id, false));
        page.previous =
            page.previous.filter(|previous| oldest.is_none_or(|oldest| previous.id >= oldest.get()));
        Ok(page)
    }

    fn walk(&self, db: &mut dyn Query, cursor: Option<Cursor>) -> Result<Cut<Order>> {
        let limit = page_size(self.filter);
        let mut at = cursor;
        let mut read: Vec<Order> = Vec::new();
        let (mut walked, mut more) = (0, true);
        while more && read.len() <= limit && walked < WALKED_PER_PAGE {
            let orders = chunk(db, self.scope, self.filter, at, WALKED_AT_ONCE)?;
            more = i64::try_from(orders.len()).is_ok_and(|length| length == WALKED_AT_ONCE);
            walked += WALKED_AT_ONCE;
            let back = cursor.is_some_and(|cursor| cursor.back);
            at = orders.last().map(|last| Cursor::of(last, Sort::Promise, back)).or(at);
            read.extend(self.matching(db, orders)?);
        }
        let stopped = more && read.len() <= limit;
        let mut page = cut(read, limit, cursor, |order, back| Cursor::of(order, Sort::Promise, back));
        if stopped && cursor.is_none_or(|cursor| !cursor.back) {
            page.next = at;
        }
        Ok(page)
    }
}

/// Those of a company's orders that the filter leaves in.
fn keep(
    db: &mut dyn Query,
    scope: &Scope,
    filter: &ListFilter,
    company: CompanyId,
    ids: &[i64],
) -> Result<Vec<i64>> {
    if filter.is_all_of_a_shop()
        && filter.customers.is_empty()
        && filter.rail.is_none()
        && !filter.fields.any()
    {
        return Ok(ids.to_vec());
    }
    let statement = Statement::new(
        "select orders.id
         from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
         cross join orders",
    )
    .bind("ids", serde_json::Value::from(ids).to_string());
    let statement = filtered(statement, scope, filter, db.now())
        .push(
            "\nand orders.company_id = :of_company and orders.id = cast(asked.value as bigint)\nlimit 100000",
        )
        .bind("of_company", company);
    db.all_of(&statement)?.iter().map(|row| row.get("id")).collect()
}

fn page_size(filter: &ListFilter) -> usize {
    usize::try_from(filter.page_size()).unwrap_or(usize::MAX)
}

fn promised_page(filter: &ListFilter, mut all: Vec<Order>, cursor: Option<Cursor>) -> Cut<Order> {
    let key = |order: &Order| (turn_value(order), order.id.get());
    all.sort_by_key(key);
    if let Some(cursor) = cursor {
        let from = (cursor.key, cursor.id);
        all.retain(|order| if cursor.back { key(order) < from } else { key(order) > from });
        if cursor.back {
            all.reverse();
        }
    }
    cut(all, page_size(filter), cursor, |order, back| Cursor::of(order, Sort::Promise, back))
}
