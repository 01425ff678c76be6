//! Orders that a shop reports: one, or fifty at once.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use takt_gateway::{Report, Usual, accept};
use takt_kernel::{Kind, Timestamp, money::Currency};
use takt_orders::{Created, NewOrder, OrderId, PlaceOrders, Terms, by_external_id, load, record_past};
use takt_store::{Query, Rivals, Tx};
use takt_ui::Lang;

use super::{
    edit, payments, read,
    sent::{self, Sent},
    status,
    write::{self, Written},
};
use crate::{
    KIND, carts, corporate, customers, differences,
    model::order::{OfferRef, OrderIn},
    settings::Settings,
    wire::{
        endpoint::{Answer, Call, Done},
        lenient::{List, filled},
        refusal::Refusal,
        time,
    },
    words::{self, Times},
};

const MOST_AT_ONCE: usize = 50;

/// POST orders/create.
pub(crate) fn create(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let order: OrderIn = call.fields.json("order")?;
    call.expect_site(call.fields.get("site").map(text).as_ref())?;
    let about = about(&order);
    if known(tx, call, &order)?.is_some() {
        return Err(Refusal::bad("Order already exists."));
    }
    // It says how the order was born: whatever the shop said of it besides, it said later, though it may have come
    // earlier.
    let born = Call { came_at: Timestamp::from_micros(0), ..call.clone() };
    let Taken { id, notes, written } = place(tx, &born, &order)?;
    let answer = Answer::created().with("id", id.get());
    let answer = match written {
        Some(written) => {
            let new = write::new(tx, call, vec![*written])?;
            answer.with_later("order", move || new.bodies().pop().unwrap_or(Value::Null))
        }
        None => answer.with("order", write::orders(tx, call, &[id])?.pop().unwrap_or(Value::Null)),
    };
    Ok(Done::from(answer).about(about).notes(notes))
}

fn text(text: &str) -> crate::wire::lenient::Text {
    crate::wire::lenient::Text(text.to_owned())
}

pub(crate) fn about(order: &OrderIn) -> String {
    let name = filled(order.external_id.as_ref()).or_else(|| filled(order.number.as_ref()));
    format!("order {}", name.unwrap_or("?"))
}

fn known(tx: &mut Tx<'_>, call: &Call, order: &OrderIn) -> Result<Option<OrderId>, Refusal> {
    match filled(order.external_id.as_ref()) {
        Some(id) => Ok(by_external_id(tx, call.company(), call.shop(), id)?),
        None => Ok(None),
    }
}

/// What was taken in.
pub(crate) struct Taken {
    pub id: OrderId,
    pub notes: Vec<String>,
    /// The order as it stands, unless something moved it on.
    pub written: Option<Box<Written>>,
}

/// Takes an order in, with its customer, its payments and its status.
pub(crate) fn place(tx: &mut Tx<'_>, call: &Call, order: &OrderIn) -> Result<Taken, Refusal> {
    call.expect_site(order.site.as_ref())?;
    let mut notes = Vec::new();
    let report = report(tx, call, order, &mut notes)?;
    let permit = call.permit::<PlaceOrders>()?;
    let finished = match filled(order.status.as_ref()) {
        Some(code) => status::meant(tx, call, code)?.filter(|status| !status.stage.is_in_work()),
        None => None,
    };
    let placed = match finished {
        // A shop that exports all it ever sold sends what was over long ago.
        Some(status) => {
            let now = tx.now();
            let at = filled(order.created_at.as_ref()).and_then(|at| time::read(at, &call.site.zone));
            let wanted = recognised(tx, call, report.wanted)?;
            record_past(tx, &permit, wanted, &status, at.unwrap_or(now))?
        }
        None => accept(tx, &permit, report, None)?,
    };
    let id = placed.id;
    let mut created = placed.created;
    let known = match &created {
        Some(_) => Vec::new(),
        None => payments::of_orders(tx, call, &[id])?.remove(&id).unwrap_or_default(),
    };
    let payments = payments::keep_all(tx, call, id, order, &known, &mut notes)?;
    let now = match &created {
        Some(created) => created.order.clone(),
        None => load(tx, call.company(), id)?,
    };
    if let Some(customer) = now.customer.filter(|_| created.is_some()) {
        customers::keep::note(tx, call, customer)?;
    }
    let customer = now.customer;
    let is_corporate = corporate::ordered::keep(tx, call, id, customer, order, &mut notes)?;
    carts::ordered(tx, call, id, customer, order)?;
    let mut version = created.as_ref().map_or(1, |created| created.order.version);
    if let Some(wanted) = filled(order.status.as_ref()) {
        let before = now.version;
        version = status::follow(tx, call, now, wanted, &mut notes)?.version;
        created = created.filter(|_| version == before);
    }
    let sent = Sent {
        order: sent::over(&OrderIn::default(), order),
        times: Times::born(call, &words::ORDER, order)?,
        seen_version: version,
    };
    sent::keep(tx, call, id, &sent)?;
    let sent = sent.order;
    let written = created.map(|created| {
        let Created { order, lines } = *created;
        Box::new(Written { order, lines, sent, payments, is_corporate })
    });
    Ok(Taken { id, notes, written })
}

