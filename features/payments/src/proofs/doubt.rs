//! Money that a push told and no statement has confirmed. It is counted at once, and what it pays goes on; but
//! when the time for the statement is over, what it alone has paid for does not leave.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Fault, Result, Timestamp, money::Money};
use takt_orders::{Order, OrderId, Shipped};
use takt_staff::Scope;
use takt_store::{About, Query, Question, Row, Statement, Subject, Tx, params, sql};

use crate::{
    facts::{DoubtEnded, Doubted},
    import::BankLineId,
    queries::ids_of,
};

const MOST: i64 = 200;

/// Part of an order's money that waits for a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Awaited {
    pub order: OrderId,
    pub line: BankLineId,
    pub amount: Money,
    /// From then on it is in doubt.
    pub until: Timestamp,
}

impl Awaited {
    pub fn is_in_doubt(&self, now: Timestamp) -> bool {
        self.until <= now
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            order: row.get("order_id")?,
            line: row.get("line_id")?,
            amount: row.money("amount_minor", "currency")?,
            until: row.get("wanted_until")?,
        })
    }
}

/// Asks what [`awaited`] asks.
pub(crate) fn awaited_asked(company: CompanyId, orders: &[OrderId]) -> Question {
    Question::new(
        sql!(
            "select allocation.order_id, allocation.line_id, allocation.currency, bank_confirmation.wanted_until,
               cast(sum(allocation.amount_minor) as bigint) as amount_minor
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join allocation
             join bank_confirmation on bank_confirmation.company_id = allocation.company_id
               and bank_confirmation.line_id = allocation.line_id
             where allocation.company_id = :company_id
               and allocation.order_id = cast(asked.value as bigint)
               and bank_confirmation.confirmed_at is null
             group by allocation.order_id, allocation.line_id, allocation.currency, bank_confirmation.wanted_until
             having sum(allocation.amount_minor) > 0
             order by allocation.order_id, allocation.line_id
             limit 5000"
        ),
        params![company_id: company, ids: ids_of(orders)],
    )
}

/// What of the money of these orders no statement has confirmed yet.
///
/// # Errors
/// Faults of the store.
pub fn awaited(db: &mut dyn Query, company: CompanyId, orders: &[OrderId]) -> Result<Vec<Awaited>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    db.all_at_once(&[awaited_asked(company, orders)])?
        .pop()
        .unwrap_or_default()
        .iter()
        .map(Awaited::read)
        .collect()
}

/// Whether an order may not leave, because without the money in doubt it is not paid for. Who may pay later may
/// leave without any money, and so with doubtful money too.
fn stops(order: &Order, in_doubt: Money) -> bool {
    let sure = order.paid.minor().saturating_sub(in_doubt.minor());
    order.terms.is_prepaid() && in_doubt.is_positive() && sure < order.total.minor()
}

/// What of an order's money is in doubt now.
fn in_doubt(order: &Order, awaited: &[Awaited], now: Timestamp) -> Result<Money> {
    let doubtful = awaited.iter().filter(|one| one.order == order.id && one.is_in_doubt(now));
    Money::sum(order.currency, doubtful.map(|one| one.amount))
}

/// Guard of leaving: an order that is paid only by what no statement has confirmed in time stays here.
///
/// # Errors
/// `payments.money_in_doubt`.
pub(crate) fn guard_leaving(db: &mut dyn Query, order: &Order) -> Result<()> {
    if !order.terms.is_prepaid() {
        return Ok(());
    }
    let awaited = awaited(db, order.company, &[order.id])?;
    let doubtful = in_doubt(order, &awaited, db.now())?;
    if stops(order, doubtful) {
        return Err(Fault::conflict("payments.money_in_doubt")
            .arg("number", &order.number)
            .arg("amount", doubtful));
    }
    Ok(())
}

/// An order that does not leave, and how much of its money is in doubt.
pub struct Stopped {
    pub order: Order,
    pub in_doubt: Money,
    pub lines: Vec<BankLineId>,
    pub since: Timestamp,
}

