//! Cash on delivery: from the moment a buyer has what he pays the carrier for, the carrier owes us and no
//! longer the buyer. What comes from the carrier's settlement is matched to the orders as any receipt is.

use takt_kernel::{Result, money::Money};
use takt_orders::{Order, OrderId, Terms, facts::DELIVERED, steps};
use takt_store::{Query, RecordedFact, Tx, params, sql};
use takt_work::Listener;

use crate::{
    days::day_in_zone_of,
    invoices,
    journal::{Account, Posting, post},
};

pub const LISTENER: Listener = Listener {
    name: "payments.carrier_has_the_cash",
    hears: &[DELIVERED],
    does: "counts what a carrier took in for an order as owed by the carrier",
    react: delivered,
};

fn delivered(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let order = steps::lock(tx, fact.company, OrderId::new(fact.subject_id))?;
    follow(tx, &order)
}

/// The carrier owes what is still owed for an order that was handed over against cash, and nothing else.
pub(crate) fn follow(tx: &mut Tx, order: &Order) -> Result<()> {
    if order.terms != Terms::OnDelivery || order.delivered_at.is_none() || order.delivery.is_pickup() {
        return Ok(());
    }
    let Some(invoice) = invoices::current_of_order(tx, order.company, order.id)? else { return Ok(()) };
    let owed = order.owed();
    let change = owed.subtract(of_order(tx, order)?)?;
    if change.is_zero() {
        return Ok(());
    }
    tx.put(
        sql!(
            "insert into cash_with_carrier (company_id, order_id, amount_minor)
             values (:company_id, :order_id, :amount_minor)
             on conflict (company_id, order_id) do update set amount_minor = excluded.amount_minor"
        ),
        params![company_id: order.company, order_id: order.id, amount_minor: owed.minor()],
    )?;
    let source = format!("{}:{}", order.id, tx.new_id::<()>());
    let effective_on = day_in_zone_of(tx, order.company)?;
    let posting = Posting::new(order.company, invoice.entity, "cash_on_delivery", &source, &effective_on);
    post(tx, &posting.moves(Account::CashOnDelivery, Account::Receivable(invoice.customer), change))
        .map(|_| ())
}

/// What the carrier owes for an order.
pub(crate) fn of_order(db: &mut dyn Query, order: &Order) -> Result<Money> {
    let known = db.opt(
        sql!(
            "select amount_minor
             from cash_with_carrier
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: order.company, order_id: order.id],
    )?;
    let minor = known.map_or(Ok(0), |row| row.get::<i64>("amount_minor"))?;
    Ok(Money::new(minor, order.currency))
}
