//! What must hold of parcels whatever happened.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[
    Check::scan("shipments.lines_left_in_parcels", |db| {
        rows_wrong(
            db,
            sql!(
                "select gone.company_id, gone.order_id, gone.line_id,
                   cast(sum(gone.by_order) as bigint) as shipped, cast(sum(gone.by_parcels) as bigint) as in_parcels
                 from (
                   select company_id, order_id, id as line_id, shipped as by_order, 0 as by_parcels
                   from order_line
                   where shipped <> 0
                   union all
                   select shipment.company_id, shipment.order_id, packed.line_id, 0, packed.quantity
                   from shipment_line as packed
                   join shipment
                     on shipment.company_id = packed.company_id and shipment.id = packed.shipment_id
                   where shipment.state <> 'packed'
                 ) as gone
                 group by gone.company_id, gone.order_id, gone.line_id
                 having sum(gone.by_order) <> sum(gone.by_parcels)
                 order by gone.company_id, gone.order_id, gone.line_id
                 limit 20"
            ),
        )
    }),
    Check::scan("shipments.belong_to_orders", |db| {
        rows_wrong(
            db,
            sql!(
                "select shipment.company_id, shipment.id, shipment.order_id, shipment.order_number
                 from shipment
                 left join orders
                   on orders.company_id = shipment.company_id and orders.id = shipment.order_id
                 where orders.id is null or orders.number <> shipment.order_number
                 order by shipment.company_id, shipment.id
                 limit 20"
            ),
        )
    }),
];
