//! Where an order that a shop lists, or says once more, is not the same as ours: a module's upload of what is
//! known, and a change that could not be taken.

use std::collections::BTreeMap;

use takt_catalog::offers_by_sku;
use takt_connections::{
    Connection,
    differences::{Field, Owner, Reconciler, Subject, Thing, compared, open_about, words},
    keys_of,
};
use takt_customers::{Contact, default_region};
use takt_kernel::{Fault, Kind, Result as Kept, money::Money};
use takt_orders::{
    Delivery, EditOrders, Line, NewLine, Order, OrderContact, OrderId, Patch, PatchLine, SetStatus, edit,
    lines as lines_of, load, set_status,
};
use takt_staff::{ApiCaller, SettingsCaller};
use takt_store::{Query, Tx, params, sql};

use crate::{
    KIND,
    model::order::OrderIn,
    orders::{edit::position, read, sent, status},
    wire::{door::site_of, endpoint::Call, fields::Fields, lenient::filled, refusal::Refusal},
};

pub(crate) const RECONCILER: Reconciler = Reconciler { kind: KIND, look, take, keep };

const FIELDS: [&str; 7] = ["contact", "delivery", "address", "lines", "discount", "comment", "status"];

/// An order as a shop says it, in our types; nothing where it says nothing.
struct Understood {
    contact: Option<Contact>,
    delivery: Option<Delivery>,
    lines: Option<Vec<PatchLine>>,
    discount: Option<Money>,
    comment: Option<Option<String>>,
}

impl Understood {
    fn of(db: &mut dyn Query, call: &Call, said: &OrderIn, order: &Order, ours: &[Line]) -> Kept<Self> {
        let region = default_region(db, call.company())?;
        let says_contact = [&said.first_name, &said.last_name, &said.patronymic, &said.phone, &said.email]
            .iter()
            .any(|field| field.is_some());
        let lines = match &said.items {
            Some(_) => Some(lines(db, call, said, order, ours)?),
            None => None,
        };
        let says_discount = said.discount_manual_amount.is_some() || said.discount_manual_percent.is_some();
        let discount = if says_discount {
            let own: Vec<NewLine> = match &lines {
                Some(lines) => lines.iter().map(|line| line.line.clone()).collect(),
                None => ours.iter().map(Line::as_new).collect(),
            };
            Some(read::discount(said, &own, order.currency)?)
        } else {
            None
        };
        let delivery = match &said.delivery {
            Some(delivery) => Some(read::delivery(Some(delivery), order.currency)?),
            None => None,
        };
        Ok(Self {
            contact: says_contact.then(|| read::contact(said, &region, &mut Vec::new())),
            delivery,
            lines,
            discount,
            comment: said.customer_comment.as_ref().map(|comment| filled(Some(comment)).map(str::to_owned)),
        })
    }
}

fn lines(
    db: &mut dyn Query,
    call: &Call,
    said: &OrderIn,
    order: &Order,
    ours: &[Line],
) -> Kept<Vec<PatchLine>> {
    let items = said.items.as_ref().map_or(&[][..], |items| &items.0);
    let skus: Vec<&str> = items
        .iter()
        .filter_map(|item| item.offer.as_ref())
        .filter_map(|offer| filled(offer.external_id.as_ref()))
        .collect();
    let offers = if skus.is_empty() { BTreeMap::new() } else { offers_by_sku(db, call.company(), &skus)? };
    let mut left: Vec<&Line> = ours.iter().collect();
    items
        .iter()
        .map(|item| {
            let found = position(&left, item).map(|index| left.remove(index));
            let before = found.map(Line::as_new);
            let line = read::line(item, before.as_ref(), &offers, order.currency)?;
            Ok(PatchLine { id: found.map(|line| line.id), line })
        })
        .collect()
}

