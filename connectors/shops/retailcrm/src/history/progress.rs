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

/// A connection, the kind of subject it asks about, and whether it asks for a part of that.
type Asker = (ConnectionId, &'static str, bool);

/// The part, the row since which was asked, and the position up to which nothing was found.
type Searched = (String, i64, i64);

#[derive(Default)]
pub(crate) struct Progress(Mutex<HashMap<Asker, Searched>>);

impl Progress {
    pub fn known(&self, asker: Asker, narrowing: &str, since: i64) -> Option<i64> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get(&asker).filter(|(part, known, _)| part == narrowing && *known == since);
        known.map(|(_, _, position)| *position)
    }

    /// Between row `since` and this position nothing concerns the connection's shop.
    pub fn note(&self, asker: Asker, narrowing: &str, since: i64, position: i64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(asker, (narrowing.to_owned(), since, position));
    }
}
