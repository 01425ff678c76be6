use std::{
    fmt,
    str::FromStr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Fault;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// A moment: microseconds since 1970 in UTC. RFC 3339 in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    pub const fn micros(self) -> i64 {
        self.0
    }
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }
    /// Microseconds from `earlier` to `self`; negative when `self` comes first.
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.micros_since(earlier) / MICROS_PER_SECOND
    }

    /// As a `jiff` value, for calendars and zones.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(moment: jiff::Timestamp) -> Self {
        Self(moment.as_microsecond())
    }
}
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Written::of(*self) {
            Some(written) => f.write_str(written.as_str()),
            None => self.to_jiff().fmt(f),
        }
    }
}
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
/// A moment from 1970 until the calendar ends as it stands in JSON: lists write hundreds of them, and a calendar's
/// own way of writing asks for far more than four figures of a year.
struct Written {
    letters: [u8; Self::PATTERN.len()],
    until: usize,
}

impl Written {
    const PATTERN: &[u8; 27] = b"0000-00-00T00:00:00.000000Z";
    const SECONDS_END: usize = 19;
    /// The calendar's own last second, 9999-12-30T22:00:00: what comes later it takes for its last moment.
    const END: i64 = 253_402_207_200 * MICROS_PER_SECOND;

    fn of(at: Timestamp) -> Option<Self> {
        let micros = u64::try_from(at.0).ok().filter(|_| at.0 < Self::END)?;
        let mut written = Self { letters: *Self::PATTERN, until: Self::PATTERN.len() };
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        let (year, month, day) = date(days);
        for (from, digits, number) in [
            (0, 4, year),
            (5, 2, month),
            (8, 2, day),
            (11, 2, second / 3_600),
            (14, 2, second / 60 % 60),
            (17, 2, second % 60),
            (20, 6, fraction),
        ] {
            written.put(from, digits, number);
        }
        // A fraction ends with its last figure that is no zero, and is left out when there is none.
        let mut until = Self::PATTERN.len() - 1;
        while until > Self::SECONDS_END && matches!(written.letters[until - 1], b'0' | b'.') {
            until -= 1;
        }
        written.letters[until] = b'Z';
        written.until = until + 1;
        Some(written)
    }

    fn put(&mut self, from: usize, digits: usize, number: u64) {
        let mut left = number;
        for at in (from..from + digits).rev() {
            self.letters[at] = b'0' + u8::try_from(left % 10).unwrap_or_default();
            left /= 10;
        }
    }

    fn as_str(&self) -> &str {
        self.letters.get(..self.until).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
    }
}

/// Year, month and day so many days after the first of January 1970, counted in years that begin in March: then the
/// day that some years have more is a year's last.
fn date(days: u64) -> (u64, u64, u64) {
    const DAYS_OF_400_YEARS: u64 = 146_097;
    /// From the first of March of the year 0.
    const BEFORE_1970: u64 = 719_468;
    let days = days + BEFORE_1970;
    let (era, day) = (days / DAYS_OF_400_YEARS, days % DAYS_OF_400_YEARS);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    (year + 400 * era, month, day)
}

impl FromStr for Timestamp {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        text.parse::<jiff::Timestamp>()
            .map(Self::from)
            .map_err(|error| Fault::invalid("time.malformed").arg("given", text).because(error))
    }
}
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match Written::of(*self) {
            Some(written) => serializer.serialize_str(written.as_str()),
            None => serializer.collect_str(&self.to_jiff()),
        }
    }
}
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The only way to learn the time.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the one place that may ask the system for the time")]
        jiff::Timestamp::now().into()
    }
}

/// A clock that moves when it is told to: tests, simulations, back-tests.
pub struct ManualClock(AtomicI64);

impl ManualClock {
    pub fn at(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.micros()))
    }
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.micros(), Ordering::SeqCst);
    }
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * MICROS_PER_SECOND, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// The only source of chance: secrets, salts, jitter.
pub trait Entropy: Send + Sync {
    /// # Errors
    /// `Unavailable` when the operating system gives no randomness.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault>;
}

pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        getrandom::fill(bytes)
            .map_err(|error| Fault::unavailable("entropy.unavailable").because(error.to_string()))
    }
}

/// Reproducible bytes from a seed (SplitMix64). Never for secrets outside tests.
pub struct SeededEntropy(Mutex<u64>);

impl SeededEntropy {
    pub fn from_seed(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let mixed = (mixed ^ (mixed >> 31)).to_le_bytes();
            chunk.copy_from_slice(&mixed[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_moment_is_written_as_the_calendar_writes_it() {
        for micros in [
            0,
            1,
            951_782_399_999_999,
            951_782_400_000_000,
            951_868_800_100_000,
            4_107_542_400_000_000,
            Written::END - 1,
            Written::END,
            -1,
            i64::MAX,
            i64::MIN,
        ] {
            assert_is_the_calendars(Timestamp::from_micros(micros));
        }
    }

    fn assert_is_the_calendars(at: Timestamp) {
        let expected = at.to_jiff().to_string();
        assert_eq!(at.to_string(), expected);
        assert_eq!(serde_json::to_string(&at).ok(), Some(format!("\"{expected}\"")));
    }

    proptest! {
        #[test]
        fn every_moment_is_written_as_the_calendar_writes_it(
            second in -1_000_000..260_000_000_000_i64,
            fraction in prop_oneof![Just(0), 0..1_000_000_i64, (0..100_i64).prop_map(|part| part * 10_000)],
        ) {
            assert_is_the_calendars(Timestamp::from_micros(second * 1_000_000 + fraction));
        }
    }
}
