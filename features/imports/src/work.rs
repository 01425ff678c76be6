//! The job that looks at an import, takes it in, and lets it go: some rows in each transaction, so that whoever dies leaves nothing
//! half done and nothing to be done twice. Looking goes through the same verbs and throws away what they wrote.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use takt_kernel::{CompanyId, Fault, Kind as FaultKind, Result, failpoint};
use takt_store::{About, Db, Tx, params, sql};
use takt_work::{JobEnd, JobKind, JobRun};

use crate::{
    apart::{self, Apart},
    columns::Field,
    facts::{self, Looked, TakenIn},
    import::{self, Counts, Import, ImportId, State},
    kinds::{self, Cells, Kind},
    rows::{self, ImportRow, Notes, RowState, Why},
    verbs,
};

pub(crate) const JOB: &str = "imports.work";
/// Rows of orders in one transaction; an order with more is alone in its own.
const ORDER_ROWS: usize = 60;
const MOST_ATTEMPTS: i64 = 20;
/// Of a transaction that was only to find out what would come of it.
const ONLY_LOOKED: &str = "imports.only_looked";

pub(crate) fn job() -> JobKind {
    JobKind {
        kind: JOB,
        does: "looks at the rows of a file, takes them in through the verbs of their owners, and deletes what was thrown away",
        concurrency: 2,
        max_attempts: MOST_ATTEMPTS,
        run: Arc::new(|run| Box::pin(attempt(run))),
    }
}

async fn attempt(run: JobRun) -> Result<JobEnd> {
    let id = run.payload.get("import").and_then(Value::as_i64).map(ImportId::new);
    let Some(id) = id else { return Ok(JobEnd::GiveUp(Fault::broken("imports.job_unreadable"))) };
    match work(&run.db, run.company, id).await {
        Ok(()) => Ok(JobEnd::Done),
        // Nothing would be better the next time: a person is told, and not left before a bar that stands.
        Err(fault) if run.attempt >= MOST_ATTEMPTS || fault.kind() == FaultKind::Broken => {
            run.db.write_behind("imports.stop", move |tx| stop(tx, run.company, id)).await?;
            Ok(JobEnd::GiveUp(fault))
        }
        Err(fault) => Err(fault),
    }
}

async fn work(db: &Db, company: CompanyId, id: ImportId) -> Result<()> {
    let torn = Arc::new(apart::of(db, company, id).await?);
    while step(db, company, id, &torn).await? {
        failpoint::reach("imports.work.between_steps");
    }
    Ok(())
}

fn stop(tx: &mut Tx<'_>, company: CompanyId, id: ImportId) -> Result<()> {
    let state = match import::get_any(tx, company, id)?.state {
        State::Looking => State::Mapping,
        State::TakingIn => State::Stopped,
        _ => return Ok(()),
    };
    verbs::set_state(tx, company, id, state)
}

/// Some rows further; answers whether there may be more.
async fn step(db: &Db, company: CompanyId, id: ImportId, torn: &Arc<Apart>) -> Result<bool> {
    let read = db
        .read("imports.next_rows", move |reader| {
            let import = import::get_any(reader, company, id)?;
            let rows = if import.state.is_at_work() {
                rows::behind(reader, &import, import.done, import.kind.read_at_once())?
            } else {
                Vec::new()
            };
            Ok((import, rows))
        })
        .await;
    let (import, rows) = match read {
        // Thrown away meanwhile.
        Err(fault) if fault.is("imports.missing") => return Ok(false),
        read => read?,
    };
    if import.state == State::Removing {
        return db.write_behind("imports.remove_some", move |tx| rows::remove_some(tx, &import)).await;
    }
    if !import.state.is_at_work() {
        return Ok(false);
    }
    if rows.is_empty() {
        db.write_behind("imports.finish", move |tx| finish(tx, &import)).await?;
        return Ok(false);
    }
    let (units, torn) = (units(&import, rows), torn.clone());
    match import.state {
        State::Looking => look(db, import, units, torn).await?,
        _ => {
            db.write_behind("imports.take_in", move |tx| {
                let settled = try_all(tx, &import, &units, &torn)?;
                settle(tx, &import, &settled, true)
            })
            .await?;
        }
    }
    Ok(true)
}

/// Rows that belong together: every one for itself, or those of one order. An order whose rows may go on behind waits
/// for the next step, unless it is all there is.
fn units(import: &Import, rows: Vec<ImportRow>) -> Vec<Vec<ImportRow>> {
    if import.kind != Kind::Orders {
        return rows.into_iter().map(|row| vec![row]).collect();
    }
    let full = i64::try_from(rows.len()).is_ok_and(|count| count >= import.kind.read_at_once());
    let mut units: Vec<(String, Vec<ImportRow>)> = Vec::new();
    for row in rows {
        let number = Cells::of(&import.mapping, &row.cells).one(Field::Number).to_owned();
        match units.last_mut() {
            // A row without a number goes on with the order above it.
            Some((known, rows)) if number.is_empty() || *known == number => rows.push(row),
            _ => units.push((number, vec![row])),
        }
    }
    if full && units.len() > 1 {
        units.pop();
    }
    let mut count = 0;
    let fits = |rows: &Vec<ImportRow>| {
        let first = count == 0;
        count += rows.len();
        first || count <= ORDER_ROWS
    };
    units.into_iter().map(|(_, rows)| rows).take_while(fits).collect()
}

