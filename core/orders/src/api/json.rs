//! An order as JSON, written straight from the order: a page of a list is one text, built once.

use std::collections::BTreeMap;

use serde_json::Value;
use takt_kernel::{CompanyId, Fault, Result};
use takt_store::{Query, Question};

use super::text::{Text, put};
use crate::{
    order::{Line, Order, OrderId},
    panels::{API_PARTS, API_PARTS_ASKED},
    queries::{self, Page},
    rows,
};

/// Orders as the API shows them, in the order of their ids: three questions however many there are,
/// and one per feature that adds a part.
///
/// # Errors
/// Faults of the store.
pub fn order_json(db: &mut dyn Query, company: CompanyId, ids: &[OrderId]) -> Result<Vec<Value>> {
    let mut orders = queries::briefs(db, company, ids)?;
    orders.sort_by_key(|order| ids.iter().position(|id| *id == order.id));
    orders_json(db, company, &orders)
}

pub(super) fn orders_json(db: &mut dyn Query, company: CompanyId, orders: &[Order]) -> Result<Vec<Value>> {
    let (lines, parts) = details_of(db, company, orders)?;
    let value = |order: &Order| {
        let text = order_text(order, lines_in(&lines, order), &parts)?;
        serde_json::from_slice(&text).map_err(|error| Fault::broken("orders.unwritable").because(error))
    };
    orders.iter().map(value).collect()
}

/// A page of a company's orders as the API answers with it.
pub(super) fn page_text(db: &mut dyn Query, company: CompanyId, page: &Page) -> Result<Vec<u8>> {
    let (lines, parts) = details_of(db, company, &page.items)?;
    let Page { items, next_cursor, previous_cursor, total } = page;
    let mut text = Text::for_orders(items.len());
    text.begin("{");
    text.begin("\"items\":[");
    for order in items {
        write_order(&mut text, order, lines_in(&lines, order), parts_in(&parts, order))?;
    }
    text.end(']');
    put!(text, "next_cursor": next_cursor, "previous_cursor": previous_cursor);
    text.begin("\"total\":{");
    put!(text, "count": total.count, "exact": total.exact);
    text.end('}');
    text.end('}');
    Ok(text.into_bytes())
}

/// An order that is at hand, as the API shows it.
///
/// # Errors
/// `orders.unwritable`.
pub fn order_text(order: &Order, lines: &[Line], parts: &Parts) -> Result<Vec<u8>> {
    let mut text = Text::for_orders(1);
    write_order(&mut text, order, lines, parts_in(parts, order))?;
    Ok(text.into_bytes())
}

type Lines = BTreeMap<OrderId, Vec<Line>>;

fn details_of(db: &mut dyn Query, company: CompanyId, orders: &[Order]) -> Result<(Lines, Parts)> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    if ids.is_empty() {
        return Ok((Lines::new(), Parts::new()));
    }
    foresee_parts(db, company, &ids, Some(rows::lines_of_known_asked(company, &ids)))?;
    Ok((rows::lines_of_known(db, company, orders)?, parts_of(db, company, &ids)?))
}

fn lines_in<'l>(lines: &'l Lines, order: &Order) -> &'l [Line] {
    lines.get(&order.id).map_or(&[], Vec::as_slice)
}

fn parts_in<'p>(parts: &'p Parts, order: &Order) -> &'p [(&'static str, Value)] {
    parts.get(&order.id).map_or(&[], Vec::as_slice)
}

/// What features add to orders, by the order.
pub type Parts = BTreeMap<OrderId, Vec<(&'static str, Value)>>;

/// One question per feature that adds a part.
///
/// # Errors
/// Faults of the store.
pub fn parts_of(db: &mut dyn Query, company: CompanyId, ids: &[OrderId]) -> Result<Parts> {
    foresee_parts(db, company, ids, None)?;
    let mut parts = Parts::new();
    for part in db.slots().of(&API_PARTS) {
        for (id, field, value) in part(db, company, ids)? {
            parts.entry(id).or_default().push((field, value));
        }
    }
    Ok(parts)
}

fn foresee_parts(
    db: &mut dyn Query,
    company: CompanyId,
    ids: &[OrderId],
    beside: Option<Question>,
) -> Result<()> {
    let slots = db.slots();
    let asked = slots.of(&API_PARTS_ASKED).flat_map(|asked| asked(company, ids));
    db.foresee(&asked.chain(beside).collect::<Vec<_>>())
}

fn write_order(
    text: &mut Text,
    order: &Order,
    lines: &[Line],
    parts: &[(&'static str, Value)],
) -> Result<()> {
    let (contact, delivery) = (&order.contact, &order.delivery);
    let (total, discount) = (order.total.to_decimal(), order.discount.to_decimal());
    let carriage = delivery.price.to_decimal();
    text.begin("{");
    put!(text,
        "id": order.id, "number": order.number, "external_id": order.external_id, "shop": order.shop,
        "source": order.source, "stage": order.stage, "status": order.status, "terms": order.terms.code(),
        "credit_days": order.terms.credit_days(), "lang": order.lang.code(), "currency": order.currency,
        "total": total, "paid": order.paid.to_decimal(), "owed": order.owed().to_decimal(),
        "reserved": order.reserved, "shipped": order.shipped,
    );
    text.begin("\"totals\":{");
    put!(text,
        "goods": order.goods.to_decimal(), "discount": discount, "delivery": carriage,
        "vat": order.vat.to_decimal(), "total": total,
    );
    text.end('}');
    put!(text, "discount": discount);
    text.begin("\"lines\":[");
    lines.iter().try_for_each(|line| write_line(text, line))?;
    text.end(']');
    text.begin("\"customer\":{");
    put!(text,
        "id": order.customer, "name": contact.name, "phone": contact.phone,
        "phone_given": contact.phone_given, "email": contact.email,
    );
    text.end('}');
    text.begin("\"delivery\":{");
    put!(text, "method": delivery.method, "address": delivery.address, "price": carriage);
    text.end('}');
    put!(text,
        "comment": order.comment, "cancel_reason": order.cancel_reason, "milestone": order.milestone,
        "due_at": order.due_at, "holder": order.holder, "deferred_until": order.deferred_until,
        "urgent": order.urgent, "paused": order.pause, "created_at": order.placed_at,
        "updated_at": order.updated_at, "version": order.version, "extra": order.extra,
    );
    parts.iter().try_for_each(|(field, value)| text.field(field, value))?;
    text.end('}');
    Ok(())
}

fn write_line(text: &mut Text, line: &Line) -> Result<()> {
    text.begin("{");
    put!(text,
        "id": line.id, "sku": line.sku, "known": line.offer.is_some(), "name": line.name,
        "quantity": line.quantity, "unit": line.unit, "price": line.price,
        "discount": line.discount.to_decimal(), "order_discount": line.order_discount.to_decimal(),
        "total": line.total.to_decimal(), "vat": line.vat, "vat_amount": line.vat_amount.to_decimal(),
        "reserved": line.reserved, "shipped": line.shipped, "cancelled": line.cancelled,
        "returned": line.returned, "extra": line.extra,
    );
    text.end('}');
    Ok(())
}
