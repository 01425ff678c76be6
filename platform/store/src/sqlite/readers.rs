use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection as Raw;
use takt_kernel::{Fault, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{SqliteConnection, connection::fault, files::Files};
use crate::{
    db::Context,
    query::{Connection, Reader},
};

const READERS: usize = 4;

pub(super) struct Readers {
    free: Mutex<Vec<Raw>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub fn new(files: &Files) -> Result<Self> {
        let free = (0..READERS).map(|_| files.reader()).collect::<Result<Vec<_>>>()?;
        Ok(Self { free: Mutex::new(free), places: Arc::new(Semaphore::new(READERS)) })
    }

    /// Asks within one snapshot.
    pub async fn read<T, F>(self: Arc<Self>, context: Arc<Context>, ask: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader<'_>) -> Result<T> + Send + 'static,
    {
        self.with_connection(context, move |connection, context| {
            connection.execute_batch("begin").map_err(fault)?;
            let now = context.clock.now();
            let mut reader =
                Reader { connection: Connection::Sqlite(SqliteConnection::new(connection)), context, now };
            let answer = ask(&mut reader);
            connection.execute_batch("rollback").map_err(fault)?;
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
        let place = self.places.clone().acquire_owned().await.map_err(closed)?;
        tokio::task::spawn_blocking(move || {
            let connection = readers.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let lent = Lent { connection, readers, _place: place };
            match &lent.connection {
                Some(connection) => ask(connection, context),
                None => Err(Fault::broken("store.no_reader")),
            }
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
