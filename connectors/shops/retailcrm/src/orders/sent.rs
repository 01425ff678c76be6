//! What a shop last said of an order.

use serde_json::Value;
use takt_kernel::{CompanyId, Fault, Result};
use takt_orders::OrderId;
use takt_store::{Query, Question, Row, Tx, params, sql};

use crate::{model::order::OrderIn, wire::endpoint::Call, words::Times};

#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    pub order: OrderIn,
    /// When it said each part of that.
    pub times: Times,
    /// Up to which version the shop knows the order as it stands here.
    pub seen_version: i64,
}

/// The last word of the shop about each of these orders.
///
/// # Errors
/// Faults of the store.
pub(crate) fn of(db: &mut dyn Query, company: CompanyId, ids: &[OrderId]) -> Result<Vec<(OrderId, Sent)>> {
    read(&db.all_at_once(&[question(company, ids)])?.pop().unwrap_or_default())
}

pub(crate) fn question(company: CompanyId, ids: &[OrderId]) -> Question {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    Question::new(
        sql!(
            "select order_id, sent, said_fields, seen_version
             from retailcrm_order
             where company_id = :company_id and order_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by order_id
             limit 1000"
        ),
        params![company_id: company, ids: Value::from(ids).to_string()],
    )
}

/// # Errors
/// When a row makes no sense.
pub(crate) fn read(rows: &[Row]) -> Result<Vec<(OrderId, Sent)>> {
    rows.iter()
        .map(|row| {
            let sent = Sent {
                order: row.json("sent")?,
                times: Times::read(row.get::<Option<String>>("said_fields")?.as_deref())?,
                seen_version: row.get("seen_version")?,
            };
            Ok((row.get("order_id")?, sent))
        })
        .collect()
}

/// # Errors
/// Faults of the store.
pub(crate) fn keep(tx: &mut Tx<'_>, call: &Call, id: OrderId, last: &Sent) -> Result<()> {
    let sent = serde_json::to_string(&last.order)
        .map_err(|error| Fault::broken("retailcrm.unwritable").because(error))?;
    tx.put(
        sql!(
            "insert into retailcrm_order (company_id, order_id, shop_id, sent, said_fields, seen_version)
             values (:company_id, :order_id, :shop_id, :sent, :said_fields, :seen_version)
             on conflict (company_id, order_id) do update
             set sent = excluded.sent, said_fields = excluded.said_fields, seen_version = excluded.seen_version,
               listed = null"
        ),
        params![
            company_id: call.company(), order_id: id, shop_id: call.shop(), sent: sent,
            said_fields: last.times.written(), seen_version: last.seen_version,
        ],
    )
}

/// What the shop said before, with what it says now.
pub(crate) fn over(before: &OrderIn, now: &OrderIn) -> OrderIn {
    macro_rules! newest {
        ($($field:ident),* $(,)?) => {
            OrderIn {
                $($field: now.$field.clone().or_else(|| before.$field.clone()),)*
                rest: before.rest.clone().into_iter().chain(now.rest.clone()).collect(),
                payments: None,
                delivery: match (&before.delivery, &now.delivery) {
                    (Some(before), Some(now)) => Some(crate::model::order::DeliveryIn {
                        code: now.code.clone().or_else(|| before.code.clone()),
                        cost: now.cost.or(before.cost),
                        address: now.address.clone().or_else(|| before.address.clone()),
                        rest: before.rest.clone().into_iter().chain(now.rest.clone()).collect(),
                    }),
                    (before, now) => now.clone().or_else(|| before.clone()),
                },
            }
        };
    }
    newest!(
        external_id,
        number,
        site,
        status,
        currency,
        created_at,
        first_name,
        last_name,
        patronymic,
        phone,
        additional_phone,
        email,
        customer_comment,
        manager_comment,
        discount_manual_amount,
        discount_manual_percent,
        customer,
        items,
        custom_fields,
    )
}
