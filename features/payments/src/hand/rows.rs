use takt_kernel::{CompanyId, Fault, Id, PersonId, Result, Timestamp, money::Money};
use takt_orders::OrderId;
use takt_staff::Scope;
use takt_store::{Query, Row, Statement, params, sql};

use crate::{accounts::BankAccountId, import::BankLineId, invoices::InvoiceId, reach};

pub enum HandTag {}
pub type HandId = Id<HandTag>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandState {
    /// One person said it.
    Waiting,
    /// Two did; the order is paid, the bank has not said so yet.
    Confirmed,
    /// The bank says the same.
    Proved,
    /// The bank's statement knows nothing of it.
    Contradicted,
    Withdrawn,
}

impl HandState {
    pub const ALL: [Self; 5] =
        [Self::Waiting, Self::Confirmed, Self::Contradicted, Self::Proved, Self::Withdrawn];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Confirmed => "confirmed",
            Self::Proved => "proved",
            Self::Contradicted => "contradicted",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn from_code(code: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code).ok_or_else(|| {
            Fault::broken("store.senseless_row").arg("column", "hand_receipt.state").arg("found", code)
        })
    }
}

#[derive(Clone, Debug)]
pub struct HandReceipt {
    pub id: HandId,
    pub company: CompanyId,
    pub order: OrderId,
    pub order_number: String,
    pub invoice: InvoiceId,
    pub reference: String,
    pub bank_account: BankAccountId,
    pub account: String,
    pub amount: Money,
    pub payer_name: String,
    pub payer_account: String,
    pub number: String,
    /// ISO date.
    pub booked_on: String,
    pub first: PersonId,
    pub first_at: Timestamp,
    pub second: Option<PersonId>,
    pub second_at: Option<Timestamp>,
    pub state: HandState,
    pub line: Option<BankLineId>,
    pub told_at: Option<Timestamp>,
}

/// # Errors
/// `payments.by_hand_missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: HandId) -> Result<HandReceipt> {
    let row = db
        .opt(
            sql!(
                "select company_id, id, order_id, order_number, invoice_id, reference, bank_account_id, account,
                   amount_minor, currency, payer_name, payer_account, number, booked_on, first_person, first_at,
                   second_person, second_at, state, line_id, told_at
                 from hand_receipt
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: company, id: id],
        )?
        .ok_or_else(|| Fault::missing("payments.by_hand_missing"))?;
    read(&row)
}

/// Those of a state, newest first.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, scope: &Scope, state: HandState, limit: i64) -> Result<Vec<HandReceipt>> {
    let statement = Statement::new(
        "select company_id, id, order_id, order_number, invoice_id, reference, bank_account_id, account,
           amount_minor, currency, payer_name, payer_account, number, booked_on, first_person, first_at,
           second_person, second_at, state, line_id, told_at
         from hand_receipt
         where state = :state and ",
    )
    .bind("state", state.code());
    let statement = reach::within(statement, scope, "hand_receipt")
        .push("\norder by id desc\nlimit :limit")
        .bind("limit", limit);
    db.all_of(&statement)?.iter().map(read).collect()
}

/// Whose it is, for whoever may see that company.
///
/// # Errors
/// `payments.by_hand_missing`.
pub fn company_of(db: &mut dyn Query, scope: &Scope, id: HandId) -> Result<CompanyId> {
    let statement = Statement::new("select company_id from hand_receipt where id = :id and ").bind("id", id);
    let statement = reach::within(statement, scope, "hand_receipt");
    let row = db.opt_of(&statement)?;
    row.ok_or_else(|| Fault::missing("payments.by_hand_missing"))?.get("company_id")
}

