//! What must hold of orders and their money whatever happened.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[
    Check::scan("orders.paid_is_the_sum_of_payments", |db| {
        rows_wrong(
            db,
            sql!(
                "select orders.company_id, orders.id, orders.number, orders.paid_minor,
                   cast(coalesce(payments.amount_minor, 0) as bigint) as payments_minor
                 from orders
                 left join (
                   select company_id, order_id, sum(amount_minor) as amount_minor
                   from order_payment
                   group by company_id, order_id
                 ) as payments on payments.company_id = orders.company_id and payments.order_id = orders.id
                 where orders.paid_minor <> coalesce(payments.amount_minor, 0) or orders.paid_minor < 0
                 order by orders.company_id, orders.id
                 limit 20"
            ),
        )
    }),
    Check::scan("orders.no_receipt_is_used_beyond_itself", |db| {
        rows_wrong(
            db,
            sql!(
                "select receipt.company_id, receipt.id, receipt.amount_minor,
                   cast(sum(payment.amount_minor) as bigint) as used_minor
                 from order_receipt as receipt
                 join order_payment as payment
                   on payment.company_id = receipt.company_id and payment.receipt_id = receipt.id
                 group by receipt.company_id, receipt.id, receipt.amount_minor
                 having sum(payment.amount_minor) > receipt.amount_minor or sum(payment.amount_minor) < 0
                 order by receipt.company_id, receipt.id
                 limit 20"
            ),
        )
    }),
    Check::scan("orders.add_up", |db| {
        rows_wrong(
            db,
            sql!(
                "select orders.company_id, orders.id, orders.number, orders.goods_minor, orders.discount_minor,
                   orders.delivery_minor, orders.vat_minor, orders.total_minor,
                   cast(coalesce(sum(line.total_minor), 0) as bigint) as lines_minor,
                   cast(coalesce(sum(line.vat_minor), 0) as bigint) as lines_vat_minor
                 from orders
                 left join order_line as line
                   on line.company_id = orders.company_id and line.order_id = orders.id
                 group by orders.company_id, orders.id, orders.number, orders.goods_minor,
                   orders.discount_minor, orders.delivery_minor, orders.vat_minor, orders.total_minor
                 having orders.total_minor <> orders.goods_minor - orders.discount_minor + orders.delivery_minor
                   or orders.goods_minor - orders.discount_minor <> coalesce(sum(line.total_minor), 0)
                   or orders.vat_minor <> coalesce(sum(line.vat_minor), 0)
                 order by orders.company_id, orders.id
                 limit 20"
            ),
        )
    }),
    Check::scan("orders.lines_are_within_their_quantity", |db| {
        rows_wrong(
            db,
            sql!(
                "select company_id, order_id, id, quantity, reserved, shipped, cancelled, returned
                 from order_line
                 where quantity <= 0 or reserved < 0 or shipped < 0 or cancelled < 0 or returned < 0
                   or reserved + shipped + cancelled > quantity or returned > shipped
                 order by company_id, order_id, id
                 limit 20"
            ),
        )
    }),
    Check::scan("orders.counts_are_those_of_rows", |db| {
        rows_wrong(
            db,
            sql!(
                "select counted.company_id, counted.shop_id, counted.stage, counted.status,
                   cast(sum(counted.kept) as bigint) as counted, cast(sum(counted.there) as bigint) as there
                 from (
                   select company_id, shop_id, stage, status, orders as kept, 0 as there from order_count
                   union all
                   select company_id, shop_id, stage, status, orders, 0 from order_count_change
                   union all
                   select company_id, shop_id, stage, status, 0, count(*)
                   from orders
                   group by company_id, shop_id, stage, status
                 ) as counted
                 group by counted.company_id, counted.shop_id, counted.stage, counted.status
                 having sum(counted.kept) <> sum(counted.there)
                 order by counted.company_id, counted.shop_id, counted.stage, counted.status
                 limit 20"
            ),
        )
    }),
    Check::scan("orders.what_was_taken_in_is_there", |db| {
        rows_wrong(
            db,
            sql!(
                "select intake.company_id, intake.shop_id, intake.external_id, intake.order_id
                 from order_intake as intake
                 left join orders on orders.company_id = intake.company_id and orders.id = intake.order_id
                 where orders.id is null or orders.shop_id <> intake.shop_id
                 order by intake.company_id, intake.shop_id, intake.external_id
                 limit 20"
            ),
        )
    }),
    Check::scan("orders.have_a_history", |db| {
        rows_wrong(
            db,
            sql!(
                "select orders.company_id, orders.id, orders.number
                 from orders
                 where not exists (
                   select 1 from subject_head as head
                   where head.company_id = orders.company_id and head.subject_kind = 'order'
                     and head.subject_id = orders.id)
                 order by orders.company_id, orders.id
                 limit 20"
            ),
        )
    }),
];
