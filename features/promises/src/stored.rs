//! Reports, added up at once when there are few results, and by a job that says how far it is when there are many.

use std::sync::Arc;

use serde_json::json;
use takt_kernel::{CompanyId, Fault, OrganisationId, Result, ShopId, Timestamp};
use takt_orders::OrderId;
use takt_store::{Query, Tx, params, sql};
use takt_work::{JobEnd, JobKind, JobRun, jobs};

use crate::{
    month::Month,
    report::{Gather, Report},
    result,
};

const JOB: &str = "promises.report";
/// As many are added up while somebody waits.
const AT_ONCE: i64 = 4_000;
const PAGE: i64 = 2_000;
/// A report that is no longer true is counted anew by itself only so long after it was.
pub(crate) const FRESH_SECONDS: i64 = 600;

/// Over what a report is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Over {
    /// The company, or the desk that works for several.
    pub owner: OrganisationId,
    pub companies: Vec<CompanyId>,
    pub shop: Option<ShopId>,
    pub month: Month,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// And since when it stands, when it was kept.
    Counted {
        report: Report,
        since: Option<Timestamp>,
        stale: bool,
    },
    Counting {
        done: i64,
        total: i64,
        asked_at: Timestamp,
    },
    /// So many results that somebody has to ask for it.
    NotAsked,
}

impl Over {
    fn companies_text(&self) -> String {
        let ids: Vec<i64> = self.companies.iter().map(|company| company.get()).collect();
        json!(ids).to_string()
    }

    fn shop_number(&self) -> i64 {
        self.shop.map_or(0, |shop| shop.get())
    }

    fn key(&self) -> String {
        format!("{}/{}", self.month, self.shop_number())
    }
}

pub(crate) fn look(db: &mut dyn Query, over: &Over) -> Result<Answer> {
    let total = result::count(db, &over.companies, over.month, AT_ONCE + 1)?;
    if total <= AT_ONCE {
        let mut gather = Gather::default();
        for company in &over.companies {
            let mut after = OrderId::new(0);
            while let Some(last) = add_page(db, over, *company, after, &mut gather)? {
                after = last;
            }
        }
        return Ok(Answer::Counted { report: gather.finish(), since: None, stale: false });
    }
    let row = db.opt(
        sql!(
            "select companies, done, total, stale, asked_at, counted_at, body
             from promise_report
             where company_id = :company_id and month = :month and shop_id = :shop_id"
        ),
        params![company_id: over.owner, month: over.month.number(), shop_id: over.shop_number()],
    )?;
    // A desk that works for others now is not shown what it worked for before.
    let row = match row {
        Some(row) if row.get::<String>("companies")? == over.companies_text() => row,
        _ => return Ok(Answer::NotAsked),
    };
    match row.get::<Option<Timestamp>>("counted_at")? {
        Some(since) => {
            let report = row.json("body")?;
            Ok(Answer::Counted { report, since: Some(since), stale: row.get("stale")? })
        }
        None => Ok(Answer::Counting {
            done: row.get("done")?,
            total: row.get("total")?,
            asked_at: row.get("asked_at")?,
        }),
    }
}

/// It was asked for so long ago that its job has perhaps given up: who waits may ask anew.
pub(crate) fn hangs(asked_at: Timestamp, now: Timestamp) -> bool {
    asked_at.plus_seconds(FRESH_SECONDS) <= now
}

/// Sees to it that the report is counted, unless it is being counted or stands since a moment ago.
pub(crate) fn ask(tx: &mut Tx, over: &Over) -> Result<()> {
    let now = tx.now();
    let done = match look(tx, over)? {
        Answer::Counted { since, stale, .. } => {
            !stale || since.is_none_or(|since| since.plus_seconds(FRESH_SECONDS) > now)
        }
        Answer::Counting { asked_at, .. } => !hangs(asked_at, now),
        Answer::NotAsked => false,
    };
    if done {
        return Ok(());
    }
    tx.put(
        sql!(
            "insert into promise_report (company_id, month, shop_id, companies, done, total, stale, asked_at)
             values (:company_id, :month, :shop_id, :companies, 0, 0, false, :asked_at)
             on conflict (company_id, month, shop_id) do update
             set companies = excluded.companies, done = 0, total = 0, stale = false, asked_at = excluded.asked_at,
               counted_at = null, body = null"
        ),
        params![
            company_id: over.owner, month: over.month.number(), shop_id: over.shop_number(),
            companies: over.companies_text(), asked_at: now,
        ],
    )?;
    let payload = json!({ "month": over.month.to_string(), "shop": over.shop_number() });
    jobs::call(tx, over.owner, JOB, &over.key(), &payload)
}

