//! What must hold of stock whatever happened.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[
    Check::scan("stock.levels_are_the_sums_of_movements", |db| {
        rows_wrong(
            db,
            sql!(
                "select moved.company_id, moved.offer_id, moved.warehouse_id,
                   cast(sum(moved.on_hand) as bigint) as on_hand, cast(sum(moved.quantity) as bigint) as movements
                 from (
                   select company_id, offer_id, warehouse_id, on_hand, 0 as quantity from stock_level
                   union all
                   select company_id, offer_id, warehouse_id, 0, quantity from stock_movement
                 ) as moved
                 group by moved.company_id, moved.offer_id, moved.warehouse_id
                 having sum(moved.on_hand) <> sum(moved.quantity)
                 order by moved.company_id, moved.offer_id, moved.warehouse_id
                 limit 20"
            ),
        )
    }),
    Check::scan("stock.held_is_the_sum_of_reservations", |db| {
        rows_wrong(
            db,
            sql!(
                "select held.company_id, held.offer_id, held.warehouse_id,
                   cast(sum(held.held) as bigint) as held, cast(sum(held.quantity) as bigint) as reservations
                 from (
                   select company_id, offer_id, warehouse_id, held, 0 as quantity from stock_level
                   union all
                   select company_id, offer_id, warehouse_id, 0, quantity from stock_reservation
                 ) as held
                 group by held.company_id, held.offer_id, held.warehouse_id
                 having sum(held.held) <> sum(held.quantity)
                 order by held.company_id, held.offer_id, held.warehouse_id
                 limit 20"
            ),
        )
    }),
    Check::scan("stock.no_more_is_held_than_lies_there", |db| {
        rows_wrong(
            db,
            sql!(
                "select company_id, offer_id, warehouse_id, on_hand, held
                 from stock_level
                 where held < 0 or held > on_hand
                 order by company_id, offer_id, warehouse_id
                 limit 20"
            ),
        )
    }),
    Check::scan("stock.orders_know_what_is_held_for_them", |db| {
        rows_wrong(
            db,
            sql!(
                "select held.company_id, held.order_id, held.line_id,
                   cast(sum(held.by_order) as bigint) as reserved, cast(sum(held.by_stock) as bigint) as held
                 from (
                   select company_id, order_id, id as line_id, reserved as by_order, 0 as by_stock
                   from order_line
                   where reserved <> 0
                   union all
                   select company_id, order_id, line_id, 0, quantity from stock_reservation
                 ) as held
                 group by held.company_id, held.order_id, held.line_id
                 having sum(held.by_order) <> sum(held.by_stock)
                 order by held.company_id, held.order_id, held.line_id
                 limit 20"
            ),
        )
    }),
    Check::scan("stock.what_came_back_is_what_orders_took_back", |db| {
        rows_wrong(
            db,
            sql!(
                "select moved.company_id, moved.order_id, moved.line_id, moved.came, moved.written_off,
                   order_line.returned, moved.odd
                 from (
                   select company_id, order_id, line_id,
                     cast(sum(case kind when 'return' then quantity else 0 end) as bigint) as came,
                     cast(sum(case kind when 'write_off' then -quantity else 0 end) as bigint) as written_off,
                     cast(sum(case when kind = 'write_off' and (note is null or quantity >= 0) then 1 else 0 end) as bigint) as odd
                   from stock_movement
                   where order_id is not null and kind in ('return', 'write_off')
                   group by company_id, order_id, line_id
                 ) as moved
                 left join order_line on order_line.company_id = moved.company_id
                   and order_line.order_id = moved.order_id and order_line.id = moved.line_id
                 where order_line.id is null or moved.came > order_line.returned
                   or moved.written_off > moved.came or moved.odd > 0
                 order by moved.company_id, moved.order_id, moved.line_id
                 limit 20"
            ),
        )
    }),
];
