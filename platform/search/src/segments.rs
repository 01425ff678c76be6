//! The headers of segments, and the rows of their index.

use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_store::{Query, Row, Statement, Tx, params, sql};

use crate::find::as_json;

pub(crate) const BUILDING: &str = "building";
pub(crate) const READY: &str = "ready";
pub(crate) const DEAD: &str = "dead";

#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub company: CompanyId,
    pub id: i64,
    pub level: i64,
    pub state: String,
    pub texts: i64,
    pub least: i64,
    pub greatest: i64,
    pub changed_at: Timestamp,
}

/// All segments of a kind, over several companies.
pub(crate) fn all(db: &mut dyn Query, companies: &[CompanyId], kind: &str) -> Result<Vec<Segment>> {
    read_all(&db.all_of(&asked(companies, kind))?)
}

/// Asks for what [`read_all`] reads.
pub(crate) fn asked(companies: &[CompanyId], kind: &str) -> Statement {
    let statement = Statement::new(
        "select company_id, id, level, state, texts, least_id, greatest_id, changed_at
         from search_segment
         where kind = :kind",
    )
    .bind("kind", kind);
    of_companies(statement, "search_segment", companies).push("\norder by greatest_id desc, id\nlimit 100000")
}

pub(crate) fn read_all(rows: &[Row]) -> Result<Vec<Segment>> {
    rows.iter().map(read).collect()
}

/// One company is asked for by its id, so that every planner goes by the key.
pub(crate) fn of_companies(statement: Statement, table: &str, companies: &[CompanyId]) -> Statement {
    match companies {
        [company] => {
            statement.push("\nand ").push(table).push(".company_id = :company_id").bind("company_id", *company)
        }
        _ => statement
            .push("\nand ")
            .push(table)
            .push(
                ".company_id in (
                   select cast(value as bigint)
                   from {pg:json_array_elements_text(cast(cast(:companies as text) as json))|sqlite:json_each(:companies)})",
            )
            .bind("companies", as_json(companies.iter().map(|company| company.get()))),
    }
}

fn read(row: &Row) -> Result<Segment> {
    Ok(Segment {
        company: row.get("company_id")?,
        id: row.get("id")?,
        level: row.get("level")?,
        state: row.get("state")?,
        texts: row.get("texts")?,
        least: row.get("least_id")?,
        greatest: row.get("greatest_id")?,
        changed_at: row.get("changed_at")?,
    })
}

pub(crate) fn insert(tx: &mut Tx<'_>, kind: &str, segment: &Segment) -> Result<()> {
    tx.put(
        sql!(
            "insert into search_segment (company_id, kind, id, level, state, texts, least_id, greatest_id, changed_at)
             values (:company_id, :kind, :id, :level, :state, :texts, :least_id, :greatest_id, :changed_at)"
        ),
        params![
            company_id: segment.company, kind: kind, id: segment.id, level: segment.level,
            state: &segment.state, texts: segment.texts, least_id: segment.least,
            greatest_id: segment.greatest, changed_at: segment.changed_at,
        ],
    )
}

/// Brings a segment from one state to another. Somebody who took over the same work may have been
/// faster; then the whole command is refused.
///
/// # Errors
/// `search.segment_taken`.
pub(crate) fn step(
    tx: &mut Tx<'_>,
    company: CompanyId,
    kind: &str,
    id: i64,
    from: &'static str,
    to: &'static str,
) -> Result<()> {
    let now = tx.now();
    let stepped = tx.execute(
        sql!(
            "update search_segment
             set state = :to, changed_at = :now
             where company_id = :company_id and kind = :kind and id = :id and state = :from"
        ),
        params![to: to, now: now, company_id: company, kind: kind, id: id, from: from],
    )?;
    if stepped == 1 { Ok(()) } else { Err(Fault::conflict("search.segment_taken").arg("id", id)) }
}

/// Writes rows of the index: `[[gram,"ids"],…]`.
pub(crate) fn insert_grams(tx: &mut Tx<'_>, company: CompanyId, segment: i64, rows: &str) -> Result<()> {
    tx.put(
        sql!(
            "insert into search_gram (segment_id, gram, company_id, ids)
             select cast(:segment_id as bigint), cast(value ->> 0 as bigint), cast(:company_id as bigint), value ->> 1
             from {pg:json_array_elements(cast(cast(:rows as text) as json))|sqlite:json_each(:rows)}
             where true"
        ),
        params![segment_id: segment, company_id: company, rows: rows],
    )
}

/// Removes some rows of a segment's index; answers how many.
pub(crate) fn delete_grams(tx: &mut Tx<'_>, segment: i64, most: i64) -> Result<u64> {
    tx.execute(
        sql!(
            "delete from search_gram
             where segment_id = :segment_id and gram in (
               select gram
               from search_gram
               where segment_id = :segment_id
               order by gram
               limit :most)"
        ),
        params![segment_id: segment, most: most],
    )
}

pub(crate) fn delete(tx: &mut Tx<'_>, company: CompanyId, kind: &str, id: i64) -> Result<()> {
    tx.put(
        sql!(
            "delete from search_segment
             where company_id = :company_id and kind = :kind and id = :id"
        ),
        params![company_id: company, kind: kind, id: id],
    )
}

/// The next rows of one segment's index.
pub(crate) fn grams_after(
    db: &mut dyn Query,
    segment: i64,
    after: i64,
    most: i64,
) -> Result<Vec<(i64, String)>> {
    db.all(
        sql!(
            "select gram, ids
             from search_gram
             where segment_id = :segment_id and gram > :after
             order by gram
             limit :most"
        ),
        params![segment_id: segment, after: after, most: most],
    )?
    .iter()
    .map(|row| Ok((row.get("gram")?, row.get("ids")?)))
    .collect()
}
