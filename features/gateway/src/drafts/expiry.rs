//! Drafts that nobody touches any more. Each firing looks at a bounded number of the oldest drafts of
//! one shop, and sets itself again until all shops are through.

use serde_json::{Value, json};
use takt_kernel::{CompanyId, Result, ShopId, Timestamp};
use takt_orders::OrderId;
use takt_staff::{settings, shops};
use takt_store::{Query, Subject, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use super::DraftId;

/// Company setting: after how many days a draft is forgotten that nobody touched.
const DAYS: &str = "gateway.draft_days";
const USUAL_DAYS: i64 = 30;
const MOST_DAYS: i64 = 365;
/// Long enough for a program to place once more what it never heard the answer of.
const PLACED_DAYS: i64 = 7;
const DAY_SECONDS: i64 = 24 * 3600;
const BATCH: i64 = 500;
const EXPIRE: &str = "gateway.expire_drafts";

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: EXPIRE, does: "forgets drafts that nobody touched for a while", fire: expire };

pub(crate) fn expire_soon(tx: &mut Tx<'_>, company: CompanyId) -> Result<()> {
    go_on(tx, company, &Value::Null)
}

fn go_on(tx: &mut Tx<'_>, company: CompanyId, from: &Value) -> Result<()> {
    let at = tx.now().plus_seconds(1);
    timers::set(tx, company, EXPIRE, "", Subject::new("company", company.get()), at, from)
}

fn expire(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    let at_shop = due.payload.get("shop").and_then(Value::as_i64).unwrap_or(0);
    let after = due.payload.get("after").and_then(Value::as_i64).unwrap_or(0);
    let mut shops: Vec<ShopId> = shops::list(tx, due.company)?.iter().map(|shop| shop.id).collect();
    shops.sort_unstable();
    let Some(shop) = shops.iter().copied().find(|shop| shop.get() >= at_shop) else { return Ok(()) };
    let after = if shop.get() == at_shop { after } else { 0 };
    let from = match expire_batch(tx, due.company, shop, after)? {
        Some(seen) => json!({ "shop": shop, "after": seen }),
        None => json!({ "shop": shop.get() + 1 }),
    };
    if shops.last() == Some(&shop) && from.get("after").is_none() {
        return Ok(());
    }
    go_on(tx, due.company, &from)
}

/// Forgets what is old among the next drafts; answers up to which one it looked, when there may be more
/// old ones behind it.
fn expire_batch(tx: &mut Tx<'_>, company: CompanyId, shop: ShopId, after: i64) -> Result<Option<DraftId>> {
    let days = settings::get::<i64>(tx, company, DAYS)?.unwrap_or(USUAL_DAYS).clamp(1, MOST_DAYS);
    let untouched_since = tx.now().plus_seconds(-days * DAY_SECONDS);
    let placed_before = tx.now().plus_seconds(-PLACED_DAYS * DAY_SECONDS);
    let rows = tx.all(
        sql!(
            "select id, order_id, created_at, touched_at
             from gateway_draft
             where company_id = :company_id and shop_id = :shop_id and id > :after
             order by id
             limit :batch"
        ),
        params![company_id: company, shop_id: shop, after: after, batch: BATCH],
    )?;
    let mut old: Vec<i64> = Vec::new();
    let mut last = None;
    for row in &rows {
        let id: DraftId = row.get("id")?;
        let touched: Timestamp = row.get("touched_at")?;
        let placed = row.get::<Option<OrderId>>("order_id")?.is_some();
        if touched < if placed { placed_before.max(untouched_since) } else { untouched_since } {
            old.push(id.get());
        }
        last = Some((id, row.get::<Timestamp>("created_at")?));
    }
    if !old.is_empty() {
        tx.put(
            sql!(
                "delete from gateway_draft
                 where company_id = :company_id and shop_id = :shop_id and id in (
                   select cast(value as bigint)
                   from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})"
            ),
            params![company_id: company, shop_id: shop, ids: Value::from(old).to_string()],
        )?;
    }
    // Ids grow with time, so behind a draft of yesterday there is nothing old.
    let full = i64::try_from(rows.len()).is_ok_and(|length| length == BATCH);
    Ok(last.filter(|(_, created)| full && *created < placed_before.max(untouched_since)).map(|(id, _)| id))
}
