//! How far reactions are behind: facts in the log that a listener has not heard yet, read from the
//! database itself, so that it is the same for every shape of the program.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use rusqlite::OpenFlags;
use takt_kernel::{Clock, SystemClock};
use tokio::time::sleep;

use crate::{cluster, engine::Place};

/// Who hears what: written from the program's own wiring, which a test of the program holds it to.
const FLOW: &str = include_str!("../../docs/flow.md");
const LONGEST_DRAIN: Duration = Duration::from_secs(300);

/// What is not heard yet.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Unheard {
    pub facts: u64,
    /// How long the oldest has been waiting.
    pub seconds: f64,
}

pub struct Watcher {
    connection: Connection,
    listeners: Listeners,
}

enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
}

const LONGEST_JOBS: Duration = Duration::from_secs(3_600);

/// Those that may run, and those that do.
const WAITING_JOBS: &str =
    "select count(*) from job where attempts = 0 and next_at <= $1 or claim is not null";
const CURSORS: &str = "select listener, lane, position from reaction_cursor";
const LATER: &str =
    "select position, lane, kind, fact_id from fact_position where position > $1 order by position";
const UNNUMBERED: &str = "select count(*), coalesce(min(at), 0) from fact_unnumbered";
const SAID_AT: &str = "select at from fact where id = $1";

impl Watcher {
    pub async fn open(place: &Place) -> Result<Self> {
        let listeners = listeners(FLOW);
        let connection = match place {
            Place::Folder(_) => Connection::Sqlite(rusqlite::Connection::open_with_flags(
                place.sqlite_file(),
                OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            )?),
            Place::Database { url, .. } => Connection::Postgres(cluster::connect(url).await?),
        };
        Ok(Self { connection, listeners })
    }

    pub async fn unheard(&self) -> Result<Unheard> {
        let now = SystemClock.now().micros();
        let waited = |at: i64| (now - at).max(0) as f64 / 1e6;
        let (mut unheard, oldest) = match &self.connection {
            Connection::Sqlite(connection) => self.in_sqlite(connection)?,
            Connection::Postgres(client) => self.in_postgres(client).await?,
        };
        if let Some(fact) = oldest {
            let at = match &self.connection {
                Connection::Sqlite(connection) => connection.query_row(SAID_AT, [fact], |row| row.get(0))?,
                Connection::Postgres(client) => client.query_one(SAID_AT, &[&fact]).await?.get(0),
            };
            unheard.seconds = unheard.seconds.max(waited(at));
        }
        Ok(unheard)
    }

    fn in_sqlite(&self, connection: &rusqlite::Connection) -> Result<(Unheard, Option<i64>)> {
        let cursors = connection
            .prepare_cached(CURSORS)?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<Vec<(String, i64, i64)>>>()?;
        let mut counting = Counting::new(&self.listeners, cursors);
        let mut later = connection.prepare_cached(LATER)?;
        let mut rows = later.query([counting.hindmost()])?;
        while let Some(row) = rows.next()? {
            counting.look(row.get(0)?, row.get(1)?, row.get_ref(2)?.as_str()?, row.get(3)?);
        }
        Ok((Unheard { facts: counting.facts, seconds: 0.0 }, counting.oldest))
    }

    async fn in_postgres(&self, client: &tokio_postgres::Client) -> Result<(Unheard, Option<i64>)> {
        let unnumbered = client.query_one(UNNUMBERED, &[]).await?;
        let cursors = client.query(CURSORS, &[]).await?;
        let cursors = cursors.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        let mut counting = Counting::new(&self.listeners, cursors);
        for row in client.query(LATER, &[&counting.hindmost()]).await? {
            counting.look(row.get(0), row.get(1), row.get(2), row.get(3));
        }
        let (waiting, since): (i64, i64) = (unnumbered.get(0), unnumbered.get(1));
        let seconds = if waiting > 0 { (SystemClock.now().micros() - since) as f64 / 1e6 } else { 0.0 };
        Ok((Unheard { facts: counting.facts + waiting as u64, seconds }, counting.oldest))
    }

