//! Takes waiting lines one by one, each in a part of its own. Stopping anywhere loses nothing: a line
//! is decided and marked in one transaction, and the next run goes on with those that still wait.

use std::sync::Arc;

use takt_kernel::{CompanyId, Fault, Id, Kind, Result, Timestamp, failpoint};
use takt_orders::{
    VouchForMoney,
    receipt::{BookedCredit, CreditLine, EntryState, VerifiedReceipt},
    record_money_dated,
};
use takt_payments_port::{BankDocument, BookingState};
use takt_staff::Permit;
use takt_store::{About, Db, Query, Subject, Tx, params, sql};
use takt_work::{JobEnd, JobKind, NewJob, jobs};

use super::{
    answer::Answer,
    gate::{Ground, Passage, judge},
    lines::{BankLine, BankLineId, ImportId, LineState, Outcome, line, read, record_outcome},
    movement::{CREDIT, Seen, register, register_apart, register_unclear, seen},
};
use crate::{
    accounts::{self, BankAccount},
    channels,
    days::day,
    facts::{Held, Received},
    hand::{self, Told},
    journal::{Account, Posting, post},
    matching::Rules,
    proofs, refunds, settle,
};

pub const PROCESS_JOB: &str = "payments.process_file";
/// Who took a file in also processes it; the job is there for the case that he was cut off.
pub(super) const RESUME_AFTER_SECONDS: i64 = 30;
/// A statement has to confirm a push in so many seconds, unless its channel says otherwise; 0 is never.
const CONFIRM_WITHIN_SECONDS: i64 = 30 * 60;
/// Lines of one transaction: few, so that nobody waits behind an import.
const BATCH: i64 = 8;

/// Held because it may be money that is counted already, or money of ours that the bank sent back: a person can say
/// that it counts.
pub(crate) const UNCLEAR: [&str; 3] =
    ["payments.held_maybe_duplicate", "payments.held_maybe_by_hand", CAME_BACK];
/// Money that had left and is here again: for no order, whatever its words name.
const CAME_BACK: &str = "payments.held_came_back";

/// What the lines of one file have in common.
struct Basis {
    company: CompanyId,
    file_hash: String,
    file_accounts: Vec<String>,
    answer: Result<Answer, Outcome>,
    /// A push is half a word: a statement has to say the same.
    pushed: bool,
    /// Two persons have told of money that the bank has not told of yet.
    by_hand: bool,
    own: Vec<BankAccount>,
    rules: Rules,
    zone: jiff::tz::TimeZone,
}

