//! Parts of a transaction that may fail alone.

use takt_kernel::{Fault, Result};

use super::{Care, Tx};
use crate::query::Connection;

impl Tx<'_> {
    /// Runs a part that may fail alone: what it wrote and said is undone on `Err`, the rest of the
    /// transaction goes on. A retryable fault must be passed on, since the whole has to run again.
    ///
    /// # Errors
    /// What the part refuses.
    pub fn savepoint<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        match self.care {
            Care::With => self.fenced(part),
            Care::Without => self.unfenced(part),
        }
    }

    fn unfenced<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (said, cause, writes) = (self.said.len(), self.cause, self.writes);
        match part(self) {
            Ok(answer) => {
                // What the part wrote may be on its way still, and fail behind it.
                self.unfenced_writes |= self.writes > writes;
                Ok(answer)
            }
            Err(fault) if fault.is_retryable() => Err(fault),
            Err(fault) if self.writes == writes && self.failed.is_none() => {
                self.said.truncate(said);
                self.cause = cause;
                Err(fault)
            }
            Err(fault) => {
                self.wants_care = true;
                Err(Fault::unavailable("store.busy").because(fault).retryable())
            }
        }
    }

    fn fenced<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.settle()?;
        let (said, cause, parts, failed) = (self.said.len(), self.cause, self.parts, self.failed);
        // A name of its own at each depth: when a part panics, those within it are still open.
        let name = format!("part_{parts}");
        self.connection_command(format!("savepoint {name}"))?;
        self.parts += 1;
        let done = part(self).and_then(|answer| self.flush().map(|()| answer));
        self.parts = parts;
        match done {
            Ok(answer) => {
                self.connection_command(format!("release savepoint {name}"))?;
                Ok(answer)
            }
            Err(fault) => {
                self.said.truncate(said);
                self.cause = cause;
                // The stamp of what the part had changed is undone with it, and so is what was read of it.
                self.forget_stamp();
                self.foreseen.changing(None);
                self.undo_part(&name)?;
                self.failed = failed;
                Err(fault)
            }
        }
    }

    fn connection_command(&mut self, text: String) -> Result<()> {
        let done = match &mut self.connection {
            Connection::Sqlite(connection) => connection.command(&text),
            Connection::Postgres(connection) => {
                connection.command(text);
                Ok(())
            }
        };
        self.noted(done)
    }

    fn undo_part(&mut self, name: &str) -> Result<()> {
        let back = format!("rollback to savepoint {name}");
        let undone = match &mut self.connection {
            Connection::Sqlite(connection) => connection.command(&back),
            Connection::Postgres(connection) => connection.undo(&back),
        };
        self.noted(undone)?;
        self.connection_command(format!("release savepoint {name}"))
    }

    fn settle(&mut self) -> Result<()> {
        let done = match &mut self.connection {
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgres(connection) => connection.settle(),
        };
        self.noted(done)
    }

    fn flush(&mut self) -> Result<()> {
        let done = match &mut self.connection {
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgres(connection) => connection.flush(),
        };
        self.noted(done)
    }

    /// PostgreSQL only; on SQLite the writer commits its group.
    pub(crate) fn commit(&mut self) -> Result<()> {
        let done = match &mut self.connection {
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgres(connection) => connection.commit(),
        };
        self.noted(done)
    }
}
