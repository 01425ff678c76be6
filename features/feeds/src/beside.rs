//! One SKU in the feeds of several shops. The feed that told of it first brings it into the catalogue; what the others
//! say of it (name, price, stock) is kept for each of them and shown beside, and none overwrites another's. When the
//! first says no more of it, the next that tells takes it over.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::{Value, json};
use takt_catalog::pages::{OfferPanel, PanelContext};
use takt_kernel::{
    CompanyId, Result, ShopId, Timestamp,
    money::{Currency, Quantity, UnitPrice},
};
use takt_store::{Query, Tx, params, sql};
use takt_ui::{Column, Row, Table};

use crate::feed::{Feed, FeedId};

/// What one feed says of a SKU that another brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    pub feed: FeedId,
    pub shop: ShopId,
    pub shop_name: String,
    pub name: String,
    pub price: UnitPrice,
    pub currency: Currency,
    pub stock: Option<Quantity>,
    /// The feed says no more of it, or that it is not sold.
    pub gone: bool,
    pub told_at: Timestamp,
}

/// One offer as it is kept.
pub(crate) struct Said<'a> {
    pub sku: &'a str,
    pub name: &'a str,
    pub price: UnitPrice,
    pub currency: Currency,
    pub stock: Option<Quantity>,
    pub gone: bool,
}

/// Keeps what a feed says of offers of other feeds: one statement for the batch.
pub(crate) fn keep(tx: &mut Tx<'_>, feed: &Feed, said: &[Said<'_>]) -> Result<()> {
    if said.is_empty() {
        return Ok(());
    }
    let rows: Vec<Value> = said
        .iter()
        .map(|said| {
            json!({
                "sku": said.sku, "name": said.name, "price": said.price.ten_thousandths(), "currency": said.currency.code(),
                "stock": said.stock.map(Quantity::thousandths), "gone": said.gone,
            })
        })
        .collect();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into feed_beside (company_id, feed_id, sku, name, price, currency, stock, gone, told_at)
             select cast(:company_id as bigint), cast(:feed_id as bigint), {pg:told.sku, told.name, told.price, told.currency, told.stock, told.gone, cast(:now as bigint)
               from jsonb_to_recordset(cast(cast(:rows as text) as jsonb)) as told (sku text, name text, price bigint, currency text, stock bigint, gone boolean)|sqlite:value ->> 'sku', value ->> 'name', value ->> 'price', value ->> 'currency', value ->> 'stock', value ->> 'gone', cast(:now as bigint)
               from json_each(:rows)}
             where true
             on conflict (company_id, feed_id, sku) do update
             set name = excluded.name, price = excluded.price, currency = excluded.currency, stock = excluded.stock,
               gone = excluded.gone, told_at = excluded.told_at"
        ),
        params![
            company_id: feed.company, feed_id: feed.id, rows: Value::from(rows).to_string(), now: now,
        ],
    )
}

/// Price and stock that the feed has told of these last.
pub(crate) fn told(tx: &mut Tx<'_>, feed: &Feed, skus: &[&str]) -> Result<BTreeMap<String, Told>> {
    let rows = tx.all(
        sql!(
            "select sku, price, stock
             from feed_beside
             where company_id = :company_id and feed_id = :feed_id
               and sku in (select value from {pg:jsonb_array_elements_text(cast(cast(:skus as text) as jsonb)) as wanted (value)|sqlite:json_each(:skus)})
             order by sku
             limit 1000"
        ),
        params![company_id: feed.company, feed_id: feed.id, skus: Value::from(skus.to_vec()).to_string()],
    )?;
    rows.iter()
        .map(|row| {
            let stock: Option<i64> = row.get("stock")?;
            let told = Told { price: row.get("price")?, stock: stock.map(Quantity::from_thousandths) };
            Ok((row.get("sku")?, told))
        })
        .collect()
}

/// What a feed said of an offer last.
pub(crate) struct Told {
    pub price: UnitPrice,
    pub stock: Option<Quantity>,
}

