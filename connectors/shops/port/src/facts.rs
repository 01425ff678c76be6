//! What this crate says, about the connection.

use serde::{Deserialize, Serialize};
use takt_connections::ConnectionId;
use takt_kernel::{Actor, CompanyId};
use takt_store::{About, Fact, Subject};

pub(crate) fn subject(connection: ConnectionId) -> Subject {
    Subject::new("connection", connection.get())
}

pub(crate) fn about<'a>(company: CompanyId, connection: ConnectionId, actor: &'a Actor) -> About<'a> {
    About::new(company, subject(connection), actor)
}

/// The poll took in what no message had said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub orders: i64,
}
impl Fact for Found {
    const KIND: &'static str = "shops.found";
}

/// The shop could not be asked, for the first time since it could.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreachable {
    pub code: String,
}
impl Fact for Unreachable {
    const KIND: &'static str = "shops.unreachable";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachedAgain {}
impl Fact for ReachedAgain {
    const KIND: &'static str = "shops.reached_again";
}

pub(crate) const SAID: &[&str] = &[Found::KIND, Unreachable::KIND, ReachedAgain::KIND];
