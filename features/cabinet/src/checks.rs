//! What must hold of what is kept for the cabinet.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[
    Check::scan("cabinet.sums_are_the_standings", |db| {
        rows_wrong(
            db,
            sql!(
                "select company_id, what, holder, currency, cast(sum(orders) as bigint) as orders,
               cast(sum(minor) as bigint) as minor
             from (
               select company_id, what, holder, currency, orders, minor
               from cabinet_sum
               where day = 0
               union all
               select company_id, what, holder, currency, orders, minor
               from cabinet_change
               where day = 0
               union all
               select company_id, stage, holder, currency, -1, -total_minor
               from cabinet_standing
             ) as counted
             group by company_id, what, holder, currency
             having sum(orders) <> 0 or sum(minor) <> 0
             order by company_id, what, holder, currency
             limit 20"
            ),
        )
    }),
    // What was said of an order and not heard yet is not kept yet.
    Check::scan("cabinet.standings_are_the_orders", |db| {
        rows_wrong(
            db,
            sql!(
                "select orders.company_id, orders.id, orders.stage, kept.stage as kept_stage, orders.holder,
                   kept.holder as kept_holder, orders.total_minor, kept.total_minor as kept_minor
                 from orders
                 left join cabinet_standing as kept on kept.company_id = orders.company_id and kept.order_id = orders.id
                 where (orders.in_work and (kept.order_id is null or kept.stage <> orders.stage
                       or kept.holder <> coalesce(orders.holder, '') or kept.total_minor <> orders.total_minor
                       or kept.due_at <> coalesce(orders.due_at, 9007199254740991))
                     or not orders.in_work and kept.order_id is not null)
                   and not exists (
                     select 1
                     from fact as said
                     left join fact_position as place on place.fact_id = said.id
                     left join reaction_cursor as heard on heard.listener = 'cabinet.keep' and heard.lane = place.lane
                     where said.company_id = orders.company_id and said.subject_kind = 'order'
                       and said.subject_id = orders.id
                       and (place.position is null or heard.position is null or place.position > heard.position))
                 order by orders.company_id, orders.id
                 limit 20"
            ),
        )
    }),
];
