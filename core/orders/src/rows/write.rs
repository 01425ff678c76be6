use takt_kernel::{Fault, Result, Timestamp};
use takt_store::{Query, Tx, params, sql};

use super::{due_value, turn_value};
use crate::{counts, order::Order, search};

pub(crate) fn insert(tx: &mut Tx, order: &Order) -> Result<()> {
    tx.put(
        sql!(
            "insert into orders (company_id, id, shop_id, desk_id, number, external_id, source, stage, in_work,
               status, terms, credit_days, currency, lang, customer_id, contact_name, contact_phone,
               contact_phone_given, contact_email, delivery_method, delivery_address, comment, goods_minor,
               discount_minor, delivery_minor, vat_minor, total_minor, paid_minor, reserved, short, shipped,
               taken, holder, holder_since, milestone, due_at, started_at, confirmed_at, ready_at,
               delivered_at, deferred_until, last_comment, cancel_reason, extra, version, placed_at, updated_at,
               urgent, turn_at, milestone_since, pause, waits, taken_by, city)
             values (:company_id, :id, :shop_id, :desk_id, :number, :external_id, :source, :stage, :in_work,
               :status, :terms, :credit_days, :currency, :lang, :customer_id, :contact_name, :contact_phone,
               :contact_phone_given, :contact_email, :delivery_method, :delivery_address, :comment, :goods_minor,
               :discount_minor, :delivery_minor, :vat_minor, :total_minor, :paid_minor, :reserved, :short, :shipped,
               :taken, :holder, :holder_since, :milestone, :due_at, :started_at, :confirmed_at, :ready_at,
               :delivered_at, :deferred_until, :last_comment, :cancel_reason, :extra, :version, :placed_at, :updated_at,
               :urgent, :turn_at, :milestone_since, :pause, :waits, :taken_by, :city)"
        ),
        params![
            company_id: order.company, id: order.id, shop_id: order.shop, desk_id: order.desk,
            number: &order.number, external_id: order.external_id.as_deref(), source: &order.source,
            stage: order.stage.code(), in_work: order.stage.is_in_work(), status: &order.status,
            terms: order.terms.code(), credit_days: order.terms.credit_days(), currency: order.currency,
            lang: order.lang.code(), customer_id: order.customer, contact_name: &order.contact.name,
            contact_phone: order.contact.phone.as_deref(),
            contact_phone_given: order.contact.phone_given.as_deref(),
            contact_email: order.contact.email.as_deref(),
            delivery_method: order.delivery.method.as_deref(),
            delivery_address: order.delivery.address.as_deref(), comment: order.comment.as_deref(),
            goods_minor: order.goods.minor(), discount_minor: order.discount.minor(),
            delivery_minor: order.delivery.price.minor(), vat_minor: order.vat.minor(),
            total_minor: order.total.minor(), paid_minor: order.paid.minor(),
            reserved: order.reserved.code(), short: order.short, shipped: order.shipped.code(),
            taken: order.taken, holder: order.holder.map(crate::Holder::code), holder_since: order.holder_since,
            milestone: order.milestone.as_ref().map(crate::Milestone::code), due_at: due_value(order.due_at),
            started_at: order.started_at, confirmed_at: order.confirmed_at, ready_at: order.ready_at,
            delivered_at: order.delivered_at, deferred_until: order.deferred_until,
            last_comment: order.last_comment.as_deref(), cancel_reason: order.cancel_reason.as_deref(),
            extra: serde_json::Value::Object(order.extra.clone()).to_string(), version: order.version,
            placed_at: order.placed_at, updated_at: order.updated_at, urgent: order.urgent,
            turn_at: turn_value(order), milestone_since: order.milestone_since, pause: pause(order)?,
            waits: waits(order)?, taken_by: order.taken_by, city: crate::city::of_order(order),
        ],
    )?;
    counts::added(tx, order)
}

/// Writes a changed order over what it was: the version goes up by one, counts and search words
/// follow. The row was locked when `before` was read.
pub(crate) fn save(tx: &mut Tx, before: &Order, after: &mut Order) -> Result<()> {
    after.version = before.version + 1;
    after.updated_at = later(tx.now(), before.updated_at);
    put(tx, after)?;
    counts::moved(tx, before, after)?;
    search::moved(tx, before, after)
}

