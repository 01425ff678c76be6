//! What may be sold: here it is known, there it is only shown.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::{Value, json};
use takt_catalog::{OfferId, offers_by_id, offers_by_sku};
use takt_connections::ConnectionId;
use takt_kernel::Result;
use takt_outbound::Call;
use takt_shops_port::{Line, Shop, products, products::Differing};
use takt_stock::levels_of_offers;
use takt_store::{Query, RecordedFact, Tx};
use takt_work::{JobEnd, JobKind, JobRun, Listener};

use super::{Trouble, Writer};
use crate::api;

/// Enqueued whenever the shop is asked.
pub(crate) const CHORE: &str = "woocommerce.write_stock";
const MARK: &str = "woocommerce.mark_stock";
/// The most that the interface takes at once.
const AT_ONCE: i64 = 100;
const MOST_ROUNDS: usize = 200;
const NEVER_DEAD: i64 = i64::MAX;

pub(crate) const LISTENER: Listener = Listener {
    name: MARK,
    hears: &["stock.received", "stock.corrected", "stock.reserved", "stock.released", "stock.issued"],
    does: "marks products whose stock in the shop is to be looked at",
    react,
};

pub(crate) fn job(line: Line) -> JobKind {
    JobKind {
        kind: CHORE,
        does: "writes to one shop what may be sold of the products that changed",
        concurrency: line.limits.at_once,
        max_attempts: NEVER_DEAD,
        run: Arc::new(move |run: JobRun| Box::pin(attempt(run, line.clone()))),
    }
}

