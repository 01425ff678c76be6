//! What this crate says, about the subject "order". No address, no text of a message.

use serde::{Deserialize, Serialize};
use takt_kernel::{Actor, Result};
use takt_store::{About, Fact, Subject, Tx};

use crate::notice::{Notice, NoticeId};

pub const QUEUED: &str = "notifications.queued";
pub const SENT: &str = "notifications.sent";
pub const FAILED: &str = "notifications.failed";
pub const IN_DOUBT: &str = "notifications.in_doubt";

pub(crate) const SAID: &[&str] = &[QUEUED, SENT, FAILED, IN_DOUBT];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    pub notice: NoticeId,
    pub event: String,
    pub channel: String,
    pub language: String,
}
impl Fact for Queued {
    const KIND: &'static str = QUEUED;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub notice: NoticeId,
    pub event: String,
    pub attempts: i64,
}
impl Fact for Sent {
    const KIND: &'static str = SENT;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    pub notice: NoticeId,
    pub event: String,
    /// A code of ours, such as `notifications.refused`.
    pub problem: String,
}
impl Fact for Failed {
    const KIND: &'static str = FAILED;
}

/// It may have arrived, and may not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InDoubt {
    pub notice: NoticeId,
    pub event: String,
}
impl Fact for InDoubt {
    const KIND: &'static str = IN_DOUBT;
}

pub(crate) fn say<F: Fact>(tx: &mut Tx, notice: &Notice, actor: &Actor, fact: &F) -> Result<()> {
    tx.say(About::new(notice.company, Subject::new("order", notice.order.get()), actor), fact)
}
