//! A shop's change of an order. Shops send whole orders for whatever changed: what they changed is found by what
//! they said before, for the rest may be older than what the desk has made of the order since.

use std::collections::BTreeMap;

use takt_catalog::Offer;
use takt_connections::merge::{DeliveryNames, Merge};
use takt_kernel::{Fault, Result};
use takt_orders::{EditOrders, Order, OrderId, Patch, Stage, edit, is_closed, lines as lines_of, load};
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
    let is_cancelled = status::is_cancelled(shop, &said.status);
    let patch = patch(tx, &order, (&now, &was), is_cancelled, notes)?;
    if !patch.is_empty() {
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

const DELIVERY: DeliveryNames =
    DeliveryNames { method: "delivery.method", address: "delivery.address", price: "delivery.price" };

fn patch(
    tx: &mut Tx<'_>,
    order: &Order,
    (now, was): (&Read, &Read),
    is_cancelled: bool,
    notes: &mut Vec<String>,
) -> Result<Patch> {
    let mut merge = Merge { fresh: false, notes };
    let mut patch =
        Patch { contact: merge.contact(&order.contact, &now.contact, &was.contact)?, ..Patch::default() };
    // Nobody sends or pays any more what was cancelled: it stays as it was ordered.
    if !is_cancelled {
        patch.delivery = merge.delivery(&DELIVERY, &order.delivery, &now.delivery, &was.delivery);
        if merge.means("discount", &now.discount, &was.discount, &order.discount) {
            patch.discount = Some(now.discount);
        }
    }
    if merge.means("comment", &now.comment, &was.comment, &order.comment) {
        patch.comment = Some(now.comment.clone());
    }
    if now.extra != was.extra {
        let mut extra = order.extra.clone();
        extra.retain(|name, value| was.extra.get(name) != Some(value));
        extra.extend(now.extra.clone());
        patch.extra = (extra != order.extra).then_some(extra);
    }
    if now.lines != was.lines && !is_cancelled {
        let ours = lines_of(tx, order.company, order.id)?;
        let wanted = lines::wanted(&ours, &now.lines, &was.lines, notes);
        patch.lines = differ(&wanted, &ours).then_some(wanted);
    }
    Ok(patch)
}
