//! The order of the log. PostgreSQL gives out numbers before commit, so neither an id nor a
//! sequence tells in which order transactions became visible. Here one leader numbers what *is*
//! visible, in small batches; everybody reads only numbered facts. A writer that hangs delays
//! nobody else's facts, and none can appear behind a position that was already read.

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream::poll_fn};
use takt_kernel::failpoint;
use tokio::sync::Notify;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Statement};

use crate::db::Context;

const LEADER_LOCK: i64 = 0x7461_6b74_0002;
const BATCH_LOCK: i64 = 0x7461_6b74_0003;
const CHANNEL: &str = "takt_facts";
/// What nodes tell each other beside the log.
pub(super) const WORDS: &str = "takt_words";
const PAUSE: Duration = Duration::from_millis(20);
/// Batches are at least so far apart: under load each numbers what many transactions said.
const PACE: Duration = Duration::from_millis(5);
/// So often it is looked whether tables have outgrown what is known of them.
const LOOKED_AFTER: i64 = 512;
/// From there on PostgreSQL's own counting is quick enough.
const LAST_COUNT: i64 = 200_000;
const RETRY: Duration = Duration::from_secs(1);

/// Facts of one subject have rising moments, and a later one is written only after the earlier one
/// committed; so the order by moment keeps each subject's order even across batches.
const NUMBER_BATCH: &str = "
with taken as (
  delete from fact_unnumbered
  where (at, fact_id) in (select at, fact_id from fact_unnumbered order by at, fact_id limit 1000)
  returning at, fact_id, company_id, subject_kind, subject_id, n, kind, lane
), last as (
  select coalesce(max(position), 0) as position from fact_position
), numbered as (
  insert into fact_position (position, fact_id, company_id, subject_kind, subject_id, n, kind, lane)
  select last.position + row_number() over (order by taken.at, taken.fact_id),
    taken.fact_id, taken.company_id, taken.subject_kind, taken.subject_id, taken.n, taken.kind, taken.lane
  from taken, last
  returning position
)
select count(*), coalesce(max(position), 0)::bigint from numbered";

/// What one connection needs to number facts.
pub(super) struct Numbering {
    anything: Statement,
    lock: Statement,
    number: Statement,
    notify: Statement,
}

impl Numbering {
    pub async fn on(client: &Client) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            anything: client.prepare("select exists (select 1 from fact_unnumbered)").await?,
            lock: client.prepare("select pg_advisory_xact_lock($1)").await?,
            number: client.prepare(NUMBER_BATCH).await?,
            notify: client.prepare("select pg_notify($1, $2)").await?,
        })
    }

    /// A glance that costs a quiet database nothing.
    async fn finds_any(&self, client: &Client) -> Result<bool, tokio_postgres::Error> {
        client.query_one(&self.anything, &[]).await?.try_get(0)
    }

    /// Numbers one batch and tells all nodes once. Answers the newest position, if there is a new one.
    pub async fn batch(&self, client: &Client) -> Result<Option<i64>, tokio_postgres::Error> {
        let numbered = self.batch_in_transaction(client).await;
        if numbered.is_err() {
            // What failed is told; that a broken connection cannot roll back adds nothing.
            let _ = client.batch_execute("rollback").await;
        }
        numbered
    }

    async fn batch_in_transaction(&self, client: &Client) -> Result<Option<i64>, tokio_postgres::Error> {
        // The three travel together; the batch takes its snapshot when it has the lock.
        let (begun, locked, numbered) = futures::join!(
            client.batch_execute("begin"),
            client.execute(&self.lock, &[&BATCH_LOCK]),
            client.query_one(&self.number, &[]),
        );
        begun?;
        locked?;
        let row = numbered?;
        let (count, latest): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        if count > 0 {
            failpoint::reach("store.sequencer.numbered");
            client.execute(&self.notify, &[&CHANNEL, &latest.to_string()]).await?;
        }
        client.batch_execute("commit").await?;
        if count > 0 {
            failpoint::reach("store.sequencer.committed");
        }
        Ok((count > 0).then_some(latest))
    }
}

/// PostgreSQL counts a table once a minute at best, and a new shop's first import has outrun that by then:
/// its plans would be those for empty tables. So the log's growth is a reason to look, and have counted what has grown.
struct Growth {
    looked_at: i64,
}

impl Growth {
    /// Of a log that stands there.
    fn from(position: i64) -> Self {
        Self { looked_at: position }
    }

    fn looks_at(&mut self, position: i64) -> bool {
        let looks = position <= LAST_COUNT && position - self.looked_at >= LOOKED_AFTER;
        if looks {
            self.looked_at = position;
        }
        looks
    }
}

