//! Invoices: one stands for each order under a reference with check digits. When the total changes,
//! a new one replaces it and the old paper stays payable. They are issued, replaced and withdrawn in
//! the order's own transaction, as its steps.

use takt_customers::CustomerId;
use takt_kernel::{Actor, CompanyId, Fault, Id, Result, money::Money};
use takt_orders::{Line, Order, OrderId};
use takt_payments_matching::{InvoiceState, Prefix, Reference, number_key};
use takt_staff::Scope;
use takt_store::{About, Query, Question, Row, Sql, Statement, Subject, Tx, params, sql};

use crate::{
    cash,
    days::day_in_zone_of,
    entities::{self, EntityId},
    facts::Expected,
    journal::{Account, Posting, post},
    reach, refunds,
};

pub enum InvoiceTag {}
pub type InvoiceId = Id<InvoiceTag>;

/// The series of references of a company.
const SERIES: &str = "invoices";
/// The company setting that holds its own prefix.
pub(crate) const PREFIX: &str = "payments.reference_prefix";

#[derive(Clone, Debug)]
pub struct Invoice {
    pub id: InvoiceId,
    /// Who issued it.
    pub entity: EntityId,
    pub reference: String,
    pub order: OrderId,
    pub order_number: String,
    /// What the shop calls the order.
    pub external_id: Option<String>,
    pub customer: Option<CustomerId>,
    pub payer_name: String,
    pub payer_inn: Option<String>,
    pub total: Money,
    pub residual: Money,
    pub state: InvoiceState,
    /// ISO date.
    pub issued_on: String,
}

/// Step of `orders::place`.
pub fn issue_at_placing(tx: &mut Tx, order: &Order, _lines: &[Line], actor: &Actor) -> Result<()> {
    issue(tx, order, actor, None).map(|_| ())
}

/// Step of an edit: another total needs another invoice; the rest only moves what is left to pay.
pub fn reissue_at_edit(tx: &mut Tx, order: &Order, _lines: &[Line], actor: &Actor) -> Result<()> {
    // Orders of earlier versions may bill somebody who is not their buyer any more.
    bill_the_buyer(tx, order)?;
    let Some(current) = current_of_order(tx, order.company, order.id)? else {
        return issue(tx, order, actor, None).map(|_| ());
    };
    if current.total == order.total {
        return Ok(());
    }
    let new = issue(tx, order, actor, Some(&current))?;
    tx.put(
        sql!(
            "update invoice
             set state = 'superseded', superseded_by = :superseded_by, residual_minor = 0
             where company_id = :company_id and order_id = :order_id and id <> :superseded_by
               and state in ('open', 'paid', 'superseded')"
        ),
        params![company_id: order.company, order_id: order.id, superseded_by: new],
    )?;
    cash::follow(tx, order)
}

/// Step of an edit that gave an order to another customer, or called its buyer otherwise.
pub fn follow_buyer(tx: &mut Tx, order: &Order, _lines: &[Line], _actor: &Actor) -> Result<()> {
    tx.put(
        sql!(
            "update invoice
             set payer_name = :payer_name
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: order.company, order_id: order.id, payer_name: &order.contact.name],
    )?;
    bill_the_buyer(tx, order)
}

/// All that an order owes, and all that is the buyer's of it, stands with its customer; who was taken for him is not
/// known as its payer any more.
fn bill_the_buyer(tx: &mut Tx, order: &Order) -> Result<()> {
    let Some(current) = current_of_order(tx, order.company, order.id)? else { return Ok(()) };
    let (company, was) = (order.company, current.customer);
    if was == order.customer {
        return Ok(());
    }
    tx.put(
        sql!(
            "update invoice
             set customer_id = :customer_id
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: company, order_id: order.id, customer_id: order.customer],
    )?;
    tx.put(
        sql!(
            "delete from known_payer
             where company_id = :company_id and customer_id = :customer_id
               and first_receipt_id in (select line_id
                 from allocation
                 where company_id = :company_id and order_id = :order_id)"
        ),
        params![company_id: company, order_id: order.id, customer_id: was],
    )?;
    let billed = match current.state {
        InvoiceState::Cancelled => Money::zero(order.currency),
        InvoiceState::Open | InvoiceState::Paid | InvoiceState::Expired | InvoiceState::Superseded { .. } => {
            current.total
        }
    };
    let with_carrier = cash::of_order(tx, order)?;
    let owed = billed.subtract(order.paid)?.subtract(with_carrier)?;
    let source = format!("{}:{}", current.id, tx.new_id::<()>());
    let effective_on = day_in_zone_of(tx, company)?;
    let posting = Posting::new(company, current.entity, "buyer_changed", &source, &effective_on);
    post(tx, &posting.moves(Account::Receivable(order.customer), Account::Receivable(was), owed))?;
    refunds::follow_buyer(tx, order)
}

