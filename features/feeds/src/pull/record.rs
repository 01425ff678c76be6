//! The transactions of a pull.

use std::collections::BTreeMap;

use serde_json::json;
use takt_catalog::{EditCatalog, Incoming, OfferId, Outcome};
use takt_kernel::{Actor, CompanyId, Fault, Result, Timestamp, money::Quantity};
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};

use super::{
    known::Told,
    read::{Said, Whole},
    translate::Ready,
};
use crate::{
    beside,
    facts::{self, PullBegun, PullFailed, PullStopped, Pulled},
    feed::{self, Feed, FeedId, Problem, Refusal, Stamps, State},
    port::STOCK_TAKER,
    schedule, sources,
};

pub(super) const SUPERSEDED: &str = "feeds.superseded";

pub(super) struct End {
    pub whole: Whole,
    pub refusals: Vec<Refusal>,
    pub refused: i64,
    /// What a person is asked about.
    pub vanished: i64,
    pub stamps: Stamps,
}

/// Takes the feed in hand. What a predecessor that died had counted stays counted.
pub(super) fn begin(tx: &mut Tx, company: CompanyId, id: FeedId) -> Result<Option<Feed>> {
    let feed = feed::lock(tx, company, id)?;
    if feed.paused {
        return Ok(None);
    }
    let begun_at = feed.begun_at.filter(|_| feed.state == State::Pulling);
    tx.put(
        sql!(
            "update feed
             set state = 'pulling', claim = claim + 1, begun_at = :begun_at
             where company_id = :company_id and id = :id"
        ),
        params![begun_at: begun_at, company_id: company, id: id],
    )?;
    Ok(Some(Feed { claim: feed.claim + 1, begun_at, ..feed }))
}

/// Refuses to go on when somebody else has the feed in hand, or nobody is to.
fn held(tx: &mut Tx, feed: &Feed) -> Result<Feed> {
    let now = feed::lock(tx, feed.company, feed.id)?;
    let ours = now.claim == feed.claim && now.state == State::Pulling && !now.paused;
    if ours { Ok(now) } else { Err(Fault::conflict(SUPERSEDED)) }
}

fn say<F: takt_store::Fact>(tx: &mut Tx, feed: &Feed, fact: &F) -> Result<()> {
    tx.say(About::new(feed.company, facts::subject(feed.id), &Actor::system("feeds")), fact)
}

/// A document has come: counting begins.
pub(super) fn document(tx: &mut Tx, feed: &Feed, bytes: i64) -> Result<()> {
    held(tx, feed)?;
    let now = tx.now();
    let resumed = feed.begun_at.is_some();
    let (added, changed, archived) =
        if resumed { (feed.counts.added, feed.counts.changed, feed.counts.archived) } else { (0, 0, 0) };
    tx.put(
        sql!(
            "update feed
             set begun_at = coalesce(begun_at, :now), bytes = 0, total_bytes = :total_bytes, read_count = 0,
               refused_count = 0, added_count = :added, changed_count = :changed, archived_count = :archived
             where company_id = :company_id and id = :id"
        ),
        params![
            now: now, total_bytes: bytes, added: added, changed: changed, archived: archived,
            company_id: feed.company, id: feed.id,
        ],
    )?;
    if resumed { Ok(()) } else { say(tx, feed, &PullBegun { shop: feed.shop, bytes }) }
}

/// Writes what differs, and how far the reading is.
pub(super) fn batch(
    tx: &mut Tx,
    permit: &Permit<EditCatalog>,
    feed: &Feed,
    said: &Said,
    counted_at: Timestamp,
) -> Result<()> {
    held(tx, feed)?;
    let (added, changed) =
        if said.offers.is_empty() { (0, 0) } else { offers(tx, permit, feed, &said.offers, counted_at)? };
    tx.put(
        sql!(
            "update feed
             set read_count = :read, bytes = :bytes, refused_count = :refused, added_count = added_count + :added,
               changed_count = changed_count + :changed
             where company_id = :company_id and id = :id"
        ),
        params![
            read: said.progress.read, bytes: said.progress.bytes,
            refused: said.progress.refused, added: added, changed: changed, company_id: feed.company, id: feed.id,
        ],
    )
}

