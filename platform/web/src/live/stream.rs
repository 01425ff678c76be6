//! One browser's stream. `data: {"position":7,"changed":["order/42","orders"]}`; `id` is the position,
//! so a reconnecting browser names it in `Last-Event-ID` (or `?since=`) and misses nothing. Whoever
//! was away too long is told `*`: everything may have changed.

use std::{collections::BTreeSet, convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::stream::unfold;
use http::{HeaderMap, request::Parts};
use serde::Deserialize;
use takt_kernel::{Fault, PersonId, Result};
use tokio::{
    sync::{OwnedSemaphorePermit, broadcast, watch},
    time::{Instant, sleep, sleep_until, timeout_at},
};

use super::{
    LIVE_SCOPE, LiveChange, Sight, feed,
    presence::{Looked, Onlooker},
};
use crate::{Answer, Failure, Query, SIGN_IN_REQUIRED, Web, shed::Reason};

/// What happens together is told together.
const GATHER: Duration = Duration::from_millis(20);
/// At most ten events a second while few look on. Each costs a page, so the more look on, the rarer they are.
const APART: Duration = Duration::from_millis(100);
const APART_FOR_EACH_STREAM: Duration = Duration::from_millis(1);
const LONGEST_APART: Duration = Duration::from_millis(500);
/// Then the browser comes back and its rights are looked at anew.
const LONGEST_STREAM: Duration = Duration::from_secs(300);
const EVERYTHING: &str = "*";

#[derive(Deserialize)]
pub struct Since {
    since: Option<i64>,
}

impl Since {
    /// Where the browser left off: what it says itself goes before the address.
    #[must_use]
    pub fn resumed(self, headers: &HeaderMap) -> Self {
        Self { since: last_event_id(headers).or(self.since) }
    }
}

pub(crate) async fn stream(State(web): State<Web>, Query(query): Query<Since>, parts: Parts) -> Answer {
    let since = query.resumed(&parts.headers);
    let scope = web.db.slots().of(&LIVE_SCOPE).next().copied();
    let Some(scope) = scope else { return Err(Fault::denied(SIGN_IN_REQUIRED).into()) };
    let place = web.gate.stream().map_err(|reason| refused(&web, reason))?;
    read(web.clone(), since, vec![place], (scope.0)(web, parts)).await
}

/// A stream for somebody who is not signed in and sees what `sight` finds. All of them together leave half
/// of a node's streams to its own people.
///
/// # Errors
/// `web.too_many_streams`, and what `sight` refuses.
pub async fn guest_stream(web: Web, since: Since, sight: impl Future<Output = Result<Sight>>) -> Answer {
    let guest = web.gate.guest_stream().map_err(|reason| refused(&web, reason))?;
    let place = web.gate.stream().map_err(|reason| refused(&web, reason))?;
    read(web, since, vec![place, guest], sight).await
}

fn refused(web: &Web, reason: Reason) -> Failure {
    web.measures.shed(reason);
    web.gate.refusal(reason).into()
}

async fn read(
    web: Web,
    since: Since,
    places: Vec<OwnedSemaphorePermit>,
    sight: impl Future<Output = Result<Sight>>,
) -> Answer {
    let since = since.since;
    // Listened to before the rights are read: what changes them meanwhile is heard.
    let news = web.live.subscribe();
    let looks = web.live.presence().subscribe();
    let sight = sight.await?;
    let seen = since.unwrap_or(*web.db.watch().borrow());
    let reader = Reader {
        closed: web.live.closed(),
        web,
        news,
        sight,
        over: false,
        seen,
        behind: since.is_some(),
        until: Instant::now() + LONGEST_STREAM,
        told: None,
        looks,
        greeted: false,
        _places: places,
    };
    let events = unfold(reader, |mut reader| async move {
        let event = match reader.next().await? {
            Told::Changed(topics) => {
                let data = serde_json::json!({"position": reader.seen, "changed": topics}).to_string();
                Event::default().id(reader.seen.to_string()).data(data)
            }
            Told::Present(present) => Event::default().event("presence").data(present),
        };
        Some((Ok::<_, Infallible>(event), reader))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

fn last_event_id(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

struct Reader {
    web: Web,
    news: broadcast::Receiver<Arc<Vec<LiveChange>>>,
    closed: watch::Receiver<bool>,
    sight: Sight,
    over: bool,
    /// Everything up to here was told or is none of this reader's business.
    seen: i64,
    /// The log has to be read itself: at the start, and after falling behind.
    behind: bool,
    until: Instant,
    /// When the last event was told.
    told: Option<Instant>,
    looks: broadcast::Receiver<Arc<Vec<Looked>>>,
    /// Who looks at what when the stream begins was told.
    greeted: bool,
    _places: Vec<OwnedSemaphorePermit>,
}

enum Heard {
    News(std::result::Result<Arc<Vec<LiveChange>>, broadcast::error::RecvError>),
    Looks(std::result::Result<Arc<Vec<Looked>>, broadcast::error::RecvError>),
}

enum Told {
    Changed(BTreeSet<String>),
    /// As JSON.
    Present(String),
}

impl Reader {
    /// What is told next, or nothing when the stream ends.
    async fn next(&mut self) -> Option<Told> {
        let mut topics = BTreeSet::new();
        if !self.greeted {
            self.greeted = true;
            let everything = self.web.live.presence().everything();
            if let Some(present) = self.present(&everything, true) {
                return Some(Told::Present(present));
            }
        }
        if self.behind && !self.over {
            self.catch_up(&mut topics).await;
        }
        while topics.is_empty() {
            if self.over {
                return None;
            }
            let heard = tokio::select! {
                heard = self.news.recv() => Heard::News(heard),
                looked = self.looks.recv() => Heard::Looks(looked),
                _ = self.closed.wait_for(|closed| *closed) => return None,
                () = sleep_until(self.until) => return None,
            };
            match heard {
                Heard::News(heard) => self.take(heard, &mut topics)?,
                Heard::Looks(looked) => {
                    if let Some(present) = self.looked(looked)? {
                        return Some(Told::Present(present));
                    }
                }
            }
            if self.behind {
                self.catch_up(&mut topics).await;
            }
        }
        let gathered = self.may_tell_at();
        while !self.over
            && let Ok(heard) = timeout_at(gathered, self.news.recv()).await
        {
            self.take(heard, &mut topics)?;
        }
        self.told = Some(Instant::now());
        Some(Told::Changed(topics))
    }

    fn looked(
        &self,
        looked: std::result::Result<Arc<Vec<Looked>>, broadcast::error::RecvError>,
    ) -> Option<Option<String>> {
        match looked {
            Ok(looked) => Some(self.present(&looked, false)),
            Err(broadcast::error::RecvError::Lagged(_)) => {
                let everything = self.web.live.presence().everything();
                Some(self.present(&everything, true))
            }
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }

    /// Who else looks at those of these that the reader may see; `whole`: at others nobody does.
    fn present(&self, looked: &[Looked], whole: bool) -> Option<String> {
        let reader: PersonId = self.sight.reader?;
        let seen: Vec<&Looked> =
            looked.iter().filter(|looked| (self.sight.may_see)(&looked.as_change(self.seen))).collect();
        if seen.is_empty() {
            return None;
        }
        let present: serde_json::Map<String, serde_json::Value> = seen
            .into_iter()
            .map(|looked| {
                let others = self.web.live.presence().onlookers(looked);
                let others = others.iter().filter(|other| other.person != reader).map(Onlooker::told);
                (looked.topic(), others.collect())
            })
            .collect();
        Some(serde_json::json!({"present": present, "whole": whole}).to_string())
    }

    /// Soon after a quiet while; in time with the others when much happens.
    fn may_tell_at(&self) -> Instant {
        let soon = Instant::now() + GATHER;
        self.told.map_or(soon, |told| soon.max(told + apart(self.web.gate.streams())))
    }

    fn take(
        &mut self,
        heard: std::result::Result<Arc<Vec<LiveChange>>, broadcast::error::RecvError>,
        topics: &mut BTreeSet<String>,
    ) -> Option<()> {
        match heard {
            Ok(changes) => self.add(&changes, topics),
            Err(broadcast::error::RecvError::Lagged(_)) => self.behind = true,
            Err(broadcast::error::RecvError::Closed) => return None,
        }
        Some(())
    }

    fn add(&mut self, changes: &[LiveChange], topics: &mut BTreeSet<String>) {
        for change in changes.iter().filter(|change| change.position > self.seen) {
            if (self.sight.ends)(change) {
                self.over = true;
            }
            if (self.sight.may_see)(change) {
                topics.insert(format!("{}/{}", change.subject_kind, change.subject_id));
                topics.insert(format!("{}s", change.subject_kind));
            }
        }
        self.seen = self.seen.max(changes.last().map_or(0, |change| change.position));
    }

    async fn catch_up(&mut self, topics: &mut BTreeSet<String>) {
        match feed::after(&self.web.db, self.seen).await {
            Ok(changes) if changes.len() == feed::PAGE as usize => {
                topics.insert(EVERYTHING.to_owned());
                // Among what nobody read there may be what ends the stream.
                self.over = true;
                self.seen = self.seen.max(*self.web.db.watch().borrow());
                self.behind = false;
            }
            Ok(changes) => {
                self.add(&changes, topics);
                self.behind = false;
            }
            Err(fault) => {
                tracing::warn!(?fault, "a live stream waits for the database");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Between two events of one stream while so many are open.
fn apart(streams: usize) -> Duration {
    let streams = u32::try_from(streams).unwrap_or(u32::MAX);
    (APART + APART_FOR_EACH_STREAM.saturating_mul(streams)).min(LONGEST_APART)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_look_on_the_rarer_each_is_told() {
        for (streams, milliseconds) in
            [(0, 100), (1, 101), (50, 150), (400, 500), (100_000, 500), (usize::MAX, 500)]
        {
            assert_eq!(apart(streams), Duration::from_millis(milliseconds), "{streams}");
        }
    }
}