pub(crate) fn job() -> JobKind {
    JobKind {
        kind: JOB,
        does: "adds up the results of a month",
        concurrency: 1,
        max_attempts: 5,
        run: Arc::new(|run| Box::pin(count(run))),
    }
}

async fn count(run: JobRun) -> Result<JobEnd> {
    let Some((month, shop)) = asked(&run) else {
        return Ok(JobEnd::GiveUp(Fault::broken("promises.job_unreadable")));
    };
    let owner = run.company;
    let wanted = run.db.read("promises.wanted", move |reader| wanted(reader, owner, month, shop)).await?;
    let Some(over) = wanted else { return Ok(JobEnd::Done) };
    let counting = over.clone();
    let total = run
        .db
        .read("promises.total", move |reader| {
            result::count(reader, &counting.companies, counting.month, i64::from(i32::MAX))
        })
        .await?;
    let mut gather = Gather::default();
    let mut done = 0;
    for company in over.companies.clone() {
        let mut after = OrderId::new(0);
        loop {
            let page = run
                .db
                .read("promises.page", move |reader| result::of_month(reader, company, month, after, PAGE))
                .await?;
            let Some(last) = page.last().map(|told| told.order) else { break };
            after = last;
            done += i64::try_from(page.len()).unwrap_or(PAGE);
            for told in page.iter().filter(|told| over.shop.is_none_or(|shop| shop == told.shop)) {
                gather.take(told.company, told.shop, &told.outcome);
            }
            if done % (PAGE * 5) < PAGE {
                let over = over.clone();
                run.db.write("promises.progress", move |tx| progress(tx, &over, done, total)).await?;
            }
        }
    }
    let body = serde_json::to_string(&gather.finish())
        .map_err(|error| Fault::broken("promises.result_unreadable").because(error))?;
    run.db.write("promises.counted", move |tx| counted(tx, &over, done, &body)).await?;
    Ok(JobEnd::Done)
}

fn asked(run: &JobRun) -> Option<(Month, Option<ShopId>)> {
    let month = run.payload.get("month")?.as_str()?.parse().ok()?;
    let shop = run.payload.get("shop")?.as_i64()?;
    Some((month, (shop > 0).then(|| ShopId::new(shop))))
}

/// What is still to be counted, as it was asked for last.
fn wanted(
    db: &mut dyn Query,
    owner: OrganisationId,
    month: Month,
    shop: Option<ShopId>,
) -> Result<Option<Over>> {
    let row = db.opt(
        sql!(
            "select companies
             from promise_report
             where company_id = :company_id and month = :month and shop_id = :shop_id and counted_at is null"
        ),
        params![company_id: owner, month: month.number(), shop_id: shop.map_or(0, |shop| shop.get())],
    )?;
    let Some(row) = row else { return Ok(None) };
    let companies: Vec<i64> = row.json("companies")?;
    let companies = companies.into_iter().map(CompanyId::new).collect();
    Ok(Some(Over { owner, companies, shop, month }))
}

fn progress(tx: &mut Tx, over: &Over, done: i64, total: i64) -> Result<()> {
    tx.put(
        sql!(
            "update promise_report
             set done = :done, total = :total
             where company_id = :company_id and month = :month and shop_id = :shop_id and counted_at is null"
        ),
        params![
            company_id: over.owner, month: over.month.number(), shop_id: over.shop_number(), done: done,
            total: total,
        ],
    )
}

/// What was asked for other companies meanwhile is not answered with these.
fn counted(tx: &mut Tx, over: &Over, done: i64, body: &str) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update promise_report
             set done = :done, total = :done, counted_at = :now, body = :body
             where company_id = :company_id and month = :month and shop_id = :shop_id and companies = :companies"
        ),
        params![
            company_id: over.owner, month: over.month.number(), shop_id: over.shop_number(), done: done, now: now,
            body: body, companies: over.companies_text(),
        ],
    )
}

fn add_page(
    db: &mut dyn Query,
    over: &Over,
    company: CompanyId,
    after: OrderId,
    gather: &mut Gather,
) -> Result<Option<OrderId>> {
    let page = result::of_month(db, company, over.month, after, PAGE)?;
    for told in page.iter().filter(|told| over.shop.is_none_or(|shop| shop == told.shop)) {
        gather.take(told.company, told.shop, &told.outcome);
    }
    Ok(page.last().map(|told| told.order))
}
