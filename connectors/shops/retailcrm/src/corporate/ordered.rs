//! Orders of corporate customers: the desk's customer is the contact, and the order keeps for whom it is.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use takt_customers::CustomerId;
use takt_kernel::{CompanyId, Result as Kept};
use takt_orders::OrderId;
use takt_store::{Query, Question, Row, Tx, params, sql};

use super::{
    rows::{self, Contact, ContactId, Corporate, CorporateId, Firm, FirmId, corporates, listed},
    written::Parts,
};
use crate::{
    customers,
    model::{
        corporate::Named,
        order::{CustomerRef, OrderIn},
    },
    wire::{endpoint::Call, lenient::filled, refusal::Refusal},
};

const CORPORATE: &str = "customer_corporate";

/// The corporate customer that an order names, if the shop told of it.
fn meant(db: &mut dyn Query, call: &Call, order: &OrderIn) -> Kept<Option<Corporate>> {
    let Some(named) = &order.customer else { return Ok(None) };
    if filled(named.kind.as_ref()) != Some(CORPORATE) {
        return Ok(None);
    }
    let id = match filled(named.id.as_ref()) {
        Some(id) => id.parse::<CorporateId>().ok(),
        None => match filled(named.external_id.as_ref()) {
            Some(external_id) => rows::by_external_id(db, call, external_id)?,
            None => None,
        },
    };
    match id {
        Some(id) => rows::corporate(db, call, id),
        None => Ok(None),
    }
}

fn field<T: serde::de::DeserializeOwned>(order: &OrderIn, name: &str) -> Option<T> {
    serde_json::from_value(order.rest.get(name)?.clone()).ok()
}

/// The contact through whom a corporate customer orders, as the desk's customer.
pub(crate) fn buyer(db: &mut dyn Query, call: &Call, order: &OrderIn) -> Kept<Option<CustomerId>> {
    let Some(contact) = field::<CustomerRef>(order, "contact") else {
        return main_contact(db, call, order);
    };
    if let Some(external_id) = filled(contact.external_id.as_ref()) {
        return customers::by_external_id(db, call, external_id);
    }
    match filled(contact.id.as_ref()).and_then(|id| id.parse::<CustomerId>().ok()) {
        Some(id) if customers::find::is_of_shop(db, call, id)? => Ok(Some(id)),
        _ => Ok(None),
    }
}

/// Nobody is named and nothing says how to reach the buyer: whoever usually speaks for the firm.
fn main_contact(db: &mut dyn Query, call: &Call, order: &OrderIn) -> Kept<Option<CustomerId>> {
    if filled(order.phone.as_ref()).is_some() || filled(order.email.as_ref()).is_some() {
        return Ok(None);
    }
    let Some(corporate) = meant(db, call, order)? else { return Ok(None) };
    let contacts = rows::contacts_of(db, call.company(), &[corporate.id])?;
    let main = contacts.into_iter().find(|contact| Some(contact.id) == corporate.main_contact);
    Ok(main.map(|contact| contact.customer))
}

fn firm_of<'p>(parts: &'p Parts, corporate: &Corporate, named: Option<&Named>) -> Option<&'p Firm> {
    let Some(named) = named else {
        return parts.firms.iter().find(|firm| Some(firm.id) == corporate.main_firm);
    };
    if let Some(id) = filled(named.id.as_ref()) {
        return parts.firms.iter().find(|firm| firm.id.to_string() == id);
    }
    if let Some(external_id) = filled(named.external_id.as_ref()) {
        return parts.firms.iter().find(|firm| firm.external_id.as_deref() == Some(external_id));
    }
    let name = filled(named.name.as_ref())?;
    parts.firms.iter().find(|firm| firm.name == name)
}

