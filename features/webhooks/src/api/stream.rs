//! The log as a stream of events. It ends after a while, so that rights are looked at anew; the client comes
//! back by itself and says where it stood.

use std::{convert::Infallible, time::Duration};

use axum::response::{
    IntoResponse, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures::{StreamExt, stream};
use takt_web::Web;
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout_at},
};

use super::{
    GATHER,
    page::{FactPage, Reading},
    waiting::Place,
};

const LONGEST: Duration = Duration::from_secs(300);
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const TROUBLE: Duration = Duration::from_secs(1);
/// A place so far on is told even if there is nothing else to tell.
const FAR: i64 = 1_000;

struct Streaming {
    web: Web,
    reading: Reading,
    visible: watch::Receiver<i64>,
    closed: watch::Receiver<bool>,
    after: i64,
    /// What the client knows to have come to.
    told: i64,
    until: Instant,
    over: bool,
    _place: Place,
}

pub(super) fn stream(web: Web, reading: Reading, after: i64, place: Place) -> Response {
    let streaming = Streaming {
        visible: web.db.watch(),
        closed: web.live.closed(),
        web,
        reading,
        after,
        told: after,
        until: Instant::now() + LONGEST,
        over: false,
        _place: place,
    };
    let events = stream::unfold(streaming, |mut streaming| async move {
        let events = streaming.next().await?;
        Some((events, streaming))
    });
    let events = events.flat_map(stream::iter).map(Ok::<_, Infallible>);
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

impl Streaming {
    /// The next events, or nothing when the stream ends.
    async fn next(&mut self) -> Option<Vec<Event>> {
        while !self.over {
            self.visible.borrow_and_update();
            match self.reading.page(&self.web.db, self.after).await {
                Ok(page) => {
                    self.after = page.next;
                    self.over = page.over;
                    let more = page.more;
                    let events = self.events(page);
                    if !events.is_empty() {
                        return Some(events);
                    }
                    if self.over || (!more && !self.moved().await) {
                        return None;
                    }
                }
                Err(fault) => {
                    tracing::warn!(?fault, "a stream of facts waits for the database");
                    sleep(TROUBLE).await;
                }
            }
            if Instant::now() >= self.until {
                return None;
            }
        }
        None
    }

    fn events(&mut self, page: FactPage) -> Vec<Event> {
        let far = page.next - self.told >= FAR;
        let mut events: Vec<Event> = Vec::with_capacity(page.items.len() + 1);
        for fact in page.items {
            self.told = fact.position;
            let data = serde_json::to_string(&fact).unwrap_or_default();
            events.push(Event::default().id(fact.position.to_string()).data(data));
        }
        if far && events.is_empty() {
            self.told = page.next;
            events.push(Event::default().id(page.next.to_string()));
        }
        events
    }

    async fn moved(&mut self) -> bool {
        let moved = tokio::select! {
            moved = timeout_at(self.until, self.visible.changed()) => matches!(moved, Ok(Ok(()))),
            _ = self.closed.wait_for(|closed| *closed) => false,
        };
        if moved {
            sleep(GATHER).await;
        }
        moved
    }
}