/// Those of more than a page that have quadrupled since they were counted: a count makes the plans of their statements
/// anew. One that was counted while it held a row or none would count as that small until it is counted again, and then a
/// part of a key seems as good as the whole: every order would read all that there is of its company.
const WORTH_COUNTING: &str = "
select quote_ident(pg_namespace.nspname) || '.' || quote_ident(pg_class.relname)
from pg_class
join pg_namespace on pg_namespace.oid = pg_class.relnamespace
where pg_class.relkind = 'r' and pg_namespace.nspname = any (current_schemas(false))
  and pg_relation_size(pg_class.oid)
    > current_setting('block_size')::bigint * greatest(4 * pg_class.relpages, 1)
order by 1";

async fn count_tables(config: Config) {
    let counted = async {
        let (client, connection) = config.connect(NoTls).await?;
        let driver = tokio::spawn(connection);
        let counting = async {
            let tables: Vec<String> =
                client.query(WORTH_COUNTING, &[]).await?.iter().map(|row| row.get(0)).collect();
            if tables.is_empty() {
                return Ok(());
            }
            client.batch_execute(&format!("analyze {}", tables.join(", "))).await
        };
        let counted = counting.await;
        driver.abort();
        counted
    };
    if let Err(error) = counted.await {
        tracing::warn!(%error, "the tables were not counted; PostgreSQL does so by itself later");
    }
}

/// Waits to become the leader, then numbers until the connection breaks; for ever.
pub(super) async fn lead(config: Config, committed: Arc<Notify>) {
    loop {
        if let Err(error) = lead_once(&config, &committed).await {
            tracing::warn!(%error, "the sequencer lost its connection");
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn lead_once(config: &Config, committed: &Notify) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    let driver = tokio::spawn(connection);
    let leading = async {
        let leader: bool = client.query_one("select pg_try_advisory_lock($1)", &[&LEADER_LOCK]).await?.get(0);
        if !leader {
            return Ok(());
        }
        let numbering = Numbering::on(&client).await?;
        let newest = client.query_one("select coalesce(max(position), 0) from fact_position", &[]).await?;
        let mut growth = Growth::from(newest.try_get(0)?);
        loop {
            let anything = numbering.finds_any(&client).await?;
            match if anything { numbering.batch(&client).await? } else { None } {
                Some(position) => {
                    if growth.looks_at(position) {
                        tokio::spawn(count_tables(config.clone()));
                    }
                    tokio::time::sleep(PACE).await;
                }
                // Another node's commit is found by the pause, our own at once.
                None => drop(tokio::time::timeout(PAUSE, committed.notified()).await),
            }
        }
    }
    .await;
    driver.abort();
    leading
}

/// Hears of new positions from whichever node numbers; looks by itself when the line is silent.
pub(super) async fn listen(config: Config, context: Arc<Context>) {
    loop {
        if let Err(error) = listen_once(&config, &context).await {
            tracing::warn!(%error, "the listener for new facts lost its connection");
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn listen_once(config: &Config, context: &Context) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let mut messages = poll_fn(move |cx| connection.poll_message(cx));
    let (heard, mut positions) = tokio::sync::mpsc::channel::<i64>(64);
    let told = context.told.clone();
    let driver = tokio::spawn(async move {
        while let Some(Ok(message)) = messages.next().await {
            let AsyncMessage::Notification(notification) = message else { continue };
            if notification.channel() == WORDS {
                // Nobody listening is no mistake.
                told.send(notification.payload().into()).ok();
            } else if let Ok(position) = notification.payload().parse()
                && heard.send(position).await.is_err()
            {
                break;
            }
        }
    });
    let listening = async {
        client.batch_execute(&format!("listen {CHANNEL}; listen {WORDS}")).await?;
        loop {
            let position = match tokio::time::timeout(RETRY, positions.recv()).await {
                Ok(Some(position)) => position,
                Ok(None) => return Ok(()),
                Err(_silent) => client
                    .query_one("select coalesce(max(position), 0) from fact_position", &[])
                    .await?
                    .get(0),
            };
            context.visible.send_if_modified(|seen| {
                let moved = *seen < position;
                *seen = (*seen).max(position);
                moved
            });
        }
    }
    .await;
    driver.abort();
    listening
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_while_a_log_is_young_whenever_it_has_grown_by_some() {
        let mut growth = Growth::from(300);
        let looked: Vec<i64> = (301..1_900).filter(|position| growth.looks_at(*position)).collect();
        assert_eq!(looked, [812, 1_324, 1_836]);
        assert!(growth.looks_at(LAST_COUNT));
        assert!(!Growth::from(300_000).looks_at(2_000_000));
    }
}
