use takt_kernel::{Actor, CompanyId, Result, Timestamp};
use takt_store::{Query, Row, params, sql};

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
    .map(read)
    .collect()
}

/// These of an order, however much was remarked since; those that are there no more are left out.
///
/// # Errors
/// Faults of the store.
pub fn these_comments(
    db: &mut dyn Query,
    company: CompanyId,
    order: OrderId,
    ids: &[CommentId],
) -> Result<Vec<Comment>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = serde_json::Value::from(ids.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string();
    db.all(
        sql!(
            "select id, words, actor, at
             from order_comment
             where company_id = :company_id and order_id = :order_id and id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by at desc, id desc
             limit 1000"
        ),
        params![company_id: company, order_id: order, ids: ids],
    )?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &Row) -> Result<Comment> {
    Ok(Comment { id: row.get("id")?, text: row.get("words")?, actor: row.json("actor")?, at: row.get("at")? })
}