/// Step of a cancellation: nothing more is awaited; what had been billed is taken back.
pub fn withdraw_at_cancel(tx: &mut Tx, order: &Order, _lines: &[Line], _actor: &Actor) -> Result<()> {
    let Some(current) = current_of_order(tx, order.company, order.id)? else { return Ok(()) };
    tx.put(
        sql!(
            "update invoice
             set state = 'cancelled', residual_minor = 0
             where company_id = :company_id and order_id = :order_id and state in ('open', 'paid')"
        ),
        params![company_id: order.company, order_id: order.id],
    )?;
    let effective_on = day_in_zone_of(tx, order.company)?;
    let source = current.id.to_string();
    let posting = Posting::new(order.company, current.entity, "invoice_withdrawn", &source, &effective_on);
    post(tx, &posting.moves(Account::DeferredRevenue, Account::Receivable(current.customer), current.total))
        .map(|_| ())
}

fn issue(tx: &mut Tx, order: &Order, actor: &Actor, replaced: Option<&Invoice>) -> Result<InvoiceId> {
    let prefix = match takt_staff::settings::get::<Prefix>(tx, order.company, PREFIX)? {
        Some(prefix) => prefix,
        None => Prefix::DEFAULT,
    };
    let serial = tx.next_number(order.company, SERIES)?;
    let serial = u64::try_from(serial).map_err(|error| Fault::broken("payments.serial").because(error))?;
    let reference = Reference::new(prefix, serial)?.to_string();
    // What replaces an invoice is of the same seller.
    let entity = match replaced {
        Some(invoice) => invoice.entity,
        None => entities::of_shop(tx, order.company, order.shop)?,
    };
    let id: InvoiceId = tx.new_id();
    let issued_on = day_in_zone_of(tx, order.company)?;
    let residual = order.owed();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into invoice (company_id, id, reference, order_id, order_number, external_id, customer_id, payer_name, payer_inn,
               currency, total_minor, residual_minor, state, superseded_by, issued_on, issued_at, entity_id)
             values (:company_id, :id, :reference, :order_id, :order_number, :external_id, :customer_id, :payer_name, null,
               :currency, :total_minor, :residual_minor, :state, null, :issued_on, :issued_at, :entity_id)"
        ),
        params![
            company_id: order.company, id: id, reference: &reference, order_id: order.id,
            order_number: &order.number, external_id: order.external_id.clone(), customer_id: order.customer, payer_name: &order.contact.name,
            currency: order.currency, total_minor: order.total.minor(), residual_minor: residual.minor(),
            state: state_when_left(residual), issued_on: &issued_on, issued_at: now, entity_id: entity,
        ],
    )?;
    for number in [Some(reference.as_str()), Some(order.number.as_str()), order.external_id.as_deref()]
        .into_iter()
        .flatten()
    {
        let key = number_key(number);
        if key.is_empty() {
            continue;
        }
        tx.put(
            sql!(
                "insert into invoice_number (company_id, key, invoice_id)
                 values (:company_id, :key, :invoice_id)
                 on conflict (company_id, key, invoice_id) do nothing"
            ),
            params![company_id: order.company, key: key, invoice_id: id],
        )?;
    }
    let source = id.to_string();
    let posting = Posting::new(order.company, entity, "invoice_issued", &source, &issued_on);
    post(tx, &billed(posting, order, replaced)?)?;
    let about = About::new(order.company, Subject::new("order", order.id.get()), actor);
    tx.say(
        about,
        &Expected {
            invoice: id.get(),
            number: reference,
            amount: residual.to_decimal_string(),
            currency: order.currency,
            replaces: replaced.map(|invoice| invoice.id.get()),
        },
    )?;
    Ok(id)
}

/// What the order now costs more than before.
fn billed<'p>(posting: Posting<'p>, order: &Order, replaced: Option<&Invoice>) -> Result<Posting<'p>> {
    let owes = Account::Receivable(order.customer);
    let Some(old) = replaced else {
        return Ok(posting.moves(owes, Account::DeferredRevenue, order.total));
    };
    Ok(posting.moves(owes, Account::DeferredRevenue, order.total.subtract(old.total)?))
}

/// The invoice that is valid for an order now.
///
/// # Errors
/// Faults of the store.
pub fn current_of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Option<Invoice>> {
    db.opt(current(), params![company_id: company, order_id: order])?.map(|row| read(&row)).transpose()
}

/// Asks what [`current_of_order`] asks.
pub(crate) fn current_asked(company: CompanyId, order: OrderId) -> Question {
    Question::new(current(), params![company_id: company, order_id: order])
}

