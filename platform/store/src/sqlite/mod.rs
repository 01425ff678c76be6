//! The embedded engine: one file in WAL mode, one writer that puts many commands into one fsync,
//! several readers.

mod alone;
mod connection;
mod files;
mod queue;
mod readers;
mod writer;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use takt_kernel::{Fault, Result};
use takt_metrics::Metrics;
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::timeout,
};

use crate::{
    db::{Act, Answer, Ask, Context},
    migrate::Migrations,
};

pub(crate) use connection::{SqliteConnection, fault};
pub(crate) use files::{DATABASE_FILE, Files, LOCK_FILE};
pub(crate) use queue::Urgency;

const QUEUE: usize = 4_096;
/// For a place in the queue, or for a reader. Whoever waits longer is told to come back.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

pub(crate) struct Sqlite {
    readers: Arc<readers::Readers>,
    commands: mpsc::Sender<queue::Waiting>,
    /// The shop goes on elsewhere; nothing is written here any more.
    moved: watch::Sender<bool>,
}

impl Sqlite {
    pub fn open(folder: &Path, migrations: Option<&[Migrations]>, context: Arc<Context>) -> Result<Self> {
        let files = files::Files::claim(folder)?;
        let mut connection = files.writer()?;
        if let Some(migrations) = migrations {
            writer::migrate(&mut connection, migrations, &*context.clock)?;
        }
        let readers = Arc::new(readers::Readers::new(&files)?);
        let (commands, queue) = mpsc::channel(QUEUE);
        let held = Arc::new(AtomicUsize::new(0));
        observe(&context.metrics, &commands, held.clone(), &readers, &files);
        std::thread::Builder::new()
            .name("takt-writer".to_owned())
            .spawn(move || writer::run(connection, files, queue::Queue::new(queue, held), &context))
            .map_err(|error| Fault::unavailable("store.unreachable").because(error))?;
        Ok(Self { readers, commands, moved: watch::Sender::new(false) })
    }

    pub async fn read(&self, context: Arc<Context>, ask: Ask) -> Result<Answer> {
        self.readers.clone().read(context, ask).await
    }

    pub async fn write(&self, urgency: Urgency, act: Act) -> Result<Answer> {
        let (reply, answer) = oneshot::channel();
        let place = timeout(LONGEST_WAIT, self.commands.reserve())
            .await
            .map_err(|_| Fault::unavailable("store.busy"))?
            .map_err(|_| self.closed())?;
        place.send((urgency, Box::new(writer::Closure::new(act, reply))));
        answer.await.map_err(|_| self.closed())?
    }

    /// Runs between two commits with the writer's own connection, while everybody who wants to write
    /// waits. Call it on a blocking thread.
    pub fn alone<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Connection, &Files) -> Result<T> + Send + 'static,
    {
        self.send_alone(work, false)
    }

    /// As [`Sqlite::alone`], and when it went well nothing is written here ever after.
    pub fn alone_at_last<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Connection, &Files) -> Result<T> + Send + 'static,
    {
        let moved = self.moved.clone();
        self.send_alone(
            move |connection, files| {
                let done = work(connection, files)?;
                moved.send_replace(true);
                Ok(done)
            },
            true,
        )
    }

    fn send_alone<T, F>(&self, work: F, last: bool) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Connection, &Files) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.commands
            .blocking_send((Urgency::Asked, Box::new(alone::Alone::new(work, last, reply))))
            .map_err(|_| self.closed())?;
        answer.blocking_recv().map_err(|_| self.closed())?
    }

    pub fn moved(&self) -> watch::Receiver<bool> {
        self.moved.subscribe()
    }

    fn closed(&self) -> Fault {
        Fault::unavailable(if *self.moved.borrow() { "store.moved" } else { "store.closed" })
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

    pub async fn plans(
        &self,
        context: Arc<Context>,
        statements: Vec<(&'static str, String)>,
    ) -> Result<Vec<(&'static str, Vec<String>)>> {
        let plan = |connection: &rusqlite::Connection, text: &str| {
            let mut asked = connection.prepare(&format!("explain query plan {text}"))?;
            // Nothing is bound: what is not known is what a plan has to do without.
            let mut rows = asked.raw_query();
            let mut steps = Vec::new();
            while let Some(row) = rows.next()? {
                steps.push(row.get("detail")?);
            }
            Ok(steps)
        };
        self.readers
            .clone()
            .with_connection(context, move |connection, _| {
                statements
                    .into_iter()
                    .map(|(place, text)| Ok((place, plan(connection, &text).map_err(fault)?)))
                    .collect()
            })
            .await
    }

    pub async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.commands.send((Urgency::Asked, Box::new(writer::Close::new(reply)))).await.is_ok() {
            // The writer drops the reply unsent when it was closed before: the same end.
            let _ = closed.await;
        }
    }
}

fn observe(
    metrics: &Metrics,
    commands: &mpsc::Sender<queue::Waiting>,
    held: Arc<AtomicUsize>,
    readers: &Arc<readers::Readers>,
    files: &files::Files,
) {
    // Weak, or the numbers would keep the writer alive.
    let commands = commands.downgrade();
    metrics.when_asked("takt_writer_queue", "Commands that wait for the writer", move || {
        let arriving = commands.upgrade().map_or(0, |commands| commands.max_capacity() - commands.capacity());
        (arriving + held.load(Ordering::Relaxed)) as f64
    });
    metrics.when_asked("takt_writer_queue_most", "Room for waiting commands", || QUEUE as f64);
    let readers = readers.clone();
    metrics.when_asked("takt_readers_busy", "Readers of the embedded database at work, of 4", move || {
        readers.busy() as f64
    });
    let log = files.log();
    metrics.when_asked("takt_database_log_bytes", "Size of the database's write-ahead log", move || {
        std::fs::metadata(&log).map_or(0.0, |about| about.len() as f64)
    });
}
