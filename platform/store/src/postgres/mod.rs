//! The engine for more than one machine: a pool of connections, repeatable read, any number of
//! equal nodes.

mod connection;
mod lines;
mod sequencer;
mod waiting;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    str::FromStr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use deadpool_postgres::{Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType};
use takt_kernel::{Clock, Fault, Result, failpoint};
use tokio::{runtime::Handle, sync::Notify, task::JoinHandle, time::timeout};
use tokio_postgres::{Client, Config, NoTls};

use crate::{
    db::{Act, Answer, Ask, Context, Engine},
    foreseen::Foreseen,
    migrate::{self, Migrations},
    numbers::{ID_BLOCK, ID_NAME, ID_RESERVE},
    query::{Connection, Reader},
    turns::{Rivals, Turns},
    tx::{Care, Tx},
};

use lines::{Lent, Line, Lines};
use waiting::References;

pub(crate) use connection::{PostgresConnection, fault, read_value};

/// Whoever finds all connections taken waits this long, and is then told to come back: requests that
/// wait without end hold memory and answer nobody.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// So many commands write at once. More would undo each other more often, and each line more is another
/// that has everything prepared.
const WRITERS: usize = 8;
/// Connections for what is done beside commands.
const BESIDE: usize = 2;
const LONGEST_CONNECT: Duration = Duration::from_secs(3);
const ATTEMPTS: u32 = 24;
/// A command that lost so often to rivals waits for its turn among such commands.
const ATTEMPTS_AMONG_RIVALS: u32 = 3;
const MIGRATION_LOCK: i64 = 0x7461_6b74_0001;

pub(crate) struct Postgres {
    lines: Arc<Lines>,
    /// For what is done beside commands: blocks of numbers are taken outside the command's transaction,
    /// and must not wait for a line that a waiting command holds.
    beside: Pool,
    committed: Arc<Notify>,
    /// Tells rivals apart, to spread their attempts.
    attempts: Arc<AtomicU64>,
    /// One at a time of the commands that keep losing, so that each gets through: many rivals for one
    /// row would otherwise undo each other without end.
    losers: Arc<Mutex<()>>,
    turns: Turns,
    references: Arc<References>,
    background: Vec<JoinHandle<()>>,
}

impl Postgres {
    pub async fn open(
        url: &str,
        migrations: Option<&[Migrations]>,
        context: Arc<Context>,
        background: bool,
    ) -> Result<Arc<Self>> {
        let config = config_of(url)?;
        let lines = Arc::new(Lines::new(for_commands(config.clone())));
        lines.observe(&context.metrics);
        let beside = pool(config.clone(), BESIDE)?;
        if let Some(migrations) = migrations {
            apply(&beside, migrations, &context).await?;
        }
        let client = beside.get().await.map_err(unreachable)?;
        let references = References::learn(&client).await.map_err(fault)?;
        drop(client);
        let committed = Arc::new(Notify::new());
        let tasks = if background {
            vec![
                tokio::spawn(sequencer::lead(config.clone(), committed.clone())),
                tokio::spawn(sequencer::listen(config, context)),
            ]
        } else {
            Vec::new()
        };
        Ok(Arc::new(Self {
            lines,
            beside,
            committed,
            attempts: Arc::default(),
            losers: Arc::default(),
            turns: Turns::new(WRITERS),
            references: Arc::new(references),
            background: tasks,
        }))
    }

    pub async fn tell_nodes(&self, words: &str) -> Result<()> {
        let client = self.beside.get().await.map_err(unreachable)?;
        let told = client.execute("select pg_notify($1, $2)", &[&sequencer::WORDS, &words]).await;
        told.map(|_| ()).map_err(fault)
    }

    pub async fn read(&self, context: Arc<Context>, ask: Ask) -> Result<Answer> {
        let place = self.lines.place().await?;
        let (lines, beside, runtime) = (self.lines.clone(), self.beside.clone(), Handle::current());
        let references = self.references.clone();
        tokio::task::spawn_blocking(move || {
            let mut connection = PostgresConnection::new(lines.take(place)?, beside, runtime, references);
            let now = context.clock.now();
            ask(&mut Reader {
                connection: Connection::Postgres(&mut connection),
                context,
                now,
                stamp: None,
                foreseen: Foreseen::default(),
            })
        })
        .await
        .map_err(|error| Fault::broken("store.panicked").because(error))?
    }

