//! The rows of contributions, as they stand in the tables.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Result};
use takt_orders::OrderId;
use takt_store::{Query, Row, Tx, params, sql};

use crate::contribution::{Contribution, LinePart, Work};

/// As ids are asked for: one parameter however many.
pub(crate) fn listed(orders: &[OrderId]) -> String {
    serde_json::Value::from(orders.iter().map(|order| order.get()).collect::<Vec<_>>()).to_string()
}

/// What was written of these orders.
pub(crate) fn of_orders(
    db: &mut dyn Query,
    company: CompanyId,
    orders: &[OrderId],
) -> Result<BTreeMap<OrderId, Contribution>> {
    let ids = listed(orders);
    let rows = db.all(
        sql!(
            "select o.company_id, o.order_id, o.shop_id, o.placed_on, o.placed_hour, o.paid_on, o.paid_hour, o.shipped_on,
               o.shipped_hour, o.finished_on, o.finished_hour, o.city, o.status, o.stage, o.source, o.operator_id,
               o.carrier, o.terms, o.currency, o.units, o.total_minor, o.cancelled, o.confirmed, o.paid, o.packed,
               o.shipped, o.completed, o.to_paid, o.to_confirmed, o.to_packed, o.to_shipped, o.to_finished
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join slice_order as o
             where o.company_id = :company_id and o.order_id = cast(asked.value as bigint)
             order by o.order_id
             limit 1000"
        ),
        params![ids: &ids, company_id: company],
    )?;
    let mut found: BTreeMap<OrderId, Contribution> =
        rows.iter().map(read).map(|one| one.map(|one| (one.order, one))).collect::<Result<_>>()?;
    let rows = db.all(
        sql!(
            "select l.order_id, l.product, l.category, l.leads, l.units, l.revenue_minor
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join slice_line as l
             where l.company_id = :company_id and l.order_id = cast(asked.value as bigint)
             order by l.order_id, l.product
             limit 100000"
        ),
        params![ids: &ids, company_id: company],
    )?;
    for row in &rows {
        if let Some(contribution) = found.get_mut(&row.get("order_id")?) {
            contribution.lines.push(LinePart {
                product: row.get("product")?,
                category: row.get("category")?,
                leads: row.get::<i64>("leads")? == 1,
                units: row.get("units")?,
                revenue_minor: row.get("revenue_minor")?,
            });
        }
    }
    Ok(found)
}

fn read(row: &Row) -> Result<Contribution> {
    let flag = |name: &str| Ok::<bool, takt_kernel::Fault>(row.get::<i64>(name)? == 1);
    Ok(Contribution {
        company: row.get("company_id")?,
        order: row.get("order_id")?,
        shop: row.get("shop_id")?,
        dates: [
            (row.get("placed_on")?, row.get("placed_hour")?),
            (row.get("paid_on")?, row.get("paid_hour")?),
            (row.get("shipped_on")?, row.get("shipped_hour")?),
            (row.get("finished_on")?, row.get("finished_hour")?),
        ],
        city: row.get("city")?,
        status: row.get("status")?,
        stage: row.get("stage")?,
        source: row.get("source")?,
        operator: row.get("operator_id")?,
        carrier: row.get("carrier")?,
        terms: row.get("terms")?,
        currency: row.get("currency")?,
        units: row.get("units")?,
        total_minor: row.get("total_minor")?,
        cancelled: flag("cancelled")?,
        confirmed: flag("confirmed")?,
        paid: flag("paid")?,
        packed: flag("packed")?,
        shipped: flag("shipped")?,
        completed: flag("completed")?,
        links: [
            row.get("to_paid")?,
            row.get("to_confirmed")?,
            row.get("to_packed")?,
            row.get("to_shipped")?,
            row.get("to_finished")?,
        ],
        lines: Vec::new(),
    })
}

