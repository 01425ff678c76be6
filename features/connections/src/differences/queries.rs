use std::collections::BTreeMap;

use serde_json::Value;
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_store::{Query, Row, Statement, params, sql};

use super::{Difference, DifferenceId, Owner, Resolution, Subject, Thing};
use crate::{Connection, ConnectionId};

const LARGEST_PAGE: i64 = 200;

#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub connection: Option<ConnectionId>,
    pub subject: Option<Subject>,
    /// Those that were settled, in place of the open ones.
    pub settled: bool,
    pub before: Option<DifferenceId>,
    pub limit: i64,
}

const SELECT: &str = "select id, connection_id, subject, external_id, own_id, field, owner, theirs, ours,
       first_seen_at, last_seen_at, resolved_at, resolution
     from connection_difference";

fn read(row: &Row) -> Result<Difference> {
    let subject: String = row.get("subject")?;
    let owner: String = row.get("owner")?;
    let resolved: Option<Timestamp> = row.get("resolved_at")?;
    let resolution: Option<String> = row.get("resolution")?;
    let subject = Subject::from_code(&subject)
        .ok_or_else(|| Fault::broken("connections.difference_unknown").arg("given", &subject))?;
    Ok(Difference {
        id: row.get("id")?,
        connection: row.get("connection_id")?,
        thing: Thing { subject, external_id: row.get("external_id")?, own: row.get("own_id")? },
        field: row.get("field")?,
        owner: Owner::from_code(&owner),
        theirs: row.get("theirs")?,
        ours: row.get("ours")?,
        first_seen_at: row.get("first_seen_at")?,
        last_seen_at: row.get("last_seen_at")?,
        resolved: resolved.zip(resolution.as_deref().and_then(Resolution::from_code)),
    })
}

/// The newest first.
///
/// # Errors
/// Faults of the store.
pub(crate) fn list(db: &mut dyn Query, company: CompanyId, filter: &Filter) -> Result<Vec<Difference>> {
    let settled = if filter.settled { "\nand resolved_at is not null" } else { "\nand resolved_at is null" };
    let statement = Statement::new(SELECT)
        .push("\nwhere company_id = :company_id")
        .bind("company_id", company)
        .push(settled)
        .and_if(filter.connection, "\nand connection_id = :connection_id", "connection_id")
        .and_if(filter.subject.map(Subject::code), "\nand subject = :subject", "subject")
        .and_if(filter.before, "\nand id < :before", "before")
        .push("\norder by id desc\nlimit :limit")
        .bind("limit", filter.limit.clamp(1, LARGEST_PAGE));
    db.all_of(&statement)?.iter().map(read).collect()
}

/// # Errors
/// `connections.difference_missing`.
pub(crate) fn get(db: &mut dyn Query, company: CompanyId, id: DifferenceId) -> Result<Difference> {
    let statement = Statement::new(SELECT)
        .push("\nwhere company_id = :company_id and id = :id")
        .bind("company_id", company)
        .bind("id", id);
    let row = db.opt_of(&statement)?;
    let row = row.ok_or_else(|| Fault::missing("connections.difference_missing").arg("given", id))?;
    read(&row)
}

/// How many stand open of each connection; counting ends at a thousand.
///
/// # Errors
/// Faults of the store.
pub(crate) fn open_of_connections(
    db: &mut dyn Query,
    company: CompanyId,
) -> Result<BTreeMap<ConnectionId, i64>> {
    let rows = db.all(
        sql!(
            "select c.id,
               (select count(*)
                from (select 1
                  from connection_difference d
                  where d.company_id = c.company_id and d.connection_id = c.id and d.resolved_at is null
                  limit 1000) as counted) as differing
             from connection c
             where c.company_id = :company_id
             order by c.id
             limit 500"
        ),
        params![company_id: company],
    )?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("differing")?))).collect()
}

/// Whether anything of the company may stand open: answered from memory, and most companies have nothing.
///
/// # Errors
/// Faults of the store.
pub(super) fn may_differ(db: &mut dyn Query, company: CompanyId) -> Result<bool> {
    let rows = db.seldom(
        sql!(
            "select company_id
             from connection_differing
             where company_id = :company_id"
        ),
        params![company_id: company],
    )?;
    Ok(!rows.is_empty())
}

/// Which fields of one thing stand open.
///
/// # Errors
/// Faults of the store.
pub fn open_fields(db: &mut dyn Query, connection: &Connection, thing: &Thing) -> Result<Vec<String>> {
    if !may_differ(db, connection.company)? {
        return Ok(Vec::new());
    }
    let rows = db.all(
        sql!(
            "select field
             from connection_difference
             where company_id = :company_id and connection_id = :connection_id and subject = :subject
               and external_id = :external_id and resolved_at is null
             order by field
             limit 50"
        ),
        params![
            company_id: connection.company, connection_id: connection.id, subject: thing.subject.code(),
            external_id: thing.external_id.as_str(),
        ],
    )?;
    rows.iter().map(|row| row.get("field")).collect()
}

/// Things of ours about which something stands open.
pub(super) fn open_things(
    db: &mut dyn Query,
    company: CompanyId,
    subject: Subject,
    own: &[i64],
    most: usize,
) -> Result<Vec<(ConnectionId, Thing)>> {
    let asked: Vec<i64> = own.iter().copied().take(most).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let rows = db.all(
        sql!(
            "select connection_id, external_id, own_id
             from connection_difference
             where company_id = :company_id and subject = :subject and resolved_at is null and own_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             group by connection_id, external_id, own_id
             order by connection_id, external_id
             limit 500"
        ),
        params![company_id: company, subject: subject.code(), ids: Value::from(asked).to_string()],
    )?;
    rows.iter()
        .map(|row| {
            let thing = Thing { subject, external_id: row.get("external_id")?, own: row.get("own_id")? };
            Ok((row.get("connection_id")?, thing))
        })
        .collect()
}
