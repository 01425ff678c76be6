//! Statuses: the company's own codes, and those that shops are used to.

use takt_kernel::Result;
use takt_orders::{
    CancelOrders, Order, SetStatus, Stage, cancel, set_status,
    statuses::{self, Status},
};
use takt_store::{Query, Tx};

use crate::{
    references,
    wire::{endpoint::Call, refusal::Refusal},
};

/// Codes that every new account of the protocol's own system has, and the stages they belong to. Modules are
/// set up with them, so they mean the first status of that stage unless the company has one of that code.
const USUAL: &[(&str, Stage)] = &[
    ("new", Stage::New),
    ("availability-confirmed", Stage::Approval),
    ("offer-analog", Stage::Approval),
    ("client-confirmed", Stage::Approval),
    ("prepayed", Stage::Approval),
    ("send-to-assembling", Stage::Assembling),
    ("assembling", Stage::Assembling),
    ("assembling-complete", Stage::Assembling),
    ("send-to-delivery", Stage::Delivery),
    ("delivering", Stage::Delivery),
    ("redirect", Stage::Delivery),
    ("complete", Stage::Complete),
    ("partially-completed", Stage::Complete),
    ("no-call", Stage::Cancel),
    ("no-product", Stage::Cancel),
    ("already-buyed", Stage::Cancel),
    ("delyvery-did-not-suit", Stage::Cancel),
    ("prices-did-not-suit", Stage::Cancel),
    ("cancel-other", Stage::Cancel),
];

/// The company's status that a shop's code means.
pub(crate) fn meant(db: &mut dyn Query, call: &Call, code: &str) -> Result<Option<Status>> {
    let all: Vec<Status> =
        statuses::all(db, call.company())?.into_iter().filter(|status| !status.archived).collect();
    if let Some(status) = all.iter().find(|status| status.code == code) {
        return Ok(Some(status.clone()));
    }
    let stage = USUAL.iter().find(|(usual, _)| *usual == code).map(|(_, stage)| *stage);
    // Or the group under which the shop itself keeps it.
    let stage = match stage {
        Some(stage) => Some(stage),
        None => references::stage_of_own_status(db, call, code)?,
    };
    Ok(stage.and_then(|stage| all.into_iter().find(|status| status.stage == stage)))
}

/// Moves an order as the shop asks, as far as the guards let it. A shop that asks for what may not be is not
/// refused: it is told by the order's own status, and the note says what it wanted.
pub(crate) fn follow(
    tx: &mut Tx<'_>,
    call: &Call,
    order: Order,
    wanted: &str,
    notes: &mut Vec<String>,
) -> std::result::Result<Order, Refusal> {
    let Some(status) = meant(tx, call, wanted)? else {
        notes.push(format!("status={wanted}"));
        return Ok(order);
    };
    if status.code == order.status || (status.stage == order.stage && !is_own(tx, call, wanted)?) {
        return Ok(order);
    }
    let id = order.id;
    let moved = tx.savepoint(|tx| {
        let permit = call.caller.permit::<SetStatus>()?;
        match set_status(tx, &permit, id, None, &status.code) {
            // A buyer's cancellation in the shop is heard from wherever the order stands.
            Err(fault) if status.stage == Stage::Cancel && fault.is("orders.move_not_allowed") => {
                cancel(tx, &call.caller.permit::<CancelOrders>()?, id, None, "")
            }
            moved => moved,
        }
    });
    match moved {
        Ok(order) => Ok(order),
        Err(fault) if fault.is_retryable() => Err(fault.into()),
        Err(fault) => {
            let step = fault.args().iter().find(|(name, _)| name == "step");
            let step = step.map(|(_, step)| format!(": {step}")).unwrap_or_default();
            notes.push(format!("status={wanted} ({}{step})", fault.code()));
            Ok(order)
        }
    }
}

fn is_own(db: &mut dyn Query, call: &Call, code: &str) -> Result<bool> {
    Ok(statuses::all(db, call.company())?.iter().any(|status| status.code == code))
}
