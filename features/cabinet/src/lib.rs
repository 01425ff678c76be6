//! The cabinet: where an owner begins the day. Three questions answered at once – what is in work, what burns, what
//! was done yesterday –, and the ways by which the owner reaches into an order: a question to a person, a hold, an
//! instruction that must be followed first.
//!
//! Owns the standing of each order in work with its sums, the deeds of the days, questions and instructions. Does not
//! own orders, their holds (core `orders::hold`) or comments: a question and an instruction are comments of core that
//! something follows from. What burns beside orders others fill into `orders::panels::BURNING`.
//!
//! Invariant: what is kept of an order is what its row says, and the sums are those of what is kept; looking costs the
//! same however many orders there are. Start reading at [`keep`], then `pages::home`.

mod checks;
mod facts;
mod folded;
mod instructions;
mod keep;
mod pages;
mod questions;
mod rights;
mod sums;
mod zones;

pub use facts::{Answered, Instructed, InstructionDone};
pub use instructions::{Instruction, instruct, of_order as instructions_of, tick};
pub use questions::{Question, of_order as questions_of, usual_answer};
pub use rights::{SeeCabinet, TickInstructions};
pub use sums::{Cut, Days, Deed, Look, Sum, look};

use takt_feature::{Feature, Tier};
use takt_orders::{panels, steps};
use takt_staff::{LANDING, Landing, Role, SectionPermission};
use takt_store::Migration;

const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "cabinet", sql: include_str!("../migrations/0001_cabinet.sql") }];

pub fn feature() -> Feature {
    Feature::new("cabinet", Tier::Feature)
        .says(facts::SAYS)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .listener(keep::LISTENER)
        .listener(questions::LISTENER)
        .fill(&takt_store::CHECKS, "cabinet", checks::CHECKS)
        .fill(&takt_work::FORESEEN, "how it stood", keep::foreseen as takt_work::Foreseen)
        .fill(&takt_staff::PERMISSIONS, "cabinet", rights::RIGHTS)
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "the cabinet",
            SectionPermission { href: pages::HOME, permission: "cabinet.see" },
        )
        .fill(
            &LANDING,
            "the owner's cabinet",
            Landing { href: pages::HOME, roles: &[Role::Owner, Role::Auditor] },
        )
        .fill(&steps::BEFORE, "instructions of the owner", instructions::guard as steps::Guard)
        .fill(&steps::MAY_LEAVE, "instructions of the owner", instructions::may_leave as steps::LeaveGuard)
        .fill(&steps::MAY_REMAKE, "instructions of the owner", instructions::may_leave as steps::RemakeGuard)
        .fill(&panels::CARD_NOTICES, "instructions of the owner", pages::NOTICE)
        .fill(&panels::CARD_ACTIONS, "the owner steps in", pages::STEP_IN)
        .fill(&panels::CARD_PANEL, "who answers, and questions", pages::ASK)
        .routes(pages::routes())
        .navigation(pages::NAVIGATION)
        .samples(pages::SAMPLES.to_vec())
}