    pub async fn write(&self, context: Arc<Context>, rivals: Rivals, mut act: Act) -> Result<Answer> {
        // Before a connection is taken: whoever waits for its turn must not keep one from others.
        let my_turn = timeout(LONGEST_WAIT, self.turns.take(rivals)).await;
        let my_turn = my_turn.map_err(|_| Fault::unavailable("store.busy"))??;
        let place = self.lines.place().await?;
        let (lines, beside, runtime) = (self.lines.clone(), self.beside.clone(), Handle::current());
        let (committed, attempts, losers) =
            (self.committed.clone(), self.attempts.clone(), self.losers.clone());
        let references = self.references.clone();
        tokio::task::spawn_blocking(move || {
            let _until_it_ended = my_turn;
            let mut connection = PostgresConnection::new(lines.take(place)?, beside, runtime, references);
            let mut attempt = 0;
            let mut loser_turn = None;
            loop {
                attempt += 1;
                if attempt > ATTEMPTS_AMONG_RIVALS && loser_turn.is_none() {
                    loser_turn = Some(losers.lock().unwrap_or_else(PoisonError::into_inner));
                }
                match attempt_once(&mut connection, &context, &mut act) {
                    Ok((answer, said)) => {
                        if said > 0 {
                            committed.notify_one();
                        }
                        return Ok(answer);
                    }
                    Err(refusal) if refusal.is_retryable() && attempt < ATTEMPTS => {
                        // Grows with each attempt, and the count of all attempts spreads rivals. Whoever
                        // has the turn keeps nobody waiting.
                        let spread = attempts.fetch_add(1, Ordering::Relaxed) % 7;
                        let pause = if loser_turn.is_some() { 1 } else { u64::from(attempt) * (1 + spread) };
                        std::thread::sleep(Duration::from_millis(pause));
                    }
                    Err(refusal) => return Err(refusal),
                }
            }
        })
        .await
        .map_err(|error| Fault::broken("store.panicked").because(error))?
    }

    pub async fn number_facts(&self) -> Result<()> {
        let client = self.beside.get().await.map_err(unreachable)?;
        let numbering = sequencer::Numbering::on(&client).await.map_err(fault)?;
        while numbering.batch(&client).await.map_err(fault)?.is_some() {}
        Ok(())
    }

    pub async fn unpreparable(&self, statements: Vec<(&'static str, String)>) -> Result<Vec<String>> {
        let client = self.beside.get().await.map_err(unreachable)?;
        let mut failed = Vec::new();
        for (place, text) in statements {
            if let Err(error) = client.prepare(&text).await {
                let reason =
                    error.as_db_error().map_or(error.to_string(), |database| database.message().to_owned());
                failed.push(format!("{place}: {reason}"));
            }
        }
        Ok(failed)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        for task in &self.background {
            task.abort();
        }
    }
}

fn attempt_once(
    connection: &mut PostgresConnection,
    context: &Arc<Context>,
    act: &mut Act,
) -> Result<(Answer, usize)> {
    if context.numbers.ids_left() < ID_RESERVE {
        let taken_until = connection.take_block(0, ID_NAME, ID_BLOCK)?;
        context.numbers.refill_ids(taken_until);
        failpoint::reach("store.postgres.ids_taken");
    }
    match in_transaction(connection, context, act, Care::Without) {
        Ended::WantsCare => match in_transaction(connection, context, act, Care::With) {
            Ended::WantsCare => Err(Fault::broken("store.refused")),
            Ended::With(done) => done,
        },
        Ended::With(done) => done,
    }
}

enum Ended {
    With(Result<(Answer, usize)>),
    /// A part of it failed that had no savepoint to go back to.
    WantsCare,
}

fn in_transaction(
    connection: &mut PostgresConnection,
    context: &Arc<Context>,
    act: &mut Act,
    care: Care,
) -> Ended {
    connection.begin();
    let mut tx = Tx::begin(Connection::Postgres(&mut *connection), context.clone(), care);
    let ran = catch_unwind(AssertUnwindSafe(|| {
        let answer = act(&mut tx)?;
        let said = tx.finish()?;
        Ok((answer, said))
    }));
    let done = ran.unwrap_or_else(|_| Err(Fault::broken("store.panicked"))).and_then(|done| {
        failpoint::reach("store.postgres.before_commit");
        tx.commit()?;
        failpoint::reach("store.postgres.committed");
        Ok(done)
    });
    let wants_care = done.as_ref().is_err_and(|refusal| tx.wants_care(refusal));
    drop(tx);
    match done {
        Ok(done) => Ended::With(Ok(done)),
        Err(refusal) => {
            connection.roll_back();
            if wants_care { Ended::WantsCare } else { Ended::With(Err(refusal)) }
        }
    }
}

pub(crate) fn config_of(url: &str) -> Result<Config> {
    let config =
        Config::from_str(url).map_err(|error| Fault::invalid("store.bad_database_url").because(error))?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(Fault::invalid("store.bad_database_url"));
    }
    Ok(letting_go_of_the_dead(config))
}