fn current() -> &'static Sql {
    sql!(
        "select id, reference, order_id, order_number, external_id, customer_id, payer_name, payer_inn, currency,
           total_minor, residual_minor, state, superseded_by, issued_on, entity_id
         from invoice
         where company_id = :company_id and order_id = :order_id and state <> 'superseded'
         order by id desc
         limit 1"
    )
}

/// All invoices of an order, newest first.
///
/// # Errors
/// Faults of the store.
pub fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<Invoice>> {
    db.all(
        sql!(
            "select id, reference, order_id, order_number, external_id, customer_id, payer_name, payer_inn, currency,
               total_minor, residual_minor, state, superseded_by, issued_on, entity_id
             from invoice
             where company_id = :company_id and order_id = :order_id
             order by id desc
             limit 50"
        ),
        params![company_id: company, order_id: order],
    )?
    .iter()
    .map(read)
    .collect()
}

/// # Errors
/// `payments.invoice_missing`, and faults of the store.
pub fn get(db: &mut dyn Query, company: CompanyId, id: InvoiceId) -> Result<Invoice> {
    let row = db
        .opt(
            sql!(
                "select id, reference, order_id, order_number, external_id, customer_id, payer_name, payer_inn, currency,
                   total_minor, residual_minor, state, superseded_by, issued_on, entity_id
                 from invoice
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: company, id: id],
        )?
        .ok_or_else(|| Fault::missing("payments.invoice_missing"))?;
    read(&row)
}

/// The company of an invoice that the scope sees.
///
/// # Errors
/// `payments.invoice_missing`.
pub(crate) fn company_of(db: &mut dyn Query, scope: &Scope, id: InvoiceId) -> Result<CompanyId> {
    let statement = Statement::new("select company_id from invoice where id = :id and ").bind("id", id);
    let statement = reach::within(statement, scope, "invoice");
    db.opt_of(&statement)?.ok_or_else(|| Fault::missing("payments.invoice_missing"))?.get("company_id")
}

/// Finds an invoice by what a person types: its reference, or the number of its order.
///
/// # Errors
/// Faults of the store.
pub fn by_number(db: &mut dyn Query, company: CompanyId, typed: &str) -> Result<Vec<Invoice>> {
    let key = number_key(typed);
    if key.is_empty() {
        return Ok(Vec::new());
    }
    db.all(
        sql!(
            "select invoice.id, reference, order_id, order_number, external_id, customer_id, payer_name, payer_inn, currency,
               total_minor, residual_minor, state, superseded_by, issued_on, entity_id
             from invoice_number
             join invoice on invoice.company_id = invoice_number.company_id and invoice.id = invoice_number.invoice_id
             where invoice_number.company_id = :company_id and invoice_number.key = :key
             order by invoice_number.invoice_id desc
             limit 20"
        ),
        params![company_id: company, key: key],
    )?
    .iter()
    .map(read)
    .collect()
}

/// What is left to pay on the invoice that stands for an order is what the order owes.
pub(crate) fn follow(tx: &mut Tx, order: &Order) -> Result<()> {
    let owed = order.owed();
    tx.put(
        sql!(
            "update invoice
             set residual_minor = :owed_minor, state = :state
             where company_id = :company_id and order_id = :order_id and state in ('open', 'paid')"
        ),
        params![
            company_id: order.company, order_id: order.id, owed_minor: owed.minor(),
            state: state_when_left(owed),
        ],
    )?;
    cash::follow(tx, order)
}

fn state_when_left(left: Money) -> &'static str {
    if left.is_positive() { "open" } else { "paid" }
}

pub(crate) fn read(row: &Row) -> Result<Invoice> {
    Ok(Invoice {
        id: row.get("id")?,
        entity: row.get("entity_id")?,
        reference: row.get("reference")?,
        order: row.get("order_id")?,
        order_number: row.get("order_number")?,
        external_id: row.get("external_id")?,
        customer: row.get("customer_id")?,
        payer_name: row.get("payer_name")?,
        payer_inn: row.get("payer_inn")?,
        total: row.money("total_minor", "currency")?,
        residual: row.money("residual_minor", "currency")?,
        state: state(&row.get::<String>("state")?, row.get("superseded_by")?)?,
        issued_on: row.get("issued_on")?,
    })
}

fn state(code: &str, superseded_by: Option<i64>) -> Result<InvoiceState> {
    match (code, superseded_by) {
        ("open", _) => Ok(InvoiceState::Open),
        ("paid", _) => Ok(InvoiceState::Paid),
        ("cancelled", _) => Ok(InvoiceState::Cancelled),
        ("superseded", Some(by)) => Ok(InvoiceState::Superseded { by }),
        _ => Err(Fault::broken("store.senseless_row").arg("column", "invoice.state")),
    }
}
