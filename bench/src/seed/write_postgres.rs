use std::fmt::Write;

use anyhow::{Context, Result};
use futures::SinkExt;
use rusqlite::types::Value;
use tokio_postgres::Client;

use super::{
    rows::{Table, Template},
    sums::SUMS,
};
use crate::{
    cluster::{Manner, connect},
    engine::Place,
    stage::Stage,
};

const AT_ONCE: u64 = 500;
/// Bytes that are sent at once.
const BUFFER: usize = 1 << 20;

/// Lets the program make the tables and writes the template and copies of its orders into them.
pub async fn fill(stage: &mut Stage, place: &Place, rows: &Template, copies: u64) -> Result<()> {
    stage.takt.run(&["company", "create", "--name", "Bench"], place, "")?;
    let Place::Database { name, .. } = place else { return Ok(()) };
    stage.cluster()?.restart(&Manner { without_syncing: true, ..Manner::default() })?;
    let url = stage.cluster()?.url(name);
    let filled = fill_tables(&connect(&url).await?, rows, copies).await;
    stage.cluster()?.restart(&Manner::default())?;
    filled
}

async fn fill_tables(client: &Client, rows: &Template, copies: u64) -> Result<()> {
    client
        .batch_execute("set session_replication_role = replica; set maintenance_work_mem = '1GB'; set synchronous_commit = off")
        .await?;
    let indexes = client
        .query(
            "select indexrelid::regclass::text, pg_get_indexdef(indexrelid)
             from pg_index
             join pg_class on pg_class.oid = indrelid
             where pg_class.relnamespace = 'public'::regnamespace
               and not exists (select 1 from pg_constraint where conindid = indexrelid)",
            &[],
        )
        .await?;
    for index in &indexes {
        client.batch_execute(&format!("drop index {}", index.get::<_, &str>(0))).await?;
    }
    for table in &rows.tables {
        client.batch_execute(&format!("truncate {} cascade", table.name)).await?;
    }
    for table in &rows.tables {
        copy_in(client, table, table.shared.iter()).await?;
        copy_in(client, table, table.rows(&[rows.copy(0, copies)?]).iter()).await?;
    }
    let mut left = copies;
    while left > 0 {
        let some = left.min(AT_ONCE);
        let group = (left - some + 1..=left)
            .rev()
            .map(|number| rows.copy(number, copies))
            .collect::<Result<Vec<_>>>()?;
        for table in &rows.tables {
            copy_in(client, table, table.rows(&group).iter()).await?;
        }
        left -= some;
    }
    for index in &indexes {
        client.batch_execute(index.get(1)).await?;
    }
    for (table, statements) in SUMS {
        if client
            .query_one("select to_regclass($1)::text", &[table])
            .await?
            .get::<_, Option<String>>(0)
            .is_some()
        {
            for sql in *statements {
                client.batch_execute(sql).await.with_context(|| (*sql).to_owned())?;
            }
        }
    }
    // Vacuumed, so that autovacuum does not do it while something is measured.
    client.batch_execute("vacuum (analyze)").await?;
    Ok(())
}

async fn copy_in(
    client: &Client,
    table: &Table,
    rows: impl ExactSizeIterator<Item = &Vec<Value>>,
) -> Result<()> {
    if rows.len() == 0 {
        return Ok(());
    }
    let types = client
        .query(
            "select column_name::text, data_type::text from information_schema.columns where table_schema = 'public' and table_name = $1",
            &[&table.name],
        )
        .await?;
    let is_bytes: Vec<bool> = table
        .columns
        .iter()
        .map(|column| {
            types.iter().any(|row| row.get::<_, &str>(0) == column && row.get::<_, &str>(1) == "bytea")
        })
        .collect();
    let sql = format!("copy {} ({}) from stdin", table.name, table.columns.join(", "));
    let sink = client.copy_in::<_, axum::body::Bytes>(&sql).await.with_context(|| sql.clone())?;
    let mut sink = std::pin::pin!(sink);
    let mut text = String::with_capacity(BUFFER + 4_096);
    for row in rows {
        for (index, value) in row.iter().enumerate() {
            if index > 0 {
                text.push('\t');
            }
            write_cell(&mut text, value, is_bytes[index]);
        }
        text.push('\n');
        if text.len() >= BUFFER {
            sink.send(std::mem::take(&mut text).into()).await?;
        }
    }
    sink.send(text.into()).await?;
    sink.finish().await.with_context(|| table.name.clone())?;
    Ok(())
}

/// As COPY reads it: tabs, line ends and backslashes are escaped.
fn write_cell(text: &mut String, value: &Value, is_bytes: bool) {
    // Writing into a string cannot fail.
    let _ = match value {
        Value::Null => text.write_str("\\N"),
        Value::Integer(number) => write!(text, "{number}"),
        Value::Real(number) => write!(text, "{number}"),
        Value::Text(words) => {
            for letter in words.chars() {
                match letter {
                    '\\' => text.push_str("\\\\"),
                    '\t' => text.push_str("\\t"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    letter => text.push(letter),
                }
            }
            Ok(())
        }
        Value::Blob(bytes) if is_bytes => {
            text.push_str("\\\\x");
            bytes.iter().try_for_each(|byte| write!(text, "{byte:02x}"))
        }
        Value::Blob(bytes) => text.write_str(&String::from_utf8_lossy(bytes)),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_as_copy_reads_them() {
        let written = |value: Value| {
            let mut text = String::new();
            write_cell(&mut text, &value, true);
            text
        };
        assert_eq!(written(Value::Text("a\tb\\c\nё".to_owned())), "a\\tb\\\\c\\nё");
        assert_eq!(written(Value::Null), "\\N");
        assert_eq!(written(Value::Blob(vec![0, 255])), "\\\\x00ff");
    }
}
