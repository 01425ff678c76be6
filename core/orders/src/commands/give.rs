use takt_kernel::{Actor, CompanyId, Fault, PersonId, Result};
use takt_staff::{Permit, access};
use takt_store::Tx;

use super::settle::{enter, moves, save, say};
use crate::{
    facts::{GivenBack, Taken},
    order::{Order, OrderId},
    permissions::EditOrders,
    rows,
    stage::Stage,
};

/// Puts an order into somebody's hands, or back among those that nobody has. Giving it to who has it changes
/// nothing.
///
/// # Errors
/// `orders.changed_meanwhile`, `orders.person_unknown`, and those of an order that is not open.
pub fn give(
    tx: &mut Tx,
    permit: &Permit<EditOrders>,
    id: OrderId,
    expected_version: Option<i64>,
    person: Option<PersonId>,
) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.expect_version(expected_version)?;
    before.is_open()?;
    let Some(person) = person else { return give_back(tx, &before, permit.actor()) };
    if access::roles_in(tx, before.company, person)?.is_empty() {
        return Err(Fault::field("person", "orders.person_unknown"));
    }
    if before.taken_by == Some(person) {
        return Ok(before);
    }
    into_hands(tx, &before, Some(person), permit.actor())
}

/// One of our people took the order in hand: it no longer waits in the queue. Who takes it after another has it now;
/// taking it again, or taking one that is not ours to move, changes nothing.
///
/// # Errors
/// `orders.missing`.
pub fn record_taken(tx: &mut Tx, company: CompanyId, id: OrderId, actor: &Actor) -> Result<Order> {
    let before = rows::lock(tx, company, id)?;
    let person = actor.person();
    let has_it = before.taken && (person.is_none() || before.taken_by == person);
    if has_it || before.confirmed_at.is_some() || !before.stage.is_unconfirmed() {
        return Ok(before);
    }
    into_hands(tx, &before, person, actor)
}

/// Who had taken the order did nothing with it: it waits for our people again. One that somebody else has by now, or
/// that is not ours to move any more, stays as it is.
///
/// # Errors
/// `orders.missing`.
pub fn record_given_back(
    tx: &mut Tx,
    company: CompanyId,
    id: OrderId,
    person: PersonId,
    actor: &Actor,
) -> Result<Order> {
    let before = rows::lock(tx, company, id)?;
    if before.taken_by != Some(person) || before.confirmed_at.is_some() || !before.stage.is_unconfirmed() {
        return Ok(before);
    }
    give_back(tx, &before, actor)
}

fn into_hands(tx: &mut Tx, before: &Order, person: Option<PersonId>, actor: &Actor) -> Result<Order> {
    let mut after = before.clone();
    after.taken_by = person;
    after.taken = true;
    if before.stage.is_unconfirmed() && (!after.terms.is_prepaid() || after.is_paid_in_full()) {
        enter(tx, &mut after, Stage::Approval)?;
    }
    save(tx, before, &mut after)?;
    say(tx, &after, actor, &Taken { by: person }, moves(before, &after))?;
    Ok(after)
}

fn give_back(tx: &mut Tx, before: &Order, actor: &Actor) -> Result<Order> {
    if !before.taken && before.taken_by.is_none() {
        return Ok(before.clone());
    }
    let mut after = before.clone();
    (after.taken, after.taken_by) = (false, None);
    save(tx, before, &mut after)?;
    say(tx, &after, actor, &GivenBack {}, Vec::new())?;
    Ok(after)
}
