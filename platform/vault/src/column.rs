//! One column of one table that holds sealed texts: where sealing anew finds them, and what each is tied to.

use takt_kernel::Result;
use takt_store::{Query, Row, Statement, Tx, Value};

use crate::{open, seal};

/// So much of a text says under which key it is sealed: `sealed:`, eight hexadecimal digits, `:`.
const BEGIN: usize = 16;

/// Whoever keeps sealed texts in a column builds its [`crate::Sealed`] of this.
#[derive(Clone, Copy)]
pub struct Column {
    pub table: &'static str,
    pub column: &'static str,
    /// The columns by which a row is found, that of the company first.
    pub key: &'static [&'static str],
    /// What the text of a row is tied to; the row has the columns of `key`.
    pub place: fn(&Row) -> Result<String>,
}

impl Column {
    /// As [`crate::Sealed::begins`].
    ///
    /// # Errors
    /// Faults of the store.
    pub fn begins(&self, db: &mut dyn Query) -> Result<Vec<String>> {
        let Self { table, column, .. } = self;
        let statement = Statement::new("select distinct ").push(&format!(
            "substr({column}, 1, {BEGIN}) as begin_of
             from {table}
             where {column} is not null and {column} <> ''
             order by begin_of
             limit 100"
        ));
        db.all_of(&statement)?.iter().map(|row| row.get("begin_of")).collect()
    }

    /// As [`crate::Sealed::renew`].
    ///
    /// # Errors
    /// As [`open`] and [`seal`].
    pub fn renew(&self, tx: &mut Tx<'_>, prefix: &str, limit: i64) -> Result<usize> {
        let Self { table, column, key, place } = self;
        let keys = key.join(", ");
        let statement = Statement::new("select ")
            .push(&format!(
                "{keys}, {column} as kept
                 from {table}
                 where {column} is not null and {column} <> '' and substr({column}, 1, {BEGIN}) <> :prefix
                 order by {keys}
                 limit :limit"
            ))
            .bind("prefix", prefix)
            .bind("limit", limit);
        let rows = tx.all_of(&statement)?;
        for row in &rows {
            let place = place(row)?;
            let text = open(&tx.slots(), &place, &row.get::<String>("kept")?)?;
            let sealed = seal(tx, &place, &text)?;
            let found: Vec<String> = key.iter().map(|name| format!("{name} = :{name}")).collect();
            let statement = Statement::new("update ").push(&format!(
                "{table}
                 set {column} = :sealed
                 where {}",
                found.join(" and ")
            ));
            let mut statement = statement.bind("sealed", sealed);
            for name in key.iter().copied() {
                statement = statement.bind(name, row.get::<Value>(name)?);
            }
            tx.execute_of(&statement)?;
        }
        Ok(rows.len())
    }
}
