//! Keys that callers give their requests. One (company, shop, key) places one order: two that arrive
//! together are told apart by the engine, and the one that lost runs again and finds the other.
//!
//! Keys are kept for a week, then forgotten at night, so that the table stays small.

use http::HeaderMap;
use serde_json::Value;
use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, Entropy, Fault, FieldFault, Result, ShopId};
use takt_orders::OrderId;
use takt_store::{Query, RecordedFact, Subject, Tx, params, sql};
use takt_work::{DueTimer, Listener, TimerKind, timers};

use crate::drafts;

pub(crate) const HEADER: &str = "idempotency-key";
const LONGEST: usize = 200;
const KEPT_SECONDS: i64 = 7 * 24 * 3600;
const NIGHT_SECONDS: i64 = 24 * 3600;
/// So many are forgotten in one transaction.
const BATCH: i64 = 200;
const FORGET: &str = "gateway.forget_keys";

pub(crate) const LISTENER: Listener = Listener {
    name: "gateway.on_company",
    hears: &["staff.company_created"],
    does: "lets the company's old request keys be forgotten every day",
    react: |tx, fact: &RecordedFact| forget_after(tx, fact.company, NIGHT_SECONDS),
};

pub(crate) const TIMER: TimerKind = TimerKind {
    kind: FORGET,
    does: "forgets request keys that are a week old, and has old drafts forgotten",
    fire: forget,
};

/// What a request is called by who sent it, and what was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    key: String,
    digest: String,
}

impl RequestKey {
    /// The key that the header `Idempotency-Key` gives, in quotes or without.
    ///
    /// # Errors
    /// `input.fields`: it is empty, too long, or has other than visible ASCII characters.
    pub fn of_header(headers: &HeaderMap, body: &Value) -> Result<Option<Self>> {
        let Some(value) = headers.get(HEADER) else { return Ok(None) };
        let text = value.to_str().unwrap_or_default().trim().trim_matches('"');
        let fits =
            (1..=LONGEST).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_graphic());
        if !fits {
            return Err(Fault::from_fields(vec![FieldFault {
                path: "Idempotency-Key".to_owned(),
                code: "gateway.key_malformed".into(),
                args: vec![("most".into(), LONGEST.to_string())],
            }]));
        }
        Ok(Some(Self { key: text.to_owned(), digest: digest(body) }))
    }

    /// The key that a form carries from the moment it was shown. A header cannot give the same.
    pub(crate) fn of_form(secret: &str, body: &Value) -> Option<Self> {
        let fits = (1..=LONGEST).contains(&secret.len());
        fits.then(|| Self { key: format!("form {secret}"), digest: digest(body) })
    }

    /// For a form that is shown for the first time.
    pub(crate) fn new_secret(entropy: &dyn Entropy) -> Result<String> {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes)?;
        Ok(hex(&bytes))
    }
}

fn digest(body: &Value) -> String {
    hex(&Sha256::digest(body.to_string().as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The order that this request has placed before.
///
/// # Errors
/// `gateway.key_reused` when the key stood with another body.
pub(crate) fn recall(
    tx: &mut Tx<'_>,
    company: CompanyId,
    shop: ShopId,
    request: &RequestKey,
) -> Result<Option<OrderId>> {
    let row = tx.opt(
        sql!(
            "select order_id, digest
             from gateway_request
             where company_id = :company_id and shop_id = :shop_id and request_key = :request_key"
        ),
        params![company_id: company, shop_id: shop, request_key: &request.key],
    )?;
    let Some(row) = row else { return Ok(None) };
    let id: OrderId = row.get("order_id")?;
    if row.get::<String>("digest")? != request.digest {
        return Err(Fault::conflict("gateway.key_reused").arg("id", id));
    }
    Ok(Some(id))
}

pub(crate) fn remember(
    tx: &mut Tx<'_>,
    company: CompanyId,
    shop: ShopId,
    request: &RequestKey,
    order: OrderId,
) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "insert into gateway_request (company_id, shop_id, request_key, digest, order_id, at)
             values (:company_id, :shop_id, :request_key, :digest, :order_id, :now)
             on conflict (company_id, shop_id, request_key) do nothing"
        ),
        params![
            company_id: company, shop_id: shop, request_key: &request.key, digest: &request.digest,
            order_id: order, now: now,
        ],
    )
}

fn forget(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    let before = tx.now().plus_seconds(-KEPT_SECONDS);
    let forgotten = tx.execute(
        sql!(
            "delete from gateway_request
             where company_id = :company_id and (shop_id, request_key) in (
               select shop_id, request_key
               from gateway_request
               where company_id = :company_id and at < :before
               order by at
               limit :batch)"
        ),
        params![company_id: due.company, before: before, batch: BATCH],
    )?;
    let more = i64::try_from(forgotten).unwrap_or(BATCH) >= BATCH;
    if !more {
        drafts::expire_soon(tx, due.company)?;
    }
    forget_after(tx, due.company, if more { 1 } else { NIGHT_SECONDS })
}

fn forget_after(tx: &mut Tx<'_>, company: CompanyId, seconds: i64) -> Result<()> {
    let at = tx.now().plus_seconds(seconds);
    timers::set(tx, company, FORGET, "", Subject::new("company", company.get()), at, &Value::Null)
}
