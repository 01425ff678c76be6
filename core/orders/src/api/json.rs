//! An order as JSON, written straight from the order: a page of a list is one text, built once.

use std::collections::BTreeMap;

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::Value;
use takt_kernel::{CompanyId, Fault, Result};
use takt_store::{Query, Question};

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
    let whole = orders.iter().map(|order| (order, lines_in(&lines, order)));
    Ok(whole_orders_json(whole, parts))
}

/// A page of a company's orders as the API answers with it.
pub(super) fn page_text(db: &mut dyn Query, company: CompanyId, page: &Page) -> Result<Vec<u8>> {
    let (lines, parts) = details_of(db, company, &page.items)?;
    serde_json::to_vec(&Shown { page, lines: &lines, parts: &parts })
        .map_err(|error| Fault::broken("orders.unwritable").because(error))
}

type Lines = BTreeMap<OrderId, Vec<Line>>;

fn details_of(db: &mut dyn Query, company: CompanyId, orders: &[Order]) -> Result<(Lines, Parts)> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    if ids.is_empty() {
        return Ok((Lines::new(), Parts::new()));
    }
    foresee_parts(db, company, &ids, Some(rows::lines_asked(company, &ids)))?;
    Ok((rows::lines_of(db, company, &ids)?, parts_of(db, company, &ids)?))
}

fn lines_in<'l>(lines: &'l Lines, order: &Order) -> &'l [Line] {
    lines.get(&order.id).map_or(&[], Vec::as_slice)
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

/// Orders that are at hand, as the API shows them.
pub fn whole_orders_json<'o>(
    orders: impl IntoIterator<Item = (&'o Order, &'o [Line])>,
    parts: Parts,
) -> Vec<Value> {
    let none = Vec::new();
    orders
        .into_iter()
        .map(|(order, lines)| {
            let parts = parts.get(&order.id).unwrap_or(&none);
            serde_json::to_value(Whole { order, lines, parts }).unwrap_or_default()
        })
        .collect()
}

struct Shown<'a> {
    page: &'a Page,
    lines: &'a Lines,
    parts: &'a Parts,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Page { next_cursor, previous_cursor, total, .. } = self.page;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("items", &Items(self))?;
        map.serialize_entry("next_cursor", next_cursor)?;
        map.serialize_entry("previous_cursor", previous_cursor)?;
        map.serialize_entry("total", &TotalShown { count: total.count, exact: total.exact })?;
        map.end()
    }
}

struct Items<'a>(&'a Shown<'a>);

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Shown { page, lines, parts } = self.0;
        let mut items = serializer.serialize_seq(Some(page.items.len()))?;
        for order in &page.items {
            let parts = parts.get(&order.id).map_or(&[] as &[_], Vec::as_slice);
            items.serialize_element(&Whole { order, lines: lines_in(lines, order), parts })?;
        }
        items.end()
    }
}

struct Whole<'a> {
    order: &'a Order,
    lines: &'a [Line],
    parts: &'a [(&'static str, Value)],
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Self { order, lines, parts } = self;
        let contact = &order.contact;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &order.id)?;
        map.serialize_entry("number", &order.number)?;
        map.serialize_entry("external_id", &order.external_id)?;
        map.serialize_entry("shop", &order.shop)?;
        map.serialize_entry("source", &order.source)?;
        map.serialize_entry("stage", &order.stage)?;
        map.serialize_entry("status", &order.status)?;
        map.serialize_entry("terms", order.terms.code())?;
        map.serialize_entry("credit_days", &order.terms.credit_days())?;
        map.serialize_entry("lang", order.lang.code())?;
        map.serialize_entry("currency", &order.currency)?;
        let (total, discount) = (order.total.to_decimal_string(), order.discount.to_decimal_string());
        let delivery = order.delivery.price.to_decimal_string();
        map.serialize_entry("total", &total)?;
        map.serialize_entry("paid", &order.paid.to_decimal_string())?;
        map.serialize_entry("owed", &order.owed().to_decimal_string())?;
        map.serialize_entry("reserved", &order.reserved)?;
        map.serialize_entry("shipped", &order.shipped)?;
        let totals = TotalsShown {
            goods: &order.goods.to_decimal_string(),
            discount: &discount,
            delivery: &delivery,
            vat: &order.vat.to_decimal_string(),
            total: &total,
        };
        map.serialize_entry("totals", &totals)?;
        map.serialize_entry("discount", &discount)?;
        map.serialize_entry("lines", &LineList(lines))?;
        map.serialize_entry(
            "customer",
            &CustomerShown {
                id: order.customer,
                name: &contact.name,
                phone: contact.phone.as_deref(),
                phone_given: contact.phone_given.as_deref(),
                email: contact.email.as_deref(),
            },
        )?;
        let (method, address) = (order.delivery.method.as_deref(), order.delivery.address.as_deref());
        map.serialize_entry("delivery", &DeliveryShown { method, address, price: &delivery })?;
        map.serialize_entry("comment", &order.comment)?;
        map.serialize_entry("cancel_reason", &order.cancel_reason)?;
        map.serialize_entry("milestone", &order.milestone)?;
        map.serialize_entry("due_at", &order.due_at)?;
        map.serialize_entry("holder", &order.holder)?;
        map.serialize_entry("deferred_until", &order.deferred_until)?;
        map.serialize_entry("urgent", &order.urgent)?;
        map.serialize_entry("paused", &order.pause)?;
        map.serialize_entry("created_at", &order.placed_at)?;
        map.serialize_entry("updated_at", &order.updated_at)?;
        map.serialize_entry("version", &order.version)?;
        map.serialize_entry("extra", &order.extra)?;
        for (field, value) in *parts {
            map.serialize_entry(field, value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct TotalShown {
    count: i64,
    exact: bool,
}

#[derive(Serialize)]
struct TotalsShown<'a> {
    goods: &'a str,
    discount: &'a str,
    delivery: &'a str,
    vat: &'a str,
    total: &'a str,
}

#[derive(Serialize)]
struct CustomerShown<'a> {
    id: Option<takt_customers::CustomerId>,
    name: &'a str,
    phone: Option<&'a str>,
    phone_given: Option<&'a str>,
    email: Option<&'a str>,
}

#[derive(Serialize)]
struct DeliveryShown<'a> {
    method: Option<&'a str>,
    address: Option<&'a str>,
    price: &'a str,
}

struct LineList<'a>(&'a [Line]);

impl Serialize for LineList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(LineShown))
    }
}

struct LineShown<'a>(&'a Line);

impl Serialize for LineShown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let line = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &line.id)?;
        map.serialize_entry("sku", &line.sku)?;
        map.serialize_entry("known", &line.offer.is_some())?;
        map.serialize_entry("name", &line.name)?;
        map.serialize_entry("quantity", &line.quantity)?;
        map.serialize_entry("unit", &line.unit)?;
        map.serialize_entry("price", &line.price)?;
        map.serialize_entry("discount", &line.discount.to_decimal_string())?;
        map.serialize_entry("order_discount", &line.order_discount.to_decimal_string())?;
        map.serialize_entry("total", &line.total.to_decimal_string())?;
        map.serialize_entry("vat", &line.vat)?;
        map.serialize_entry("vat_amount", &line.vat_amount.to_decimal_string())?;
        map.serialize_entry("reserved", &line.reserved)?;
        map.serialize_entry("shipped", &line.shipped)?;
        map.serialize_entry("cancelled", &line.cancelled)?;
        map.serialize_entry("returned", &line.returned)?;
        map.serialize_entry("extra", &line.extra)?;
        map.end()
    }
}
