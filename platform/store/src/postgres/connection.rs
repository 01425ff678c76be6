use std::{borrow::Cow, error::Error, sync::Arc};

use bytes::BytesMut;
use deadpool_postgres::Pool;
use futures::future::{BoxFuture, FutureExt, TryFutureExt, join_all};
use takt_kernel::{Fault, Result};
use tokio::runtime::Handle;
use tokio_postgres::{
    Statement,
    error::SqlState,
    types::{IsNull, ToSql, Type, to_sql_checked},
};

use super::{
    lines::Lent,
    waiting::{References, Touches, Waiting, Waits},
};
use crate::{
    db::Engine,
    dialect::Compiled,
    numbers::take_block,
    row::{Answer, Row},
    seldom,
    sql::in_order,
    value::{Seen, Value},
};

/// One connection, driven from a blocking thread. Statements whose answers are not needed wait in
/// `waiting` and travel together with the next question or the commit: one round trip for all.
pub(crate) struct PostgresConnection {
    lent: Lent,
    beside: Pool,
    runtime: Handle,
    waiting: Waiting,
    stamp: Stamp,
}

/// The stamp of rows that seldom change is what nearly every command asks for, so it comes with the answer
/// to the command's first question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stamp {
    Unknown,
    WithNextQuestion,
    Known(i64),
}

/// What travels.
enum Sent {
    Command(Cow<'static, str>),
    Put(Statement, Vec<Value>, Touches),
    /// The values of each parameter, row by row.
    PutMany(Statement, Vec<Vec<Value>>),
}

impl PostgresConnection {
    pub fn new(lent: Lent, beside: Pool, runtime: Handle, references: Arc<References>) -> Self {
        Self { lent, beside, runtime, waiting: Waiting::new(references), stamp: Stamp::Unknown }
    }

    pub fn begin(&mut self) {
        self.waiting.clear();
        self.waiting.command("begin isolation level repeatable read".into());
        self.stamp = Stamp::WithNextQuestion;
    }

    pub fn commit(&mut self) -> Result<()> {
        // The server knows nothing of the count: a commit that travelled along would stand.
        if self.waiting.is_counted() {
            self.flush()?;
        }
        self.waiting.command("commit".into());
        self.flush()
    }

    pub fn roll_back(&mut self) {
        self.waiting.clear();
        if let Err(error) = self.simply("rollback") {
            tracing::warn!(%error, "a connection could not roll back");
        }
    }

    pub fn command(&mut self, text: String) {
        self.waiting.command(text.into());
    }

    /// Runs a command that must work although what was sent before may have failed.
    pub fn undo(&mut self, text: &str) -> Result<()> {
        // What fails here is undone by the command itself, unless the whole has to run again.
        if let Err(fault) = self.flush()
            && fault.is_retryable()
        {
            return Err(fault);
        }
        self.simply(text)
    }

    fn simply(&mut self, text: &str) -> Result<()> {
        let line = self.lent.line()?;
        line.drive(async { line.client().batch_execute(text).await.map_err(fault) })
    }

    /// The stamp of rows that seldom change, as this transaction sees it.
    pub fn stamp(&mut self) -> Result<i64> {
        if let Stamp::Known(stamp) = self.stamp {
            return Ok(stamp);
        }
        let rows = self.all(seldom::stamp().compiled(Engine::Postgres), &[])?;
        let row = rows.first().ok_or_else(|| Fault::broken("store.row_missing"))?;
        row.get("stamp")
    }

    pub fn forget_stamp(&mut self) {
        self.stamp = Stamp::Unknown;
    }

    /// Has it come with the answer to the next question.
    pub fn expect_stamp(&mut self) {
        if self.stamp == Stamp::Unknown {
            self.stamp = Stamp::WithNextQuestion;
        }
    }

    pub fn known_stamp(&self) -> Option<i64> {
        match self.stamp {
            Stamp::Known(stamp) => Some(stamp),
            Stamp::Unknown | Stamp::WithNextQuestion => None,
        }
    }

