use std::collections::BTreeMap;

use takt_kernel::{
    CompanyId, Fault, Result,
    money::{Currency, Money},
};
use takt_store::{Query, Question, Row, Tx, params, sql};

use super::ids_as_json;
use crate::{
    order::{Line, LineId, Order, OrderId},
    search,
};

/// The lines of several orders with one question.
///
/// # Errors
/// Faults of the store.
pub fn lines_of(
    db: &mut dyn Query,
    company: CompanyId,
    orders: &[OrderId],
) -> Result<BTreeMap<OrderId, Vec<Line>>> {
    read_lines(&db.all_at_once(&[lines_asked(company, orders)])?.pop().unwrap_or_default())
}

/// Asks what [`lines_of`] asks.
pub fn lines_asked(company: CompanyId, orders: &[OrderId]) -> Question {
    Question::new(
        sql!(
            "select order_line.id, order_line.order_id, order_line.place, order_line.sku, order_line.offer_id,
               order_line.name, order_line.unit, order_line.quantity, order_line.price,
               order_line.discount_minor, order_line.order_discount_minor, order_line.total_minor,
               order_line.vat, order_line.vat_minor, order_line.reserved, order_line.shipped,
               order_line.cancelled, order_line.returned, order_line.extra, orders.currency
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join orders
             cross join order_line
             where orders.company_id = :company_id
               and orders.id = cast(asked.value as bigint)
               and order_line.company_id = :company_id
               and order_line.order_id = orders.id
             order by order_line.order_id, order_line.place, order_line.id
             limit 100000"
        ),
        params![company_id: company, ids: ids_as_json(orders)],
    )
}

/// The lines of orders that are at hand, in their order: who knows their currency does not look at them again.
///
/// # Errors
/// Faults of the store.
pub fn lines_of_known(
    db: &mut dyn Query,
    company: CompanyId,
    orders: &[Order],
) -> Result<BTreeMap<OrderId, Vec<Line>>> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let rows = db.all_at_once(&[lines_of_known_asked(company, &ids)])?.pop().unwrap_or_default();
    read_lines_of_known(&rows, orders)
}

/// Asks for what [`read_lines_of_known`] reads.
pub fn lines_of_known_asked(company: CompanyId, orders: &[OrderId]) -> Question {
    Question::new(
        sql!(
            "select order_line.id, order_line.order_id, order_line.place, order_line.sku, order_line.offer_id,
               order_line.name, order_line.unit, order_line.quantity, order_line.price,
               order_line.discount_minor, order_line.order_discount_minor, order_line.total_minor,
               order_line.vat, order_line.vat_minor, order_line.reserved, order_line.shipped,
               order_line.cancelled, order_line.returned, order_line.extra
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join order_line
             where order_line.company_id = :company_id and order_line.order_id = cast(asked.value as bigint)
             limit 100000"
        ),
        params![company_id: company, ids: ids_as_json(orders)],
    )
}

/// # Errors
/// When a row makes no sense.
pub fn read_lines_of_known(rows: &[Row], orders: &[Order]) -> Result<BTreeMap<OrderId, Vec<Line>>> {
    let currencies: BTreeMap<OrderId, Currency> =
        orders.iter().map(|order| (order.id, order.currency)).collect();
    let mut lines: BTreeMap<OrderId, Vec<Line>> = BTreeMap::new();
    for row in rows {
        let order = row.get("order_id")?;
        if let Some(currency) = currencies.get(&order) {
            lines.entry(order).or_default().push(read_line(row, *currency)?);
        }
    }
    for lines in lines.values_mut() {
        lines.sort_unstable_by_key(|line| (line.place, line.id));
    }
    Ok(lines)
}

fn read_lines(rows: &[Row]) -> Result<BTreeMap<OrderId, Vec<Line>>> {
    let mut lines: BTreeMap<OrderId, Vec<Line>> = BTreeMap::new();
    for row in rows {
        lines.entry(row.get("order_id")?).or_default().push(read_line(row, row.get("currency")?)?);
    }
    Ok(lines)
}

