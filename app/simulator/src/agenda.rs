//! When what is to be done. The story has a clock of its own, which can run faster than the real one
//! while the screens are being filled, and never goes back.

use std::collections::BTreeMap;

use takt_kernel::Timestamp;

/// Milliseconds of the story.
pub type Moment = i64;

pub struct StoryClock {
    real: Timestamp,
    story: Moment,
    /// Story seconds in a real one.
    pace: i64,
}

impl StoryClock {
    pub fn starting(now: Timestamp) -> Self {
        Self { real: now, story: 0, pace: 1 }
    }

    pub fn at(&self, now: Timestamp) -> Moment {
        self.story + now.micros_since(self.real).max(0) / 1_000 * self.pace
    }

    pub fn set_pace(&mut self, now: Timestamp, pace: i64) {
        *self = Self { real: now, story: self.at(now), pace: pace.max(1) };
    }

    /// When the story gets there.
    pub fn real(&self, moment: Moment) -> Timestamp {
        // Up, or whoever waits until then would find the moment not quite there.
        let left = (moment - self.story).max(0).saturating_add(self.pace - 1) / self.pace;
        self.real.plus_micros(left.saturating_mul(1_000))
    }
}

/// Deeds by their moment; those of the same moment in the order in which they were set.
pub struct Agenda<D> {
    deeds: BTreeMap<(Moment, u64), D>,
    set: u64,
}

impl<D> Agenda<D> {
    pub fn new() -> Self {
        Self { deeds: BTreeMap::new(), set: 0 }
    }

    pub fn set(&mut self, at: Moment, deed: D) {
        self.set += 1;
        self.deeds.insert((at, self.set), deed);
    }

    pub fn take_due(&mut self, now: Moment) -> Option<D> {
        let first = self.deeds.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    pub fn next_moment(&self) -> Option<Moment> {
        self.deeds.first_key_value().map(|((moment, _), _)| *moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_can_run_faster_for_a_while_and_never_jumps() {
        let start = Timestamp::from_micros(0);
        let mut clock = StoryClock::starting(start);
        clock.set_pace(start, 20);
        let later = start.plus_seconds(3);
        assert_eq!(clock.at(later), 60_000);
        clock.set_pace(later, 1);
        assert_eq!(clock.at(later), 60_000);
        assert_eq!(clock.at(later.plus_seconds(1)), 61_000);
        assert_eq!(clock.real(61_000), later.plus_seconds(1));
    }

    #[test]
    fn whoever_waits_for_a_moment_finds_it_come() {
        let mut clock = StoryClock::starting(Timestamp::from_micros(0));
        clock.set_pace(Timestamp::from_micros(0), 7);
        for moment in 0..1_000 {
            assert!(clock.at(clock.real(moment)) >= moment);
        }
    }

    #[test]
    fn deeds_come_by_their_moment_and_then_by_who_was_first() {
        let mut agenda = Agenda::new();
        for (at, deed) in [(5, "c"), (1, "a"), (5, "d"), (3, "b")] {
            agenda.set(at, deed);
        }
        let done: Vec<_> = std::iter::from_fn(|| agenda.take_due(5)).collect();
        assert_eq!(done, ["a", "b", "c", "d"]);
        agenda.set(9, "later");
        assert_eq!((agenda.take_due(8), agenda.next_moment()), (None, Some(9)));
    }
}