/// The orders of a scope that are stopped now, the longest first.
///
/// # Errors
/// Faults of the store.
pub fn stopped(db: &mut dyn Query, scope: &Scope) -> Result<Vec<Stopped>> {
    let now = db.now();
    let overdue = Statement::new(
        "select distinct allocation.company_id, allocation.order_id
         from (
           select company_id, line_id
           from bank_confirmation
           where confirmed_at is null and wanted_until <= :now and company_id in ",
    )
    .push(&scope.sql_list())
    .push(
        "
           order by company_id, wanted_until, line_id
           limit :most
         ) as overdue
         join allocation on allocation.company_id = overdue.company_id and allocation.line_id = overdue.line_id
         order by allocation.company_id, allocation.order_id
         limit :most",
    )
    .bind("now", now)
    .bind("most", MOST);
    let mut of_company: BTreeMap<CompanyId, Vec<OrderId>> = BTreeMap::new();
    for row in db.all_of(&overdue)? {
        of_company.entry(row.get("company_id")?).or_default().push(row.get("order_id")?);
    }
    let mut stopped = Vec::new();
    for (company, ids) in of_company {
        let awaited = awaited(db, company, &ids)?;
        for order in takt_orders::briefs(db, company, &ids)? {
            let doubtful = in_doubt(&order, &awaited, now)?;
            let is_seen = scope.sees_shop(company, order.shop);
            if !is_seen
                || !stops(&order, doubtful)
                || !order.stage.is_in_work()
                || order.shipped == Shipped::All
            {
                continue;
            }
            let of_order: Vec<&Awaited> =
                awaited.iter().filter(|one| one.order == order.id && one.is_in_doubt(now)).collect();
            let since = of_order.iter().map(|one| one.until).min().unwrap_or(now);
            let lines = of_order.iter().map(|one| one.line).collect();
            stopped.push(Stopped { order, in_doubt: doubtful, lines, since });
        }
    }
    stopped.sort_by_key(|one| (one.since, one.order.id));
    Ok(stopped)
}

/// Part of the answer about an order: what of its money no statement has confirmed in time.
///
/// # Errors
/// Faults of the store.
pub fn parts(
    db: &mut dyn Query,
    company: CompanyId,
    orders: &[OrderId],
) -> Result<Vec<(OrderId, &'static str, serde_json::Value)>> {
    let now = db.now();
    let mut sums: BTreeMap<OrderId, Money> = BTreeMap::new();
    for one in awaited(db, company, orders)?.into_iter().filter(|one| one.is_in_doubt(now)) {
        let sum = match sums.get(&one.order) {
            Some(sum) => sum.add(one.amount)?,
            None => one.amount,
        };
        sums.insert(one.order, sum);
    }
    Ok(sums
        .into_iter()
        .map(|(order, sum)| (order, "money_in_doubt", sum.to_decimal_string().into()))
        .collect())
}

/// Tells the orders that a line pays that its time is over, or that its doubt is.
pub(super) fn tell(tx: &mut Tx<'_>, company: CompanyId, line: BankLineId, begins: bool) -> Result<()> {
    let actor = takt_kernel::Actor::system("payments.proofs");
    for paid in crate::settle::standing_allocations(tx, company, line)? {
        let about = About::new(company, Subject::new("order", paid.order.get()), &actor);
        let (amount, currency) = (paid.amount.to_decimal_string(), paid.amount.currency());
        let line = line.get();
        if begins {
            tx.say(about, &Doubted { line, amount, currency })?;
        } else {
            tx.say(about, &DoubtEnded { line, amount, currency })?;
        }
    }
    Ok(())
}

/// Whether the time of a line was over already when it was confirmed.
pub(super) fn was_in_doubt(db: &mut dyn Query, company: CompanyId, line: BankLineId) -> Result<bool> {
    let now = db.now();
    let found = db.opt(
        sql!(
            "select line_id
             from bank_confirmation
             where company_id = :company_id and line_id = :line_id and confirmed_at is null
               and wanted_until <= :now"
        ),
        params![company_id: company, line_id: line, now: now],
    )?;
    Ok(found.is_some())
}
