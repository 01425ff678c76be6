use takt_kernel::{
    CompanyId, Fault, Result, Timestamp,
    money::{Currency, Money},
};
use takt_store::{InTurn, Query, Question, Row, Sql, Tx, params, sql};
use takt_ui::Lang;

use super::{NEVER, lines_of};
use crate::{
    clock::Wait,
    holder::{Holder, Milestone},
    new_order::Delivery,
    order::{Line, Order, OrderContact, OrderId},
    pause::Pause,
    stage::{Reserved, Shipped, Stage},
    terms::Terms,
};

/// The columns [`read_order`] wants, for statements put together at run time.
pub(crate) const COLUMNS: &str =
    "orders.id, orders.company_id, orders.shop_id, orders.desk_id, orders.number,
  orders.external_id, orders.source, orders.stage, orders.status, orders.terms, orders.credit_days,
  orders.currency, orders.lang, orders.customer_id, orders.contact_name, orders.contact_phone,
  orders.contact_phone_given, orders.contact_email, orders.delivery_method, orders.delivery_address,
  orders.comment, orders.goods_minor, orders.discount_minor, orders.delivery_minor, orders.vat_minor,
  orders.total_minor, orders.paid_minor, orders.reserved, orders.short, orders.shipped, orders.taken,
  orders.holder, orders.holder_since, orders.milestone, orders.due_at, orders.started_at,
  orders.confirmed_at, orders.ready_at, orders.delivered_at, orders.deferred_until, orders.last_comment,
  orders.cancel_reason, orders.extra, orders.version, orders.placed_at, orders.updated_at,
  orders.urgent, orders.milestone_since, orders.pause, orders.waits, orders.taken_by";

/// An order of a company, for those who already know that they may see it.
///
/// # Errors
/// `orders.missing`.
pub fn load(db: &mut dyn Query, company: CompanyId, id: OrderId) -> Result<Order> {
    db.opt(one(), params![company_id: company, id: id])?
        .as_ref()
        .map(read_order)
        .transpose()?
        .ok_or_else(|| missing(id))
}

/// Asks what [`load`] asks.
pub(crate) fn load_asked(company: CompanyId, id: OrderId) -> Question {
    Question::new(one(), params![company_id: company, id: id])
}

fn one() -> &'static Sql {
    sql!(
        "select id, company_id, shop_id, desk_id, number, external_id, source, stage, status, terms,
           credit_days, currency, lang, customer_id, contact_name, contact_phone, contact_phone_given,
           contact_email, delivery_method, delivery_address, comment, goods_minor, discount_minor,
           delivery_minor, vat_minor, total_minor, paid_minor, reserved, short, shipped, taken, holder,
           holder_since, milestone, due_at, started_at, confirmed_at, ready_at, delivered_at,
           deferred_until, last_comment, cancel_reason, extra, version, placed_at, updated_at, urgent,
           milestone_since, pause, waits, taken_by
         from orders
         where company_id = :company_id and id = :id"
    )
}

/// The order for a verb: its row is locked first, before anything else is touched.
pub(crate) fn lock(tx: &mut Tx, company: CompanyId, id: OrderId) -> Result<Order> {
    let row = tx.opt(
        sql!(
            "select id, company_id, shop_id, desk_id, number, external_id, source, stage, status, terms,
               credit_days, currency, lang, customer_id, contact_name, contact_phone, contact_phone_given,
               contact_email, delivery_method, delivery_address, comment, goods_minor, discount_minor,
               delivery_minor, vat_minor, total_minor, paid_minor, reserved, short, shipped, taken, holder,
               holder_since, milestone, due_at, started_at, confirmed_at, ready_at, delivered_at,
               deferred_until, last_comment, cancel_reason, extra, version, placed_at, updated_at, urgent,
               milestone_since, pause, waits, taken_by
             from orders
             where company_id = :company_id and id = :id
             {pg:for update|sqlite:}"
        ),
        params![company_id: company, id: id],
    )?;
    row.as_ref().map(read_order).transpose()?.ok_or_else(|| missing(id))
}

