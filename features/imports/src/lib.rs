//! Imports: customers, products and orders out of a file that somebody has: a workbook, separated values, cards.
//!
//! Owns the imports (`sheet_import`), their rows until they are taken in, and what columns meant the last time. Does not
//! own what comes of a row: it goes through the verbs of customers, catalog and orders, as at the desk, in the name of
//! the person who brought the file. Looking is taking in and throwing away what was written, so that what is shown
//! beforehand is what will happen.
//!
//! Hears nothing. Says about the subject `import`: `imports.brought`, `imports.looked`, `imports.taken_in`,
//! `imports.removed`. Invariants: a row is taken in once, whoever dies in between; the same file again changes nothing;
//! no file is read within a transaction. Start reading at [`sheet`], then [`kinds`] and [`work`].

mod apart;
mod brought;
mod clean;
mod columns;
mod facts;
mod import;
mod kinds;
mod pages;
mod rights;
mod rows;
pub mod sheet;
mod verbs;
mod work;

pub use brought::{New, bring};
pub use columns::{Field, Mapping, guess};
pub use import::{Counts, Import, ImportId, State, get};
pub use kinds::Kind;
pub use rights::BringFiles;
pub use verbs::{look, remove, take_in};

use takt_feature::{Feature, Tier};
use takt_staff::LivePermission;
use takt_store::Migration;

const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "imports", sql: include_str!("../migrations/0001_imports.sql") }];

pub fn feature() -> Feature {
    Feature::new("imports", Tier::Feature)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_staff::PERMISSIONS, "imports", rights::RIGHTS)
        .fill(
            &takt_staff::LIVE_PERMISSIONS,
            "imports",
            LivePermission { subject_kind: "import", permission: "imports.bring" },
        )
        .fill(&takt_staff::SETTINGS_PAGES, "imports", pages::SETTINGS)
        .fill(&takt_customers::ERASED, "rows of files", rows::erase_of_person as takt_customers::EraseStep)
        .job(work::job())
        .timer(verbs::FORGOTTEN)
        .routes(pages::routes())
        .samples(pages::SAMPLES.to_vec())
}
