//! Reading a document on a thread of its own: what says the same as last time goes no further.

use std::{
    fs::File,
    io::{Read, Seek},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use takt_kernel::{Fault, Result, Slots, money::Currency};
use tokio::sync::mpsc::Sender;

use super::{
    REFUSALS_KEPT,
    fetch::Document,
    known::Known,
    record::SUPERSEDED,
    translate::{Ready, Tells, ready},
};
use crate::{
    feed::{FeedId, Problem, Refusal},
    port::{self, FeedItem, Why},
};

/// Offers in one transaction.
pub(super) const BATCH: usize = 500;
/// Offers between two words on how far it is.
const PROGRESS: i64 = 10_000;
const LONGEST_SHOWN: usize = 100;

pub(super) struct Task {
    pub slots: Arc<Slots>,
    pub feed: FeedId,
    pub currency: Currency,
    pub tells: Tells,
    pub known: Known,
    pub sender: Sender<Said>,
}

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub offers: Vec<Ready>,
    pub progress: Progress,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    pub read: i64,
    pub refused: i64,
    pub bytes: i64,
}

/// A document that was read to its end.
pub(super) struct Whole {
    pub format: &'static str,
    pub known: Known,
    pub read: i64,
    pub refused: i64,
    pub refusals: Vec<Refusal>,
}

pub(super) fn document(document: Document, task: Task) -> Result<Whole> {
    let passed = Arc::new(AtomicU64::new(0));
    let Task { slots, feed, currency, tells, known, sender } = task;
    let mut reader = port::open(&slots, || counted(&document.file, &passed))?;
    let mut reading =
        Reading { feed, currency, tells, known, sender, passed, said: Said::default(), refusals: Vec::new() };
    while let Some(item) = reader.next()? {
        reading.take(item)?;
    }
    reading.say()?;
    let Reading { known, said, refusals, .. } = reading;
    let Progress { read, refused, .. } = said.progress;
    Ok(Whole { format: reader.format(), known, read, refused, refusals })
}

struct Reading {
    feed: FeedId,
    currency: Currency,
    tells: Tells,
    known: Known,
    sender: Sender<Said>,
    passed: Arc<AtomicU64>,
    said: Said,
    refusals: Vec<Refusal>,
}

impl Reading {
    fn take(&mut self, item: FeedItem) -> Result<()> {
        match item {
            FeedItem::Offer(offer) => match ready(&offer, self.feed, self.currency, self.tells) {
                Ok(ready) => {
                    self.said.progress.read += 1;
                    let sku = &ready.incoming.input.sku;
                    if !self.known.is_same(sku, ready.digest, ready.gone) {
                        self.said.offers.push(ready);
                    }
                }
                Err(fault) => self.refuse(offer.line, Some(offer.id), &Why::from(&fault)),
            },
            FeedItem::Unreadable(unreadable) => {
                self.refuse(unreadable.line, unreadable.id, &unreadable.why);
            }
        }
        let all = self.said.progress.read + self.said.progress.refused;
        if self.said.offers.len() >= BATCH || all % PROGRESS == 0 { self.say() } else { Ok(()) }
    }

    /// It is left out as it stands now; what the catalogue holds of it stays.
    fn refuse(&mut self, line: u64, id: Option<String>, why: &Why) {
        self.said.progress.refused += 1;
        if let Some(id) = &id {
            self.known.stands(id);
        }
        if self.refusals.len() < REFUSALS_KEPT {
            let id = id.map(|id| id.chars().take(LONGEST_SHOWN).collect());
            let why = Problem { code: why.code.clone(), args: why.args.clone() };
            self.refusals.push(Refusal { line, id, why });
        }
    }

    fn say(&mut self) -> Result<()> {
        let bytes = self.passed.load(Ordering::Relaxed);
        self.said.progress.bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let progress = self.said.progress;
        let said = std::mem::replace(&mut self.said, Said { offers: Vec::new(), progress });
        // Whoever listened has ended for a reason of its own.
        self.sender.blocking_send(said).map_err(|_| Fault::conflict(SUPERSEDED))
    }
}

fn counted(file: &File, passed: &Arc<AtomicU64>) -> Result<Box<dyn Read + Send>> {
    let again = |error: std::io::Error| Fault::unavailable("feeds.file_lost").because(error);
    let mut file = file.try_clone().map_err(again)?;
    file.rewind().map_err(again)?;
    passed.store(0, Ordering::Relaxed);
    Ok(Box::new(Counted { file, passed: passed.clone() }))
}

struct Counted {
    file: File,
    passed: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(into)?;
        self.passed.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