/// What was said by hand of one order, oldest first.
///
/// # Errors
/// Faults of the store.
pub fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<HandReceipt>> {
    db.all(
        sql!(
            "select company_id, id, order_id, order_number, invoice_id, reference, bank_account_id, account,
               amount_minor, currency, payer_name, payer_account, number, booked_on, first_person, first_at,
               second_person, second_at, state, line_id, told_at
             from hand_receipt
             where company_id = :company_id and order_id = :order_id
             order by id
             limit 100"
        ),
        params![company_id: company, order_id: order],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Whether the bank still owes its word about any.
pub(crate) fn any_unproved(db: &mut dyn Query, company: CompanyId) -> Result<bool> {
    let found = db.opt(
        sql!(
            "select id
             from hand_receipt
             where company_id = :company_id and state in ('confirmed', 'contradicted')
             order by state, id
             limit 1"
        ),
        params![company_id: company],
    )?;
    Ok(found.is_some())
}

/// Those that the bank has not spoken of, of one account, oldest first.
pub(super) fn unproved(
    db: &mut dyn Query,
    company: CompanyId,
    account: BankAccountId,
) -> Result<Vec<HandReceipt>> {
    db.all(
        sql!(
            "select company_id, id, order_id, order_number, invoice_id, reference, bank_account_id, account,
               amount_minor, currency, payer_name, payer_account, number, booked_on, first_person, first_at,
               second_person, second_at, state, line_id, told_at
             from hand_receipt
             where company_id = :company_id and bank_account_id = :bank_account_id
               and state in ('confirmed', 'contradicted')
             order by id
             limit 500"
        ),
        params![company_id: company, bank_account_id: account],
    )?
    .iter()
    .map(read)
    .collect()
}

/// As [`unproved`], of one amount.
pub(super) fn unproved_of_amount(
    db: &mut dyn Query,
    company: CompanyId,
    account: BankAccountId,
    amount: Money,
) -> Result<Vec<HandReceipt>> {
    db.all(
        sql!(
            "select company_id, id, order_id, order_number, invoice_id, reference, bank_account_id, account,
               amount_minor, currency, payer_name, payer_account, number, booked_on, first_person, first_at,
               second_person, second_at, state, line_id, told_at
             from hand_receipt
             where company_id = :company_id and bank_account_id = :bank_account_id
               and state in ('confirmed', 'contradicted') and amount_minor = :amount_minor and currency = :currency
             order by id
             limit 500"
        ),
        params![
            company_id: company, bank_account_id: account, amount_minor: amount.minor(),
            currency: amount.currency(),
        ],
    )?
    .iter()
    .map(read)
    .collect()
}

/// What two persons said of the movement for which this line stands, while the bank has not spoken of it.
pub(super) fn unproved_of_line(
    db: &mut dyn Query,
    company: CompanyId,
    line: BankLineId,
) -> Result<Option<HandReceipt>> {
    db.opt(
        sql!(
            "select company_id, id, order_id, order_number, invoice_id, reference, bank_account_id, account,
               amount_minor, currency, payer_name, payer_account, number, booked_on, first_person, first_at,
               second_person, second_at, state, line_id, told_at
             from hand_receipt
             where company_id = :company_id and line_id = :line_id and state in ('confirmed', 'contradicted')
             order by id
             limit 1"
        ),
        params![company_id: company, line_id: line],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

fn read(row: &Row) -> Result<HandReceipt> {
    let state: String = row.get("state")?;
    Ok(HandReceipt {
        id: row.get("id")?,
        company: row.get("company_id")?,
        order: row.get("order_id")?,
        order_number: row.get("order_number")?,
        invoice: row.get("invoice_id")?,
        reference: row.get("reference")?,
        bank_account: row.get("bank_account_id")?,
        account: row.get("account")?,
        amount: row.money("amount_minor", "currency")?,
        payer_name: row.get("payer_name")?,
        payer_account: row.get("payer_account")?,
        number: row.get("number")?,
        booked_on: row.get("booked_on")?,
        first: row.get("first_person")?,
        first_at: row.get("first_at")?,
        second: row.get("second_person")?,
        second_at: row.get("second_at")?,
        state: HandState::from_code(&state)?,
        line: row.get("line_id")?,
        told_at: row.get("told_at")?,
    })
}
