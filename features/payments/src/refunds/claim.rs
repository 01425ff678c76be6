//! How money becomes payable back: what an order has beyond its cost, goods that came back, credit that
//! its customer wants out.

use takt_customers::CustomerId;
use takt_kernel::{Actor, CompanyId, Fault, Result, money::Money};
use takt_orders::{Order, OrderId, ReturnedPart, Stage, record_returned, steps};
use takt_staff::Permit;
use takt_store::{Query, Tx, params, sql};

use super::{Refund, RefundId, State, said};
use crate::{
    credit,
    days::day_in_zone_of,
    entities::EntityId,
    import::{BankLineId, line, record_outcome},
    invoices,
    journal::{Account, Posting, post},
    rights::{AcceptReturns, OrderRefunds},
    settle::{self, StandingAllocation},
};

/// What an order was paid beyond what it costs: nothing of a cancelled one is owed.
pub fn surplus_of(order: &Order) -> Money {
    let cost = if order.stage == Stage::Cancel { 0 } else { order.total.minor() };
    Money::new(order.paid.minor().saturating_sub(cost).max(0), order.currency)
}

/// Makes so much of what an order was overpaid payable back.
///
/// # Errors
/// `payments.more_than_surplus`, `payments.nothing_chosen`, and refusals of the orders.
pub fn claim(tx: &mut Tx, permit: &Permit<OrderRefunds>, order: OrderId, amount: Money) -> Result<RefundId> {
    let order = steps::lock(tx, permit.company(), order)?;
    permit.reaches_shop(order.shop)?;
    let cause = if order.stage == Stage::Cancel { "cancelled" } else { "overpaid" };
    claim_of(tx, &order, amount, cause, permit.actor())
}

/// Goods of an order came back and are accepted: it costs less, and what was paid beyond that is payable back.
///
/// # Errors
/// `orders.more_than_left_us`, and those of [`claim`].
pub fn accept_return(
    tx: &mut Tx,
    permit: &Permit<AcceptReturns>,
    order: OrderId,
    parts: &[ReturnedPart],
) -> Result<Option<RefundId>> {
    let locked = steps::lock(tx, permit.company(), order)?;
    permit.reaches_shop(locked.shop)?;
    let order = record_returned(tx, permit.company(), order, parts, permit.actor())?;
    let surplus = surplus_of(&order);
    if !surplus.is_positive() {
        return Ok(None);
    }
    claim_of(tx, &order, surplus, "returned", permit.actor()).map(Some)
}

fn claim_of(tx: &mut Tx, order: &Order, amount: Money, cause: &str, actor: &Actor) -> Result<RefundId> {
    let company = order.company;
    let surplus = surplus_of(order);
    if !amount.is_positive() {
        return Err(Fault::invalid("payments.nothing_chosen"));
    }
    if amount.currency() != surplus.currency() || amount > surplus {
        return Err(Fault::conflict("payments.more_than_surplus").arg("surplus", surplus));
    }
    let missing = || Fault::missing("payments.invoice_missing");
    let invoice = invoices::current_of_order(tx, company, order.id)?.ok_or_else(missing)?;
    let id: RefundId = tx.new_id();
    put(tx, company, id, invoice.entity, Some(order.id), invoice.customer, cause, amount, actor)?;
    let mut left = amount;
    let mut customers = Vec::new();
    // What came last goes back first.
    for (from, held) in standing_of_order(tx, company, order.id)? {
        let part = if held.amount < left { held.amount } else { left };
        if !part.is_positive() {
            break;
        }
        let (_, valid) = settle::unpay(tx, company, from, &held, part, "payments.refund_payable", actor)?;
        customers.push((valid.customer, part));
        let mut bank_line = line(tx, company, from)?;
        bank_line.allocated = bank_line.allocated.subtract(part)?;
        bank_line.returned = bank_line.returned.add(part)?;
        record_outcome(tx, company, &bank_line, None)?;
        put_part(tx, company, id, from, part)?;
        left = left.subtract(part)?;
    }
    if left.is_positive() {
        return Err(Fault::conflict("payments.more_than_surplus").arg("surplus", amount.subtract(left)?));
    }
    let effective_on = day_in_zone_of(tx, company)?;
    let source = id.to_string();
    let mut posting = Posting::new(company, invoice.entity, "refund_payable", &source, &effective_on);
    for (customer, part) in customers {
        posting =
            posting.moves(Account::Receivable(customer), Account::RefundPayable(invoice.customer), part);
    }
    post(tx, &posting)?;
    Ok(id)
}

