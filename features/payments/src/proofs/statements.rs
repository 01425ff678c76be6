//! Statements as they came: what the bank says of an interval, and what the lines of that report come to.

use takt_kernel::{CompanyId, Id, Result, Timestamp, money::Money};
use takt_payments_port::{BankDocument, BankReport, BookingState, Dated, Direction, Statement};
use takt_store::{Query, Row, Tx, params, sql};

use crate::{accounts::normal, days::day, import::ImportId};

pub enum StatementTag {}
pub type StatementId = Id<StatementTag>;

/// One statement that is kept. Days are ISO dates, both counted.
#[derive(Clone, Debug)]
pub struct Stated {
    pub id: StatementId,
    pub account: String,
    pub from: String,
    pub until: String,
    pub opening: Option<Money>,
    pub closing: Option<Money>,
    pub incoming: Option<Money>,
    pub outgoing: Option<Money>,
    /// Sums of the lines that came with it.
    pub came: Money,
    pub went: Money,
    /// Its last day was over when it came.
    pub is_final: bool,
    pub received_at: Timestamp,
}

impl Stated {
    /// Whether it adds up by the lines that came with it alone.
    pub fn adds_up(&self) -> bool {
        let ends = match (self.opening, self.closing) {
            (Some(opening), Some(closing)) => {
                sum(opening, self.came, self.went) == i128::from(closing.minor())
            }
            _ => true,
        };
        ends && self.totals_fit(i128::from(self.came.minor()), i128::from(self.went.minor()))
    }

    pub fn totals_fit(&self, came: i128, went: i128) -> bool {
        let fits = |stated: Option<Money>, found: i128| {
            stated.is_none_or(|stated| i128::from(stated.minor()) == found)
        };
        fits(self.incoming, came) && fits(self.outgoing, went)
    }
}

pub(super) fn sum(opening: Money, came: Money, went: Money) -> i128 {
    i128::from(opening.minor()) + i128::from(came.minor()) - i128::from(went.minor())
}

/// Keeps the statements of a report beside its lines.
///
/// # Errors
/// Faults of the store.
pub(crate) fn keep(tx: &mut Tx<'_>, company: CompanyId, import: ImportId, report: &BankReport) -> Result<()> {
    if report.statements.is_empty() {
        return Ok(());
    }
    let zone = takt_staff::companies::get(tx, company)?.zone;
    let (now, today) = (tx.now(), day(tx.now(), &zone));
    for (index, statement) in report.statements.iter().enumerate() {
        let Some(whole) = whole(statement, index, report) else { continue };
        let id: StatementId = tx.new_id();
        let minor = |money: Option<Money>| money.map(Money::minor);
        tx.put(
            sql!(
                "insert into bank_statement (company_id, id, import_id, n, account, currency, from_on, until_on, opening_minor,
                   closing_minor, incoming_minor, outgoing_minor, came_minor, went_minor, is_copy, is_final, received_at)
                 values (:company_id, :id, :import_id, :n, :account, :currency, :from_on, :until_on, :opening_minor,
                   :closing_minor, :incoming_minor, :outgoing_minor, :came_minor, :went_minor, :is_copy, :is_final, :now)"
            ),
            params![
                company_id: company, id: id, import_id: import, n: i64::try_from(index).unwrap_or(i64::MAX),
                account: normal(&statement.account), currency: whole.came.currency(), from_on: &whole.from,
                until_on: &whole.until, opening_minor: minor(statement.opening),
                closing_minor: minor(statement.closing), incoming_minor: minor(statement.incoming),
                outgoing_minor: minor(statement.outgoing), came_minor: whole.came.minor(),
                went_minor: whole.went.minor(), is_copy: statement.copy,
                is_final: whole.until.as_str() < today.as_str(), now: now,
            ],
        )?;
    }
    Ok(())
}