/// The lines of an order in their order.
///
/// # Errors
/// Faults of the store.
pub fn lines(db: &mut dyn Query, company: CompanyId, id: OrderId) -> Result<Vec<Line>> {
    Ok(lines_of(db, company, &[id])?.into_values().next().unwrap_or_default())
}

fn missing(id: OrderId) -> Fault {
    Fault::missing("orders.missing").arg("id", id)
}

/// Ids as a JSON array: one parameter, and one statement text, however many there are.
pub(crate) fn ids_as_json<T>(ids: &[takt_kernel::Id<T>]) -> String {
    let numbers: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    serde_json::Value::from(numbers).to_string()
}

pub(crate) fn read_order(row: &Row) -> Result<Order> {
    let currency: Currency = row.get("currency")?;
    let due_at: i64 = row.get("due_at")?;
    let row = row.in_turn();
    let money = |column: &str| Ok::<Money, Fault>(Money::new(row.get(column)?, currency));
    Ok(Order {
        id: row.get("id")?,
        company: row.get("company_id")?,
        shop: row.get("shop_id")?,
        desk: row.get("desk_id")?,
        number: row.get("number")?,
        external_id: row.get("external_id")?,
        source: row.get("source")?,
        stage: Stage::from_code(row.text("stage")?)?,
        status: row.get("status")?,
        terms: Terms::from_code(row.text("terms")?, row.get("credit_days")?)?,
        currency,
        lang: Lang::parse(row.text("lang")?).unwrap_or_default(),
        customer: row.get("customer_id")?,
        contact: read_contact(&row)?,
        delivery: Delivery {
            method: row.get("delivery_method")?,
            address: row.get("delivery_address")?,
            price: money("delivery_minor")?,
        },
        comment: row.get("comment")?,
        goods: money("goods_minor")?,
        discount: money("discount_minor")?,
        vat: money("vat_minor")?,
        total: money("total_minor")?,
        paid: money("paid_minor")?,
        reserved: Reserved::from_code(row.text("reserved")?)?,
        short: row.get("short")?,
        shipped: Shipped::from_code(row.text("shipped")?)?,
        taken: row.get("taken")?,
        holder: row.text_if_any("holder")?.map(Holder::from_code).transpose()?,
        holder_since: row.get("holder_since")?,
        milestone: row.get::<Option<String>>("milestone")?.map(Milestone::own),
        milestone_since: row.get("milestone_since")?,
        due_at: (due_at != NEVER).then_some(Timestamp::from_micros(due_at)),
        started_at: row.get("started_at")?,
        confirmed_at: row.get("confirmed_at")?,
        ready_at: row.get("ready_at")?,
        delivered_at: row.get("delivered_at")?,
        deferred_until: row.get("deferred_until")?,
        last_comment: row.get("last_comment")?,
        cancel_reason: row.get("cancel_reason")?,
        extra: row.json("extra")?,
        version: row.get("version")?,
        placed_at: row.get("placed_at")?,
        updated_at: row.get("updated_at")?,
        urgent: row.get("urgent")?,
        pause: pause(row.text_if_any("pause")?)?,
        waits: waits(row.text("waits")?)?,
        taken_by: row.get("taken_by")?,
    })
}

fn pause(text: Option<&str>) -> Result<Option<Pause>> {
    text.map(|text| serde_json::from_str(text).map_err(unreadable)).transpose()
}

/// Most orders never waited.
fn waits(text: &str) -> Result<Vec<Wait>> {
    if text == "[]" { Ok(Vec::new()) } else { serde_json::from_str(text).map_err(unreadable) }
}

fn unreadable(error: serde_json::Error) -> Fault {
    Fault::broken("orders.pause_unreadable").because(error)
}

fn read_contact(row: &InTurn<'_>) -> Result<OrderContact> {
    Ok(OrderContact {
        name: row.get("contact_name")?,
        phone: row.get("contact_phone")?,
        phone_given: row.get("contact_phone_given")?,
        email: row.get("contact_email")?,
    })
}
