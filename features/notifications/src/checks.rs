//! What must hold of messages to buyers whatever happened.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[
    Check::scan("notifications.sent_have_their_moment", |db| {
        rows_wrong(
            db,
            sql!(
                "select company_id, id, state, sent_at
                 from notice
                 where (state = 'sent') <> (sent_at is not null)
                 order by company_id, id
                 limit 20"
            ),
        )
    }),
    Check::scan("notifications.tell_one_thing_each", |db| {
        rows_wrong(
            db,
            sql!(
                "select company_id, message_id, count(*) as notices
                 from notice
                 group by company_id, message_id
                 having count(*) > 1
                 order by company_id, message_id
                 limit 20"
            ),
        )
    }),
];
