//! Statuses and tracking numbers.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};
use takt_connections::{ConnectionId, get};
use takt_kernel::Result;
use takt_orders::{Order, OrderId, Stage, load};
use takt_outbound::Call;
use takt_shops_port::{
    Line, Settings, Shop, differences,
    orders::kept::{self, Kept},
};
use takt_store::{RecordedFact, Tx};
use takt_work::{JobEnd, JobKind, JobRun, Listener, jobs};

use super::{Trouble, Writer};
use crate::{KIND, api};

const WRITE: &str = "woocommerce.write_order";
/// Three days and more: a shop may be down for a day and a weekend.
const MOST_ATTEMPTS: i64 = 100;
/// A paused connection is looked at again after so long.
const PAUSED_SECONDS: i64 = 300;

pub(crate) const LISTENER: Listener = Listener {
    name: WRITE,
    hears: &[
        "orders.status_set",
        "orders.confirmed",
        "orders.ready",
        "orders.shipped",
        "orders.delivered",
        "orders.completed",
        "orders.cancelled",
        "shipments.dispatched",
        "shipments.edited",
    ],
    does: "writes an order's status and tracking number to the shop",
    react,
};

pub(crate) fn job(line: Line) -> JobKind {
    JobKind {
        kind: WRITE,
        does: "writes one order's status and tracking number to one shop",
        concurrency: line.limits.at_once,
        max_attempts: MOST_ATTEMPTS,
        run: Arc::new(move |run: JobRun| Box::pin(attempt(run, line.clone()))),
    }
}