/// Processes what waits in one file. Calls `progress` with the number of lines done so far.
///
/// # Errors
/// Faults of the store; lines that were decided stay decided.
pub async fn process(
    db: &Db,
    company: CompanyId,
    import: ImportId,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<()> {
    let mut done = 0;
    loop {
        let taken = db.write("payments.process_lines", move |tx| process_batch(tx, company, import)).await?;
        if taken == 0 {
            return db.write("payments.prove_days", move |tx| proofs::look(tx, company, import)).await;
        }
        done += taken;
        failpoint::reach("payments.file.between_batches");
        progress(done);
    }
}

/// Processes all lines of a short report within the caller's transaction.
pub(crate) fn process_at_once(tx: &mut Tx, company: CompanyId, import: ImportId) -> Result<()> {
    while process_batch(tx, company, import)? > 0 {}
    proofs::look(tx, company, import)
}

/// The job that finishes a file whose processing was cut off.
pub fn process_job() -> JobKind {
    JobKind {
        kind: PROCESS_JOB,
        does: "finishes a bank file whose processing was cut off",
        concurrency: 1,
        max_attempts: 20,
        run: Arc::new(|run| {
            Box::pin(async move {
                let import = run.payload.get("import").and_then(serde_json::Value::as_i64).map(Id::new);
                let Some(import) = import else {
                    return Ok(JobEnd::GiveUp(Fault::broken("payments.job_unreadable")));
                };
                process(&run.db, run.company, import, &mut |_| ()).await?;
                Ok(JobEnd::Done)
            })
        }),
    }
}

/// Lines that were held for an account we did not know wait again, now that we know more.
pub(crate) fn look_again(tx: &mut Tx, company: CompanyId) -> Result<()> {
    let imports = tx.all(
        sql!(
            "select distinct import_id
             from bank_line
             where company_id = :company_id and state = 'held' and outcome = 'payments.held_other_account'
             order by import_id
             limit 10000"
        ),
        params![company_id: company],
    )?;
    if imports.is_empty() {
        return Ok(());
    }
    tx.put(
        sql!(
            "delete from bank_movement
             where company_id = :company_id
               and line_id in (select id from bank_line
                 where company_id = :company_id and state = 'held' and outcome = 'payments.held_other_account')"
        ),
        params![company_id: company],
    )?;
    tx.put(
        sql!(
            "update bank_line
             set state = 'waiting', outcome = 'payments.waiting'
             where company_id = :company_id and state = 'held' and outcome = 'payments.held_other_account'"
        ),
        params![company_id: company],
    )?;
    let run_at = tx.now();
    for row in imports {
        let import: ImportId = row.get("import_id")?;
        let account_seen = tx.new_id::<()>();
        jobs::enqueue(
            tx,
            NewJob {
                company,
                kind: PROCESS_JOB,
                key: Some(format!("{import}:{account_seen}")),
                payload: serde_json::json!({ "import": import }),
                run_at,
            },
        )?;
    }
    Ok(())
}

fn process_batch(tx: &mut Tx, company: CompanyId, import: ImportId) -> Result<usize> {
    let waiting = tx
        .all(
            sql!(
                "select id, import_id, n, state, outcome, outcome_args, document, own_account_id, incoming, amount_minor,
                   currency, tier, reasons, candidates, allocated_minor, credit_minor, returned_minor, received_at, decided_at
                 from bank_line
                 where company_id = :company_id and import_id = :import_id and state = 'waiting'
                 order by n
                 limit :limit"
            ),
            params![company_id: company, import_id: import, limit: BATCH],
        )?
        .iter()
        .map(read)
        .collect::<Result<Vec<_>>>()?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let basis = basis(tx, company, import)?;
    let taken = waiting.len();
    for line in waiting {
        process_or_hold(tx, &basis, line)?;
    }
    Ok(taken)
}

fn basis(tx: &mut Tx, company: CompanyId, import: ImportId) -> Result<Basis> {
    let row = tx.one(
        sql!(
            "select file_hash, format, accounts, voucher_id, second_voucher_id, proof_id, channel_id
             from bank_import
             where company_id = :company_id and id = :id and state = 'accepted'"
        ),
        params![company_id: company, id: import],
    )?;
    let answer = Answer::of_import(tx, company, &row)?;
    let own = accounts::list(tx, company)?;
    let rules = Rules::of(tx, company, &own)?;
    Ok(Basis {
        company,
        file_hash: row.get("file_hash")?,
        file_accounts: row.json("accounts")?,
        pushed: row.get::<String>("format")? == "push",
        by_hand: hand::any_unproved(tx, company)?,
        answer,
        own,
        rules,
        zone: takt_staff::companies::get(tx, company)?.zone,
    })
}

/// A line that cannot be processed because of our own mistake is held and shown; the rest goes on.
fn process_or_hold(tx: &mut Tx, basis: &Basis, mut line: BankLine) -> Result<()> {
    match tx.savepoint(|tx| process_line(tx, basis, line.clone())) {
        Ok(()) => Ok(()),
        Err(fault) if fault.is_retryable() || fault.kind() == Kind::Unavailable => Err(fault),
        Err(fault) => {
            tracing::error!(line = %line.id, error = ?fault, "a bank line could not be processed");
            finish(
                tx,
                basis,
                &mut line,
                Outcome::new(LineState::Held, "payments.held_failed").arg("code", fault.code()),
            )
        }
    }
}

fn process_line(tx: &mut Tx, basis: &Basis, mut line: BankLine) -> Result<()> {
    let (account, ground) = match judge(&line.document, &basis.file_accounts, &basis.own) {
        Passage::Credit { account, ground } => (account, ground),
        Passage::Stopped { account, incoming, outcome } => {
            line.own_account = account.map(|account| account.id);
            line.incoming = incoming;
            // Money that left counts as well: it closes refunds, so somebody has to answer for it.
            let outcome = match &basis.answer {
                Err(nobody) if outcome.state == LineState::Outgoing => nobody.clone(),
                Ok(_) | Err(_) => outcome,
            };
            return keep_stopped(tx, basis, line, outcome);
        }
    };
    line.own_account = Some(account.id);
    line.incoming = Some(true);
    let answer = match &basis.answer {
        Ok(answer) => answer,
        Err(outcome) => return keep_stopped(tx, basis, line, outcome.clone()),
    };
    if !basis.pushed && line.document.bank_id.is_some() {
        channels::confirm_late(tx, basis.company, std::slice::from_ref(&line.document))?;
    }
    let told_by_hand = basis.by_hand && !matches!(answer, Answer::TwoPersons { .. });
    // What is counted already says nothing of other money, so it is asked first.
    match seen(tx, basis.company, &line, &account.account, CREDIT)? {
        Seen::New(keys) => {
            let told =
                if told_by_hand { hand::told(tx, basis.company, account.id, &line)? } else { Told::Nothing };
            match told {
                Told::Nothing => register(tx, basis.company, &keys, &line)?,
                Told::Same(known) => {
                    date(tx, basis, known, &line, answer)?;
                    // From here on the line of the two stands for this movement, whoever reports it again.
                    let stands = BankLine { id: known, ..line.clone() };
                    register(tx, basis.company, &keys, &stands)?;
                    return finish(tx, basis, &mut line, duplicate_of(known.get()));
                }
                Told::Perhaps(known) => {
                    let outcome =
                        Outcome::new(LineState::Held, "payments.held_maybe_by_hand").arg("line", known);
                    return keep_stopped(tx, basis, line, outcome);
                }
            }
        }
        Seen::Before(known) => {
            if told_by_hand {
                hand::said_again(tx, basis.company, known, &line)?;
            }
            if !basis.pushed {
                proofs::confirmed(tx, basis.company, known, &line)?;
            }
            date(tx, basis, known, &line, answer)?;
            return finish(tx, basis, &mut line, duplicate_of(known.get()));
        }
        Seen::Unclear(known) => {
            let outcome = Outcome::new(LineState::Held, "payments.held_maybe_duplicate").arg("line", known);
            return keep_stopped(tx, basis, line, outcome);
        }
    }
    let receipt = receive(tx, basis, &line, account, answer)?;
    if let (true, Answer::Bank { channel, .. }) = (basis.pushed, answer) {
        let within = channels::get(tx, basis.company, *channel)?.seconds("confirm_within_seconds");
        let within = within.unwrap_or(CONFIRM_WITHIN_SECONDS);
        if within > 0 {
            proofs::await_statement(tx, basis.company, line.id, within)?;
        }
    }
    if ground == Ground::DateOnly {
        line.outcome.args.insert("ground".to_owned(), "date".to_owned());
    }
    settle::by_rules(tx, &basis.rules, line, account, &receipt, &answer.actor())
}

/// A person says of a line that looked like a known one: it is a payment of its own. They vouch for
/// it by name.
///
/// # Errors
/// `payments.not_unclear` unless the line is held for that reason.
pub fn count_apart(tx: &mut Tx, voucher: &Permit<VouchForMoney>, id: BankLineId) -> Result<()> {
    let company = voucher.company();
    let mut held = line(tx, company, id)?;
    if !UNCLEAR.contains(&held.outcome.code.as_str()) {
        return Err(Fault::conflict("payments.not_unclear"));
    }
    let came_back = held.outcome.code == CAME_BACK;
    held.document.reversal &= !came_back;
    let basis = basis(tx, company, held.import)?;
    let Passage::Credit { account, .. } = judge(&held.document, &basis.file_accounts, &basis.own) else {
        return Err(Fault::conflict("payments.not_unclear"));
    };
    match seen(tx, company, &held, &account.account, CREDIT)? {
        // It came again meanwhile and was counted then.
        Seen::Before(known) if known != held.id => {
            return finish(tx, &basis, &mut held, duplicate_of(known.get()));
        }
        Seen::New(keys) => register(tx, company, &keys, &held)?,
        Seen::Before(_) | Seen::Unclear(_) => {}
    }
    register_apart(tx, company, &held)?;
    held.outcome.args.clear();
    let receipt = receive(tx, &basis, &held, account, &Answer::Person(voucher.clone()))?;
    if came_back {
        return finish(tx, &basis, &mut held, Outcome::new(LineState::Other, "payments.came_back"));
    }
    settle::by_rules(tx, &basis.rules, held, account, &receipt, voucher.actor())
}

/// The money is proved: a receipt for ever, and the journal knows it.
fn receive(
    tx: &mut Tx,
    basis: &Basis,
    line: &BankLine,
    account: &BankAccount,
    answer: &Answer,
) -> Result<VerifiedReceipt> {
    let company = answer.company();
    let named = account_named(&line.document, &basis.file_accounts, account);
    let booked = BookedCredit::check(&CreditLine {
        company,
        amount: line.amount,
        account: &named,
        own_account: &account.account,
        own_currency: account.currency,
        state: match line.document.state {
            BookingState::Booked => EntryState::Booked,
            BookingState::Pending => EntryState::Pending,
            BookingState::Informational => EntryState::Information,
        },
        sent_at: None,
        booked_at: booked_at(&line.document),
        received_at: line.received_at,
    })?;
    let receipt = answer.receipt(line.id.get(), booked, &basis.file_hash)?;
    receipt.keep(tx)?;
    let today = day(tx.now(), &basis.zone);
    let effective_on = line.document.day().unwrap_or(&today);
    let source = line.id.to_string();
    let posting = Posting::new(company, account.entity, answer.posting_kind(), &source, effective_on);
    post(tx, &posting.moves(Account::Bank(account.id), Account::Unmatched, line.amount))?;
    let actor = answer.actor();
    let about = About::new(company, Subject::new("bank_line", line.id.get()), &actor);
    tx.say(
        about,
        &Received {
            account: account.id.get(),
            amount: line.amount.to_decimal_string(),
            currency: line.amount.currency(),
        },
    )?;
    Ok(receipt)
}

/// The same movement said again may say what the first word of it did not: when it was booked.
fn date(tx: &mut Tx, basis: &Basis, known: BankLineId, again: &BankLine, answer: &Answer) -> Result<()> {
    record_money_dated(tx, basis.company, known.get(), (None, booked_at(&again.document)), &answer.actor())
}

fn booked_at(document: &BankDocument) -> Option<Timestamp> {
    document.booked_at.as_deref().and_then(|at| at.parse().ok())
}

/// Our account as the bank wrote it: of the statement, of the payee, or of the file as a whole. Empty
/// when none of them names it, and then the line is no receipt.
fn account_named(document: &BankDocument, file_accounts: &[String], own: &BankAccount) -> String {
    let written = document.account.iter().chain(&document.payee.accounts).chain(file_accounts);
    written
        .map(|account| accounts::normal(account))
        .find(|account| *account == own.account)
        .unwrap_or_default()
}

/// A line that stops here is known the next time as well.
fn keep_stopped(tx: &mut Tx, basis: &Basis, mut line: BankLine, outcome: Outcome) -> Result<()> {
    let account = line.document.account.clone().unwrap_or_default();
    let outcome = match seen(tx, basis.company, &line, &account, &outcome.code)? {
        Seen::Before(known) => duplicate_of(known.get()),
        Seen::New(keys) => {
            register(tx, basis.company, &keys, &line)?;
            line.outcome = outcome;
            let own = basis.own.iter().find(|own| Some(own.id) == line.own_account);
            let refund = match own {
                Some(own) => refunds::confirm_by_line(tx, basis.company, &line, own)?,
                None => None,
            };
            refund.unwrap_or_else(|| line.outcome.clone())
        }
        Seen::Unclear(_) => {
            register_unclear(tx, basis.company, &line, &account, &outcome.code)?;
            outcome
        }
    };
    finish(tx, basis, &mut line, outcome)
}

fn duplicate_of(line: i64) -> Outcome {
    Outcome::new(LineState::Duplicate, "payments.duplicate").arg("line", line)
}

fn finish(tx: &mut Tx, basis: &Basis, line: &mut BankLine, outcome: Outcome) -> Result<()> {
    line.outcome = outcome;
    record_outcome(tx, basis.company, line, None)?;
    if line.outcome.state != LineState::Held {
        return Ok(());
    }
    let actor = takt_kernel::Actor::system("payments.import");
    let about = About::new(basis.company, Subject::new("bank_line", line.id.get()), &actor);
    tx.say(about, &Held { why: line.outcome.code.clone() })
}
