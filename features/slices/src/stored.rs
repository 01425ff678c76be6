//! Reports: from the sums, or counted at once when there are few orders, or by a job that says how far it is.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_store::{Query, Tx, params, sql};
use takt_work::{JobEnd, JobKind, JobRun, jobs};

use crate::{
    answer::{Answer, Gather},
    count,
    dimension::{Basis, Dimension},
    grouped,
    period::{Day, Days},
    question::{Over, Question},
};

const JOB: &str = "slices.report";
/// So many orders are grouped while somebody waits.
const AT_ONCE: i64 = 150_000;
const LONGEST_KEY: usize = 900;
/// What was counted is kept so long.
const KEPT_SECONDS: i64 = 7 * 86_400;
/// Counted anew only so long after it was.
const FRESH_SECONDS: i64 = 300;
/// What was asked for longer ago and has not come: its job has perhaps given up.
const HANGS_SECONDS: i64 = 600;

#[derive(Clone, Debug, PartialEq)]
pub enum Looked {
    /// And since when it stands, when it was kept.
    Counted {
        answer: Answer,
        since: Option<Timestamp>,
    },
    Counting {
        done: i64,
        total: i64,
        asked_at: Timestamp,
    },
    /// So many orders that somebody has to ask for it.
    NotAsked {
        orders: i64,
    },
}

pub(crate) fn look(db: &mut dyn Query, over: &Over, question: &Question) -> Result<Looked> {
    if let Some(answer) = count::prepared(db, over, question)? {
        return Ok(Looked::Counted { answer, since: None });
    }
    let orders = count::orders_in(db, over, question)?;
    if orders <= AT_ONCE {
        return Ok(Looked::Counted { answer: count_now(db, over, question)?, since: None });
    }
    let key = key(question)?;
    match kept(db, over, &key)? {
        None => Ok(Looked::NotAsked { orders }),
        Some(Kept { counted_at: None, done, total, asked_at }) => {
            Ok(Looked::Counting { done, total, asked_at })
        }
        Some(Kept { counted_at: since, .. }) => {
            let row = db.one(
                sql!("select body from slice_report where company_id = :company_id and question = :question"),
                params![company_id: over.owner, question: key],
            )?;
            Ok(Looked::Counted { answer: row.json("body")?, since })
        }
    }
}

/// How far a report is, without what it says.
struct Kept {
    counted_at: Option<Timestamp>,
    done: i64,
    total: i64,
    asked_at: Timestamp,
}

/// Who waits may ask anew.
pub(crate) fn hangs(asked_at: Timestamp, now: Timestamp) -> bool {
    asked_at.plus_seconds(HANGS_SECONDS) <= now
}

/// A desk that works for others now is not shown what it worked for before.
fn kept(db: &mut dyn Query, over: &Over, key: &str) -> Result<Option<Kept>> {
    let row = db.opt(
        sql!(
            "select companies, done, total, asked_at, counted_at
             from slice_report
             where company_id = :company_id and question = :question"
        ),
        params![company_id: over.owner, question: key],
    )?;
    match row {
        Some(row) if row.get::<String>("companies")? == companies_text(over) => Ok(Some(Kept {
            counted_at: row.get("counted_at")?,
            done: row.get("done")?,
            total: row.get("total")?,
            asked_at: row.get("asked_at")?,
        })),
        _ => Ok(None),
    }
}

/// Groups all orders of the question, however many.
///
/// # Errors
/// Faults of the store.
pub fn count_now(db: &mut dyn Query, over: &Over, question: &Question) -> Result<Answer> {
    let mut gather = Gather::default();
    for company in &over.companies {
        grouped::group(db, *company, question, question.days, &mut gather)?;
        count::add_pending(db, *company, question, &mut gather)?;
    }
    Ok(gather.finish())
}

/// One text for one question.
fn key(question: &Question) -> Result<String> {
    let key = written(question).to_string();
    if key.len() > LONGEST_KEY { Err(Fault::invalid("slices.too_many_filters")) } else { Ok(key) }
}

fn companies_text(over: &Over) -> String {
    json!(over.companies.iter().map(|company| company.get()).collect::<Vec<_>>()).to_string()
}

/// Sees to it that a large report is counted, unless it is being counted or stands since a moment ago.
pub(crate) fn ask(tx: &mut Tx, over: &Over, question: &Question) -> Result<()> {
    // Nothing is counted here: this holds the one who writes.
    if question.kept().is_some() || count::orders_in(tx, over, question)? <= AT_ONCE {
        return Ok(());
    }
    let (now, key) = (tx.now(), key(question)?);
    let stands = kept(tx, over, &key)?.is_some_and(|kept| match kept.counted_at {
        Some(since) => since.plus_seconds(FRESH_SECONDS) > now,
        None => !hangs(kept.asked_at, now),
    });
    if stands {
        return Ok(());
    }
    tx.put(
        sql!("delete from slice_report where company_id = :company_id and asked_at < :old"),
        params![company_id: over.owner, old: now.plus_seconds(-KEPT_SECONDS)],
    )?;
    tx.put(
        sql!(
            "insert into slice_report (company_id, question, companies, done, total, asked_at)
             values (:company_id, :question, :companies, 0, 0, :asked_at)
             on conflict (company_id, question) do update
             set companies = excluded.companies, done = 0, total = 0, asked_at = excluded.asked_at, counted_at = null,
               body = null"
        ),
        params![company_id: over.owner, question: &key, companies: companies_text(over), asked_at: now],
    )?;
    jobs::call(tx, over.owner, JOB, &key, &written(question))
}