fn fields_of(db: &mut dyn Query, call: &Call, id: OrderId, said: &OrderIn) -> Kept<Vec<Field>> {
    let order = load(db, call.company(), id)?;
    let ours = lines_of(db, call.company(), id)?;
    let understood = Understood::of(db, call, said, &order, &ours)?;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut fields = Vec::new();
    if let Some(contact) = &understood.contact {
        let (theirs, ours) = (words::contact(&OrderContact::from(contact)), words::contact(&order.contact));
        fields.push(Field::new("contact", Owner::Shop, theirs, ours).personal());
    }
    if let Some(delivery) = &understood.delivery {
        let (theirs, ours) = (words::delivery(delivery), words::delivery(&order.delivery));
        fields.push(Field::new("delivery", Owner::Shop, theirs, ours));
        let (theirs, ours) = (text(&delivery.address), text(&order.delivery.address));
        fields.push(Field::new("address", Owner::Shop, theirs, ours).personal());
    }
    if let Some(theirs) = &understood.lines {
        let own: Vec<NewLine> = ours.iter().map(Line::as_new).collect();
        let theirs = words::lines(theirs.iter().map(|line| &line.line));
        fields.push(Field::new("lines", Owner::Shop, theirs, words::lines(&own)));
    }
    if let Some(discount) = understood.discount {
        let (theirs, ours) = (discount.to_decimal_string(), order.discount.to_decimal_string());
        fields.push(Field::new("discount", Owner::Shop, theirs, ours));
    }
    if let Some(comment) = &understood.comment {
        fields.push(Field::new("comment", Owner::Shop, text(comment), text(&order.comment)).personal());
    }
    if let Some(code) = filled(said.status.as_ref()) {
        let meant = status::meant(db, call, code)?;
        let differs = meant.is_none_or(|status| status.stage != order.stage);
        fields.push(Field::new("status", Owner::Takt, code, order.status.as_str()).differs(differs));
    }
    Ok(fields)
}

fn thing(db: &mut dyn Query, call: &Call, id: OrderId) -> Kept<Thing> {
    let order = load(db, call.company(), id)?;
    let external_id = order.external_id.unwrap_or(order.number);
    Ok(Thing { subject: Subject::Order, external_id, own: Some(id.get()) })
}

/// A shop lists an order that is known: nothing is changed, and what differs stands on the screen. Answers with
/// the note for the message.
pub(crate) fn listed(
    tx: &mut Tx<'_>,
    call: &Call,
    id: OrderId,
    said: &OrderIn,
) -> Result<Vec<String>, Refusal> {
    let before = last_said(tx, call, id)?;
    let text =
        serde_json::to_string(said).map_err(|error| Fault::broken("retailcrm.unwritable").because(error))?;
    tx.put(
        sql!(
            "insert into retailcrm_order (company_id, order_id, shop_id, sent, said_at, seen_version, listed)
             values (:company_id, :order_id, :shop_id, '{}', 0, 0, :listed)
             on conflict (company_id, order_id) do update
             set listed = excluded.listed"
        ),
        params![company_id: call.company(), order_id: id, shop_id: call.shop(), listed: text],
    )?;
    let fields = since(tx, call, id, said, before.as_ref())?;
    let thing = thing(tx, call, id)?;
    compared(tx, &call.connection, &thing, &fields)?;
    let mut differ: Vec<&str> =
        fields.iter().filter(|field| field.differs).map(|field| in_protocol(field.name)).collect();
    differ.dedup();
    Ok(if differ.is_empty() {
        Vec::new()
    } else {
        vec![format!("order {} differs: {}", thing.external_id, differ.join(", "))]
    })
}

