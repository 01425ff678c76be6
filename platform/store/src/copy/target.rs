//! PostgreSQL's side, all of it in one transaction. While it runs, triggers rest (what is copied was
//! already let through where it comes from) and foreign keys are looked at after each round, so the order
//! of rows within a round does not matter.

use std::time::Duration;

use futures::future::try_join_all;
use takt_kernel::{Clock, Fault, Result};
use tokio::runtime::Handle;
use tokio_postgres::{
    Client, Config, Statement,
    binary_copy::BinaryCopyInWriter,
    config::Host,
    types::{ToSql, Type},
};

use super::source::Touched;
use crate::{
    migrate::Migrations,
    postgres::{bring_up_to_date, config_of, connect_once, fault, read_value},
    tables::{ColumnKind, PostgresTables, Table, Tables, quoted, typed, without_booleans},
    value::Value,
};

const COPY_LOCK: i64 = 0x7461_6b74_0004;
/// Statements on their way at once.
const TOGETHER: usize = 256;

pub(super) struct Target {
    client: Client,
    runtime: Handle,
    name: String,
    /// Tables as PostgreSQL describes them: it knows which columns are booleans.
    tables: Vec<Table>,
}

impl Target {
    /// Connects and looks, within a transaction that nobody commits by accident.
    pub fn look(url: &str, runtime: Handle) -> Result<Self> {
        let name = name_of(&config_of(url)?);
        let client = runtime.block_on(connect_once(url))?;
        let target = Self { client, runtime, name, tables: Vec::new() };
        // The folder's side may take long between two questions.
        target.command("set idle_in_transaction_session_timeout = 0; begin")?;
        target.must_be_empty()?;
        Ok(target)
    }

    pub fn begin(url: &str, runtime: Handle, migrations: &[Migrations], clock: &dyn Clock) -> Result<Self> {
        let mut target = Self::look(url, runtime)?;
        if !target.first::<bool>("select pg_try_advisory_xact_lock($1)", &[&COPY_LOCK])? {
            return Err(Fault::conflict("store.copy_runs_already"));
        }
        target.runtime.block_on(bring_up_to_date(&target.client, migrations, clock))?;
        target.tables = target.tables().tables()?;
        Ok(target)
    }

