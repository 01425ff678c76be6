//! Money that goes back: payable as soon as it is the buyer's, then ordered by a person who says to whom
//! and why, approved by a second one above a limit, sent through the bank, and closed when the bank's own
//! outgoing line says so. Never more than was paid: every part of a refund is of a receipt.
//!
//! ```text
//! payable ─► ordered ─► approved ─► sent ─► closed
//!    │  ▲       └───────────┘         │
//!    │  └── taken back                └─ in parts, as the bank reports them
//!    └─► kept                          it waits as the customer's credit
//! ```

mod checks;
mod claim;
mod confirm;
mod reversal;
mod verbs;

pub(crate) use checks::CHECKS;
pub use claim::{accept_return, claim, claim_credit, surplus_of};
pub use confirm::confirm;
pub(crate) use confirm::confirm_by_line;
pub use reversal::{candidates, reverse_receipt};
pub use verbs::{Payee, Policy, approve, keep_as_credit, mark_sent, order, policy, set_policy, take_back};

use takt_customers::CustomerId;
use takt_kernel::{Actor, CompanyId, Fault, Id, Result, Timestamp, money::Money};
use takt_orders::{Order, OrderId};
use takt_staff::Scope;
use takt_store::{About, Query, Row, Statement, Subject, Tx, params, sql};

use crate::{
    days::day_in_zone_of,
    entities::EntityId,
    facts::RefundChanged,
    journal::{Account, Posting, post},
    reach,
    settle::actor_text,
};

pub enum RefundTag {}
pub type RefundId = Id<RefundTag>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Payable,
    /// A second person has to agree.
    Ordered,
    Approved,
    Sent,
    Closed,
    /// Waits as the customer's credit instead.
    Kept,
}

