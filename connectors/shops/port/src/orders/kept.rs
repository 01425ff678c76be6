//! What a shop last said of an order, and what we wrote to it.

use serde::{Deserialize, Serialize};
use takt_connections::ConnectionId;
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_orders::OrderId;
use takt_store::{Query, Row, Tx, params, sql};

use crate::{SaidOrder, connected::Shop};

#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub order: Option<OrderId>,
    pub said: Option<SaidOrder>,
    /// It was deleted there.
    pub gone: bool,
    pub written: Written,
    /// The version of ours that was last held beside its word.
    pub compared: Option<i64>,
}

/// What we wrote to the shop, so that it is not written again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Written {
    pub status: Option<String>,
    pub tracking: Vec<String>,
}

/// What is known of an order there. Whoever else hears of the same order waits.
///
/// # Errors
/// Faults of the store.
pub fn lock(tx: &mut Tx<'_>, shop: &Shop, external_id: &str) -> Result<Kept> {
    tx.put(
        sql!(
            "insert into shop_order (company_id, connection_id, external_id, order_id, said, modified_at, gone, written)
             values (:company_id, :connection_id, :external_id, null, null, 0, :gone, null)
             on conflict (company_id, connection_id, external_id) do nothing"
        ),
        params![
            company_id: shop.company(), connection_id: shop.connection.id, external_id: external_id, gone: false,
        ],
    )?;
    let row = tx.one(
        sql!(
            "select order_id, said, gone, written, compared
             from shop_order
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id
             {pg:for update|sqlite:}"
        ),
        params![company_id: shop.company(), connection_id: shop.connection.id, external_id: external_id],
    )?;
    read(&row)
}

/// # Errors
/// Faults of the store.
pub fn find(
    db: &mut dyn Query,
    company: CompanyId,
    connection: ConnectionId,
    external_id: &str,
) -> Result<Option<Kept>> {
    db.opt(
        sql!(
            "select order_id, said, gone, written, compared
             from shop_order
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id"
        ),
        params![company_id: company, connection_id: connection, external_id: external_id],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// The shops that know an order of ours, with its ids there.
///
/// # Errors
/// Faults of the store.
pub fn of_order(
    db: &mut dyn Query,
    company: CompanyId,
    order: OrderId,
) -> Result<Vec<(ConnectionId, String)>> {
    let rows = db.all(
        sql!(
            "select connection_id, external_id
             from shop_order
             where company_id = :company_id and order_id = :order_id
             order by connection_id, external_id
             limit 20"
        ),
        params![company_id: company, order_id: order],
    )?;
    rows.iter().map(|row| Ok((row.get("connection_id")?, row.get("external_id")?))).collect()
}

fn read(row: &Row) -> Result<Kept> {
    let said = row.get::<Option<String>>("said")?.map(|_| row.json("said")).transpose()?;
    let written = row.get::<Option<String>>("written")?.map(|_| row.json("written")).transpose()?;
    Ok(Kept {
        order: row.get("order_id")?,
        said,
        gone: row.get("gone")?,
        written: written.unwrap_or_default(),
        compared: row.get("compared")?,
    })
}

/// # Errors
/// Faults of the store.
pub fn save(tx: &mut Tx<'_>, shop: &Shop, external_id: &str, kept: &Kept) -> Result<()> {
    let modified_at = kept.said.as_ref().map_or(Timestamp::from_micros(0), |said| said.modified_at);
    let said = kept.said.as_ref().map(text).transpose()?;
    let written = if kept.written == Written::default() { None } else { Some(text(&kept.written)?) };
    tx.put(
        sql!(
            "update shop_order
             set order_id = :order_id, said = :said, modified_at = :modified_at, gone = :gone, written = :written,
               compared = :compared
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id"
        ),
        params![
            order_id: kept.order, said: said, modified_at: modified_at, gone: kept.gone, written: written,
            compared: kept.compared,
            company_id: shop.company(), connection_id: shop.connection.id, external_id: external_id,
        ],
    )
}

/// It was held beside this version of ours.
///
/// # Errors
/// Faults of the store.
pub(crate) fn compared(tx: &mut Tx<'_>, shop: &Shop, external_id: &str, version: i64) -> Result<()> {
    tx.put(
        sql!(
            "update shop_order
             set compared = :version
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id"
        ),
        params![
            version: version, company_id: shop.company(), connection_id: shop.connection.id,
            external_id: external_id,
        ],
    )
}

fn text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Fault::broken("shops.unwritable").because(error))
}