    /// Waits until no job could run: those that wait for their time, or failed, are left alone.
    pub async fn wait_for_jobs(&self) -> Result<()> {
        let began = Instant::now();
        loop {
            let now = SystemClock.now().micros();
            let waiting: i64 = match &self.connection {
                Connection::Sqlite(connection) => {
                    connection.query_row(WAITING_JOBS, [now], |row| row.get(0))?
                }
                Connection::Postgres(client) => client.query_one(WAITING_JOBS, &[&now]).await?.get(0),
            };
            if waiting == 0 {
                return Ok(());
            }
            if began.elapsed() > LONGEST_JOBS {
                bail!("{waiting} jobs are not done after {LONGEST_JOBS:?}");
            }
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// Waits until everything was heard. Answers what was unheard when it began, and how long it took.
    pub async fn drain(&self) -> Result<(Unheard, Duration)> {
        let began = Instant::now();
        let first = self.unheard().await?;
        let mut now = first;
        while now.facts > 0 {
            if began.elapsed() > LONGEST_DRAIN {
                bail!("{} facts are not heard after {LONGEST_DRAIN:?}", now.facts);
            }
            sleep(Duration::from_millis(100)).await;
            now = self.unheard().await?;
        }
        Ok((first, began.elapsed()))
    }
}

/// Kinds of facts by the name of who hears them.
type Listeners = BTreeMap<String, BTreeSet<String>>;

/// Reads the table of facts: | `fact` | said by | `listener`, `listener` |
fn listeners(flow: &str) -> Listeners {
    let mut listeners = Listeners::new();
    let table = flow.split("\n## ").find(|section| section.starts_with("Facts\n")).unwrap_or_default();
    for line in table.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, fact, _, heard, _] = cells[..] else { continue };
        let quoted = |cell: &str| cell.trim().strip_prefix('`')?.strip_suffix('`').map(str::to_owned);
        let Some(fact) = quoted(fact) else { continue };
        for listener in heard.split(',').filter_map(quoted) {
            listeners.entry(listener).or_default().insert(fact.clone());
        }
    }
    listeners
}

struct Counting<'l> {
    /// What a listener hears, a lane, and how far it has heard there.
    cursors: Vec<(&'l BTreeSet<String>, i64, i64)>,
    facts: u64,
    oldest: Option<i64>,
}

impl<'l> Counting<'l> {
    fn new(listeners: &'l Listeners, cursors: Vec<(String, i64, i64)>) -> Self {
        let cursors = cursors
            .into_iter()
            .filter_map(|(name, lane, position)| Some((listeners.get(&name)?, lane, position)))
            .collect();
        Self { cursors, facts: 0, oldest: None }
    }

    fn hindmost(&self) -> i64 {
        self.cursors.iter().map(|(.., position)| *position).min().unwrap_or_default()
    }

    /// Facts come in the order of the log.
    fn look(&mut self, position: i64, lane: i64, kind: &str, fact: i64) {
        let waits = self
            .cursors
            .iter()
            .any(|(hears, its_lane, heard)| *its_lane == lane && *heard < position && hears.contains(kind));
        if waits {
            self.facts += 1;
            self.oldest.get_or_insert(fact);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_listener_hears_and_has_not_heard_counts() {
        let listeners = listeners(
            "# How\n\n## Facts\n\n| fact | said by | heard by |\n|---|---|---|\n| `tea` | shop | `tea` |\n",
        );
        let cursors = vec![("tea".to_owned(), 0, 5), ("tea".to_owned(), 1, 9), ("gone".to_owned(), 0, 0)];
        let mut counting = Counting::new(&listeners, cursors);
        assert_eq!(counting.hindmost(), 5);
        counting.look(6, 0, "milk", 60);
        counting.look(7, 1, "tea", 70);
        counting.look(8, 0, "tea", 80);
        counting.look(9, 0, "tea", 90);
        assert_eq!((counting.facts, counting.oldest), (2, Some(80)));
    }

    #[test]
    fn every_listener_of_the_program_is_known() {
        let listeners = listeners(FLOW);
        assert!(listeners["playbook.on_placed"].contains("orders.placed"), "{listeners:?}");
        assert!(listeners.len() > 10, "{listeners:?}");
    }
}
