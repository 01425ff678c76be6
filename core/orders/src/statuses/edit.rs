//! Changing a company's statuses. Every change is a fact of the company, or no past could be
//! replayed.

use serde::{Deserialize, Serialize};
use takt_kernel::{Fault, Result};
use takt_staff::{Permit, Role};
use takt_store::{About, Change, Fact, Query, Subject, Tx, params, sql};

use super::{Status, TONES, defaults::put_move, get};
use crate::{new_order::FieldFaults, permissions::ManageStatuses, stage::Stage};

const LONGEST: usize = 60;

/// A status as the settings page sends it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct StatusForm {
    pub code: String,
    pub stage: String,
    pub name_ru: String,
    pub name_en: String,
    pub tone: String,
    pub place: String,
    #[serde(default)]
    pub archived: String,
    /// `on`: the status with this code is changed. Else there is none yet.
    #[serde(default)]
    pub changes: String,
}

#[derive(Debug, Serialize)]
struct StatusesChanged {
    code: String,
}
impl Fact for StatusesChanged {
    const KIND: &'static str = "orders.statuses_changed";
}

/// Adds a status, or changes the one with its code where that was meant: who adds one does not know of another with
/// the same code, perhaps archived. The stage of a status that exists stays: orders stand in it.
///
/// # Errors
/// `input.fields`: `orders.status_code_taken` among them; `orders.last_status_of_stage`.
pub fn save_status(tx: &mut Tx, permit: &Permit<ManageStatuses>, form: &StatusForm) -> Result<()> {
    let status = form.read()?;
    let company = permit.company();
    let known = match get(tx, company, &status.code) {
        Ok(known) => Some(known),
        Err(fault) if fault.is("orders.status_unknown") => None,
        Err(fault) => return Err(fault),
    };
    if let Some(known) = &known {
        if form.changes.is_empty() {
            let mut faults = FieldFaults::default();
            let name = known.name(permit.lang()).to_owned();
            faults.push_with(
                "code",
                "orders.status_code_taken",
                &[("code", known.code.clone()), ("name", name)],
            );
            return faults.into_result(None);
        }
        if known.stage != status.stage {
            return Err(Fault::field("stage", "orders.status_keeps_stage"));
        }
        if status.archived && !known.archived {
            refuse_last(tx, permit, &status)?;
        }
    }
    put(tx, permit, &status)?;
    let changes = changes(known.as_ref(), &status);
    say(tx, permit, &status.code, changes)
}

/// Lets a role move orders from one status to another.
///
/// # Errors
/// `orders.status_unknown`.
pub fn allow_move(
    tx: &mut Tx,
    permit: &Permit<ManageStatuses>,
    from: &str,
    to: &str,
    role: Role,
) -> Result<()> {
    get(tx, permit.company(), from)?;
    get(tx, permit.company(), to)?;
    put_move(tx, permit.company(), from, to, role)?;
    say(tx, permit, from, vec![Change::of("move", None, Some(format!("{to} {role}")))])
}

/// Takes such a right away; nothing happens if there is none.
///
/// # Errors
/// Faults of the store.
pub fn forbid_move(
    tx: &mut Tx,
    permit: &Permit<ManageStatuses>,
    from: &str,
    to: &str,
    role: Role,
) -> Result<()> {
    let gone = tx.execute(
        sql!(
            "delete from order_status_move
             where company_id = :company_id and from_code = :from_code and to_code = :to_code and role = :role"
        ),
        params![company_id: permit.company(), from_code: from, to_code: to, role: role.code()],
    )?;
    if gone == 0 {
        return Ok(());
    }
    say(tx, permit, from, vec![Change::of("move", Some(format!("{to} {role}")), None)])
}

impl StatusForm {
    /// A status as it stands, to be changed.
    pub fn of(status: &Status) -> Self {
        Self {
            code: status.code.clone(),
            stage: status.stage.code().to_owned(),
            name_ru: status.name_ru.clone(),
            name_en: status.name_en.clone(),
            tone: status.tone.clone(),
            place: status.place.to_string(),
            archived: if status.archived { "on" } else { "" }.to_owned(),
            changes: "on".to_owned(),
        }
    }

