use std::collections::HashMap;

use futures::TryStreamExt;
use takt_kernel::{Fault, Result};
use tokio::runtime::Handle;
use tokio_postgres::{Client, Statement, types::ToSql};

use super::{
    Column, ColumnKind, PAGE_BYTES, Table, Tables, by_key_text, page_text, quoted, size_of, unknown_type,
};
use crate::{
    postgres::{fault, read_value},
    seldom,
    value::Value,
};

/// The tables behind one connection, in whatever transaction it stands.
pub(crate) struct PostgresTables<'c> {
    client: &'c Client,
    runtime: &'c Handle,
    prepared: HashMap<String, Statement>,
}

impl<'c> PostgresTables<'c> {
    pub fn new(client: &'c Client, runtime: &'c Handle) -> Self {
        Self { client, runtime, prepared: HashMap::new() }
    }

    fn describe(&self, oid: u32, name: String) -> Result<Table> {
        let columns = self
            .ask(
                "select attname::text, format_type(atttypid, null), attnotnull
                 from pg_attribute
                 where attrelid = $1 and attnum > 0 and not attisdropped and attgenerated = ''
                 order by attnum",
                &[&oid],
            )?
            .iter()
            .map(|row| {
                let (column, kind): (String, String) = (row.get(0), row.get(1));
                let kind = match kind.as_str() {
                    "bigint" => ColumnKind::Integer,
                    "boolean" => ColumnKind::Boolean,
                    "text" => ColumnKind::Text,
                    "bytea" => ColumnKind::Blob,
                    other => return Err(unknown_type(&name, &column, other)),
                };
                let not_null: bool = row.get(2);
                Ok(Column { name: column, kind, nullable: !not_null })
            })
            .collect::<Result<Vec<_>>>()?;
        let key = self.names(
            "select attname::text
             from pg_index
             cross join lateral unnest(indkey) with ordinality as part(number, place)
             join pg_attribute on attrelid = indrelid and attnum = part.number
             where indrelid = $1 and indisprimary
             order by part.place",
            oid,
        )?;
        let parents = self.names(
            "select parent.relname::text
             from pg_constraint
             join pg_class as parent on parent.oid = confrelid
             where conrelid = $1 and contype = 'f'",
            oid,
        )?;
        Table::described(name, columns, key, parents)
    }

    fn names(&self, text: &str, oid: u32) -> Result<Vec<String>> {
        Ok(self.ask(text, &[&oid])?.iter().map(|row| row.get(0)).collect())
    }

    fn ask(&self, text: &str, given: &[&(dyn ToSql + Sync)]) -> Result<Vec<tokio_postgres::Row>> {
        self.runtime.block_on(self.client.query(text, given)).map_err(fault)
    }

    fn rows(&mut self, table: &Table, text: String, key: &[Value]) -> Result<Vec<Vec<Value>>> {
        let statement = match self.prepared.get(&text) {
            Some(statement) => statement.clone(),
            None => {
                let statement = self.runtime.block_on(self.client.prepare(&text)).map_err(fault)?;
                self.prepared.insert(text, statement.clone());
                statement
            }
        };
        let given: Vec<Value> =
            key.iter().zip(table.key_kinds()).map(|(value, kind)| typed(value, kind)).collect();
        let given: Vec<&(dyn ToSql + Sync)> =
            given.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        self.runtime.block_on(async {
            let mut rows = Box::pin(self.client.query_raw(&statement, given).await.map_err(fault)?);
            let (mut read, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.try_next().await.map_err(fault)? {
                let values = (0..table.columns.len())
                    .map(|at| read_value(&row, at).map(without_booleans))
                    .collect::<Result<Vec<_>>>()?;
                bytes += size_of(&values);
                read.push(values);
                if bytes > PAGE_BYTES {
                    break;
                }
            }
            Ok(read)
        })
    }
}

impl Tables for PostgresTables<'_> {
    fn tables(&mut self) -> Result<Vec<Table>> {
        let found = self.ask(
            "select pg_class.oid, relname::text
             from pg_class
             join pg_namespace on pg_namespace.oid = relnamespace
             where nspname = current_schema() and relkind in ('r', 'p') and not relispartition
             order by relname collate \"C\"",
            &[],
        )?;
        found
            .iter()
            .map(|row| (row.get(0), row.get::<_, String>(1)))
            .filter(|(_, name)| name != seldom::TABLE)
            .map(|(oid, name)| self.describe(oid, name))
            .collect()
    }

    fn count(&mut self, table: &Table) -> Result<u64> {
        let rows = self.ask(&format!("select count(*) from {}", quoted(&table.name)), &[])?;
        let count: i64 =
            rows.first().map(|row| row.get(0)).ok_or_else(|| Fault::broken("store.row_missing"))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    fn page(&mut self, table: &Table, after: Option<&[Value]>) -> Result<Vec<Vec<Value>>> {
        self.rows(table, page_text(table, '$', after.is_some()), after.unwrap_or_default())
    }

    fn by_key(&mut self, table: &Table, key: &[Value]) -> Result<Option<Vec<Value>>> {
        Ok(self.rows(table, by_key_text(table, '$'), key)?.into_iter().next())
    }
}

/// A value of any engine as PostgreSQL's column takes it.
pub(crate) fn typed(value: &Value, kind: ColumnKind) -> Value {
    match (value, kind) {
        (Value::Int(number), ColumnKind::Boolean) => Value::Bool(*number != 0),
        (other, _) => other.clone(),
    }
}

pub(crate) fn without_booleans(value: Value) -> Value {
    match value {
        Value::Bool(flag) => Value::Int(i64::from(flag)),
        other => other,
    }
}
