//! Claims: a buyer says that he has paid. A claim moves nothing: it is shown to the accountant beside the
//! money that came, if it came, and is closed by that money or by a person.

use std::collections::BTreeMap;

use takt_kernel::{Actor, CompanyId, Fault, Id, Result, Timestamp, money::Money};
use takt_orders::{Order, OrderId, Stage};
use takt_staff::{Permit, Scope};
use takt_store::{About, Query, Row, Statement, Subject, Tx, params, sql};

use crate::{
    facts::{ClaimClosed, Claimed},
    import::BankLineId,
    reach,
    rights::MatchMoney,
};

pub enum ClaimTag {}
pub type ClaimId = Id<ClaimTag>;

/// How many of one order may wait, and how many there may ever be.
const MOST_OPEN: usize = 3;
const MOST_OF_ORDER: usize = 20;
const LONGEST_WORDS: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimState {
    Open,
    /// The money came.
    Came,
    /// A person wrote back to the buyer.
    Answered,
    Dismissed,
}

#[derive(Clone, Debug)]
pub struct Claim {
    pub company: CompanyId,
    pub id: ClaimId,
    pub order: OrderId,
    pub order_number: String,
    pub amount: Money,
    /// ISO date.
    pub paid_on: Option<String>,
    /// The buyer's own.
    pub words: String,
    pub state: ClaimState,
    /// The receipt that closed it.
    pub line: Option<BankLineId>,
    pub answer: Option<String>,
    pub said_at: Timestamp,
}

impl ClaimState {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Came => "came",
            Self::Answered => "answered",
            Self::Dismissed => "dismissed",
        }
    }

    fn from_code(code: &str) -> Result<Self> {
        [Self::Open, Self::Came, Self::Answered, Self::Dismissed]
            .into_iter()
            .find(|state| state.code() == code)
            .ok_or_else(|| Fault::broken("store.senseless_row").arg("column", "payment_claim.state"))
    }
}

/// Keeps what the buyer typed. The order is locked.
///
/// # Errors
/// Field faults of `amount`, `paid_on`, `words`; `payments.claim_needless` when nothing is owed,
/// `payments.claims_enough`.
pub(crate) fn say(
    tx: &mut Tx,
    order: &Order,
    actor: &Actor,
    typed: &BTreeMap<String, String>,
) -> Result<ClaimId> {
    let of = |name: &str| typed.get(name).map(|text| text.trim()).unwrap_or_default();
    if order.stage == Stage::Cancel || !order.owed().is_positive() {
        return Err(Fault::conflict("payments.claim_needless"));
    }
    let amount = Money::parse(of("amount"), order.currency)
        .ok()
        .filter(|amount| amount.is_positive())
        .ok_or_else(|| Fault::field("amount", "payments.claim_amount"))?;
    let paid_on = Some(of("paid_on")).filter(|day| !day.is_empty());
    if paid_on.is_some_and(|day| day.parse::<jiff::civil::Date>().is_err()) {
        return Err(Fault::field("paid_on", "payments.claim_day"));
    }
    if of("words").chars().count() > LONGEST_WORDS {
        return Err(Fault::field("words", "payments.claim_too_long"));
    }
    let known = of_order(tx, order.company, order.id)?;
    let open = known.iter().filter(|claim| claim.state == ClaimState::Open).count();
    if open >= MOST_OPEN || known.len() >= MOST_OF_ORDER {
        return Err(Fault::conflict("payments.claims_enough"));
    }
    let id: ClaimId = tx.new_id();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into payment_claim (company_id, id, order_id, order_number, currency, amount_minor, paid_on, words,
               state, line_id, answer, said_at, closed_at, closed_by)
             values (:company_id, :id, :order_id, :order_number, :currency, :amount_minor, :paid_on, :words,
               'open', null, null, :now, null, null)"
        ),
        params![
            company_id: order.company, id: id, order_id: order.id, order_number: &order.number,
            currency: order.currency, amount_minor: amount.minor(), paid_on: paid_on, words: of("words"), now: now,
        ],
    )?;
    let claimed = Claimed { claim: id.get(), amount: amount.to_decimal_string(), currency: order.currency };
    tx.say(About::new(order.company, Subject::new("order", order.id.get()), actor), &claimed)?;
    Ok(id)
}

/// All money of an order has come: what was claimed is so.
pub(crate) fn came(tx: &mut Tx, order: &Order, line: BankLineId) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update payment_claim
             set state = 'came', line_id = :line_id, closed_at = :now
             where company_id = :company_id and order_id = :order_id and state = 'open'"
        ),
        params![company_id: order.company, order_id: order.id, line_id: line, now: now],
    )
}

