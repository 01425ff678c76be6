//! What must hold of customers whatever happened.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[Check::scan("customers.merges_lead_somewhere", |db| {
    rows_wrong(
        db,
        sql!(
            "with recursive way (company_id, id, at, steps) as (
               select company_id, id, merged_into, 1
               from customer
               where merged_into is not null
               union all
               select way.company_id, way.id, customer.merged_into, way.steps + 1
               from way
               join customer on customer.company_id = way.company_id and customer.id = way.at
               where customer.merged_into is not null and way.steps < 1000
             )
             select company_id, id, steps
             from way
             where steps >= 1000
             order by company_id, id
             limit 20"
        ),
    )
})];