fn offers(
    tx: &mut Tx,
    permit: &Permit<EditCatalog>,
    feed: &Feed,
    offers: &[Ready],
    counted_at: Timestamp,
) -> Result<(i64, i64)> {
    let known = known(tx, feed.company, offers)?;
    let (mut of_others, mut taken_over) = (Vec::new(), Vec::new());
    let mut incoming: Vec<Incoming> = Vec::with_capacity(offers.len());
    let mut taken: Vec<&Ready> = Vec::with_capacity(offers.len());
    for ready in offers {
        let before = known.get(&ready.incoming.input.sku);
        let of_another = before.filter(|(teller, _)| *teller != feed.id);
        if let Some((teller, _)) = of_another.filter(|(_, told)| !told.gone) {
            of_others.push((*teller, said_beside(ready)));
            continue;
        }
        if of_another.is_some() {
            taken_over.push(ready.incoming.input.sku.as_str());
        }
        let brought = before.map(|(_, told)| told).filter(|told| told.brought);
        let archived = brought.filter(|told| told.gone != ready.gone).map(|_| ready.gone);
        incoming.push(Incoming { archived, ..ready.incoming.clone() });
        taken.push(ready);
    }
    let outcomes = takt_catalog::take_in(tx, permit, &incoming)?;
    // What another feed counted before this one took over is nothing that this one said.
    let told_before = |ready: &Ready| {
        let own = known.get(&ready.incoming.input.sku).filter(|(teller, _)| *teller == feed.id);
        own.and_then(|(_, told)| told.stock)
    };
    let own_stock = |ready: &Ready| ready.stock.filter(|_| feed.takes_stock());
    let of = |ready: &Ready| outcomes.get(&ready.incoming.input.sku).map(|taken| taken.outcome);
    let rows: Vec<_> = taken
        .iter()
        .map(|ready| {
            let brought = of(ready) == Some(Outcome::Added);
            let (sku, digest) = (&ready.incoming.input.sku, ready.digest);
            let stock = own_stock(ready).map(Quantity::thousandths);
            // A feed whose count is not taken any more is asked anew when it is taken again.
            let stock = stock.or_else(|| told_before(ready).filter(|_| feed.takes_stock()));
            json!({ "sku": sku, "digest": digest, "brought": brought, "gone": ready.gone, "stock": stock })
        })
        .collect();
    remember(tx, feed, &serde_json::Value::from(rows).to_string())?;
    let mut counted = sources::follow(tx, permit, feed, &of_others)?;
    let beside: Vec<beside::Said<'_>> = of_others.into_iter().map(|(_, said)| said).collect();
    beside::keep(tx, feed, &beside)?;
    beside::taken_over(tx, feed, &taken_over)?;
    let told = taken.iter().filter(|ready| own_stock(ready).map(Quantity::thousandths) != told_before(ready));
    counted.extend(
        told.filter_map(|ready| Some((outcomes.get(&ready.incoming.input.sku)?.offer, own_stock(ready)?))),
    );
    stock(tx, feed, counted_at, &counted)?;
    let count = |wanted| outcomes.values().filter(|taken| taken.outcome == wanted).count();
    let as_number = |count| i64::try_from(count).unwrap_or(i64::MAX);
    Ok((as_number(count(Outcome::Added)), as_number(count(Outcome::Changed))))
}

/// Only counts that differ from those told last: a feed that repeats one, beside a new price or alone, says nothing,
/// and what was sold or counted here since stays.
fn stock(tx: &mut Tx, feed: &Feed, counted_at: Timestamp, counted: &[(OfferId, Quantity)]) -> Result<()> {
    if counted.is_empty() {
        return Ok(());
    }
    let slots = tx.slots();
    let Some(take) = slots.of(&STOCK_TAKER).next() else { return Ok(()) };
    take(tx, feed.company, counted_at, counted)
}

fn said_beside(ready: &Ready) -> beside::Said<'_> {
    let input = &ready.incoming.input;
    beside::Said {
        sku: &input.sku,
        name: &input.name,
        price: input.price,
        currency: input.currency,
        stock: ready.stock,
        gone: ready.gone,
    }
}

/// Each is looked up by itself: a table that PostgreSQL has counted while it was empty would be read from end to end
/// for every batch of its first filling.
fn known(tx: &mut Tx, company: CompanyId, offers: &[Ready]) -> Result<BTreeMap<String, (FeedId, Told)>> {
    let skus: Vec<&str> = offers.iter().map(|ready| ready.incoming.input.sku.as_str()).collect();
    let rows = tx.all(
        sql!(
            "select told.feed_id, told.sku, told.digest, told.brought, told.gone, told.stock
             from {pg:jsonb_array_elements_text(cast(cast(:skus as text) as jsonb)) as wanted (value)
             cross join lateral (
               select feed_id, sku, digest, brought, gone, stock
               from feed_offer
               where company_id = :company_id and sku = wanted.value
               offset 0) as told|sqlite:json_each(:skus) as wanted
             cross join feed_offer as told
             where told.company_id = :company_id and told.sku = wanted.value}
             order by told.sku
             limit 1000"
        ),
        params![company_id: company, skus: serde_json::Value::from(skus).to_string()],
    )?;
    rows.iter()
        .map(|row| {
            let sku: String = row.get("sku")?;
            let told = Told {
                sku: sku.clone(),
                digest: row.get("digest")?,
                brought: row.get("brought")?,
                gone: row.get("gone")?,
                stock: row.get("stock")?,
            };
            Ok((sku, (row.get("feed_id")?, told)))
        })
        .collect()
}