/// As [`accept`] does: whose order it is.
fn recognised(tx: &mut Tx<'_>, call: &Call, mut wanted: NewOrder) -> Result<NewOrder, Refusal> {
    if wanted.customer.is_none() && (wanted.contact.phone.is_some() || wanted.contact.email.is_some()) {
        let actor = call.caller.actor();
        wanted.customer = Some(takt_customers::recognise(tx, call.company(), &wanted.contact, &actor)?);
    }
    Ok(wanted)
}

fn report(tx: &mut Tx<'_>, call: &Call, order: &OrderIn, notes: &mut Vec<String>) -> Result<Report, Refusal> {
    let company = call.company();
    let usual = Usual::of(tx, company, call.shop())?;
    let currency = match filled(order.currency.as_ref()) {
        Some(code) => Currency::from_code(&code.to_ascii_uppercase())?,
        None => usual.currency,
    };
    let no_items = List::default();
    let items = order.items.as_ref().unwrap_or(&no_items);
    let offers = read::offers(tx, call, &items.0)?;
    let lines = items
        .0
        .iter()
        .map(|item| read::line(item, None, &offers, currency))
        .collect::<takt_kernel::Result<Vec<_>>>()?;
    let contact = read::contact(order, &usual.region, notes);
    let customer = customers::of_order(tx, call, order, &contact)?;
    let terms = terms_of(call, order);
    let wanted = NewOrder {
        shop: call.shop(),
        external_id: filled(order.external_id.as_ref()).map(str::to_owned),
        number: filled(order.number.as_ref()).map(str::to_owned),
        currency,
        terms: terms.unwrap_or(usual.terms),
        urgent: false,
        contact,
        customer,
        lang: language(order).unwrap_or(usual.lang),
        discount: read::discount(order, &lines, currency)?,
        lines,
        delivery: read::delivery(order.delivery.as_ref(), currency)?,
        comment: filled(order.customer_comment.as_ref()).map(str::to_owned),
        declared_total: None,
        extra: corporate::ordered::extra(tx, call, order, read::extra(order))?,
        source: KIND.to_owned(),
    };
    Ok(Report { wanted, terms_said: terms.is_some() })
}

/// What the first payment of the order means for when it is paid.
fn terms_of(call: &Call, order: &OrderIn) -> Option<Terms> {
    let kind = order.payments.as_ref()?.0.iter().find_map(|payment| filled(payment.kind.as_ref()))?;
    let code = Settings::of(&call.connection).terms_of(kind)?.to_owned();
    Terms::from_code(&code, 0).ok()
}

fn language(order: &OrderIn) -> Option<Lang> {
    order.rest.get("languageCode").and_then(Value::as_str).and_then(Lang::parse)
}