/// Writes what an order contributes now instead of what it did.
pub(crate) fn replace(tx: &mut Tx, old: Option<&Contribution>, new: &Contribution) -> Result<()> {
    let [placed, paid, shipped, finished] = new.dates;
    if old.is_some_and(|old| old.dates[0].0 != placed.0) {
        tx.put(
            sql!("delete from slice_order where company_id = :company_id and order_id = :order_id"),
            params![company_id: new.company, order_id: new.order],
        )?;
    }
    let flag = i64::from;
    tx.put(
        sql!(
            "insert into slice_order (company_id, placed_on, order_id, shop_id, placed_hour, paid_on, paid_hour, shipped_on,
               shipped_hour, finished_on, finished_hour, city, status, stage, source, operator_id, carrier, terms,
               currency, units, total_minor, cancelled, confirmed, paid, packed, shipped, completed, to_paid,
               to_confirmed, to_packed, to_shipped, to_finished)
             values (:company_id, :placed_on, :order_id, :shop_id, :placed_hour, :paid_on, :paid_hour, :shipped_on,
               :shipped_hour, :finished_on, :finished_hour, :city, :status, :stage, :source, :operator_id, :carrier,
               :terms, :currency, :units, :total_minor, :cancelled, :confirmed, :paid, :packed, :shipped, :completed,
               :to_paid, :to_confirmed, :to_packed, :to_shipped, :to_finished)
             on conflict (company_id, placed_on, order_id) do update
             set shop_id = excluded.shop_id, placed_hour = excluded.placed_hour, paid_on = excluded.paid_on,
               paid_hour = excluded.paid_hour, shipped_on = excluded.shipped_on, shipped_hour = excluded.shipped_hour,
               finished_on = excluded.finished_on, finished_hour = excluded.finished_hour, city = excluded.city,
               status = excluded.status, stage = excluded.stage, source = excluded.source,
               operator_id = excluded.operator_id, carrier = excluded.carrier, terms = excluded.terms,
               currency = excluded.currency, units = excluded.units, total_minor = excluded.total_minor,
               cancelled = excluded.cancelled, confirmed = excluded.confirmed, paid = excluded.paid,
               packed = excluded.packed, shipped = excluded.shipped, completed = excluded.completed,
               to_paid = excluded.to_paid, to_confirmed = excluded.to_confirmed, to_packed = excluded.to_packed,
               to_shipped = excluded.to_shipped, to_finished = excluded.to_finished"
        ),
        params![
            company_id: new.company, placed_on: placed.0, order_id: new.order, shop_id: new.shop,
            placed_hour: placed.1, paid_on: paid.0, paid_hour: paid.1, shipped_on: shipped.0,
            shipped_hour: shipped.1, finished_on: finished.0, finished_hour: finished.1, city: &new.city,
            status: &new.status, stage: &new.stage, source: &new.source, operator_id: new.operator,
            carrier: &new.carrier, terms: &new.terms, currency: &new.currency, units: new.units,
            total_minor: new.total_minor, cancelled: flag(new.cancelled), confirmed: flag(new.confirmed),
            paid: flag(new.paid), packed: flag(new.packed), shipped: flag(new.shipped),
            completed: flag(new.completed), to_paid: new.links[0], to_confirmed: new.links[1],
            to_packed: new.links[2], to_shipped: new.links[3], to_finished: new.links[4],
        ],
    )?;
    if old.is_some_and(|old| old.lines == new.lines) { Ok(()) } else { replace_lines(tx, old, new) }
}

fn replace_lines(tx: &mut Tx, old: Option<&Contribution>, new: &Contribution) -> Result<()> {
    if old.is_some() {
        tx.put(
            sql!("delete from slice_line where company_id = :company_id and order_id = :order_id"),
            params![company_id: new.company, order_id: new.order],
        )?;
    }
    for part in &new.lines {
        tx.put(
            sql!(
                "insert into slice_line (company_id, order_id, product, category, leads, units, revenue_minor)
                 values (:company_id, :order_id, :product, :category, :leads, :units, :revenue_minor)"
            ),
            params![
                company_id: new.company, order_id: new.order, product: &part.product, category: &part.category,
                leads: i64::from(part.leads), units: part.units, revenue_minor: part.revenue_minor,
            ],
        )?;
    }
    Ok(())
}

pub(crate) fn put_work(
    tx: &mut Tx,
    company: CompanyId,
    subject: i64,
    work: &Work,
    late: Option<i64>,
) -> Result<()> {
    tx.put(
        sql!(
            "insert into slice_work (company_id, kind, subject_id, person_id, day, late)
             values (:company_id, :kind, :subject_id, :person_id, :day, :late)
             on conflict (company_id, kind, subject_id) do update
             set person_id = excluded.person_id, day = excluded.day, late = excluded.late"
        ),
        params![
            company_id: company, kind: work.kind, subject_id: subject, person_id: work.person, day: work.day,
            late: late,
        ],
    )
}
