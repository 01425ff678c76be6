use takt_kernel::{Fault, Result};
use takt_staff::Permit;
use takt_store::{Query, Tx, params, sql};

use super::settle::{save, say};
use crate::{
    facts::Commented,
    new_order::{FieldFaults, check_comment},
    order::{CommentId, OrderId},
    permissions::CommentOrders,
    rows,
};

/// Adds a remark of our own people. The words may be personal, so the fact holds only their id.
///
/// # Errors
/// `input.fields` for an empty or too long text.
pub fn comment(tx: &mut Tx, permit: &Permit<CommentOrders>, id: OrderId, text: &str) -> Result<CommentId> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    let text = text.trim();
    let mut faults = FieldFaults::default();
    if text.is_empty() {
        faults.push("comment", "orders.empty");
    }
    check_comment(text, &mut faults);
    faults.into_result(Some(()))?;
    let comment: CommentId = tx.new_id();
    let at = tx.now();
    let actor = serde_json::to_string(permit.actor())
        .map_err(|error| Fault::broken("orders.actor_unwritable").because(error))?;
    tx.put(
        sql!(
            "insert into order_comment (company_id, order_id, id, words, actor, at)
             values (:company_id, :order_id, :id, :words, :actor, :at)"
        ),
        params![company_id: before.company, order_id: id, id: comment, words: text, actor: actor, at: at],
    )?;
    let mut after = before.clone();
    after.last_comment = Some(text.to_owned());
    save(tx, &before, &mut after)?;
    say(tx, &after, permit.actor(), &Commented { comment }, Vec::new())?;
    Ok(comment)
}
