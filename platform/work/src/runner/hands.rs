//! What this node has in its hands: the jobs that it runs, and the kinds of jobs that rest because
//! what they all need is not there.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use takt_kernel::Timestamp;

use crate::jobs::JobId;

/// A rest that would be longer is none: the clock was set back.
const LONGEST_REST_SECONDS: i64 = 3_600;

#[derive(Clone, Default)]
pub(super) struct Hands(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    running: BTreeSet<JobId>,
    resting: BTreeMap<&'static str, Timestamp>,
}

/// A job in hand, as long as it lives.
pub(super) struct InHand {
    hands: Hands,
    job: JobId,
}

impl Hands {
    pub fn take(&self, job: JobId) -> InHand {
        self.held().running.insert(job);
        InHand { hands: self.clone(), job }
    }

    /// `,3,7,`: whatever the clock says of their leases, these are not claimed anew.
    pub fn running(&self) -> String {
        self.held().running.iter().fold(String::from(","), |list, job| format!("{list}{job},"))
    }

    pub fn rest(&self, kind: &'static str, until: Timestamp) {
        self.held().resting.insert(kind, until);
    }

    /// Until when a kind rests, if it still does.
    pub fn rests(&self, kind: &'static str, now: Timestamp) -> Option<Timestamp> {
        let mut held = self.held();
        let until = *held.resting.get(kind)?;
        if until <= now || until.seconds_since(now) > LONGEST_REST_SECONDS {
            held.resting.remove(kind);
            return None;
        }
        Some(until)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.hands.held().running.remove(&self.job);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_rests_until_its_moment_and_not_for_ever_when_the_clock_is_set_back() {
        let (hands, moment) = (Hands::default(), Timestamp::from_micros(7_200_000_000));
        hands.rest("letter", moment);
        assert_eq!(hands.rests("letter", moment.plus_seconds(-60)), Some(moment));
        assert_eq!(hands.rests("telegram", moment.plus_seconds(-60)), None);
        assert_eq!(hands.rests("letter", moment), None);
        hands.rest("letter", moment);
        assert_eq!(hands.rests("letter", moment.plus_seconds(-7_200)), None);
    }

    #[test]
    fn a_job_is_in_hand_until_it_ends() {
        let hands = Hands::default();
        let (one, two) = (hands.take(JobId::new(3)), hands.take(JobId::new(7)));
        assert_eq!(hands.running(), ",3,7,");
        drop(one);
        assert_eq!(hands.running(), ",7,");
        drop(two);
        assert_eq!(hands.running(), ",");
    }
}
