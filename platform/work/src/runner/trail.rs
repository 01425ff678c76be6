//! When which position of the log was first seen: from it follows for how long a fact has waited.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

const STEP: Duration = Duration::from_millis(100);
const MOST: usize = 1_024;

#[derive(Default)]
pub(super) struct Trail(VecDeque<(i64, Instant)>);

impl Trail {
    pub fn note(&mut self, position: i64, now: Instant) {
        match self.0.back_mut() {
            Some((last, _)) if *last >= position => {}
            Some((last, at)) if now.duration_since(*at) < STEP => *last = position,
            _ => self.0.push_back((position, now)),
        }
        if self.0.len() > MOST {
            // Coarser, not shorter.
            let pairs: Vec<(i64, Instant)> = self.0.drain(..).collect();
            self.0.extend(pairs.chunks(2).filter_map(|pair| Some((pair.last()?.0, pair.first()?.1))));
        }
    }

    /// How long ago this position was first seen.
    pub fn age(&self, position: i64, now: Instant) -> Duration {
        let seen = self.0.iter().find(|(last, _)| *last >= position);
        seen.map_or(Duration::ZERO, |(_, at)| now.duration_since(*at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_of_a_position_is_known_to_a_twentieth_of_it() {
        let (mut trail, start) = (Trail::default(), Instant::now());
        for tenth in 0..5_000_u32 {
            trail.note(i64::from(tenth) * 10, start + STEP * tenth);
        }
        let now = start + STEP * 5_000;
        assert!(trail.0.len() <= MOST);
        for position in [1, 12_345, 49_990] {
            let exact = now - (start + STEP * (position as u32).div_ceil(10));
            let told = trail.age(position, now);
            assert!(
                told >= exact && told - exact <= STEP + exact / 20,
                "{position}: {told:?} and not {exact:?}"
            );
        }
        assert_eq!(trail.age(1_000_000, now), Duration::ZERO, "not seen yet");
    }
}