/// Keeps for which firm an order is, and answers whether it is for one. `customer` is whom the desk takes for
/// its buyer.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    call: &Call,
    id: OrderId,
    customer: Option<CustomerId>,
    order: &OrderIn,
    notes: &mut Vec<String>,
) -> Result<bool, Refusal> {
    let is_corporate =
        order.customer.as_ref().is_some_and(|named| filled(named.kind.as_ref()) == Some(CORPORATE));
    if !is_corporate {
        return Ok(false);
    }
    let Some(corporate) = meant(tx, call, order)? else {
        notes.push("customer (no such corporate customer)".to_owned());
        return Ok(false);
    };
    let parts = Parts::of(tx, call, &[corporate.id])?;
    let named = field::<Named>(order, "company");
    let firm = firm_of(&parts, &corporate, named.as_ref());
    if firm.is_none() && named.is_some() {
        notes.push("company (no such company)".to_owned());
    }
    let person = buyer(tx, call, order)?.or(customer);
    let contact = parts.contacts.iter().find(|contact| Some(contact.customer) == person);
    let (firm, contact): (Option<FirmId>, Option<ContactId>) =
        (firm.map(|firm| firm.id), contact.map(|contact: &Contact| contact.id));
    tx.put(
        sql!(
            "insert into retailcrm_order_corporate (company_id, order_id, corporate_id, contact_id, firm_id)
             values (:company_id, :order_id, :corporate_id, :contact_id, :firm_id)
             on conflict (company_id, order_id) do update
             set corporate_id = excluded.corporate_id,
               contact_id = coalesce(excluded.contact_id, retailcrm_order_corporate.contact_id),
               firm_id = coalesce(excluded.firm_id, retailcrm_order_corporate.firm_id)"
        ),
        params![
            company_id: call.company(), order_id: id, corporate_id: corporate.id, contact_id: contact,
            firm_id: firm,
        ],
    )?;
    Ok(true)
}

/// What the order keeps of its firm beside the rest of what it keeps: not ids, which tell people nothing.
pub(crate) fn extra(
    db: &mut dyn Query,
    call: &Call,
    order: &OrderIn,
    mut extra: Map<String, Value>,
) -> Kept<Map<String, Value>> {
    let Some(corporate) = meant(db, call, order)? else { return Ok(extra) };
    let parts = Parts::of(db, call, &[corporate.id])?;
    let named = field::<Named>(order, "company");
    if let Some(firm) = firm_of(&parts, &corporate, named.as_ref()) {
        let mut kept = Map::new();
        kept.insert("name".to_owned(), json!(firm.name));
        if let Some(contragent) = firm.body.get("contragent").and_then(Value::as_object) {
            kept.extend(contragent.clone());
        }
        extra.insert("company".to_owned(), Value::Object(kept));
    }
    Ok(extra)
}

/// For whom an order is, as the protocol has it.
#[derive(Clone, Debug)]
pub(crate) struct Ordered {
    pub customer: Value,
    pub company: Option<Value>,
}

/// # Errors
/// Faults of the store.
pub(crate) fn of_orders(
    db: &mut dyn Query,
    call: &Call,
    ids: &[OrderId],
) -> Kept<BTreeMap<OrderId, Ordered>> {
    let rows = db.all_at_once(&[question(call, ids)])?.pop().unwrap_or_default();
    read(db, call, &rows)
}

pub(crate) fn question(call: &Call, ids: &[OrderId]) -> Question {
    Question::new(
        sql!(
            "select order_id, corporate_id, firm_id
             from retailcrm_order_corporate
             where company_id = :company_id and order_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by order_id
             limit 1000"
        ),
        params![company_id: call.company(), ids: listed(ids)],
    )
}

/// # Errors
/// Faults of the store.
pub(crate) fn read(db: &mut dyn Query, call: &Call, rows: &[Row]) -> Kept<BTreeMap<OrderId, Ordered>> {
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let links = rows
        .iter()
        .map(|row| Ok((row.get("order_id")?, row.get("corporate_id")?, row.get("firm_id")?)))
        .collect::<Kept<Vec<(OrderId, CorporateId, Option<FirmId>)>>>()?;
    let mut wanted: Vec<CorporateId> = links.iter().map(|(_, corporate, _)| *corporate).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let known = corporates(db, call, &wanted)?;
    let parts = Parts::of(db, call, &wanted)?;
    let mut ordered = BTreeMap::new();
    for (order, corporate, firm) in links {
        let Some(corporate) = known.iter().find(|known| known.id == corporate) else { continue };
        let company = firm
            .and_then(|id| parts.firms.iter().find(|firm| firm.id == id))
            .map(|firm| parts.firm(call, corporate, firm));
        ordered.insert(order, Ordered { customer: parts.corporate(call, corporate), company });
    }
    Ok(ordered)
}

/// The firm of an order, for people: its name and what tells it from others of that name.
///
/// # Errors
/// Faults of the store.
pub(crate) fn firm_shown(
    db: &mut dyn Query,
    company: CompanyId,
    order: OrderId,
) -> Kept<Option<(String, Map<String, Value>)>> {
    db.opt(
        sql!(
            "select firm.name, firm.body
             from retailcrm_order_corporate ordered
             join retailcrm_corporate_firm firm
               on firm.company_id = ordered.company_id and firm.id = ordered.firm_id
             where ordered.company_id = :company_id and ordered.order_id = :order_id"
        ),
        params![company_id: company, order_id: order],
    )?
    .map(|row| Ok((row.get("name")?, row.json("body")?)))
    .transpose()
}
