//! An order field by field.

use std::collections::BTreeMap;

use serde_json::json;
use takt_catalog::offers_by_sku;
use takt_connections::differences::{Field, Owner, Thing, words};
use takt_kernel::Result;
use takt_orders::{
    CancelOrders, Delivery, EditOrders, NewLine, Order, OrderContact, OrderId, Patch, SetStatus, Stage,
    cancel, edit, lines as lines_of, load, set_status, statuses,
};
use takt_staff::SettingsCaller;
use takt_store::{Query, Tx};
use takt_work::{NewJob, jobs};

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

/// How a shop's word about an order and the order here compare.
///
/// # Errors
/// What the reading of it refuses, faults of the store.
pub fn of_order(db: &mut dyn Query, shop: &Shop, said: &SaidOrder, kept: &Kept) -> Result<Vec<Field>> {
    let Some(id) = kept.order else { return Ok(Vec::new()) };
    let order = load(db, shop.company(), id)?;
    let ours = lines_of(db, shop.company(), id)?;
    let read = read(db, shop, said)?;
    let ours_lines: Vec<NewLine> = ours.iter().map(takt_orders::Line::as_new).collect();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut fields = vec![
        Field::new(
            "contact",
            Owner::Shop,
            words::contact(&OrderContact::from(&read.contact)),
            words::contact(&order.contact),
        )
        .personal(),
        Field::new(
            "delivery",
            Owner::Shop,
            words::delivery(&read.delivery),
            words::delivery(&order.delivery),
        ),
        Field::new("address", Owner::Shop, text(&read.delivery.address), text(&order.delivery.address))
            .personal(),
        Field::new("lines", Owner::Shop, words::lines(&read.lines), words::lines(&ours_lines)),
        Field::new(
            "discount",
            Owner::Shop,
            read.discount.to_decimal_string(),
            order.discount.to_decimal_string(),
        ),
        Field::new("comment", Owner::Shop, text(&read.comment), text(&order.comment)).personal(),
    ];
    fields.extend(status_field(db, shop, said, kept, &order)?);
    Ok(fields)
}

fn read(db: &mut dyn Query, shop: &Shop, said: &SaidOrder) -> Result<Read> {
    let skus: Vec<&str> = said.lines.iter().filter_map(|line| line.sku.as_deref()).collect();
    let offers = if skus.is_empty() { BTreeMap::new() } else { offers_by_sku(db, shop.company(), &skus)? };
    Read::of(shop, said, &offers, &mut Vec::new())
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
    let read = read(tx, shop, &said)?;
    let mut patch = Patch::default();
    match field {
        "contact" => patch.contact = Some(read.contact),
        "delivery" => {
            patch.delivery = Some(Delivery { address: order.delivery.address.clone(), ..read.delivery });
        }
        "address" => {
            patch.delivery = Some(Delivery { address: read.delivery.address, ..order.delivery.clone() });
        }
        "lines" => {
            let ours = lines_of(tx, shop.company(), id)?;
            patch.lines = Some(all_of_shop(&ours, &read.lines));
        }
        "discount" => patch.discount = Some(read.discount),
        "comment" => patch.comment = Some(read.comment),
        _ => return Err(not_taken()),
    }
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
    let (id, run_at) = (shop.connection.id, tx.now());
    let payload = json!({ "connection": id, "order": own, "external_id": thing.external_id });
    let key = Some(format!("{id}/{own}/kept {}", run_at.micros()));
    jobs::enqueue(tx, NewJob { company: shop.company(), kind, key, payload, run_at })
}