    pub fn tables(&self) -> PostgresTables<'_> {
        PostgresTables::new(&self.client, &self.runtime)
    }

    /// Where the shop went, without the password.
    pub fn name(&self) -> String {
        self.name.clone()
    }

    fn must_be_empty(&self) -> Result<()> {
        let found: i64 = self.first(
            "select count(*)
             from pg_class
             join pg_namespace on pg_namespace.oid = relnamespace
             where nspname = current_schema() and relkind in ('r', 'p', 'v', 'm', 'S', 'f')",
            &[],
        )?;
        if found == 0 {
            return Ok(());
        }
        Err(Fault::conflict("store.copy_target_not_empty").arg("database", &self.name).arg("tables", found))
    }

    /// Both sides must describe the same tables: what one lacks could not be compared, and a sequence
    /// would hand out again what the source has handed out.
    pub fn must_have(&self, theirs: &[Table]) -> Result<()> {
        let differs = |table: &str| Fault::broken("store.copy_schema_differs").arg("table", table);
        for (here, there) in self.tables.iter().zip(theirs) {
            if here.name != there.name {
                return Err(differs(here.name.as_str().min(there.name.as_str())));
            }
            let alike = here.columns.len() == there.columns.len()
                && here.key == there.key
                && here.columns.iter().zip(&there.columns).all(|(here, there)| {
                    let kind = match here.kind {
                        ColumnKind::Boolean => ColumnKind::Integer,
                        kind => kind,
                    };
                    here.name == there.name && kind == there.kind && here.nullable == there.nullable
                });
            if !alike {
                return Err(differs(&here.name));
            }
        }
        let (here, there) = (self.tables.len(), theirs.len());
        if let Some(extra) = self.tables.get(there).or_else(|| theirs.get(here)) {
            return Err(differs(&extra.name));
        }
        let sequences: i64 = self.first(
            "select count(*)
             from pg_sequences
             where schemaname = current_schema()",
            &[],
        )?;
        if sequences > 0 { Err(differs("sequence")) } else { Ok(()) }
    }

    /// What migrations put into their tables comes from the source like all the rest.
    pub fn clear(&self, ordered: &[Table]) -> Result<()> {
        let names = ordered.iter().map(|table| quoted(&table.name)).collect::<Vec<_>>().join(", ");
        self.command(&format!("truncate {names}"))?;
        self.for_each_table(ordered, |name| format!("alter table {name} disable trigger user"))
    }

    /// Writes all pages that `next` gives, as one stream.
    pub fn copy_in(&self, table: &Table, next: &mut dyn FnMut() -> Result<Vec<Vec<Value>>>) -> Result<()> {
        let kinds = self.kinds(table);
        let types: Vec<Type> = kinds.iter().copied().map(type_of).collect();
        let text =
            format!("copy {} ({}) from stdin (format binary)", quoted(&table.name), table.column_list());
        let named = |error| fault(error).arg("table", &table.name);
        let sink = self.runtime.block_on(self.client.copy_in(&text)).map_err(named)?;
        let mut writer = Box::pin(BinaryCopyInWriter::new(sink, &types));
        loop {
            let page = next()?;
            if page.is_empty() {
                break;
            }
            self.runtime.block_on(async {
                for row in page {
                    let row: Vec<Value> =
                        row.iter().zip(&kinds).map(|(value, kind)| typed(value, *kind)).collect();
                    let row: Vec<&(dyn ToSql + Sync)> =
                        row.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
                    writer.as_mut().write(&row).await.map_err(named)?;
                }
                Ok::<_, Fault>(())
            })?;
        }
        self.runtime.block_on(writer.as_mut().finish()).map_err(named)?;
        Ok(())
    }

    /// After the bulk: statistics for those who will ask, and foreign keys that wait for a round's end.
    pub fn settle(&self) -> Result<()> {
        self.for_each_foreign_key("deferrable")?;
        self.for_each_table(&self.tables, |name| format!("analyze {name}"))
    }

    /// Brings the touched rows to what `source` holds.
    pub fn follow(&self, source: &mut dyn Tables, ordered: &[Table], touched: &Touched) -> Result<()> {
        self.command("set constraints all deferred")?;
        for (table, keys) in touched.of(ordered).rev() {
            self.delete(table, keys)?;
        }
        for (table, keys) in touched.of(ordered) {
            let mut pages = keys.chunks(table.page_size());
            self.copy_in(table, &mut || {
                // A page whose rows are all gone is not the end.
                for keys in pages.by_ref() {
                    let rows = keys.iter().filter_map(|key| source.by_key(table, key).transpose());
                    let rows = rows.collect::<Result<Vec<_>>>()?;
                    if !rows.is_empty() {
                        return Ok(rows);
                    }
                }
                Ok(Vec::new())
            })?;
        }
        self.command("set constraints all immediate")
    }

    fn delete(&self, table: &Table, keys: &[Vec<Value>]) -> Result<()> {
        let marks = (1..=table.key.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let text = format!("delete from {} where ({}) = ({marks})", quoted(&table.name), table.key_list());
        self.for_each_key(table, &text, keys, async |statement, given| {
            self.client.execute(statement, given).await.map(|_| ())
        })
        .map(|_| ())
    }

    /// The rows of these keys, in their order.
    pub fn rows_of(&self, table: &Table, keys: &[Vec<Value>]) -> Result<Vec<Option<Vec<Value>>>> {
        let marks = (1..=table.key.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let text = format!(
            "select {} from {} where ({}) = ({marks})",
            table.column_list(),
            quoted(&table.name),
            table.key_list()
        );
        let rows = self.for_each_key(table, &text, keys, async |statement, given| {
            self.client.query_opt(statement, given).await
        })?;
        rows.iter()
            .map(|row| {
                let Some(row) = row else { return Ok(None) };
                (0..table.columns.len())
                    .map(|at| read_value(row, at).map(without_booleans))
                    .collect::<Result<Vec<_>>>()
                    .map(Some)
            })
            .collect()
    }

    fn for_each_key<T>(
        &self,
        table: &Table,
        text: &str,
        keys: &[Vec<Value>],
        send: impl AsyncFn(&Statement, &[&(dyn ToSql + Sync)]) -> Result<T, tokio_postgres::Error>,
    ) -> Result<Vec<T>> {
        let kinds: Vec<ColumnKind> = self
            .tables
            .iter()
            .find(|known| known.name == table.name)
            .map_or_else(Vec::new, |known| known.key_kinds().collect());
        let answered = self.runtime.block_on(async {
            let statement = self.client.prepare(text).await?;
            let mut answered = Vec::with_capacity(keys.len());
            for keys in keys.chunks(TOGETHER) {
                let sent = keys.iter().map(async |key| {
                    let given: Vec<Value> =
                        key.iter().zip(&kinds).map(|(value, kind)| typed(value, *kind)).collect();
                    let given: Vec<&(dyn ToSql + Sync)> =
                        given.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
                    send(&statement, &given).await
                });
                answered.extend(try_join_all(sent).await?);
            }
            Ok(answered)
        });
        answered.map_err(|error: tokio_postgres::Error| fault(error).arg("table", &table.name))
    }

    /// From here on no single statement may keep the shop waiting.
    pub fn hurry(&self, longest: Duration) -> Result<()> {
        self.command(&format!("set local statement_timeout = {}", longest.as_millis()))
    }

    /// Puts triggers and foreign keys back as the migrations made them, and makes it all true.
    pub fn commit(self) -> Result<()> {
        self.for_each_foreign_key("not deferrable")?;
        self.for_each_table(&self.tables, |name| format!("alter table {name} enable trigger user"))?;
        self.command("commit").map_err(|fault| {
            if fault.is("store.unreachable") {
                return Fault::unavailable("store.copy_end_unknown")
                    .arg("database", &self.name)
                    .because(fault);
            }
            fault
        })
    }

    /// Frees the target without a trace.
    pub fn let_go(self) -> Result<()> {
        self.command("rollback")
    }

    fn kinds(&self, table: &Table) -> Vec<ColumnKind> {
        let known = self.tables.iter().find(|known| known.name == table.name).unwrap_or(table);
        known.columns.iter().map(|column| column.kind).collect()
    }

    fn for_each_table(&self, tables: &[Table], command: impl Fn(&str) -> String) -> Result<()> {
        let commands = tables.iter().map(|table| command(&quoted(&table.name))).collect::<Vec<_>>();
        self.command(&commands.join(";\n"))
    }

    fn for_each_foreign_key(&self, how: &str) -> Result<()> {
        let found = self
            .runtime
            .block_on(self.client.query(
                "select conrelid::regclass::text, quote_ident(conname)
                 from pg_constraint
                 join pg_namespace on pg_namespace.oid = connamespace
                 where contype = 'f' and nspname = current_schema() and conparentid = 0
                 order by 1, 2",
                &[],
            ))
            .map_err(fault)?;
        let commands = found.iter().map(|row| {
            let (table, key): (String, String) = (row.get(0), row.get(1));
            format!("alter table {table} alter constraint {key} {how}")
        });
        self.command(&commands.collect::<Vec<_>>().join(";\n"))
    }

    pub fn command(&self, text: &str) -> Result<()> {
        self.runtime.block_on(self.client.batch_execute(text)).map_err(fault)
    }

    pub fn first<T>(&self, text: &str, given: &[&(dyn ToSql + Sync)]) -> Result<T>
    where
        T: for<'r> tokio_postgres::types::FromSql<'r>,
    {
        self.runtime
            .block_on(self.client.query_one(text, given))
            .and_then(|row| row.try_get(0))
            .map_err(fault)
    }
}

fn type_of(kind: ColumnKind) -> Type {
    match kind {
        ColumnKind::Integer => Type::INT8,
        ColumnKind::Boolean => Type::BOOL,
        ColumnKind::Text => Type::TEXT,
        ColumnKind::Blob => Type::BYTEA,
    }
}

/// `shop at db.example.org`
fn name_of(config: &Config) -> String {
    let database = config.get_dbname().or(config.get_user()).unwrap_or("postgres");
    let host = config.get_hosts().first().map_or_else(String::new, |host| match host {
        Host::Tcp(host) => host.clone(),
        Host::Unix(folder) => folder.display().to_string(),
    });
    format!("{database} at {host}")
}
