//! Payments as a shop tells of them. They prove nothing: what is paid is what a bank says.

use std::collections::BTreeMap;

use serde_json::Value;
use takt_kernel::{CompanyId, Id, Kind, Result as Kept, Timestamp};
use takt_orders::{Order, OrderId, load};
use takt_store::{Query, Question, Row, Tx, params, sql};

use super::read;
use crate::{
    model::order::{OrderIn, OrderRef, PaymentIn},
    wire::{
        endpoint::{Answer, By, Call, Done},
        lenient::{List, filled},
        refusal::Refusal,
        time,
    },
};

pub(crate) enum PaymentTag {}
pub(crate) type PaymentId = Id<PaymentTag>;

const PAID: &str = "paid";
const USUAL_KIND: &str = "cash";

#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub id: PaymentId,
    pub order: OrderId,
    pub external_id: Option<String>,
    pub kind: String,
    pub status: Option<String>,
    pub amount_minor: Option<i64>,
    pub paid_at: Option<Timestamp>,
    pub comment: Option<String>,
}

/// The payments of each of these orders.
///
/// # Errors
/// Faults of the store.
pub(crate) fn of_orders(
    db: &mut dyn Query,
    call: &Call,
    orders: &[OrderId],
) -> Kept<BTreeMap<OrderId, Vec<Payment>>> {
    read_all(&db.all_at_once(&[question(call, orders)])?.pop().unwrap_or_default())
}

pub(crate) fn question(call: &Call, orders: &[OrderId]) -> Question {
    let ids: Vec<i64> = orders.iter().map(|id| id.get()).collect();
    Question::new(
        sql!(
            "select id, order_id, external_id, kind, status, amount_minor, paid_at, comment
             from retailcrm_payment
             where company_id = :company_id and order_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by order_id, id
             limit 5000"
        ),
        params![company_id: call.company(), ids: Value::from(ids).to_string()],
    )
}

/// # Errors
/// When a row makes no sense.
pub(crate) fn read_all(rows: &[Row]) -> Kept<BTreeMap<OrderId, Vec<Payment>>> {
    let mut all: BTreeMap<OrderId, Vec<Payment>> = BTreeMap::new();
    for row in rows {
        let payment = read_row(row)?;
        all.entry(payment.order).or_default().push(payment);
    }
    Ok(all)
}

/// What the shop says of the payments of one order.
///
/// # Errors
/// Faults of the store.
pub(crate) fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Kept<Vec<Payment>> {
    db.all(
        sql!(
            "select id, order_id, external_id, kind, status, amount_minor, paid_at, comment
             from retailcrm_payment
             where company_id = :company_id and order_id = :order_id
             order by id
             limit 50"
        ),
        params![company_id: company, order_id: order],
    )?
    .iter()
    .map(read_row)
    .collect()
}

fn read_row(row: &Row) -> Kept<Payment> {
    Ok(Payment {
        id: row.get("id")?,
        order: row.get("order_id")?,
        external_id: row.get("external_id")?,
        kind: row.get("kind")?,
        status: row.get("status")?,
        amount_minor: row.get("amount_minor")?,
        paid_at: row.get("paid_at")?,
        comment: row.get("comment")?,
    })
}

/// The payment of this shop under one of its two ids.
fn find(db: &mut dyn Query, call: &Call, named: &str, by: By) -> Kept<Option<Payment>> {
    let row = match by {
        By::ExternalId => db.opt(
            sql!(
                "select id, order_id, external_id, kind, status, amount_minor, paid_at, comment
                 from retailcrm_payment
                 where company_id = :company_id and shop_id = :shop_id and external_id = :external_id
                 order by id
                 limit 1"
            ),
            params![company_id: call.company(), shop_id: call.shop(), external_id: named],
        )?,
        By::Id => db.opt(
            sql!(
                "select id, order_id, external_id, kind, status, amount_minor, paid_at, comment
                 from retailcrm_payment
                 where company_id = :company_id and shop_id = :shop_id and id = :id"
            ),
            params![
                company_id: call.company(), shop_id: call.shop(), id: named.parse::<i64>().unwrap_or_default(),
            ],
        )?,
    };
    row.as_ref().map(read_row).transpose()
}

