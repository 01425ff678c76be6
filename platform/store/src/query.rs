use std::sync::Arc;

use takt_kernel::{Fault, Result, Slots, Timestamp};

use crate::{
    db::Context,
    dialect::Compiled,
    foreseen::Foreseen,
    postgres::PostgresConnection,
    row::Row,
    seldom,
    sql::{Params, Sql, Statement},
    sqlite::SqliteConnection,
    value::Value,
};

/// A statement that only asks, with its values: for [`Query::all_at_once`].
#[derive(Clone)]
pub struct Question(pub(crate) Asked);

#[derive(Clone)]
pub(crate) enum Asked {
    Written(&'static Sql, Vec<(&'static str, Value)>),
    PutTogether(Statement),
}

impl Question {
    pub fn new(sql: &'static Sql, params: Params<'_>) -> Self {
        Self(Asked::Written(sql, params.to_vec()))
    }
}

impl From<Statement> for Question {
    fn from(statement: Statement) -> Self {
        Self(Asked::PutTogether(statement))
    }
}

/// Anything that answers questions: a [`Reader`], or a [`crate::Tx`] that also sees its own writes.
/// Question functions take `&mut dyn Query`.
pub trait Query {
    /// The moment of this reading or transaction; it does not move within one.
    fn now(&self) -> Timestamp;
    fn slots(&self) -> Arc<Slots>;

    /// # Errors
    /// Broken or unavailable faults of the engine.
    fn all(&mut self, sql: &Sql, params: Params<'_>) -> Result<Vec<Row>>;

    /// As [`Query::all`], for rows of tables whose triggers tell of every change (`seldom_stamp`):
    /// answered from memory as long as nothing has changed.
    ///
    /// # Errors
    /// As [`Query::all`].
    fn seldom(&mut self, sql: &'static Sql, params: Params<'_>) -> Result<Arc<[Row]>>;

    /// Says that rows that seldom change will be asked for: on PostgreSQL their stamp then comes with the answer to
    /// the next question, for no round trip of its own.
    fn expect_seldom(&mut self) {}

    /// As [`Query::all`], for a statement put together at run time.
    ///
    /// # Errors
    /// As [`Query::all`].
    fn all_of(&mut self, statement: &Statement) -> Result<Vec<Row>>;

    /// Several questions of which none waits for the answer to another: one round trip for all.
    ///
    /// # Errors
    /// As [`Query::all`].
    fn all_at_once(&mut self, questions: &[Question]) -> Result<Vec<Vec<Row>>> {
        one_by_one(self, questions)
    }

    /// Says what will be asked with [`Query::all`]: on PostgreSQL it is asked now, one round trip for all, and on both
    /// engines whoever asks it again is answered from memory, as long as this transaction writes to none of the
    /// tables. It has to be the very statement with the very values.
    ///
    /// # Errors
    /// As [`Query::all`].
    fn foresee(&mut self, _questions: &[Question]) -> Result<()> {
        Ok(())
    }

    /// # Errors
    /// As [`Query::all`].
    fn opt(&mut self, sql: &Sql, params: Params<'_>) -> Result<Option<Row>> {
        Ok(self.all(sql, params)?.into_iter().next())
    }

    /// # Errors
    /// As [`Query::all`], and `store.row_missing` when nothing is found.
    fn one(&mut self, sql: &Sql, params: Params<'_>) -> Result<Row> {
        self.opt(sql, params)?.ok_or_else(|| Fault::missing("store.row_missing"))
    }

    /// # Errors
    /// As [`Query::all`].
    fn opt_of(&mut self, statement: &Statement) -> Result<Option<Row>> {
        Ok(self.all_of(statement)?.into_iter().next())
    }
}

/// Where a round trip costs nothing.
pub(crate) fn one_by_one(db: &mut (impl Query + ?Sized), questions: &[Question]) -> Result<Vec<Vec<Row>>> {
    questions
        .iter()
        .map(|question| match &question.0 {
            Asked::Written(sql, params) => db.all(sql, params),
            Asked::PutTogether(statement) => db.all_of(statement),
        })
        .collect()
}

/// A read-only view. On SQLite it is one snapshot from first to last question.
pub struct Reader<'c> {
    pub(crate) connection: Connection<'c>,
    pub(crate) context: Arc<Context>,
    pub(crate) now: Timestamp,
    /// Of the rows that seldom change, once it was asked for.
    pub(crate) stamp: Option<i64>,
    pub(crate) foreseen: Foreseen,
}

