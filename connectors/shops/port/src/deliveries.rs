//! Deliveries by the ids that the shop's system gives them: each is taken in once.

use takt_connections::{Connection, ConnectionId, messages::MessageId};
use takt_kernel::{CompanyId, Result};
use takt_store::{Query, Tx, params, sql};

const KEPT_SECONDS: i64 = 30 * 24 * 3600;
const BATCH: i64 = 2_000;

pub(crate) fn came(db: &mut dyn Query, connection: &Connection, delivery: &str) -> Result<bool> {
    let row = db.opt(
        sql!(
            "select message_id
             from shop_delivery
             where company_id = :company_id and connection_id = :connection_id and delivery = :delivery"
        ),
        params![company_id: connection.company, connection_id: connection.id, delivery: delivery],
    )?;
    Ok(row.is_some())
}

/// Notes a delivery. Whether it is the first.
pub(crate) fn first(
    tx: &mut Tx<'_>,
    connection: &Connection,
    delivery: &str,
    message: MessageId,
) -> Result<bool> {
    let now = tx.now();
    let added = tx.execute(
        sql!(
            "insert into shop_delivery (company_id, connection_id, delivery, message_id, received_at)
             values (:company_id, :connection_id, :delivery, :message_id, :now)
             on conflict (company_id, connection_id, delivery) do nothing"
        ),
        params![
            company_id: connection.company, connection_id: connection.id, delivery: delivery, message_id: message,
            now: now,
        ],
    )?;
    Ok(added == 1)
}

pub(crate) fn forget_old(tx: &mut Tx<'_>, company: CompanyId, connection: ConnectionId) -> Result<()> {
    let before = tx.now().plus_seconds(-KEPT_SECONDS);
    tx.put(
        sql!(
            "delete from shop_delivery
             where company_id = :company_id and connection_id = :connection_id and delivery in (
               select delivery
               from shop_delivery
               where company_id = :company_id and connection_id = :connection_id and received_at < :before
               order by received_at
               limit :batch)"
        ),
        params![company_id: company, connection_id: connection, before: before, batch: BATCH],
    )
}
