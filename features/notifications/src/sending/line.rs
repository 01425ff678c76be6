//! Whether the mail server can be reached, as this node found it last. While it cannot, one message after
//! the other tries, with longer and longer rests; all others wait in the database and cost nothing.

use std::sync::atomic::{AtomicU32, Ordering};

const FIRST_REST_SECONDS: i64 = 15;
/// After so long at most a server that is back is found to be.
const LONGEST_REST_SECONDS: i64 = 300;

#[derive(Default)]
pub(super) struct Line {
    failures: AtomicU32,
}

impl Line {
    pub fn works(&self) {
        self.failures.store(0, Ordering::Relaxed);
    }

    /// Answers for how many seconds nobody should try.
    pub fn is_away(&self) -> i64 {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).min(10);
        (FIRST_REST_SECONDS << failures).min(LONGEST_REST_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_to_five_minutes_and_begin_anew() {
        let line = Line::default();
        let rests: Vec<i64> = (0..7).map(|_| line.is_away()).collect();
        assert_eq!(rests, [15, 30, 60, 120, 240, 300, 300]);
        line.works();
        assert_eq!(line.is_away(), 15);
    }
}
