//! The rows of an import in the database.

use serde::{Deserialize, Serialize};
use takt_customers::{Erasing, Kept};
use takt_kernel::{CompanyId, Fault, FieldFault, Result};
use takt_store::{Query, Row, Statement, Tx, params, sql};

use crate::{
    columns::Field,
    import::{self, Import, ImportId},
    kinds::{Cleaned, Kind, Outcome},
};

const REMOVED_AT_ONCE: i64 = 500;
/// What a file is called whose name told of somebody who is erased.
const NAMELESS: &str = "—";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowState {
    Waiting,
    New,
    Changed,
    Same,
    Refused,
}

impl RowState {
    pub(crate) const SHOWN: [Self; 4] = [Self::Refused, Self::New, Self::Changed, Self::Same];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Refused => "refused",
        }
    }

    pub(crate) fn from_code(code: &str) -> Result<Self> {
        let all = [Self::Waiting, Self::New, Self::Changed, Self::Same, Self::Refused];
        let known = all.into_iter().find(|state| state.code() == code);
        known.ok_or_else(|| Fault::broken("store.senseless_row").arg("column", "sheet_import_row.state"))
    }
}

impl From<Outcome> for RowState {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::New => Self::New,
            Outcome::Changed => Self::Changed,
            Outcome::Same => Self::Same,
        }
    }
}

/// Why a row is refused, as its fault said; faults do not travel through databases themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Why {
    code: String,
    args: Vec<(String, String)>,
    fields: Vec<WhyField>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct WhyField {
    path: String,
    code: String,
    args: Vec<(String, String)>,
}

impl From<&Fault> for Why {
    fn from(fault: &Fault) -> Self {
        let texts = |args: &[(std::borrow::Cow<'static, str>, String)]| {
            args.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
        };
        let fields = fault.fields().iter().map(|field| WhyField {
            path: field.path.clone(),
            code: field.code.to_string(),
            args: texts(&field.args),
        });
        Self { code: fault.code().to_owned(), args: texts(fault.args()), fields: fields.collect() }
    }
}

impl Why {
    /// What it was, for texts to be made of.
    pub(crate) fn fault(&self) -> Fault {
        let fields: Vec<FieldFault> = self
            .fields
            .iter()
            .map(|field| FieldFault {
                path: field.path.clone(),
                code: field.code.clone().into(),
                args: field.args.iter().map(|(name, value)| (name.clone().into(), value.clone())).collect(),
            })
            .collect();
        let mut fault = Fault::invalid(self.code.clone());
        for (name, value) in &self.args {
            fault = fault.arg(name.clone(), value);
        }
        if fields.is_empty() { fault } else { fault.with_fields(fields) }
    }
}

/// What is known of a row beside its cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notes {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleaned: Vec<Cleaned>,
}

#[derive(Clone, Debug)]
pub(crate) struct ImportRow {
    pub n: i64,
    pub cells: Vec<String>,
    pub state: RowState,
    pub notes: Notes,
}

/// The rows behind `after`, in the order of the file.
pub(crate) fn behind(db: &mut dyn Query, import: &Import, after: i64, limit: i64) -> Result<Vec<ImportRow>> {
    db.all(
        sql!(
            "select n, cells, state, notes
             from sheet_import_row
             where company_id = :company_id and import_id = :import_id and n > :after
             order by n
             limit :limit"
        ),
        params![company_id: import.company, import_id: import.id, after: after, limit: limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// The rows in a state behind `after`.
pub(crate) fn in_state(
    db: &mut dyn Query,
    import: &Import,
    state: RowState,
    after: i64,
    limit: i64,
) -> Result<Vec<ImportRow>> {
    db.all(
        sql!(
            "select n, cells, state, notes
             from sheet_import_row
             where company_id = :company_id and import_id = :import_id and state = :state and n > :after
             order by n
             limit :limit"
        ),
        params![
            company_id: import.company, import_id: import.id, state: state.code(), after: after, limit: limit,
        ],
    )?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &Row) -> Result<ImportRow> {
    Ok(ImportRow {
        n: row.get("n")?,
        cells: row.json("cells")?,
        state: RowState::from_code(&row.get::<String>("state")?)?,
        notes: row.json("notes")?,
    })
}

/// Adds rows of a file that is still coming.
pub(crate) fn add(
    tx: &mut Tx<'_>,
    company: CompanyId,
    import: ImportId,
    rows: &[(i64, Vec<String>)],
) -> Result<()> {
    import::still_coming(tx, company, import)?;
    for (n, cells) in rows {
        tx.put(
            sql!(
                "insert into sheet_import_row (company_id, import_id, n, cells, state, notes)
                 values (:company_id, :import_id, :n, :cells, 'waiting', '{}')"
            ),
            params![company_id: company, import_id: import, n: *n, cells: json(cells)?],
        )?;
    }
    Ok(())
}

/// Writes down what became of a row, or would; what was taken in is kept no longer.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    import: &Import,
    n: i64,
    state: RowState,
    notes: &Notes,
    taken_in: bool,
) -> Result<()> {
    let notes = if taken_in && state != RowState::Refused { &Notes::default() } else { notes };
    tx.put(
        sql!(
            "update sheet_import_row
             set state = :state, notes = :notes, cells = case when :emptied then '[]' else cells end
             where company_id = :company_id and import_id = :import_id and n = :n"
        ),
        params![
            state: state.code(), notes: json(notes)?, emptied: taken_in && state != RowState::Refused,
            company_id: import.company, import_id: import.id, n: n,
        ],
    )
}

/// Some rows of a file that was thrown away, with the last of them the file. Answers whether there may be more.
pub(crate) fn remove_some(tx: &mut Tx<'_>, import: &Import) -> Result<bool> {
    let last = behind(tx, import, 0, REMOVED_AT_ONCE)?.last().map(|row| row.n);
    if let Some(last) = last {
        tx.put(
            sql!(
                "delete from sheet_import_row
                 where company_id = :company_id and import_id = :import_id and n <= :last"
            ),
            params![company_id: import.company, import_id: import.id, last: last],
        )?;
        return Ok(true);
    }
    tx.put(
        sql!("delete from sheet_import where company_id = :company_id and id = :import_id"),
        params![company_id: import.company, import_id: import.id],
    )?;
    Ok(false)
}

pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Fault::broken("imports.unwritable").because(error))
}

