//! Whose word counts for the price and the stock of the goods that a shop's feed brings: that feed's, the feed's of
//! another shop of the company, or our own. A person chooses for each shop; the rest of an offer is always told by the
//! feed that brings it.
//!
//! What another feed says of these goods stands in `feed_beside` as well; where it was chosen, its word also goes on to
//! the card or the count, in the transaction that reads it.

use std::collections::{BTreeMap, BTreeSet};

use takt_catalog::{EditCatalog, OfferId, OfferInput, offers_by_sku, upsert};
use takt_kernel::{CompanyId, Fault, FieldFault, Result, money::Quantity};
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};

use crate::{
    beside,
    facts::{self, SourcesChosen},
    feed::{self, Feed, FeedId},
    rights::ManageFeeds,
    schedule,
};

/// For the goods of one feed; nothing means: our own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    pub price: Option<FeedId>,
    pub stock: Option<FeedId>,
}

/// Says whose word counts from now on. All concerned are read anew: what was passed over counts now.
///
/// # Errors
/// `feeds.missing`; by field `price`, `stock`: `feeds.missing`.
pub fn choose(tx: &mut Tx<'_>, permit: &Permit<ManageFeeds>, feed: FeedId, wanted: Sources) -> Result<()> {
    let company = permit.company();
    let feed = feed::lock(tx, company, feed)?;
    permit.reaches_shop(feed.shop)?;
    if feed.sources == wanted {
        return Ok(());
    }
    let all = feed::list(tx, company)?;
    let named = |id: Option<FeedId>| all.iter().find(|known| Some(known.id) == id);
    let wrong: Vec<FieldFault> = [("price", wanted.price), ("stock", wanted.stock)]
        .into_iter()
        .filter(|(_, id)| id.is_some() && named(*id).is_none())
        .map(|(path, id)| FieldFault {
            path: path.to_owned(),
            code: "feeds.missing".into(),
            args: vec![("given".into(), id.map(|id| id.to_string()).unwrap_or_default())],
        })
        .collect();
    if !wrong.is_empty() {
        return Err(Fault::from_fields(wrong));
    }
    let now = tx.now();
    tx.put(
        sql!(
            "update feed
             set price_feed_id = :price, stock_feed_id = :stock, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![price: wanted.price, stock: wanted.stock, now: now, company_id: company, id: feed.id],
    )?;
    let mut concerned: BTreeMap<FeedId, &Feed> = BTreeMap::from([(feed.id, &feed)]);
    let chosen = [wanted.price, wanted.stock].into_iter().filter_map(named);
    concerned.extend(chosen.map(|known| (known.id, known)));
    for known in concerned.values() {
        read_anew(tx, known)?;
    }
    let about = About::new(company, facts::subject(feed.id), permit.actor());
    tx.say(about, &SourcesChosen { shop: feed.shop, price: wanted.price, stock: wanted.stock })
}

/// Whatever its server says of what has changed, and whatever it told before; a pull that runs begins again.
fn read_anew(tx: &mut Tx<'_>, feed: &Feed) -> Result<()> {
    tx.put(
        sql!(
            "update feed
             set etag = null, last_modified = null, claim = claim + 1,
               state = case state when 'pulling' then 'waiting' else state end
             where company_id = :company_id and id = :id"
        ),
        params![company_id: feed.company, id: feed.id],
    )?;
    beside::forget(tx, feed)?;
    if feed.paused { Ok(()) } else { schedule::at_once(tx, feed) }
}

/// Feeds whose goods this one gives a price, and those whose goods it counts; itself among them, if so.
#[derive(Clone, Debug, Default)]
pub(crate) struct Followers {
    pub price: BTreeSet<FeedId>,
    pub stock: BTreeSet<FeedId>,
}

pub(crate) fn followers(db: &mut dyn Query, company: CompanyId, feed: FeedId) -> Result<Followers> {
    let rows = db.all(
        sql!(
            "select id, price_feed_id, stock_feed_id
             from feed
             where company_id = :company_id and (price_feed_id = :feed_id or stock_feed_id = :feed_id)
             order by id
             limit 1000"
        ),
        params![company_id: company, feed_id: feed],
    )?;
    let mut followers = Followers::default();
    for row in &rows {
        let id: FeedId = row.get("id")?;
        if row.get::<Option<FeedId>>("price_feed_id")? == Some(feed) {
            followers.price.insert(id);
        }
        if row.get::<Option<FeedId>>("stock_feed_id")? == Some(feed) {
            followers.stock.insert(id);
        }
    }
    Ok(followers)
}

/// What a feed says of goods that others bring goes on to the card where it was chosen. Answers what it counts of them
/// otherwise than it last did.
pub(crate) fn follow(
    tx: &mut Tx<'_>,
    permit: &Permit<EditCatalog>,
    feed: &Feed,
    said: &[(FeedId, beside::Said<'_>)],
) -> Result<Vec<(OfferId, Quantity)>> {
    if said.is_empty() {
        return Ok(Vec::new());
    }
    let Followers { price, stock } = followers(tx, feed.company, feed.id)?;
    let meant: Vec<&(FeedId, beside::Said<'_>)> = said
        .iter()
        .filter(|(teller, one)| !one.gone && (price.contains(teller) || stock.contains(teller)))
        .collect();
    if meant.is_empty() {
        return Ok(Vec::new());
    }
    let skus: Vec<&str> = meant.iter().map(|(_, one)| one.sku).collect();
    let offers = offers_by_sku(tx, feed.company, &skus)?;
    let before = beside::told(tx, feed, &skus)?;
    let (mut inputs, mut counted) = (Vec::new(), Vec::new());
    for (teller, one) in meant {
        let Some(offer) = offers.get(one.sku).filter(|offer| !offer.archived) else { continue };
        let last = before.get(one.sku);
        // What is only repeated undoes nothing that people changed since.
        let is_new = last.is_none_or(|told| told.price != one.price) && one.price != offer.price;
        if is_new && price.contains(teller) && one.currency == offer.currency {
            inputs.push(OfferInput { price: one.price, ..OfferInput::of(offer) });
        }
        if let Some(count) = one.stock.filter(|_| stock.contains(teller))
            && last.and_then(|told| told.stock) != Some(count)
        {
            counted.push((offer.id, count));
        }
    }
    upsert(tx, permit, &inputs)?;
    Ok(counted)
}
