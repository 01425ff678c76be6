//! From what happened to orders to rows and sums. An order that changed is noted; later some of the noted are read
//! anew, laid beside what was written of them, and the difference is added to the sums. Doing it twice adds nothing,
//! so a late fact, an edit or a return is no other case than the first.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Result};
use takt_orders::{OrderId, briefs, facts::SUBJECT, lines_of};
use takt_staff::companies;
use takt_store::{Query, RecordedFact, Tx, facts, params, sql};

use crate::{
    contribution::{Contribution, Work},
    dimension::{Basis, Kept},
    fill, rows,
    sums::Sums,
};

/// The orders noted of a company are written once per so many facts: a report adds those that wait, some dozen.
const FOLD_EVERY: u64 = 32;
const AT_ONCE: i64 = 64;
/// As many as a report adds itself; with more it says that it is behind.
pub(crate) const MOST_PENDING: i64 = 400;
const MOST_FACTS: i64 = 20_000;
const DAY: i64 = 0;
const MONTH: i64 = 1;

/// Orders as they were written and as they are now.
#[derive(Default)]
pub(crate) struct Moved {
    pub old: BTreeMap<OrderId, Contribution>,
    pub new: BTreeMap<OrderId, (Contribution, Vec<Work>)>,
}

pub(crate) fn note(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    tx.put(
        sql!(
            "insert into slice_pending (company_id, order_id, position)
             values (:company_id, :order_id, :position)
             on conflict (company_id, order_id) do update
             set position = excluded.position"
        ),
        params![company_id: fact.company, order_id: fact.subject_id, position: fact.position],
    )?;
    if takt_work::is_due(fact.position, FOLD_EVERY) { fold(tx, fact.company) } else { Ok(()) }
}

pub(crate) fn pending(db: &mut dyn Query, company: CompanyId, limit: i64) -> Result<Vec<OrderId>> {
    let rows = db.all(
        sql!(
            "select order_id
             from slice_pending
             where company_id = :company_id
             order by order_id
             limit :limit"
        ),
        params![company_id: company, limit: limit],
    )?;
    rows.iter().map(|row| row.get("order_id")).collect()
}

/// Writes some of the orders that wait.
pub(crate) fn fold(tx: &mut Tx, company: CompanyId) -> Result<()> {
    if fill::is_clearing(tx, company)? {
        return Ok(());
    }
    let orders = pending(tx, company, AT_ONCE)?;
    write(tx, company, &orders)?;
    tx.put(
        sql!(
            "delete from slice_pending
             where company_id = :company_id and order_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})"
        ),
        params![company_id: company, ids: rows::listed(&orders)],
    )
}

/// Writes all that wait, as facts that come later would.
///
/// # Errors
/// Faults of the store.
pub fn fold_all(tx: &mut Tx, company: CompanyId) -> Result<()> {
    while !fill::is_clearing(tx, company)? && !pending(tx, company, 1)?.is_empty() {
        fold(tx, company)?;
    }
    Ok(())
}

pub(crate) fn write(tx: &mut Tx, company: CompanyId, orders: &[OrderId]) -> Result<()> {
    let moved = look(tx, company, orders)?;
    for ((basis, kept, span, day, shop, value, currency), sums) in differences(&moved) {
        add(tx, company, &Place { basis, kept, span, day, shop, value: &value, currency: &currency }, &sums)?;
    }
    for (order, (new, work)) in &moved.new {
        let old = moved.old.get(order);
        if old != Some(new) {
            rows::replace(tx, old, new)?;
        }
        for work in work {
            rows::put_work(tx, company, order.get(), work, None)?;
        }
    }
    Ok(())
}

/// Reads orders with all that they contribute now.
pub(crate) fn look(db: &mut dyn Query, company: CompanyId, orders: &[OrderId]) -> Result<Moved> {
    if orders.is_empty() {
        return Ok(Moved::default());
    }
    let zone = companies::get(db, company)?.zone;
    let old = rows::of_orders(db, company, orders)?;
    let now = briefs(db, company, orders)?;
    let lines = lines_of(db, company, orders)?;
    let ids: Vec<i64> = orders.iter().map(|order| order.get()).collect();
    let mut told: BTreeMap<i64, Vec<RecordedFact>> = BTreeMap::new();
    for fact in facts_of(db, company, &ids)? {
        told.entry(fact.subject_id).or_default().push(fact);
    }
    let new = now.iter().map(|order| {
        let told = told.get(&order.id.get()).map(Vec::as_slice).unwrap_or_default();
        let lines = lines.get(&order.id).map(Vec::as_slice).unwrap_or_default();
        (order.id, Contribution::of(order, lines, told, &zone))
    });
    Ok(Moved { old, new: new.collect() })
}

