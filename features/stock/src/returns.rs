//! Goods that came back, in the transaction that accepts them: what is fit lies where it lay before it left, what is
//! not is written off at once, with the reason. Both stand in the ledger under their order.

use std::collections::BTreeMap;

use takt_catalog::OfferId;
use takt_kernel::{Actor, CompanyId, Result, money::Quantity};
use takt_orders::{Line, LineId, Order, OrderId, ReturnedPart, Unfit};
use takt_store::{About, Query, Tx, params, sql};

use crate::{
    WarehouseId,
    facts::{self, Received, WrittenOff},
    ledger::{self, MovementKind, NewMovement},
    levels::{self, Deltas},
    warehouses,
};

struct Back {
    line: LineId,
    offer: OfferId,
    warehouse: WarehouseId,
    quantity: Quantity,
    unfit: Option<Unfit>,
}

/// Step of a return. Lines whose SKU the catalogue does not know never stood in the ledger and do not now.
pub(crate) fn returned(
    tx: &mut Tx,
    order: &Order,
    lines: &[Line],
    parts: &[ReturnedPart],
    actor: &Actor,
) -> Result<()> {
    let came = places(tx, order, lines, parts, actor)?;
    let mut deltas = Deltas::new();
    for back in &came {
        levels::ensure(tx, order.company, back.offer, back.warehouse)?;
        if back.unfit.is_none() {
            deltas.entry((back.offer, back.warehouse)).or_default().on_hand += back.quantity.thousandths();
        }
    }
    levels::apply(tx, order.company, &deltas)?;
    for back in &came {
        write(tx, order, back, actor)?;
    }
    Ok(())
}

fn places(
    tx: &mut Tx,
    order: &Order,
    lines: &[Line],
    parts: &[ReturnedPart],
    actor: &Actor,
) -> Result<Vec<Back>> {
    let left_from = issued_from(tx, order.company, order.id)?;
    let mut came = Vec::new();
    for part in parts {
        let Some(offer) = lines.iter().find(|line| line.id == part.line).and_then(|line| line.offer) else {
            continue;
        };
        let warehouse = match left_from.get(&part.line) {
            Some(warehouse) => *warehouse,
            None => warehouses::main(tx, order.company, actor)?.id,
        };
        let (line, quantity, unfit) = (part.line, part.quantity, part.unfit);
        came.push(Back { line, offer, warehouse, quantity, unfit });
    }
    Ok(came)
}

/// From where the lines of an order left last, of warehouses that are in use.
fn issued_from(
    db: &mut dyn Query,
    company: CompanyId,
    order: OrderId,
) -> Result<BTreeMap<LineId, WarehouseId>> {
    db.all(
        sql!(
            "select stock_movement.line_id, stock_movement.warehouse_id
             from stock_movement
             join warehouse on warehouse.company_id = stock_movement.company_id
               and warehouse.id = stock_movement.warehouse_id
             where stock_movement.company_id = :company_id and stock_movement.order_id = :order_id
               and stock_movement.kind = 'issue' and not warehouse.archived
             order by stock_movement.id
             limit 10000"
        ),
        params![company_id: company, order_id: order],
    )?
    .iter()
    .map(|row| Ok((row.get("line_id")?, row.get("warehouse_id")?)))
    .collect()
}

fn write(tx: &mut Tx, order: &Order, back: &Back, actor: &Actor) -> Result<()> {
    let quantity = back.quantity.thousandths();
    let movement = |kind, quantity, note, at| NewMovement {
        offer: back.offer,
        warehouse: back.warehouse,
        kind,
        quantity,
        of: Some((order.id, back.line)),
        note,
        at,
    };
    let now = tx.now();
    ledger::write(tx, order.company, &movement(MovementKind::Return, quantity, None, now), actor)?;
    let about = About::new(order.company, facts::of_offer(back.offer), actor);
    if let Some(why) = back.unfit {
        let off = movement(MovementKind::WriteOff, -quantity, Some(why.code()), now);
        ledger::write(tx, order.company, &off, actor)?;
        let fact = WrittenOff {
            warehouse: back.warehouse,
            quantity: back.quantity,
            why: why.code().to_owned(),
            order: order.id,
        };
        return tx.say(about, &fact);
    }
    let level = levels::get(tx, order.company, back.offer, back.warehouse)?;
    let on_hand = level.map_or(back.quantity, |level| level.on_hand);
    let fact = Received { warehouse: back.warehouse, quantity: back.quantity, on_hand, returned: true };
    tx.say(about, &fact)
}
