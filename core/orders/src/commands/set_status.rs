use takt_kernel::{Fault, Result};
use takt_staff::Permit;
use takt_store::Tx;

use super::{
    cancel::cancel_into,
    settle::{moves, save, say, say_completed},
};
use crate::{
    facts::{Confirmed, StatusSet},
    order::{Order, OrderId},
    permissions::SetStatus,
    rows,
    stage::{Shipped, Stage},
    statuses::{self, Status},
    steps::{self, Verb},
};

/// Moves an order to another status of the company. A status of another stage takes the order
/// there, through the same guards as the verb that leads to that stage.
///
/// # Errors
/// `orders.status_unknown`, `orders.move_not_allowed`, `orders.changed_meanwhile`, and the guards of
/// the stage: `orders.not_paid`, `orders.not_shipped`, `orders.already_shipped` …
pub fn set_status(
    tx: &mut Tx,
    permit: &Permit<SetStatus>,
    id: OrderId,
    expected_version: Option<i64>,
    status: &str,
) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.expect_version(expected_version)?;
    if before.status == status {
        return Ok(before);
    }
    let target = statuses::get(tx, before.company, status)?;
    let allowed = statuses::moves_from(tx, before.company, &before.status, permit.roles())?;
    if !allowed.contains(&target) {
        return Err(before.conflict("orders.move_not_allowed").arg("from", &before.status).arg("to", status));
    }
    if target.stage == Stage::Cancel {
        return cancel_into(tx, before, Some(target.code), "", permit.actor());
    }
    move_to(tx, permit, before, &target)
}

/// Back to the status from which somebody has just moved it, whether or not their role may go that way: the guards of
/// the stage are asked as always. Whoever calls knows that nothing else happened since.
pub(crate) fn move_back(tx: &mut Tx, permit: &Permit<SetStatus>, id: OrderId, status: &str) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    let target = statuses::get(tx, before.company, status)?;
    if target.stage == Stage::Cancel {
        return Err(before.conflict("orders.move_not_allowed").arg("from", &before.status).arg("to", status));
    }
    move_to(tx, permit, before, &target)
}

fn move_to(tx: &mut Tx, permit: &Permit<SetStatus>, before: Order, target: &Status) -> Result<Order> {
    before.is_open()?;
    let mut after = before.clone();
    let confirms = guard(&before, &mut after, target.stage, permit, tx)?;
    after.status.clone_from(&target.code);
    after.stage = target.stage;
    save(tx, &before, &mut after)?;
    let fact = StatusSet {
        from: before.status.clone(),
        to: target.code.clone(),
        stage: target.stage.code().to_owned(),
    };
    say(tx, &after, permit.actor(), &fact, moves(&before, &after))?;
    if confirms {
        say(tx, &after, permit.actor(), &Confirmed { happened_at: None }, Vec::new())?;
    }
    if after.stage == Stage::Complete {
        say_completed(tx, &after, permit.actor())?;
    }
    Ok(after)
}

/// May the order be in that stage, and what becomes true with it? Answers whether it is confirmed by
/// this.
fn guard(
    before: &Order,
    after: &mut Order,
    stage: Stage,
    permit: &Permit<SetStatus>,
    tx: &mut Tx,
) -> Result<bool> {
    let now = takt_store::Query::now(tx);
    match stage {
        Stage::New | Stage::Approval => {
            before.may_be_edited()?;
            after.taken |= permit.actor().person().is_some();
            after.taken_by = after.taken_by.or(permit.actor().person());
            (after.confirmed_at, after.ready_at) = (None, None);
            Ok(false)
        }
        Stage::Assembling => {
            before.may_be_packed()?;
            if before.shipped == Shipped::All {
                return Err(before.conflict("orders.already_shipped"));
            }
            let confirms = before.confirmed_at.is_none();
            if confirms {
                steps::ask_before(tx, before, Verb::Confirm)?;
            }
            after.confirmed_at = before.confirmed_at.or(Some(now));
            Ok(confirms)
        }
        Stage::Delivery | Stage::Complete if before.shipped != Shipped::All => {
            Err(before.conflict("orders.not_shipped"))
        }
        Stage::Delivery => Ok(false),
        // What the buyer never had is over once it is here again.
        Stage::Complete if before.delivered_at.is_none() => {
            let lines = rows::lines(tx, before.company, before.id)?;
            if before.is_all_back(&lines) { Ok(false) } else { Err(before.conflict("orders.not_delivered")) }
        }
        Stage::Complete => Ok(false),
        Stage::Cancel => Err(Fault::broken("orders.not_a_move")),
    }
}