    fn read(&self) -> Result<Status> {
        let mut faults = FieldFaults::default();
        let code = self.code.trim();
        let shaped = code
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
        if code.is_empty() || code.len() > LONGEST || !shaped {
            faults.push("code", "orders.status_code_malformed");
        }
        for (path, name) in [("name_ru", &self.name_ru), ("name_en", &self.name_en)] {
            if name.trim().is_empty() {
                faults.push(path, "orders.empty");
            }
            faults.longest(path, Some(name), LONGEST);
        }
        let stage = Stage::ALL.iter().find(|stage| stage.code() == self.stage);
        if stage.is_none() {
            let known: Vec<&str> = Stage::ALL.iter().map(|stage| stage.code()).collect();
            faults.push_with("stage", "orders.stage_unknown", &[("known", known.join(", "))]);
        }
        if !TONES.contains(&self.tone.as_str()) {
            faults.push("tone", "orders.tone_unknown");
        }
        let place = self.place.trim().parse::<i64>().ok().filter(|place| (0..=10_000).contains(place));
        if place.is_none() {
            faults.push("place", "orders.place_unknown");
        }
        let status = stage.zip(place).map(|(stage, place)| Status {
            code: code.to_owned(),
            stage: *stage,
            name_ru: self.name_ru.trim().to_owned(),
            name_en: self.name_en.trim().to_owned(),
            tone: self.tone.clone(),
            place,
            archived: !self.archived.is_empty(),
        });
        faults.into_result(status)
    }
}

/// Orders come into a stage by themselves, so each must keep a status that they can have there.
fn refuse_last(tx: &mut Tx, permit: &Permit<ManageStatuses>, status: &Status) -> Result<()> {
    let others: i64 = tx
        .one(
            sql!(
                "select count(*) as others
                 from order_status
                 where company_id = :company_id and stage = :stage and not archived and code <> :code"
            ),
            params![company_id: permit.company(), stage: status.stage.code(), code: &status.code],
        )?
        .get("others")?;
    if others > 0 { Ok(()) } else { Err(Fault::conflict("orders.last_status_of_stage")) }
}

fn put(tx: &mut Tx, permit: &Permit<ManageStatuses>, status: &Status) -> Result<()> {
    tx.put(
        sql!(
            "insert into order_status (company_id, code, stage, name_ru, name_en, tone, place, archived)
             values (:company_id, :code, :stage, :name_ru, :name_en, :tone, :place, :archived)
             on conflict (company_id, code) do update
             set name_ru = excluded.name_ru, name_en = excluded.name_en, tone = excluded.tone,
               place = excluded.place, archived = excluded.archived"
        ),
        params![
            company_id: permit.company(), code: &status.code, stage: status.stage.code(),
            name_ru: &status.name_ru, name_en: &status.name_en, tone: &status.tone, place: status.place,
            archived: status.archived,
        ],
    )
}

fn changes(known: Option<&Status>, status: &Status) -> Vec<Change> {
    let values = |status: &Status| {
        [
            ("stage", status.stage.to_string()),
            ("name_ru", status.name_ru.clone()),
            ("name_en", status.name_en.clone()),
            ("tone", status.tone.clone()),
            ("place", status.place.to_string()),
            ("archived", status.archived.to_string()),
        ]
    };
    values(status)
        .into_iter()
        .enumerate()
        .map(|(index, (path, new))| (path, known.map(|known| values(known)[index].1.clone()), new))
        .filter(|(_, old, new)| old.as_ref() != Some(new))
        .map(|(path, old, new)| Change::of(path, old, Some(new)))
        .collect()
}

fn say(tx: &mut Tx, permit: &Permit<ManageStatuses>, code: &str, changes: Vec<Change>) -> Result<()> {
    let about = About::new(permit.company(), Subject::new("company", permit.company().get()), permit.actor());
    tx.say_changes(about, &StatusesChanged { code: code.to_owned() }, changes)
}
