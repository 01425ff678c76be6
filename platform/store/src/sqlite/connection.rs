use rusqlite::{
    Connection, ErrorCode,
    types::{ToSqlOutput, ValueRef},
};
use takt_kernel::{Fault, Result};

use crate::{
    dialect::Compiled,
    row::{Answer, Row},
    sql::in_order,
    value::{Seen, Value},
};

/// One connection inside a transaction.
pub(crate) struct SqliteConnection<'c> {
    connection: &'c Connection,
}

impl<'c> SqliteConnection<'c> {
    pub fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }

    pub fn all(&mut self, compiled: &Compiled, given: &[(&'static str, Value)]) -> Result<Vec<Row>> {
        let values = in_order(compiled, given)?;
        let mut statement = self.connection.prepare_cached(&compiled.text).map_err(fault)?;
        let columns =
            compiled.columns.get_or_init(|| statement.column_names().map(str::to_owned).collect()).clone();
        let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(fault)?;
        let width = columns.len();
        let mut answer = Answer::new(columns);
        while let Some(row) = rows.next().map_err(fault)? {
            for index in 0..width {
                match row.get_ref(index).map_err(fault)? {
                    ValueRef::Null => answer.push(Seen::Null),
                    ValueRef::Integer(number) => answer.push(Seen::Int(number)),
                    ValueRef::Text(bytes) => match str::from_utf8(bytes) {
                        Ok(text) => answer.push(Seen::Text(text)),
                        Err(_) => answer.push(Seen::Text(&String::from_utf8_lossy(bytes))),
                    },
                    ValueRef::Blob(bytes) => answer.push(Seen::Blob(bytes)),
                    ValueRef::Real(_) => {
                        return Err(Fault::broken("store.wrong_type").arg("found", "real"));
                    }
                }
            }
        }
        Ok(answer.into_rows())
    }

    pub fn execute(&mut self, compiled: &Compiled, given: &[(&'static str, Value)]) -> Result<u64> {
        let values = in_order(compiled, given)?;
        let mut statement = self.connection.prepare_cached(&compiled.text).map_err(fault)?;
        let count = statement.execute(rusqlite::params_from_iter(values)).map_err(fault)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    pub fn command(&mut self, text: &str) -> Result<()> {
        self.connection
            .prepare_cached(text)
            .and_then(|mut statement| statement.execute([]))
            .map_err(fault)?;
        Ok(())
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Bool(flag) => ValueRef::Integer(i64::from(*flag)),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

pub(crate) fn fault(error: rusqlite::Error) -> Fault {
    let (code, extended) = match &error {
        rusqlite::Error::SqliteFailure(failure, _) => (Some(failure.code), failure.extended_code),
        _ => (None, 0),
    };
    let unique = [rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE, rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY];
    match code {
        Some(ErrorCode::ConstraintViolation) if unique.contains(&extended) => {
            Fault::conflict("store.not_unique")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::unavailable("store.busy"),
        Some(ErrorCode::DiskFull) => Fault::unavailable("store.disk_full"),
        Some(ErrorCode::ReadOnly) => Fault::unavailable("store.disk_read_only"),
        Some(ErrorCode::SystemIoFailure) => Fault::unavailable("store.disk_failed"),
        Some(ErrorCode::OperationInterrupted) => Fault::unavailable("store.too_slow"),
        _ => Fault::broken("store.refused"),
    }
    .because(error)
}
