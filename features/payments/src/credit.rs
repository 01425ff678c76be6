//! Money of customers that waits for their orders. Every part of it is of one receipt, so that it pays an
//! order with the same proof as the receipt itself, and goes back to where it came from.

use takt_customers::CustomerId;
use takt_kernel::{CompanyId, Fault, Result, money::Currency, money::Money};
use takt_orders::{Order, OrderId, receipt::VerifiedReceipt, steps};
use takt_payments_matching::InvoiceState;
use takt_staff::Permit;
use takt_store::{About, Query, Subject, Tx, params, sql};

use crate::{
    days::day_in_zone_of,
    entities::EntityId,
    facts::CreditUsed,
    import::{BankLine, BankLineId, line, record_outcome},
    invoices,
    journal::{Account, Posting, post},
    rights::OrderRefunds,
    settle,
};

fn key(customer: Option<CustomerId>) -> i64 {
    customer.map_or(0, CustomerId::get)
}

/// What waits for a customer's orders, per entity and currency.
///
/// # Errors
/// Faults of the store.
pub fn of_customer(
    db: &mut dyn Query,
    company: CompanyId,
    customer: Option<CustomerId>,
) -> Result<Vec<(EntityId, Money)>> {
    db.all(
        sql!(
            "select entity_id, currency, cast(sum(left_minor) as bigint) as left_minor
             from credit_part
             where company_id = :company_id and customer_id = :customer_id and left_minor > 0
             group by entity_id, currency
             order by entity_id, currency
             limit 100"
        ),
        params![company_id: company, customer_id: key(customer)],
    )?
    .iter()
    .map(|row| Ok((row.get("entity_id")?, row.money("left_minor", "currency")?)))
    .collect()
}

/// What of it can pay this order.
///
/// # Errors
/// Faults of the store.
pub fn for_order(db: &mut dyn Query, order: &Order, entity: EntityId) -> Result<Money> {
    let waiting = of_person(db, order, entity)?;
    Money::sum(order.currency, waiting.iter().map(|(_, money)| *money))
}

/// Of each card of an order's customer that is one person with him, his own first.
fn of_person(db: &mut dyn Query, order: &Order, entity: EntityId) -> Result<Vec<(CustomerId, Money)>> {
    let Some(own) = order.customer else { return Ok(Vec::new()) };
    let mut cards = takt_customers::of_one_person(db, order.company, own)?;
    cards.sort_by_key(|card| (*card != own, *card));
    let mut waiting = Vec::new();
    for card in cards {
        let all = of_customer(db, order.company, Some(card))?;
        let fits = |(of, money): &&(EntityId, Money)| *of == entity && money.currency() == order.currency;
        waiting.extend(all.iter().find(fits).map(|(_, money)| (card, *money)));
    }
    Ok(waiting)
}

/// A person lets a customer's credit pay an order of theirs.
///
/// # Errors
/// `payments.more_than_owed`, `payments.overdrawn`, `payments.nothing_chosen`, and refusals of the orders.
pub fn use_for(tx: &mut Tx, permit: &Permit<OrderRefunds>, order: OrderId, amount: Money) -> Result<()> {
    let company = permit.company();
    let actor = permit.actor();
    let order = steps::lock(tx, company, order)?;
    permit.reaches_shop(order.shop)?;
    let missing = || Fault::missing("payments.invoice_missing");
    let invoice = invoices::current_of_order(tx, company, order.id)?.ok_or_else(missing)?;
    if !amount.is_positive() || order.customer.is_none() {
        return Err(Fault::invalid("payments.nothing_chosen"));
    }
    if invoice.state != InvoiceState::Open || amount > invoice.residual {
        return Err(Fault::conflict("payments.more_than_owed")
            .arg("invoice", &invoice.reference)
            .arg("owed", invoice.residual));
    }
    let effective_on = day_in_zone_of(tx, company)?;
    let mut left = amount;
    let mut taken = Vec::new();
    for (card, here) in of_person(tx, &order, invoice.entity)? {
        let part = if here < left { here } else { left };
        if part.is_positive() {
            let parts = take(tx, company, Some(card), invoice.entity, part)?;
            taken.extend(parts.into_iter().map(|(line, amount)| (card, line, amount)));
            left = left.subtract(part)?;
        }
    }
    if left.is_positive() {
        return Err(Fault::conflict("payments.overdrawn")
            .arg("account", Account::CustomerCredit(order.customer))
            .arg("amount", amount));
    }
    for (card, part, amount) in taken {
        let mut bank_line = line(tx, company, part)?;
        let receipt = VerifiedReceipt::kept(tx, company, part.get())?
            .ok_or_else(|| Fault::conflict("payments.not_a_receipt"))?;
        let id = settle::pay(tx, &receipt, &invoice, amount, None, actor)?;
        let source = id.to_string();
        let posting = Posting::new(company, invoice.entity, "credit_used", &source, &effective_on);
        let (from, to) = (Account::CustomerCredit(Some(card)), Account::Receivable(invoice.customer));
        post(tx, &posting.moves(from, to, amount))?;
        bank_line.credit = bank_line.credit.subtract(amount)?;
        bank_line.allocated = bank_line.allocated.add(amount)?;
        record_outcome(tx, company, &bank_line, None)?;
    }
    let about = About::new(company, Subject::new("order", order.id.get()), actor);
    tx.say(about, &CreditUsed { amount: amount.to_decimal_string(), currency: amount.currency() })
}

