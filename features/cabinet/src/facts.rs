//! What the cabinet says, about orders. Nothing of what anybody wrote: that is a comment.

use serde::{Deserialize, Serialize};
use takt_kernel::PersonId;
use takt_orders::CommentId;
use takt_store::Fact;

/// The owner wants this comment followed before anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instructed {
    pub comment: CommentId,
}
impl Fact for Instructed {
    const KIND: &'static str = "cabinet.instructed";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstructionDone {
    pub comment: CommentId,
}
impl Fact for InstructionDone {
    const KIND: &'static str = "cabinet.instruction_done";
}

/// Somebody who was asked by a comment has answered by one of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub comment: CommentId,
    pub person: PersonId,
    /// How long it took.
    pub seconds: i64,
}
impl Fact for Answered {
    const KIND: &'static str = "cabinet.answered";
}

pub(crate) const SAYS: &[&str] = &[Instructed::KIND, InstructionDone::KIND, Answered::KIND];
