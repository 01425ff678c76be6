use takt_kernel::Result;
use takt_staff::Permit;
use takt_store::{Change, Query, Tx, params, sql};

use super::settle::{save, say};
use crate::{
    content::Content,
    facts::Identified,
    new_order::FieldFaults,
    order::{Order, OrderId},
    permissions::EditOrders,
    rows,
};

const LONGEST: usize = 120;

/// The id that the shop gives to an order which was not born there. From then on the shop's messages under
/// that id mean this order.
///
/// # Errors
/// `orders.other_external_id` when the order has another id, `orders.external_id_taken` when another order of the shop
/// has this one; `input.fields` for an id that is empty or too long.
pub fn identify(tx: &mut Tx, permit: &Permit<EditOrders>, id: OrderId, external_id: &str) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    let external_id = external_id.trim();
    let mut faults = FieldFaults::default();
    if external_id.is_empty() {
        faults.push("external_id", "orders.empty");
    }
    faults.longest("external_id", Some(external_id), LONGEST);
    faults.into_result(Some(()))?;
    if let Some(known) = &before.external_id {
        if known == external_id {
            return Ok(before);
        }
        return Err(before.conflict("orders.other_external_id").arg("external_id", known));
    }
    let lines = rows::lines(tx, before.company, id)?;
    let mut after = before.clone();
    after.external_id = Some(external_id.to_owned());
    let content = Content::of_order(&after, &lines)?;
    let added = tx.execute(
        sql!(
            "insert into order_intake (company_id, shop_id, external_id, order_id, digest, content)
             values (:company_id, :shop_id, :external_id, :order_id, :digest, :content)
             on conflict (company_id, shop_id, external_id) do nothing"
        ),
        params![
            company_id: after.company, shop_id: after.shop, external_id: external_id, order_id: id,
            digest: content.digest()?, content: content.to_json()?,
        ],
    )?;
    if added == 0 {
        return Err(before.conflict("orders.external_id_taken").arg("external_id", external_id));
    }
    let now = tx.now();
    tx.put(
        sql!(
            "update orders
             set external_id = :external_id, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![external_id: external_id, now: now, company_id: after.company, id: id],
    )?;
    save(tx, &before, &mut after)?;
    let change = Change::of("external_id", None, Some(external_id.to_owned()));
    say(tx, &after, permit.actor(), &Identified { external_id: external_id.to_owned() }, vec![change])?;
    rows::load(tx, after.company, id)
}
