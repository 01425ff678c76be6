//! Promises: what became of them. Who held the orders of a month, which links of the way took how long, which
//! promises were missed and by whom; and the process as it stands now, with counts and ages.
//!
//! Owns a result for each finished order, the reports over them, `/reports/promises` and `/process`. Does not own
//! the clock itself (core `orders::clock`): what stands in a result is what the clock told of the order's facts.
//! An unanswered call is the buyer's time: it hears of it and holds the order up.
//!
//! Invariant: a result is the clock's word over the facts that are known, so a late fact replaces it. Start
//! reading at [`result`], then [`report`].

mod month;
mod pages;
mod reactions;
mod report;
mod result;
mod rights;
mod stored;

pub use month::Month;
pub use report::{Figures, Gather, Report};
pub use result::{Link, Outcome, RuleRun, outcome_of};
pub use rights::SeeReports;

use takt_feature::{Feature, Tier};
use takt_staff::SectionPermission;
use takt_store::Migration;

const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "promises", sql: include_str!("../migrations/0001_promises.sql") }];

pub fn feature() -> Feature {
    let feature = Feature::new("promises", Tier::Feature)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .job(stored::job())
        .fill(&takt_staff::PERMISSIONS, "promises", rights::RIGHTS)
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "the process",
            SectionPermission { href: pages::PROCESS, permission: "orders.see" },
        )
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "reports on promises",
            SectionPermission { href: pages::REPORT, permission: "promises.report" },
        )
        .routes(pages::routes())
        .navigation(pages::PROCESS_NAVIGATION)
        .navigation(pages::REPORT_NAVIGATION)
        .samples(pages::SAMPLES.to_vec());
    reactions::LISTENERS.iter().fold(feature, |feature, listener| feature.listener(*listener))
}
