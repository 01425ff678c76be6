//! What is written to the shop, for connections whose settings switch it on: statuses and tracking numbers of
//! orders, and what may be sold. Nothing is ever deleted there, and what we wrote is known when it comes back.

mod orders;
mod stock;

pub(crate) use orders::{LISTENER as ORDERS, job as order_job};
pub(crate) use stock::{CHORE as STOCK, LISTENER as STOCKS, job as stock_job};

use takt_connections::{ConnectionId, any_of_kind, get};
use takt_kernel::{CompanyId, Fault, Result};
use takt_outbound::{Call, Reply};
use takt_shops_port::{Line, Shop, poll::rest_seconds};
use takt_store::{Db, Query};
use takt_work::{JobEnd, Needed};

use crate::{KIND, api};

pub(crate) const NEEDED: [Needed; 2] = [needed(ORDERS.name), needed(STOCKS.name)];

const fn needed(listener: &'static str) -> Needed {
    Needed { listener, by_anybody: |db: &mut dyn Query| any_of_kind(db, KIND) }
}

/// How a write ended when it did not succeed.
enum Trouble {
    /// Our own, or the line's: the job is tried again.
    Fault(Fault),
    /// The shop asks for rest.
    Rest(i64),
    /// It will never succeed.
    Refused(u16),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Trouble {
    fn end(self, db: &Db) -> Result<JobEnd> {
        match self {
            Self::Fault(fault) => Err(fault),
            Self::Rest(seconds) => Ok(JobEnd::RetryAt(db.clock().now().plus_seconds(seconds))),
            Self::Refused(status @ (401 | 403)) => {
                Ok(JobEnd::GiveUp(Fault::unavailable("shops.keys_refused").arg("status", status)))
            }
            Self::Refused(status) => {
                Ok(JobEnd::GiveUp(Fault::invalid("shops.answered_badly").arg("status", status)))
            }
        }
    }
}

/// One shop that is written to.
struct Writer {
    db: Db,
    line: Line,
    shop: Shop,
}

impl Writer {
    /// Nothing when the shop is not to be written to. It may be paused.
    async fn of(
        db: &Db,
        line: &Line,
        (company, id): (CompanyId, ConnectionId),
        wanted: fn(&Shop) -> bool,
    ) -> Result<Option<Self>> {
        let shop = db
            .read("woocommerce.writer", move |reader| {
                let connection = get(reader, company, id)?;
                Shop::of(reader, connection)?.with_secrets(reader)
            })
            .await?;
        let writes = wanted(&shop) && shop.may_be_asked();
        let writer = Self { db: db.clone(), line: line.clone(), shop };
        Ok(writes.then_some(writer))
    }

    async fn send(&self, call: Call) -> Result<Reply, Trouble> {
        let reply = self.line.send(api::signed(&self.shop, call)?).await?;
        match reply.status {
            200..300 => Ok(reply),
            429 | 503 => Err(Trouble::Rest(rest_seconds(&reply, self.db.clock().now()))),
            400..500 => Err(Trouble::Refused(reply.status)),
            status => Err(Trouble::Fault(Fault::unavailable("shops.answered_badly").arg("status", status))),
        }
    }
}
