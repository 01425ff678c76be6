use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use rusqlite::Connection as Raw;
use takt_kernel::{Fault, Result};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{
    LONGEST_WAIT, SqliteConnection,
    connection::fault,
    files::{self, Files},
};
use crate::{
    db::{Answer, Ask, Context},
    foreseen::Foreseen,
    query::{Connection, Reader},
};

const READERS: usize = 4;
/// Steps of the engine between two looks at whether anybody still waits for the answer.
const STEPS: i32 = 20_000;

pub(super) struct Readers {
    database: PathBuf,
    /// Opened when they are first needed: each reads the whole schema, which a start would wait for.
    free: Mutex<Vec<Raw>>,
    places: Arc<Semaphore>,
}

/// Set when whoever asked has gone away.
type Abandoned = Arc<AtomicBool>;

struct Leash(Abandoned);

impl Drop for Leash {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Readers {
    pub fn new(files: &Files) -> Result<Self> {
        let first = files::reader(&files.database())?;
        let free = Mutex::new(vec![first]);
        Ok(Self { database: files.database(), free, places: Arc::new(Semaphore::new(READERS)) })
    }

    /// For whoever holds a place.
    fn connection(&self) -> Result<Raw> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.map_or_else(|| files::reader(&self.database), Ok)
    }

    pub fn busy(&self) -> usize {
        READERS.saturating_sub(self.places.available_permits())
    }

    /// Asks within one snapshot. A question that nobody waits for any more is broken off.
    pub async fn read(self: Arc<Self>, context: Arc<Context>, ask: Ask) -> Result<Answer> {
        self.with_connection(context, move |connection, context| {
            SqliteConnection::new(connection).command("begin")?;
            let now = context.clock.now();
            let mut reader = Reader {
                connection: Connection::Sqlite(SqliteConnection::new(connection)),
                context,
                now,
                stamp: None,
                foreseen: Foreseen::default(),
            };
            let answer = ask(&mut reader);
            SqliteConnection::new(connection).command("rollback")?;
            answer
        })
        .await
    }

    pub async fn with_connection<T, F>(self: Arc<Self>, context: Arc<Context>, ask: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Raw, Arc<Context>) -> Result<T> + Send + 'static,
    {
        let closed = |_| Fault::unavailable("store.closed");
        let readers = self.clone();
        let place = timeout(LONGEST_WAIT, self.places.clone().acquire_owned())
            .await
            .map_err(|_| Fault::unavailable("store.busy"))?
            .map_err(closed)?;
        let abandoned = Abandoned::default();
        let _leash = Leash(abandoned.clone());
        tokio::task::spawn_blocking(move || {
            let connection = readers.connection()?;
            let mut lent = Lent { connection: Some(connection), readers, _place: place };
            let Some(connection) = &mut lent.connection else { return Err(Fault::broken("store.no_reader")) };
            let let_go = move || abandoned.load(Ordering::Relaxed);
            connection.progress_handler(STEPS, Some(let_go)).map_err(fault)?;
            ask(connection, context)
        })
        .await
        .map_err(|error| Fault::broken("store.panicked").because(error))?
    }
}

/// Gives the connection back even when the question panics, and only then its place: a caller who
/// went away must not let another in while the question still runs.
struct Lent {
    connection: Option<Raw>,
    readers: Arc<Readers>,
    _place: OwnedSemaphorePermit,
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !connection.is_autocommit() && connection.execute_batch("rollback").is_err() {
            tracing::error!("a reader could not end its snapshot");
        }
        self.readers.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}