/// It is listened to otherwise from now on: what it said before is said anew.
pub(crate) fn forget(tx: &mut Tx<'_>, feed: &Feed) -> Result<()> {
    tx.put(
        sql!(
            "delete from feed_beside
             where company_id = :company_id and feed_id = :feed_id"
        ),
        params![company_id: feed.company, feed_id: feed.id],
    )
}

/// The feed brings these itself from now on.
pub(crate) fn taken_over(tx: &mut Tx<'_>, feed: &Feed, skus: &[&str]) -> Result<()> {
    for sku in skus {
        tx.put(
            sql!(
                "delete from feed_beside
                 where company_id = :company_id and feed_id = :feed_id and sku = :sku"
            ),
            params![company_id: feed.company, feed_id: feed.id, sku: *sku],
        )?;
    }
    Ok(())
}

/// A whole document was read: what it did not say since then is gone.
pub(crate) fn end(tx: &mut Tx<'_>, feed: &Feed, begun_at: Timestamp) -> Result<()> {
    tx.put(
        sql!(
            "update feed_beside
             set gone = :gone
             where company_id = :company_id and feed_id = :feed_id and told_at < :begun_at"
        ),
        params![gone: true, company_id: feed.company, feed_id: feed.id, begun_at: begun_at],
    )
}

/// What feeds say of a SKU beside the one that brings it, by the shops' names.
///
/// # Errors
/// Faults of the store.
pub fn of_sku(db: &mut dyn Query, company: CompanyId, sku: &str) -> Result<Vec<Beside>> {
    db.all(
        sql!(
            "select feed_beside.feed_id, feed.shop_id, shop.name as shop_name, feed_beside.name, feed_beside.price,
               feed_beside.currency, feed_beside.stock, feed_beside.gone, feed_beside.told_at
             from feed_beside
             join feed on feed.company_id = feed_beside.company_id and feed.id = feed_beside.feed_id
             join shop on shop.company_id = feed.company_id and shop.id = feed.shop_id
             where feed_beside.company_id = :company_id and feed_beside.sku = :sku
             order by feed_beside.feed_id
             limit 100"
        ),
        params![company_id: company, sku: sku],
    )?
    .iter()
    .map(|row| {
        Ok(Beside {
            feed: row.get("feed_id")?,
            shop: row.get("shop_id")?,
            shop_name: row.get("shop_name")?,
            name: row.get("name")?,
            price: row.get("price")?,
            currency: row.get("currency")?,
            stock: row.get("stock")?,
            gone: row.get("gone")?,
            told_at: row.get("told_at")?,
        })
    })
    .collect()
}

pub(crate) const PANEL: OfferPanel =
    OfferPanel { title_key: "feeds-beside", place: 30, permission: "catalog.see", render: panel };

fn panel(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, offer, now) = (context.words, context.offer, db.now());
    let beside = of_sku(db, offer.company, &offer.sku)?;
    if beside.is_empty() {
        return Ok(html! {});
    }
    let rows = beside.iter().map(|one| {
        Row::new([
            html! { span.strong { (one.shop_name) } p.muted.small-text { (one.name) } },
            html! { (w.price(one.price, one.currency)) },
            html! { @match one.stock { Some(stock) => (w.quantity(stock)), None => "—" } },
            html! {
                @if one.gone { (w.t("feeds-beside-gone")) " " }
                (w.moment(one.told_at, now))
            },
        ])
        .dim(one.gone)
    });
    let table = Table::new(w, w.t("feeds-beside"))
        .columns([
            Column::new(w.t("feeds-beside-shop")).leading(),
            Column::new(w.t("feeds-beside-price")).numeric(),
            Column::new(w.t("feeds-beside-stock")).numeric(),
            Column::new(w.t("feeds-beside-told")),
        ])
        .rows(rows);
    Ok(html! { p.muted { (w.t("feeds-beside-text")) } (table) })
}