fn in_protocol(name: &'static str) -> &'static str {
    match name {
        "address" => "delivery",
        "lines" => "items",
        "discount" => "discountManualAmount",
        "comment" => "customerComment",
        same => same,
    }
}

/// A shop's change was applied, perhaps not all of it. What the desk changed and the shop has not asked for yet is
/// no difference: its module will hear of it by the history.
pub(crate) fn edited(
    tx: &mut Tx<'_>,
    call: &Call,
    id: OrderId,
    whole: &OrderIn,
    left_something: bool,
) -> Result<(), Refusal> {
    let thing = thing(tx, call, id)?;
    if !left_something && !open_about(tx, &call.connection, &thing)? {
        return Ok(());
    }
    let mut fields: Vec<Field> =
        fields_of(tx, call, id, whole)?.into_iter().map(|field| field.since(&[])).collect();
    // Its list was an older word: what it says no more differs no more.
    for name in FIELDS {
        if !fields.iter().any(|field| field.name == name) {
            fields.push(Field::new(name, Owner::Shop, "", ""));
        }
    }
    compared(tx, &call.connection, &thing, &fields)?;
    Ok(())
}

fn since(
    db: &mut dyn Query,
    call: &Call,
    id: OrderId,
    said: &OrderIn,
    before: Option<&OrderIn>,
) -> Kept<Vec<Field>> {
    let was = match before {
        Some(before) => fields_of(db, call, id, before)?,
        None => Vec::new(),
    };
    Ok(fields_of(db, call, id, said)?.into_iter().map(|field| field.since(&was)).collect())
}

/// What the shop's list said, or its last message where that came later.
fn last_said(db: &mut dyn Query, call: &Call, id: OrderId) -> Kept<Option<OrderIn>> {
    let row = db.opt(
        sql!(
            "select listed
             from retailcrm_order
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: call.company(), order_id: id],
    )?;
    let Some(row) = row else { return Ok(None) };
    if row.get::<Option<String>>("listed")?.is_some() {
        return row.json("listed").map(Some);
    }
    Ok(sent::of(db, call.company(), &[id])?.pop().map(|(_, sent)| sent.order))
}

/// A call of the shop as its key would make it, for reading what it said; nothing without a key.
fn call_of(db: &mut dyn Query, connection: &Connection) -> Kept<Option<Call>> {
    let Some(key) = keys_of(db, connection.company, connection.id)?.into_iter().next() else {
        return Ok(None);
    };
    let caller = match ApiCaller::of_token(db, connection.company, key.token) {
        Ok(caller) => caller,
        Err(fault) if matches!(fault.kind(), Kind::Missing | Kind::Denied) => return Ok(None),
        Err(fault) => return Err(fault),
    };
    Ok(Some(Call {
        caller,
        connection: connection.clone(),
        site: site_of(db, connection)?,
        fields: Fields::read("", "", &[]),
        came_at: db.now(),
        path: Vec::new(),
    }))
}

fn said(
    db: &mut dyn Query,
    connection: &Connection,
    thing: &Thing,
) -> Kept<Option<(Call, OrderId, OrderIn)>> {
    let Some(id) = thing.own.map(OrderId::new).filter(|_| thing.subject == Subject::Order) else {
        return Ok(None);
    };
    let Some(call) = call_of(db, connection)? else { return Ok(None) };
    Ok(last_said(db, &call, id)?.map(|said| (call, id, said)))
}

fn look(db: &mut dyn Query, connection: &Connection, thing: &Thing) -> Kept<Vec<Field>> {
    match said(db, connection, thing)? {
        Some((call, id, said)) => fields_of(db, &call, id, &said),
        None => Ok(Vec::new()),
    }
}

fn not_taken() -> Fault {
    Fault::conflict("connections.difference_not_taken")
}

fn take(
    tx: &mut Tx<'_>,
    by: &SettingsCaller,
    connection: &Connection,
    thing: &Thing,
    field: &str,
) -> Kept<()> {
    let (call, id, said) = said(tx, connection, thing)?.ok_or_else(not_taken)?;
    if field == "status" {
        let code = filled(said.status.as_ref()).ok_or_else(not_taken)?;
        let status = status::meant(tx, &call, code)?.ok_or_else(not_taken)?;
        return set_status(tx, &by.permit::<SetStatus>()?, id, None, &status.code).map(|_| ());
    }
    let permit = by.permit::<EditOrders>()?;
    let order = load(tx, connection.company, id)?;
    let ours = lines_of(tx, connection.company, id)?;
    let understood = Understood::of(tx, &call, &said, &order, &ours)?;
    let mut patch = Patch::default();
    match field {
        "contact" => patch.contact = Some(understood.contact.ok_or_else(not_taken)?),
        "delivery" => {
            let theirs = understood.delivery.ok_or_else(not_taken)?;
            patch.delivery = Some(Delivery { address: order.delivery.address.clone(), ..theirs });
        }
        "address" => {
            let theirs = understood.delivery.ok_or_else(not_taken)?;
            patch.delivery = Some(Delivery { address: theirs.address, ..order.delivery.clone() });
        }
        "lines" => patch.lines = Some(understood.lines.ok_or_else(not_taken)?),
        "discount" => patch.discount = Some(understood.discount.ok_or_else(not_taken)?),
        "comment" => patch.comment = Some(understood.comment.ok_or_else(not_taken)?),
        _ => return Err(not_taken()),
    }
    edit(tx, &permit, id, order.version, patch).map(|_| ())
}

/// Ours stays: the module hears of it by the history, as of every order.
fn keep(_: &mut Tx<'_>, _: &Connection, _: &Thing, _: &str) -> Kept<()> {
    Ok(())
}
