//! What is remembered between two polls: how far the bank listed, what was read, what was bad, what it still owes.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use takt_kernel::{Fault, Result};

/// A packet that cannot be believed or read is fetched so often, each time later, and then left to people.
const TRIES: u32 = 8;
const TRY_AGAIN_SECONDS: i64 = 120;
/// Packets that are remembered as bad.
const MOST_BAD: usize = 1_000;

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(crate) struct Cursor {
    /// The bank's own time of its last list, in seconds.
    pub listed_until: Option<i64>,
    /// Packets that were read, of those that the bank lists.
    read: Vec<String>,
    bad: Vec<Bad>,
    pub asked: Option<Waiting>,
}

/// A packet that could not be believed, read or fetched.
#[derive(Serialize, Deserialize)]
struct Bad {
    id: String,
    tries: u32,
    next_at: i64,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub id: String,
    pub from: String,
    pub until: String,
    pub at: i64,
}

impl Cursor {
    pub fn written(&self) -> Result<Json> {
        serde_json::to_value(self)
            .map_err(|error| Fault::broken("directbank.cursor_unwritable").because(error))
    }

    /// What is to be fetched now: what the bank lists and nobody has looked at, the newest first, for what is not read
    /// for long must not stand before what came just now; then what was bad, by its id, listed or not.
    pub fn wanted(&mut self, listed: Vec<String>, now: i64) -> Vec<String> {
        // What the bank lists no more needs no remembering.
        self.read.retain(|id| listed.contains(id));
        self.bad.retain(|bad| bad.tries < TRIES || listed.contains(&bad.id));
        let looked_at: HashSet<&str> =
            self.read.iter().map(String::as_str).chain(self.bad.iter().map(|bad| bad.id.as_str())).collect();
        let mut wanted: Vec<String> =
            listed.into_iter().rev().filter(|id| !looked_at.contains(id.as_str())).collect();
        let due = self.bad.iter().filter(|bad| bad.tries < TRIES && bad.next_at <= now);
        wanted.extend(due.map(|bad| bad.id.clone()));
        wanted
    }

    pub fn was_read(&mut self, id: String) {
        self.bad.retain(|bad| bad.id != id);
        self.read.push(id);
    }

    pub fn was_bad(&mut self, id: String, now: i64) {
        let known = self.bad.iter().position(|bad| bad.id == id).map(|place| self.bad.remove(place));
        let tries = known.map_or(0, |bad| bad.tries) + 1;
        let wait = TRY_AGAIN_SECONDS.saturating_mul(1_i64 << tries.min(12));
        self.bad.push(Bad { id, tries, next_at: now + wait });
        let superfluous = self.bad.len().saturating_sub(MOST_BAD);
        self.bad.drain(..superfluous);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_packet_that_is_never_believed_is_tried_later_each_time_and_stands_before_no_other() {
        let mut cursor = Cursor::default();
        assert_eq!(cursor.wanted(ids(&["old", "bad", "new"]), 0), ids(&["new", "bad", "old"]));
        cursor.was_read("new".to_owned());
        cursor.was_read("old".to_owned());
        cursor.was_bad("bad".to_owned(), 0);
        assert_eq!(cursor.wanted(ids(&["old", "bad", "new"]), 239), ids(&[]));
        assert_eq!(cursor.wanted(ids(&["bad", "newest"]), 240), ids(&["newest", "bad"]));
        assert_eq!(cursor.read, ids(&[]), "what the bank lists no more is forgotten");
        let mut now = 240;
        for _ in 1..TRIES {
            cursor.was_bad("bad".to_owned(), now);
            now += 24 * 3600;
        }
        assert_eq!(cursor.wanted(ids(&["bad"]), now), ids(&[]), "it is for people now");
        assert_eq!(cursor.wanted(ids(&[]), now), ids(&[]));
        assert!(cursor.bad.is_empty());
    }
}
