//! Instructions of the owner: a comment that stands on top of the card. Until somebody ticks it as done the order is
//! not confirmed, packed or sent on any way, neither split nor merged; it can still be cancelled.

use takt_kernel::{CompanyId, Fault, PersonId, Result, Timestamp};
use takt_orders::{
    CommentId, CommentOrders, HoldOrders, Order, OrderId,
    facts::SUBJECT,
    steps::{Verb, lock},
};
use takt_staff::Permit;
use takt_store::{About, Query, Row, Subject, Tx, params, sql};

use crate::{
    facts::{Instructed, InstructionDone},
    rights::TickInstructions,
};

/// Of one order that are not done: more is not an instruction but a conversation.
const MOST_OPEN: i64 = 10;
const MOST: i64 = 100;
const OPEN: &str = "cabinet.instruction_open";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    pub comment: CommentId,
    pub given_by: Option<PersonId>,
    pub given_at: Timestamp,
    /// Who ticked it, and when.
    pub done: Option<(Option<PersonId>, Timestamp)>,
}

/// Writes down what has to be done first.
///
/// # Errors
/// `input.fields` for an empty or too long text, `cabinet.too_many_instructions`, `orders.missing`, and those of an
/// order that is not open.
pub fn instruct(
    tx: &mut Tx,
    permit: &Permit<HoldOrders>,
    comments: &Permit<CommentOrders>,
    order: OrderId,
    text: &str,
) -> Result<CommentId> {
    let order = lock(tx, permit.company(), order)?;
    order.is_open()?;
    if open(tx, order.company, order.id)? >= MOST_OPEN {
        return Err(Fault::conflict("cabinet.too_many_instructions").arg("number", &order.number));
    }
    let comment = takt_orders::comment(tx, comments, order.id, text)?;
    tx.put(
        sql!(
            "insert into cabinet_instruction (company_id, comment_id, order_id, given_by, given_at, done_by, done_at)
             values (:company_id, :comment_id, :order_id, :given_by, :now, null, null)"
        ),
        params![
            company_id: order.company, comment_id: comment, order_id: order.id,
            given_by: permit.actor().person(), now: tx.now(),
        ],
    )?;
    tx.say(about(&order, permit.actor()), &Instructed { comment })?;
    Ok(comment)
}

/// Says that an instruction was followed. Ticking it again is nothing.
///
/// # Errors
/// `orders.missing`, `cabinet.instruction_missing`.
pub fn tick(
    tx: &mut Tx,
    permit: &Permit<TickInstructions>,
    order: OrderId,
    comment: CommentId,
) -> Result<()> {
    let order = lock(tx, permit.company(), order)?;
    permit.reaches_shop(order.shop)?;
    let given = tx.opt(
        sql!(
            "select done_at
             from cabinet_instruction
             where company_id = :company_id and comment_id = :comment_id and order_id = :order_id"
        ),
        params![company_id: order.company, comment_id: comment, order_id: order.id],
    )?;
    let given = given.ok_or_else(|| Fault::missing("cabinet.instruction_missing"))?;
    if given.get::<Option<Timestamp>>("done_at")?.is_some() {
        return Ok(());
    }
    tx.put(
        sql!(
            "update cabinet_instruction
             set done_by = :person, done_at = :now
             where company_id = :company_id and comment_id = :comment_id"
        ),
        params![
            person: permit.actor().person(), now: tx.now(), company_id: order.company, comment_id: comment,
        ],
    )?;
    tx.say(about(&order, permit.actor()), &InstructionDone { comment })
}

fn about<'a>(order: &Order, actor: &'a takt_kernel::Actor) -> About<'a> {
    About::new(order.company, Subject::new(SUBJECT, order.id.get()), actor)
}

/// How many that are not done, however many there were: no more than may be open at once.
fn open(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<i64> {
    db.one(
        sql!(
            "select count(*) as still_open
             from cabinet_instruction
             where company_id = :company_id and order_id = :order_id and done_at is null"
        ),
        params![company_id: company, order_id: order],
    )?
    .get("still_open")
}

/// What was given to an order: what is not done first, then the latest.
///
/// # Errors
/// Faults of the store.
pub fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<Instruction>> {
    let rows = db.all(
        sql!(
            "select comment_id, given_by, given_at, done_by, done_at
             from cabinet_instruction
             where company_id = :company_id and order_id = :order_id
             order by case when done_at is null then 0 else 1 end, given_at desc, comment_id desc
             limit :most"
        ),
        params![company_id: company, order_id: order, most: MOST],
    )?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Instruction> {
    let done_at: Option<Timestamp> = row.get("done_at")?;
    let done_by: Option<PersonId> = row.get("done_by")?;
    Ok(Instruction {
        comment: row.get("comment_id")?,
        given_by: row.get("given_by")?,
        given_at: row.get("given_at")?,
        done: done_at.map(|at| (done_by, at)),
    })
}

/// The order asks before each of its verbs, under its lock.
pub(crate) fn guard(tx: &mut Tx, order: &Order, verb: Verb) -> Result<()> {
    match verb {
        Verb::Confirm | Verb::Ready | Verb::Ship => may_leave(tx, order),
        Verb::Cancel => Ok(()),
    }
}

/// Neither does a part of it under another number, nor all of it in another order.
pub(crate) fn may_leave(db: &mut dyn Query, order: &Order) -> Result<()> {
    let open = open(db, order.company, order.id)?;
    if open > 0 { Err(Fault::conflict(OPEN).arg("number", &order.number)) } else { Ok(()) }
}
