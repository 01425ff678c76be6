//! What must hold of rows and sums, whatever happened.

use takt_store::{Check, rows_wrong, sql};

// An order about which something was said that was not heard yet is as it was before. While what was counted is taken
// away to be counted anew, neither rows nor sums are whole.
pub(crate) const CHECKS: &[Check] = &[
    Check::scan("slices.rows_are_the_orders", |db| {
        rows_wrong(
            db,
            sql!(
                "select orders.company_id, orders.id, orders.status, there.status as written, orders.total_minor,
                   there.total_minor as written_minor
                 from orders
                 left join slice_order as there on there.company_id = orders.company_id and there.order_id = orders.id
                 where (there.order_id is null or there.status <> orders.status or there.stage <> orders.stage
                     or there.total_minor <> orders.total_minor or there.shop_id <> orders.shop_id)
                   and not exists (
                     select 1 from slice_pending as waits
                     where waits.company_id = orders.company_id and waits.order_id = orders.id)
                   and not exists (select 1 from slice_filling as filling where filling.company_id = orders.company_id)
                   and not exists (
                     select 1
                     from fact as said
                     left join fact_position as place on place.fact_id = said.id
                     left join reaction_cursor as heard on heard.listener = 'slices.noted' and heard.lane = place.lane
                     where said.company_id = orders.company_id and said.subject_kind = 'order'
                       and said.subject_id = orders.id
                       and (place.position is null or heard.position is null or place.position > heard.position))
                 order by orders.company_id, orders.id
                 limit 20"
            ),
        )
    }),
    Check::scan("slices.sums_are_the_rows", |db| {
        rows_wrong(
            db,
            sql!(
                "select both_of.company_id, both_of.basis, both_of.day, both_of.shop_id,
                   cast(sum(both_of.orders) as bigint) as orders,
                   cast(sum(both_of.revenue_minor) as bigint) as revenue_minor
                 from (
                   select company_id, basis, day, shop_id, currency, orders, cancelled, units, revenue_minor
                   from slice_sum
                   where dimension = 0 and span = 0
                   union all
                   select company_id, 0, placed_on, shop_id, currency, -1, -cancelled,
                     case when cancelled = 1 then 0 else -units end, case when cancelled = 1 then 0 else -total_minor end
                   from slice_order
                   union all
                   select company_id, 1, paid_on, shop_id, currency, -1, -cancelled,
                     case when cancelled = 1 then 0 else -units end, case when cancelled = 1 then 0 else -total_minor end
                   from slice_order
                   where paid_on > 0
                   union all
                   select company_id, 2, shipped_on, shop_id, currency, -1, -cancelled,
                     case when cancelled = 1 then 0 else -units end, case when cancelled = 1 then 0 else -total_minor end
                   from slice_order
                   where shipped_on > 0
                   union all
                   select company_id, 3, finished_on, shop_id, currency, -1, -cancelled,
                     case when cancelled = 1 then 0 else -units end, case when cancelled = 1 then 0 else -total_minor end
                   from slice_order
                   where finished_on > 0
                 ) as both_of
                 where both_of.company_id not in (select company_id from slice_filling where after_id < 0)
                 group by both_of.company_id, both_of.basis, both_of.day, both_of.shop_id, both_of.currency
                 having sum(both_of.orders) <> 0 or sum(both_of.cancelled) <> 0 or sum(both_of.units) <> 0
                   or sum(both_of.revenue_minor) <> 0
                 order by both_of.company_id, both_of.basis, both_of.day, both_of.shop_id
                 limit 20"
            ),
        )
    }),
    Check::scan("slices.each_dimension_adds_up", |db| {
        rows_wrong(
            db,
            sql!(
                "select one.company_id, one.basis, one.dimension, one.span, one.day,
                   cast(one.revenue_minor as bigint) as revenue_minor,
                   cast(every_order.revenue_minor as bigint) as of_all
                 from (
                   select company_id, basis, dimension, span, day, currency, sum(revenue_minor) as revenue_minor,
                     sum(case when dimension in (8, 9) then 0 else orders end) as orders
                   from slice_sum
                   group by company_id, basis, dimension, span, day, currency
                 ) as one
                 join (
                   select company_id, basis, day, currency, sum(revenue_minor) as revenue_minor, sum(orders) as orders
                   from (
                     select company_id, basis, day, currency, revenue_minor, orders
                     from slice_sum
                     where dimension = 0 and span = 0
                     union all
                     select company_id, basis, day / 100 * 100, currency, revenue_minor, orders
                     from slice_sum
                     where dimension = 0 and span = 0
                   ) as days
                   group by company_id, basis, day, currency
                 ) as every_order on every_order.company_id = one.company_id and every_order.basis = one.basis
                   and every_order.day = one.day and every_order.currency = one.currency
                 where (one.revenue_minor <> every_order.revenue_minor
                   or (one.dimension not in (8, 9) and one.orders <> every_order.orders))
                   and one.company_id not in (select company_id from slice_filling where after_id < 0)
                 order by one.company_id, one.basis, one.dimension, one.day
                 limit 20"
            ),
        )
    }),
];