/// One statement for the batch.
fn remember(tx: &mut Tx, feed: &Feed, rows: &str) -> Result<()> {
    tx.put(
        sql!(
            "insert into feed_offer (company_id, feed_id, sku, digest, brought, gone, stock)
             select cast(:company_id as bigint), cast(:feed_id as bigint), {pg:told.sku, told.digest, told.brought, told.gone, told.stock
               from jsonb_to_recordset(cast(cast(:rows as text) as jsonb)) as told (sku text, digest bigint, brought boolean, gone boolean, stock bigint)|sqlite:value ->> 'sku', value ->> 'digest', value ->> 'brought', value ->> 'gone', value ->> 'stock'
               from json_each(:rows)}
             where true
             on conflict (company_id, sku) do update
             set feed_id = excluded.feed_id, digest = excluded.digest, gone = excluded.gone, stock = excluded.stock"
        ),
        params![company_id: feed.company, feed_id: feed.id, rows: rows],
    )
}

/// Archives what has vanished, as far as the feed had brought it.
pub(super) fn archive(tx: &mut Tx, permit: &Permit<EditCatalog>, feed: &Feed, gone: &[Told]) -> Result<()> {
    held(tx, feed)?;
    let brought: Vec<&str> = gone.iter().filter(|told| told.brought).map(|told| told.sku.as_str()).collect();
    let archived = takt_catalog::archive_many(tx, permit, &brought)?;
    let skus: Vec<&str> = gone.iter().map(|told| told.sku.as_str()).collect();
    tx.put(
        sql!(
            "update feed_offer
             set gone = :gone
             where company_id = :company_id
               and sku in (select value from {pg:jsonb_array_elements_text(cast(cast(:skus as text) as jsonb)) as wanted (value)|sqlite:json_each(:skus)})"
        ),
        params![gone: true, company_id: feed.company, skus: serde_json::Value::from(skus).to_string()],
    )?;
    tx.put(
        sql!(
            "update feed
             set archived_count = archived_count + :archived
             where company_id = :company_id and id = :id"
        ),
        params![
            archived: i64::try_from(archived).unwrap_or(i64::MAX), company_id: feed.company, id: feed.id,
        ],
    )
}

/// The server says that nothing has changed since the last whole document.
pub(super) fn unchanged(tx: &mut Tx, feed: &Feed) -> Result<()> {
    held(tx, feed)?;
    let now = tx.now();
    tx.put(
        sql!(
            "update feed
             set state = 'waiting', begun_at = null, pulled_at = :now, failures = 0, problem = null
             where company_id = :company_id and id = :id"
        ),
        params![now: now, company_id: feed.company, id: feed.id],
    )?;
    schedule::after_interval(tx, feed)
}

/// The document was read to its end. What is asked about is read again next time, whatever the server
/// says: it may be whole again.
pub(super) fn end(tx: &mut Tx, feed: &Feed, end: &End) -> Result<()> {
    let before = held(tx, feed)?;
    let asks = end.vanished > 0;
    let state = if asks { State::Asks } else { State::Waiting };
    let stamps = if asks { Stamps::default() } else { end.stamps.clone() };
    let now = tx.now();
    tx.put(
        sql!(
            "update feed
             set state = :state, begun_at = null, pulled_at = :now, failures = 0, problem = null,
               may_archive = :may_archive, etag = :etag, last_modified = :last_modified, format = :format,
               bytes = total_bytes, read_count = :read, refused_count = :refused, vanished_count = :vanished,
               offers = :read, refusals = :refusals
             where company_id = :company_id and id = :id"
        ),
        params![
            state: state.code(), now: now, may_archive: false, etag: stamps.etag,
            last_modified: stamps.last_modified, format: end.whole.format, read: end.whole.read,
            refused: end.refused, vanished: end.vanished, refusals: json!(end.refusals).to_string(),
            company_id: feed.company, id: feed.id,
        ],
    )?;
    if let Some(begun_at) = before.begun_at.filter(|_| !asks) {
        beside::end(tx, feed, begun_at)?;
    }
    schedule::after_interval(tx, feed)?;
    if asks && before.counts.vanished == 0 {
        let known = end.whole.known.standing();
        say(tx, feed, &PullStopped { shop: feed.shop, vanished: end.vanished, known })?;
    }
    let counts = before.counts;
    let fact = Pulled {
        shop: feed.shop,
        read: end.whole.read,
        added: counts.added,
        changed: counts.changed,
        archived: counts.archived,
        refused: end.refused,
    };
    say(tx, feed, &fact)
}

/// It could not be read: said once, tried again soon, and nothing is archived.
pub(super) fn failed(tx: &mut Tx, feed: &Feed, fault: &Fault) -> Result<()> {
    let before = held(tx, feed)?;
    let problem = Problem::from(fault);
    let known = before.failures > 0 && before.problem.as_ref().is_some_and(|last| last.code == problem.code);
    let failures = before.failures + 1;
    tx.put(
        sql!(
            "update feed
             set state = 'failed', begun_at = null, failures = :failures, problem = :problem,
               may_archive = :may_archive
             where company_id = :company_id and id = :id"
        ),
        params![
            failures: failures, problem: json!(problem).to_string(), may_archive: false,
            company_id: feed.company, id: feed.id,
        ],
    )?;
    schedule::after_failure(tx, feed, failures)?;
    if known { Ok(()) } else { say(tx, feed, &PullFailed { shop: feed.shop, code: problem.code }) }
}
