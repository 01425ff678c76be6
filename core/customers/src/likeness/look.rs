//! The job that compares all cards of a company: reads them in parts, compares beside the server's threads, writes down
//! pairs that nobody has seen yet.

use std::{collections::BTreeMap, sync::Arc};

use takt_kernel::{CompanyId, Fault, Result};
use takt_store::{Db, Query, Tx, params, sql};
use takt_work::{JobEnd, JobKind, JobRun};

use super::{
    Evidence,
    compare::{Card, alike},
};

pub(crate) const JOB: &str = "customers.look_for_alike";
/// The newest; a company with more looks at those.
const MOST_CARDS: usize = 200_000;
const PART: i64 = 2_000;
const WRITTEN_AT_ONCE: usize = 200;
/// Whoever finds more has another trouble than pairs.
const MOST_PAIRS: usize = 5_000;

pub(crate) fn job() -> JobKind {
    JobKind {
        kind: JOB,
        does: "finds cards of customers that may be of one person",
        concurrency: 1,
        max_attempts: 5,
        run: Arc::new(|run| Box::pin(attempt(run))),
    }
}

async fn attempt(run: JobRun) -> Result<JobEnd> {
    let company = run.company;
    let cards = cards(&run.db, company).await?;
    let comparing = tokio::task::spawn_blocking(move || alike(&cards));
    let pairs = comparing.await.map_err(|error| Fault::broken("customers.comparing_died").because(error))?;
    let pairs: Vec<(i64, i64, String)> = pairs
        .into_iter()
        .take(MOST_PAIRS)
        .map(|((one, other), evidence)| {
            let codes: Vec<&str> = evidence.into_iter().map(Evidence::code).collect();
            (one, other, codes.join(" "))
        })
        .collect();
    for part in pairs.chunks(WRITTEN_AT_ONCE) {
        let part = part.to_vec();
        run.db.write_behind("customers.alike", move |tx| put(tx, company, &part)).await?;
    }
    Ok(JobEnd::Done)
}

async fn cards(db: &Db, company: CompanyId) -> Result<Vec<Card>> {
    let mut cards: Vec<Card> = Vec::new();
    let mut below = i64::MAX;
    while cards.len() < MOST_CARDS {
        let part = db.read("customers.cards_to_compare", move |reader| part(reader, company, below)).await?;
        let Some(last) = part.last() else { break };
        below = last.id;
        cards.extend(part);
    }
    Ok(cards)
}

fn part(db: &mut dyn Query, company: CompanyId, below: i64) -> Result<Vec<Card>> {
    let rows = db.all(
        sql!(
            "select id, name, note
             from customer
             where company_id = :company_id and id < :below and merged_into is null and erased_at is null
             order by id desc
             limit :limit"
        ),
        params![company_id: company, below: below, limit: PART],
    )?;
    let mut cards: BTreeMap<i64, Card> = BTreeMap::new();
    for row in &rows {
        let card =
            Card { id: row.get("id")?, name: row.get("name")?, note: row.get("note")?, ..Card::default() };
        cards.insert(card.id, card);
    }
    let ids: Vec<i64> = cards.keys().copied().collect();
    let identities = db.all(
        sql!(
            "select identity.customer_id, identity.kind, identity.value
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join customer_identity as identity
             where identity.company_id = :company_id and identity.customer_id = cast(asked.value as bigint)
             order by identity.customer_id, identity.kind, identity.value
             limit 20000"
        ),
        params![ids: serde_json::Value::from(ids).to_string(), company_id: company],
    )?;
    for row in &identities {
        if let Some(card) = cards.get_mut(&row.get("customer_id")?) {
            let value = row.get("value")?;
            if row.get::<String>("kind")? == "phone" {
                card.phones.push(value)
            } else {
                card.emails.push(value)
            }
        }
    }
    Ok(cards.into_values().rev().collect())
}

fn put(tx: &mut Tx<'_>, company: CompanyId, pairs: &[(i64, i64, String)]) -> Result<()> {
    let now = tx.now();
    for (one, other, evidence) in pairs {
        tx.put(
            sql!(
                "insert into customer_likeness (company_id, one_id, other_id, evidence, found_at, dismissed_at)
                 values (:company_id, :one_id, :other_id, :evidence, :now, null)
                 on conflict (company_id, one_id, other_id) do update
                 set evidence = excluded.evidence
                 where customer_likeness.evidence <> excluded.evidence"
            ),
            params![company_id: company, one_id: *one, other_id: *other, evidence: evidence, now: now],
        )?;
    }
    Ok(())
}
