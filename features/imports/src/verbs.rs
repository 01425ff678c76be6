//! What people do with a file that is there: say what its columns mean, have it taken in, throw it away.

use serde_json::json;
use takt_kernel::{CompanyId, Fault, FieldFault, Result};
use takt_staff::Permit;
use takt_store::{About, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, jobs, timers};

use crate::{
    columns::Field,
    facts::{self, Removed},
    import::{self, Import, ImportId, State},
    rights::BringFiles,
    rows,
    work::JOB,
};

pub(crate) const FORGET: &str = "imports.forget";

pub(crate) fn set_state(tx: &mut Tx<'_>, company: CompanyId, id: ImportId, state: State) -> Result<()> {
    tx.put(
        sql!(
            "update sheet_import
             set state = :state
             where company_id = :company_id and id = :id"
        ),
        params![state: state.code(), company_id: company, id: id],
    )
}

pub(crate) const FORGOTTEN: TimerKind =
    TimerKind { kind: FORGET, does: "throws away a file that was brought a month ago", fire: forget };

fn forget(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    match import::get(tx, due.company, ImportId::new(due.subject_id)) {
        Ok(import) => throw_away(tx, &import),
        Err(fault) if fault.is("imports.missing") => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// Nobody sees it from now on; its rows go in steps that hold nobody up.
fn throw_away(tx: &mut Tx<'_>, import: &Import) -> Result<()> {
    set_state(tx, import.company, import.id, State::Removing)?;
    timers::cancel(tx, import.company, FORGET, &import.id.to_string())?;
    jobs::call(tx, import.company, JOB, &import.id.to_string(), &json!({ "import": import.id }))
}

/// What the columns mean, as a person says it: remembered for files of the same shape, and every row is looked at.
///
/// # Errors
/// `imports.missing`, `imports.not_whole`, `imports.at_work`, `imports.already_taken_in`, by column `imports.field_twice`,
/// `imports.field_unknown`, and `imports.needs_field`.
pub fn look(
    tx: &mut Tx<'_>,
    permit: &Permit<BringFiles>,
    id: ImportId,
    mapping: &[Option<Field>],
) -> Result<()> {
    let import = import::get(tx, permit.company(), id)?;
    waits_for_people(&import)?;
    check(&import, mapping)?;
    if !import.shape.is_empty() {
        remember(tx, &import, mapping)?;
    }
    tx.put(
        sql!(
            "update sheet_import
             set mapping = :mapping
             where company_id = :company_id and id = :id"
        ),
        params![mapping: rows::json(&mapping)?, company_id: import.company, id: id],
    )?;
    go_to_work(tx, permit, &import, State::Looking)
}

fn remember(tx: &mut Tx<'_>, import: &Import, mapping: &[Option<Field>]) -> Result<()> {
    tx.put(
        sql!(
            "insert into sheet_mapping (company_id, kind, shape, mapping)
             values (:company_id, :kind, :shape, :mapping)
             on conflict (company_id, kind, shape) do update
             set mapping = excluded.mapping"
        ),
        params![
            company_id: import.company, kind: import.kind.code(), shape: &import.shape,
            mapping: rows::json(&mapping)?,
        ],
    )
}

fn check(import: &Import, mapping: &[Option<Field>]) -> Result<()> {
    let mut wrong = Vec::new();
    let mut fault = |place: usize, code: &'static str| {
        wrong.push(FieldFault { path: format!("field[{place}]"), code: code.into(), args: Vec::new() });
    };
    for (place, field) in mapping.iter().enumerate() {
        let Some(field) = field else { continue };
        if !import.kind.fields().contains(field) {
            fault(place, "imports.field_unknown");
        }
        let before = mapping.iter().take(place).any(|earlier| earlier == &Some(*field));
        if before && !field.is_repeated() {
            fault(place, "imports.field_twice");
        }
    }
    if mapping.len() != import.columns.len() {
        fault(mapping.len(), "imports.field_unknown");
    }
    for group in import.kind.needs() {
        if !mapping.iter().flatten().any(|field| group.contains(field)) {
            let names: Vec<&str> = group.iter().map(|field| field.code()).collect();
            wrong.push(FieldFault {
                path: "field".to_owned(),
                code: format!("imports.needs_{}", names.join("_or_")).into(),
                args: Vec::new(),
            });
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Fault::from_fields(wrong)) }
}

/// Takes every row in that can be, in the name of who says so. A row that is refused does not hold the others up.
///
/// # Errors
/// `imports.missing`, `imports.at_work`, `imports.already_taken_in`, `imports.not_looked_at`.
pub fn take_in(tx: &mut Tx<'_>, permit: &Permit<BringFiles>, id: ImportId) -> Result<()> {
    let import = import::get(tx, permit.company(), id)?;
    match import.state {
        State::Looked => go_to_work(tx, permit, &import, State::TakingIn),
        // What was taken in before it stopped stays so.
        State::Stopped => {
            set_state(tx, import.company, id, State::TakingIn)?;
            begin_work(tx, permit, &import)
        }
        _ => {
            waits_for_people(&import)?;
            Err(Fault::conflict("imports.not_looked_at"))
        }
    }
}

/// Throws a file away with its rows; what came of them stays.
///
/// # Errors
/// `imports.missing`, `imports.at_work`.
pub fn remove(tx: &mut Tx<'_>, permit: &Permit<BringFiles>, id: ImportId) -> Result<()> {
    let import = import::get(tx, permit.company(), id)?;
    if import.state.is_at_work() {
        return Err(Fault::conflict("imports.at_work"));
    }
    throw_away(tx, &import)?;
    tx.say(About::new(import.company, facts::subject(id), permit.actor()), &Removed {})
}

fn waits_for_people(import: &Import) -> Result<()> {
    match import.state {
        State::Mapping | State::Looked => Ok(()),
        State::Coming => Err(Fault::conflict("imports.not_whole")),
        State::Looking | State::TakingIn => Err(Fault::conflict("imports.at_work")),
        State::Stopped | State::TakenIn | State::Removing => Err(Fault::conflict("imports.already_taken_in")),
    }
}

fn go_to_work(tx: &mut Tx<'_>, permit: &Permit<BringFiles>, import: &Import, state: State) -> Result<()> {
    tx.put(
        sql!(
            "update sheet_import
             set state = :state, done = 0, new_count = 0, changed_count = 0, same_count = 0, refused_count = 0
             where company_id = :company_id and id = :id"
        ),
        params![state: state.code(), company_id: import.company, id: import.id],
    )?;
    begin_work(tx, permit, import)
}

/// With the rights of whoever asks for it: the columns may mean something else than who brought the file had in mind.
fn begin_work(tx: &mut Tx<'_>, permit: &Permit<BringFiles>, import: &Import) -> Result<()> {
    let person = permit.actor().person().ok_or_else(|| Fault::denied("imports.not_a_person"))?;
    tx.put(
        sql!(
            "update sheet_import
             set person_id = :person_id
             where company_id = :company_id and id = :id"
        ),
        params![person_id: person, company_id: import.company, id: import.id],
    )?;
    jobs::call(tx, import.company, JOB, &import.id.to_string(), &json!({ "import": import.id }))
}
