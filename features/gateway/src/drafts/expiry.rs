//! Drafts that nobody touches any more. Each firing looks at a bounded number of the oldest drafts, shop
//! by shop, and sets itself again until all shops are through.

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
    let asked = |name: &str| due.payload.get(name).and_then(Value::as_i64).unwrap_or(0);
    let (at_shop, mut after) = (asked("shop"), asked("after"));
    let mut shops: Vec<ShopId> = shops::list(tx, due.company)?.iter().map(|shop| shop.id).collect();
    shops.sort_unstable();
    let age = Age::of(tx, due.company)?;
    let mut left = BATCH;
    for shop in shops.into_iter().filter(|shop| shop.get() >= at_shop) {
        if shop.get() != at_shop {
            after = 0;
        }
        let batch = expire_batch(tx, due.company, shop, after, left, &age)?;
        left -= batch.looked_at;
        if let Some(after) = batch.go_on_after {
            return go_on(tx, due.company, &json!({ "shop": shop, "after": after }));
        }
        if left <= 0 {
            return go_on(tx, due.company, &json!({ "shop": shop.get() + 1 }));
        }
    }
    Ok(())
}

/// When a draft must have been touched last to be forgotten.
struct Age {
    untouched_since: Timestamp,
    placed_before: Timestamp,
}

impl Age {
    fn of(tx: &mut Tx<'_>, company: CompanyId) -> Result<Self> {
        let days = settings::get::<i64>(tx, company, DAYS)?.unwrap_or(USUAL_DAYS).clamp(1, MOST_DAYS);
        let ago = |days: i64| tx.now().plus_seconds(-days * DAY_SECONDS);
        Ok(Self { untouched_since: ago(days), placed_before: ago(days.min(PLACED_DAYS)) })
    }
}

struct Batch {
    looked_at: i64,
    /// There may be more old ones behind this draft.
    go_on_after: Option<DraftId>,
}

/// Forgets what is old among the next drafts of a shop.
fn expire_batch(
    tx: &mut Tx<'_>,
    company: CompanyId,
    shop: ShopId,
    after: i64,
    most: i64,
    age: &Age,
) -> Result<Batch> {
    let rows = tx.all(
        sql!(
            "select id, order_id, created_at, touched_at
             from gateway_draft
             where company_id = :company_id and shop_id = :shop_id and id > :after
             order by id
             limit :batch"
        ),
        params![company_id: company, shop_id: shop, after: after, batch: most],
    )?;
    let mut old: Vec<i64> = Vec::new();
    let mut last = None;
    for row in &rows {
        let id: DraftId = row.get("id")?;
        let touched: Timestamp = row.get("touched_at")?;
        let placed = row.get::<Option<OrderId>>("order_id")?.is_some();
        if touched < if placed { age.placed_before } else { age.untouched_since } {
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
    let looked_at = i64::try_from(rows.len()).unwrap_or(most);
    let go_on_after =
        last.filter(|(_, created)| looked_at == most && *created < age.placed_before).map(|(id, _)| id);
    Ok(Batch { looked_at, go_on_after })
}
