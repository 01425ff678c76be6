use takt_kernel::{
    Result,
    money::{Money, Quantity},
};
use takt_staff::Permit;
use takt_store::{Change, Query, Tx};

use super::{
    record_returned::{price_anew, take_off},
    settle::{enter, moves, save, say, say_if_total_settled_it},
};
use crate::{
    facts::{Edited, ShippedOut},
    order::{Line, Order, OrderId},
    permissions::EditOrders,
    rows,
    stage::{Reserved, Shipped, Stage},
    steps::{self, Returned},
};

/// What has not left by now does not come any more: the order costs that much less, nothing is held for it, and with
/// what is away already it is on its way. What was paid beyond is the buyer's.
///
/// # Errors
/// `orders.changed_meanwhile`, `orders.nothing_to_leave_out` unless a part has left and a part has not,
/// `orders.held_by_owner`, those of an order that is not open, what a step refuses.
pub fn leave_out(
    tx: &mut Tx,
    permit: &Permit<EditOrders>,
    id: OrderId,
    expected_version: Option<i64>,
) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.expect_version(expected_version)?;
    before.may_be_left_out_of()?;
    let actor = permit.actor();
    let old = rows::lines(tx, before.company, id)?;
    let mut lines = old.clone();
    let mut after = before.clone();
    let mut changes = Vec::new();
    for line in lines.iter_mut().filter(|line| line.open().is_positive()) {
        changes.extend(leave_out_of_line(&mut after, line)?);
        rows::save_returned(tx, &before, line.id, line)?;
        rows::save_progress(tx, &before, line.id, line)?;
    }
    price_anew(&mut after, &lines)?;
    (after.reserved, after.shipped) = (Reserved::None, Shipped::All);
    after.ready_at = before.ready_at.or(Some(tx.now()));
    enter(tx, &mut after, Stage::Delivery)?;
    save(tx, &before, &mut after)?;
    let total = |order: &Order| order.total.to_decimal_string();
    changes.extend(Change::if_any(
        "discount",
        &before.discount.to_decimal_string(),
        &after.discount.to_decimal_string(),
    ));
    changes.extend(Change::if_any("total", &total(&before), &total(&after)));
    let fact = Edited {
        total: total(&after),
        paid: after.paid.to_decimal_string(),
        in_full: after.is_paid_in_full(),
        pickup: after.delivery.is_pickup(),
        lines_changed: true,
    };
    say(tx, &after, actor, &fact, changes)?;
    say_if_total_settled_it(tx, before.is_paid_in_full(), &after, actor)?;
    say(tx, &after, actor, &ShippedOut { lines: Vec::new(), all: true }, moves(&before, &after))?;
    steps::run(tx, &steps::LINES_CHANGED, &after, &lines, actor)?;
    // What is left of each line has been earned already, and the delivery with the last of it.
    steps::run_returned(tx, &Returned { order: &after, before: &old, lines: &lines, parts: &[], actor })?;
    steps::run_shipped(tx, &after, &[], actor)?;
    if after.total != before.total {
        steps::run(tx, &steps::TOTAL_CHANGED, &after, &lines, actor)?;
    }
    rows::load(tx, before.company, id)
}

fn leave_out_of_line(order: &mut Order, line: &mut Line) -> Result<Vec<Change>> {
    let (open, was, cost) = (line.open(), line.cancelled, line.total);
    take_off(order, line, open)?;
    line.cancelled = line.cancelled.add(open)?;
    let quantity = |quantity: Quantity| quantity.to_string();
    let amount = |amount: Money| amount.to_decimal_string();
    let changes = [
        Change::if_any("lines.cancelled", &quantity(was), &quantity(line.cancelled)),
        Change::if_any("lines.total", &amount(cost), &amount(line.total)),
    ];
    Ok(changes.into_iter().flatten().map(|change| change.item(line.id.get())).collect())
}
