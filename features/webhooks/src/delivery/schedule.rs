//! When a message that was not taken is tried again: soon at first, later and later, and a last time when
//! three days are over.

use takt_kernel::Timestamp;

/// So long a message is worth sending.
pub const PATIENCE_SECONDS: i64 = 3 * 24 * 3600;

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const WAITS_SECONDS: [i64; 13] = [
    5,
    30,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    6 * HOUR,
    8 * HOUR,
    10 * HOUR,
    12 * HOUR,
    14 * HOUR,
];
/// An endpoint may ask for more time, within reason.
const MOST_ASKED_SECONDS: i64 = HOUR;

/// When the next attempt is, after so many have failed; nothing when it is given up. `asked`: the seconds
/// that the endpoint wants to be left alone.
pub fn next_attempt(
    queued_at: Timestamp,
    attempts: i64,
    asked: Option<i64>,
    now: Timestamp,
) -> Option<Timestamp> {
    let last = queued_at.plus_seconds(PATIENCE_SECONDS);
    if now >= last {
        return None;
    }
    let longest = WAITS_SECONDS[WAITS_SECONDS.len() - 1];
    let place = usize::try_from(attempts - 1).unwrap_or(0);
    let wait = WAITS_SECONDS.get(place).copied().unwrap_or(longest);
    let asked = asked.unwrap_or(0).clamp(0, MOST_ASKED_SECONDS);
    Some(now.plus_seconds(wait.max(asked)).min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_later_and_later_and_a_last_time_after_three_days() {
        let start = Timestamp::from_micros(0);
        let (mut now, mut hours) = (start, Vec::new());
        for attempts in 1.. {
            let Some(next) = next_attempt(start, attempts, None, now) else { break };
            assert!(next > now);
            now = next;
            hours.push(now.seconds_since(start));
        }
        let told: Vec<i64> = hours.iter().map(|seconds| seconds / 60).collect();
        assert_eq!(told, [0, 0, 2, 12, 42, 102, 222, 462, 822, 1302, 1902, 2622, 3462, 4302, 4320]);
        assert_eq!(now.seconds_since(start), PATIENCE_SECONDS);
    }

    #[test]
    fn who_asks_for_time_gets_it_within_reason() {
        let start = Timestamp::from_micros(0);
        for (asked, waits) in
            [(None, 5), (Some(2), 5), (Some(90), 90), (Some(1_000_000), 3600), (Some(-1), 5)]
        {
            let next = next_attempt(start, 1, asked, start);
            assert_eq!(next, Some(start.plus_seconds(waits)), "{asked:?}");
        }
    }
}