/// What had paid the order pays it no more.
pub(crate) fn went(tx: &mut Tx, company: CompanyId, order: OrderId, line: BankLineId) -> Result<()> {
    tx.put(
        sql!(
            "update payment_claim
             set state = 'open', line_id = null, closed_at = null
             where company_id = :company_id and order_id = :order_id and line_id = :line_id and state = 'came'"
        ),
        params![company_id: company, order_id: order, line_id: line],
    )
}

/// A person closes a claim: with words for the buyer, or without.
///
/// # Errors
/// `payments.claim_missing`, `payments.claim_closed`, field fault of `answer`.
pub fn close(tx: &mut Tx, permit: &Permit<MatchMoney>, id: ClaimId, answer: &str) -> Result<()> {
    let company = permit.company();
    let claim = get(tx, company, id)?;
    let answer = Some(answer.trim()).filter(|answer| !answer.is_empty());
    if answer.is_some_and(|answer| answer.chars().count() > LONGEST_WORDS) {
        return Err(Fault::field("answer", "payments.claim_too_long"));
    }
    let state = if answer.is_some() { ClaimState::Answered } else { ClaimState::Dismissed };
    let by = serde_json::to_string(permit.actor())
        .map_err(|error| Fault::broken("payments.unwritable").because(error))?;
    let now = tx.now();
    let closed = tx.execute(
        sql!(
            "update payment_claim
             set state = :state, answer = :answer, closed_at = :now, closed_by = :closed_by
             where company_id = :company_id and id = :id and state = 'open'"
        ),
        params![
            state: state.code(), answer: answer, now: now, closed_by: by, company_id: company, id: id,
        ],
    )?;
    if closed == 0 {
        return Err(Fault::conflict("payments.claim_closed"));
    }
    let about = About::new(company, Subject::new("order", claim.order.get()), permit.actor());
    tx.say(about, &ClaimClosed { claim: id.get(), state: state.code().to_owned() })
}

fn get(db: &mut dyn Query, company: CompanyId, id: ClaimId) -> Result<Claim> {
    let row = db.opt(
        sql!(
            "select company_id, id, order_id, order_number, currency, amount_minor, paid_on, words, state, line_id,
               answer, said_at
             from payment_claim
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id],
    )?;
    read(&row.ok_or_else(|| Fault::missing("payments.claim_missing"))?)
}

/// The company of a claim that the scope sees.
///
/// # Errors
/// `payments.claim_missing`.
pub(crate) fn company_of(db: &mut dyn Query, scope: &Scope, id: ClaimId) -> Result<CompanyId> {
    let statement = Statement::new("select company_id from payment_claim where id = :id and ").bind("id", id);
    let statement = reach::within(statement, scope, "payment_claim");
    db.opt_of(&statement)?.ok_or_else(|| Fault::missing("payments.claim_missing"))?.get("company_id")
}

/// What was claimed about an order, newest first.
///
/// # Errors
/// Faults of the store.
pub fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<Claim>> {
    db.all(
        sql!(
            "select company_id, id, order_id, order_number, currency, amount_minor, paid_on, words, state, line_id,
               answer, said_at
             from payment_claim
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

/// Claims that wait, the oldest first.
///
/// # Errors
/// Faults of the store.
pub fn open(db: &mut dyn Query, scope: &Scope, limit: i64) -> Result<Vec<Claim>> {
    let statement = Statement::new(
        "select company_id, id, order_id, order_number, currency, amount_minor, paid_on, words, state, line_id,
           answer, said_at
         from payment_claim
         where state = 'open' and ",
    );
    let statement = reach::within(statement, scope, "payment_claim")
        .push("\norder by id\nlimit :limit")
        .bind("limit", limit);
    db.all_of(&statement)?.iter().map(read).collect()
}

/// Receipts that wait for a person and have just the amount of a claim: perhaps it is this money.
///
/// # Errors
/// Faults of the store.
pub fn alike(db: &mut dyn Query, claim: &Claim) -> Result<Vec<(BankLineId, String, Timestamp)>> {
    db.all(
        sql!(
            "select id, payer_name, received_at
             from bank_line
             where company_id = :company_id and amount_minor = :amount_minor and currency = :currency
               and state in ('suggested', 'held')
             order by id desc
             limit 6"
        ),
        params![
            company_id: claim.company, amount_minor: claim.amount.minor(), currency: claim.amount.currency(),
        ],
    )?
    .iter()
    .map(|row| Ok((row.get("id")?, row.get("payer_name")?, row.get("received_at")?)))
    .collect()
}

fn read(row: &Row) -> Result<Claim> {
    Ok(Claim {
        company: row.get("company_id")?,
        id: row.get("id")?,
        order: row.get("order_id")?,
        order_number: row.get("order_number")?,
        amount: row.money("amount_minor", "currency")?,
        paid_on: row.get("paid_on")?,
        words: row.get("words")?,
        state: ClaimState::from_code(&row.get::<String>("state")?)?,
        line: row.get("line_id")?,
        answer: row.get("answer")?,
        said_at: row.get("said_at")?,
    })
}