/// Keeps what an order says of its payments; `known` are those that it has.
pub(crate) fn keep_all(
    tx: &mut Tx<'_>,
    call: &Call,
    order: OrderId,
    said: &OrderIn,
    known: &[Payment],
    notes: &mut Vec<String>,
) -> Result<Vec<Payment>, Refusal> {
    let no_payments = List::default();
    let payments = said.payments.as_ref().unwrap_or(&no_payments);
    payments
        .0
        .iter()
        .map(|payment| {
            let before = known.iter().find(|known| is_same(known, payment));
            keep(tx, call, order, before, payment, notes)
        })
        .collect()
}

fn is_same(known: &Payment, said: &PaymentIn) -> bool {
    match (filled(said.id.as_ref()), filled(said.external_id.as_ref())) {
        (Some(id), _) => known.id.to_string() == id,
        (None, Some(external_id)) => known.external_id.as_deref() == Some(external_id),
        (None, None) => Some(known.kind.as_str()) == filled(said.kind.as_ref()),
    }
}

fn keep(
    tx: &mut Tx<'_>,
    call: &Call,
    order: OrderId,
    before: Option<&Payment>,
    said: &PaymentIn,
    notes: &mut Vec<String>,
) -> Result<Payment, Refusal> {
    let text = |text: Option<&crate::wire::lenient::Text>| filled(text).map(str::to_owned);
    let amount = match said.amount {
        Some(amount) => Some(read::money(amount.0, call.site.currency)?.minor()),
        None => before.and_then(|before| before.amount_minor),
    };
    let paid_at = filled(said.paid_at.as_ref()).and_then(|at| time::read(at, &call.site.zone));
    let id = before.map_or_else(|| tx.new_id(), |before| before.id);
    let status = text(said.status.as_ref()).or_else(|| before.and_then(|before| before.status.clone()));
    if status.as_deref() == Some(PAID) && before.and_then(|before| before.status.as_deref()) != Some(PAID) {
        notes.push("payments (said to be paid; the bank decides)".to_owned());
    }
    let payment = Payment {
        id,
        order,
        external_id: text(said.external_id.as_ref())
            .or_else(|| before.and_then(|before| before.external_id.clone())),
        kind: text(said.kind.as_ref())
            .or_else(|| before.map(|before| before.kind.clone()))
            .unwrap_or_else(|| USUAL_KIND.to_owned()),
        status,
        amount_minor: amount,
        paid_at: paid_at.or_else(|| before.and_then(|before| before.paid_at)),
        comment: text(said.comment.as_ref()).or_else(|| before.and_then(|before| before.comment.clone())),
    };
    tx.put(
        sql!(
            "insert into retailcrm_payment (company_id, id, order_id, shop_id, external_id, kind, status,
               amount_minor, paid_at, comment)
             values (:company_id, :id, :order_id, :shop_id, :external_id, :kind, :status, :amount, :paid_at, :comment)
             on conflict (company_id, id) do update
             set external_id = excluded.external_id, kind = excluded.kind, status = excluded.status,
               amount_minor = excluded.amount_minor, paid_at = excluded.paid_at, comment = excluded.comment"
        ),
        params![
            company_id: call.company(), id: id, order_id: order, shop_id: call.shop(),
            external_id: payment.external_id.clone(), kind: &payment.kind, status: payment.status.clone(),
            amount: amount, paid_at: payment.paid_at, comment: payment.comment.clone(),
        ],
    )?;
    Ok(payment)
}

