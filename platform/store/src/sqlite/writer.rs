//! The one writer. It takes what waits in the queue, runs each command in a savepoint of its own
//! and commits them together, so one fsync serves many; nobody is answered before that commit.

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::Connection as Raw;
use takt_kernel::{Clock, Fault, Result, failpoint};
use takt_metrics::Histogram;
use tokio::sync::oneshot;

use super::{
    SqliteConnection,
    connection::fault,
    files::Files,
    queue::{Queue, Urgency, Waiting},
};
use crate::{
    db::{Act, Answer, Context, Engine},
    migrate::{self, Migrations},
    numbers::{ID_BLOCK, ID_NAME, ID_RESERVE, take_block},
    params,
    query::Connection,
    tx::{Care, Tx},
};

/// One commit holds at most this many commands.
const GROUP: usize = 128;
/// A commit takes in new commands for as long as the one before it took, within these bounds: where the
/// disk is slow, those who wait would else pay for a commit each.
const GROUP_TIME: Range<Duration> = Duration::from_millis(4)..Duration::from_millis(250);

/// Something that waits to be written.
pub(super) trait Command: Send {
    /// May be run again when the group is.
    fn run(&mut self, tx: Tx<'_>) -> Ran;
    /// What the command was refused with, when the engine itself refused.
    fn engine_fault(&self) -> Option<Fault> {
        None
    }
    /// Whether anybody still waits for the answer.
    fn is_wanted(&self) -> bool {
        true
    }
    /// Tells the waiting caller, after the commit.
    fn answer(self: Box<Self>, committed: Result<(), &Fault>);
    fn closes(&self) -> bool {
        false
    }
    /// Nothing joins a group behind it.
    fn ends_group(&self) -> bool {
        self.closes()
    }
    /// What it does by itself, once the commands before it are committed and answered.
    fn alone(&mut self, _connection: &Raw, _files: &Files) {}
}

/// How a command ended.
pub(super) enum Ran {
    /// It said so many facts.
    Well(usize),
    /// Nothing of it remains.
    Refused,
    /// What it had written by then has to be undone.
    RefusedAfterWriting,
}

pub(super) struct Closure {
    act: Act,
    result: Option<Result<Answer>>,
    reply: oneshot::Sender<Result<Answer>>,
}

impl Closure {
    pub fn new(act: Act, reply: oneshot::Sender<Result<Answer>>) -> Self {
        Self { act, result: None, reply }
    }
}

impl Command for Closure {
    fn run(&mut self, mut tx: Tx<'_>) -> Ran {
        let ran = catch_unwind(AssertUnwindSafe(|| {
            let answer = (self.act)(&mut tx)?;
            let said = tx.finish()?;
            Ok((answer, said))
        }));
        match ran.unwrap_or_else(|_| Err(Fault::broken("store.panicked"))) {
            Ok((answer, said)) => {
                self.result = Some(Ok(answer));
                Ran::Well(said)
            }
            Err(refusal) => {
                self.result = Some(Err(refusal));
                if tx.wrote() { Ran::RefusedAfterWriting } else { Ran::Refused }
            }
        }
    }

