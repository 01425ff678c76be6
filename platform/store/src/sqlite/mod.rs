//! The embedded engine: one file in WAL mode, one writer that puts many commands into one fsync,
//! several readers.

mod connection;
mod files;
mod readers;
mod writer;

use std::{path::Path, sync::Arc};

use takt_kernel::{Fault, Result};
use tokio::sync::{mpsc, oneshot};

use crate::{db::Context, migrate::Migrations, query::Reader, tx::Tx};

pub(crate) use connection::{SqliteConnection, fault};
pub(crate) use files::DATABASE_FILE;

const QUEUE: usize = 4_096;

pub(crate) struct Sqlite {
    readers: Arc<readers::Readers>,
    commands: mpsc::Sender<Box<dyn writer::Command>>,
}

impl Sqlite {
    pub fn open(folder: &Path, migrations: &[Migrations], context: Arc<Context>) -> Result<Self> {
        let files = files::Files::claim(folder)?;
        let mut connection = files.writer()?;
        writer::migrate(&mut connection, migrations, &*context.clock)?;
        let readers = Arc::new(readers::Readers::new(&files)?);
        let (commands, queue) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("takt-writer".to_owned())
            .spawn(move || writer::run(connection, files, queue, &context))
            .map_err(|error| Fault::unavailable("store.unreachable").because(error))?;
        Ok(Self { readers, commands })
    }

    pub async fn read<T, F>(&self, context: Arc<Context>, ask: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader<'_>) -> Result<T> + Send + 'static,
    {
        self.readers.clone().read(context, ask).await
    }

    pub async fn write<T, F>(&self, command: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.commands
            .send(Box::new(writer::Closure::new(command, reply)))
            .await
            .map_err(|_| Fault::unavailable("store.closed"))?;
        answer.await.map_err(|_| Fault::unavailable("store.closed"))?
    }

    pub async fn unpreparable(
        &self,
        context: Arc<Context>,
        statements: Vec<(&'static str, String)>,
    ) -> Result<Vec<String>> {
        self.readers
            .clone()
            .with_connection(context, move |connection, _| {
                Ok(statements
                    .into_iter()
                    .filter_map(|(place, text)| {
                        connection.prepare(&text).err().map(|error| format!("{place}: {error}"))
                    })
                    .collect())
            })
            .await
    }

    pub async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.commands.send(Box::new(writer::Close::new(reply))).await.is_ok() {
            // The writer drops the reply unsent when it was closed before: the same end.
            let _ = closed.await;
        }
    }
}
