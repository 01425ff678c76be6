use takt_kernel::{Fault, Result, money::Money};
use takt_staff::Permit;
use takt_store::{Query, Tx};

use super::{
    cancel::cancel_merged,
    edit::{Patch, PatchLine, edit},
    money,
    set_urgent::set_urgent,
    settle::say,
};
use crate::{
    facts,
    kin::{self, Kin},
    new_order::Delivery,
    order::{Order, OrderId},
    permissions::{CancelOrders, EditOrders},
    rows,
    steps::{self, MovedMoney},
};

/// Which order goes into which, as the person saw them.
#[derive(Clone, Debug)]
pub struct Merge<'m> {
    pub into: OrderId,
    pub into_version: i64,
    pub from: OrderId,
    pub from_version: Option<i64>,
    /// Both deliveries are paid; otherwise that of the first alone.
    pub both_deliveries: bool,
    /// Why the second is cancelled, in the words of who does it.
    pub reason: &'m str,
}

/// Makes one order of two of the same buyer: lines, discounts, money and what is held go into the first, the second is
/// cancelled. The order of the shop keeps its id there.
///
/// # Errors
/// `orders.merge_same`, `orders.merge_shops`, `orders.merge_currencies`, `orders.merge_terms`, `orders.merge_buyers`,
/// `orders.changed_meanwhile`; for either what forbids an edit, `orders.already_ready`, what a guard refuses.
pub fn merge(
    tx: &mut Tx,
    edits: &Permit<EditOrders>,
    cancels: &Permit<CancelOrders>,
    wanted: &Merge<'_>,
) -> Result<Order> {
    let company = edits.company();
    if cancels.company() != company {
        return Err(Fault::missing("orders.missing").arg("id", wanted.from));
    }
    if wanted.into == wanted.from {
        return Err(Fault::conflict("orders.merge_same"));
    }
    let actor = edits.actor();
    // By their ids, so that nobody waits in a circle.
    let mut ids = [wanted.into, wanted.from];
    ids.sort_unstable();
    for id in ids {
        rows::lock(tx, company, id)?;
    }
    let into = rows::load(tx, company, wanted.into)?;
    let from = rows::load(tx, company, wanted.from)?;
    edits.reaches_shop(into.shop)?;
    cancels.reaches_shop(from.shop)?;
    into.expect_version(Some(wanted.into_version))?;
    from.expect_version(wanted.from_version)?;
    may_be_one(tx, &into, &from)?;
    steps::may_remake(tx, &into)?;
    steps::may_remake(tx, &from)?;
    let lines = rows::lines(tx, company, from.id)?;
    let own = rows::lines(tx, company, into.id)?;
    let patch = patch(&into, &from, wanted.both_deliveries, || {
        let kept = own.iter().map(|line| PatchLine { id: Some(line.id), line: line.as_new() });
        let added = lines.iter().map(|line| PatchLine { id: None, line: line.as_new() });
        kept.chain(added).collect()
    })?;
    // The money goes first: what is cancelled owes nothing back. What was held for the second is let go before the
    // first asks for it, in one transaction, so that nobody comes between.
    let parts = money::take(tx, &from, from.paid, actor)?;
    let unpaid = money::again(tx, &from)?;
    let gone = cancel_merged(tx, unpaid, into.id, wanted.reason, actor)?;
    let joined = edit(tx, edits, into.id, wanted.into_version, patch)?;
    // Its buyer was promised haste, and is no less in a hurry now.
    let joined = if from.urgent { set_urgent(tx, edits, joined.id, true)? } else { joined };
    money::give(tx, &joined, &parts, None, actor)?;
    let joined = money::again(tx, &joined)?;
    if !parts.is_empty() {
        steps::run_money_moved(tx, &MovedMoney { from: &gone, to: &joined, parts: &parts, actor })?;
    }
    kin::link(tx, &gone, &joined, Kin::MergedInto)?;
    let moved = Money::sum(joined.currency, parts.iter().map(|(_, amount)| *amount))?;
    let fact = facts::Merged {
        from: gone.id,
        number: gone.number.clone(),
        money: moved.to_decimal_string(),
        currency: moved.currency().code().to_owned(),
    };
    say(tx, &joined, actor, &fact, Vec::new())?;
    money::again(tx, &joined)
}

/// Whether two orders are the same buyer's, in the same shop and paid the same way.
fn may_be_one(db: &mut dyn Query, into: &Order, from: &Order) -> Result<()> {
    may_be_paid_together(into, from)?;
    if is_one_buyer(db, into, from)? { Ok(()) } else { Err(refusal(into, from, "orders.merge_buyers")) }
}

fn refusal(into: &Order, from: &Order, code: &'static str) -> Fault {
    into.conflict(code).arg("other", &from.number)
}

/// Whether two orders are of the same shop and paid the same way, whoever their buyers are.
///
/// # Errors
/// The `orders.merge_…` that says why not.
pub(crate) fn may_be_paid_together(into: &Order, from: &Order) -> Result<()> {
    let refused = |code| Err(refusal(into, from, code));
    if into.shop != from.shop {
        return refused("orders.merge_shops");
    }
    if into.currency != from.currency {
        return refused("orders.merge_currencies");
    }
    if into.terms != from.terms {
        return refused("orders.merge_terms");
    }
    Ok(())
}

/// Cards that people merged are one buyer; of whom nothing is known the contact decides, where there is one.
fn is_one_buyer(db: &mut dyn Query, into: &Order, from: &Order) -> Result<bool> {
    match (into.customer, from.customer) {
        (Some(one), Some(other)) => {
            Ok(one == other || takt_customers::of_one_person(db, into.company, one)?.contains(&other))
        }
        _ => Ok(into.contact == from.contact && into.contact.can_be_reached()),
    }
}

fn patch(
    into: &Order,
    from: &Order,
    both_deliveries: bool,
    lines: impl FnOnce() -> Vec<PatchLine>,
) -> Result<Patch> {
    let delivery = if both_deliveries {
        let price = into.delivery.price.add(from.delivery.price)?;
        Some(Delivery { price, ..into.delivery.clone() })
    } else {
        None
    };
    let comment = match (&into.comment, &from.comment) {
        (Some(one), Some(other)) if one != other => Some(Some(format!("{one}\n{other}"))),
        (None, Some(other)) => Some(Some(other.clone())),
        _ => None,
    };
    Ok(Patch {
        lines: Some(lines()),
        discount: Some(into.discount.add(from.discount)?),
        delivery,
        comment,
        ..Patch::default()
    })
}
