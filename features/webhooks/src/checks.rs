//! What must hold of webhooks whatever happened.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[
    Check::scan("webhooks.only_the_first_of_a_line_is_due", |db| {
        rows_wrong(
            db,
            sql!(
                "select company_id, endpoint_id, subject_kind, subject_id, count(*) as waiting,
                   count(next_at) as due
                 from webhook_message
                 where state = 'waiting'
                 group by company_id, endpoint_id, subject_kind, subject_id
                 having count(next_at) <> 1
                 order by company_id, endpoint_id, subject_kind, subject_id
                 limit 20"
            ),
        )
    }),
    Check::scan("webhooks.settled_have_their_moment", |db| {
        rows_wrong(
            db,
            sql!(
                "select company_id, id, state, next_at, settled_at
                 from webhook_message
                 where (state = 'waiting') <> (settled_at is null) or (state <> 'waiting' and next_at is not null)
                 order by company_id, id
                 limit 20"
            ),
        )
    }),
    Check::scan("webhooks.attempts_are_of_messages", |db| {
        rows_wrong(
            db,
            sql!(
                "select attempt.company_id, attempt.id, attempt.message_id
                 from webhook_attempt as attempt
                 left join webhook_message as message on message.company_id = attempt.company_id
                   and message.id = attempt.message_id
                 where message.id is null
                 order by attempt.company_id, attempt.id
                 limit 20"
            ),
        )
    }),
];
