//! What must hold of tasks whatever happened.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[Check::scan("tasks.closed_have_their_moment", |db| {
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
})];
