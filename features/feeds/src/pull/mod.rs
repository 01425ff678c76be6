//! The job that reads a feed: asks the shop's server whether there is something new, gets the document
//! into a file, reads it offer by offer on a thread of its own, and writes what differs in batches.
//!
//! It may die anywhere and run again: an offer that stands already is passed over by its digest, what was
//! counted stays counted, and only the transaction that ends a pull says that it was one. Whoever begins
//! raises `claim`, and whoever holds an older one writes no more.

mod fetch;
mod known;
mod read;
mod record;
mod translate;

use std::sync::Arc;

use takt_catalog::EditCatalog;
use takt_kernel::{Fault, Kind, Result, Timestamp, failpoint};
use takt_outbound::Outbound;
use takt_staff::{Permit, shops};
use takt_store::Db;
use takt_work::{JobEnd, JobKind, JobRun};
use tokio::sync::{Semaphore, mpsc};

use crate::{
    feed::{Feed, FeedId, Refusal},
    settings::Settings,
    sources::followers,
};
use fetch::{Document, Fetched};
use known::Known;
use read::{Said, Whole};
use translate::Tells;

pub(crate) const JOB: &str = "feeds.pull";
/// Slow shops wait beside each other; a job is let go after ten minutes of download.
const AT_ONCE: usize = 8;
/// Reading takes a thread of the machine each.
const READING_AT_ONCE: usize = 2;
/// Refusals that are kept to be shown.
pub(crate) const REFUSALS_KEPT: usize = 50;
/// Batches that wait to be written.
const WAITING_BATCHES: usize = 2;

pub(crate) fn job(settings: Settings) -> JobKind {
    let reading = Arc::new(Semaphore::new(READING_AT_ONCE));
    JobKind {
        kind: JOB,
        does: "reads a shop's catalogue and puts what differs into ours",
        concurrency: AT_ONCE,
        // What goes wrong outside is written on the feed; attempts count crashes.
        max_attempts: 1_000_000,
        run: Arc::new(move |run| Box::pin(attempt(run, settings, reading.clone()))),
    }
}

/// Whose the trouble is: theirs is written on the feed, ours makes the job run again.
enum Trouble {
    Theirs(Fault),
    Ours(Fault),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Ours(fault)
    }
}

async fn attempt(run: JobRun, settings: Settings, reading: Arc<Semaphore>) -> Result<JobEnd> {
    let Some(id) = run.payload.get("feed").and_then(serde_json::Value::as_i64).map(FeedId::new) else {
        return Ok(JobEnd::GiveUp(Fault::broken("feeds.job_unreadable")));
    };
    let company = run.company;
    let begun = run.db.write("feeds.begin", move |tx| record::begin(tx, company, id)).await?;
    let Some(feed) = begun else { return Ok(JobEnd::Done) };
    let pull = Pull { db: run.db.clone(), feed: Arc::new(feed), settings };
    let done = match pull.carry_out(&reading).await {
        Err(Trouble::Theirs(fault)) => {
            tracing::info!(company = %company, feed = %id, code = fault.code(), "a catalogue could not be read");
            let feed = pull.feed.clone();
            run.db.write("feeds.failed", move |tx| record::failed(tx, &feed, &fault)).await
        }
        Err(Trouble::Ours(fault)) => Err(fault),
        Ok(()) => Ok(()),
    };
    match done {
        Ok(()) => Ok(JobEnd::Done),
        // Somebody changed the feed meanwhile: it is looked at anew.
        Err(fault) if fault.is(record::SUPERSEDED) => Ok(JobEnd::RetryAt(run.db.clock().now())),
        Err(fault) => Err(fault),
    }
}

struct Pull {
    db: Db,
    feed: Arc<Feed>,
    settings: Settings,
}

impl Pull {
    fn permit(&self) -> Permit<EditCatalog> {
        Permit::system(self.feed.company, "feeds")
    }

