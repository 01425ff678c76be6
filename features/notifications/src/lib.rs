//! Notifications: the buyer hears by e-mail what happens to the order.
//!
//! Owns the notices (`notice`: one per fact and channel, with what was written in it), the shop's
//! templates, and the way to the mail server. Does not know payments or shipments: a reference, an
//! account or a tracking number is what an order's JSON and the bodies of facts say.
//!
//! Hears the facts of [`Event`]; says `notifications.queued`, `.sent`, `.failed`, `.in_doubt` about
//! the order. Invariants: a fact makes at most one notice; a notice keeps its Message-ID for ever; it
//! is `sending`, committed, before the first byte of it leaves, so what a crash leaves behind is known
//! to be in doubt. Start reading at [`reactions`], then [`sending`].

mod beside;
mod checks;
mod commands;
mod compose;
mod erased;
mod event;
mod facts;
mod notice;
mod pages;
mod policy;
mod queries;
mod reactions;
mod rights;
mod sending;
mod settings;
mod templates;

pub use commands::{mark_sent, resend};
pub use event::Event;
pub use facts::{FAILED, IN_DOUBT, QUEUED, SENT};
pub use notice::{Notice, NoticeId, State};
pub use policy::{InDoubt, Sender};
pub use queries::{of_order, visible};
pub use rights::{ManageTemplates, ResendNotices, SeeNotices};
pub use sending::reach;
pub use settings::Settings;
pub use templates::{Template, Written};

use takt_feature::{Feature, Tier};
use takt_staff::SectionPermission;
use takt_store::Migration;

const MIGRATIONS: &[Migration] = &[Migration {
    number: 1,
    name: "notifications",
    sql: include_str!("../migrations/0001_notifications.sql"),
}];

pub(crate) const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];

pub fn feature(settings: Settings) -> Feature {
    let [(ru, russian), (en, english)] = TEXTS;
    Feature::new("notifications", Tier::Feature)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts(ru, russian)
        .texts(en, english)
        .fill(&takt_store::CHECKS, "notifications", checks::CHECKS)
        .fill(&settings::MAIL, "the mail server", settings.clone())
        .fill(&takt_staff::PERMISSIONS, "notifications", rights::RIGHTS)
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "notifications",
            SectionPermission { href: pages::HREF, permission: "notifications.see" },
        )
        .fill(&takt_staff::SETTINGS_PAGES, "templates", pages::SETTINGS)
        .fill(&takt_orders::panels::CARD_PANEL, "messages to the buyer", pages::PANEL)
        .fill(&takt_customers::ERASED, "letters", erased::erase_of_person as takt_customers::EraseStep)
        .listener(reactions::LISTENER)
        .job(sending::job(settings))
        .routes(pages::routes())
        .navigation(pages::NAVIGATION)
        .samples(pages::SAMPLES.to_vec())
}
