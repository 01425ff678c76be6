//! A push is only half of the bank's word: the statement has to say the same. What it does not say in time is a gap.

use serde_json::Value;
use takt_kernel::{CompanyId, Id, Result};
use takt_store::{Query, Subject, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use super::{
    doubt,
    gaps::{self, GapKind, Missing},
};
use crate::import::{BankLine, BankLineId};

const UNCONFIRMED_TIMER: &str = "payments.push_unconfirmed";

pub(crate) fn unconfirmed_timer() -> TimerKind {
    TimerKind {
        kind: UNCONFIRMED_TIMER,
        does: "tells when no statement has confirmed what a bank pushed",
        fire: look,
    }
}

/// From here on the line waits for a statement that says the same.
///
/// # Errors
/// Faults of the store.
pub(crate) fn await_statement(
    tx: &mut Tx<'_>,
    company: CompanyId,
    line: BankLineId,
    within_seconds: i64,
) -> Result<()> {
    let until = tx.now().plus_seconds(within_seconds);
    tx.put(
        sql!(
            "insert into bank_confirmation (company_id, line_id, by_line_id, wanted_until, confirmed_at)
             values (:company_id, :line_id, null, :wanted_until, null)
             on conflict (company_id, line_id) do nothing"
        ),
        params![company_id: company, line_id: line, wanted_until: until],
    )?;
    let subject = Subject::new("bank_line", line.get());
    timers::set(tx, company, UNCONFIRMED_TIMER, &line.to_string(), subject, until, &Value::Null)
}

/// A statement said the same as a line that is known already.
///
/// # Errors
/// Faults of the store.
pub(crate) fn confirmed(tx: &mut Tx<'_>, company: CompanyId, known: BankLineId, by: &BankLine) -> Result<()> {
    let was_in_doubt = doubt::was_in_doubt(tx, company, known)?;
    let now = tx.now();
    let touched = tx.execute(
        sql!(
            "update bank_confirmation
             set by_line_id = :by_line_id, confirmed_at = :now
             where company_id = :company_id and line_id = :line_id and confirmed_at is null"
        ),
        params![by_line_id: by.id, now: now, company_id: company, line_id: known],
    )?;
    if touched == 0 {
        return Ok(());
    }
    timers::cancel(tx, company, UNCONFIRMED_TIMER, &known.to_string())?;
    if was_in_doubt {
        doubt::tell(tx, company, known, false)?;
    }
    let Some((account, _)) = place_of(tx, company, known)? else { return Ok(()) };
    gaps::heal_of(tx, company, &account, GapKind::Unconfirmed, &known.to_string())
}

fn place_of(db: &mut dyn Query, company: CompanyId, line: BankLineId) -> Result<Option<(String, String)>> {
    db.opt(
        sql!(
            "select bank_account.account, coalesce(bank_line.booked_on, '') as booked_on
             from bank_line
             join bank_account on bank_account.company_id = bank_line.company_id
               and bank_account.id = bank_line.own_account_id
             where bank_line.company_id = :company_id and bank_line.id = :id"
        ),
        params![company_id: company, id: line],
    )?
    .map(|row| Ok((row.get("account")?, row.get("booked_on")?)))
    .transpose()
}

fn look(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    let line: BankLineId = Id::new(due.subject_id);
    let waiting = tx.opt(
        sql!(
            "select line_id
             from bank_confirmation
             where company_id = :company_id and line_id = :line_id and confirmed_at is null"
        ),
        params![company_id: due.company, line_id: line],
    )?;
    let Some((account, booked_on)) = place_of(tx, due.company, line)?.filter(|_| waiting.is_some()) else {
        return Ok(());
    };
    doubt::tell(tx, due.company, line, true)?;
    let day = if booked_on.is_empty() { crate::days::day_in_zone_of(tx, due.company)? } else { booked_on };
    gaps::open_gap(
        tx,
        due.company,
        &Missing {
            kind: GapKind::Unconfirmed,
            account,
            key: line.to_string(),
            from: day.clone(),
            until: day,
            currency: None,
            expected: None,
            found: None,
            statement: None,
            line: Some(line),
        },
    )
}
