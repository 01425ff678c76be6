//! Connections that are driven by whoever uses them, on its own thread: an answer wakes nobody else. With
//! a driver on another thread every question costs two changes of threads, and a command asks a dozen.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use takt_kernel::{Fault, Result};
use takt_metrics::Metrics;
use tokio::{
    runtime::{Builder, Runtime},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_postgres::{Client, Config, NoTls, Statement};

use super::{LONGEST_WAIT, connection::fault, fault_of_connecting};

const LINES: usize = 24;
/// Statements that are put together at run time have many texts; each is kept by the server too.
const MOST_PREPARED: usize = 1_000;

/// One connection. Open and use it on a thread that may block.
pub(crate) struct Line {
    /// Taken by the end of the line alone.
    runtime: Option<Runtime>,
    client: Client,
    prepared: HashMap<String, Statement>,
}

impl Line {
    pub fn open(config: &Config) -> Result<Self> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Fault::unavailable("store.unreachable").because(error))?;
        let (client, connection) = runtime.block_on(config.connect(NoTls)).map_err(fault_of_connecting)?;
        runtime.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to PostgreSQL ended");
            }
        });
        Ok(Self { runtime: Some(runtime), client, prepared: HashMap::new() })
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sends and receives until the work is done.
    pub fn drive<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        match &self.runtime {
            Some(runtime) => runtime.block_on(work),
            None => Err(Fault::unavailable("store.closed")),
        }
    }

    pub fn prepare(&mut self, text: &str) -> Result<Statement> {
        if let Some(known) = self.prepared.get(text) {
            return Ok(known.clone());
        }
        let statement = self.drive(async { self.client.prepare(text).await.map_err(fault) })?;
        if self.prepared.len() >= MOST_PREPARED {
            self.prepared.clear();
        }
        self.prepared.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Nobody drives a line that rests, so what happened to it meanwhile is learnt here.
    fn lives(&self) -> bool {
        let looked = self.drive(async {
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            Ok(())
        });
        looked.is_ok() && !self.client.is_closed()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Also where nobody may wait.
            runtime.shutdown_background();
        }
    }
}

/// The lines of a node. The one used last is used next: the few that are needed stay warm, each has its
/// own prepared statements on the server.
pub(crate) struct Lines {
    config: Config,
    free: Mutex<Vec<Line>>,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// Leave to take a line.
pub(crate) struct Place(
    #[expect(dead_code, reason = "what counts is when it is dropped")] OwnedSemaphorePermit,
);

impl Lines {
    pub fn new(config: Config) -> Self {
        let places = Arc::new(Semaphore::new(LINES));
        Self { config, free: Mutex::default(), places, waiting: AtomicUsize::new(0) }
    }

    /// # Errors
    /// `store.busy` when all lines were taken for too long.
    pub async fn place(&self) -> Result<Place> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let waited = Waiting(&self.waiting);
        let place = timeout(LONGEST_WAIT, self.places.clone().acquire_owned()).await;
        drop(waited);
        let place = place.map_err(|_| Fault::unavailable("store.busy"))?;
        place.map(Place).map_err(|_| Fault::unavailable("store.closed"))
    }

    /// On a thread that may block.
    pub fn take(self: Arc<Self>, place: Place) -> Result<Lent> {
        let rested = || self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let line = loop {
            match rested() {
                Some(line) if line.lives() => break line,
                Some(_ended) => {}
                None => break Line::open(&self.config)?,
            }
        };
        Ok(Lent { line: Some(line), home: Some((self, place)) })
    }

    pub fn observe(self: &Arc<Self>, metrics: &Metrics) {
        let lines = self.clone();
        let help = "Connections to PostgreSQL, and commands that wait for one";
        metrics.when_asked_by("takt_postgres_connections", help, Some("state"), move || {
            let told = [
                ("busy", LINES.saturating_sub(lines.places.available_permits())),
                ("idle", lines.free.lock().unwrap_or_else(PoisonError::into_inner).len()),
                ("waited_for", lines.waiting.load(Ordering::Relaxed)),
                ("most", LINES),
            ];
            told.into_iter().map(|(state, count)| (state.to_owned(), count as f64)).collect()
        });
    }
}

struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Goes back when it is dropped, and only then gives up its place.
pub(crate) struct Lent {
    line: Option<Line>,
    home: Option<(Arc<Lines>, Place)>,
}

impl Lent {
    /// One of nobody's.
    pub fn own(line: Line) -> Self {
        Self { line: Some(line), home: None }
    }

    pub fn line(&mut self) -> Result<&mut Line> {
        self.line.as_mut().ok_or_else(|| Fault::unavailable("store.closed"))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let (Some(line), Some((lines, _place))) = (self.line.take(), &self.home) else { return };
        if !line.client.is_closed() {
            lines.free.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }
}
