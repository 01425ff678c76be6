//! The proof of the chain: all of it hashed anew.

use takt_kernel::{CompanyId, Fault, Result};
use takt_store::{Query, Row, Wrong, params, sql};

use super::canonical::{BEGINNING, by_transaction, standing};

/// How many links one look of the check holds in memory.
const LINKS: i64 = 500;
const MOST_WRONG: usize = 20;

/// Goes along every chain and hashes all of it anew. What is sealed never changes, so it does not matter
/// that this takes many questions.
///
/// # Errors
/// Faults of the store.
pub(super) fn broken_links(db: &mut dyn Query) -> Result<Vec<Wrong>> {
    let heads = db.all(
        sql!("select company_id, number, hash from journal_head order by company_id limit 100000"),
        params![],
    )?;
    let mut wrong = Vec::new();
    for head in &heads {
        broken_in(
            db,
            head.get("company_id")?,
            head.get("number")?,
            &head.get::<String>("hash")?,
            &mut wrong,
        )?;
        if wrong.len() >= MOST_WRONG {
            break;
        }
    }
    Ok(wrong)
}

fn broken_in(
    db: &mut dyn Query,
    company: CompanyId,
    until: i64,
    last: &str,
    wrong: &mut Vec<Wrong>,
) -> Result<()> {
    let mut hash = BEGINNING.to_owned();
    let mut number = 0_i64;
    while number < until && wrong.len() < MOST_WRONG {
        let most = (number + LINKS).min(until);
        let links = links(db, company, number, most)?;
        let entries = entries(db, company, number, most)?;
        let entries = by_transaction(&entries)?;
        for (expected, at) in (number + 1..=most).zip(0_usize..) {
            let found =
                links.get(at).map(|row| Ok::<_, Fault>((row.get::<i64>("number")?, row))).transpose()?;
            let Some((_, row)) = found.filter(|(number, _)| *number == expected) else {
                wrong.push(told(company, expected, "missing"));
                return Ok(());
            };
            let id: i64 = row.get("id")?;
            let standing = standing(row, entries.get(&id).map_or(&[], Vec::as_slice))?;
            let own: String = row.get("hash")?;
            if row.get::<String>("previous_hash")? != hash {
                wrong.push(told(company, expected, "previous_hash"));
            } else if standing.hash(company, expected, &hash) != own {
                wrong.push(told(company, expected, "hash"));
            } else if !standing.promised.is_empty() && standing.promised != standing.payload {
                wrong.push(told(company, expected, "payload_hash"));
            }
            hash = own;
        }
        number = most;
    }
    if wrong.is_empty() && hash != last {
        wrong.push(told(company, until, "head"));
    }
    Ok(())
}

fn told(company: CompanyId, number: i64, what: &str) -> Wrong {
    Wrong(format!("company_id={company} number={number} wrong={what}"))
}

fn links(db: &mut dyn Query, company: CompanyId, after: i64, most: i64) -> Result<Vec<Row>> {
    db.all(
        sql!(
            "select seal.number, seal.previous_hash, seal.hash, posted.id, posted.kind, posted.source, posted.entity_id,
               posted.reverses, posted.effective_on, posted.recorded_at, posted.payload_hash
             from journal_seal as seal
             join journal_transaction as posted
               on posted.company_id = seal.company_id and posted.id = seal.transaction_id
             where seal.company_id = :company_id and seal.number > :after and seal.number <= :most
             order by seal.number
             limit 1000"
        ),
        params![company_id: company, after: after, most: most],
    )
}

fn entries(db: &mut dyn Query, company: CompanyId, after: i64, most: i64) -> Result<Vec<Row>> {
    db.all(
        sql!(
            "select entry.transaction_id, entry.account, entry.side, entry.amount_minor, entry.currency
             from journal_seal as seal
             join journal_entry as entry
               on entry.company_id = seal.company_id and entry.transaction_id = seal.transaction_id
             where seal.company_id = :company_id and seal.number > :after and seal.number <= :most
             order by seal.number, entry.n
             limit 1000000"
        ),
        params![company_id: company, after: after, most: most],
    )
}
