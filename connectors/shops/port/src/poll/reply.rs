//! What an answer of a shop means before anybody reads it.

use jiff::fmt::rfc2822;
use takt_kernel::{Fault, Timestamp};
use takt_outbound::Reply;

use super::Outcome;

const USUAL_REST: i64 = 60;
const LONGEST_REST: i64 = 3600;

/// # Errors
/// How the run ends because of it.
pub(crate) fn judge(reply: &Reply, now: Timestamp) -> Result<(), Outcome> {
    let told = |code: &'static str| Fault::unavailable(code).arg("status", reply.status);
    match reply.status {
        200..300 => Ok(()),
        401 | 403 => Err(Outcome::Failed(told("shops.keys_refused"))),
        429 | 503 => {
            Err(Outcome::Rest { seconds: rest_seconds(reply, now), fault: told("shops.asks_for_rest") })
        }
        _ => Err(Outcome::Failed(told("shops.answered_badly"))),
    }
}

/// For how long the shop asks to be left alone: seconds or a date, an hour at most.
pub fn rest_seconds(reply: &Reply, now: Timestamp) -> i64 {
    let told = reply.headers.get("retry-after").and_then(|value| value.to_str().ok()).map(str::trim);
    let seconds = told.and_then(|told| {
        told.parse::<f64>()
            .ok()
            .filter(|seconds| seconds.is_finite())
            .map(|seconds| seconds.ceil() as i64)
            .or_else(|| {
                let at = rfc2822::DateTimeParser::new().parse_timestamp(told).ok()?;
                Some(Timestamp::from(at).seconds_since(now))
            })
    });
    seconds.unwrap_or(USUAL_REST).clamp(1, LONGEST_REST)
}
