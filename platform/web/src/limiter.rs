//! Token buckets in memory, one per (class, key): so many at once, so many per minute. Bounded: when a
//! flood of keys fills the table, the idle ones go first. One node counts for itself.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use takt_kernel::{Clock, Fault, Result, Timestamp};

use crate::TOO_MANY_REQUESTS;

const MOST_BUCKETS: usize = 100_000;
const MICROS_PER_MINUTE: i64 = 60_000_000;
/// A token in the unit that a bucket counts.
const TOKEN: i64 = 1_000_000;

/// What is limited together: `sign-in`, `api`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RateClass {
    pub name: &'static str,
    /// How many may come at once.
    pub burst: u32,
    pub per_minute: u32,
}

pub struct RateLimiter {
    clock: Arc<dyn Clock>,
    buckets: Mutex<HashMap<(RateClass, String), Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    left: i64,
    at: Timestamp,
}

impl RateLimiter {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, buckets: Mutex::default() }
    }

    /// Takes one token; `key` is whoever is limited: an address, an account.
    ///
    /// # Errors
    /// `web.too_many_requests` with `seconds`, the time until the next token.
    pub fn take(&self, class: &RateClass, key: &str) -> Result<()> {
        let now = self.clock.now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_BUCKETS {
            buckets.retain(|(class, _), bucket| bucket.refilled(class, now).left < class.full());
            if buckets.len() >= MOST_BUCKETS {
                buckets.clear();
            }
        }
        let bucket =
            buckets.entry((*class, key.to_owned())).or_insert(Bucket { left: class.full(), at: now });
        *bucket = bucket.refilled(class, now);
        if bucket.left < TOKEN {
            let micros = (TOKEN - bucket.left) * 60 / i64::from(class.per_minute.max(1));
            return Err(Fault::unavailable(TOO_MANY_REQUESTS).arg("seconds", micros / 1_000_000 + 1));
        }
        bucket.left -= TOKEN;
        Ok(())
    }
}

impl RateClass {
    fn full(&self) -> i64 {
        i64::from(self.burst.max(1)) * TOKEN
    }
}

impl Bucket {
    fn refilled(self, class: &RateClass, now: Timestamp) -> Self {
        // A clock that was set back begins a new count of time, or nobody would get in until it is the old time again.
        let micros = now.micros_since(self.at).clamp(0, 24 * 60 * MICROS_PER_MINUTE);
        let gained = micros.saturating_mul(i64::from(class.per_minute)) / 60;
        Self { left: self.left.saturating_add(gained).min(class.full()), at: now }
    }
}

#[cfg(test)]
mod tests {
    use takt_kernel::ManualClock;

    use super::*;

    const SIGN_IN: RateClass = RateClass { name: "sign-in", burst: 3, per_minute: 6 };

    #[test]
    fn a_burst_passes_then_one_every_ten_seconds() {
        let clock = Arc::new(ManualClock::at(Timestamp::from_micros(0)));
        let limiter = RateLimiter::new(clock.clone());
        for _ in 0..3 {
            limiter.take(&SIGN_IN, "10.0.0.1").unwrap();
        }
        let refused = limiter.take(&SIGN_IN, "10.0.0.1").unwrap_err();
        assert!(refused.is(TOO_MANY_REQUESTS));
        assert_eq!(refused.args()[0].1, "11");
        limiter.take(&SIGN_IN, "10.0.0.2").unwrap();
        clock.advance_seconds(10);
        limiter.take(&SIGN_IN, "10.0.0.1").unwrap();
        assert!(limiter.take(&SIGN_IN, "10.0.0.1").is_err());
    }

    #[test]
    fn a_clock_that_jumps_locks_nobody_out() {
        let clock = Arc::new(ManualClock::at(Timestamp::from_micros(7_200_000_000)));
        let limiter = RateLimiter::new(clock.clone());
        while limiter.take(&SIGN_IN, "10.0.0.1").is_ok() {}
        clock.advance_seconds(-3_600);
        assert!(limiter.take(&SIGN_IN, "10.0.0.1").is_err(), "nor does it let anybody in");
        clock.advance_seconds(10);
        limiter.take(&SIGN_IN, "10.0.0.1").unwrap();
    }

    #[test]
    fn a_flood_of_addresses_does_not_fill_the_memory() {
        let clock = Arc::new(ManualClock::at(Timestamp::from_micros(0)));
        let limiter = RateLimiter::new(clock);
        for address in 0..MOST_BUCKETS + 10 {
            limiter.take(&SIGN_IN, &address.to_string()).unwrap();
        }
        assert!(limiter.buckets.lock().unwrap().len() <= MOST_BUCKETS);
    }
}
