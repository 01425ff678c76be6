//! What an order is found by: its number and the shop's, the buyer's name, phone and e-mail, and where
//! it goes. Any three letters or digits in a row, fewer at the beginning of a word; case, ё and spaces
//! do not matter.

use serde_json::json;
use takt_kernel::{CompanyId, Result, digits, fold};
pub(crate) use takt_search::Needle;
use takt_store::{Query, Statement, Subject, Tx};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    order::{Order, OrderId},
    rows,
};

/// What the search calls an order.
pub(crate) const KIND: &str = "order";
/// Of a Russian number, without the 7 or 8 before them.
const RUSSIAN_DIGITS: usize = 10;
const INDEX_OLD: &str = "orders.index_old";
/// Orders that one transaction gives to the search.
const BATCH: i64 = 200;

pub(crate) const TIMER: TimerKind = TimerKind {
    kind: INDEX_OLD,
    does: "gives orders that came before there was this search to it",
    fire: index_old,
};

/// Makes an order findable by what it says now.
pub(crate) fn index(tx: &mut Tx, before: Option<&Order>, after: &Order) -> Result<()> {
    let text = text_of(after);
    if before.is_some_and(|before| text_of(before) == text) {
        return Ok(());
    }
    takt_search::put(tx, after.company, KIND, after.id.get(), Some(after.shop), &text)
}

fn text_of(order: &Order) -> String {
    let contact = &order.contact;
    let phone = contact.phone.as_deref().or(contact.phone_given.as_deref()).unwrap_or_default();
    let phone = phone_digits(&digits(phone.split(";ext=").next().unwrap_or_default()));
    // In Russia people write 8 for +7.
    let as_written = phone.strip_prefix('7').filter(|rest| rest.len() == RUSSIAN_DIGITS);
    let as_written = as_written.map(|rest| format!("8{rest}")).unwrap_or_default();
    let folded = |text: Option<&str>| text.map(fold).unwrap_or_default();
    takt_search::joined([
        fold(&order.number),
        folded(order.external_id.as_deref().filter(|external_id| *external_id != order.number)),
        fold(&contact.name),
        phone,
        as_written,
        folded(contact.email.as_deref()),
        folded(order.delivery.address.as_deref()),
    ])
}

pub(crate) fn matches(order: &Order, needle: &Needle) -> bool {
    needle.matches(&text_of(order))
}

fn phone_digits(figures: &str) -> String {
    match figures.strip_prefix('8') {
        Some(rest) if rest.len() == RUSSIAN_DIGITS => format!("7{rest}"),
        _ => figures.to_owned(),
    }
}

/// Gives all orders of a company to the search, some at a time, by a timer. For those who wrote orders
/// past the verbs.
///
/// # Errors
/// Faults of the store.
pub fn index_all(tx: &mut Tx, company: CompanyId) -> Result<()> {
    index_after(tx, company, 0)
}

fn index_after(tx: &mut Tx, company: CompanyId, after: i64) -> Result<()> {
    let now = tx.now();
    let subject = Subject::new("company", company.get());
    timers::set(tx, company, INDEX_OLD, "", subject, now, &json!({ "after": after }))
}

fn index_old(tx: &mut Tx, due: &DueTimer) -> Result<()> {
    let after = due.payload.get("after").and_then(serde_json::Value::as_i64).unwrap_or(0);
    let statement = Statement::new("select ")
        .push(rows::COLUMNS)
        .push(
            "\nfrom orders
             where orders.company_id = :company_id and orders.id > :after
             order by orders.id
             limit :batch",
        )
        .bind("company_id", due.company)
        .bind("after", after)
        .bind("batch", BATCH);
    let orders = tx.all_of(&statement)?.iter().map(rows::read_order).collect::<Result<Vec<Order>>>()?;
    for order in &orders {
        index(tx, None, order)?;
    }
    match orders.last().map(|order| order.id) {
        Some(last) if i64::try_from(orders.len()).is_ok_and(|length| length == BATCH) => {
            index_after(tx, due.company, OrderId::get(last))
        }
        Some(_) | None => Ok(()),
    }
}
