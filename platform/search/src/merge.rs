//! Many small segments become a large one; what they were is cleared away later.

use std::{collections::BTreeMap, sync::Arc};

use takt_kernel::{CompanyId, Result, Timestamp};
use takt_store::{Db, Query, Tx};
use takt_work::{NewJob, jobs};

use crate::{
    fold::{Rows, announce, write},
    job::CLEAR,
    postings,
    segments::{self, BUILDING, DEAD, READY, Segment},
};

/// So many of a level become one of the next.
const MERGED_AT_ONCE: usize = 16;
/// Levels above: 16,000 and 256,000 texts.
const HIGHEST_LEVEL: i64 = 2;
/// Rows that are read of each segment at a time.
const ROWS_AT_ONCE: i64 = 500;
/// Rows that one command clears away.
const CLEARED_AT_ONCE: i64 = 1_000;
/// A search that began before the merge still reads what was merged.
const BURIED_AFTER_SECONDS: i64 = 60;

/// Merges one group of segments; answers whether there was one.
pub(crate) async fn merge_group(db: &Db, company: CompanyId, kind: &Arc<str>) -> Result<bool> {
    let asked = kind.clone();
    let all = db.read("search.segments", move |reader| segments::all(reader, &[company], &asked)).await?;
    let Some(group) = next_group(all) else { return Ok(false) };
    let level = group.first().map_or(0, |segment| segment.level) + 1;
    let texts = group.iter().map(|segment| segment.texts).sum();
    let least = group.iter().map(|segment| segment.least).min().unwrap_or(0);
    let greatest = group.iter().map(|segment| segment.greatest).max().unwrap_or(0);
    let merged = announce(db, kind, move |id, now| Segment {
        company,
        id,
        level,
        state: BUILDING.to_owned(),
        texts,
        least,
        greatest,
        changed_at: now,
    })
    .await?;
    let ids: Arc<[i64]> = group.iter().map(|segment| segment.id).collect();
    let mut after = Some(-1);
    while let Some(from) = after {
        let ids = ids.clone();
        let (rows, next) = db.read("search.merge", move |reader| merged_rows(reader, &ids, from)).await?;
        write(db, company, merged, rows).await?;
        after = next;
    }
    let kind = kind.clone();
    db.write("search.finish_merge", move |tx| {
        segments::step(tx, company, &kind, merged, BUILDING, READY)?;
        ids.iter().try_for_each(|id| segments::step(tx, company, &kind, *id, READY, DEAD))?;
        ask_to_clear(tx, company, &kind)
    })
    .await?;
    Ok(true)
}

/// The oldest of the lowest level of which there are enough.
fn next_group(all: Vec<Segment>) -> Option<Vec<Segment>> {
    let mut levels: BTreeMap<i64, Vec<Segment>> = BTreeMap::new();
    for segment in all.into_iter().filter(|segment| segment.state == READY && segment.level < HIGHEST_LEVEL) {
        levels.entry(segment.level).or_default().push(segment);
    }
    let mut group = levels.into_values().find(|of_level| of_level.len() >= MERGED_AT_ONCE)?;
    group.sort_by_key(|segment| segment.id);
    group.truncate(MERGED_AT_ONCE);
    Some(group)
}

/// The next rows of all segments together, and after which group of letters to go on.
fn merged_rows(db: &mut dyn Query, ids: &[i64], after: i64) -> Result<(Rows, Option<i64>)> {
    let mut parts = Vec::with_capacity(ids.len());
    let mut until: Option<i64> = None;
    for id in ids {
        let rows = segments::grams_after(db, *id, after, ROWS_AT_ONCE)?;
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == ROWS_AT_ONCE);
        if full && let Some((last, _)) = rows.last() {
            until = Some(until.map_or(*last, |known| known.min(*last)));
        }
        parts.push(rows);
    }
    let mut merged: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (gram, ids) in
        parts.into_iter().flatten().filter(|(gram, _)| until.is_none_or(|until| *gram <= until))
    {
        merged.entry(gram).or_default().extend(postings::read(&ids));
    }
    let rows = merged.into_iter().map(|(gram, mut ids)| {
        ids.sort_unstable();
        ids.dedup();
        (gram, postings::write(&ids))
    });
    Ok((rows.collect(), until))
}

/// What a stopped job left half-built.
pub(crate) async fn give_up_unfinished(db: &Db, company: CompanyId, kind: &Arc<str>) -> Result<()> {
    for segment in in_state(db, company, kind, BUILDING).await? {
        let kind = kind.clone();
        db.write("search.give_up", move |tx| {
            segments::step(tx, company, &kind, segment.id, BUILDING, DEAD)?;
            ask_to_clear(tx, company, &kind)
        })
        .await?;
    }
    Ok(())
}

fn ask_to_clear(tx: &mut Tx<'_>, company: CompanyId, kind: &str) -> Result<()> {
    let job = NewJob {
        company,
        kind: CLEAR,
        key: Some(kind.to_owned()),
        payload: serde_json::Value::Null,
        run_at: tx.now().plus_seconds(BURIED_AFTER_SECONDS + 1),
    };
    jobs::enqueue(tx, job)
}

/// Clears away segments that died long enough ago. Answers when to look again, when there are others.
pub(crate) async fn clear(db: &Db, company: CompanyId, kind: &Arc<str>) -> Result<Option<Timestamp>> {
    let long_ago = db.clock().now().plus_seconds(-BURIED_AFTER_SECONDS);
    let mut again = None;
    for segment in in_state(db, company, kind, DEAD).await? {
        if segment.changed_at > long_ago {
            again = Some(segment.changed_at.plus_seconds(BURIED_AFTER_SECONDS + 1));
            continue;
        }
        let (kind, id) = (kind.clone(), segment.id);
        while db.write("search.clear", move |tx| segments::delete_grams(tx, id, CLEARED_AT_ONCE)).await?
            >= CLEARED_AT_ONCE.unsigned_abs()
        {}
        db.write("search.bury", move |tx| segments::delete(tx, company, &kind, id)).await?;
    }
    Ok(again)
}

async fn in_state(db: &Db, company: CompanyId, kind: &Arc<str>, state: &'static str) -> Result<Vec<Segment>> {
    let kind = kind.clone();
    let mut all = db.read("search.segments", move |reader| segments::all(reader, &[company], &kind)).await?;
    all.retain(|segment| segment.state == state);
    Ok(all)
}
