//! Tasks: what somebody of a role has to do, by when, mostly about an order.
//!
//! Owns the deadline and its escalation (operator, manager, owner). Does not know why a task was
//! opened: the playbook and other features do. Closing a task does nothing to the order by itself.
//!
//! Invariant: a task that is not closed has a timer until the owner was asked. Start reading at
//! [`open`].

mod api;
mod checks;
mod commands;
pub mod facts;
mod ladder;
pub mod pages;
pub mod past;
mod queries;
mod rail;
mod reactions;
mod rights;
mod task;
mod workload;

pub use commands::{
    NewTask, answer_minutes, close, close_all_for_order, close_for_order, close_keyed, escalate, free_key,
    open, open_for, release, take, take_next,
};
pub use ladder::{Ladder, Rung};
pub use queries::{Count, Filter, Page, Which, Whose, count, get, list, of_order, roles_reached};
pub use rights::{DoTasks, ManageTasks, SeeWorkload, ViewTasks};
pub use task::{Handed, State, Task};
pub use workload::{Workload, workload};

use takt_feature::{Feature, Tier};
use takt_staff::{LivePermission, SectionPermission};
use takt_store::Migration;
use takt_work::TimerKind;

pub enum TaskTag {}
pub type TaskId = takt_kernel::Id<TaskTag>;

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "tasks", sql: include_str!("../migrations/0001_tasks.sql") },
    Migration { number: 2, name: "next", sql: include_str!("../migrations/0002_next.sql") },
];

pub fn feature() -> Feature {
    let feature = Feature::new("tasks", Tier::Core)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&takt_store::CHECKS, "tasks", checks::CHECKS)
        .timer(TimerKind {
            kind: commands::DEADLINE,
            does: "asks the next above for a task that is late",
            fire: commands::fire_deadline,
        })
        .timer(TimerKind {
            kind: commands::LEASE,
            does: "gives a task back to its role with which nothing was done by whoever it was given to",
            fire: commands::fire_lease,
        })
        .fill(&takt_staff::PERMISSIONS, "tasks", rights::RIGHTS)
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "tasks",
            SectionPermission { href: "/tasks", permission: "tasks.view" },
        )
        .fill(
            &takt_staff::LIVE_PERMISSIONS,
            "tasks",
            LivePermission { subject_kind: "task", permission: "tasks.view" },
        )
        .fill(&takt_staff::SETTINGS_PAGES, "tasks", pages::SETTINGS)
        .fill(&takt_orders::panels::CARD_PANEL, "tasks", pages::PANEL)
        .fill(&takt_orders::panels::CARD_ACTIONS, "the next task", pages::CARD_ACTION)
        .fill(&takt_orders::panels::LIST_ACTIONS, "the next task", pages::LIST_ACTION)
        .fill(&takt_orders::panels::RAIL, "tasks by kind", rail::RAIL)
        .fill(&takt_orders::panels::BURNING, "late tasks", rail::BURNING)
        .routes(pages::routes())
        .routes(api::routes())
        .navigation(pages::NAVIGATION)
        .api(<api::Api as utoipa::OpenApi>::openapi)
        .samples(pages::SAMPLES.to_vec());
    reactions::LISTENERS.into_iter().fold(feature, Feature::listener)
}
