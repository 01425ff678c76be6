//! The drill: half an hour to learn the cabinet and the desk. One click makes a practice company with ready-made
//! orders; eight tasks are ticked by facts, not by clicks.
//!
//! Owns how far each person is, and `/drill`. Does not own practice companies (core `staff::practice`), and knows no
//! other feature: a task is done when a fact of orders says so, or when the right answer is told here. What a practice
//! company needs beside orders others prepare through the slot `orders::practice::PREPARE`.
//!
//! Invariant: it touches nothing but the practice company. Start reading at [`task`], then [`progress`].

mod facts;
mod page;
mod page_parts;
mod prepare;
mod progress;
mod results;
mod task;

pub use facts::{Begun, Passed, TaskDone, Told};
pub use progress::{Progress, of_company};
pub use results::{Passing, of_members};
pub use task::Task;

use takt_feature::{Feature, Tier};
use takt_staff::NOTICES;
use takt_store::Migration;
use takt_ui::{Icon, NavItem};

const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "drill", sql: include_str!("../migrations/0001_drill.sql") }];

const NAVIGATION: NavItem = NavItem {
    href: page::HREF,
    label_key: "drill-title",
    icon: Icon::CircleCheck,
    shortcut: "g u",
    place: 95,
};

pub fn feature() -> Feature {
    Feature::new("drill", Tier::Feature)
        .says(facts::SAYS)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .listener(progress::LISTENER)
        .fill(&NOTICES, "how far the drill is", page::notices as takt_staff::NoticesOf)
        .routes(page::routes())
        .navigation(NAVIGATION)
        .samples(page::SAMPLES.to_vec())
}
