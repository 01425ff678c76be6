//! What the drill says, about the practice company.

use serde::{Deserialize, Serialize};
use takt_kernel::{Actor, CompanyId, PersonId};
use takt_store::{About, Fact, Subject};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    pub person: PersonId,
}
impl Fact for Begun {
    const KIND: &'static str = "drill.begun";
}

/// Somebody read something and told it right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub task: String,
}
impl Fact for Told {
    const KIND: &'static str = "drill.told";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskDone {
    pub task: String,
}
impl Fact for TaskDone {
    const KIND: &'static str = "drill.task_done";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    pub person: PersonId,
    /// Of work, not of the clock on the wall.
    pub seconds: i64,
}
impl Fact for Passed {
    const KIND: &'static str = "drill.passed";
}

pub(crate) const SAYS: &[&str] = &[Begun::KIND, Told::KIND, TaskDone::KIND, Passed::KIND];

pub(crate) fn about(company: CompanyId, actor: &Actor) -> About<'_> {
    About::new(company, Subject::new("drill", company.get()), actor)
}
