//! What a person was putting together in a storefront and did not order.

use takt_customers::{Erasing, Kept};
use takt_kernel::Result;
use takt_store::{Query, Tx, params, sql};

const AT_ONCE: i64 = 500;

pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    let (mut shop, mut after) = (0_i64, 0_i64);
    loop {
        let rows = tx.all(
            sql!(
                "select shop_id, id, content
                 from gateway_draft
                 where company_id = :company_id and (shop_id, id) > (:shop_id, :after_id)
                 order by shop_id, id
                 limit :limit"
            ),
            params![company_id: erasing.company, shop_id: shop, after_id: after, limit: AT_ONCE],
        )?;
        for row in &rows {
            (shop, after) = (row.get("shop_id")?, row.get("id")?);
            if erasing.traces.are_in(&row.get::<String>("content")?) {
                tx.put(
                    sql!(
                        "delete from gateway_draft
                         where company_id = :company_id and shop_id = :shop_id and id = :id"
                    ),
                    params![company_id: erasing.company, shop_id: shop, id: after],
                )?;
            }
        }
        if i64::try_from(rows.len()).is_ok_and(|read| read < AT_ONCE) {
            return Ok(Vec::new());
        }
    }
}
