//! Erasing what facts moved of a person. The log itself stays as it is: it holds no personal value, only the ids of
//! rows beside it, and those rows go.

use serde::Deserialize;
use takt_kernel::{CompanyId, Fault, Result};

use crate::{Query, Subject, Tx, params, sql};

const FACTS_AT_ONCE: i64 = 500;

#[derive(Deserialize)]
struct Moved {
    #[serde(default)]
    old: Option<String>,
    #[serde(default)]
    new: Option<String>,
    #[serde(default)]
    personal: bool,
}

/// Erases every personal value that changes of this subject moved. Its history says from then on that something
/// changed, and not what.
///
/// # Errors
/// Faults of the store.
pub fn personal_values_of(tx: &mut Tx<'_>, company: CompanyId, subject: Subject) -> Result<()> {
    let mut after = 0_i64;
    loop {
        let rows = tx.all(
            sql!(
                "select n, changes
                 from fact
                 where company_id = :company_id and subject_kind = :subject_kind and subject_id = :subject_id
                   and n > :after_n
                 order by n
                 limit :limit"
            ),
            params![
                company_id: company, subject_kind: subject.kind, subject_id: subject.id, after_n: after,
                limit: FACTS_AT_ONCE,
            ],
        )?;
        for row in &rows {
            after = row.get("n")?;
            let Some(changes) = row.get::<Option<String>>("changes")? else { continue };
            let changes: Vec<Moved> = serde_json::from_str(&changes).map_err(|error| {
                Fault::broken("store.fact_unreadable")
                    .arg("kind", subject.kind)
                    .arg("id", subject.id)
                    .because(error)
            })?;
            for id in changes.iter().filter(|moved| moved.personal).flat_map(|moved| [&moved.old, &moved.new])
            {
                if let Some(id) = id.as_ref().and_then(|id| id.parse::<i64>().ok()) {
                    tx.put(
                        sql!("delete from personal_value where company_id = :company_id and id = :id"),
                        params![company_id: company, id: id],
                    )?;
                }
            }
        }
        if i64::try_from(rows.len()).is_ok_and(|read| read < FACTS_AT_ONCE) {
            return Ok(());
        }
    }
}
