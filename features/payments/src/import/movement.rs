//! The identity of a movement of money over the database: the rule itself, [`Movement::seen`], is
//! matching's, where a generator with known truth drives it too.

use takt_kernel::{CompanyId, Result};
use takt_payments_matching::{KnownMovement, Movement, Movements};
use takt_payments_port::BankDocument;
use takt_store::{Query, Tx, params, sql};

use super::lines::{BankLine, BankLineId, ImportId};

/// Lines that count are known under it.
pub(super) const CREDIT: &str = "credit";

pub(super) enum Seen {
    /// Nothing is known of it; whoever stands for it is remembered under these keys.
    New(Vec<String>),
    /// This line already stands for the movement.
    Before(BankLineId),
    /// Perhaps the same as this one.
    Unclear(BankLineId),
}

/// Looks the movement up. `group` keeps held lines apart from counted ones: a pending line does not make its
/// later booking a duplicate.
pub(super) fn seen(
    tx: &mut Tx,
    company: CompanyId,
    line: &BankLine,
    account: &str,
    group: &str,
) -> Result<Seen> {
    let payer_account = payer_account(&line.document);
    let movement = movement(tx, company, line, account, group, &payer_account)?;
    match movement.seen(&mut SqlMovements { tx, company })? {
        takt_payments_matching::Seen::Before(known) => Ok(Seen::Before(BankLineId::new(known))),
        takt_payments_matching::Seen::Unclear(known) => Ok(Seen::Unclear(BankLineId::new(known))),
        takt_payments_matching::Seen::New(keys) => Ok(Seen::New(keys)),
    }
}

/// From here on this line stands for the movement, whoever reports it again.
pub(super) fn register(tx: &mut Tx, company: CompanyId, keys: &[String], line: &BankLine) -> Result<()> {
    keys.iter().try_for_each(|key| remember(tx, company, key, line))
}

/// Remembers a line that waits for a person, so that it is known when it comes again.
pub(super) fn register_unclear(
    tx: &mut Tx,
    company: CompanyId,
    line: &BankLine,
    account: &str,
    group: &str,
) -> Result<()> {
    let payer_account = payer_account(&line.document);
    let print = movement(tx, company, line, account, group, &payer_account)?.print();
    remember(tx, company, &print, line)
}

fn movement<'m>(
    tx: &mut Tx,
    company: CompanyId,
    line: &'m BankLine,
    account: &'m str,
    group: &'m str,
    payer_account: &'m str,
) -> Result<Movement<'m>> {
    let document = &line.document;
    Ok(Movement {
        account,
        group,
        booked_on: document.booked_on.as_deref(),
        valued_on: document.valued_on.as_deref(),
        dated: document.date.as_deref(),
        other_side_on: document.other_side_on.as_deref(),
        number: &document.number,
        amount: document.amount,
        payer_account,
        bank_id: document.bank_id.as_deref(),
        // What left closes refunds payment by payment: of a batch its parts count.
        batch: document
            .batch
            .as_ref()
            .filter(|_| group == CREDIT)
            .map(|batch| (batch.id.as_str(), batch.amount)),
        occurrence: occurrence(tx, company, line.import, line.n, document)?,
    })
}

/// A person says that the unclear line is a movement of its own.
pub(super) fn register_apart(tx: &mut Tx, company: CompanyId, line: &BankLine) -> Result<()> {
    remember(tx, company, &format!("apart:{}", line.id), line)
}

/// Another node that took the same movement at the same time is met here: then the engine refuses to
/// serialize, and the whole runs again and finds it.
fn remember(tx: &mut Tx, company: CompanyId, key: &str, line: &BankLine) -> Result<()> {
    tx.put(
        sql!(
            "insert into bank_movement (company_id, key, line_id, bank_id)
             values (:company_id, :key, :line_id, :bank_id)
             on conflict (company_id, key) do nothing"
        ),
        params![company_id: company, key: key, line_id: line.id, bank_id: line.document.bank_id.clone()],
    )
}

struct SqlMovements<'t, 'c> {
    tx: &'t mut Tx<'c>,
    company: CompanyId,
}

impl Movements for SqlMovements<'_, '_> {
    fn find(&mut self, key: &str) -> Result<Option<KnownMovement>> {
        self.tx
            .opt(
                sql!(
                    "select bank_movement.line_id, bank_movement.bank_id, bank_line.amount_minor, bank_line.currency,
                       bank_line.booked_on
                     from bank_movement
                     join bank_line on bank_line.company_id = bank_movement.company_id
                       and bank_line.id = bank_movement.line_id
                     where bank_movement.company_id = :company_id and bank_movement.key = :key"
                ),
                params![company_id: self.company, key: key],
            )?
            .map(|row| {
                Ok(KnownMovement {
                    line: row.get("line_id")?,
                    bank_id: row.get("bank_id")?,
                    amount: row.money("amount_minor", "currency")?,
                    day: row.get("booked_on")?,
                })
            })
            .transpose()
    }
}

/// How many lines like this one its own file has up to it, itself included.
fn occurrence(
    tx: &mut Tx,
    company: CompanyId,
    import: ImportId,
    n: i64,
    document: &BankDocument,
) -> Result<i64> {
    let row = tx.one(
        sql!(
            "select count(*) as lines
             from bank_line
             where company_id = :company_id and import_id = :import_id and n <= :n
               and amount_minor = :amount_minor and currency = :currency and number = :number
               and coalesce(booked_on, '') = :booked_on and payer_account = :payer_account
               and payee_account = :payee_account"
        ),
        params![
            company_id: company, import_id: import, n: n,
            amount_minor: document.amount.minor(), currency: document.amount.currency(),
            number: &document.number,
            booked_on: document.day().unwrap_or_default(),
            payer_account: payer_account(document), payee_account: payee_account(document),
        ],
    )?;
    row.get("lines")
}

/// The account that stands for the payer in a movement's identity.
pub(crate) fn payer_account(document: &BankDocument) -> String {
    document.payer.accounts.first().cloned().unwrap_or_default()
}

/// The account that it went to: that of the statement, where the format says whose statement it is.
pub(super) fn payee_account(document: &BankDocument) -> String {
    document.account.as_ref().or(document.payee.accounts.first()).cloned().unwrap_or_default()
}