fn react(tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<()> {
    let order = match fact.subject_kind.as_str() {
        takt_orders::facts::SUBJECT => OrderId::new(fact.subject_id),
        _ => match fact.body.get("order").and_then(Value::as_i64) {
            Some(order) => OrderId::new(order),
            None => return Ok(()),
        },
    };
    for (id, external_id) in kept::of_order(tx, fact.company, order)? {
        let connection = get(tx, fact.company, id)?;
        if connection.kind != KIND || !Settings::of(&connection).is_ok_and(|settings| settings.write_orders) {
            continue;
        }
        let payload = json!({ "connection": id, "order": order, "external_id": external_id });
        // One for each order, or two would write the same at the same moment; one that runs looks once more.
        jobs::call(tx, fact.company, WRITE, &format!("{id}/{order}"), &payload)?;
    }
    Ok(())
}

async fn attempt(run: JobRun, line: Line) -> Result<JobEnd> {
    let number = |name: &str| run.payload.get(name).and_then(Value::as_i64);
    let external_id = run.payload.get("external_id").and_then(Value::as_str).map(str::to_owned);
    let (Some(id), Some(order), Some(external_id)) = (number("connection"), number("order"), external_id)
    else {
        return Ok(JobEnd::Done);
    };
    let whose = (run.company, ConnectionId::new(id));
    let wanted = |shop: &Shop| shop.settings.write_orders;
    let writer = match Writer::of(&run.db, &line, whose, wanted).await? {
        Some(writer) if writer.shop.connection.paused => {
            return Ok(JobEnd::RetryAt(run.db.clock().now().plus_seconds(PAUSED_SECONDS)));
        }
        Some(writer) => writer,
        None => return Ok(JobEnd::Done),
    };
    match write(&writer, OrderId::new(order), &external_id).await {
        Ok(()) => Ok(JobEnd::Done),
        // It is not there any more, which its deletion will tell.
        Err(Trouble::Refused(404 | 410)) => Ok(JobEnd::Done),
        Err(trouble) => trouble.end(&run.db),
    }
}

struct Look {
    order: Order,
    kept: Kept,
    tracking: Vec<String>,
}

async fn write(writer: &Writer, order: OrderId, external_id: &str) -> Result<(), Trouble> {
    let look = look(writer, order, external_id).await?;
    let said = look.kept.said.as_ref().map(|said| said.status.as_str());
    if let Some(status) = wanted_status(&writer.shop, &look.order)
        && said != Some(status.as_str())
    {
        // First that it is ours, then the deed: its echo may be faster than the answer.
        keep(writer, external_id, {
            let status = status.clone();
            move |kept| kept.written.status = Some(status.clone())
        })
        .await?;
        let address = api::address(&writer.shop, &format!("/orders/{external_id}"))?;
        writer.send(Call::new(Method::PUT, address).json(&json!({ "status": status }))).await?;
        keep(writer, external_id, move |kept| {
            if let Some(said) = &mut kept.said {
                said.status.clone_from(&status);
            }
        })
        .await?;
        written(writer, external_id).await?;
    }
    for tracking in look.tracking.iter().filter(|tracking| !look.kept.written.tracking.contains(tracking)) {
        note(writer, external_id, tracking).await?;
        let tracking = tracking.clone();
        keep(writer, external_id, move |kept| {
            if !kept.written.tracking.contains(&tracking) {
                kept.written.tracking.push(tracking.clone());
            }
        })
        .await?;
    }
    Ok(())
}

async fn look(writer: &Writer, order: OrderId, external_id: &str) -> Result<Look> {
    let (company, connection) = (writer.shop.company(), writer.shop.connection.id);
    let external_id = external_id.to_owned();
    writer
        .db
        .read("woocommerce.look", move |reader| {
            let shipments = takt_shipments::of_order(reader, company, order)?;
            Ok(Look {
                order: load(reader, company, order)?,
                kept: kept::find(reader, company, connection, &external_id)?.unwrap_or_default(),
                tracking: shipments.into_iter().filter_map(|shipment| shipment.tracking).collect(),
            })
        })
        .await
}

async fn keep(writer: &Writer, external_id: &str, change: impl Fn(&mut Kept) + Send + 'static) -> Result<()> {
    let external_id = external_id.to_owned();
    let connection = writer.shop.connection.clone();
    writer
        .db
        .write("woocommerce.written", move |tx| {
            let shop = Shop::of(tx, connection.clone())?;
            let mut kept = kept::lock(tx, &shop, &external_id)?;
            change(&mut kept);
            kept::save(tx, &shop, &external_id, &kept)
        })
        .await
}

/// What differed may agree by now.
async fn written(writer: &Writer, external_id: &str) -> Result<()> {
    let (connection, external_id) = (writer.shop.connection.clone(), external_id.to_owned());
    writer
        .db
        .write("woocommerce.agreed", move |tx| {
            let shop = Shop::of(tx, connection.clone())?;
            differences::order_written(tx, &shop, &external_id)
        })
        .await
}

/// The shop's status that ours means: by the settings, else what is over here is over there.
fn wanted_status(shop: &Shop, order: &Order) -> Option<String> {
    let table = &shop.settings.statuses_back;
    let told = table.get(&order.status).or_else(|| table.get(order.stage.code()));
    match told.map(|status| status.trim()) {
        Some("") => None,
        Some(status) => Some(status.to_owned()),
        None => match order.stage {
            Stage::Complete => Some("completed".to_owned()),
            Stage::Cancel => Some("cancelled".to_owned()),
            Stage::New | Stage::Approval | Stage::Assembling | Stage::Delivery => None,
        },
    }
}

/// Adds a note, unless one with this number is there: an earlier attempt may have been cut off after it.
async fn note(writer: &Writer, external_id: &str, tracking: &str) -> Result<(), Trouble> {
    let address = api::address(&writer.shop, &format!("/orders/{external_id}/notes"))?;
    let there: Vec<Value> = writer.send(Call::get(&address)).await?.json()?;
    let holds =
        |note: &Value| note.get("note").and_then(Value::as_str).is_some_and(|note| note.contains(tracking));
    if there.iter().any(holds) {
        return Ok(());
    }
    writer.send(Call::post(&address).json(&json!({ "note": tracking, "customer_note": false }))).await?;
    Ok(())
}
