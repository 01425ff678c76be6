//! What this crate says, about the subject "feed". No address stands in it: an address may hold a password.

use serde::{Deserialize, Serialize};
use takt_kernel::ShopId;
use takt_store::{Fact, Subject};

use crate::feed::FeedId;

pub(crate) fn subject(feed: FeedId) -> Subject {
    Subject::new("feed", feed.get())
}

/// From now on the shop's catalogue is read from this host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedSet {
    pub shop: ShopId,
    pub host: String,
}
impl Fact for FeedSet {
    const KIND: &'static str = "feeds.set";
}

/// Whose word counts for the price and the stock of what the shop's catalogue brings; nothing means: our own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcesChosen {
    pub shop: ShopId,
    pub price: Option<FeedId>,
    pub stock: Option<FeedId>,
}
impl Fact for SourcesChosen {
    const KIND: &'static str = "feeds.sources_chosen";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedPaused {
    pub shop: ShopId,
}
impl Fact for FeedPaused {
    const KIND: &'static str = "feeds.paused";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedResumed {
    pub shop: ShopId,
}
impl Fact for FeedResumed {
    const KIND: &'static str = "feeds.resumed";
}

/// A document is being read; what it changes follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullBegun {
    pub shop: ShopId,
    pub bytes: i64,
}
impl Fact for PullBegun {
    const KIND: &'static str = "feeds.begun";
}

/// A whole document was read and the catalogue holds what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulled {
    pub shop: ShopId,
    pub read: i64,
    pub added: i64,
    pub changed: i64,
    pub archived: i64,
    pub refused: i64,
}
impl Fact for Pulled {
    const KIND: &'static str = "feeds.pulled";
}

/// It could not be read, or not to its end: nothing was archived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullFailed {
    pub shop: ShopId,
    pub code: String,
}
impl Fact for PullFailed {
    const KIND: &'static str = "feeds.failed";
}

/// Too much has vanished at once: a person has to say whether that is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullStopped {
    pub shop: ShopId,
    pub vanished: i64,
    pub known: i64,
}
impl Fact for PullStopped {
    const KIND: &'static str = "feeds.stopped";
}

/// A person has said that it is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivingAllowed {
    pub shop: ShopId,
    pub vanished: i64,
}
impl Fact for ArchivingAllowed {
    const KIND: &'static str = "feeds.archiving_allowed";
}

pub(crate) const SAID: &[&str] = &[
    FeedSet::KIND,
    SourcesChosen::KIND,
    FeedPaused::KIND,
    FeedResumed::KIND,
    PullBegun::KIND,
    Pulled::KIND,
    PullFailed::KIND,
    PullStopped::KIND,
    ArchivingAllowed::KIND,
];
