//! What must hold of tasks whatever happened.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[
    Check::scan("tasks.closed_have_their_moment", |db| {
        rows_wrong(
            db,
            sql!(
                "select company_id, id, kind, state, closed_at
                 from task
                 where (state = 'closed') <> (closed_at is not null)
                 order by company_id, id
                 limit 20"
            ),
        )
    }),
    Check::scan("tasks.leased_have_their_timer", |db| {
        rows_wrong(
            db,
            sql!(
                "select company_id, id, kind, state, leased_until
                 from task
                 where leased_until is not null and (state <> 'taken' or not exists (
                   select 1
                   from timer
                   where timer.company_id = task.company_id and timer.kind = 'tasks.lease'
                     and timer.timer_key = cast(task.id as text)))
                 order by company_id, id
                 limit 20"
            ),
        )
    }),
];
