//! What lasts, as it is kept: a row for each rule and subject, and a timer for each that waits.

use takt_kernel::{Result, Timestamp};
use takt_playbook_language::{Moment, Occasion, Progress, Step};
use takt_store::{Query, Tx, params, sql};
use takt_work::timers;

use crate::about::About;

pub(crate) const LASTED: &str = "playbook.lasted";

pub(crate) fn of(db: &mut dyn Query, about: &About) -> Result<Progress> {
    let rows = db.all(
        sql!(
            "select rule, since, due_at, acted_at
             from playbook_occasion
             where company_id = :company_id and subject_kind = :subject_kind and subject_id = :subject_id
             order by rule
             limit 1000"
        ),
        params![company_id: about.company, subject_kind: &about.kind, subject_id: about.id],
    )?;
    let mut progress = Progress::default();
    for row in &rows {
        let occasion = Occasion {
            since: row.get("since")?,
            due: row.get("due_at")?,
            acted: row.get::<Option<i64>>("acted_at")?.is_some(),
        };
        progress.0.insert(row.get("rule")?, occasion);
    }
    Ok(progress)
}

/// The fact with which it began.
pub(crate) fn begun_by(db: &mut dyn Query, about: &About, rule: &str) -> Result<Option<i64>> {
    let row = db.opt(
        sql!(
            "select fact_id
             from playbook_occasion
             where company_id = :company_id and subject_kind = :subject_kind and subject_id = :subject_id
               and rule = :rule"
        ),
        params![company_id: about.company, subject_kind: &about.kind, subject_id: about.id, rule: rule],
    )?;
    row.map_or(Ok(None), |row| row.get("fact_id"))
}

/// Some of the subjects about which something lasts, behind this one.
pub(crate) fn subjects_after(tx: &mut Tx, after: &About, limit: i64) -> Result<Vec<About>> {
    let rows = tx.all(
        sql!(
            "select subject_kind, subject_id
             from playbook_occasion
             where company_id = :company_id and (subject_kind, subject_id) > (:subject_kind, :subject_id)
             group by subject_kind, subject_id
             order by subject_kind, subject_id
             limit :limit"
        ),
        params![
            company_id: after.company, subject_kind: &after.kind, subject_id: after.id, limit: limit,
        ],
    )?;
    let about = |row: &takt_store::Row| {
        Ok(About { company: after.company, kind: row.get("subject_kind")?, id: row.get("subject_id")? })
    };
    rows.iter().map(about).collect()
}

pub(crate) fn keep(tx: &mut Tx, about: &About, step: &Step, fact: Option<i64>) -> Result<()> {
    match step {
        Step::Began { rule, since, due } => {
            tx.put(
                sql!(
                    "insert into playbook_occasion (company_id, subject_kind, subject_id, rule, since, due_at, acted_at,
                       fact_id)
                     values (:company_id, :subject_kind, :subject_id, :rule, :since, :due_at, null, :fact_id)
                     on conflict (company_id, subject_kind, subject_id, rule) do nothing"
                ),
                params![
                    company_id: about.company, subject_kind: &about.kind, subject_id: about.id, rule: rule,
                    since: *since, due_at: *due, fact_id: fact,
                ],
            )?;
            arm(tx, about, rule, *due)
        }
        Step::Moved { rule, due } => {
            tx.put(
                sql!(
                    "update playbook_occasion
                     set due_at = :due_at
                     where company_id = :company_id and subject_kind = :subject_kind and subject_id = :subject_id
                       and rule = :rule"
                ),
                params![
                    due_at: *due, company_id: about.company, subject_kind: &about.kind, subject_id: about.id,
                    rule: rule,
                ],
            )?;
            arm(tx, about, rule, *due)
        }
        Step::Acted { rule } => {
            let now = tx.now();
            tx.put(
                sql!(
                    "update playbook_occasion
                     set acted_at = :now
                     where company_id = :company_id and subject_kind = :subject_kind and subject_id = :subject_id
                       and rule = :rule"
                ),
                params![
                    now: now, company_id: about.company, subject_kind: &about.kind, subject_id: about.id,
                    rule: rule,
                ],
            )?;
            disarm(tx, about, rule)
        }
        Step::Ended { rule, acted, .. } => {
            tx.put(
                sql!(
                    "delete from playbook_occasion
                     where company_id = :company_id and subject_kind = :subject_kind and subject_id = :subject_id
                       and rule = :rule"
                ),
                params![company_id: about.company, subject_kind: &about.kind, subject_id: about.id, rule: rule],
            )?;
            if *acted { Ok(()) } else { disarm(tx, about, rule) }
        }
    }
}

fn key(about: &About, rule: &str) -> String {
    format!("{}/{rule}", about.key())
}

fn arm(tx: &mut Tx, about: &About, rule: &str, due: Moment) -> Result<()> {
    let at = Timestamp::from_micros(due);
    timers::set(tx, about.company, LASTED, &key(about, rule), about.subject(), at, &about.payload())
}

fn disarm(tx: &mut Tx, about: &About, rule: &str) -> Result<()> {
    timers::cancel(tx, about.company, LASTED, &key(about, rule))
}
