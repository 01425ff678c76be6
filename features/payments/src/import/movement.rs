//! The identity of a movement of money: one movement is counted once, whatever files report it.
//!
//! The bank's own id is best. Without it: account, direction, day, number, amount and payer account,
//! and the how-manieth such line of its file this is. Never the purpose, which banks restate. Two
//! lines that agree in all of that and carry different bank ids may be one restated movement or two
//! real ones, and so may two that carry one id and differ in amount or day: a person is asked.

use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, Result, money::Money};
use takt_payments_port::BankDocument;
use takt_store::{Query, Tx, params, sql};

use super::lines::{BankLine, BankLineId, ImportId};

pub(super) enum Seen {
    New,
    /// This line already stands for the movement.
    Before(BankLineId),
    /// Perhaps the same as this one.
    Unclear(BankLineId),
}

/// Looks the movement up and, when it is new, remembers it under this line. `group` keeps held lines
/// apart from counted ones: a pending line does not make its later booking a duplicate.
pub(super) fn register(
    tx: &mut Tx,
    company: CompanyId,
    line: &BankLine,
    account: &str,
    group: &str,
) -> Result<Seen> {
    let document = &line.document;
    let print = fingerprint(document, account, group);
    let occurrence = occurrence(tx, company, line.import, line.n, document)?;
    let by_print = format!("{print}#{occurrence}");
    let by_id = document.bank_id.as_ref().map(|id| format!("{group}:id:{account}:{id}"));

    if let Some(by_id) = &by_id {
        if let Some(known) = find(tx, company, by_id)? {
            if known.agrees_with(document) {
                return Ok(Seen::Before(known.line));
            }
            let same = find(tx, company, &by_print)?;
            return Ok(same.map_or(Seen::Unclear(known.line), |same| Seen::Before(same.line)));
        }
        // A batch may come whole in one report and in parts, `id#1`, `id#2` …, in another.
        let other_form =
            by_id.split_once('#').map_or_else(|| format!("{by_id}#1"), |(whole, _)| whole.to_owned());
        if let Some(known) = find(tx, company, &other_form)? {
            return Ok(Seen::Unclear(known.line));
        }
    }
    if let Some(known) = find(tx, company, &by_print)? {
        let differ = matches!((&known.bank_id, &document.bank_id), (Some(one), Some(other)) if one != other);
        return Ok(if differ { Seen::Unclear(known.line) } else { Seen::Before(known.line) });
    }
    for key in [Some(&by_print), by_id.as_ref()].into_iter().flatten() {
        remember(tx, company, key, line)?;
    }
    Ok(Seen::New)
}

/// Remembers a line that waits for a person, so that it is known when it comes again.
pub(super) fn register_unclear(
    tx: &mut Tx,
    company: CompanyId,
    line: &BankLine,
    account: &str,
    group: &str,
) -> Result<()> {
    let print = fingerprint(&line.document, account, group);
    let occurrence = occurrence(tx, company, line.import, line.n, &line.document)?;
    remember(tx, company, &format!("{print}#{occurrence}"), line)
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

/// The line that stands for a movement already.
struct Known {
    line: BankLineId,
    bank_id: Option<String>,
    amount: Money,
    day: Option<String>,
}

impl Known {
    /// Some banks give one reference to many movements.
    fn agrees_with(&self, document: &BankDocument) -> bool {
        let day = document.booked_on.as_ref().or(document.date.as_ref());
        let same_day = match (&self.day, day) {
            (Some(one), Some(other)) => one == other,
            (None, _) | (_, None) => true,
        };
        self.amount == document.amount && same_day
    }
}

fn find(tx: &mut Tx, company: CompanyId, key: &str) -> Result<Option<Known>> {
    tx.opt(
        sql!(
            "select bank_movement.line_id, bank_movement.bank_id, bank_line.amount_minor, bank_line.currency,
               bank_line.booked_on
             from bank_movement
             join bank_line on bank_line.company_id = bank_movement.company_id
               and bank_line.id = bank_movement.line_id
             where bank_movement.company_id = :company_id and bank_movement.key = :key"
        ),
        params![company_id: company, key: key],
    )?
    .map(|row| {
        Ok(Known {
            line: row.get("line_id")?,
            bank_id: row.get("bank_id")?,
            amount: row.money("amount_minor", "currency")?,
            day: row.get("booked_on")?,
        })
    })
    .transpose()
}

fn fingerprint(document: &BankDocument, account: &str, group: &str) -> String {
    let day = document.booked_on.as_deref().or(document.date.as_deref()).unwrap_or_default();
    let amount = document.amount.to_string();
    let payer = payer_account(document);
    let mut hash = Sha256::new();
    for part in [account, day, document.number.trim(), amount.as_str(), payer.as_str()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{group}:print:{digest}")
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
            booked_on: document.booked_on.clone().or_else(|| document.date.clone()).unwrap_or_default(),
            payer_account: payer_account(document), payee_account: payee_account(document),
        ],
    )?;
    row.get("lines")
}

/// The account that stands for the payer in a movement's identity.
pub(super) fn payer_account(document: &BankDocument) -> String {
    document.payer.accounts.first().cloned().unwrap_or_default()
}

/// The account that it went to: that of the statement, where the format says whose statement it is.
pub(super) fn payee_account(document: &BankDocument) -> String {
    document.account.as_ref().or(document.payee.accounts.first()).cloned().unwrap_or_default()
}