/// Writes by when it is promised, and nothing else.
pub(crate) fn save_promise(tx: &mut Tx, order: &Order) -> Result<()> {
    tx.put(
        sql!(
            "update orders
             set due_at = :due_at, turn_at = :turn_at
             where company_id = :company_id and id = :id"
        ),
        params![
            due_at: due_value(order.due_at), turn_at: turn_value(order), company_id: order.company, id: order.id,
        ],
    )
}

/// Writes the row as it is, so that whoever waits for it starts again from what is true then.
pub(crate) fn touch(tx: &mut Tx, order: &Order) -> Result<()> {
    tx.put(
        sql!("update orders set version = version where company_id = :company_id and id = :id"),
        params![company_id: order.company, id: order.id],
    )
}

/// Within an order time never runs backwards.
fn later(now: Timestamp, last: Timestamp) -> Timestamp {
    now.max(last.plus_micros(1))
}

fn put(tx: &mut Tx, order: &Order) -> Result<()> {
    tx.put(
        sql!(
            "update orders
             set stage = :stage, in_work = :in_work, status = :status, customer_id = :customer_id,
               contact_name = :contact_name, contact_phone = :contact_phone,
               contact_phone_given = :contact_phone_given, contact_email = :contact_email,
               delivery_method = :delivery_method, delivery_address = :delivery_address, comment = :comment,
               goods_minor = :goods_minor, discount_minor = :discount_minor, delivery_minor = :delivery_minor,
               vat_minor = :vat_minor, total_minor = :total_minor, paid_minor = :paid_minor,
               reserved = :reserved, short = :short, shipped = :shipped, taken = :taken, holder = :holder,
               holder_since = :holder_since, milestone = :milestone, due_at = :due_at, started_at = :started_at,
               confirmed_at = :confirmed_at, ready_at = :ready_at, delivered_at = :delivered_at,
               deferred_until = :deferred_until, last_comment = :last_comment, cancel_reason = :cancel_reason,
               extra = :extra, version = :version, updated_at = :updated_at, urgent = :urgent, turn_at = :turn_at,
               milestone_since = :milestone_since, pause = :pause, waits = :waits, taken_by = :taken_by, city = :city
             where company_id = :company_id and id = :id"
        ),
        params![
            company_id: order.company, id: order.id, stage: order.stage.code(),
            in_work: order.stage.is_in_work(), status: &order.status, customer_id: order.customer,
            contact_name: &order.contact.name, contact_phone: order.contact.phone.as_deref(),
            contact_phone_given: order.contact.phone_given.as_deref(),
            contact_email: order.contact.email.as_deref(),
            delivery_method: order.delivery.method.as_deref(),
            delivery_address: order.delivery.address.as_deref(), comment: order.comment.as_deref(),
            goods_minor: order.goods.minor(), discount_minor: order.discount.minor(),
            delivery_minor: order.delivery.price.minor(), vat_minor: order.vat.minor(),
            total_minor: order.total.minor(), paid_minor: order.paid.minor(),
            reserved: order.reserved.code(), short: order.short, shipped: order.shipped.code(),
            taken: order.taken, holder: order.holder.map(crate::Holder::code), holder_since: order.holder_since,
            milestone: order.milestone.as_ref().map(crate::Milestone::code), due_at: due_value(order.due_at),
            started_at: order.started_at, confirmed_at: order.confirmed_at, ready_at: order.ready_at,
            delivered_at: order.delivered_at, deferred_until: order.deferred_until,
            last_comment: order.last_comment.as_deref(), cancel_reason: order.cancel_reason.as_deref(),
            extra: serde_json::Value::Object(order.extra.clone()).to_string(), version: order.version,
            updated_at: order.updated_at, urgent: order.urgent, turn_at: turn_value(order),
            milestone_since: order.milestone_since, pause: pause(order)?, waits: waits(order)?,
            taken_by: order.taken_by, city: crate::city::of_order(order),
        ],
    )
}

fn pause(order: &Order) -> Result<Option<String>> {
    order.pause.as_ref().map(|pause| serde_json::to_string(pause).map_err(unwritable)).transpose()
}

fn waits(order: &Order) -> Result<String> {
    serde_json::to_string(&order.waits).map_err(unwritable)
}

fn unwritable(error: serde_json::Error) -> Fault {
    Fault::broken("orders.pause_unreadable").because(error)
}
