//! The playbook: what the desk does by itself when something happens to an order. Plain rules in one
//! place for now; an engine that runs what the owner draws replaces it later.
//!
//! Owns no table: it hears facts, looks at the order as it stands ([`decide`], pure) and calls verbs of
//! orders and tasks. It reads the order, not the story told so far, so a fact that is heard late or
//! twice changes nothing any more. Says nothing of its own.
//!
//! Invariant: each round of an order (since its money came, since it woke up) has at most one task to
//! pick and one first call. Start reading at [`decide`].

mod decide;
mod deeds;
mod pages;
mod policy;
mod reactions;

pub use policy::{ManagePlaybook, Policy};

use takt_feature::{Feature, Tier};

pub fn feature() -> Feature {
    let feature = Feature::new("playbook", Tier::Feature)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_staff::PERMISSIONS, "playbook", policy::RIGHTS)
        .fill(&takt_staff::SETTINGS_PAGES, "playbook", pages::SETTINGS)
        .fill(&takt_orders::panels::CARD_ACTIONS, "how the call ended", pages::CALL_ENDED)
        .routes(pages::routes());
    reactions::LISTENERS.iter().fold(feature, |feature, listener| feature.listener(*listener))
}