    fn engine_fault(&self) -> Option<Fault> {
        self.result.as_ref()?.as_ref().err().and_then(of_the_disk)
    }

    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn answer(self: Box<Self>, committed: Result<(), &Fault>) {
        let result = match (committed, self.result) {
            (Ok(()), Some(result)) => result,
            (Err(_), Some(Err(refusal))) => Err(refusal),
            (Err(failure), _) => Err(of_the_disk(failure)
                .unwrap_or_else(|| Fault::unavailable("store.commit_failed"))
                .because(failure.to_string())),
            (Ok(()), None) => Err(Fault::broken("store.not_run")),
        };
        // The caller may have gone away; what was committed stays.
        let _ = self.reply.send(result);
    }
}

/// A person can do something about these, so everybody who waits is told, not only that it failed.
fn of_the_disk(failure: &Fault) -> Option<Fault> {
    ["store.disk_full", "store.disk_read_only", "store.disk_failed"]
        .into_iter()
        .find(|code| failure.is(code))
        .map(Fault::unavailable)
}

pub(super) struct Close(oneshot::Sender<()>);

impl Close {
    pub fn new(reply: oneshot::Sender<()>) -> Self {
        Self(reply)
    }
}

impl Command for Close {
    fn run(&mut self, _tx: Tx<'_>) -> Ran {
        Ran::Well(0)
    }
    fn answer(self: Box<Self>, _committed: Result<(), &Fault>) {
        let _ = self.0.send(());
    }
    fn closes(&self) -> bool {
        true
    }
}

pub(super) fn run(connection: Raw, files: Files, mut queue: Queue, context: &Arc<Context>) {
    let measures = Measures::of(context);
    let mut closing = Vec::new();
    let mut group_time = GROUP_TIME.start;
    while closing.is_empty() {
        let Some(first) = queue.next() else { break };
        let mut group = Vec::with_capacity(8);
        let committed =
            write_group(&connection, context, &measures, first, group_time, &mut queue, &mut group);
        if committed.is_err() && !connection.is_autocommit() {
            // Nothing of the group was kept; the next group begins afresh.
            if let Err(error) = connection.execute_batch("rollback") {
                tracing::error!(%error, "the writer could not roll back");
            }
        }
        match &committed {
            Err(failure) => {
                tracing::error!(error = ?failure, commands = group.len(), "a group of commands was not committed");
            }
            Ok(written) => {
                group_time = written.took.clamp(GROUP_TIME.start, GROUP_TIME.end);
                if written.facts > 0 {
                    announce(&connection, context);
                }
            }
        }
        failpoint::reach("store.sqlite.announced");
        for mut command in group {
            if committed.is_ok() {
                command.alone(&connection, &files);
            }
            if command.closes() {
                closing.push(command);
            } else {
                command.answer(committed.as_ref().map(|_| ()));
            }
        }
    }
    queue.close();
    failpoint::reach("store.sqlite.closing");
    if let Err(error) = connection.execute_batch("pragma wal_checkpoint(truncate)") {
        tracing::warn!(%error, "the log was not folded into the file");
    }
    drop(connection);
    drop(files);
    for command in closing {
        command.answer(Ok(()));
    }
}

/// A group that is committed.
struct Written {
    facts: usize,
    /// The commit alone, the sync of the disk included.
    took: Duration,
}

/// The commands end up in `group` whatever happens.
fn write_group(
    connection: &Raw,
    context: &Arc<Context>,
    measures: &Measures,
    (urgency, first): Waiting,
    group_time: Duration,
    queue: &mut Queue,
    group: &mut Vec<Box<dyn Command>>,
) -> Result<Written> {
    let began = Instant::now();
    let begun = begin(connection, context);
    group.push(first);
    begun?;
    let mut facts = 0;
    let mut somebody_waits = urgency == Urgency::Asked;
    while let Some(command) = group.last_mut() {
        // Whoever went away while it waited is not worked for: under load that would only hold up others.
        if command.is_wanted() {
            match command.run(transaction(connection, context, Care::Without)) {
                Ran::Well(said) => facts += said,
                Ran::Refused => {}
                Ran::RefusedAfterWriting => {
                    facts = with_care(connection, context, group)?;
                    break;
                }
            }
        }
        failpoint::reach("store.sqlite.command_done");
        // A block of ids is taken only between groups, and every command may count on the reserve.
        let ids_run_low = context.numbers.ids_left() < ID_RESERVE;
        let ends = group.last().is_some_and(|last| last.ends_group());
        if ends || ids_run_low || group.len() >= GROUP || began.elapsed() >= group_time {
            break;
        }
        let Some((urgency, next)) = queue.joins(somebody_waits) else { break };
        somebody_waits |= urgency == Urgency::Asked;
        group.push(next);
    }
    let commits = Instant::now();
    failpoint::reach("store.sqlite.before_commit");
    connection.execute_batch("commit").map_err(fault)?;
    let took = commits.elapsed();
    measures.committed(group.len(), took);
    failpoint::reach("store.sqlite.committed");
    Ok(Written { facts, took })
}

/// Begins the group anew, each command with a savepoint to go back to: one of them was refused after
/// it had written, and the others must not lose by it.
fn with_care(connection: &Raw, context: &Arc<Context>, group: &mut [Box<dyn Command>]) -> Result<usize> {
    if !connection.is_autocommit() {
        connection.execute_batch("rollback").map_err(fault)?;
    }
    begin(connection, context)?;
    let mut said = 0;
    for command in group.iter_mut().filter(|command| command.is_wanted()) {
        said += in_savepoint(connection, context, &mut **command)?;
    }
    Ok(said)
}

fn transaction<'c>(connection: &'c Raw, context: &Arc<Context>, care: Care) -> Tx<'c> {
    Tx::begin(Connection::Sqlite(SqliteConnection::new(connection)), context.clone(), care)
}