    pub fn put(&mut self, compiled: &'static Compiled, given: &[(&'static str, Value)]) -> Result<()> {
        self.waiting.put(compiled, given, Touches::Any)
    }

    pub fn put_one(
        &mut self,
        compiled: &'static Compiled,
        given: &[(&'static str, Value)],
        otherwise: &'static str,
    ) -> Result<()> {
        self.waiting.put(compiled, given, Touches::One(otherwise))
    }

    /// What waits, ready to travel. All of it goes on waiting when something cannot be written down: what
    /// comes next must not travel without the transaction's beginning, nor a commit without its rows.
    fn ready(&mut self) -> Result<Vec<Sent>> {
        let line = self.lent.line()?;
        let statements = self
            .waiting
            .all()
            .map(|waits| {
                let Waits::Put { compiled, rows, .. } = waits else { return Ok(None) };
                let one = line.prepare(&compiled.text)?;
                rows.iter().try_for_each(|row| check(&one, row))?;
                if rows.len() == 1 {
                    return Ok(Some(one));
                }
                let types = one.params().iter().map(Type::name);
                line.prepare(compiled.for_many(types)).map(Some)
            })
            .collect::<Result<Vec<_>>>()?;
        let ready = self.waiting.take().into_iter().zip(statements).filter_map(|waiting| match waiting {
            (Waits::Command(text), _) => Some(Sent::Command(text)),
            (Waits::Put { mut rows, touches, .. }, Some(statement)) => Some(match rows.len() {
                1 => Sent::Put(statement, rows.pop()?, touches),
                _ => Sent::PutMany(statement, by_parameter(rows)),
            }),
            (Waits::Put { .. }, None) => None,
        });
        Ok(ready.collect())
    }

    /// Sends what waits and one question behind it: one round trip for all.
    fn exchange<T>(
        &mut self,
        question: impl AsyncFnOnce(&tokio_postgres::Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T> {
        let stamp = self.stamp_to_ask()?;
        let waiting = self.ready()?;
        let line = self.lent.line()?;
        let (answer, stamp) = line.drive(async {
            let client = line.client();
            let sent = join_all(waiting.iter().map(|waiting| send(client, waiting)));
            let (sent, stamp, answer) = futures::join!(sent, ask_stamp(client, stamp), question(client));
            sent.into_iter().collect::<Result<()>>()?;
            Ok::<_, Fault>((answer.map_err(fault)?, stamp?))
        })?;
        if let Some(stamp) = stamp {
            self.stamp = Stamp::Known(stamp);
        }
        Ok(answer)
    }

    pub fn all(&mut self, compiled: &Compiled, given: &[(&'static str, Value)]) -> Result<Vec<Row>> {
        let values = in_order(compiled, given)?;
        let statement = self.lent.line()?.prepare(&compiled.text)?;
        let arguments = arguments(values.into_iter());
        let rows = self.exchange(async |client| client.query(&statement, &arguments).await)?;
        read_rows(compiled, &statement, &rows)
    }

    /// Answers to several questions, for one round trip.
    pub fn all_at_once(
        &mut self,
        questions: &[(&Compiled, &[(&'static str, Value)])],
    ) -> Result<Vec<Vec<Row>>> {
        let line = self.lent.line()?;
        let ready = questions
            .iter()
            .map(|(compiled, given)| {
                let values = in_order(compiled, given)?;
                Ok((line.prepare(&compiled.text)?, arguments(values.into_iter())))
            })
            .collect::<Result<Vec<_>>>()?;
        let answers = self.exchange(async |client| {
            let asked = ready.iter().map(|(statement, arguments)| client.query(statement, arguments));
            join_all(asked).await.into_iter().collect::<Result<Vec<_>, _>>()
        })?;
        questions
            .iter()
            .zip(&ready)
            .zip(&answers)
            .map(|(((compiled, _), (statement, _)), rows)| read_rows(compiled, statement, rows))
            .collect()
    }

    /// As [`Self::all`] outside of a transaction, and the stamp of rows that seldom change as it stands after.
    pub fn all_and_stamp(
        &mut self,
        compiled: &Compiled,
        given: &[(&'static str, Value)],
    ) -> Result<(Vec<Row>, i64)> {
        let values = in_order(compiled, given)?;
        let line = self.lent.line()?;
        let statement = line.prepare(&compiled.text)?;
        let stamp = line.prepare(&seldom::stamp().compiled(Engine::Postgres).text)?;
        let arguments = arguments(values.into_iter());
        let (rows, stamp) = self.exchange(async |client| {
            let (rows, stamp) =
                futures::join!(client.query(&statement, &arguments), client.query_one(&stamp, &[]));
            Ok((rows?, stamp?))
        })?;
        Ok((read_rows(compiled, &statement, &rows)?, stamp.try_get(0).map_err(fault)?))
    }

    pub fn execute(&mut self, compiled: &Compiled, given: &[(&'static str, Value)]) -> Result<u64> {
        let values = in_order(compiled, given)?;
        let statement = self.lent.line()?.prepare(&compiled.text)?;
        let arguments = arguments(values.into_iter());
        self.exchange(async |client| client.execute(&statement, &arguments).await)
    }

    fn stamp_to_ask(&mut self) -> Result<Option<Statement>> {
        match self.stamp {
            Stamp::WithNextQuestion => {
                self.lent.line()?.prepare(&seldom::stamp().compiled(Engine::Postgres).text).map(Some)
            }
            Stamp::Unknown | Stamp::Known(_) => Ok(None),
        }
    }

    /// Sends the writes that wait, if there are any, so that their failures are not taken for those
    /// of what comes next.
    pub fn settle(&mut self) -> Result<()> {
        if self.waiting.writes() { self.flush() } else { Ok(()) }
    }

    pub fn flush(&mut self) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let queued = self.ready()?;
        let line = self.lent.line()?;
        line.drive(async {
            let client = line.client();
            join_all(queued.iter().map(|queued| send(client, queued))).await.into_iter().collect()
        })
    }

    /// Takes a block of numbers on a connection of its own, committed at once.
    pub fn take_block(&mut self, company: i64, name: &str, count: i64) -> Result<i64> {
        let compiled = take_block().compiled(Engine::Postgres);
        let given = crate::params![company_id: company, name: name, count: count];
        let values = in_order(compiled, given)?;
        let arguments = arguments(values.into_iter());
        self.runtime.block_on(async {
            let client = self
                .beside
                .get()
                .await
                .map_err(|error| Fault::unavailable("store.unreachable").because(error))?;
            let statement = client.prepare_cached(&compiled.text).await.map_err(fault)?;
            let row = client.query_one(&statement, &arguments).await.map_err(fault)?;
            row.try_get(0).map_err(fault)
        })
    }
}

/// Polled in order, the requests go out in order without waiting for each other's answers.
fn send<'a>(client: &'a tokio_postgres::Client, sent: &'a Sent) -> BoxFuture<'a, Result<()>> {
    match sent {
        Sent::Command(text) => client.batch_execute(text).map_err(fault).boxed(),
        Sent::Put(statement, values, touches) => async move {
            let touched = client.execute(statement, &arguments(values.iter())).await.map_err(fault)?;
            match touches {
                Touches::One(otherwise) if touched != 1 => Err(Fault::unavailable(*otherwise).retryable()),
                Touches::One(_) | Touches::Any => Ok(()),
            }
        }
        .boxed(),
        Sent::PutMany(statement, given) => async move {
            let arguments: Vec<&(dyn ToSql + Sync)> =
                given.iter().map(|values| values as &(dyn ToSql + Sync)).collect();
            client.execute(statement, &arguments).await.map(|_| ()).map_err(fault)
        }
        .boxed(),
    }
}

fn by_parameter(rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let width = rows.first().map_or(0, Vec::len);
    let mut given: Vec<Vec<Value>> = (0..width).map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (values, value) in given.iter_mut().zip(row) {
            values.push(value);
        }
    }
    given
}

fn read_rows(compiled: &Compiled, statement: &Statement, rows: &[tokio_postgres::Row]) -> Result<Vec<Row>> {
    let columns = compiled
        .columns
        .get_or_init(|| statement.columns().iter().map(|column| column.name().to_owned()).collect());
    let mut answer = Answer::new(columns.clone());
    for row in rows {
        for index in 0..columns.len() {
            answer.push(seen(row, index)?);
        }
    }
    Ok(answer.into_rows())
}

async fn ask_stamp(client: &tokio_postgres::Client, statement: Option<Statement>) -> Result<Option<i64>> {
    let Some(statement) = statement else { return Ok(None) };
    let row = client.query_one(&statement, &[]).await.map_err(fault)?;
    row.try_get(0).map(Some).map_err(fault)
}

/// What cannot be encoded would never be sent, while the commit behind it would.
fn check(statement: &Statement, values: &[Value]) -> Result<()> {
    let mut encoded = BytesMut::new();
    for (value, wanted) in values.iter().zip(statement.params()) {
        encoded.clear();
        value
            .to_sql(wanted, &mut encoded)
            .map_err(|error| Fault::broken("store.refused").because(error.to_string()))?;
    }
    Ok(())
}

fn arguments<'v>(values: impl Iterator<Item = &'v Value>) -> Vec<&'v (dyn ToSql + Sync)> {
    values.map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Value {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *wanted == Type::INT4 => i32::try_from(*number)?.to_sql(wanted, out),
            Self::Int(number) if *wanted == Type::INT2 => i16::try_from(*number)?.to_sql(wanted, out),
            Self::Int(number) if *wanted == Type::INT8 => number.to_sql(wanted, out),
            Self::Bool(flag) if *wanted == Type::BOOL => flag.to_sql(wanted, out),
            Self::Text(text) if <&str as ToSql>::accepts(wanted) => text.as_str().to_sql(wanted, out),
            Self::Blob(bytes) if *wanted == Type::BYTEA => bytes.as_slice().to_sql(wanted, out),
            other => Err(format!("a parameter of type {wanted} was given {other:?}").into()),
        }
    }

    fn accepts(_wanted: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

pub(crate) fn read_value(row: &tokio_postgres::Row, index: usize) -> Result<Value> {
    seen(row, index).map(Value::from)
}

fn seen(row: &tokio_postgres::Row, index: usize) -> Result<Seen<'_>> {
    let kind = row.columns()[index].type_();
    let read = match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(index).map(|value| value.map(Seen::Int)),
        Type::INT4 => {
            row.try_get::<_, Option<i32>>(index).map(|value| value.map(|number| Seen::Int(i64::from(number))))
        }
        Type::BOOL => row.try_get::<_, Option<bool>>(index).map(|value| value.map(Seen::Bool)),
        Type::BYTEA => row.try_get::<_, Option<&[u8]>>(index).map(|value| value.map(Seen::Blob)),
        Type::TEXT | Type::VARCHAR | Type::NAME => {
            row.try_get::<_, Option<&str>>(index).map(|value| value.map(Seen::Text))
        }
        _ => {
            return Err(Fault::broken("store.wrong_type")
                .arg("found", kind)
                .arg("column", row.columns()[index].name()));
        }
    };
    read.map(|value| value.unwrap_or(Seen::Null)).map_err(fault)
}

/// The server ends, starts or is full: it is not the statement's fault.
const STOPPING: [SqlState; 5] = [
    SqlState::ADMIN_SHUTDOWN,
    SqlState::CRASH_SHUTDOWN,
    SqlState::CANNOT_CONNECT_NOW,
    SqlState::TOO_MANY_CONNECTIONS,
    SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
];

fn told(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |database| database.message().to_owned())
}

/// Nobody but a person can mend this.
const NOT_LET_IN: [SqlState; 3] = [
    SqlState::INVALID_PASSWORD,
    SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
    SqlState::INVALID_CATALOG_NAME,
];

pub(crate) fn fault(error: tokio_postgres::Error) -> Fault {
    let state = error.code().cloned();
    let refusal = match &state {
        Some(code)
            if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED =>
        {
            Fault::unavailable("store.busy").retryable()
        }
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => Fault::conflict("store.not_unique"),
        Some(code) if *code == SqlState::QUERY_CANCELED => Fault::unavailable("store.too_slow"),
        Some(code) if *code == SqlState::DISK_FULL => Fault::unavailable("store.disk_full"),
        Some(code) if NOT_LET_IN.contains(code) => {
            Fault::unavailable("store.not_let_in").arg("why", told(&error))
        }
        Some(code) if STOPPING.contains(code) => Fault::unavailable("store.unreachable"),
        Some(_) => Fault::broken("store.refused"),
        None if line_broke(&error) => Fault::unavailable("store.unreachable"),
        None => Fault::broken("store.refused"),
    };
    let detail = error.as_db_error().map(|database| database.message().to_owned());
    match detail {
        Some(message) => refusal.because(message),
        None => refusal.because(error),
    }
}

/// The connection ended, whether that was noticed before or while the statement travelled.
fn line_broke(error: &tokio_postgres::Error) -> bool {
    error.is_closed() || error.source().is_some_and(|cause| cause.is::<std::io::Error>())
}
