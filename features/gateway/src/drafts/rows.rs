use takt_kernel::{CompanyId, Fault, Result, ShopId};
use takt_store::{Query, Row, Tx, params, sql};

use super::{Draft, DraftId, content::Content};

pub(super) fn load(db: &mut dyn Query, company: CompanyId, shop: ShopId, id: DraftId) -> Result<Draft> {
    let row = db.opt(
        sql!(
            "select company_id, shop_id, id, content, order_id, version, created_at, touched_at
             from gateway_draft
             where company_id = :company_id and shop_id = :shop_id and id = :id"
        ),
        params![company_id: company, shop_id: shop, id: id],
    )?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| missing(id))
}

pub(super) fn lock(tx: &mut Tx<'_>, company: CompanyId, shop: ShopId, id: DraftId) -> Result<Draft> {
    let row = tx.opt(
        sql!(
            "select company_id, shop_id, id, content, order_id, version, created_at, touched_at
             from gateway_draft
             where company_id = :company_id and shop_id = :shop_id and id = :id
             {pg:for update|sqlite:}"
        ),
        params![company_id: company, shop_id: shop, id: id],
    )?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| missing(id))
}

pub(super) fn insert(tx: &mut Tx<'_>, draft: &Draft) -> Result<()> {
    tx.put(
        sql!(
            "insert into gateway_draft (company_id, shop_id, id, content, version, created_at, touched_at)
             values (:company_id, :shop_id, :id, :content, :version, :created_at, :touched_at)"
        ),
        params![
            company_id: draft.company, shop_id: draft.shop, id: draft.id, content: written(&draft.content)?,
            version: draft.version, created_at: draft.created_at, touched_at: draft.touched_at,
        ],
    )
}

/// Writes a changed draft with the next version.
pub(super) fn save(tx: &mut Tx<'_>, draft: &mut Draft) -> Result<()> {
    draft.version += 1;
    draft.touched_at = tx.now();
    tx.put(
        sql!(
            "update gateway_draft
             set content = :content, version = :version, touched_at = :touched_at
             where company_id = :company_id and shop_id = :shop_id and id = :id"
        ),
        params![
            content: written(&draft.content)?, version: draft.version, touched_at: draft.touched_at,
            company_id: draft.company, shop_id: draft.shop, id: draft.id,
        ],
    )
}

/// What a placed draft held is the order's now.
pub(super) fn save_placed(tx: &mut Tx<'_>, draft: &Draft) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update gateway_draft
             set content = :content, order_id = :order_id, version = :version, touched_at = :touched_at
             where company_id = :company_id and shop_id = :shop_id and id = :id"
        ),
        params![
            content: written(&draft.content.emptied())?, order_id: draft.order, version: draft.version + 1,
            touched_at: now, company_id: draft.company, shop_id: draft.shop, id: draft.id,
        ],
    )
}

pub(super) fn delete(tx: &mut Tx<'_>, company: CompanyId, shop: ShopId, id: DraftId) -> Result<()> {
    tx.put(
        sql!(
            "delete from gateway_draft
             where company_id = :company_id and shop_id = :shop_id and id = :id"
        ),
        params![company_id: company, shop_id: shop, id: id],
    )
}

/// The drafts of a shop, the newest first.
pub(super) fn list(
    db: &mut dyn Query,
    company: CompanyId,
    shop: ShopId,
    before: Option<DraftId>,
    limit: i64,
) -> Result<Vec<Draft>> {
    db.all(
        sql!(
            "select company_id, shop_id, id, content, order_id, version, created_at, touched_at
             from gateway_draft
             where company_id = :company_id and shop_id = :shop_id and id < :before
             order by id desc
             limit :limit"
        ),
        params![
            company_id: company, shop_id: shop, before: before.map_or(i64::MAX, |id| id.get()), limit: limit,
        ],
    )?
    .iter()
    .map(read)
    .collect()
}

fn missing(id: DraftId) -> Fault {
    Fault::missing("gateway.draft_missing").arg("id", id)
}

fn written(content: &Content) -> Result<String> {
    serde_json::to_string(content).map_err(|error| Fault::broken("gateway.draft_unwritable").because(error))
}

fn read(row: &Row) -> Result<Draft> {
    Ok(Draft {
        company: row.get("company_id")?,
        shop: row.get("shop_id")?,
        id: row.get("id")?,
        content: row.json("content")?,
        order: row.get("order_id")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        touched_at: row.get("touched_at")?,
    })
}