/// POST orders/payments/create.
pub(crate) fn create(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let payment: PaymentIn = call.fields.json("payment")?;
    let order = order_of(tx, call, payment.order.as_ref())?
        .ok_or_else(|| Refusal::bad("Order is not loaded").field("payment.order", "Order not found."))?;
    let known = of_orders(tx, call, &[order])?.remove(&order).unwrap_or_default();
    let by_external = |known: &&Payment| {
        known.external_id.is_some() && known.external_id.as_deref() == filled(payment.external_id.as_ref())
    };
    let before = known.iter().find(by_external);
    let mut notes = Vec::new();
    let id = keep(tx, call, order, before, &payment, &mut notes)?.id;
    Ok(Done::from(Answer::created().with("id", id.get())).about("payment").notes(notes))
}

/// POST orders/payments/{id}/edit.
pub(crate) fn edit(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let payment: PaymentIn = call.fields.json("payment")?;
    let before = find(tx, call, call.segment(2), call.by()?)?.ok_or_else(Refusal::not_found)?;
    let mut notes = Vec::new();
    let id = keep(tx, call, before.order, Some(&before), &payment, &mut notes)?.id;
    Ok(Done::from(Answer::ok().with("id", id.get())).about("payment").notes(notes))
}

/// POST orders/payments/{id}/delete: by our id.
pub(crate) fn delete(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let payment = find(tx, call, call.segment(2), By::Id)?.ok_or_else(Refusal::not_found)?;
    tx.put(
        sql!("delete from retailcrm_payment where company_id = :company_id and id = :id"),
        params![company_id: call.company(), id: payment.id],
    )?;
    Ok(Done::from(Answer::ok()).about("payment"))
}

fn order_of(db: &mut dyn Query, call: &Call, order: Option<&OrderRef>) -> Result<Option<OrderId>, Refusal> {
    let Some(order) = order else { return Ok(None) };
    if let Some(id) = filled(order.id.as_ref()).and_then(|id| id.parse::<OrderId>().ok()) {
        return match load(db, call.company(), id) {
            Ok(found) if found.shop == call.shop() => Ok(Some(id)),
            Ok(_) => Ok(None),
            Err(fault) if fault.kind() == Kind::Missing => Ok(None),
            Err(fault) => Err(fault.into()),
        };
    }
    match filled(order.external_id.as_ref()) {
        Some(external_id) => Ok(takt_orders::by_external_id(db, call.company(), call.shop(), external_id)?),
        None => Ok(None),
    }
}

/// How the protocol tells of an order's payments. What a bank has proved goes before what the shop says.
pub(crate) fn written(order: &Order, payments: &[Payment], call: &Call) -> serde_json::Map<String, Value> {
    let paid = order.is_paid_in_full() && order.total.is_positive();
    let total = super::write::amount(order.total);
    let mut all = serde_json::Map::new();
    for payment in payments {
        let amount = payment.amount_minor.map_or_else(
            || total.clone(),
            |minor| super::write::amount(takt_kernel::money::Money::new(minor, order.currency)),
        );
        let status = if paid { PAID } else { payment.status.as_deref().unwrap_or("not-paid") };
        let mut body = serde_json::json!({
            "id": payment.id.get(), "status": status, "type": payment.kind, "amount": amount,
        });
        for (name, value) in [("externalId", &payment.external_id), ("comment", &payment.comment)] {
            if let Some(value) = value {
                body[name] = Value::from(value.as_str());
            }
        }
        if let Some(at) = payment.paid_at {
            body["paidAt"] = Value::from(time::written(at, &call.site.zone));
        }
        all.insert(payment.id.to_string(), body);
    }
    if all.is_empty() {
        let kind = if order.terms.is_prepaid() { "bank-transfer" } else { USUAL_KIND };
        let status = if paid { PAID } else { "not-paid" };
        let body =
            serde_json::json!({ "id": order.id.get(), "status": status, "type": kind, "amount": total });
        all.insert(order.id.to_string(), body);
    }
    all
}
