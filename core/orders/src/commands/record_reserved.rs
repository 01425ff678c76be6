use takt_kernel::{Actor, CompanyId, Result, money::Quantity};
use takt_store::Tx;

use super::settle::{save, say};
use crate::{
    facts::{LetGo, ReservedAll, ReservedLine, Short},
    order::{Line, LineId, Order, OrderId},
    rows,
    stage::Reserved,
};

/// Writes down how much is held for each line now; lines that are not named keep what they have.
/// What is held beyond the wish does not count, saying the same again changes nothing, and of an unknown SKU nothing is ever held.
///
/// # Errors
/// `orders.line_unknown`.
pub fn record_reserved(
    tx: &mut Tx,
    company: CompanyId,
    id: OrderId,
    held: &[(LineId, Quantity)],
    actor: &Actor,
) -> Result<Order> {
    let before = rows::lock(tx, company, id)?;
    let mut lines = rows::lines(tx, company, id)?;
    let mut changed = false;
    for (line_id, quantity) in held {
        let line = find(&before, &mut lines, *line_id)?;
        if hold_line(line, *quantity) {
            changed = true;
            rows::save_progress(tx, &before, *line_id, line)?;
        }
    }
    let mut after = before.clone();
    after.reserved = summed(&lines);
    after.short = after.reserved != Reserved::All;
    if !changed && (after.reserved, after.short) == (before.reserved, before.short) {
        return Ok(before);
    }
    save(tx, &before, &mut after)?;
    if after.stage.is_in_work() {
        say_reserved(tx, &after, &lines, actor)?;
    } else {
        let lines = lines.iter().map(reserved_line).collect();
        let fact = LetGo { reserved: after.reserved.code().to_owned(), lines };
        say(tx, &after, actor, &fact, Vec::new())?;
    }
    Ok(after)
}

/// The same for an order that is being placed, whose rows are not written yet.
pub(super) fn hold_new(
    tx: &mut Tx,
    order: &mut Order,
    lines: &mut [Line],
    held: &[(LineId, Quantity)],
    actor: &Actor,
) -> Result<()> {
    for (line_id, quantity) in held {
        hold_line(find(order, lines, *line_id)?, *quantity);
    }
    order.reserved = summed(lines);
    order.short = order.reserved != Reserved::All;
    say_reserved(tx, order, lines, actor)
}

/// Answers whether that is another quantity than before.
fn hold_line(line: &mut Line, quantity: Quantity) -> bool {
    let counts =
        if line.offer.is_some() { quantity.clamp(Quantity::ZERO, line.wanted()) } else { Quantity::ZERO };
    let changed = line.reserved != counts;
    line.reserved = counts;
    changed
}

fn say_reserved(tx: &mut Tx, order: &Order, lines: &[Line], actor: &Actor) -> Result<()> {
    let lines = lines.iter().map(reserved_line).collect();
    match order.reserved {
        Reserved::All => say(tx, order, actor, &ReservedAll { lines }, Vec::new()),
        Reserved::Part | Reserved::None => {
            let fact = Short { reserved: order.reserved.code().to_owned(), lines };
            say(tx, order, actor, &fact, Vec::new())
        }
    }
}

pub(super) fn find<'l>(order: &Order, lines: &'l mut [Line], id: LineId) -> Result<&'l mut Line> {
    lines
        .iter_mut()
        .find(|line| line.id == id)
        .ok_or_else(|| order.conflict("orders.line_unknown").arg("line", id))
}

/// What already left needs no holding.
fn summed(lines: &[Line]) -> Reserved {
    let settled = |line: &Line| line.reserved >= line.open();
    if lines.iter().all(settled) {
        Reserved::All
    } else if lines.iter().any(|line| line.reserved.is_positive()) {
        Reserved::Part
    } else {
        Reserved::None
    }
}

fn reserved_line(line: &Line) -> ReservedLine {
    ReservedLine { line: line.id, sku: line.sku.clone(), quantity: line.wanted(), reserved: line.reserved }
}
