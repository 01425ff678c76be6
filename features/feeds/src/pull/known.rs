//! What a feed told last, in a few bytes for each offer: a hash of its SKU and a digest of the rest.

use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
};

use takt_kernel::{CompanyId, Result};
use takt_store::{Db, Query, params, sql};

use crate::feed::FeedId;

const PAGE: i64 = 2_000;

/// Two SKUs under one hash, of another key in each run, cost a look into the database at most, or leave
/// one of them unarchived until the next run.
#[derive(Default)]
pub(super) struct Known {
    told: HashMap<u64, Last>,
    hasher: RandomState,
}

struct Last {
    digest: i64,
    gone: bool,
    seen: bool,
}

/// A row of what a feed told.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub sku: String,
    pub digest: i64,
    pub brought: bool,
    pub gone: bool,
    /// Thousandths of what it said the shop has.
    pub stock: Option<i64>,
}

impl Known {
    fn remember(&mut self, told: &Told) {
        let last = Last { digest: told.digest, gone: told.gone, seen: false };
        self.told.insert(self.hasher.hash_one(told.sku.as_str()), last);
    }

    /// It stands in the document. Answers whether it says what it said last.
    pub(super) fn is_same(&mut self, sku: &str, digest: i64, gone: bool) -> bool {
        match self.told.get_mut(&self.hasher.hash_one(sku)) {
            Some(last) => {
                last.seen = true;
                last.digest == digest && last.gone == gone
            }
            None => false,
        }
    }

    /// It stands in the document, though not in a form that can be taken.
    pub(super) fn stands(&mut self, sku: &str) {
        if let Some(last) = self.told.get_mut(&self.hasher.hash_one(sku)) {
            last.seen = true;
        }
    }

    pub(super) fn has_vanished(&self, sku: &str) -> bool {
        self.told.get(&self.hasher.hash_one(sku)).is_some_and(|last| !last.seen)
    }

    /// Offers that stood in the last document and do not in this one.
    pub(super) fn vanished(&self) -> i64 {
        count(self.told.values().filter(|last| !last.gone && !last.seen))
    }

    pub(super) fn standing(&self) -> i64 {
        count(self.told.values().filter(|last| !last.gone))
    }
}

fn count(them: impl Iterator) -> i64 {
    i64::try_from(them.count()).unwrap_or(i64::MAX)
}

pub(super) async fn load(db: &Db, company: CompanyId, feed: FeedId) -> Result<Known> {
    let mut known = Known::default();
    let mut after = String::new();
    loop {
        let (page, last) = page(db, company, feed, after).await?;
        page.iter().for_each(|told| known.remember(told));
        match last {
            Some(last) => after = last,
            None => return Ok(known),
        }
    }
}

/// Rows by SKU, and after what the next page begins when there may be one.
pub(super) async fn page(
    db: &Db,
    company: CompanyId,
    feed: FeedId,
    after: String,
) -> Result<(Vec<Told>, Option<String>)> {
    let rows = db.read("feeds.known", move |r| known_after(r, company, feed, &after)).await?;
    let full = i64::try_from(rows.len()).is_ok_and(|rows| rows == PAGE);
    let last = rows.last().filter(|_| full).map(|told| told.sku.clone());
    Ok((rows, last))
}

fn known_after(db: &mut dyn Query, company: CompanyId, feed: FeedId, after: &str) -> Result<Vec<Told>> {
    let rows = db.all(
        sql!(
            "select sku, digest, brought, gone, stock
             from feed_offer
             where company_id = :company_id and feed_id = :feed_id and sku > :after
             order by sku
             limit :page"
        ),
        params![company_id: company, feed_id: feed, after: after, page: PAGE],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Told {
                sku: row.get("sku")?,
                digest: row.get("digest")?,
                brought: row.get("brought")?,
                gone: row.get("gone")?,
                stock: row.get("stock")?,
            })
        })
        .collect()
}
