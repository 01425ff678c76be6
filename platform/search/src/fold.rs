//! What is new becomes a segment.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value as Json;
use takt_kernel::{CompanyId, Result};
use takt_store::{Db, Query, params, sql};

use crate::{
    needle::grams_of_text,
    postings,
    segments::{self, BUILDING, READY, Segment},
};

/// So many texts make a segment, and so many are looked through one by one at most when folding keeps up.
pub(crate) const FOLDED_AT_ONCE: i64 = 1_000;
/// Rows of the index that one transaction writes: what a command may have to wait for.
const ROWS_PER_COMMAND: usize = 400;

/// Rows of an index, as they are written.
pub(crate) type Rows = Vec<(i64, String)>;

struct Batch {
    stamps: Vec<i64>,
    ids: Vec<i64>,
    rows: Rows,
}

/// Folds one batch; answers whether there was a whole one.
pub(crate) async fn fold_batch(db: &Db, company: CompanyId, kind: &Arc<str>) -> Result<bool> {
    let asked = kind.clone();
    let batch = db.read("search.tail", move |reader| read_batch(reader, company, &asked)).await?;
    let Some(Batch { stamps, ids, rows }) = batch else { return Ok(false) };
    let segment = begin(db, company, kind, 0, &ids).await?;
    write(db, company, segment, rows).await?;
    let (kind, stamps) = (kind.clone(), Json::from(stamps).to_string());
    db.write("search.fold", move |tx| {
        segments::step(tx, company, &kind, segment, BUILDING, READY)?;
        tx.put(
            sql!(
                "delete from search_tail
                 where company_id = :company_id and kind = :kind and stamp in (
                   select cast(value as bigint)
                   from {pg:json_array_elements_text(cast(cast(:stamps as text) as json))|sqlite:json_each(:stamps)})"
            ),
            params![company_id: company, kind: &*kind, stamps: stamps.as_str()],
        )
    })
    .await?;
    Ok(true)
}

fn read_batch(db: &mut dyn Query, company: CompanyId, kind: &str) -> Result<Option<Batch>> {
    let rows = db.all(
        sql!(
            "select search_tail.stamp, search_tail.id, search_text.words
             from search_tail
             left join search_text on search_text.company_id = search_tail.company_id
               and search_text.kind = search_tail.kind and search_text.id = search_tail.id
             where search_tail.company_id = :company_id and search_tail.kind = :kind
             order by search_tail.stamp
             limit :most"
        ),
        params![company_id: company, kind: kind, most: FOLDED_AT_ONCE],
    )?;
    if i64::try_from(rows.len()).is_ok_and(|length| length < FOLDED_AT_ONCE) {
        return Ok(None);
    }
    let mut stamps = Vec::with_capacity(rows.len());
    let mut texts: BTreeMap<i64, String> = BTreeMap::new();
    for row in &rows {
        stamps.push(row.get("stamp")?);
        if let Some(words) = row.get::<Option<String>>("words")? {
            texts.insert(row.get("id")?, words);
        }
    }
    let mut index: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (id, words) in &texts {
        for gram in grams_of_text(words) {
            index.entry(gram).or_default().push(*id);
        }
    }
    let rows = index.into_iter().map(|(gram, ids)| (gram, postings::write(&ids))).collect();
    Ok(Some(Batch { stamps, ids: texts.into_keys().collect(), rows }))
}

/// Announces a segment, so that its rows are cleared away if nobody finishes it.
pub(crate) async fn begin(
    db: &Db,
    company: CompanyId,
    kind: &Arc<str>,
    level: i64,
    ids: &[i64],
) -> Result<i64> {
    let (least, greatest) = (ids.first().copied().unwrap_or(0), ids.last().copied().unwrap_or(0));
    let texts = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    announce(db, kind, move |id, now| Segment {
        company,
        id,
        level,
        state: BUILDING.to_owned(),
        texts,
        least,
        greatest,
        changed_at: now,
    })
    .await
}

pub(crate) async fn announce(
    db: &Db,
    kind: &Arc<str>,
    segment: impl Fn(i64, takt_kernel::Timestamp) -> Segment + Send + 'static,
) -> Result<i64> {
    let kind = kind.clone();
    db.write("search.begin_segment", move |tx| {
        let (id, now) = (tx.new_id::<()>().get(), tx.now());
        segments::insert(tx, &kind, &segment(id, now))?;
        Ok(id)
    })
    .await
}

/// Writes rows in commands so small that nobody waits for them.
pub(crate) async fn write(db: &Db, company: CompanyId, segment: i64, rows: Rows) -> Result<()> {
    for part in rows.chunks(ROWS_PER_COMMAND) {
        let part: Vec<Json> = part
            .iter()
            .map(|(gram, ids)| Json::from(vec![Json::from(*gram), Json::from(ids.as_str())]))
            .collect();
        let part = Json::from(part).to_string();
        db.write("search.write_segment", move |tx| segments::insert_grams(tx, company, segment, &part))
            .await?;
    }
    Ok(())
}
