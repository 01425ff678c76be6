//! What a buyer may ask for on the page. Everything opens a task for a person; nothing is moved by it.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use serde_json::{Value as Json, json};
use takt_kernel::{Actor, Fault, Result};
use takt_orders::{CommentOrders, Order, buyer::BuyerDeed};
use takt_staff::{Calendar, Permit, Role};
use takt_store::{About, Query, Subject, Tx};
use takt_tasks::{NewTask, of_order, open};
use takt_ui::Words;

use crate::facts::Asked;

pub(crate) const CALL: BuyerDeed = BuyerDeed { name: "call", said_key: "promise-page-said-call", act: call };
pub(crate) const SLOT: BuyerDeed =
    BuyerDeed { name: "slot", said_key: "promise-page-said-slot", act: change_slot };

const CALL_BUYER: &str = "call_buyer";
const CHANGE_SLOT: &str = "change_slot";
const MINUTES: i64 = 15;
/// Of one order, ever.
const MOST: usize = 20;
/// From today on.
pub(crate) const DAYS: i64 = 14;
/// Parts of a day: from this hour, until that one.
pub(crate) const HOURS: [(&str, &str); 4] = [("9", "12"), ("12", "15"), ("15", "18"), ("18", "21")];

fn call(tx: &mut Tx, order: &Order, actor: &Actor, _: &BTreeMap<String, String>, _: &Words) -> Result<()> {
    if order.contact.phone_given.is_none() {
        return Err(Fault::conflict("promise_page.no_phone"));
    }
    ask(tx, order, actor, CALL_BUYER, Json::Null)
}

fn change_slot(
    tx: &mut Tx,
    order: &Order,
    actor: &Actor,
    typed: &BTreeMap<String, String>,
    w: &Words,
) -> Result<()> {
    if order.delivered_at.is_some() {
        return Err(Fault::conflict("promise_page.delivered_already"));
    }
    let of = |name: &str| typed.get(name).map(|text| text.trim()).unwrap_or_default();
    let day: Date = of("day").parse().map_err(|_| Fault::field("day", "promise_page.day_unknown"))?;
    let today = tx.now().to_jiff().to_zoned(w.zone().clone()).date();
    if day < today || day > today.saturating_add(Span::new().days(DAYS)) {
        return Err(Fault::field("day", "promise_page.day_unknown"));
    }
    let hours = HOURS.iter().find(|(from, _)| *from == of("from"));
    let (from, until) = *hours.ok_or_else(|| Fault::field("from", "promise_page.hours_unknown"))?;
    ask(tx, order, actor, CHANGE_SLOT, json!({"day": day.to_string(), "from": from, "until": until}))?;
    let noon = day.at(12, 0, 0, 0).to_zoned(w.zone().clone());
    let day = noon.map_or_else(|_| day.to_string(), |noon| w.date(noon.timestamp().into()));
    let words =
        w.ta("promise-page-wish", &[("day", day.into()), ("from", from.into()), ("until", until.into())]);
    let permit = Permit::<CommentOrders>::system(order.company, "promise_page.slot");
    takt_orders::comment(tx, &permit, order.id, &words).map(|_| ())
}

/// One task of a kind at a time: who asks twice is not called twice.
fn ask(tx: &mut Tx, order: &Order, actor: &Actor, kind: &'static str, args: Json) -> Result<()> {
    if !order.stage.is_in_work() {
        return Err(Fault::conflict("promise_page.finished"));
    }
    let asked = of_order(tx, order.company, order.id)?;
    let asked: Vec<_> = asked.iter().filter(|task| task.kind == kind).collect();
    if asked.len() >= MOST {
        return Err(Fault::conflict("promise_page.asked_enough"));
    }
    if kind == CALL_BUYER && asked.iter().any(|task| !task.is_closed()) {
        return Ok(());
    }
    let calendar = Calendar::of(tx, order.company)?;
    let now = tx.now();
    let new = NewTask {
        company: order.company,
        kind,
        role: Role::Operator,
        order: Some(order.id),
        due_at: calendar.add_working_seconds(now, MINUTES * 60),
        key: Some(format!("promise_page/{kind}/{}/{}", order.id, asked.len())),
        args,
    };
    open(tx, new, actor)?;
    let deed = if kind == CALL_BUYER { "call" } else { "slot" };
    let about = About::new(order.company, Subject::new("order", order.id.get()), actor);
    tx.say(about, &Asked { deed: deed.to_owned() })
}