impl State {
    pub const ALL: [Self; 6] =
        [Self::Payable, Self::Ordered, Self::Approved, Self::Sent, Self::Closed, Self::Kept];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Payable => "payable",
            Self::Ordered => "ordered",
            Self::Approved => "approved",
            Self::Sent => "sent",
            Self::Closed => "closed",
            Self::Kept => "kept",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Nothing more will come of it.
    pub const fn is_over(self) -> bool {
        match self {
            Self::Closed | Self::Kept => true,
            Self::Payable | Self::Ordered | Self::Approved | Self::Sent => false,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Refund {
    pub company: CompanyId,
    pub id: RefundId,
    pub entity: EntityId,
    pub order: Option<OrderId>,
    pub customer: Option<CustomerId>,
    /// `returned`, `cancelled`, `overpaid` or `credit`.
    pub cause: String,
    pub state: State,
    pub amount: Money,
    /// What of it the bank has said it sent.
    pub confirmed: Money,
    pub reason: Option<String>,
    pub payee: Option<Payee>,
    pub ordered_by: Option<Actor>,
    pub approved_by: Option<Actor>,
    pub created_at: Timestamp,
}

impl Refund {
    pub fn left(&self) -> Money {
        let left = self.amount.minor().saturating_sub(self.confirmed.minor());
        Money::new(left, self.amount.currency())
    }

    /// By which a payment's purpose names it.
    pub fn reference(&self) -> String {
        format!("RF{}", self.id)
    }

    fn must_be(&self, states: &[State]) -> Result<()> {
        if states.contains(&self.state) {
            return Ok(());
        }
        Err(Fault::conflict("payments.refund_is_elsewhere").arg("state", self.state.code()))
    }
}

const COLUMNS: &str = "select company_id, id, entity_id, order_id, customer_id, cause, state, amount_minor, confirmed_minor, currency,
   reason, payee_name, payee_account, payee_bic, ordered_by, approved_by, created_at
 from refund";

/// # Errors
/// `payments.refund_missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: RefundId) -> Result<Refund> {
    let statement = Statement::new(COLUMNS)
        .push("\nwhere company_id = :company_id and id = :id")
        .bind("company_id", company)
        .bind("id", id);
    let row = db.opt_of(&statement)?.ok_or_else(|| Fault::missing("payments.refund_missing"))?;
    read(&row)
}

/// A refund that the scope sees.
///
/// # Errors
/// `payments.refund_missing`.
pub fn visible(db: &mut dyn Query, scope: &Scope, id: RefundId) -> Result<Refund> {
    let statement = Statement::new(COLUMNS).push("\nwhere id = :id and ").bind("id", id);
    let statement = reach::within(statement, scope, "refund");
    let row = db.opt_of(&statement)?.ok_or_else(|| Fault::missing("payments.refund_missing"))?;
    read(&row)
}

/// Refunds in one state, newest first.
///
/// # Errors
/// Faults of the store.
pub fn in_state(db: &mut dyn Query, scope: &Scope, state: State, limit: i64) -> Result<Vec<Refund>> {
    let statement = Statement::new(COLUMNS).push("\nwhere state = :state and ").bind("state", state.code());
    let statement = reach::within(statement, scope, "refund")
        .push("\norder by id desc\nlimit :limit")
        .bind("limit", limit);
    db.all_of(&statement)?.iter().map(read).collect()
}

/// The refunds of an order, oldest first.
///
/// # Errors
/// Faults of the store.
pub fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<Refund>> {
    let statement = Statement::new(COLUMNS)
        .push("\nwhere company_id = :company_id and order_id = :order_id\norder by id\nlimit 100")
        .bind("company_id", company)
        .bind("order_id", order);
    db.all_of(&statement)?.iter().map(read).collect()
}

/// The refunds of a customer, newest first.
///
/// # Errors
/// Faults of the store.
pub fn of_customer(db: &mut dyn Query, company: CompanyId, customer: CustomerId) -> Result<Vec<Refund>> {
    let statement = Statement::new(COLUMNS)
        .push("\nwhere company_id = :company_id and customer_id = :customer_id\norder by id desc\nlimit 50")
        .bind("company_id", company)
        .bind("customer_id", customer);
    db.all_of(&statement)?.iter().map(read).collect()
}

/// What still goes back for an order goes back to whoever is its customer now.
pub(crate) fn follow_buyer(tx: &mut Tx, order: &Order) -> Result<()> {
    let company = order.company;
    for known in of_order(tx, company, order.id)? {
        let refund = lock(tx, company, known.id)?;
        if refund.state.is_over() || refund.customer == order.customer {
            continue;
        }
        tx.put(
            sql!("update refund set customer_id = :customer_id where company_id = :company_id and id = :id"),
            params![customer_id: order.customer, company_id: company, id: refund.id],
        )?;
        let source = format!("{}:{}", refund.id, tx.new_id::<()>());
        let effective_on = day_in_zone_of(tx, company)?;
        let posting = Posting::new(company, refund.entity, "refund_moved", &source, &effective_on);
        let (from, to) = (Account::RefundPayable(refund.customer), Account::RefundPayable(order.customer));
        post(tx, &posting.moves(from, to, refund.left()))?;
    }
    Ok(())
}

/// Locks the row, so that two people do not move it at once, and reads it.
fn lock(tx: &mut Tx, company: CompanyId, id: RefundId) -> Result<Refund> {
    tx.put(
        sql!("update refund set version = version + 1 where company_id = :company_id and id = :id"),
        params![company_id: company, id: id],
    )?;
    get(tx, company, id)
}

/// Writes what changes on the way, and says it.
fn save(tx: &mut Tx, refund: &Refund, actor: &Actor) -> Result<()> {
    let now = tx.now();
    let person = |actor: &Option<Actor>| actor.as_ref().map(actor_text).transpose();
    let (ordered_by, approved_by) = (person(&refund.ordered_by)?, person(&refund.approved_by)?);
    let payee = refund.payee.as_ref();
    let closed = matches!(refund.state, State::Closed | State::Kept);
    tx.put(
        sql!(
            "update refund
             set state = :state, confirmed_minor = :confirmed_minor, reason = :reason, payee_name = :payee_name,
               payee_account = :payee_account, payee_bic = :payee_bic, ordered_by = :ordered_by,
               approved_by = :approved_by, sent_at = :sent_at, closed_at = :closed_at
             where company_id = :company_id and id = :id"
        ),
        params![
            company_id: refund.company, id: refund.id, state: refund.state.code(),
            confirmed_minor: refund.confirmed.minor(), reason: refund.reason.as_deref(),
            payee_name: payee.map(|payee| payee.name.as_str()),
            payee_account: payee.map(|payee| payee.account.as_str()),
            payee_bic: payee.map(|payee| payee.bic.as_str()), ordered_by: ordered_by,
            approved_by: approved_by, sent_at: (refund.state == State::Sent).then_some(now),
            closed_at: closed.then_some(now),
        ],
    )?;
    said(tx, refund, actor)
}

fn said(tx: &mut Tx, refund: &Refund, actor: &Actor) -> Result<()> {
    let subject = match (refund.order, refund.customer) {
        (Some(order), _) => Subject::new("order", order.get()),
        (None, Some(customer)) => Subject::new("customer", customer.get()),
        (None, None) => Subject::new("refund", refund.id.get()),
    };
    let fact = RefundChanged {
        refund: refund.id.get(),
        order: refund.order.map(OrderId::get),
        state: refund.state.code().to_owned(),
        amount: refund.amount.to_decimal_string(),
        currency: refund.amount.currency(),
    };
    tx.say(About::new(refund.company, subject, actor), &fact)
}

fn read(row: &Row) -> Result<Refund> {
    let code: String = row.get("state")?;
    let senseless = || Fault::broken("store.senseless_row").arg("column", "refund.state");
    let amount = row.money("amount_minor", "currency")?;
    let person = |column: &str| -> Result<Option<Actor>> {
        let written: Option<String> = row.get(column)?;
        written.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| {
            Fault::broken("store.senseless_row").arg("column", "refund.actor").because(error)
        })
    };
    let account: Option<String> = row.get("payee_account")?;
    let payee = match account {
        Some(account) => Some(Payee {
            name: row.get::<Option<String>>("payee_name")?.unwrap_or_default(),
            account,
            bic: row.get::<Option<String>>("payee_bic")?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(Refund {
        company: row.get("company_id")?,
        id: row.get("id")?,
        entity: row.get("entity_id")?,
        order: row.get("order_id")?,
        customer: row.get("customer_id")?,
        cause: row.get("cause")?,
        state: State::from_code(&code).ok_or_else(senseless)?,
        amount,
        confirmed: Money::new(row.get("confirmed_minor")?, amount.currency()),
        reason: row.get("reason")?,
        payee,
        ordered_by: person("ordered_by")?,
        approved_by: person("approved_by")?,
        created_at: row.get("created_at")?,
    })
}

/// The parts of a refund: from which receipt how much.
fn parts(db: &mut dyn Query, refund: &Refund) -> Result<Vec<(crate::import::BankLineId, Money)>> {
    db.all(
        sql!(
            "select line_id, amount_minor
             from refund_part
             where company_id = :company_id and refund_id = :refund_id
             order by line_id
             limit 10000"
        ),
        params![company_id: refund.company, refund_id: refund.id],
    )?
    .iter()
    .map(|row| Ok((row.get("line_id")?, Money::new(row.get("amount_minor")?, refund.amount.currency()))))
    .collect()
}
