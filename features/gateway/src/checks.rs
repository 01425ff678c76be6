//! What must hold of requests of shops whatever happened.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[Check::scan("gateway.requests_made_orders", |db| {
    rows_wrong(
        db,
        sql!(
            "select request.company_id, request.shop_id, request.request_key, request.order_id
             from gateway_request as request
             left join orders on orders.company_id = request.company_id and orders.id = request.order_id
             where orders.id is null or orders.shop_id <> request.shop_id
             order by request.company_id, request.shop_id, request.request_key
             limit 20"
        ),
    )
})];