/// All facts of these orders: where there are more than are read at once, they are read by halves. Of one order alone
/// the first are enough.
fn facts_of(db: &mut dyn Query, company: CompanyId, ids: &[i64]) -> Result<Vec<RecordedFact>> {
    let found = facts::of_many(db, company, SUBJECT, ids, MOST_FACTS)?;
    if ids.len() < 2 || i64::try_from(found.len()).is_ok_and(|count| count < MOST_FACTS) {
        return Ok(found);
    }
    let (first, second) = ids.split_at(ids.len() / 2);
    let mut found = facts_of(db, company, first)?;
    found.extend(facts_of(db, company, second)?);
    Ok(found)
}

/// (basis, dimension, span, day, shop, value, currency)
type Key = (i64, i64, i64, i64, i64, String, String);

/// What has to be added to the sums, in the order of their keys, without what cancels itself out.
fn differences(moved: &Moved) -> BTreeMap<Key, Sums> {
    let mut sums = BTreeMap::new();
    for (order, old) in &moved.old {
        if moved.new.get(order).is_none_or(|(new, _)| new != old) {
            spread(&mut sums, old, -1);
        }
    }
    for (order, (new, _)) in &moved.new {
        if moved.old.get(order) != Some(new) {
            spread(&mut sums, new, 1);
        }
    }
    sums.retain(|_, sums| !sums.is_zero());
    sums
}

fn spread(sums: &mut BTreeMap<Key, Sums>, order: &Contribution, times: i64) {
    for basis in Basis::ALL {
        let (day, _) = order.dated(*basis);
        if day == 0 {
            continue;
        }
        for kept in Kept::EVERY {
            for (value, part) in order.along(kept, *basis) {
                for (span, day) in [(DAY, day), (MONTH, day / 100 * 100)] {
                    let (shop, currency) = (order.shop.get(), order.currency.clone());
                    let key = (basis.number(), kept.number(), span, day, shop, value.clone(), currency);
                    sums.entry(key).or_default().add_times(&part, times);
                }
            }
        }
    }
}

struct Place<'a> {
    basis: i64,
    kept: i64,
    span: i64,
    day: i64,
    shop: i64,
    value: &'a str,
    currency: &'a str,
}

fn add(tx: &mut Tx, company: CompanyId, place: &Place<'_>, sums: &Sums) -> Result<()> {
    tx.put(
        sql!(
            "insert into slice_sum (company_id, basis, dimension, span, day, shop_id, value, currency, orders, cancelled,
               units, revenue_minor, confirmed, paid, packed, shipped, completed)
             values (:company_id, :basis, :dimension, :span, :day, :shop_id, :value, :currency, :orders, :cancelled,
               :units, :revenue_minor, :confirmed, :paid, :packed, :shipped, :completed)
             on conflict (company_id, basis, dimension, span, day, shop_id, value, currency) do update
             set orders = slice_sum.orders + excluded.orders, cancelled = slice_sum.cancelled + excluded.cancelled,
               units = slice_sum.units + excluded.units,
               revenue_minor = slice_sum.revenue_minor + excluded.revenue_minor,
               confirmed = slice_sum.confirmed + excluded.confirmed, paid = slice_sum.paid + excluded.paid,
               packed = slice_sum.packed + excluded.packed, shipped = slice_sum.shipped + excluded.shipped,
               completed = slice_sum.completed + excluded.completed"
        ),
        params![
            company_id: company, basis: place.basis, dimension: place.kept, span: place.span, day: place.day,
            shop_id: place.shop, value: place.value, currency: place.currency, orders: sums.orders,
            cancelled: sums.cancelled, units: sums.units, revenue_minor: sums.revenue_minor,
            confirmed: sums.confirmed, paid: sums.paid, packed: sums.packed, shipped: sums.shipped,
            completed: sums.completed,
        ],
    )
}
