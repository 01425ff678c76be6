//! An order field by field.

use std::collections::BTreeMap;

use serde_json::json;
use takt_catalog::{Offer, offers_by_sku};
use takt_connections::differences::{Field, Owner, Theirs, Thing};
use takt_kernel::Result;
use takt_orders::{
    CancelOrders, EditOrders, Line, Order, OrderId, SetStatus, Stage, cancel, edit, lines as lines_of, load,
    set_status, statuses,
};
use takt_staff::SettingsCaller;
use takt_store::{Query, Tx};
use takt_work::jobs;

use super::not_taken;
use crate::{
    SaidOrder,
    connected::Shop,
    orders::{
        kept::{self, Kept},
        lines::all_of_shop,
        read::Read,
        status,
    },
};

/// The order here with what both words of a shop about it are read by.
pub(crate) struct Ours<'a> {
    pub order: &'a Order,
    pub lines: &'a [Line],
    pub offers: &'a BTreeMap<String, Offer>,
}

/// How a shop's word about an order and the order here compare.
pub(super) fn fields(
    db: &mut dyn Query,
    shop: &Shop,
    said: &SaidOrder,
    kept: &Kept,
    ours: &Ours<'_>,
) -> Result<Vec<Field>> {
    let mut fields = theirs(shop, said, ours)?.fields(ours.order, ours.lines);
    fields.extend(status_field(db, shop, said, kept, ours.order)?);
    Ok(fields)
}

fn theirs(shop: &Shop, said: &SaidOrder, ours: &Ours<'_>) -> Result<Theirs> {
    let read = Read::of(shop, said, ours.offers, &mut Vec::new())?;
    Ok(Theirs {
        contact: Some(read.contact),
        delivery: Some(read.delivery),
        lines: Some(all_of_shop(ours.lines, &read.lines)),
        discount: Some(read.discount),
        comment: Some(read.comment),
    })
}

/// As it stands, for who has not had it in hand.
pub(super) fn look(db: &mut dyn Query, shop: &Shop, said: &SaidOrder, kept: &Kept) -> Result<Vec<Field>> {
    let Some(id) = kept.order else { return Ok(Vec::new()) };
    let order = load(db, shop.company(), id)?;
    let (lines, offers) = (lines_of(db, shop.company(), id)?, offers_of(db, shop, said)?);
    fields(db, shop, said, kept, &Ours { order: &order, lines: &lines, offers: &offers })
}

/// The offers that a word of a shop names.
pub(crate) fn offers_of(
    db: &mut dyn Query,
    shop: &Shop,
    said: &SaidOrder,
) -> Result<BTreeMap<String, Offer>> {
    let skus: Vec<&str> = said.lines.iter().filter_map(|line| line.sku.as_deref()).collect();
    if skus.is_empty() { Ok(BTreeMap::new()) } else { offers_by_sku(db, shop.company(), &skus) }
}

/// Only what a status of the shop means here can be compared.
fn status_field(
    db: &mut dyn Query,
    shop: &Shop,
    said: &SaidOrder,
    kept: &Kept,
    order: &Order,
) -> Result<Option<Field>> {
    // What we wrote there is not another opinion.
    if kept.written.status.as_ref() == Some(&said.status) {
        return Ok(Some(field_of_status(said, order, false)));
    }
    let stage = match shop.settings.statuses.get(&said.status).map(|code| code.trim()) {
        Some("") => return Ok(None),
        Some(code) => match statuses::get(db, shop.company(), code) {
            Ok(status) => status.stage,
            Err(fault) if fault.is_retryable() => return Err(fault),
            Err(_) => return Ok(None),
        },
        None if status::is_cancelled(shop, &said.status) => Stage::Cancel,
        // It is alive there, and that is all that can be told.
        None => return Ok(Some(field_of_status(said, order, order.stage == Stage::Cancel))),
    };
    Ok(Some(field_of_status(said, order, stage != order.stage)))
}

fn field_of_status(said: &SaidOrder, order: &Order, differs: bool) -> Field {
    Field::new("status", Owner::Takt, said.status.as_str(), order.status.as_str()).differs(differs)
}

/// What the shop says of one field becomes ours.
pub(super) fn take(
    tx: &mut Tx<'_>,
    by: &SettingsCaller,
    shop: &Shop,
    thing: &Thing,
    field: &str,
) -> Result<()> {
    let kept = kept::lock(tx, shop, &thing.external_id)?;
    let (id, said) = kept.order.zip(kept.said).ok_or_else(not_taken)?;
    if field == "status" {
        return take_status(tx, by, shop, id, &said);
    }
    let permit = by.permit::<EditOrders>()?;
    let order = load(tx, shop.company(), id)?;
    let (lines, offers) = (lines_of(tx, shop.company(), id)?, offers_of(tx, shop, &said)?);
    let ours = Ours { order: &order, lines: &lines, offers: &offers };
    let patch = theirs(shop, &said, &ours)?.patch(field, &order).ok_or_else(not_taken)?;
    edit(tx, &permit, id, order.version, patch).map(|_| ())
}

fn take_status(
    tx: &mut Tx<'_>,
    by: &SettingsCaller,
    shop: &Shop,
    id: OrderId,
    said: &SaidOrder,
) -> Result<()> {
    match shop.settings.statuses.get(&said.status).map(|code| code.trim()) {
        Some(code) if !code.is_empty() => {
            set_status(tx, &by.permit::<SetStatus>()?, id, None, code).map(|_| ())
        }
        None if status::is_cancelled(shop, &said.status) => {
            cancel(tx, &by.permit::<CancelOrders>()?, id, None, "").map(|_| ())
        }
        _ => Err(not_taken()),
    }
}

/// The job that writes to the shop looks by itself what there is to be written.
pub(super) fn write_status(tx: &mut Tx<'_>, shop: &Shop, thing: &Thing) -> Result<()> {
    let (Some(kind), true) = (shop.system.order_writer, shop.settings.write_orders) else { return Ok(()) };
    let Some(own) = thing.own else { return Ok(()) };
    let id = shop.connection.id;
    let payload = json!({ "connection": id, "order": own, "external_id": thing.external_id });
    // The key of whoever else calls it: two of them would write to one order at the same moment.
    jobs::call(tx, shop.company(), kind, &format!("{id}/{own}"), &payload)
}
