use std::sync::Arc;

use futures::future::FutureExt;
use takt_kernel::Result;
use takt_work::{JobEnd, JobKind, JobRun};

use crate::{
    fold::fold_batch,
    merge::{clear, give_up_unfinished, merge_group},
};

pub(crate) const FOLD: &str = "search.fold";
pub(crate) const CLEAR: &str = "search.clear";

/// One of each at a time per company and kind of thing.
pub fn jobs() -> [JobKind; 2] {
    [
        JobKind {
            kind: FOLD,
            does: "folds new texts into the index of the search, and small indexes into large ones",
            concurrency: 1,
            max_attempts: i64::from(u32::MAX),
            run: Arc::new(|run| fold(run).boxed()),
        },
        JobKind {
            kind: CLEAR,
            does: "clears away indexes of the search that were folded into larger ones",
            concurrency: 1,
            max_attempts: i64::from(u32::MAX),
            run: Arc::new(|run| clear_away(run).boxed()),
        },
    ]
}

async fn fold(run: JobRun) -> Result<JobEnd> {
    let JobRun { db, company, key, .. } = run;
    let kind: Arc<str> = key.unwrap_or_default().into();
    give_up_unfinished(&db, company, &kind).await?;
    while fold_batch(&db, company, &kind).await? {}
    while merge_group(&db, company, &kind).await? {}
    Ok(JobEnd::Done)
}

async fn clear_away(run: JobRun) -> Result<JobEnd> {
    let JobRun { db, company, key, .. } = run;
    let kind: Arc<str> = key.unwrap_or_default().into();
    Ok(clear(&db, company, &kind).await?.map_or(JobEnd::Done, JobEnd::RetryAt))
}
