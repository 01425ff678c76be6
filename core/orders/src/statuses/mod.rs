//! The company's own statuses: rows, each mapped to one of the fixed stages, and who may move an
//! order from which to which. A company gets sensible ones at its creation and changes them as it
//! likes; a status that orders have is archived, never deleted.

mod defaults;
mod edit;

pub use defaults::ensure_defaults;
pub use edit::{StatusForm, allow_move, forbid_move, save_status};

use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::{Role, RoleSet};
use takt_store::{Query, Row, Tx, params, sql};
use takt_ui::Lang;

use crate::{new_order::FieldFaults, stage::Stage};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub code: String,
    pub stage: Stage,
    pub name_ru: String,
    pub name_en: String,
    /// One of [`TONES`].
    pub tone: String,
    pub place: i64,
    pub archived: bool,
}

/// The colours a status may have, by meaning.
pub const TONES: [&str; 5] = ["neutral", "info", "good", "warn", "bad"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub from: String,
    pub to: String,
    pub role: Role,
}

impl Status {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.name_ru,
            Lang::En => &self.name_en,
        }
    }
}

/// All statuses of a company in the order of their stages and places.
///
/// # Errors
/// Faults of the store.
pub fn all(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Status>> {
    let mut statuses = db
        .seldom(
            sql!(
                "select code, stage, name_ru, name_en, tone, place, archived
                 from order_status
                 where company_id = :company_id
                 order by place, code
                 limit 1000"
            ),
            params![company_id: company],
        )?
        .iter()
        .map(read)
        .collect::<Result<Vec<_>>>()?;
    statuses.sort_by_key(|status| status.stage);
    Ok(statuses)
}

/// # Errors
/// `orders.status_unknown`.
pub fn get(db: &mut dyn Query, company: CompanyId, code: &str) -> Result<Status> {
    db.opt(
        sql!(
            "select code, stage, name_ru, name_en, tone, place, archived
             from order_status
             where company_id = :company_id and code = :code"
        ),
        params![company_id: company, code: code],
    )?
    .as_ref()
    .map(read)
    .transpose()?
    .ok_or_else(|| Fault::invalid("orders.status_unknown").arg("given", code))
}

/// That any of these companies has a status of this code: a list of those with a misspelt one is not
/// empty, it makes no sense.
///
/// # Errors
/// At the field `status`, `orders.status_unknown`.
pub(crate) fn expect_known(db: &mut dyn Query, companies: &[CompanyId], code: &str) -> Result<()> {
    for company in companies {
        match get(db, *company, code) {
            Err(fault) if fault.is("orders.status_unknown") => {}
            known => return known.map(|_| ()),
        }
    }
    let mut faults = FieldFaults::default();
    faults.push_with("status", "orders.status_unknown", &[("given", code.to_owned())]);
    faults.into_result(None)
}

/// The status an order gets when it comes into a stage by itself: the first one there.
pub(crate) fn first_of(tx: &mut Tx, company: CompanyId, stage: Stage) -> Result<String> {
    if let Some(code) = first_if_any(tx, company, stage)? {
        return Ok(code);
    }
    ensure_defaults(tx, company)?;
    first_if_any(tx, company, stage)?
        .ok_or_else(|| Fault::conflict("orders.stage_without_status").arg("stage", stage))
}

fn first_if_any(tx: &mut Tx, company: CompanyId, stage: Stage) -> Result<Option<String>> {
    let rows = tx.seldom(
        sql!(
            "select code
             from order_status
             where company_id = :company_id and stage = :stage and not archived
             order by place, code
             limit 1"
        ),
        params![company_id: company, stage: stage.code()],
    )?;
    rows.first().map(|row| row.get("code")).transpose()
}

/// All allowed moves of a company.
///
/// # Errors
/// Faults of the store.
pub fn moves(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Move>> {
    db.all(
        sql!(
            "select from_code, to_code, role
             from order_status_move
             where company_id = :company_id
             order by from_code, to_code, role
             limit 10000"
        ),
        params![company_id: company],
    )?
    .iter()
    .map(|row| {
        let role: String = row.get("role")?;
        Ok(Move { from: row.get("from_code")?, to: row.get("to_code")?, role: role.parse()? })
    })
    .collect()
}

/// Where somebody with these roles may move an order that stands at `from`.
///
/// # Errors
/// Faults of the store.
pub fn moves_from(db: &mut dyn Query, company: CompanyId, from: &str, roles: RoleSet) -> Result<Vec<Status>> {
    let rows = db.all(
        sql!(
            "select order_status.code, order_status.stage, order_status.name_ru, order_status.name_en,
               order_status.tone, order_status.place, order_status.archived, order_status_move.role
             from order_status_move
             join order_status
               on order_status.company_id = order_status_move.company_id
               and order_status.code = order_status_move.to_code
             where order_status_move.company_id = :company_id
               and order_status_move.from_code = :from_code
               and not order_status.archived
             order by order_status.place, order_status.code, order_status_move.role
             limit 1000"
        ),
        params![company_id: company, from_code: from],
    )?;
    let mut statuses: Vec<Status> = Vec::new();
    for row in &rows {
        let role: Role = row.get::<String>("role")?.parse()?;
        let status = read(row)?;
        if roles.contains(role) && !statuses.contains(&status) {
            statuses.push(status);
        }
    }
    statuses.sort_by_key(|status| status.stage);
    Ok(statuses)
}

fn read(row: &Row) -> Result<Status> {
    Ok(Status {
        code: row.get("code")?,
        stage: Stage::from_code(&row.get::<String>("stage")?)?,
        name_ru: row.get("name_ru")?,
        name_en: row.get("name_en")?,
        tone: row.get("tone")?,
        place: row.get("place")?,
        archived: row.get("archived")?,
    })
}