fn react(tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<()> {
    let offers: BTreeSet<OfferId> = match fact.subject_kind.as_str() {
        "offer" => BTreeSet::from([OfferId::new(fact.subject_id)]),
        _ => {
            let lines = fact.body.get("lines").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            lines.iter().filter_map(|line| line.get("offer")?.as_i64()).map(OfferId::new).collect()
        }
    };
    let ids: Vec<OfferId> = offers.into_iter().collect();
    let offers = offers_by_id(tx, fact.company, &ids)?;
    let skus: Vec<&str> = offers.values().map(|offer| offer.sku.as_str()).collect();
    products::stock_changed(tx, fact.company, &skus)
}

async fn attempt(run: JobRun, line: Line) -> Result<JobEnd> {
    let Some(id) = run.payload.get("connection").and_then(Value::as_i64) else { return Ok(JobEnd::Done) };
    let whose = (run.company, ConnectionId::new(id));
    let wanted = |shop: &Shop| shop.settings.write_stock;
    let writer = match Writer::of(&run.db, &line, whose, wanted).await {
        // The next asking of a paused shop brings this job again.
        Ok(Some(writer)) if !writer.shop.connection.paused => writer,
        Ok(_) => return Ok(JobEnd::Done),
        Err(fault) if fault.is("shops.settings_malformed") => return Ok(JobEnd::Done),
        Err(fault) => return Err(fault),
    };
    let mut after = String::new();
    for _ in 0..MOST_ROUNDS {
        match round(&writer, after).await {
            Ok(Some(last)) => after = last,
            Ok(None) => break,
            // The next asking of the shop brings this job again; until then nobody waits for it.
            Err(Trouble::Fault(fault)) => {
                tracing::warn!(fault = ?fault, connection = id, "stock was not written");
                break;
            }
            Err(Trouble::Rest(_) | Trouble::Refused(_)) => break,
        }
    }
    Ok(JobEnd::Done)
}

/// Writes what comes after a product, and answers with the last one that it looked at; nothing when there is no more.
/// What the shop refuses is tried again when it is asked next, and keeps nobody behind it waiting.
async fn round(writer: &Writer, after: String) -> Result<Option<String>, Trouble> {
    let (company, connection) = (writer.shop.company(), writer.shop.connection.id);
    let looked = writer
        .db
        .read("woocommerce.stock", move |reader| {
            let differing = products::differing(reader, company, connection, &after, AT_ONCE)?;
            with_stock(reader, company, differing)
        })
        .await?;
    let Some(last) = looked.last().map(|(product, _)| product.external_id.clone()) else { return Ok(None) };
    let (differing, same): (Vec<_>, Vec<_>) = looked.into_iter().partition(|(product, stock)| {
        stock.as_ref().is_some_and(|stock| product.stock.as_ref() != Some(stock))
    });
    let mut by_parent: BTreeMap<Option<String>, Vec<(Differing, Option<String>)>> = BTreeMap::new();
    for (product, stock) in differing {
        by_parent.entry(product.parent.clone()).or_default().push((product, stock));
    }
    settle(writer, same).await?;
    for (parent, products) in by_parent {
        let path = match &parent {
            Some(parent) => format!("/products/{parent}/variations/batch"),
            None => "/products/batch".to_owned(),
        };
        let update: Vec<Value> = products
            .iter()
            .map(|(product, stock)| {
                let stock = stock.as_ref().and_then(|stock| stock.parse::<i64>().ok());
                let id = product.external_id.parse::<i64>().ok();
                json!({ "id": id, "manage_stock": true, "stock_quantity": stock })
            })
            .collect();
        let call = Call::post(api::address(&writer.shop, &path)?).json(&json!({ "update": update }));
        match writer.send(call).await {
            Ok(reply) => settle(writer, taken(products, &reply.json()?)).await?,
            Err(Trouble::Refused(status)) if !matches!(status, 401 | 403) => {
                tracing::warn!(connection = %connection, status, "a shop refused stock of some products");
            }
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(Some(last))
}

/// Those that are done with: the shop answers a batch with 200 and tells of each product for itself. Of one that it does
/// not have any more there is nothing to be written.
fn taken(products: Vec<(Differing, Option<String>)>, reply: &Value) -> Vec<(Differing, Option<String>)> {
    let told = reply.get("update").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let error_of = |product: &Differing| {
        let is_it = |one: &&Value| {
            one.get("id").and_then(Value::as_i64).is_some_and(|id| id.to_string() == product.external_id)
        };
        told.iter().find(is_it).and_then(|one| one.get("error"))
    };
    products
        .into_iter()
        .filter_map(|(product, stock)| match error_of(&product) {
            None => Some((product, stock)),
            Some(error) => {
                let code = error.get("code").and_then(Value::as_str).unwrap_or_default();
                tracing::warn!(product = product.external_id, code, "a shop refused the stock of a product");
                code.ends_with("invalid_id").then_some((product, None))
            }
        })
        .collect()
}

/// With what may be sold of each in whole pieces; nothing of what no warehouse here has ever had.
fn with_stock(
    db: &mut dyn Query,
    company: takt_kernel::CompanyId,
    products: Vec<Differing>,
) -> Result<Vec<(Differing, Option<String>)>> {
    let skus: Vec<&str> = products.iter().map(|product| product.sku.as_str()).collect();
    let offers = if skus.is_empty() { BTreeMap::new() } else { offers_by_sku(db, company, &skus)? };
    let ids: BTreeSet<OfferId> = offers.values().map(|offer| offer.id).collect();
    let mut free: BTreeMap<OfferId, i64> = BTreeMap::new();
    for level in levels_of_offers(db, company, &ids)? {
        *free.entry(level.offer).or_default() += level.free().thousandths();
    }
    Ok(products
        .into_iter()
        .map(|product| {
            let offer = offers.get(&product.sku).map(|offer| offer.id);
            let free = offer.and_then(|offer| free.get(&offer)).map(|free| (free / 1000).max(0).to_string());
            (product, free)
        })
        .collect())
}

async fn settle(writer: &Writer, products: Vec<(Differing, Option<String>)>) -> Result<()> {
    if products.is_empty() {
        return Ok(());
    }
    let (company, connection) = (writer.shop.company(), writer.shop.connection.id);
    writer
        .db
        .write("woocommerce.stock_written", move |tx: &mut Tx<'_>| {
            for (product, stock) in &products {
                products::stock_written(tx, company, connection, product, stock.as_deref())?;
            }
            Ok(())
        })
        .await
}
