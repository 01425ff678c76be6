//! What an order is found by: its number and the shop's, the buyer's name, phone and e-mail, where it goes, what others
//! know it by (tracking numbers), its goods, and what the buyer and the colleagues remarked. Any three letters or digits
//! in a row, fewer at the beginning of a word; case, ё and spaces do not matter, and goods and remarks are found in other
//! forms of a word too.

use std::collections::BTreeMap;

use serde_json::json;
use takt_kernel::{CompanyId, Result, digits, fold};
pub(crate) use takt_search::Needle;
use takt_store::{Query, Row, Statement, Subject, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    order::{Line, Order, OrderId},
    panels::FOUND_BY,
    rows,
};

/// What the search calls an order.
pub(crate) const KIND: &str = "order";
/// Of a Russian number, without the 7 or 8 before them.
const RUSSIAN_DIGITS: usize = 10;
const INDEX_OLD: &str = "orders.index_old";
/// Orders that one transaction gives to the search.
const BATCH: i64 = 200;
/// Of an order's remarks the newest are found.
const MOST_REMARKS: i64 = 50;

pub(crate) const TIMER: TimerKind = TimerKind {
    kind: INDEX_OLD,
    does: "gives orders that came before there was this search to it",
    fire: index_old,
};

/// A new order: nobody remarked anything, and nobody else knows it yet.
pub(crate) fn placed(tx: &mut Tx, order: &Order, lines: &[Line]) -> Result<()> {
    put(tx, order, &Beside { goods: goods_of(lines), ..Beside::default() })
}

/// An order that changed. Most changes are of what nobody looks for, and cost nothing.
pub(crate) fn moved(tx: &mut Tx, before: &Order, after: &Order) -> Result<()> {
    let told = |order: &Order| (own(order), order.comment.clone(), order.last_comment.clone());
    if told(before) == told(after) { Ok(()) } else { renew(tx, after) }
}

/// Makes an order findable by what is known of it now.
pub(crate) fn renew(tx: &mut Tx, order: &Order) -> Result<()> {
    renew_all(tx, order.company, std::slice::from_ref(order))
}

/// For whoever fills [`FOUND_BY`] and knows more of an order now, or less.
///
/// # Errors
/// `orders.missing`.
pub fn search_anew(tx: &mut Tx, company: CompanyId, id: OrderId) -> Result<()> {
    let order = rows::load(tx, company, id)?;
    renew(tx, &order)
}

fn renew_all(tx: &mut Tx, company: CompanyId, orders: &[Order]) -> Result<()> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let mut beside = known_of(tx, company, &ids)?;
    for order in orders {
        put(tx, order, &beside.remove(&order.id).unwrap_or_default())?;
    }
    Ok(())
}

/// What stands in other rows than the order's own.
#[derive(Default)]
struct Beside {
    /// By which others know it.
    known_by: Vec<String>,
    /// SKUs and names.
    goods: Vec<String>,
    /// The newest first.
    remarks: Vec<String>,
}

fn known_of(tx: &mut Tx, company: CompanyId, ids: &[OrderId]) -> Result<BTreeMap<OrderId, Beside>> {
    let mut beside: BTreeMap<OrderId, Beside> = BTreeMap::new();
    for (id, lines) in rows::lines_of(tx, company, ids)? {
        beside.entry(id).or_default().goods = goods_of(&lines);
    }
    for id in ids {
        beside.entry(*id).or_default().remarks = remarks_of(tx, company, *id)?;
    }
    for found_by in tx.slots().of(&FOUND_BY) {
        for (id, words) in found_by(tx, company, ids)? {
            beside.entry(id).or_default().known_by.push(words);
        }
    }
    Ok(beside)
}

fn goods_of(lines: &[Line]) -> Vec<String> {
    lines.iter().flat_map(|line| line.sku.iter().chain([&line.name]).cloned()).collect()
}

fn remarks_of(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<String>> {
    db.all(
        sql!(
            "select words
             from order_comment
             where company_id = :company_id and order_id = :order_id
             order by at desc, id desc
             limit :most"
        ),
        params![company_id: company, order_id: order, most: MOST_REMARKS],
    )?
    .iter()
    .map(|row: &Row| row.get("words"))
    .collect()
}

fn put(tx: &mut Tx, order: &Order, beside: &Beside) -> Result<()> {
    let known_by = beside.known_by.iter().map(|words| fold(words));
    // What a text is too long for are the oldest remarks.
    let free = beside.goods.iter().chain(&order.comment).chain(&beside.remarks).map(String::as_str);
    let free = takt_search::free_words(free);
    let text = takt_search::joined(own(order).into_iter().chain(known_by).chain([free]));
    takt_search::put(tx, order.company, KIND, order.id.get(), Some(order.shop), &text)
}

/// What its own row says of it.
fn own(order: &Order) -> [String; 7] {
    let contact = &order.contact;
    let phone = contact.phone.as_deref().or(contact.phone_given.as_deref()).unwrap_or_default();
    let phone = phone_digits(&digits(phone.split(";ext=").next().unwrap_or_default()));
    // In Russia people write 8 for +7.
    let as_written = phone.strip_prefix('7').filter(|rest| rest.len() == RUSSIAN_DIGITS);
    let as_written = as_written.map(|rest| format!("8{rest}")).unwrap_or_default();
    let folded = |text: Option<&str>| text.map(fold).unwrap_or_default();
    [
        fold(&order.number),
        folded(order.external_id.as_deref().filter(|external_id| *external_id != order.number)),
        fold(&contact.name),
        phone,
        as_written,
        folded(contact.email.as_deref()),
        folded(order.delivery.address.as_deref()),
    ]
}

/// What is said of the buyer alone.
pub(crate) fn buyers_text(order: &Order) -> String {
    let [_, _, name, phone, as_written, email, _] = own(order);
    takt_search::joined([name, phone, as_written, email])
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
    renew_all(tx, due.company, &orders)?;
    match orders.last().map(|order| order.id) {
        Some(last) if i64::try_from(orders.len()).is_ok_and(|length| length == BATCH) => {
            index_after(tx, due.company, OrderId::get(last))
        }
        Some(_) | None => Ok(()),
    }
}
