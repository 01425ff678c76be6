//! How far the log was looked through for a connection without finding anything. A shop that asks every
//! five minutes "since row N" and for whom nothing happened would have the same part of the log searched
//! each time, and in a busy company of many shops would never get beyond it.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use takt_connections::ConnectionId;
use takt_kernel::Slot;

pub(crate) const PROGRESS: Slot<Progress> = Slot::new("retailcrm.progress");
const MOST: usize = 10_000;

/// By connection and subject: since which row, and up to which position.
type Known = HashMap<(ConnectionId, &'static str), (i64, i64)>;

#[derive(Default)]
pub(crate) struct Progress(Mutex<Known>);

impl Progress {
    pub fn known(&self, connection: ConnectionId, subject: &'static str, since: i64) -> Option<i64> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&(connection, subject)).filter(|(known, _)| *known == since).map(|(_, position)| *position)
    }

    /// Between row `since` and this position nothing concerns the connection's shop.
    pub fn note(&self, connection: ConnectionId, subject: &'static str, since: i64, position: i64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert((connection, subject), (since, position));
    }
}
