//! What must hold of money whatever happened; of the books and of what goes back see `journal/checks.rs` and
//! `refunds/checks.rs`.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[
    Check::scan("payments.orders_are_paid_by_allocations", |db| {
        rows_wrong(
            db,
            sql!(
                "select paid.company_id, paid.order_id, cast(sum(paid.by_orders) as bigint) as paid_minor,
                   cast(sum(paid.by_allocations) as bigint) as allocated_minor
                 from (
                   select company_id, order_id, amount_minor as by_orders, 0 as by_allocations
                   from order_payment
                   union all
                   select company_id, order_id, 0, amount_minor
                   from allocation
                 ) as paid
                 group by paid.company_id, paid.order_id
                 having sum(paid.by_orders) <> sum(paid.by_allocations)
                 order by paid.company_id, paid.order_id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.lines_pay_what_they_were_allotted", |db| {
        rows_wrong(
            db,
            sql!(
                "select line.company_id, line.id, line.amount_minor, line.allocated_minor, line.credit_minor,
                   line.returned_minor, cast(coalesce(allotted.amount_minor, 0) as bigint) as allotted_minor
                 from bank_line as line
                 left join (
                   select company_id, line_id, sum(amount_minor) as amount_minor
                   from allocation
                   group by company_id, line_id
                 ) as allotted on allotted.company_id = line.company_id and allotted.line_id = line.id
                 where line.allocated_minor <> coalesce(allotted.amount_minor, 0)
                   or line.allocated_minor < 0 or line.credit_minor < 0 or line.returned_minor < 0
                   or line.allocated_minor + line.credit_minor + line.returned_minor > line.amount_minor
                 order by line.company_id, line.id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.allocations_are_undone_within_themselves", |db| {
        rows_wrong(
            db,
            sql!(
                "select undone.company_id, undone.reverses, undone.amount_minor, allocation.amount_minor as allocated_minor
                 from (
                   select company_id, reverses, min(line_id) as line_id, max(line_id) as last_line_id,
                     min(order_id) as order_id, max(order_id) as last_order_id, max(amount_minor) as least_minor,
                     cast(sum(amount_minor) as bigint) as amount_minor
                   from allocation
                   where reverses is not null
                   group by company_id, reverses
                 ) as undone
                 left join allocation
                   on allocation.company_id = undone.company_id and allocation.id = undone.reverses
                 where allocation.id is null or undone.least_minor >= 0
                   or undone.amount_minor + allocation.amount_minor < 0
                   or undone.line_id <> allocation.line_id or undone.last_line_id <> allocation.line_id
                   or undone.order_id <> allocation.order_id or undone.last_order_id <> allocation.order_id
                 order by undone.company_id, undone.reverses
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.invoices_ask_for_what_is_owed", |db| {
        rows_wrong(
            db,
            sql!(
                "select invoice.company_id, invoice.id, invoice.reference, invoice.state, invoice.residual_minor,
                   orders.total_minor, orders.paid_minor
                 from invoice
                 left join orders on orders.company_id = invoice.company_id and orders.id = invoice.order_id
                 where orders.id is null
                   or (invoice.state in ('open', 'paid')
                     and (invoice.residual_minor <> case when orders.total_minor > orders.paid_minor
                         then orders.total_minor - orders.paid_minor else 0 end
                       or (invoice.state = 'paid') <> (invoice.residual_minor = 0)))
                 order by invoice.company_id, invoice.id
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.movements_are_those_of_lines", |db| {
        rows_wrong(
            db,
            sql!(
                "select movement.company_id, movement.key, movement.line_id
                 from bank_movement as movement
                 left join bank_line as line
                   on line.company_id = movement.company_id and line.id = movement.line_id
                 where line.id is null
                 order by movement.company_id, movement.key
                 limit 20"
            ),
        )
    }),
    Check::scan("payments.files_have_all_their_lines", |db| {
        rows_wrong(
            db,
            sql!(
                "select file.company_id, file.id, file.documents, count(line.id) as lines
                 from bank_import as file
                 left join bank_line as line on line.company_id = file.company_id and line.import_id = file.id
                 where file.state = 'accepted'
                 group by file.company_id, file.id, file.documents
                 having count(line.id) <> file.documents
                 order by file.company_id, file.id
                 limit 20"
            ),
        )
    }),
];
