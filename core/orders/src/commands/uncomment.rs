use takt_kernel::{Fault, Result};
use takt_staff::Permit;
use takt_store::{Tx, params, sql};

use super::settle::{save, say};
use crate::{
    facts::CommentWithdrawn,
    order::{CommentId, Order, OrderId},
    permissions::CommentOrders,
    queries, rows,
};

/// Only what is still fresh is taken back.
const MOST_COMMENTS: i64 = 50;

/// Takes back a remark of one's own. That there was one, and who took it back, stays; its words do not.
///
/// # Errors
/// `orders.changed_meanwhile`; `orders.comment_missing`, also for those of others.
pub fn uncomment(
    tx: &mut Tx,
    permit: &Permit<CommentOrders>,
    id: OrderId,
    expected_version: Option<i64>,
    comment: CommentId,
) -> Result<Order> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    before.expect_version(expected_version)?;
    let mut comments = queries::comments(tx, before.company, id, MOST_COMMENTS)?;
    let own = |known: &queries::Comment| known.id == comment && known.actor == *permit.actor();
    let place = comments.iter().position(own).ok_or_else(|| Fault::missing("orders.comment_missing"))?;
    comments.remove(place);
    tx.put(
        sql!(
            "delete from order_comment
             where company_id = :company_id and order_id = :order_id and id = :id"
        ),
        params![company_id: before.company, order_id: id, id: comment],
    )?;
    let mut after = before.clone();
    after.last_comment = comments.first().map(|newest| newest.text.clone());
    save(tx, &before, &mut after)?;
    say(tx, &after, permit.actor(), &CommentWithdrawn { comment }, Vec::new())?;
    Ok(after)
}
