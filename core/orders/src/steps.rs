//! Where features take part in the verbs of an order, in the verb's own transaction: for what the
//! answer must already contain. A step that refuses undoes the verb.

use takt_kernel::{
    Actor, CompanyId, Result, Slot,
    money::{Money, Quantity},
};
use takt_store::{Query, Tx, params, sql};

use crate::{
    order::{Line, LineId, Order, OrderId},
    returned::ReturnedPart,
    rows,
};

pub type Step = fn(&mut Tx, &Order, &[Line], &Actor) -> Result<()>;
pub type ShippedStep = fn(&mut Tx, &Order, &[(LineId, Quantity)], &Actor) -> Result<()>;
/// What came back, told to those who take part.
pub struct Returned<'a> {
    pub order: &'a Order,
    /// The lines as they were and as they are.
    pub before: &'a [Line],
    pub lines: &'a [Line],
    pub parts: &'a [ReturnedPart],
    pub actor: &'a Actor,
}

/// Money that one order gave to another when it was split or merged: parts of receipts, each whole amount taken off
/// the one and counted towards the other in this transaction.
pub struct MovedMoney<'a> {
    pub from: &'a Order,
    pub to: &'a Order,
    pub parts: &'a [(i64, Money)],
    pub actor: &'a Actor,
}

pub type MoneyMovedStep = fn(&mut Tx, &MovedMoney<'_>) -> Result<()>;
pub type ReturnedStep = fn(&mut Tx, &Returned<'_>) -> Result<()>;
/// Answers how much is held for each line.
pub type HoldStep = fn(&mut Tx, &Order, &[Line], &Actor) -> Result<Vec<(LineId, Quantity)>>;

/// While an order is being placed, before its rows are written: hold stock.
pub static HELD: Slot<HoldStep> = Slot::new("orders.held step");
/// Right after an order was written: issue the invoice.
pub static PLACED: Slot<Step> = Slot::new("orders.placed step");
/// After its lines were replaced; the lines given are all that there are now.
pub static LINES_CHANGED: Slot<Step> = Slot::new("orders.lines_changed step");
/// After its total became another, by its lines or by anything else: ask for the other amount.
pub static TOTAL_CHANGED: Slot<Step> = Slot::new("orders.total_changed step");
/// After somebody else is its buyer, or is called otherwise: whoever names the buyer on papers of their own follows.
/// Before [`TOTAL_CHANGED`].
pub static BUYER_CHANGED: Slot<Step> = Slot::new("orders.buyer_changed step");
/// While it leaves: issue the goods.
pub static SHIPPED: Slot<ShippedStep> = Slot::new("orders.shipped step");
/// Goods came back: they are no longer earned, and lie in the warehouse again. Without parts when what had not left
/// does not come any more.
pub static RETURNED: Slot<ReturnedStep> = Slot::new("orders.returned step");
/// After money went from one order to another: whoever keeps books writes where it stands now.
pub static MONEY_MOVED: Slot<MoneyMovedStep> = Slot::new("orders.money moved step");
/// After it was cancelled: let the stock go.
pub static CANCELLED: Slot<Step> = Slot::new("orders.cancelled step");

/// The verbs that may have to wait for something: what our people, or the program for them, are about to do with
/// an order. What merely happened to it (money came, the buyer has it) is the truth and cannot be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Confirm,
    Ready,
    Ship,
    Cancel,
}

impl Verb {
    pub const ALL: [Self; 4] = [Self::Confirm, Self::Ready, Self::Ship, Self::Cancel];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Ready => "ready",
            Self::Ship => "ship",
            Self::Cancel => "cancel",
        }
    }
}

/// Asked under the order's lock before a verb is done, whichever way it was asked for; a fault refuses it.
pub type Guard = fn(&mut Tx, &Order, Verb) -> Result<()>;

/// Whether what the company demands first was done.
pub static BEFORE: Slot<Guard> = Slot::new("orders.before step");

