//! Texts that were filled in are folded as the program folds those that it writes: it asks for that with one order
//! in some hundreds, and nobody placed these.

use anyhow::Result;
use takt_kernel::{Clock, LARGEST_ID, SystemClock};

use crate::{cluster, engine::Place};

/// Of so many texts a batch is folded.
const UNFOLDED: &str = "select distinct company_id, kind from search_tail
  group by company_id, kind having count(*) >= 1000 order by company_id, kind";
const ASK: &str = "insert into job (company_id, id, kind, job_key, payload, enqueued_at, next_at, attempts)
  values ($1, $2, 'search.fold', $3, 'null', $4, $4, 0) on conflict (company_id, kind, job_key) do nothing";

/// Answers whether there was anything to be folded. The program does it when it runs.
pub async fn ask_to_fold(place: &Place) -> Result<bool> {
    let now = SystemClock.now().micros();
    let ids = (0_i64..).map(|place| LARGEST_ID - place);
    match place {
        Place::Folder(_) => {
            let connection = rusqlite::Connection::open(place.sqlite_file())?;
            let kinds: Vec<(i64, String)> = connection
                .prepare(UNFOLDED)?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            for ((company, kind), id) in kinds.iter().zip(ids) {
                connection.execute(ASK, rusqlite::params![company, id, kind, now])?;
            }
            Ok(!kinds.is_empty())
        }
        Place::Database { url, .. } => {
            let client = cluster::connect(url).await?;
            let kinds = client.query(UNFOLDED, &[]).await?;
            for (row, id) in kinds.iter().zip(ids) {
                let (company, kind): (i64, String) = (row.get(0), row.get(1));
                client.execute(ASK, &[&company, &id, &kind, &now]).await?;
            }
            Ok(!kinds.is_empty())
        }
    }
}