/// Statements that are kept already were said now. Answers their accounts; `None` when one is not kept, because
/// a process fell between the lines and the balances of an answer.
pub(super) fn said_again(
    tx: &mut Tx<'_>,
    company: CompanyId,
    report: &BankReport,
) -> Result<Option<Vec<String>>> {
    let zone = takt_staff::companies::get(tx, company)?.zone;
    let (now, today) = (tx.now(), day(tx.now(), &zone));
    let mut accounts = Vec::new();
    for (index, statement) in report.statements.iter().enumerate() {
        let Some(whole) = whole(statement, index, report) else { continue };
        let account = normal(&statement.account);
        let touched = tx.execute(
            sql!(
                "update bank_statement
                 set received_at = :now, is_final = :is_final
                 where company_id = :company_id and account = :account and from_on = :from_on and until_on = :until_on
                   and came_minor = :came_minor and went_minor = :went_minor
                   and coalesce(closing_minor, 0) = :closing_minor"
            ),
            params![
                now: now, is_final: whole.until < today, company_id: company, account: &account,
                from_on: &whole.from, until_on: &whole.until,
                came_minor: whole.came.minor(), went_minor: whole.went.minor(),
                closing_minor: statement.closing.map_or(0, Money::minor),
            ],
        )?;
        if touched == 0 {
            return Ok(None);
        }
        accounts.push(account);
    }
    accounts.dedup();
    Ok(Some(accounts))
}

struct Whole {
    from: String,
    until: String,
    came: Money,
    went: Money,
}

/// A statement that says something of an interval: one without days or currency proves nothing.
fn whole(statement: &Statement, index: usize, report: &BankReport) -> Option<Whole> {
    let stated = [statement.opening, statement.closing, statement.incoming, statement.outgoing];
    let known = stated.iter().flatten().next().copied();
    let currency = statement.currency.or(known.map(Money::currency))?;
    if known.is_none() || stated.iter().flatten().any(|money| money.currency() != currency) {
        return None;
    }
    let until = statement.until.clone().or_else(|| statement.from.clone())?;
    let from = statement.from.clone().unwrap_or_else(|| until.clone());
    if from > until {
        return None;
    }
    let account = normal(&statement.account);
    let only = report.statements.iter().all(|other| normal(&other.account) == account);
    let (mut came, mut went) = (0_i128, 0_i128);
    for document in &report.documents {
        let counts = document.state == BookingState::Booked && document.amount.currency() == currency;
        if !counts || !belongs(document, index, &from, &until) {
            continue;
        }
        let minor = i128::from(document.amount.minor());
        let (into, out_of) = ways(document, &account, only);
        came += if into { minor } else { 0 };
        went += if out_of { minor } else { 0 };
    }
    let money = |minor: i128| i64::try_from(minor).ok().map(|minor| Money::new(minor, currency));
    Some(Whole { from, until, came: money(came)?, went: money(went)? })
}

/// A camt entry says by its place whose it is; elsewhere the day does.
fn belongs(document: &BankDocument, index: usize, from: &str, until: &str) -> bool {
    if let Some((head, _)) = document.place.split_once("/Ntry[") {
        return head.ends_with(&format!("[{}]", index + 1));
    }
    document.day().is_none_or(|day| (from..=until).contains(&day))
}

/// Whether the movement went into the account, and whether out of it.
fn ways(document: &BankDocument, account: &str, only: bool) -> (bool, bool) {
    let dated = match document.direction {
        Direction::Incoming => Some(true),
        Direction::Outgoing => Some(false),
        Direction::BySide { dated } => dated.map(|dated| dated == Dated::Incoming),
    };
    if let Some(named) = &document.account {
        let ours = normal(named) == account;
        return (ours && dated == Some(true), ours && dated == Some(false));
    }
    let names = |party: &takt_payments_port::Party| party.accounts.iter().any(|one| normal(one) == account);
    match (names(&document.payee), names(&document.payer)) {
        (false, false) => (only && dated == Some(true), only && dated == Some(false)),
        sides => sides,
    }
}