/// Credit of a customer that he wants out instead of using it for orders.
///
/// # Errors
/// `payments.overdrawn`, `payments.nothing_chosen`.
pub fn claim_credit(
    tx: &mut Tx,
    permit: &Permit<OrderRefunds>,
    customer: CustomerId,
    entity: EntityId,
    amount: Money,
) -> Result<RefundId> {
    let company = permit.company();
    if !amount.is_positive() {
        return Err(Fault::invalid("payments.nothing_chosen"));
    }
    let id: RefundId = tx.new_id();
    for (from, part) in credit::take(tx, company, Some(customer), entity, amount)? {
        let mut bank_line = line(tx, company, from)?;
        bank_line.credit = bank_line.credit.subtract(part)?;
        bank_line.returned = bank_line.returned.add(part)?;
        record_outcome(tx, company, &bank_line, None)?;
        put_part(tx, company, id, from, part)?;
    }
    put(tx, company, id, entity, None, Some(customer), "credit", amount, permit.actor())?;
    let effective_on = day_in_zone_of(tx, company)?;
    let source = id.to_string();
    let posting = Posting::new(company, entity, "refund_payable", &source, &effective_on);
    let (from, to) = (Account::CustomerCredit(Some(customer)), Account::RefundPayable(Some(customer)));
    post(tx, &posting.moves(from, to, amount))?;
    Ok(id)
}

#[expect(clippy::too_many_arguments, reason = "one row, written from two places")]
fn put(
    tx: &mut Tx,
    company: CompanyId,
    id: RefundId,
    entity: EntityId,
    order: Option<OrderId>,
    customer: Option<CustomerId>,
    cause: &str,
    amount: Money,
    actor: &Actor,
) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "insert into refund (company_id, id, entity_id, order_id, customer_id, cause, state, amount_minor, confirmed_minor,
               currency, reason, payee_name, payee_account, payee_bic, ordered_by, ordered_at, approved_by, sent_at,
               closed_at, created_at, version)
             values (:company_id, :id, :entity_id, :order_id, :customer_id, :cause, 'payable', :amount_minor, 0,
               :currency, null, null, null, null, null, null, null, null, null, :created_at, 1)"
        ),
        params![
            company_id: company, id: id, entity_id: entity, order_id: order, customer_id: customer, cause: cause,
            amount_minor: amount.minor(), currency: amount.currency(), created_at: now,
        ],
    )?;
    let refund = Refund {
        company,
        id,
        entity,
        order,
        customer,
        cause: cause.to_owned(),
        state: State::Payable,
        amount,
        confirmed: Money::zero(amount.currency()),
        reason: None,
        payee: None,
        ordered_by: None,
        approved_by: None,
        created_at: now,
    };
    said(tx, &refund, actor)
}

fn put_part(tx: &mut Tx, company: CompanyId, id: RefundId, line: BankLineId, amount: Money) -> Result<()> {
    tx.put(
        sql!(
            "insert into refund_part (company_id, refund_id, line_id, amount_minor)
             values (:company_id, :refund_id, :line_id, :amount_minor)
             on conflict (company_id, refund_id, line_id) do update
             set amount_minor = refund_part.amount_minor + excluded.amount_minor"
        ),
        params![company_id: company, refund_id: id, line_id: line, amount_minor: amount.minor()],
    )
}

/// What pays an order now, the latest first.
fn standing_of_order(
    tx: &mut Tx,
    company: CompanyId,
    order: OrderId,
) -> Result<Vec<(BankLineId, StandingAllocation)>> {
    tx.all(
        sql!(
            "select allocated.id, allocated.line_id, allocated.invoice_id, allocated.order_id, allocated.amount_minor,
               allocated.currency
             from (
               select allocation.id, allocation.line_id, allocation.invoice_id, allocation.order_id, allocation.currency,
                 cast(allocation.amount_minor + coalesce((select sum(undone.amount_minor)
                   from allocation as undone
                   where undone.company_id = allocation.company_id and undone.reverses = allocation.id), 0) as bigint) as amount_minor
               from allocation
               where allocation.company_id = :company_id and allocation.order_id = :order_id
                 and allocation.reverses is null
             ) as allocated
             where allocated.amount_minor > 0
             order by allocated.id desc
             limit 1000"
        ),
        params![company_id: company, order_id: order],
    )?
    .iter()
    .map(|row| {
        let held = StandingAllocation {
            id: row.get("id")?,
            invoice: row.get("invoice_id")?,
            order: row.get("order_id")?,
            amount: row.money("amount_minor", "currency")?,
            order_number: String::new(),
        };
        Ok((row.get("line_id")?, held))
    })
    .collect()
}
