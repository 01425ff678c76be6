//! Takes in what a shop says of an order, whether it is known here or not.

use std::collections::BTreeMap;

use takt_catalog::Offer;
use takt_gateway::{Report, accept};
use takt_kernel::{Fault, Result};
use takt_orders::{
    CancelOrders, NewOrder, Order, OrderId, PlaceOrders, Stage, by_external_id, cancel, is_of_erased_person,
    lines as lines_of, load,
};
use takt_store::Tx;

use super::{
    change,
    kept::{self, Kept},
    read::Read,
    status,
};
use crate::{
    SaidOrder,
    connected::Speaker,
    differences::{self, Ours, offers_of},
    products,
};

/// Applies a shop's word. What it answers beside notes is why a person should look at it all the same.
///
/// # Errors
/// What placing and changing refuse, `shops.currency_differs`, `shops.total_differs`.
pub fn take(
    tx: &mut Tx<'_>,
    speaker: &Speaker<'_>,
    said: &SaidOrder,
    restored: bool,
    notes: &mut Vec<String>,
) -> Result<Option<Fault>> {
    let shop = speaker.shop;
    let mut kept = kept::lock(tx, shop, &said.external_id)?;
    let known = match kept.order {
        Some(id) => Some(id),
        None => by_external_id(tx, shop.company(), shop.shop(), &said.external_id)?,
    };
    // Shops go on sending orders whole, with all they know of a person who was erased here.
    let nobodys = match known {
        Some(id) => {
            let order = load(tx, shop.company(), id)?;
            is_of_erased_person(tx, &order)?.then(|| said.without_person())
        }
        None => None,
    };
    if nobodys.is_some() {
        notes.push("buyer (the person was erased)".to_owned());
    }
    let said = nobodys.as_ref().unwrap_or(said);
    if let Some(before) = &kept.said {
        if before.modified_at > said.modified_at {
            notes.push("older than what is known".to_owned());
            return Ok(None);
        }
        if before == said && !restored {
            notes.push("known".to_owned());
            return Ok(None);
        }
    }
    kept.gone &= !restored;
    let offers = offers_of(tx, shop, said)?;
    let (order, looked_at) = match known {
        Some(id) => change::change(tx, speaker, id, &kept, said, &offers, notes)?,
        None => (place(tx, speaker, said, &offers, &kept, notes)?, None),
    };
    let looked_at = looked_at.or_else(|| {
        let cancelled_here_alone = order.stage == Stage::Cancel && !status::is_cancelled(shop, &said.status);
        (restored && cancelled_here_alone).then(|| restored_after_all(&order))
    });
    products::learn(tx, shop, said)?;
    let moved = kept.said.as_ref().is_none_or(|before| before.status != said.status);
    if moved && kept.written.status.as_ref() != Some(&said.status) {
        kept.written.status = None;
    }
    kept.order = Some(order.id);
    let before = kept.said.replace(said.clone());
    kept.compared = known.map(|_| order.version);
    kept::save(tx, shop, &said.external_id, &kept)?;
    if known.is_some() {
        let lines = lines_of(tx, shop.company(), order.id)?;
        let ours = Ours { order: &order, lines: &lines, offers: &offers };
        differences::order_taken(tx, shop, (&kept, &ours), said, before.as_ref())?;
    }
    if said.paid {
        notes.push("paid in the shop: only the bank's word pays".to_owned());
    }
    Ok(looked_at)
}

pub(super) fn restored_after_all(order: &Order) -> Fault {
    Fault::conflict("shops.restored").arg("number", &order.number)
}

fn place(
    tx: &mut Tx<'_>,
    speaker: &Speaker<'_>,
    said: &SaidOrder,
    offers: &BTreeMap<String, Offer>,
    kept: &Kept,
    notes: &mut Vec<String>,
) -> Result<Order> {
    let shop = speaker.shop;
    let read = Read::of(shop, said, offers, notes)?;
    let wanted = NewOrder {
        shop: shop.shop(),
        external_id: Some(said.external_id.clone()),
        number: said.number.clone(),
        currency: read.currency,
        terms: read.terms.unwrap_or(shop.usual.terms),
        urgent: false,
        contact: read.contact,
        customer: None,
        lang: read.lang.unwrap_or(shop.usual.lang),
        lines: read.lines,
        discount: read.discount,
        delivery: read.delivery,
        comment: read.comment,
        declared_total: None,
        extra: read.extra,
        source: shop.connection.kind.clone(),
    };
    let permit = speaker.permit::<PlaceOrders>()?;
    let report = Report { wanted, terms_said: read.terms.is_some() };
    let placed = accept(tx, &permit, report, None)?;
    let order = load(tx, shop.company(), placed.id)?;
    let order = status::follow(tx, speaker, order, None, &said.status, notes)?;
    if kept.gone { cancel_gone(tx, speaker, order.id, notes) } else { Ok(order) }
}

/// An order that was deleted in the shop: cancelled here as far as it may be, never deleted.
///
/// # Errors
/// Faults of the store.
pub fn gone(
    tx: &mut Tx<'_>,
    speaker: &Speaker<'_>,
    external_id: &str,
    notes: &mut Vec<String>,
) -> Result<()> {
    let shop = speaker.shop;
    let mut kept = kept::lock(tx, shop, external_id)?;
    if kept.gone {
        notes.push("known".to_owned());
        return Ok(());
    }
    kept.gone = true;
    let known = match kept.order {
        Some(id) => Some(id),
        None => by_external_id(tx, shop.company(), shop.shop(), external_id)?,
    };
    match known {
        Some(id) => {
            kept.order = Some(id);
            cancel_gone(tx, speaker, id, notes)?;
        }
        None => notes.push("unknown here".to_owned()),
    }
    kept::save(tx, shop, external_id, &kept)
}

fn cancel_gone(
    tx: &mut Tx<'_>,
    speaker: &Speaker<'_>,
    id: OrderId,
    notes: &mut Vec<String>,
) -> Result<Order> {
    let permit = speaker.permit::<CancelOrders>()?;
    match tx.savepoint(|tx| cancel(tx, &permit, id, None, "")) {
        Ok(order) => Ok(order),
        Err(fault) if fault.is_retryable() => Err(fault),
        Err(fault) => {
            notes.push(format!("deleted there ({})", fault.code()));
            load(tx, speaker.shop.company(), id)
        }
    }
}