fn begin(connection: &Raw, context: &Context) -> Result<()> {
    if context.numbers.ids_left() < ID_RESERVE {
        let row = SqliteConnection::new(connection)
            .all(
                take_block().compiled(Engine::Sqlite),
                params![company_id: 0_i64, name: ID_NAME, count: ID_BLOCK],
            )?
            .into_iter()
            .next()
            .ok_or_else(|| Fault::broken("store.row_missing"))?;
        context.numbers.refill_ids(row.get("taken_until")?);
        failpoint::reach("store.sqlite.ids_taken");
    }
    connection.prepare_cached("begin immediate").and_then(|mut begin| begin.execute([])).map_err(fault)?;
    Ok(())
}

fn in_savepoint(connection: &Raw, context: &Arc<Context>, command: &mut dyn Command) -> Result<usize> {
    let mut raw = SqliteConnection::new(connection);
    raw.command("savepoint command")?;
    let ran = command.run(transaction(connection, context, Care::With));
    if connection.is_autocommit() {
        // The engine undid the whole group: it may do so when the disk is full or fails.
        return Err(command.engine_fault().unwrap_or_else(|| Fault::unavailable("store.commit_failed")));
    }
    let said = match ran {
        Ran::Well(facts) => facts,
        Ran::Refused | Ran::RefusedAfterWriting => {
            raw.command("rollback to savepoint command")?;
            0
        }
    };
    raw.command("release savepoint command")?;
    Ok(said)
}

struct Measures {
    commands: Histogram,
    seconds: Histogram,
}

impl Measures {
    fn of(context: &Context) -> Self {
        let metrics = &context.metrics;
        Self {
            commands: metrics.sizes("takt_writer_group_commands", "Commands in one commit"),
            seconds: metrics
                .seconds("takt_writer_commit_seconds", "Time of a commit, the sync of the disk included"),
        }
    }

    fn committed(&self, commands: usize, took: Duration) {
        self.commands.observe(commands as f64);
        self.seconds.observe(took.as_secs_f64());
    }
}

fn announce(connection: &Raw, context: &Context) {
    let latest = connection
        .prepare_cached("select coalesce(max(position), 0) from fact_position")
        .and_then(|mut latest| latest.query_row([], |row| row.get::<_, i64>(0)));
    match latest {
        Ok(position) => {
            context.visible.send_replace(position);
        }
        Err(error) => tracing::error!(%error, "the newest position could not be read"),
    }
}

/// Brings the schema up to date in one transaction.
pub(super) fn migrate(connection: &mut Raw, migrations: &[Migrations], clock: &dyn Clock) -> Result<()> {
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(fault)?;
    transaction
        .execute_batch(&crate::dialect::compile_migration(migrate::LEDGER, Engine::Sqlite))
        .map_err(fault)?;
    let applied = {
        let mut statement =
            transaction.prepare("select tier, feature, number, checksum from migration").map_err(fault)?;
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .map_err(fault)?;
        rows.collect::<rusqlite::Result<Vec<(String, String, i64, String)>>>().map_err(fault)?
    };
    for step in migrate::pending(migrations, &applied, Engine::Sqlite)? {
        transaction.execute_batch(&step.text).map_err(|error| {
            Fault::broken("store.migration_failed")
                .arg("feature", step.feature)
                .arg("number", step.number)
                .because(error)
        })?;
        transaction
            .execute(
                "insert into migration (tier, feature, number, name, checksum, applied_at) values (?1, ?2, ?3, ?4, ?5, ?6)",
                rusqlite::params![step.tier, step.feature, step.number, step.name, step.checksum, clock.now().micros()],
            )
            .map_err(fault)?;
    }
    failpoint::reach("store.sqlite.migrated");
    transaction.commit().map_err(fault)
}
