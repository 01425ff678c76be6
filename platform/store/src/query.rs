use std::sync::Arc;

use takt_kernel::{Fault, Result, Slots, Timestamp};

use crate::{
    db::Context,
    postgres::PostgresConnection,
    row::Row,
    seldom,
    sql::{Params, Sql, Statement},
    sqlite::SqliteConnection,
};

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

    /// As [`Query::all`], for a statement put together at run time.
    ///
    /// # Errors
    /// As [`Query::all`].
    fn all_of(&mut self, statement: &Statement) -> Result<Vec<Row>>;

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

/// A read-only view. On SQLite it is one snapshot from first to last question.
pub struct Reader<'c> {
    pub(crate) connection: Connection<'c>,
    pub(crate) context: Arc<Context>,
    pub(crate) now: Timestamp,
    /// Of the rows that seldom change, once it was asked for.
    pub(crate) stamp: Option<i64>,
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
}

impl Query for Reader<'_> {
    fn now(&self) -> Timestamp {
        self.now
    }
    fn slots(&self) -> Arc<Slots> {
        self.context.slots.clone()
    }
    fn seldom(&mut self, sql: &'static Sql, params: Params<'_>) -> Result<Arc<[Row]>> {
        let stamp = match self.stamp {
            Some(stamp) => stamp,
            None => self.one(seldom::stamp(), &[])?.get("stamp")?,
        };
        self.stamp = Some(stamp);
        let same_snapshot = matches!(self.connection, Connection::Sqlite(_));
        let context = self.context.clone();
        context.seldom.answer(stamp, sql, params, same_snapshot, || self.all(sql, params))
    }
    fn all(&mut self, sql: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        self.connection.all(sql, params)
    }
    fn all_of(&mut self, statement: &Statement) -> Result<Vec<Row>> {
        self.connection.all_of(statement)
    }
}
