//! The tailer: from the log to everybody who listens.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use takt_kernel::Result;
use takt_store::{Db, Query, params, sql};
use tokio::sync::{broadcast, watch};

use super::{LiveChange, presence::Presence};

/// A stream that falls further behind is told to read the log itself.
const BACKLOG: usize = 1_024;
pub(super) const PAGE: i64 = 1_000;

/// The feed of one node. Cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Shared>);

struct Shared {
    db: Db,
    news: broadcast::Sender<Arc<Vec<LiveChange>>>,
    started: OnceLock<()>,
    closed: watch::Sender<bool>,
    presence: Presence,
}

impl Live {
    pub(crate) fn new(db: Db) -> Self {
        let (news, _) = broadcast::channel(BACKLOG);
        let closed = watch::Sender::new(false);
        let presence = Presence::new(db.clone());
        Self(Arc::new(Shared { db, news, started: OnceLock::new(), closed, presence }))
    }

    /// Who looks at what, right now.
    pub fn presence(&self) -> &Presence {
        &self.0.presence
    }

    /// Ends all streams, so that a stopping server is not held by them.
    pub fn close(&self) {
        self.0.closed.send_replace(true);
    }

    /// Turns true when the server stops: whoever keeps a request waiting lets it go.
    pub fn closed(&self) -> watch::Receiver<bool> {
        self.0.closed.subscribe()
    }

    /// News from now on. The first listener starts the tailer.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Arc<Vec<LiveChange>>> {
        let receiver = self.0.news.subscribe();
        self.0.started.get_or_init(|| {
            // Looked at here and not in the task: what happens until it first runs is news already.
            let mut visible = self.0.db.watch();
            let seen = *visible.borrow_and_update();
            tokio::spawn(tail(self.0.clone(), visible, seen));
            tokio::spawn(self.presence().clone().keep(self.closed()));
        });
        receiver
    }
}

async fn tail(shared: Arc<Shared>, mut visible: watch::Receiver<i64>, mut seen: i64) {
    let mut closed = shared.closed.subscribe();
    loop {
        match after(&shared.db, seen).await {
            Ok(changes) if changes.is_empty() => {
                tokio::select! {
                    moved = visible.changed() => if moved.is_err() { return },
                    _ = closed.wait_for(|closed| *closed) => return,
                }
            }
            Ok(changes) => {
                seen = changes.last().map_or(seen, |change| change.position);
                // Nobody listening is no mistake.
                shared.news.send(Arc::new(changes)).ok();
            }
            Err(fault) => {
                tracing::warn!(?fault, "the live feed waits for the database");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// What changed after a position, at most [`PAGE`] changes.
pub(super) async fn after(db: &Db, position: i64) -> Result<Vec<LiveChange>> {
    db.read("web.live", move |reader| {
        let rows = reader.all(
            sql!(
                "select position, company_id, subject_kind, subject_id
                 from fact_position
                 where position > :position
                 order by position
                 limit :limit"
            ),
            params![position: position, limit: PAGE],
        )?;
        rows.iter()
            .map(|row| {
                Ok(LiveChange {
                    position: row.get("position")?,
                    company: row.get("company_id")?,
                    subject_kind: row.get("subject_kind")?,
                    subject_id: row.get("subject_id")?,
                })
            })
            .collect()
    })
    .await
}
