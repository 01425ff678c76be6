use takt_kernel::{Actor, CompanyId, Result, Timestamp};
use takt_store::{Query, params, sql};

use crate::order::{CommentId, OrderId};

#[derive(Clone, Debug)]
pub struct Comment {
    pub id: CommentId,
    pub text: String,
    pub actor: Actor,
    pub at: Timestamp,
}

/// What our people remarked, the newest first.
///
/// # Errors
/// Faults of the store.
pub fn comments(db: &mut dyn Query, company: CompanyId, order: OrderId, limit: i64) -> Result<Vec<Comment>> {
    db.all(
        sql!(
            "select id, words, actor, at
             from order_comment
             where company_id = :company_id and order_id = :order_id
             order by at desc, id desc
             limit :limit"
        ),
        params![company_id: company, order_id: order, limit: limit],
    )?
    .iter()
    .map(|row| {
        Ok(Comment {
            id: row.get("id")?,
            text: row.get("words")?,
            actor: row.json("actor")?,
            at: row.get("at")?,
        })
    })
    .collect()
}
