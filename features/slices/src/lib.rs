//! Slices: one report over orders, by any of what is known of them. What an order contributes stands as a narrow row
//! in this feature's own tables, and added up by day and by month along each dimension.
//!
//! Owns those rows, their sums, saved questions and `/reports/slices`. Hears what happens to orders and notes that they
//! changed; rows and sums follow in batches, and whoever reads adds what was noted and not written yet. Nothing in its
//! tables is about a buyer: of an address only the city.
//!
//! Invariant: sums are those of the rows, a row is what its order says now, and a report is both with what waits. Start
//! reading at [`contribution`], then [`fold`] and [`answer`].

mod answer;
mod checks;
mod contribution;
mod count;
mod dimension;
mod fill;
mod fold;
mod grouped;
mod pages;
mod period;
mod question;
mod reactions;
mod rights;
mod rows;
mod saved;
mod stored;
mod sums;
mod work;

pub use answer::{Answer, Group};
pub use count::{orders_in, prepared};
pub use dimension::{Basis, Dimension};
pub use fill::begin as fill_anew;
pub use fold::fold_all;
pub use period::{Day, Days};
pub use question::{Over, Question};
pub use rights::SeeSlices;
pub use stored::{Looked, count_now};
pub use sums::Sums;

use takt_feature::{Feature, Tier};
use takt_staff::SectionPermission;
use takt_store::Migration;

const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "slices", sql: include_str!("../migrations/0001_slices.sql") }];

pub fn feature() -> Feature {
    let feature = Feature::new("slices", Tier::Feature)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .job(stored::job())
        .timer(fill::TIMER)
        .fill(&takt_store::CHECKS, "slices", checks::CHECKS)
        .fill(&takt_staff::PERMISSIONS, "slices", rights::RIGHTS)
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "slices",
            SectionPermission { href: pages::REPORT, permission: rights::RIGHTS[0].code },
        )
        .routes(pages::routes())
        .navigation(pages::NAVIGATION)
        .samples(pages::SAMPLES.to_vec());
    reactions::LISTENERS.iter().fold(feature, |feature, listener| feature.listener(*listener))
}