pub(crate) fn add(
    tx: &mut Tx,
    company: CompanyId,
    customer: Option<CustomerId>,
    line: BankLineId,
    entity: EntityId,
    amount: Money,
) -> Result<()> {
    tx.put(
        sql!(
            "insert into credit_part (company_id, customer_id, line_id, entity_id, currency, left_minor)
             values (:company_id, :customer_id, :line_id, :entity_id, :currency, :left_minor)
             on conflict (company_id, customer_id, line_id) do update
             set left_minor = credit_part.left_minor + excluded.left_minor"
        ),
        params![
            company_id: company, customer_id: key(customer), line_id: line, entity_id: entity,
            currency: amount.currency(), left_minor: amount.minor(),
        ],
    )
}

/// Takes this much of a customer's credit, the oldest first. Answers from which receipts.
///
/// # Errors
/// `payments.overdrawn`.
pub(crate) fn take(
    tx: &mut Tx,
    company: CompanyId,
    customer: Option<CustomerId>,
    entity: EntityId,
    amount: Money,
) -> Result<Vec<(BankLineId, Money)>> {
    let parts = tx.all(
        sql!(
            "select line_id, left_minor
             from credit_part
             where company_id = :company_id and customer_id = :customer_id and entity_id = :entity_id
               and currency = :currency and left_minor > 0
             order by line_id
             limit 10000"
        ),
        params![
            company_id: company, customer_id: key(customer), entity_id: entity, currency: amount.currency(),
        ],
    )?;
    let (mut left, mut taken) = (amount, Vec::new());
    for row in &parts {
        let here = Money::new(row.get("left_minor")?, amount.currency());
        let part = if here < left { here } else { left };
        if part.is_positive() {
            let line: BankLineId = row.get("line_id")?;
            lower(tx, company, customer, line, part)?;
            taken.push((line, part));
            left = left.subtract(part)?;
        }
    }
    if left.is_positive() {
        return Err(Fault::conflict("payments.overdrawn")
            .arg("account", Account::CustomerCredit(customer))
            .arg("amount", amount));
    }
    Ok(taken)
}

fn lower(
    tx: &mut Tx,
    company: CompanyId,
    customer: Option<CustomerId>,
    line: BankLineId,
    by: Money,
) -> Result<()> {
    tx.put(
        sql!(
            "update credit_part
             set left_minor = left_minor - :by_minor
             where company_id = :company_id and customer_id = :customer_id and line_id = :line_id"
        ),
        params![company_id: company, customer_id: key(customer), line_id: line, by_minor: by.minor()],
    )
}

/// Takes all credit that a line gave and that is not used; answers whose it was.
pub(crate) fn withdraw_of_line(
    tx: &mut Tx,
    company: CompanyId,
    bank_line: &BankLine,
) -> Result<Vec<(Option<CustomerId>, Money)>> {
    let currency: Currency = bank_line.amount.currency();
    let rows = tx.all(
        sql!(
            "select customer_id, left_minor
             from credit_part
             where company_id = :company_id and line_id = :line_id and left_minor > 0
             order by customer_id
             limit 1000"
        ),
        params![company_id: company, line_id: bank_line.id],
    )?;
    let mut withdrawn = Vec::new();
    for row in &rows {
        let customer: i64 = row.get("customer_id")?;
        let customer = (customer != 0).then(|| CustomerId::new(customer));
        let left = Money::new(row.get("left_minor")?, currency);
        lower(tx, company, customer, bank_line.id, left)?;
        withdrawn.push((customer, left));
    }
    Ok(withdrawn)
}
