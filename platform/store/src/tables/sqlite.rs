use rusqlite::{Connection, types::ValueRef};
use takt_kernel::{Fault, Result};

use super::{
    Column, ColumnKind, PAGE_BYTES, Table, Tables, by_key_text, page_text, quoted, size_of, unknown_type,
};
use crate::{seldom, sqlite::fault, value::Value};

/// The tables behind one connection, in whatever transaction it stands.
pub(crate) struct SqliteTables<'c>(pub &'c Connection);

impl Tables for SqliteTables<'_> {
    fn tables(&mut self) -> Result<Vec<Table>> {
        let names: Vec<String> = self.list(
            "select name from pragma_table_list
             where schema = 'main' and type = 'table' and substr(name, 1, 7) <> 'sqlite_'
             order by name",
            [],
        )?;
        names.into_iter().filter(|name| name != seldom::TABLE).map(|name| self.describe(name)).collect()
    }

    fn count(&mut self, table: &Table) -> Result<u64> {
        let text = format!("select count(*) from {}", quoted(&table.name));
        let count: i64 = self.0.query_row(&text, [], |row| row.get(0)).map_err(fault)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    fn page(&mut self, table: &Table, after: Option<&[Value]>) -> Result<Vec<Vec<Value>>> {
        self.rows(table, &page_text(table, '?', after.is_some()), after.unwrap_or_default())
    }

    fn by_key(&mut self, table: &Table, key: &[Value]) -> Result<Option<Vec<Value>>> {
        Ok(self.rows(table, &by_key_text(table, '?'), key)?.into_iter().next())
    }
}

impl SqliteTables<'_> {
    pub fn newest_position(&self) -> Result<i64> {
        self.0
            .query_row("select coalesce(max(position), 0) from fact_position", [], |row| row.get(0))
            .map_err(fault)
    }

    fn describe(&self, name: String) -> Result<Table> {
        // Hidden columns are those that the database computes.
        let mut statement = self
            .0
            .prepare(
                "select name, lower(type), \"notnull\", pk from pragma_table_xinfo(?1)
                 where hidden = 0
                 order by cid",
            )
            .map_err(fault)?;
        let described: Vec<(String, String, bool, i64)> = statement
            .query_map([&name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .and_then(Iterator::collect)
            .map_err(fault)?;
        let mut key: Vec<(i64, String)> = described
            .iter()
            .filter(|(.., place)| *place > 0)
            .map(|(column, .., place)| (*place, column.clone()))
            .collect();
        key.sort();
        let columns = described
            .into_iter()
            .map(|(column, kind, not_null, place)| {
                let kind = match kind.as_str() {
                    "integer" => ColumnKind::Integer,
                    "text" => ColumnKind::Text,
                    "blob" => ColumnKind::Blob,
                    other => return Err(unknown_type(&name, &column, other)),
                };
                Ok(Column { name: column, kind, nullable: !not_null && place == 0 })
            })
            .collect::<Result<Vec<_>>>()?;
        let parents = self.list("select \"table\" from pragma_foreign_key_list(?1)", [&name])?;
        Table::described(name, columns, key.into_iter().map(|(_, column)| column).collect(), parents)
    }

    fn list(&self, text: &str, parameters: impl rusqlite::Params) -> Result<Vec<String>> {
        let mut statement = self.0.prepare(text).map_err(fault)?;
        statement.query_map(parameters, |row| row.get(0)).and_then(Iterator::collect).map_err(fault)
    }

    fn rows(&self, table: &Table, text: &str, given: &[Value]) -> Result<Vec<Vec<Value>>> {
        let mut statement = self.0.prepare_cached(text).map_err(fault)?;
        let mut rows = statement.query(rusqlite::params_from_iter(given)).map_err(fault)?;
        let (mut read, mut bytes) = (Vec::new(), 0);
        while let Some(row) = rows.next().map_err(fault)? {
            let values = table.columns.iter().enumerate().map(|(at, column)| {
                let held = row.get_ref(at).map_err(fault)?;
                exact(held).map_err(|fault| fault.arg("table", &table.name).arg("column", &column.name))
            });
            let values = values.collect::<Result<Vec<_>>>()?;
            bytes += size_of(&values);
            read.push(values);
            if bytes > PAGE_BYTES {
                break;
            }
        }
        Ok(read)
    }
}

/// What stands there and nothing that merely looks like it: a copy must not repair.
pub(crate) fn exact(held: ValueRef<'_>) -> Result<Value> {
    Ok(match held {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(bytes) => Value::Text(
            std::str::from_utf8(bytes)
                .map_err(|error| Fault::broken("store.text_unreadable").because(error))?
                .to_owned(),
        ),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Real(_) => return Err(Fault::broken("store.wrong_type").arg("found", "real")),
    })
}
