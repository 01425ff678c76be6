use takt_kernel::{
    Actor, Result,
    money::{Money, Quantity, line_amount},
};
use takt_staff::Permit;
use takt_store::{Query, Tx};

use super::{
    confirm,
    edit::{Patch, PatchLine, edit},
    money,
    place::{Created, write_new},
    settle::{save, say, waits_until},
};
use crate::{
    facts::{self, SplitLine, SplitOff},
    kin::{self, Kin},
    new_order::{Delivery, NewLine, NewOrder},
    order::{Line, LineId, Order, OrderId},
    permissions::EditOrders,
    rows,
    steps::{self, MovedMoney},
};

/// Where an order comes from that was a part of another.
const SOURCE: &str = "split";

/// An order and what was taken out of it.
#[derive(Clone, Debug)]
pub struct Parted {
    pub first: Order,
    pub second: Order,
}

/// Lets a part of an order go on as an order of its own: the chosen quantities with their share of every discount, what
/// was held for them, the promise that runs, and the money that the rest does not need. The delivery is paid with
/// the first. Both together cost to the minor unit what the one did.
///
/// # Errors
/// `orders.changed_meanwhile`, `orders.nothing_to_split`, `orders.all_would_be_split`, `orders.line_unknown`,
/// `orders.more_than_ordered`, `orders.split_not_exact`; what forbids an edit, `orders.already_ready`, what a guard
/// refuses.
pub fn split(
    tx: &mut Tx,
    permit: &Permit<EditOrders>,
    id: OrderId,
    expected_version: i64,
    wanted: &[(LineId, Quantity)],
) -> Result<Parted> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.expect_version(Some(expected_version))?;
    steps::may_remake(tx, &before)?;
    let lines = rows::lines(tx, before.company, id)?;
    let cut = cut(&before, &lines, wanted)?;
    let patch = Patch { lines: Some(cut.stay), discount: Some(cut.discount_stays), ..Patch::default() };
    let first = edit(tx, permit, id, expected_version, patch)?;
    let going: Vec<NewLine> = cut.go.iter().map(|(_, line)| line.clone()).collect();
    let second = part(tx, &first, going, cut.discount_goes, permit.actor())?;
    let told: Vec<SplitLine> = (cut.go.iter().zip(&second.lines))
        .map(|((line, _), new)| SplitLine { line: *line, into: new.id, quantity: new.quantity })
        .collect();
    let moved = share_money(tx, &before, &first, &second.order, permit.actor())?;
    let second = keep_promise(tx, &before, &second.order, permit.actor())?;
    let first = money::again(tx, &first)?;
    kin::link(tx, &first, &second, Kin::SplitTo)?;
    let fact = facts::Split {
        into: second.id,
        number: second.number.clone(),
        lines: told,
        money: moved.to_decimal_string(),
        currency: moved.currency().code().to_owned(),
    };
    say(tx, &first, permit.actor(), &fact, Vec::new())?;
    Ok(Parted { first, second })
}

struct Cut {
    stay: Vec<PatchLine>,
    go: Vec<(LineId, NewLine)>,
    discount_stays: Money,
    discount_goes: Money,
}

/// Which quantities stay and which go, with the discounts of each; nothing is lost to rounding.
fn cut(order: &Order, lines: &[Line], wanted: &[(LineId, Quantity)]) -> Result<Cut> {
    for (id, quantity) in wanted {
        if *quantity < Quantity::ZERO || !lines.iter().any(|line| line.id == *id) {
            return Err(order.conflict("orders.line_unknown").arg("line", *id));
        }
    }
    let mut cut = Cut {
        stay: Vec::new(),
        go: Vec::new(),
        discount_stays: order.discount,
        discount_goes: Money::zero(order.currency),
    };
    for line in lines {
        let mut chosen = wanted.iter().filter(|(id, _)| *id == line.id).map(|(_, quantity)| *quantity);
        let goes = chosen.try_fold(Quantity::ZERO, |sum: Quantity, quantity| sum.add(quantity))?;
        if goes > line.wanted() {
            return Err(order
                .conflict("orders.more_than_ordered")
                .arg("line", &line.name)
                .arg("quantity", goes)
                .arg("open", line.wanted()));
        }
        if goes == Quantity::ZERO {
            cut.stay.push(PatchLine { id: Some(line.id), line: line.as_new() });
        } else if goes == line.quantity {
            cut.go.push((line.id, line.as_new()));
            cut.discount_goes = cut.discount_goes.add(line.order_discount)?;
        } else {
            let halves = halves(order, line, goes)?;
            cut.stay.push(PatchLine { id: Some(line.id), line: halves.stays });
            cut.go.push((line.id, halves.goes));
            cut.discount_goes = cut.discount_goes.add(halves.order_discount_goes)?;
        }
    }
    cut.discount_stays = order.discount.subtract(cut.discount_goes)?;
    match (cut.stay.is_empty(), cut.go.is_empty()) {
        (_, true) => Err(order.conflict("orders.nothing_to_split")),
        (true, false) => Err(order.conflict("orders.all_would_be_split")),
        (false, false) => Ok(cut),
    }
}