pub(super) fn of_import(db: &mut dyn Query, company: CompanyId, import: ImportId) -> Result<Vec<Stated>> {
    db.all(
        sql!(
            "select id, account, currency, from_on, until_on, opening_minor, closing_minor, incoming_minor, outgoing_minor,
               came_minor, went_minor, is_final, received_at
             from bank_statement
             where company_id = :company_id and import_id = :import_id and not is_copy
             order by n
             limit 10000"
        ),
        params![company_id: company, import_id: import],
    )?
    .iter()
    .map(read)
    .collect()
}

pub(super) fn get(db: &mut dyn Query, company: CompanyId, id: StatementId) -> Result<Option<Stated>> {
    db.opt(
        sql!(
            "select id, account, currency, from_on, until_on, opening_minor, closing_minor, incoming_minor, outgoing_minor,
               came_minor, went_minor, is_final, received_at
             from bank_statement
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// The last statement that ended before this day and says with what.
pub(super) fn before(
    db: &mut dyn Query,
    company: CompanyId,
    account: &str,
    day: &str,
) -> Result<Option<Stated>> {
    db.opt(
        sql!(
            "select id, account, currency, from_on, until_on, opening_minor, closing_minor, incoming_minor, outgoing_minor,
               came_minor, went_minor, is_final, received_at
             from bank_statement
             where company_id = :company_id and account = :account and until_on < :day and closing_minor is not null
               and not is_copy
             order by until_on desc, received_at desc, id desc
             limit 1"
        ),
        params![company_id: company, account: account, day: day],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// The first statement that begins after this day and says with what; of several of one day the last that came.
pub(super) fn after(
    db: &mut dyn Query,
    company: CompanyId,
    account: &str,
    day: &str,
) -> Result<Option<Stated>> {
    let first = db.opt(
        sql!(
            "select from_on
             from bank_statement
             where company_id = :company_id and account = :account and from_on > :day and opening_minor is not null
               and not is_copy
             order by from_on, id
             limit 1"
        ),
        params![company_id: company, account: account, day: day],
    )?;
    let Some(first) = first else { return Ok(None) };
    let from: String = first.get("from_on")?;
    db.opt(
        sql!(
            "select id, account, currency, from_on, until_on, opening_minor, closing_minor, incoming_minor, outgoing_minor,
               came_minor, went_minor, is_final, received_at
             from bank_statement
             where company_id = :company_id and account = :account and from_on = :from_on and opening_minor is not null
               and not is_copy
             order by received_at desc, id desc
             limit 1"
        ),
        params![company_id: company, account: account, from_on: from],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// Statements that touch an interval, the newest first.
pub(super) fn within(
    db: &mut dyn Query,
    company: CompanyId,
    account: &str,
    from: &str,
    until: &str,
) -> Result<Vec<Stated>> {
    db.all(
        sql!(
            "select id, account, currency, from_on, until_on, opening_minor, closing_minor, incoming_minor, outgoing_minor,
               came_minor, went_minor, is_final, received_at
             from bank_statement
             where company_id = :company_id and account = :account and until_on >= :from_on and from_on <= :until_on
               and not is_copy
             order by until_on desc, id desc
             limit 2000"
        ),
        params![company_id: company, account: account, from_on: from, until_on: until],
    )?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &Row) -> Result<Stated> {
    let money = |column: &str| -> Result<Option<Money>> {
        let minor: Option<i64> = row.get(column)?;
        let currency = row.get("currency")?;
        Ok(minor.map(|minor| Money::new(minor, currency)))
    };
    Ok(Stated {
        id: row.get("id")?,
        account: row.get("account")?,
        from: row.get("from_on")?,
        until: row.get("until_on")?,
        opening: money("opening_minor")?,
        closing: money("closing_minor")?,
        incoming: money("incoming_minor")?,
        outgoing: money("outgoing_minor")?,
        came: row.money("came_minor", "currency")?,
        went: row.money("went_minor", "currency")?,
        is_final: row.get("is_final")?,
        received_at: row.get("received_at")?,
    })
}