/// Rows that tell of the person are emptied, in whatever form they do, and files that are called after them get another
/// name.
pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    if erasing.traces.is_empty() {
        return Ok(Vec::new());
    }
    unname(tx, erasing)?;
    let (mut import, mut n) = (0, 0);
    loop {
        let statement = Statement::new(
            "select import_id, n, cells, notes
             from sheet_import_row
             where company_id = :company_id and (import_id, n) > (:import_id, :n)
             order by import_id, n
             limit 1000",
        )
        .bind("company_id", erasing.company)
        .bind("import_id", import)
        .bind("n", n);
        let rows = tx.all_of(&statement)?;
        let Some(last) = rows.last() else { return Ok(Vec::new()) };
        (import, n) = (last.get("import_id")?, last.get("n")?);
        for row in &rows {
            let texts = [row.get::<String>("cells")?, row.get::<String>("notes")?];
            if texts.iter().any(|text| erasing.traces.are_in(text)) {
                empty(tx, erasing, row)?;
            }
        }
    }
}

fn unname(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<()> {
    let mut after = 0_i64;
    loop {
        let files = tx.all(
            sql!(
                "select id, file_name
                 from sheet_import
                 where company_id = :company_id and id > :after
                 order by id
                 limit 1000"
            ),
            params![company_id: erasing.company, after: after],
        )?;
        let Some(last) = files.last() else { return Ok(()) };
        after = last.get("id")?;
        for file in &files {
            if erasing.traces.are_in(&file.get::<String>("file_name")?) {
                tx.put(
                    sql!(
                        "update sheet_import
                         set file_name = :nameless
                         where company_id = :company_id and id = :id"
                    ),
                    params![nameless: NAMELESS, company_id: erasing.company, id: file.get::<i64>("id")?],
                )?;
            }
        }
    }
}

fn empty(tx: &mut Tx<'_>, erasing: &Erasing<'_>, row: &Row) -> Result<()> {
    let import = import::get_any(tx, erasing.company, row.get("import_id")?)?;
    let left = number_alone(&import, row.json("cells")?, |cell| erasing.traces.are_in(cell));
    tx.put(
        sql!(
            "update sheet_import_row
             set cells = :cells, notes = '{}'
             where company_id = :company_id and import_id = :import_id and n = :n"
        ),
        params![
            cells: json(&left)?, company_id: erasing.company, import_id: import.id, n: row.get::<i64>("n")?,
        ],
    )
}

/// Of a row of an order its number stays, unless that tells of the person: so its order is refused as a whole, and no
/// other takes the row for its own.
fn number_alone(import: &Import, cells: Vec<String>, is_theirs: impl Fn(&str) -> bool) -> Vec<String> {
    let is_number = |place: usize| {
        import.kind == Kind::Orders && import.mapping.get(place).copied().flatten() == Some(Field::Number)
    };
    let left: Vec<String> = (0..)
        .zip(cells)
        .map(|(place, cell)| if is_number(place) && !is_theirs(&cell) { cell } else { String::new() })
        .collect();
    if left.iter().all(String::is_empty) { Vec::new() } else { left }
}
