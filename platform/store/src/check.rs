//! What must hold in the data whatever happened. Each feature says it of its own tables; `takt verify`
//! and `takt doctor` ask, and so do simulations and crash tests. A check is one statement, so that it
//! sees one moment on both engines, and answers the rows that break it.

use takt_kernel::{Result, Slot};

use crate::{params, query::Query, sql, sql::Sql};

/// Lists of checks, filled by features.
pub static CHECKS: Slot<&'static [Check]> = Slot::new("store.checks");

pub struct Check {
    /// `stock.levels_are_movements`. [`Check::key`] is the text that says what must hold, the same
    /// with `-do` behind it what to do when it does not.
    pub code: &'static str,
    pub effort: Effort,
    pub look: fn(&mut dyn Query) -> Result<Vec<Wrong>>,
}

/// What a check costs on a large database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// A few look-ups: `takt doctor` asks as well.
    Glance,
    /// Reads whole tables: only `takt verify` asks.
    Scan,
}

/// One row that breaks a check, as `column=value …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong(pub String);

impl Check {
    pub const fn scan(code: &'static str, look: fn(&mut dyn Query) -> Result<Vec<Wrong>>) -> Self {
        Self { code, effort: Effort::Scan, look }
    }

    pub const fn glance(code: &'static str, look: fn(&mut dyn Query) -> Result<Vec<Wrong>>) -> Self {
        Self { code, effort: Effort::Glance, look }
    }

    pub fn key(&self) -> String {
        format!("check-{}", self.code.replace('.', "-"))
    }
}

/// The rows that a statement finds; a statement names at most [`MOST_SHOWN`] of them.
///
/// # Errors
/// Faults of the store.
pub fn rows_wrong(db: &mut dyn Query, statement: &'static Sql) -> Result<Vec<Wrong>> {
    Ok(db.all(statement, params![])?.iter().map(|row| Wrong(row.told())).collect())
}

/// How many broken rows a check names: the `limit` of its statement.
pub const MOST_SHOWN: usize = 20;

/// Every check that the features of this program brought.
pub fn checks(db: &dyn Query) -> Vec<&'static Check> {
    db.slots().of(&CHECKS).flat_map(|checks| checks.iter()).collect()
}

/// The checks of the log itself.
pub const LOG_CHECKS: &[Check] = &[
    Check::glance("log.ids_are_below_their_block", |db| {
        rows_wrong(
            db,
            sql!(
                "select newest.id, block.taken_until
                 from (select max(id) as id from fact) as newest
                 left join number_block as block on block.company_id = 0 and block.name = 'id'
                 where newest.id > coalesce(block.taken_until, 0)
                 order by newest.id
                 limit 20"
            ),
        )
    }),
    Check::scan("log.chains_are_unbroken", |db| {
        rows_wrong(
            db,
            sql!(
                "select head.company_id, head.subject_kind, head.subject_id, head.n as head,
                   count(fact.n) as facts, max(fact.n) as last
                 from subject_head as head
                 left join fact on fact.company_id = head.company_id and fact.subject_kind = head.subject_kind
                   and fact.subject_id = head.subject_id
                 group by head.company_id, head.subject_kind, head.subject_id, head.n
                 having count(fact.n) <> head.n or coalesce(max(fact.n), 0) <> head.n
                 order by head.company_id, head.subject_kind, head.subject_id
                 limit 20"
            ),
        )
    }),
    Check::scan("log.facts_have_a_head", |db| {
        rows_wrong(
            db,
            sql!(
                "select fact.id, fact.company_id, fact.subject_kind, fact.subject_id, fact.n
                 from fact
                 where not exists (
                   select 1 from subject_head as head
                   where head.company_id = fact.company_id and head.subject_kind = fact.subject_kind
                     and head.subject_id = fact.subject_id)
                 order by fact.id
                 limit 20"
            ),
        )
    }),
    Check::scan("log.every_fact_is_heard_in_its_turn", |db| {
        rows_wrong(
            db,
            sql!(
                "select heard.position, heard.company_id, heard.subject_kind, heard.subject_id, heard.n, heard.before
                 from (
                   select position, company_id, subject_kind, subject_id, n,
                     lag(n, 1, 0) over (partition by company_id, subject_kind, subject_id order by position) as before
                   from fact_position
                 ) as heard
                 where heard.n <> heard.before + 1
                 order by heard.position
                 limit 20"
            ),
        )
    }),
    Check::scan("log.every_fact_has_one_place", |db| {
        rows_wrong(
            db,
            sql!(
                "select fact.id, fact.kind, count(place.fact_id) as places
                 from fact
                 left join (
                   select fact_id from fact_position
                   union all
                   select fact_id from fact_unnumbered
                 ) as place on place.fact_id = fact.id
                 group by fact.id, fact.kind
                 having count(place.fact_id) <> 1
                 order by fact.id
                 limit 20"
            ),
        )
    }),
    Check::scan("log.places_are_those_of_facts", |db| {
        rows_wrong(
            db,
            sql!(
                "select place.position, place.fact_id, place.kind
                 from fact_position as place
                 left join fact on fact.id = place.fact_id
                 where fact.id is null or fact.kind <> place.kind or fact.n <> place.n
                   or fact.company_id <> place.company_id or fact.subject_kind <> place.subject_kind
                   or fact.subject_id <> place.subject_id
                 order by place.position
                 limit 20"
            ),
        )
    }),
    Check::scan("log.time_does_not_run_back", |db| {
        rows_wrong(
            db,
            sql!(
                "select later.id, later.at, earlier.at as before
                 from fact as later
                 join fact as earlier on earlier.company_id = later.company_id
                   and earlier.subject_kind = later.subject_kind and earlier.subject_id = later.subject_id
                   and earlier.n = later.n - 1
                 where later.at <= earlier.at
                 order by later.id
                 limit 20"
            ),
        )
    }),
];