/// What became of a row.
#[derive(Clone, Debug)]
struct Settled {
    n: i64,
    state: RowState,
    notes: Notes,
}

fn try_all(tx: &mut Tx<'_>, import: &Import, units: &[Vec<ImportRow>], torn: &Apart) -> Result<Vec<Settled>> {
    let mut settled = Vec::new();
    for unit in units {
        let cells: Vec<Cells> = unit.iter().map(|row| Cells::of(&import.mapping, &row.cells)).collect();
        let taken = match torn.refused(&cells) {
            Some(fault) => Err(fault),
            None => tx.savepoint(|tx| kinds::take_in(tx, import, &cells)),
        };
        let (state, notes) = match taken {
            Ok(taken) => (RowState::from(taken.outcome), Notes { why: None, cleaned: taken.cleaned }),
            Err(fault) if is_of_the_row(&fault) => {
                (RowState::Refused, Notes { why: Some(Why::from(&fault)), cleaned: Vec::new() })
            }
            Err(fault) => return Err(fault),
        };
        settled.extend(unit.iter().map(|row| Settled { n: row.n, state, notes: notes.clone() }));
    }
    Ok(settled)
}

/// What a person can mend in the file, or has no right to; anything else is our trouble.
fn is_of_the_row(fault: &Fault) -> bool {
    let kinds = [FaultKind::Invalid, FaultKind::Conflict, FaultKind::Missing, FaultKind::Denied];
    !fault.is_retryable() && kinds.contains(&fault.kind())
}

async fn look(db: &Db, import: Import, units: Vec<Vec<ImportRow>>, torn: Arc<Apart>) -> Result<()> {
    let seen: Arc<Mutex<Vec<Settled>>> = Arc::default();
    let (import, its) = (Arc::new(import), seen.clone());
    let looked_at = import.clone();
    let tried = db
        .write_behind("imports.look", move |tx| -> Result<()> {
            let settled = try_all(tx, &looked_at, &units, &torn)?;
            *its.lock().unwrap_or_else(PoisonError::into_inner) = settled;
            Err(Fault::conflict(ONLY_LOOKED))
        })
        .await;
    match tried {
        Err(fault) if fault.is(ONLY_LOOKED) => {}
        other => return other,
    }
    let settled = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    db.write_behind("imports.looked", move |tx| settle(tx, &import, &settled, false)).await
}

fn settle(tx: &mut Tx<'_>, import: &Import, settled: &[Settled], taken_in: bool) -> Result<()> {
    let current = import::get(tx, import.company, import.id)?;
    if current.state != import.state || current.done != import.done {
        // Somebody else was faster; what was done here is done again from where they are.
        return Err(Fault::conflict("imports.at_work"));
    }
    let mut counts = current.counts;
    let mut done = current.done;
    for row in settled {
        rows::settle(tx, import, row.n, row.state, &row.notes, taken_in)?;
        let count = match row.state {
            RowState::New => &mut counts.new,
            RowState::Changed => &mut counts.changed,
            RowState::Same => &mut counts.same,
            RowState::Refused | RowState::Waiting => &mut counts.refused,
        };
        *count += 1;
        done = done.max(row.n);
    }
    write_counts(tx, import, done, counts)
}

fn write_counts(tx: &mut Tx<'_>, import: &Import, done: i64, counts: Counts) -> Result<()> {
    tx.put(
        sql!(
            "update sheet_import
             set done = :done, new_count = :new, changed_count = :changed, same_count = :same,
               refused_count = :refused
             where company_id = :company_id and id = :id"
        ),
        params![
            done: done, new: counts.new, changed: counts.changed, same: counts.same, refused: counts.refused,
            company_id: import.company, id: import.id,
        ],
    )
}

fn finish(tx: &mut Tx<'_>, import: &Import) -> Result<()> {
    let state = if import.state == State::Looking { State::Looked } else { State::TakenIn };
    tx.put(
        sql!(
            "update sheet_import
             set state = :state
             where company_id = :company_id and id = :id"
        ),
        params![state: state.code(), company_id: import.company, id: import.id],
    )?;
    let actor = takt_kernel::Actor::Person { person: import.person };
    let about = About::new(import.company, facts::subject(import.id), &actor);
    let Counts { new, changed, same, refused } = import.counts;
    if state == State::Looked {
        tx.say(about, &Looked { new, changed, same, refused })
    } else {
        tx.say(about, &TakenIn { new, changed, same, refused })
    }
}