fn read_line(row: &Row, currency: Currency) -> Result<Line> {
    let row = row.in_turn();
    let money = |column: &str| Ok::<Money, Fault>(Money::new(row.get(column)?, currency));
    Ok(Line {
        id: row.get("id")?,
        place: row.get("place")?,
        sku: row.get("sku")?,
        offer: row.get("offer_id")?,
        name: row.get("name")?,
        unit: row.get("unit")?,
        quantity: row.get("quantity")?,
        price: row.get("price")?,
        discount: money("discount_minor")?,
        order_discount: money("order_discount_minor")?,
        total: money("total_minor")?,
        vat: row.get("vat")?,
        vat_amount: money("vat_minor")?,
        reserved: row.get("reserved")?,
        shipped: row.get("shipped")?,
        cancelled: row.get("cancelled")?,
        returned: row.get("returned")?,
        extra: row.json("extra")?,
    })
}

/// Writes the lines of a new order, which from now on is found.
pub(crate) fn insert_lines(tx: &mut Tx, order: &Order, lines: &[Line]) -> Result<()> {
    write(tx, order, lines)?;
    search::placed(tx, order, lines)
}

fn write(tx: &mut Tx, order: &Order, lines: &[Line]) -> Result<()> {
    for line in lines {
        tx.put(
            sql!(
                "insert into order_line (company_id, order_id, id, place, sku, offer_id, name, unit, quantity,
                   price, discount_minor, order_discount_minor, total_minor, vat, vat_minor, reserved, shipped,
                   cancelled, returned, extra)
                 values (:company_id, :order_id, :id, :place, :sku, :offer_id, :name, :unit, :quantity,
                   :price, :discount_minor, :order_discount_minor, :total_minor, :vat, :vat_minor, :reserved,
                   :shipped, :cancelled, :returned, :extra)"
            ),
            params![
                company_id: order.company, order_id: order.id, id: line.id, place: line.place,
                sku: line.sku.as_deref(), offer_id: line.offer, name: &line.name, unit: &line.unit,
                quantity: line.quantity, price: line.price, discount_minor: line.discount.minor(),
                order_discount_minor: line.order_discount.minor(), total_minor: line.total.minor(),
                vat: line.vat, vat_minor: line.vat_amount.minor(), reserved: line.reserved,
                shipped: line.shipped, cancelled: line.cancelled, returned: line.returned,
                extra: serde_json::Value::Object(line.extra.clone()).to_string(),
            ],
        )?;
    }
    Ok(())
}

/// Puts the lines of an edited order in place of those it had.
pub(crate) fn replace_lines(tx: &mut Tx, order: &Order, lines: &[Line]) -> Result<()> {
    tx.put(
        sql!("delete from order_line where company_id = :company_id and order_id = :order_id"),
        params![company_id: order.company, order_id: order.id],
    )?;
    write(tx, order, lines)?;
    search::renew(tx, order)
}

/// Writes what came back of one line and what it costs now.
pub(crate) fn save_returned(tx: &mut Tx, order: &Order, id: LineId, line: &Line) -> Result<()> {
    tx.put(
        sql!(
            "update order_line
             set returned = :returned, total_minor = :total_minor, order_discount_minor = :order_discount_minor,
               vat_minor = :vat_minor
             where company_id = :company_id and order_id = :order_id and id = :id"
        ),
        params![
            company_id: order.company, order_id: order.id, id: id, returned: line.returned,
            total_minor: line.total.minor(), order_discount_minor: line.order_discount.minor(),
            vat_minor: line.vat_amount.minor(),
        ],
    )
}

/// Writes what is held and what has left of one line.
pub(crate) fn save_progress(tx: &mut Tx, order: &Order, id: LineId, line: &Line) -> Result<()> {
    tx.put(
        sql!(
            "update order_line
             set reserved = :reserved, shipped = :shipped, cancelled = :cancelled
             where company_id = :company_id and order_id = :order_id and id = :id"
        ),
        params![
            company_id: order.company, order_id: order.id, id: id, reserved: line.reserved,
            shipped: line.shipped, cancelled: line.cancelled,
        ],
    )
}