/// Refuses when something else than the order itself keeps it here.
pub type LeaveGuard = fn(&mut dyn Query, &Order) -> Result<()>;
/// Asked before anything leaves, whoever sends it, and by pages that offer to.
pub static MAY_LEAVE: Slot<LeaveGuard> = Slot::new("orders.may leave guard");

/// Refuses when something that stands outside the order would become untrue if it were split or merged (a parcel,
/// money on its way back) or would be got around (an instruction).
pub type RemakeGuard = fn(&mut dyn Query, &Order) -> Result<()>;
pub static MAY_REMAKE: Slot<RemakeGuard> = Slot::new("orders.may be split or merged guard");

/// May lines of this order go into another, or those of another into it?
///
/// # Errors
/// As [`Order::may_be_edited`], `orders.deferred`, `orders.held_by_owner`, `orders.already_ready`, and what a guard
/// refuses.
pub fn may_remake(db: &mut dyn Query, order: &Order) -> Result<()> {
    order.may_be_edited()?;
    // Neither a part nor another order is a way around what stops this one.
    order.is_not_held_by_owner()?;
    if order.deferred_until.is_some() {
        return Err(order.conflict("orders.deferred"));
    }
    if order.ready_at.is_some() {
        return Err(order.conflict("orders.already_ready"));
    }
    let slots = db.slots();
    slots.of(&MAY_REMAKE).try_for_each(|guard| guard(db, order))
}

/// May goods of this order leave now?
///
/// # Errors
/// As `may_pack`, and what a guard refuses.
pub fn may_leave(db: &mut dyn Query, order: &Order) -> Result<()> {
    order.may_be_packed()?;
    let slots = db.slots();
    slots.of(&MAY_LEAVE).try_for_each(|guard| guard(db, order))
}

/// Locks an order for a feature that is about to change rows of its own on the order's account outside
/// of a verb. As in the verbs the order comes first and the feature's rows after it, several orders by
/// their ids, so that nobody waits in a circle. Its row is written anew: after a lock alone the next in
/// line would go on with what it saw before it waited.
///
/// # Errors
/// `orders.missing`.
pub fn lock(tx: &mut Tx, company: CompanyId, id: OrderId) -> Result<Order> {
    let order = rows::lock(tx, company, id)?;
    rows::touch(tx, &order)?;
    Ok(order)
}

/// As [`lock`], for whoever must not wait: `None` while somebody else is changing the order.
///
/// # Errors
/// Faults of the store.
pub fn lock_if_free(tx: &mut Tx, company: CompanyId, id: OrderId) -> Result<Option<Order>> {
    let free = tx.opt(
        sql!(
            "select id
             from orders
             where company_id = :company_id and id = :id
             {pg:for update skip locked|sqlite:}"
        ),
        params![company_id: company, id: id],
    )?;
    free.map(|_| lock(tx, company, id)).transpose()
}

pub(crate) fn ask_before(tx: &mut Tx, order: &Order, verb: Verb) -> Result<()> {
    for guard in tx.slots().of(&BEFORE) {
        guard(tx, order, verb)?;
    }
    Ok(())
}

pub(crate) fn run(
    tx: &mut Tx,
    slot: &Slot<Step>,
    order: &Order,
    lines: &[Line],
    actor: &Actor,
) -> Result<()> {
    for step in tx.slots().of(slot) {
        step(tx, order, lines, actor)?;
    }
    Ok(())
}

pub(crate) fn run_returned(tx: &mut Tx, returned: &Returned<'_>) -> Result<()> {
    for step in tx.slots().of(&RETURNED) {
        step(tx, returned)?;
    }
    Ok(())
}

pub(crate) fn run_money_moved(tx: &mut Tx, moved: &MovedMoney<'_>) -> Result<()> {
    for step in tx.slots().of(&MONEY_MOVED) {
        step(tx, moved)?;
    }
    Ok(())
}

pub(crate) fn run_shipped(
    tx: &mut Tx,
    order: &Order,
    parts: &[(LineId, Quantity)],
    actor: &Actor,
) -> Result<()> {
    for step in tx.slots().of(&SHIPPED) {
        step(tx, order, parts, actor)?;
    }
    Ok(())
}