/// POST orders/upload: fifty at most, each for itself.
pub(crate) fn upload(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let orders: List<Value> = call.fields.json("orders")?;
    call.expect_site(call.fields.get("site").map(text).as_ref())?;
    if orders.0.len() > MOST_AT_ONCE {
        return Err(Refusal::bad("Errors in the input parameters")
            .field("orders", "The maximum number of orders is 50.")
            .kept());
    }
    let (mut uploaded, mut failed, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    let (mut notes, mut lost) = (Vec::new(), Vec::new());
    let (mut ids, mut new, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for (index, value) in orders.0.into_iter().enumerate() {
        let external_id = value.get("externalId").cloned().unwrap_or(Value::Null);
        match upload_one(tx, call, value) {
            Ok(Uploaded::Placed(taken)) => {
                let id = taken.id;
                uploaded.push(json!({ "id": id.get(), "externalId": as_text(&external_id) }));
                notes.extend(taken.notes);
                ids.push(id);
                match taken.written {
                    Some(written) => new.push(*written),
                    None => others.push(id),
                }
            }
            Ok(Uploaded::Known(id, differs)) => {
                notes.extend(differs);
                failed.push(json!({ "id": id.get(), "externalId": as_text(&external_id) }));
                errors.push((Refusal::bad("Order already exists."), about_one(&external_id)));
            }
            Err(refusal) if is_fatal(&refusal) => return Err(refusal),
            Err(refusal) => {
                failed.push(json!({ "externalId": as_text(&external_id) }));
                lost.push(format!("orders[{index}]: {}", refusal.told()));
                errors.push((refusal, about_one(&external_id)));
            }
        }
    }
    let new = write::new(tx, call, new)?;
    let mut known: BTreeMap<OrderId, Value> =
        write::told(tx, call, &others)?.into_iter().map(|told| (told.id, told.body)).collect();
    let bodies = move || {
        let mut known = std::mem::take(&mut known);
        known.extend(new.bodies_by_id());
        Value::from(ids.iter().filter_map(|id| known.remove(id)).collect::<Vec<_>>())
    };
    let answer = Answer::created()
        .with("site", call.site.code.clone())
        .with("uploadedOrders", uploaded)
        .with_later("orders", bodies);
    let answer = if failed.is_empty() {
        answer
    } else {
        answer
            .partly()
            .with("errorMsg", "Orders are loaded with errors")
            .with("failedOrders", failed)
            .with_refused("errors", errors)
    };
    let keep = (!lost.is_empty()).then(|| lost.join("; "));
    Ok(Done { keep, ..Done::from(answer).about("orders").notes(notes) })
}

fn about_one(external_id: &Value) -> String {
    format!("Order externalId={}", as_text(external_id))
}

pub(crate) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Faults that are no fault of one order.
pub(crate) fn is_fatal(refusal: &Refusal) -> bool {
    refusal.fault.as_ref().is_some_and(|fault| {
        fault.is_retryable() || matches!(fault.kind(), Kind::Unavailable | Kind::Broken | Kind::Denied)
    })
}

enum Uploaded {
    Placed(Taken),
    /// With what the shop has otherwise.
    Known(OrderId, Vec<String>),
}

fn upload_one(tx: &mut Tx<'_>, call: &Call, value: Value) -> Result<Uploaded, Refusal> {
    let order: OrderIn =
        serde_json::from_value(value).map_err(|error| Refusal::unreadable("order", &error.to_string()))?;
    if let Some(id) = known(tx, call, &order)? {
        let differs = differences::listed(tx, call, id, &order)?;
        return Ok(Uploaded::Known(id, differs));
    }
    Ok(Uploaded::Placed(part(tx, |tx| place(tx, call, &order))?))
}

/// Runs what may be refused alone; a refusal takes back what it had written.
pub(crate) fn part<T>(
    tx: &mut Tx<'_>,
    run: impl FnOnce(&mut Tx<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut refused = None;
    let done = tx.savepoint(|tx| match run(tx) {
        Ok(done) => Ok(done),
        Err(mut refusal) => {
            // A fault that wants the whole to run again has to come out as itself.
            let fault = match refusal.fault.take() {
                Some(fault) if fault.is_retryable() => fault,
                fault => {
                    refusal.fault = fault;
                    refused = Some(refusal);
                    takt_kernel::Fault::invalid("retailcrm.refused")
                }
            };
            Err(fault)
        }
    });
    match (done, refused) {
        (Ok(done), _) => Ok(done),
        (Err(fault), _) if fault.is_retryable() => Err(fault.into()),
        (Err(_), Some(refusal)) => Err(refusal),
        (Err(fault), None) => Err(fault.into()),
    }
}

/// As much of an order as names its goods.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Goods {
    items: Option<List<Item>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    offer: Option<OfferRef>,
}

/// The goods of the orders in a message.
pub(crate) fn rivals(call: &Call) -> Rivals {
    let orders = match call.fields.get("order") {
        Some(_) => call.fields.json::<Goods>("order").map(|order| vec![order]),
        None => call.fields.json::<List<Goods>>("orders").map(|orders| orders.0),
    };
    let orders = orders.unwrap_or_default();
    let skus = orders
        .iter()
        .flat_map(|order| order.items.iter().flat_map(|items| &items.0))
        .filter_map(|item| item.offer.as_ref())
        .filter_map(|offer| filled(offer.external_id.as_ref()).or_else(|| filled(offer.xml_id.as_ref())));
    Rivals::over(skus.map(|sku| (call.company().get(), sku)))
}

/// An edit of an order that is not there, with all that an order needs: the shop's first message was lost.
pub(crate) fn heal(tx: &mut Tx<'_>, call: &Call, order: &OrderIn) -> Result<Option<Done>, Refusal> {
    let whole = order.items.as_ref().is_some_and(|items| !items.is_empty());
    if !whole {
        return Ok(None);
    }
    let mut order = order.clone();
    if filled(order.external_id.as_ref()).is_none() {
        order.external_id = Some(text(call.segment(1)));
    }
    let about = about(&order);
    let Taken { id, mut notes, .. } = place(tx, call, &order)?;
    notes.push("created".to_owned());
    let answer = edit::answer(tx, call, id)?;
    Ok(Some(Done::from(answer).about(about).notes(notes)))
}
