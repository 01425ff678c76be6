//! Asking the shop's server.

use std::fs::File;

use jiff::fmt::rfc2822;
use takt_kernel::{Fault, Result, Timestamp};
use takt_outbound::{Call, Download, DownloadLimits, Outbound};

use crate::feed::{Feed, Stamps};

/// A document that says it was made before is not believed about it.
const OLDEST_SECONDS: i64 = 2 * 86_400;
const LONGEST_STAMP: usize = 1_000;

pub(super) enum Fetched {
    /// As the last whole document.
    Unchanged,
    Document(Document),
}

pub(super) struct Document {
    pub file: File,
    pub bytes: i64,
    pub stamps: Stamps,
    /// By when the shop had counted what stands in it: when it says the document was made, else when it was asked.
    pub counted_at: Timestamp,
}

/// Gets the document, unless the server says that it is still the one it was.
pub(super) async fn get(
    outbound: &Outbound,
    feed: &Feed,
    limits: DownloadLimits,
    now: Timestamp,
) -> Result<Fetched> {
    let mut call = Call::get(&feed.url)
        .header("accept", "application/xml, text/xml, */*;q=0.5")
        .header("accept-encoding", "gzip");
    if let Some(sign_in) = &feed.sign_in {
        call = call.basic(&sign_in.user, &sign_in.password);
    }
    if let Some(etag) = &feed.stamps.etag {
        call = call.header("if-none-match", etag);
    }
    if let Some(moment) = &feed.stamps.last_modified {
        call = call.header("if-modified-since", moment);
    }
    let file = tempfile::tempfile().map_err(|error| Fault::unavailable("outbound.no_room").because(error))?;
    let download = outbound.download(call, file, limits).await?;
    let conditional = feed.stamps != Stamps::default();
    match download.status {
        200 => Ok(Fetched::Document(Document {
            counted_at: counted_at(&download, feed, now),
            stamps: Stamps {
                etag: stamp(&download, "etag"),
                last_modified: stamp(&download, "last-modified"),
            },
            bytes: i64::try_from(download.bytes).unwrap_or(i64::MAX),
            file: download.body,
        })),
        304 if conditional => Ok(Fetched::Unchanged),
        401 | 403 => Err(Fault::unavailable("feeds.sign_in_refused").arg("status", download.status)),
        404 | 410 => Err(Fault::unavailable("feeds.not_there").arg("status", download.status)),
        status => Err(Fault::unavailable("feeds.answered").arg("status", status)),
    }
}

/// As old as its document, where the document tells: a stamp that stood still while the document changed is not its
/// own, nor is one of days ago.
fn counted_at(download: &Download, feed: &Feed, now: Timestamp) -> Timestamp {
    let moved = stamp(download, "last-modified") != feed.stamps.last_modified;
    let is_recent = |made_at: &Timestamp| now.seconds_since(*made_at) < OLDEST_SECONDS;
    made_at(download).filter(|_| moved).filter(is_recent).map_or(now, |made_at| made_at.min(now))
}

fn made_at(download: &Download) -> Option<Timestamp> {
    let told = stamp(download, "last-modified")?;
    rfc2822::DateTimeParser::new().parse_timestamp(&told).ok().map(Timestamp::from)
}

fn stamp(download: &Download, name: &str) -> Option<String> {
    download.header(name).filter(|stamp| !stamp.is_empty() && stamp.len() <= LONGEST_STAMP).map(str::to_owned)
}