struct Halves {
    stays: NewLine,
    goes: NewLine,
    order_discount_goes: Money,
}

fn halves(order: &Order, line: &Line, goes: Quantity) -> Result<Halves> {
    let stays = line.quantity.saturating_subtract(goes);
    let amount = |quantity| line_amount(line.price, quantity, order.currency);
    let (stays_amount, goes_amount) = (amount(stays)?, amount(goes)?);
    let weights = [stays.thousandths(), goes.thousandths()];
    let mut discounts = line.discount.split(&weights);
    // Two parts rounded each for itself may come to a minor unit more or less than the whole.
    let drift = stays_amount.add(goes_amount)?.subtract(amount(line.quantity)?)?;
    let amounts = [stays_amount, goes_amount];
    let fits = |discount: &Money, amount: &Money| !discount.is_negative() && discount <= amount;
    let mended = discounts.iter_mut().zip(&amounts).any(|(discount, amount)| match discount.add(drift) {
        Ok(other) if fits(&other, amount) => {
            *discount = other;
            true
        }
        Ok(_) | Err(_) => false,
    });
    let (true, [discount_stays, discount_goes]) = (mended, discounts.as_slice()) else {
        return Err(order.conflict("orders.split_not_exact").arg("line", &line.name));
    };
    let nets =
        [stays_amount.subtract(*discount_stays)?.minor(), goes_amount.subtract(*discount_goes)?.minor()];
    let shares = line.order_discount.split(&nets);
    let of = |quantity, discount: &Money| NewLine { quantity, discount: *discount, ..line.as_new() };
    Ok(Halves {
        stays: of(stays, discount_stays),
        goes: of(goes, discount_goes),
        order_discount_goes: shares.last().copied().unwrap_or(Money::zero(order.currency)),
    })
}

/// The part as an order of its own, at the moment at which the whole was ordered.
fn part(tx: &mut Tx, first: &Order, lines: Vec<NewLine>, discount: Money, actor: &Actor) -> Result<Created> {
    let wanted = NewOrder {
        shop: first.shop,
        external_id: None,
        number: None,
        currency: first.currency,
        terms: first.terms,
        urgent: first.urgent,
        contact: first.contact.as_given()?,
        customer: first.customer,
        lang: first.lang,
        lines,
        discount,
        delivery: Delivery { price: Money::zero(first.currency), ..first.delivery.clone() },
        comment: first.comment.clone(),
        declared_total: None,
        extra: first.extra.clone(),
        source: SOURCE.to_owned(),
    };
    let totals = wanted.check()?;
    let created = write_new(tx, first.company, actor, wanted, &totals, Some(first.placed_at))?;
    steps::run(tx, &steps::PLACED, &created.order, &created.lines, actor)?;
    Ok(created)
}

/// What the first does not need any more pays the second, as far as that costs something.
fn share_money(tx: &mut Tx, whole: &Order, first: &Order, second: &Order, actor: &Actor) -> Result<Money> {
    let nothing = Money::zero(first.currency);
    let beyond = first.paid.subtract(first.total)?;
    let amount = if beyond < second.total { beyond } else { second.total };
    if !amount.is_positive() {
        return Ok(nothing);
    }
    let parts = money::take(tx, first, amount, actor)?;
    // What pays a part of a paid order has been there as long as that was paid.
    let there_since = whole.started_at.filter(|_| whole.terms.is_prepaid());
    money::give(tx, second, &parts, there_since, actor)?;
    let (from, to) = (money::again(tx, first)?, money::again(tx, second)?);
    steps::run_money_moved(tx, &MovedMoney { from: &from, to: &to, parts: &parts, actor })?;
    Ok(amount)
}

/// The part is promised by when the whole was, what was agreed with the buyer holds for both, and as long as he let us
/// wait for the whole he let us wait for the part.
fn keep_promise(tx: &mut Tx, whole: &Order, part: &Order, actor: &Actor) -> Result<Order> {
    let mut before = money::again(tx, part)?;
    if let Some(agreed_at) = whole.confirmed_at.filter(|_| before.may_be_packed().is_ok()) {
        before = confirm::carry_over(tx, before, agreed_at, actor)?;
    }
    let mut after = before.clone();
    if after.started_at.is_some() && whole.started_at.is_some() {
        after.started_at = whole.started_at;
    }
    let started_at = after.started_at.filter(|_| after.started_at != before.started_at);
    after.waits = waits_until(whole, tx.now());
    save(tx, &before, &mut after)?;
    let waits = after.waits.clone();
    let fact = SplitOff { from: whole.id, number: whole.number.clone(), started_at, waits };
    say(tx, &after, actor, &fact, Vec::new())?;
    money::again(tx, &after)
}
