//! The bytes of a transaction that are hashed.
//!
//! Bytes that are hashed with SHA-256; `[a]` is `a` in UTF-8 behind its length in bytes and a colon, as
//! in `3:RUB`, numbers are decimal:
//!
//! * payload: `[takt.journal.1][kind][source][entity][reverses or nothing]`, then for each entry by its
//!   `n`: `[account][side][minor units][currency]`;
//! * link: `[takt.journal.link.1][company][number][hash before][transaction][effective_on]
//!   [recorded_at in microseconds][payload hash]`.
//!
//! Hashes are in lower-case hexadecimal; the first of a company follows 64 zeros.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, Result, Timestamp};
use takt_store::{Query, Row, params, sql};

use super::JournalTransactionId;
use crate::entities::EntityId;

pub(super) const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What a transaction says, in the bytes that are hashed.
pub(super) struct Payload(Sha256);

fn field(hash: &mut Sha256, text: &str) {
    hash.update(text.len().to_string().as_bytes());
    hash.update(b":");
    hash.update(text.as_bytes());
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Payload {
    pub fn new(kind: &str, source: &str, entity: EntityId, reverses: Option<JournalTransactionId>) -> Self {
        let mut hash = Sha256::new();
        field(&mut hash, "takt.journal.1");
        field(&mut hash, kind);
        field(&mut hash, source);
        field(&mut hash, &entity.to_string());
        field(&mut hash, &reverses.map(|id| id.to_string()).unwrap_or_default());
        Self(hash)
    }

    pub fn entry(&mut self, account: &str, side: &str, minor: i64, currency: &str) {
        for text in [account, side, &minor.to_string(), currency] {
            field(&mut self.0, text);
        }
    }

    pub fn hash(self) -> String {
        hex(self.0)
    }
}

/// One transaction as it stands in the journal.
pub(super) struct Standing {
    id: JournalTransactionId,
    effective_on: String,
    recorded_at: Timestamp,
    /// As it was written at posting; empty for what was posted before there was a chain.
    pub promised: String,
    pub payload: String,
}

impl Standing {
    pub fn hash(&self, company: CompanyId, number: i64, before: &str) -> String {
        let mut hash = Sha256::new();
        for text in [
            "takt.journal.link.1",
            &company.to_string(),
            &number.to_string(),
            before,
            &self.id.to_string(),
            &self.effective_on,
            &self.recorded_at.micros().to_string(),
            &self.payload,
        ] {
            field(&mut hash, text);
        }
        hex(hash)
    }
}

pub(super) fn standing(row: &Row, entries: &[&Row]) -> Result<Standing> {
    let mut payload = Payload::new(
        &row.get::<String>("kind")?,
        &row.get::<String>("source")?,
        row.get("entity_id")?,
        row.get("reverses")?,
    );
    for entry in entries {
        payload.entry(
            &entry.get::<String>("account")?,
            &entry.get::<String>("side")?,
            entry.get("amount_minor")?,
            &entry.get::<String>("currency")?,
        );
    }
    Ok(Standing {
        id: row.get("id")?,
        effective_on: row.get("effective_on")?,
        recorded_at: row.get("recorded_at")?,
        promised: row.get("payload_hash")?,
        payload: payload.hash(),
    })
}

pub(super) fn by_transaction(entries: &[Row]) -> Result<BTreeMap<i64, Vec<&Row>>> {
    let mut found: BTreeMap<i64, Vec<&Row>> = BTreeMap::new();
    for entry in entries {
        found.entry(entry.get("transaction_id")?).or_default().push(entry);
    }
    Ok(found)
}

/// What a transaction says, from its rows.
pub(super) fn payload_hash_of(
    db: &mut dyn Query,
    company: CompanyId,
    id: JournalTransactionId,
) -> Result<String> {
    let row = db.one(
        sql!(
            "select id, kind, source, entity_id, reverses, effective_on, recorded_at, payload_hash
             from journal_transaction
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id],
    )?;
    let entries = db.all(
        sql!(
            "select transaction_id, account, side, amount_minor, currency
             from journal_entry
             where company_id = :company_id and transaction_id = :transaction_id
             order by n
             limit 10000"
        ),
        params![company_id: company, transaction_id: id],
    )?;
    Ok(standing(&row, &entries.iter().collect::<Vec<_>>())?.payload)
}