    async fn carry_out(&self, reading: &Semaphore) -> Result<(), Trouble> {
        let outbound = Outbound::to(self.settings.reach).map_err(Trouble::Theirs)?;
        let now = self.db.clock().now();
        let fetched =
            fetch::get(&outbound, &self.feed, self.settings.limits, now).await.map_err(Trouble::Theirs)?;
        failpoint::reach("feeds.pull.fetched");
        let document = match fetched {
            Fetched::Unchanged => {
                let feed = self.feed.clone();
                return Ok(self.db.write("feeds.unchanged", move |tx| record::unchanged(tx, &feed)).await?);
            }
            Fetched::Document(document) => document,
        };
        let _turn = reading.acquire().await.map_err(|_| Fault::unavailable("feeds.stopping"))?;
        let (feed, bytes) = (self.feed.clone(), document.bytes);
        self.db.write("feeds.document", move |tx| record::document(tx, &feed, bytes)).await?;
        let stamps = document.stamps.clone();
        let (whole, refusals, refused) = self.read(document).await?;
        let vanished = self.archive_vanished(&whole.known).await?;
        failpoint::reach("feeds.pull.before_end");
        let end = record::End { whole, refusals, refused, vanished, stamps };
        let (feed, end) = (self.feed.clone(), Arc::new(end));
        Ok(self.db.write("feeds.end", move |tx| record::end(tx, &feed, &end)).await?)
    }

    /// Reads the document to its end and writes what differs. Answers what was left out, and how much.
    async fn read(&self, document: Document) -> Result<(Whole, Vec<Refusal>, i64), Trouble> {
        let (company, shop) = (self.feed.company, self.feed.shop);
        let id = self.feed.id;
        let shop = self.db.read("feeds.shop", move |r| shops::get(r, company, shop)).await?;
        let followers = self.db.read("feeds.followers", move |r| followers(r, company, id)).await?;
        let known = known::load(&self.db, company, self.feed.id).await?;
        let (sender, mut receiver) = mpsc::channel(WAITING_BATCHES);
        let task = read::Task {
            slots: self.db.shared_slots(),
            feed: self.feed.id,
            currency: shop.currency,
            tells: Tells {
                price: self.feed.gives_price(),
                stock: self.feed.takes_stock(),
                stock_of_others: followers.stock.iter().any(|follower| *follower != id),
            },
            known,
            sender,
        };
        let counted_at = document.counted_at;
        let reader = tokio::task::spawn_blocking(move || read::document(document, task));
        while let Some(said) = receiver.recv().await {
            self.write(said, counted_at).await?;
        }
        let read = reader.await.map_err(|error| Fault::broken("feeds.reading_broke").because(error))?;
        let mut whole = read.map_err(|fault| match fault.kind() {
            Kind::Broken => Trouble::Ours(fault),
            _ => Trouble::Theirs(fault),
        })?;
        let mut all = std::mem::take(&mut whole.refusals);
        all.sort_by_key(|refusal| refusal.line);
        all.truncate(REFUSALS_KEPT);
        let refused = whole.refused;
        Ok((whole, all, refused))
    }

    async fn write(&self, said: Said, counted_at: Timestamp) -> Result<(), Trouble> {
        let (feed, permit, said) = (self.feed.clone(), self.permit(), Arc::new(said));
        self.db
            .write_behind("feeds.batch", move |tx| record::batch(tx, &permit, &feed, &said, counted_at))
            .await?;
        failpoint::reach("feeds.pull.batch");
        Ok(())
    }

    /// Archives what the document says no more; answers how much a person is asked about instead.
    async fn archive_vanished(&self, known: &Known) -> Result<i64> {
        let (vanished, standing) = (known.vanished(), known.standing());
        if vanished * 2 > standing && !self.feed.may_archive {
            return Ok(vanished);
        }
        if vanished == 0 {
            return Ok(0);
        }
        let mut after = String::new();
        loop {
            let (page, last) = known::page(&self.db, self.feed.company, self.feed.id, after).await?;
            let gone: Vec<known::Told> =
                page.into_iter().filter(|told| !told.gone && known.has_vanished(&told.sku)).collect();
            for gone in gone.chunks(read::BATCH) {
                let (feed, permit, gone) = (self.feed.clone(), self.permit(), gone.to_vec());
                self.db
                    .write_behind("feeds.archive", move |tx| record::archive(tx, &permit, &feed, &gone))
                    .await?;
                failpoint::reach("feeds.pull.archived");
            }
            match last {
                Some(last) => after = last,
                None => return Ok(0),
            }
        }
    }
}
