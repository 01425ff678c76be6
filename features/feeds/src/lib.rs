//! Feeds: the catalogue of a shop, read from an address on a schedule.
//!
//! Owns the feeds (`feed`: one per shop, where it is read and how that goes) and what each told last
//! (`feed_offer`). Does not own offers: it puts them into the catalogue through its verbs, and archives only
//! what it has brought itself. Knows no format: whoever fills [`port::FEED_READER`] does.
//!
//! Hears nothing. Says about the feed `feeds.set`, `.sources_chosen`, `.paused`, `.resumed`, `.begun`, `.pulled`, `.failed`,
//! `.stopped`, `.archiving_allowed`. Invariants: only a document that was read to its end archives
//! anything; when more than half of a feed vanishes at once a person decides; a pull that dies is taken up
//! without counting or writing anything twice. Start reading at [`pull`].

mod beside;
mod commands;
mod facts;
mod feed;
mod pages;
pub mod port;
mod pull;
mod rights;
mod schedule;
mod settings;
mod sources;

pub use beside::{Beside, of_sku};
pub use commands::{Wanted, allow_archiving, configure, pause, pull_now, resume, set};
pub use facts::{
    ArchivingAllowed, FeedPaused, FeedResumed, FeedSet, PullBegun, PullFailed, PullStopped, Pulled,
    SourcesChosen,
};
pub use feed::{Counts, Feed, FeedId, Problem, Refusal, State, get, list, of_shop};
pub use rights::{ManageFeeds, SeeFeeds};
pub use settings::Settings;
pub use sources::{Sources, choose};
pub use takt_outbound::{DownloadLimits, Reach};

use takt_feature::{Feature, Tier};
use takt_staff::LivePermission;
use takt_store::Migration;

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "feeds", sql: include_str!("../migrations/0001_feeds.sql") },
    Migration { number: 2, name: "stock", sql: include_str!("../migrations/0002_stock.sql") },
    Migration { number: 3, name: "told stock", sql: include_str!("../migrations/0003_told_stock.sql") },
    Migration { number: 4, name: "beside", sql: include_str!("../migrations/0004_beside.sql") },
    Migration { number: 5, name: "sources", sql: include_str!("../migrations/0005_sources.sql") },
];

pub fn feature(settings: Settings) -> Feature {
    Feature::new("feeds", Tier::Feature)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&settings::SETTINGS, "how far calls go", settings)
        .fill(&takt_staff::PERMISSIONS, "feeds", rights::RIGHTS)
        .fill(
            &takt_staff::LIVE_PERMISSIONS,
            "feeds",
            LivePermission { subject_kind: "feed", permission: "feeds.see" },
        )
        .fill(&takt_staff::SETTINGS_PAGES, "feeds", pages::SETTINGS)
        .fill(&takt_catalog::pages::OFFER_PANELS, "in other shops", beside::PANEL)
        .fill(&takt_vault::SEALED, "passwords of feeds", feed::SEALED)
        .timer(schedule::TIMER)
        .job(pull::job(settings))
        .routes(pages::routes())
        .samples(pages::SAMPLES.to_vec())
}
