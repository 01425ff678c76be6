use anyhow::{Result, ensure};
use rusqlite::{Connection, params_from_iter};

use super::{
    rows::{Table, Template},
    sums::SUMS,
};
use crate::engine::Place;

/// Copies that are written table by table: what is sorted stays in memory.
const AT_ONCE: u64 = 1_000;

/// Makes a copy of the template's file and adds copies of its orders.
pub fn fill(template: &Place, place: &Place, rows: &Template, copies: u64) -> Result<()> {
    std::fs::copy(template.sqlite_file(), place.sqlite_file())?;
    let connection = Connection::open(place.sqlite_file())?;
    // A filled database that broke off is made anew, so nothing has to be safe.
    connection.execute_batch(
        "pragma journal_mode = off;
         pragma synchronous = off;
         pragma foreign_keys = off;
         pragma locking_mode = exclusive;
         pragma cache_size = -2000000;
         pragma temp_store = file;",
    )?;
    let indexes: Vec<(String, String)> = connection
        .prepare("select name, sql from sqlite_schema where type = 'index' and sql is not null")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (name, _) in &indexes {
        connection.execute_batch(&format!("drop index {name}"))?;
    }
    let mut left = copies;
    while left > 0 {
        let some = left.min(AT_ONCE);
        let group = (left - some + 1..=left)
            .rev()
            .map(|number| rows.copy(number, copies))
            .collect::<Result<Vec<_>>>()?;
        connection.execute_batch("begin")?;
        for table in &rows.tables {
            insert(&connection, table, &group)?;
        }
        connection.execute_batch("commit")?;
        left -= some;
    }
    for (_, sql) in &indexes {
        connection.execute_batch(sql)?;
    }
    let mut there =
        connection.prepare("select count(*) from sqlite_schema where type = 'table' and name = ?1")?;
    for (table, statements) in SUMS {
        if there.query_row([table], |row| row.get::<_, i64>(0))? > 0 {
            for sql in *statements {
                connection.execute_batch(sql)?;
            }
        }
    }
    let broken: i64 =
        connection.query_row("select count(*) from pragma_foreign_key_check", [], |row| row.get(0))?;
    ensure!(broken == 0, "{broken} rows name others that are not there");
    connection.execute_batch("pragma journal_mode = wal")?;
    Ok(())
}

fn insert(connection: &Connection, table: &Table, copies: &[super::rows::Copy]) -> Result<()> {
    if table.own.is_empty() {
        return Ok(());
    }
    let places: Vec<String> = (1..=table.columns.len()).map(|place| format!("?{place}")).collect();
    let sql =
        format!("insert into {} ({}) values ({})", table.name, table.columns.join(", "), places.join(", "));
    let mut statement = connection.prepare_cached(&sql)?;
    for row in table.rows(copies) {
        statement
            .execute(params_from_iter(row))
            .map_err(|error| anyhow::anyhow!("{}: {error}", table.name))?;
    }
    Ok(())
}
