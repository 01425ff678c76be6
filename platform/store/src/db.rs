use std::{any::Any, path::PathBuf, sync::Arc};

use takt_kernel::{Clock, Entropy, Fault, Result, Slots};
use takt_metrics::Metrics;
use tokio::sync::{broadcast, watch};

use crate::{
    interference::{Interference, Moment, Verdict, refusal},
    migrate::Migrations,
    numbers::Numbers,
    postgres::Postgres,
    query::{Query, Reader},
    seldom::{self, Seldom},
    sql,
    sqlite::{Sqlite, Urgency},
    turns::Rivals,
    tx::Tx,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Which database to open.
#[derive(Clone, Debug)]
pub enum Database {
    /// A data folder; it is created if need be and belongs to one process at a time.
    Sqlite { folder: PathBuf },
    /// A connection string, `postgres://…` or `host=… user=…`; any number of equal nodes.
    Postgres { url: String },
}

pub struct Options {
    pub database: Database,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub slots: Arc<Slots>,
    pub migrations: Vec<Migrations>,
    /// Number visible facts and watch for those of other nodes all the time. Tests that hold the
    /// clock in their hand say `false` and call [`Db::number_facts`].
    pub background: bool,
}

/// What other nodes said and nobody here has heard yet; more is forgotten.
const TOLD_AT_ONCE: usize = 1_024;

/// What every transaction of this process shares.
pub(crate) struct Context {
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub slots: Arc<Slots>,
    pub numbers: Numbers,
    pub visible: watch::Sender<i64>,
    pub told: broadcast::Sender<Arc<str>>,
    pub metrics: Metrics,
    pub seldom: Seldom,
}

/// What a question or a command came to, whatever its type. The engines see every closure through these,
/// so they are compiled once and not once for each of hundreds of callers.
pub(crate) type Answer = Box<dyn Any + Send>;
pub(crate) type Ask = Box<dyn FnOnce(&mut Reader<'_>) -> Result<Answer> + Send>;
pub(crate) type Act = Box<dyn FnMut(&mut Tx<'_>) -> Result<Answer> + Send>;

/// A handle to the database; clones share it.
#[derive(Clone)]
pub struct Db {
    context: Arc<Context>,
    backend: Backend,
    only_reads: bool,
    interference: Option<Arc<dyn Interference>>,
}

#[derive(Clone)]
enum Backend {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl Db {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// `store.folder_in_use` when another process holds the folder; `store.unreachable`;
    /// `store.migration_changed`; `store.database_newer`.
    pub async fn open(options: Options) -> Result<Self> {
        Self::opened(options, false).await
    }

    /// Opens the database as it stands, for a tool that knows none of its steps: nothing is brought up to date, and
    /// nothing is ever written through this handle, so it does not matter which program worked on the data.
    ///
    /// # Errors
    /// As [`Db::open`], without those of the schema.
    pub async fn open_to_read(options: Options) -> Result<Self> {
        Self::opened(options, true).await
    }

    async fn opened(options: Options, only_reads: bool) -> Result<Self> {
        let migrations = (!only_reads).then_some(options.migrations);
        let (visible, _) = watch::channel(0);
        let metrics = Metrics::new(options.clock.now().micros() as f64 / 1e6);
        let context = Arc::new(Context {
            clock: options.clock,
            entropy: options.entropy,
            slots: options.slots,
            numbers: Numbers::default(),
            visible,
            told: broadcast::channel(TOLD_AT_ONCE).0,
            metrics,
            seldom: Seldom::default(),
        });
        let backend = match options.database {
            Database::Sqlite { folder } => {
                let opened = context.clone();
                let open = move || Sqlite::open(&folder, migrations.as_deref(), opened);
                let sqlite = tokio::task::spawn_blocking(open)
                    .await
                    .map_err(|error| Fault::broken("store.panicked").because(error))??;
                Backend::Sqlite(Arc::new(sqlite))
            }
            Database::Postgres { url } => Backend::Postgres(
                Postgres::open(&url, migrations.as_deref(), context.clone(), options.background).await?,
            ),
        };
        let db = Self { context, backend, only_reads, interference: None };
        let kept = db.read("store.seldom", |reader| reader.all(seldom::tables(), crate::params![])).await?;
        db.context.seldom.learn(kept.iter().map(|row| row.get("name")).collect::<Result<_>>()?);
        let latest = db.latest_position().await?;
        db.context.visible.send_replace(latest);
        Ok(db)
    }

    /// Asks questions. The name is for logs and metrics.
    ///
    /// # Errors
    /// What the closure refuses, and faults of the engine.
    pub async fn read<T, F>(&self, name: &'static str, ask: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader<'_>) -> Result<T> + Send + 'static,
    {
        typed(self.ask(name, Box::new(move |reader| Ok(Box::new(ask(reader)?)))).await?)
    }

    async fn ask(&self, name: &'static str, ask: Ask) -> Result<Answer> {
        self.judged(name, Moment::Asked).await?;
        let answer = match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.read(self.context.clone(), ask).await,
            Backend::Postgres(postgres) => postgres.read(self.context.clone(), ask).await,
        };
        answer.map_err(|fault| named(name, fault))
    }

    /// Runs one command in one transaction; it commits when the closure returns `Ok`.
    ///
    /// # Errors
    /// What the closure refuses (then nothing was changed), and faults of the engine.
    pub async fn write<T, F>(&self, name: &'static str, command: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        typed(self.act(name, Urgency::Asked, Rivals::default(), erased(command)).await?)
    }

    /// As [`Db::write`], for a command that is known to change what many change at the same moment.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_in_turn<T, F>(&self, name: &'static str, rivals: Rivals, command: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        typed(self.act(name, Urgency::Asked, rivals, erased(command)).await?)
    }

    /// As [`Db::write`], for work that nobody waits for: on SQLite it leaves the writer to those who do,
    /// though never for long.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_behind<T, F>(&self, name: &'static str, command: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        typed(self.act(name, Urgency::Behind, Rivals::default(), erased(command)).await?)
    }

    async fn act(
        &self,
        name: &'static str,
        urgency: Urgency,
        rivals: Rivals,
        mut act: Act,
    ) -> Result<Answer> {
        if self.only_reads {
            return Err(named(name, Fault::broken("store.only_reads")));
        }
        if let Some(interference) = self.interference.clone() {
            act = judged_before_commit(name, act, interference);
        }
        let answer = match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.write(urgency, act).await,
            Backend::Postgres(postgres) => postgres.write(self.context.clone(), rivals, act).await,
        };
        self.judged(name, Moment::Answered).await?;
        answer.map_err(|fault| named(name, fault))
    }

    /// The same database through the eyes of a node in trouble.
    #[must_use]
    pub fn interfered(mut self, interference: Arc<dyn Interference>) -> Self {
        self.interference = Some(interference);
        self
    }

    async fn judged(&self, name: &'static str, moment: Moment) -> Result<()> {
        let Some(interference) = &self.interference else { return Ok(()) };
        match interference.judge(name, moment) {
            Verdict::Gone => std::future::pending().await,
            verdict => refusal(verdict),
        }
    }

    pub fn engine(&self) -> Engine {
        match self.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    pub(crate) fn sqlite(&self) -> Option<&Arc<Sqlite>> {
        match &self.backend {
            Backend::Sqlite(sqlite) => Some(sqlite),
            Backend::Postgres(_) => None,
        }
    }

    /// Ends when the shop has moved to another database and nothing is written here any more.
    pub async fn moved(&self) {
        let Backend::Sqlite(sqlite) = &self.backend else { return std::future::pending().await };
        if sqlite.moved().wait_for(|moved| *moved).await.is_err() {
            std::future::pending().await
        }
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.context.clock
    }
    pub fn shared_clock(&self) -> Arc<dyn Clock> {
        self.context.clock.clone()
    }
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.context.entropy
    }
    pub fn slots(&self) -> &Slots {
        &self.context.slots
    }
    pub fn shared_slots(&self) -> Arc<Slots> {
        self.context.slots.clone()
    }
    /// The numbers of this node; whoever counts something asks here for its counter.
    pub fn metrics(&self) -> &Metrics {
        &self.context.metrics
    }

    /// Tells all nodes something that no row keeps and nobody misses who does not hear it: at most 7,000 bytes.
    /// A database of one process has nobody to tell.
    ///
    /// # Errors
    /// Faults of the engine.
    pub async fn tell_nodes(&self, words: &str) -> Result<()> {
        match &self.backend {
            Backend::Sqlite(_) => Ok(()),
            Backend::Postgres(postgres) => postgres.tell_nodes(words).await,
        }
    }

    /// What nodes told by [`Db::tell_nodes`] from now on, this one among them.
    pub fn told(&self) -> broadcast::Receiver<Arc<str>> {
        self.context.told.subscribe()
    }

    /// The newest visible position, and a wake-up whenever it moves.
    pub fn watch(&self) -> watch::Receiver<i64> {
        self.context.visible.subscribe()
    }

    /// Numbers all facts that are visible now. SQLite numbers at commit, so there it only looks.
    /// The background sequencer does this all the time; tests call it.
    ///
    /// # Errors
    /// Faults of the engine.
    pub async fn number_facts(&self) -> Result<i64> {
        if let Backend::Postgres(postgres) = &self.backend {
            postgres.number_facts().await?;
        }
        let latest = self.latest_position().await?;
        self.context.visible.send_if_modified(|seen| {
            let moved = *seen < latest;
            *seen = (*seen).max(latest);
            moved
        });
        Ok(latest)
    }

    async fn latest_position(&self) -> Result<i64> {
        self.read("store.latest_position", |reader| {
            let row = reader.one(
                sql!("select coalesce(max(position), 0) as position from fact_position"),
                crate::params![],
            )?;
            row.get("position")
        })
        .await
    }

    /// Asks the engine to prepare every statement of the program; answers with those that fail.
    ///
    /// # Errors
    /// When the database cannot be reached at all.
    pub async fn unpreparable_statements(&self) -> Result<Vec<String>> {
        let engine = self.engine();
        let statements: Vec<(&'static str, String)> = sql::registered()
            .map(|statement| (statement.place(), statement.compiled(engine).text.clone()))
            .collect();
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.unpreparable(self.context.clone(), statements).await,
            Backend::Postgres(postgres) => postgres.unpreparable(statements).await,
        }
    }

    /// How the embedded engine would go about every statement of the program: its place in the code and the
    /// steps of the plan. Nothing on PostgreSQL, whose plans depend on what it has counted.
    ///
    /// # Errors
    /// When the database cannot be reached at all.
    pub async fn plans(&self) -> Result<Vec<(&'static str, Vec<String>)>> {
        let Backend::Sqlite(sqlite) = &self.backend else { return Ok(Vec::new()) };
        let statements = sql::registered()
            .map(|statement| (statement.place(), statement.compiled(Engine::Sqlite).text.clone()))
            .collect();
        sqlite.plans(self.context.clone(), statements).await
    }

    /// Finishes what is under way and refuses new writes. SQLite folds its log into the file.
    pub async fn close(&self) {
        if let Backend::Sqlite(sqlite) = &self.backend {
            sqlite.close().await;
        }
    }
}

fn erased<T: Send + 'static>(mut command: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static) -> Act {
    Box::new(move |tx| Ok(Box::new(command(tx)?)))
}

fn typed<T: 'static>(answer: Answer) -> Result<T> {
    answer.downcast().map(|answer| *answer).map_err(|_| Fault::broken("store.answer_of_another_type"))
}

fn judged_before_commit(name: &'static str, mut act: Act, interference: Arc<dyn Interference>) -> Act {
    Box::new(move |tx| {
        let answer = act(tx)?;
        refusal(interference.judge(name, Moment::BeforeCommit))?;
        Ok(answer)
    })
}

fn named(name: &'static str, fault: Fault) -> Fault {
    if fault.kind() == takt_kernel::Kind::Broken {
        tracing::error!(command = name, error = ?fault, "the database refused");
    }
    fault
}