fn written(question: &Question) -> Value {
    let filters: BTreeMap<&str, &str> =
        question.filters.iter().map(|(dimension, value)| (dimension.code(), value.as_str())).collect();
    json!({
        "by": question.by.code(), "cross": question.cross.map(Dimension::code), "basis": question.basis.code(),
        "from": question.days.from.number(), "to": question.days.to.number(), "links": question.links,
        "filters": filters,
    })
}

fn read(payload: &Value) -> Option<Question> {
    let text = |name: &str| payload.get(name).and_then(Value::as_str);
    let day = |name: &str| Day::from_number(payload.get(name)?.as_i64()?);
    let filters =
        payload.get("filters")?.as_object()?.iter().map(|(dimension, value)| {
            Some((Dimension::from_code(dimension).ok()?, value.as_str()?.to_owned()))
        });
    Some(Question {
        by: Dimension::from_code(text("by")?).ok()?,
        cross: text("cross").map(Dimension::from_code).transpose().ok()?,
        basis: Basis::from_code(text("basis")?).ok()?,
        days: Days::new(day("from")?, day("to")?),
        links: payload.get("links")?.as_bool()?,
        filters: filters.collect::<Option<_>>()?,
    })
}

pub(crate) fn job() -> JobKind {
    JobKind {
        kind: JOB,
        does: "groups the orders of a large report",
        concurrency: 1,
        max_attempts: 5,
        run: Arc::new(|run| Box::pin(counted(run))),
    }
}

async fn counted(run: JobRun) -> Result<JobEnd> {
    let Some(question) = read(&run.payload) else {
        return Ok(JobEnd::GiveUp(Fault::broken("slices.job_unreadable")));
    };
    let (owner, asked) = (run.company, key(&question)?);
    let wanted = asked.clone();
    let companies =
        run.db.read("slices.wanted", move |reader| wanted_companies(reader, owner, &wanted)).await?;
    let Some(companies) = companies else { return Ok(JobEnd::Done) };
    let over = Over { owner, companies };
    let (counting, of) = (over.clone(), question.clone());
    let total = run.db.read("slices.total", move |reader| count::orders_in(reader, &counting, &of)).await?;
    let mut gather = Gather::default();
    let mut done = 0;
    for company in over.companies.clone() {
        for part in question.days.by_month() {
            let of = question.clone();
            let counted = run
                .db
                .read("slices.part", move |reader| {
                    grouped::group(reader, company, &of, part, &mut gather)?;
                    let one = Over { owner: company, companies: vec![company] };
                    Ok((gather, count::orders_in(reader, &one, &of.of(part))?))
                })
                .await?;
            gather = counted.0;
            done += counted.1;
            let asked = asked.clone();
            run.db.write("slices.progress", move |tx| progress(tx, owner, &asked, done, total)).await?;
        }
        let of = question.clone();
        gather = run
            .db
            .read("slices.pending", move |reader| {
                count::add_pending(reader, company, &of, &mut gather)?;
                Ok(gather)
            })
            .await?;
    }
    let body = serde_json::to_string(&gather.finish())
        .map_err(|error| Fault::broken("slices.job_unreadable").because(error))?;
    run.db.write("slices.counted", move |tx| keep(tx, &over, &asked, done, &body)).await?;
    Ok(JobEnd::Done)
}

fn wanted_companies(db: &mut dyn Query, owner: CompanyId, asked: &str) -> Result<Option<Vec<CompanyId>>> {
    let row = db.opt(
        sql!(
            "select companies
             from slice_report
             where company_id = :company_id and question = :question and counted_at is null"
        ),
        params![company_id: owner, question: asked],
    )?;
    let Some(row) = row else { return Ok(None) };
    let companies: Vec<i64> = row.json("companies")?;
    Ok(Some(companies.into_iter().map(CompanyId::new).collect()))
}

fn progress(tx: &mut Tx, owner: CompanyId, asked: &str, done: i64, total: i64) -> Result<()> {
    tx.put(
        sql!(
            "update slice_report
             set done = :done, total = :total
             where company_id = :company_id and question = :question and counted_at is null"
        ),
        params![company_id: owner, question: asked, done: done, total: total],
    )
}

/// What was asked for other companies meanwhile is not answered with these.
fn keep(tx: &mut Tx, over: &Over, asked: &str, done: i64, body: &str) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update slice_report
             set done = :done, total = :done, counted_at = :now, body = :body
             where company_id = :company_id and question = :question and companies = :companies"
        ),
        params![
            company_id: over.owner, question: asked, done: done, now: now, body: body,
            companies: companies_text(over),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_questions_are_never_kept_as_one() {
        let day: Day = "2026-11-22".parse().expect("a day");
        let of = |filters: &[(Dimension, &str)]| Question {
            by: Dimension::Day,
            cross: None,
            basis: Basis::Placed,
            days: Days::new(day, day),
            filters: filters.iter().map(|(dimension, value)| (*dimension, (*value).to_owned())).collect(),
            links: false,
        };
        let two = of(&[(Dimension::City, "Казань"), (Dimension::Source, "api")]);
        let one = of(&[(Dimension::City, "Казань/source=api")]);
        assert_ne!(key(&two).expect("a key"), key(&one).expect("a key"));
        assert_eq!(read(&serde_json::from_str(&key(&two).expect("a key")).expect("JSON")), Some(two));
    }
}
