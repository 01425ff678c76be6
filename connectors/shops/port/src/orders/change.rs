//! A shop's change of an order. Shops send whole orders for whatever changed: what they changed is found by what
//! they said before, for the rest may be older than what the desk has made of the order since.

use std::collections::BTreeMap;

use takt_catalog::Offer;
use takt_customers::Contact;
use takt_kernel::{Fault, Result};
use takt_orders::{
    Delivery, EditOrders, Order, OrderContact, OrderId, Patch, Stage, edit, lines as lines_of, load,
};
use takt_store::Tx;

use super::{
    kept::Kept,
    lines::{self, differ},
    read::Read,
    status,
    take::restored_after_all,
};
use crate::{SaidOrder, connected::Speaker};

pub(super) fn change(
    tx: &mut Tx<'_>,
    speaker: &Speaker<'_>,
    id: OrderId,
    kept: &Kept,
    said: &SaidOrder,
    offers: &BTreeMap<String, Offer>,
    notes: &mut Vec<String>,
) -> Result<(Order, Option<Fault>)> {
    let shop = speaker.shop;
    let mut order = load(tx, shop.company(), id)?;
    // Of an order that came another way it is not known what the shop changed since: its word is remembered.
    let Some(before) = &kept.said else {
        notes.push("known from elsewhere".to_owned());
        let order = status::follow(tx, speaker, order, None, &said.status, notes)?;
        return Ok((order, None));
    };
    let now = Read::of(shop, said, offers, notes)?;
    // What was said then may have been understood otherwise then.
    let was = Read::of(shop, before, offers, &mut Vec::new())?;
    let patch = patch(tx, &order, &now, &was, notes)?;
    if !is_empty(&patch) {
        let permit = speaker.permit::<EditOrders>()?;
        let version = order.version;
        match tx.savepoint(|tx| edit(tx, &permit, id, version, patch)) {
            Ok(edited) => order = edited,
            // What left, or is over, cannot be changed any more.
            Err(fault) if is_closed(&fault) => notes.push(format!("order ({})", fault.code())),
            Err(fault) if fault.is("orders.changed_meanwhile") => return Err(fault.retryable()),
            Err(fault) => return Err(fault),
        }
    }
    // What we wrote ourselves comes back as the shop's word.
    let is_echo = kept.written.status.as_ref() == Some(&said.status);
    let then = if is_echo { &said.status } else { &before.status };
    let revived = status::is_cancelled(shop, then) && !status::is_cancelled(shop, &said.status);
    let order = status::follow(tx, speaker, order, Some(then), &said.status, notes)?;
    let looked_at = (revived && order.stage == Stage::Cancel).then(|| restored_after_all(&order));
    Ok((order, looked_at))
}

fn is_closed(fault: &Fault) -> bool {
    ["orders.already_shipped", "orders.already_complete", "orders.already_cancelled"]
        .iter()
        .any(|code| fault.is(code))
}

fn is_empty(patch: &Patch) -> bool {
    patch.contact.is_none()
        && patch.delivery.is_none()
        && patch.lines.is_none()
        && patch.discount.is_none()
        && patch.comment.is_none()
        && patch.extra.is_none()
}

fn patch(tx: &mut Tx<'_>, order: &Order, now: &Read, was: &Read, notes: &mut Vec<String>) -> Result<Patch> {
    let mut patch = Patch {
        contact: contact(&order.contact, now, was, notes)?,
        delivery: delivery(&order.delivery, now, was, notes),
        ..Patch::default()
    };
    if means(&now.discount, &was.discount, &order.discount, "discount", notes) {
        patch.discount = Some(now.discount);
    }
    if means(&now.comment, &was.comment, &order.comment, "comment", notes) {
        patch.comment = Some(now.comment.clone());
    }
    if now.extra != was.extra {
        let mut extra = order.extra.clone();
        extra.retain(|name, value| was.extra.get(name) != Some(value));
        extra.extend(now.extra.clone());
        patch.extra = (extra != order.extra).then_some(extra);
    }
    if now.lines != was.lines {
        let ours = lines_of(tx, order.company, order.id)?;
        let wanted = lines::wanted(&ours, &now.lines, &was.lines, notes);
        patch.lines = differ(&wanted, &ours).then_some(wanted);
    }
    Ok(patch)
}

/// Each part for itself: a new phone takes back no name that the desk has put right.
fn contact(ours: &OrderContact, now: &Read, was: &Read, notes: &mut Vec<String>) -> Result<Option<Contact>> {
    let (said, before) = (OrderContact::from(&now.contact), OrderContact::from(&was.contact));
    let mut merged = ours.as_given()?;
    if means(&said.name, &before.name, &ours.name, "name", notes) {
        merged.name.clone_from(&now.contact.name);
    }
    let phone = |of: &OrderContact| (of.phone.clone(), of.phone_given.clone());
    if means(&phone(&said), &phone(&before), &phone(ours), "phone", notes) {
        merged.phone.clone_from(&now.contact.phone);
    }
    if means(&said.email, &before.email, &ours.email, "email", notes) {
        merged.email.clone_from(&now.contact.email);
    }
    Ok((OrderContact::from(&merged) != *ours).then_some(merged))
}

fn delivery(ours: &Delivery, now: &Read, was: &Read, notes: &mut Vec<String>) -> Option<Delivery> {
    let (now, was) = (&now.delivery, &was.delivery);
    let mut merged = ours.clone();
    if means(&now.method, &was.method, &ours.method, "delivery.method", notes) {
        merged.method.clone_from(&now.method);
    }
    if means(&now.address, &was.address, &ours.address, "delivery.address", notes) {
        merged.address.clone_from(&now.address);
    }
    if means(&now.price, &was.price, &ours.price, "delivery.price", notes) {
        merged.price = now.price;
    }
    (merged != *ours).then_some(merged)
}

/// Whether the shop means what it says, rather than repeats what it said before.
fn means<T: PartialEq>(now: &T, was: &T, ours: &T, name: &str, notes: &mut Vec<String>) -> bool {
    if now == was || now == ours {
        return false;
    }
    if was != ours {
        // Both changed it: what belongs to the checkout is the shop's to say.
        notes.push(format!("{name} (both changed)"));
    }
    true
}
