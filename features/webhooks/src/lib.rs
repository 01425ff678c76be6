//! Webhooks: a company's own programs hear what happens, by themselves or when they ask.
//!
//! Owns the endpoints (`webhook_endpoint`), what is sent to them (`webhook_message`) and what came of it
//! (`webhook_attempt`), and `GET /api/v1/facts`, the log itself for programs. Which facts programs may
//! know stands in [`kinds`]; a test of the program sees to it that no fact is forgotten there.
//!
//! Hears the facts of [`kinds::PUBLISHED`], while there is an endpoint at all. Says `webhooks.*` about the
//! endpoint. Invariants: a fact makes at most one message for an endpoint; of the messages of one subject
//! only the first that waits is sent; a body never changes once it is written; no secret is printed.
//! Start reading at [`reactions`], then [`delivery`]; the other half is [`api`].

mod address;
mod api;
mod body;
mod checks;
mod commands;
mod delivery;
mod endpoint;
mod erased;
mod facts;
mod forget;
pub mod kinds;
mod message;
mod pages;
mod queries;
mod reactions;
mod replay;
mod rights;
mod secret;
mod settings;

pub use commands::{Given, Rotated, add, edit, pause, ping, remove, resume, rotate};
pub use delivery::{PATIENCE_SECONDS, next_attempt};
pub use endpoint::{Endpoint, EndpointId, State};
pub use message::{Attempt, Message, MessageId, MessageState};
pub use queries::{Health, attempts, health, messages};
pub use replay::{Which, replay_all, replay_one};
pub use rights::{ManageWebhooks, SeeFacts};
pub use settings::Settings;

use takt_feature::{Feature, Tier};
use takt_store::Migration;

const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "webhooks", sql: include_str!("../migrations/0001_webhooks.sql") }];

pub fn feature(settings: Settings) -> Feature {
    Feature::new("webhooks", Tier::Feature)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_store::CHECKS, "webhooks", checks::CHECKS)
        .fill(&takt_vault::SEALED, "keys of webhooks", endpoint::SEALED[0])
        .fill(&takt_vault::SEALED, "old keys of webhooks", endpoint::SEALED[1])
        .fill(&takt_work::NEEDED, "while there is an endpoint", reactions::NEEDED)
        .fill(&settings::WEBHOOKS, "where webhooks may go", settings)
        .fill(&takt_staff::PERMISSIONS, "webhooks", rights::RIGHTS)
        .fill(&takt_staff::SETTINGS_PAGES, "webhooks", pages::PAGE)
        .fill(&takt_customers::TRAILS, "what programs are told", erased::TRAIL)
        .fill(
            &takt_customers::ERASED,
            "what programs are told",
            erased::erase_of_person as takt_customers::EraseStep,
        )
        .listener(reactions::LISTENER)
        .timer(forget::TIMER)
        .job(delivery::job(settings))
        .job(replay::job())
        .routes(api::routes())
        .routes(pages::routes())
        .api(<api::FactsApi as utoipa::OpenApi>::openapi)
        .samples(pages::SAMPLES.to_vec())
}
