use std::time::{Duration, Instant};

use http::header;
use takt_kernel::Timestamp;
use takt_outbound::{Call, Outbound, Reply};

use crate::{endpoint::Endpoint, message::Message, secret};

/// What of an answer is kept.
const KEPT: usize = 1_000;
const GONE: u16 = 410;

/// What one attempt came to.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub at: Timestamp,
    /// Nothing when there was no answer.
    pub status: Option<u16>,
    pub problem: Option<&'static str>,
    pub micros: i64,
    pub reply: String,
    /// Seconds that the endpoint wants to be left alone.
    pub asked: Option<i64>,
}

impl Outcome {
    pub fn is_taken(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// It says that there is nobody any more.
    pub fn is_gone(&self) -> bool {
        self.status == Some(GONE)
    }

    pub fn is_silence(&self) -> bool {
        self.status.is_none()
    }

    /// In the metrics.
    pub fn label(&self) -> &'static str {
        match self.status {
            _ if self.is_taken() => "delivered",
            Some(_) => "refused",
            None => "no_answer",
        }
    }
}

pub(super) async fn attempt(
    outbound: &Outbound,
    endpoint: &Endpoint,
    message: &Message,
    now: Timestamp,
    patience: Duration,
) -> Outcome {
    let id = message.webhook_id();
    let call = Call::post(&endpoint.url)
        .header("webhook-id", &id)
        .header("webhook-timestamp", &secret::seconds(now).to_string())
        .header("webhook-signature", &endpoint.signatures(&id, now, &message.body))
        .body("application/json", message.body.clone())
        .within(patience)
        .first_bytes(KEPT);
    let began = Instant::now();
    let answered = outbound.send(call).await;
    let micros = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
    let silence = |problem| Outcome {
        at: now,
        status: None,
        problem: Some(problem),
        micros,
        reply: String::new(),
        asked: None,
    };
    match answered {
        Ok(reply) => Outcome {
            at: now,
            status: Some(reply.status),
            problem: None,
            micros,
            reply: kept(&reply),
            asked: asked(&reply),
        },
        Err(fault) => match fault.code() {
            "outbound.timed_out" => silence("webhooks.timed_out"),
            "outbound.out_of_reach" => silence("webhooks.out_of_reach"),
            _ => silence("webhooks.unreachable"),
        },
    }
}

fn kept(reply: &Reply) -> String {
    reply.text().replace('\0', "\u{fffd}")
}

fn asked(reply: &Reply) -> Option<i64> {
    reply.headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}
