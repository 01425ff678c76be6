use takt_kernel::{Actor, CompanyId, Result, money::Quantity};
use takt_store::{Query, Tx};

use super::{
    record_reserved::find,
    settle::{enter, moves, save, say},
};
use crate::{
    facts::{ShippedLine, ShippedOut},
    order::{Line, LineId, Order, OrderId},
    rows,
    stage::{Shipped, Stage},
    steps::{self, Verb},
};

/// So much of each line has left with a parcel. With the last of it the order is on its way.
///
/// # Errors
/// As `steps::may_leave`; `orders.not_confirmed`; `orders.more_than_ordered`; `orders.nothing_shipped`;
/// what a guard or a step refuses.
pub fn record_shipped(
    tx: &mut Tx,
    company: CompanyId,
    id: OrderId,
    parts: &[(LineId, Quantity)],
    actor: &Actor,
) -> Result<Order> {
    let before = rows::lock(tx, company, id)?;
    steps::may_leave(tx, &before)?;
    if before.confirmed_at.is_none() {
        return Err(before.conflict("orders.not_confirmed"));
    }
    if parts.is_empty() {
        return Err(before.conflict("orders.nothing_shipped"));
    }
    if before.ready_at.is_none() {
        steps::ask_before(tx, &before, Verb::Ready)?;
    }
    steps::ask_before(tx, &before, Verb::Ship)?;
    let mut lines = rows::lines(tx, company, id)?;
    for (line_id, quantity) in parts {
        let line = find(&before, &mut lines, *line_id)?;
        if !quantity.is_positive() || *quantity > line.open() {
            return Err(before
                .conflict("orders.more_than_ordered")
                .arg("line", &line.name)
                .arg("quantity", quantity)
                .arg("open", line.open()));
        }
        line.shipped = line.shipped.add(*quantity)?;
        line.reserved = line.reserved.saturating_subtract(*quantity).max(Quantity::ZERO);
        rows::save_progress(tx, &before, *line_id, line)?;
    }
    let mut after = before.clone();
    after.shipped = summed(&lines);
    let all = after.shipped == Shipped::All;
    if all {
        after.ready_at = before.ready_at.or(Some(tx.now()));
        enter(tx, &mut after, Stage::Delivery)?;
    }
    save(tx, &before, &mut after)?;
    let lines =
        parts.iter().map(|(line, quantity)| ShippedLine { line: *line, quantity: *quantity }).collect();
    say(tx, &after, actor, &ShippedOut { lines, all }, moves(&before, &after))?;
    steps::run_shipped(tx, &after, parts, actor)?;
    rows::load(tx, company, id)
}

fn summed(lines: &[Line]) -> Shipped {
    if lines.iter().all(|line| !line.open().is_positive()) {
        Shipped::All
    } else if lines.iter().any(|line| line.shipped.is_positive()) {
        Shipped::Part
    } else {
        Shipped::None
    }
}
