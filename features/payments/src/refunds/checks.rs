//! What must hold of money that goes back or waits.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[
    Check::scan("payments.credit_is_of_receipts", |db| {
        rows_wrong(
            db,
            sql!(
                "select line.company_id, line.id, line.credit_minor,
                   cast(coalesce(part.left_minor, 0) as bigint) as left_minor
                 from bank_line as line
                 left join (
                   select company_id, line_id, sum(left_minor) as left_minor
                   from credit_part
                   group by company_id, line_id
                 ) as part on part.company_id = line.company_id and part.line_id = line.id
                 where line.credit_minor <> coalesce(part.left_minor, 0)
                 order by line.company_id, line.id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.refunds_are_of_receipts", |db| {
        rows_wrong(
            db,
            sql!(
                "select line.company_id, line.id, line.returned_minor,
                   cast(coalesce(part.amount_minor, 0) as bigint) as refunded_minor
                 from bank_line as line
                 left join (
                   select refund_part.company_id, refund_part.line_id, sum(refund_part.amount_minor) as amount_minor
                   from refund_part
                   join refund on refund.company_id = refund_part.company_id and refund.id = refund_part.refund_id
                   where refund.state <> 'kept'
                   group by refund_part.company_id, refund_part.line_id
                 ) as part on part.company_id = line.company_id and part.line_id = line.id
                 where line.returned_minor <> coalesce(part.amount_minor, 0)
                   and line.outcome <> 'payments.receipt_reversed'
                 order by line.company_id, line.id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.refunds_are_confirmed_by_lines", |db| {
        rows_wrong(
            db,
            sql!(
                "select refund.company_id, refund.id, refund.state, refund.amount_minor, refund.confirmed_minor,
                   cast(coalesce(paid.amount_minor, 0) as bigint) as paid_minor
                 from refund
                 left join (
                   select company_id, refund_id, sum(amount_minor) as amount_minor
                   from refund_payment
                   group by company_id, refund_id
                 ) as paid on paid.company_id = refund.company_id and paid.refund_id = refund.id
                 where refund.confirmed_minor <> coalesce(paid.amount_minor, 0)
                   or refund.confirmed_minor > refund.amount_minor
                   or (refund.state = 'closed') <> (refund.confirmed_minor = refund.amount_minor)
                 order by refund.company_id, refund.id
                 limit 20"
            ),
        )
    }),
];
