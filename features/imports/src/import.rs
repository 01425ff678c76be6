//! An import as it stands.

use takt_kernel::{CompanyId, Fault, Id, PersonId, Result, ShopId, Timestamp};
use takt_store::{Query, Row, params, sql};

use crate::{columns::Mapping, kinds::Kind};

pub enum ImportTag {}
pub type ImportId = Id<ImportTag>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its rows are being written. One that stays so did not arrive whole.
    Coming,
    /// A person says what its columns mean.
    Mapping,
    /// The program finds out what would become of every row.
    Looking,
    /// A person sees what would happen.
    Looked,
    TakingIn,
    /// The program could not go on; a person may have it go on from there.
    Stopped,
    TakenIn,
    /// Thrown away; its rows go some at a time, and nobody sees it any more.
    Removing,
}

impl State {
    pub(crate) const ALL: [Self; 8] = [
        Self::Coming,
        Self::Mapping,
        Self::Looking,
        Self::Looked,
        Self::TakingIn,
        Self::Stopped,
        Self::TakenIn,
        Self::Removing,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Coming => "coming",
            Self::Mapping => "mapping",
            Self::Looking => "looking",
            Self::Looked => "looked",
            Self::TakingIn => "taking_in",
            Self::Stopped => "stopped",
            Self::TakenIn => "taken_in",
            Self::Removing => "removing",
        }
    }

    fn from_code(code: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|state| state.code() == code);
        known.ok_or_else(|| Fault::broken("store.senseless_row").arg("column", "sheet_import.state"))
    }

    /// The job is at it.
    pub const fn is_at_work(self) -> bool {
        matches!(self, Self::Looking | Self::TakingIn)
    }
}

#[derive(Clone, Debug)]
pub struct Import {
    pub company: CompanyId,
    pub id: ImportId,
    pub kind: Kind,
    /// Whose orders they are.
    pub shop: Option<ShopId>,
    pub file_name: String,
    /// What files with the same columns have in common.
    pub shape: String,
    pub columns: Vec<String>,
    pub mapping: Mapping,
    pub state: State,
    pub person: PersonId,
    pub rows: i64,
    pub done: i64,
    pub counts: Counts,
    pub created_at: Timestamp,
}

/// What becomes of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub new: i64,
    pub changed: i64,
    pub same: i64,
    pub refused: i64,
}

/// # Errors
/// `imports.missing`, also for one that was thrown away.
pub fn get(db: &mut dyn Query, company: CompanyId, id: ImportId) -> Result<Import> {
    let import = get_any(db, company, id)?;
    if import.state == State::Removing { Err(missing(id)) } else { Ok(import) }
}

fn missing(id: ImportId) -> Fault {
    Fault::missing("imports.missing").arg("given", id)
}

pub(crate) fn get_any(db: &mut dyn Query, company: CompanyId, id: ImportId) -> Result<Import> {
    let row = db.opt(
        sql!(
            "select company_id, id, kind, shop_id, file_name, shape, columns, mapping, state, person_id, row_count, done,
               new_count, changed_count, same_count, refused_count, created_at
             from sheet_import
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id],
    )?;
    read(&row.ok_or_else(|| missing(id))?)
}

/// # Errors
/// `imports.missing`, also when it was thrown away or is whole meanwhile.
pub(crate) fn still_coming(db: &mut dyn Query, company: CompanyId, id: ImportId) -> Result<()> {
    if get(db, company, id)?.state == State::Coming { Ok(()) } else { Err(missing(id)) }
}

/// The newest imports of a company.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Import>> {
    db.all(
        sql!(
            "select company_id, id, kind, shop_id, file_name, shape, columns, mapping, state, person_id, row_count, done,
               new_count, changed_count, same_count, refused_count, created_at
             from sheet_import
             where company_id = :company_id and state <> 'removing'
             order by id desc
             limit 100"
        ),
        params![company_id: company],
    )?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &Row) -> Result<Import> {
    Ok(Import {
        company: row.get("company_id")?,
        id: row.get("id")?,
        kind: Kind::from_code(&row.get::<String>("kind")?)?,
        shop: row.get("shop_id")?,
        file_name: row.get("file_name")?,
        shape: row.get("shape")?,
        columns: row.json("columns")?,
        mapping: row.json("mapping")?,
        state: State::from_code(&row.get::<String>("state")?)?,
        person: row.get("person_id")?,
        rows: row.get("row_count")?,
        done: row.get("done")?,
        counts: Counts {
            new: row.get("new_count")?,
            changed: row.get("changed_count")?,
            same: row.get("same_count")?,
            refused: row.get("refused_count")?,
        },
        created_at: row.get("created_at")?,
    })
}
