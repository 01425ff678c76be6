use takt_kernel::{
    Actor, CompanyId, Result,
    money::{Money, Quantity},
};
use takt_store::{Change, Tx};

use super::{
    record_reserved::find,
    settle::{complete_when_done, moves, save, say, say_completed, say_if_total_settled_it},
};
use crate::{
    facts::ReturnedGoods,
    order::{Line, Order, OrderId},
    returned::ReturnedPart,
    rows,
    steps::{self, Returned},
};

/// So much of each line came back, fit or not, and is accepted. The order costs that much less from then on: what was
/// paid beyond it is the buyer's. Works on complete orders, since buyers bring things back after that.
///
/// # Errors
/// `orders.nothing_returned`, `orders.more_than_left_us`, what a step refuses.
pub fn record_returned(
    tx: &mut Tx,
    company: CompanyId,
    id: OrderId,
    parts: &[ReturnedPart],
    actor: &Actor,
) -> Result<Order> {
    let before = rows::lock(tx, company, id)?;
    if parts.is_empty() {
        return Err(before.conflict("orders.nothing_returned"));
    }
    let old = rows::lines(tx, company, id)?;
    let mut lines = old.clone();
    let mut after = before.clone();
    for ReturnedPart { line: line_id, quantity, .. } in parts {
        let line = find(&before, &mut lines, *line_id)?;
        let gone = line.away();
        if !quantity.is_positive() || *quantity > gone {
            return Err(before
                .conflict("orders.more_than_left_us")
                .arg("line", &line.name)
                .arg("quantity", quantity)
                .arg("gone", gone));
        }
        take_off(&mut after, line, *quantity)?;
        line.returned = line.returned.add(*quantity)?;
        rows::save_returned(tx, &before, *line_id, line)?;
    }
    price_anew(&mut after, &lines)?;
    // What is left may be paid already.
    let completed = complete_when_done(tx, &mut after)?;
    save(tx, &before, &mut after)?;
    let mut changes = moves(&before, &after);
    let total = |order: &Order| order.total.to_decimal_string();
    changes.extend(Change::if_any("total", &total(&before), &total(&after)));
    let fact = ReturnedGoods { lines: parts.to_vec(), total: total(&after) };
    say(tx, &after, actor, &fact, changes)?;
    say_if_total_settled_it(tx, before.is_paid_in_full(), &after, actor)?;
    if completed {
        say_completed(tx, &after, actor)?;
    }
    steps::run_returned(tx, &Returned { order: &after, before: &old, lines: &lines, parts, actor })?;
    if after.total != before.total {
        steps::run(tx, &steps::TOTAL_CHANGED, &after, &lines, actor)?;
    }
    rows::load(tx, company, id)
}

/// The line keeps what it was sold for and costs its remaining share of that.
pub(super) fn take_off(order: &mut Order, line: &mut Line, quantity: Quantity) -> Result<()> {
    let kept = line.wanted().saturating_subtract(line.returned);
    let rest = kept.saturating_subtract(quantity);
    let weights = [quantity.thousandths(), rest.thousandths()];
    let share = |whole: Money| whole.split(&weights).first().copied().unwrap_or(whole);
    let (value, discount) = (share(line.total), share(line.order_discount));
    line.total = line.total.subtract(value)?;
    line.order_discount = line.order_discount.subtract(discount)?;
    line.vat_amount = line.vat.included_in(line.total);
    order.goods = order.goods.subtract(value)?.subtract(discount)?;
    order.discount = order.discount.subtract(discount)?;
    Ok(())
}

/// What the order costs once its lines cost less.
pub(super) fn price_anew(order: &mut Order, lines: &[Line]) -> Result<()> {
    order.vat = Money::sum(order.currency, lines.iter().map(|line| line.vat_amount))?;
    order.total = order.goods.subtract(order.discount)?.add(order.delivery.price)?;
    Ok(())
}
