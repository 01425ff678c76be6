//! What must hold of reactions, timers and jobs whatever happened.

use takt_store::{Check, rows_wrong, sql};

pub const CHECKS: &[Check] = &[
    Check::glance("work.cursors_are_within_the_log", |db| {
        rows_wrong(
            db,
            sql!(
                "select listener, lane, position
                 from reaction_cursor
                 where position > (select coalesce(max(position), 0) from fact_position)
                 order by listener, lane
                 limit 20"
            ),
        )
    }),
    Check::glance("work.parked_facts_are_there", |db| {
        rows_wrong(
            db,
            sql!(
                "select parked.listener, parked.company_id, parked.subject_kind, parked.subject_id, parked.n
                 from parked_subject as parked
                 left join fact on fact.company_id = parked.company_id and fact.subject_kind = parked.subject_kind
                   and fact.subject_id = parked.subject_id and fact.n = parked.n
                 where fact.id is null or fact.id <> parked.fact_id
                 order by parked.parked_at
                 limit 20"
            ),
        )
    }),
    Check::scan("work.jobs_wait_or_are_dead", |db| {
        rows_wrong(
            db,
            sql!(
                "select company_id, id, kind, next_at, died_at, claim
                 from job
                 where (next_at is null) <> (died_at is not null) or (died_at is not null and claim is not null)
                 order by company_id, id
                 limit 20"
            ),
        )
    }),
];
