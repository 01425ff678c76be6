//! The playbook: what the desk does by itself when something happens to an order. The company's own
//! document says it, or the one that Takt brings along (`playbooks/`); what such a document is stands in
//! `language`.
//!
//! Owns the versions of the document. It hears facts, looks at the order as it stands ([`react`]), asks
//! the document and calls verbs of orders and tasks ([`actions`]). It reads the order, not the story told
//! so far, so a fact that is heard late or twice changes nothing any more.
//!
//! Invariant: each round of an order (since its money came, since it woke up) has at most one task to
//! pick and one first call, and every task names the rule and the version that opened it. Start reading
//! at [`react`], for what lasts at [`states`], and the words of the language in [`words`].

mod about;
mod actions;
mod checked;
mod clauses;
pub mod drafts;
mod facts;
mod occasions;
mod pages;
mod policy;
mod react;
mod reactions;
pub mod replay;
mod retry;
mod review;
mod running;
mod situation;
mod states;
pub mod steps;
mod task_key;
pub mod trials;
pub mod versions;
mod words;

pub use checked::Checked;
pub use policy::{ManagePlaybook, Policy, TickSteps};
pub use takt_playbook_language::Playbook;

use takt_feature::{Feature, Tier};
use takt_store::Migration;

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "playbook", sql: include_str!("../migrations/0001_playbook.sql") },
    Migration { number: 2, name: "ticks", sql: include_str!("../migrations/0002_ticks.sql") },
    Migration { number: 3, name: "lasting", sql: include_str!("../migrations/0003_lasting.sql") },
    Migration { number: 4, name: "drafts", sql: include_str!("../migrations/0004_drafts.sql") },
    Migration { number: 5, name: "in_flight", sql: include_str!("../migrations/0005_in_flight.sql") },
    Migration { number: 6, name: "trial_failed", sql: include_str!("../migrations/0006_trial_failed.sql") },
];

pub fn feature() -> Feature {
    let feature = Feature::new("playbook", Tier::Feature)
        .says(facts::SAYS)
        .says(steps::FACTS)
        .awaits(words::OF_OTHERS)
        .timer(states::TIMER)
        .timer(retry::TIMER)
        .timer(review::TIMER)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .texts("ru", takt_playbook_language::TEXTS[0].1)
        .texts("en", takt_playbook_language::TEXTS[1].1)
        .fill(&takt_staff::PERMISSIONS, "playbook", policy::RIGHTS)
        .fill(&takt_staff::SETTINGS_PAGES, "playbook", pages::SETTINGS)
        .fill(&takt_orders::panels::CARD_PANEL, "what to say", pages::GUIDE)
        .fill(
            &takt_orders::panels::CLAUSE_RULES,
            "the rules that run",
            clauses::rules as takt_orders::panels::ClauseRules,
        )
        .fill(&takt_orders::panels::CARD_PANEL, "why", pages::WHY)
        .fill(&takt_orders::panels::PAST_PANEL, "playbook", pages::THEN)
        .fill(&takt_orders::panels::CARD_ACTIONS, "how the call ended", pages::CALL_ENDED)
        .fill(&takt_orders::steps::BEFORE, "what the playbook demands", steps::guard)
        .listener(steps::CLOSES)
        .job(trials::job())
        .routes(pages::routes());
    reactions::LISTENERS.iter().fold(feature, |feature, listener| feature.listener(*listener))
}