/// One connection outside the pools, for long work.
pub(crate) async fn connect_once(url: &str) -> Result<Client> {
    let (client, connection) = config_of(url)?.connect(NoTls).await.map_err(fault_of_connecting)?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection of its own ended");
        }
    });
    Ok(client)
}

fn fault_of_connecting(error: tokio_postgres::Error) -> Fault {
    let fault = fault(error);
    if fault.is("store.refused") { Fault::unavailable("store.unreachable").because(fault) } else { fault }
}

/// A node that froze or lost its power must not hold row locks, or the lead in numbering facts, for
/// the two hours after which TCP notices by itself.
fn letting_go_of_the_dead(mut config: Config) -> Config {
    let given = config.get_options().unwrap_or_default();
    let options = format!(
        "{given} -c idle_in_transaction_session_timeout=60s -c tcp_keepalives_idle=10 \
         -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
    );
    config.options(options);
    if config.get_application_name().is_none() {
        // So that whoever looks into the database sees which node holds what.
        config.application_name(format!("takt {}", std::process::id()));
    }
    config.keepalives_idle(Duration::from_secs(10));
    config.connect_timeout(LONGEST_CONNECT);
    config.tcp_user_timeout(Duration::from_secs(15));
    config
}

/// Commands look a few rows up by their keys, whatever the tables hold. The planner knows tables that grow
/// quickly only as it last counted them: what it planned for empty ones would read full ones from end to end
/// for every order. So it plans once per connection, by indexes, and compiles nothing.
const BY_INDEX: &str = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off \
                        -c enable_mergejoin=off -c jit=off";

/// A statement that takes longer is broken off by the server, so that requests which nobody waits for
/// any more give their connections back. Options in the database's address come after and win.
fn for_commands(mut config: Config) -> Config {
    let given = config.get_options().unwrap_or_default();
    let options = format!("-c statement_timeout=60s {BY_INDEX} {given}");
    config.options(options);
    config
}

fn pool(config: Config, size: usize) -> Result<Pool> {
    let manager =
        Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    Pool::builder(manager)
        .max_size(size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(LONGEST_WAIT))
        .create_timeout(Some(LONGEST_CONNECT))
        .recycle_timeout(Some(LONGEST_CONNECT))
        .build()
        .map_err(|error| Fault::unavailable("store.unreachable").because(error))
}

/// A connection outside the lines of a running node, for questions only. On a thread that may block.
pub(crate) fn one_connection(url: &str) -> Result<PostgresConnection> {
    let config = config_of(url)?;
    let line = Line::open(&config)?;
    Ok(PostgresConnection::new(Lent::own(line), pool(config, 1)?, Handle::current(), Arc::default()))
}

fn unreachable(error: PoolError) -> Fault {
    match error {
        PoolError::Timeout(TimeoutType::Wait) => Fault::unavailable("store.busy"),
        PoolError::Backend(error) => match fault(error) {
            told if told.is("store.refused") => Fault::unavailable("store.unreachable").because(told),
            told => told,
        },
        other => Fault::unavailable("store.unreachable").because(other),
    }
}

/// Brings the schema up to date; nodes that start together wait for each other.
async fn apply(pool: &Pool, migrations: &[Migrations], context: &Context) -> Result<()> {
    let mut client = pool.get().await.map_err(unreachable)?;
    let transaction = client.transaction().await.map_err(fault)?;
    transaction.batch_execute("set local statement_timeout = 0").await.map_err(fault)?;
    bring_up_to_date(transaction.client(), migrations, &*context.clock).await?;
    failpoint::reach("store.postgres.migrated");
    transaction.commit().await.map_err(fault)
}

/// Within a transaction that the caller began.
pub(crate) async fn bring_up_to_date(
    transaction: &Client,
    migrations: &[Migrations],
    clock: &dyn Clock,
) -> Result<()> {
    transaction.execute("select pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK]).await.map_err(fault)?;
    transaction
        .batch_execute(&crate::dialect::compile_migration(migrate::LEDGER, Engine::Postgres))
        .await
        .map_err(fault)?;
    let applied = transaction
        .query("select tier, feature, number, checksum from migration", &[])
        .await
        .map_err(fault)?
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3)))
        .collect::<Vec<(String, String, i64, String)>>();
    for step in migrate::pending(migrations, &applied, Engine::Postgres)? {
        transaction.batch_execute(&step.text).await.map_err(|error| {
            Fault::broken("store.migration_failed")
                .arg("feature", step.feature)
                .arg("number", step.number)
                .because(fault(error))
        })?;
        transaction
            .execute(
                "insert into migration (tier, feature, number, name, checksum, applied_at) values ($1, $2, $3, $4, $5, $6)",
                &[&step.tier, &step.feature, &step.number, &step.name, &step.checksum, &clock.now().micros()],
            )
            .await
            .map_err(fault)?;
    }
    Ok(())
}
