//! Orders of a shop that belong together.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use takt_kernel::{Kind, Result as Kept, Timestamp};
use takt_orders::{EditOrders, OrderId, briefs, by_external_id, load};
use takt_store::{Query, Question, Row, Tx, params, sql};

use crate::{
    model::order::OrderRef,
    wire::{
        endpoint::{Answer, Call, Done},
        lenient::{List, Text, filled},
        refusal::Refusal,
        time,
    },
};

const LONGEST: usize = 2_000;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct LinkIn {
    comment: Option<Text>,
    orders: List<OrderRef>,
}

/// POST orders/links/create: of two orders.
pub(crate) fn create(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: LinkIn = call.fields.json("link")?;
    call.permit::<EditOrders>()?;
    call.expect_asked_site()?;
    let refused =
        |field: String, reason: String| Refusal::bad("Errors in the entity format").field(field, reason);
    let comment = filled(said.comment.as_ref()).unwrap_or_default();
    if comment.chars().count() > LONGEST {
        return Err(refused("link.comment".to_owned(), "This value is too long.".to_owned()));
    }
    let mut ids = Vec::new();
    for (index, named) in said.orders.0.iter().enumerate().take(3) {
        let id = find(tx, call, named)?.ok_or_else(|| {
            let (by, value) = match filled(named.id.as_ref()) {
                Some(id) => ("id", id),
                None => ("externalId", filled(named.external_id.as_ref()).unwrap_or_default()),
            };
            refused(format!("link.orders[{index}].{by}"), format!("Order with {by}={value} not found."))
        })?;
        ids.push(id);
    }
    let [one, other] = ids.as_slice() else {
        return Err(refused("link.orders".to_owned(), "Exactly two orders are linked.".to_owned()));
    };
    if one == other {
        return Err(refused("link.orders".to_owned(), "An order is not linked with itself.".to_owned()));
    }
    for (one, other) in [(one, other), (other, one)] {
        tx.put(
            sql!(
                "insert into retailcrm_order_link (company_id, order_id, other_id, comment, created_at)
                 values (:company_id, :order_id, :other_id, :comment, :now)
                 on conflict (company_id, order_id, other_id) do update
                 set comment = excluded.comment"
            ),
            params![
                company_id: call.company(), order_id: *one, other_id: *other, comment: comment, now: tx.now(),
            ],
        )?;
    }
    Ok(Done::from(Answer::created()).about(format!("link of orders {one} and {other}")))
}

fn find(db: &mut dyn Query, call: &Call, named: &OrderRef) -> Kept<Option<OrderId>> {
    let id = match filled(named.id.as_ref()) {
        Some(id) => id.parse().ok(),
        None => match filled(named.external_id.as_ref()) {
            Some(external_id) => by_external_id(db, call.company(), call.shop(), external_id)?,
            None => None,
        },
    };
    let Some(id) = id else { return Ok(None) };
    match load(db, call.company(), id) {
        Ok(order) => Ok((order.shop == call.shop()).then_some(id)),
        Err(fault) if fault.kind() == Kind::Missing => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The links of these orders, as the protocol has them.
///
/// # Errors
/// Faults of the store.
pub(crate) fn of_orders(
    db: &mut dyn Query,
    call: &Call,
    rows: &[Row],
) -> Kept<BTreeMap<OrderId, Vec<Value>>> {
    let mut links: BTreeMap<OrderId, Vec<Value>> = BTreeMap::new();
    if rows.is_empty() {
        return Ok(links);
    }
    let others = rows.iter().map(|row| row.get("other_id")).collect::<Kept<Vec<OrderId>>>()?;
    let known = briefs(db, call.company(), &others)?;
    for row in rows {
        let other: OrderId = row.get("other_id")?;
        let Some(other) = known.iter().find(|order| order.id == other) else { continue };
        let mut order = Map::new();
        order.insert("id".to_owned(), json!(other.id.get()));
        order.insert("number".to_owned(), json!(other.number));
        if let Some(external_id) = &other.external_id {
            order.insert("externalId".to_owned(), json!(external_id));
        }
        let at: Timestamp = row.get("created_at")?;
        links.entry(row.get("order_id")?).or_default().push(json!({
            "comment": row.get::<String>("comment")?, "order": order,
            "createdAt": time::written(at, &call.site.zone),
        }));
    }
    Ok(links)
}

/// Asks for the rows that [`of_orders`] reads.
pub(crate) fn question(call: &Call, ids: &[OrderId]) -> Question {
    let asked = Value::from(ids.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string();
    Question::new(
        sql!(
            "select order_id, other_id, comment, created_at
             from retailcrm_order_link
             where company_id = :company_id and order_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by order_id, other_id
             limit 5000"
        ),
        params![company_id: call.company(), ids: asked],
    )
}