pub(crate) enum Connection<'c> {
    Sqlite(SqliteConnection<'c>),
    Postgres(&'c mut PostgresConnection),
}

impl Connection<'_> {
    pub(crate) fn all(&mut self, sql: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(connection) => connection.all(sql.compiled(crate::Engine::Sqlite), params),
            Self::Postgres(connection) => connection.all(sql.compiled(crate::Engine::Postgres), params),
        }
        .map_err(|fault| fault.arg("statement", sql.place()))
    }

    pub(crate) fn all_of(&mut self, statement: &Statement) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(connection) => {
                connection.all(&statement.compiled(crate::Engine::Sqlite), statement.bound())
            }
            Self::Postgres(connection) => {
                connection.all(&statement.compiled(crate::Engine::Postgres), statement.bound())
            }
        }
    }

    /// That which came with the answer to another question.
    fn known_stamp(&self) -> Option<i64> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(connection) => connection.known_stamp(),
        }
    }

    /// `None` where each question is asked by itself anyway.
    pub(crate) fn all_at_once(&mut self, questions: &[Question]) -> Option<Result<Vec<Vec<Row>>>> {
        let Self::Postgres(connection) = self else { return None };
        // Those put together live as long as somebody holds them.
        let held: Vec<_> = questions
            .iter()
            .map(|question| match &question.0 {
                Asked::Written(..) => None,
                Asked::PutTogether(statement) => Some(statement.compiled(crate::Engine::Postgres)),
            })
            .collect();
        let compiled: Vec<(&Compiled, Params<'_>)> = questions
            .iter()
            .zip(&held)
            .filter_map(|(question, held)| match &question.0 {
                Asked::Written(sql, params) => {
                    Some((sql.compiled(crate::Engine::Postgres), params.as_slice()))
                }
                Asked::PutTogether(statement) => held.as_deref().map(|held| (held, statement.bound())),
            })
            .collect();
        Some(connection.all_at_once(&compiled))
    }
}

impl Query for Reader<'_> {
    fn now(&self) -> Timestamp {
        self.now
    }
    fn slots(&self) -> Arc<Slots> {
        self.context.slots.clone()
    }
    fn seldom(&mut self, sql: &'static Sql, params: Params<'_>) -> Result<Arc<[Row]>> {
        let stamp = match self.stamp.or_else(|| self.connection.known_stamp()) {
            Some(stamp) => stamp,
            None => self.one(seldom::stamp(), &[])?.get("stamp")?,
        };
        self.stamp = Some(stamp);
        let context = self.context.clone();
        context.seldom.answer(stamp, sql, params, || match &mut self.connection {
            Connection::Sqlite(_) => Ok((self.all(sql, params)?, true)),
            // Each question sees what stands by then: an answer between two looks at one stamp is of that stamp.
            Connection::Postgres(connection) => {
                let (rows, after) = connection
                    .all_and_stamp(sql.compiled(crate::Engine::Postgres), params)
                    .map_err(|fault| fault.arg("statement", sql.place()))?;
                self.stamp = Some(after);
                Ok((rows, after == stamp))
            }
        })
    }
    fn expect_seldom(&mut self) {
        if let (None, Connection::Postgres(connection)) = (self.stamp, &mut self.connection) {
            connection.expect_stamp();
        }
    }
    fn all(&mut self, sql: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        let connection = &mut self.connection;
        self.foreseen.answer(sql, params, || connection.all(sql, params))
    }
    fn foresee(&mut self, questions: &[Question]) -> Result<()> {
        match &mut self.connection {
            // Where a round trip costs nothing, and nobody asks twice.
            Connection::Sqlite(_) => Ok(()),
            connection @ Connection::Postgres(_) => {
                self.foreseen.take(questions, |open| connection.all_at_once(open))
            }
        }
    }
    fn all_at_once(&mut self, questions: &[Question]) -> Result<Vec<Vec<Row>>> {
        if let [Question(Asked::Written(sql, params))] = questions {
            return Ok(vec![self.all(sql, params)?]);
        }
        match self.connection.all_at_once(questions) {
            Some(answers) => answers,
            None => one_by_one(self, questions),
        }
    }
    fn all_of(&mut self, statement: &Statement) -> Result<Vec<Row>> {
        self.connection.all_of(statement)
    }
}
