//! The link: `/p/` and 48 letters that name the order and prove that we gave it out. They are the ids of
//! company and order, the round, and 128 bits of HMAC-SHA256 under the company's own key; so no row is
//! kept for a link, and nobody finds another order's by counting.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;
use subtle::ConstantTimeEq;
use takt_kernel::{Actor, CompanyId, Fault, Result};
use takt_orders::{EditOrders, Line, Order, OrderId, steps::Step};
use takt_staff::Permit;
use takt_store::{About, Query, Question, Row, Sql, Subject, Tx, params, sql};

use crate::{facts::LinkRenewed, policy::Policy, site::Site};

/// So that the key signs nothing else with the same meaning.
const CONTEXT: &[u8] = b"takt promise page 1";
const KEY_BYTES: usize = 32;
const NAME_BYTES: usize = 20;
const PROOF_BYTES: usize = 16;
pub(crate) const SUBJECT: &str = "promise_link";

pub(crate) const KEY_AT_PLACING: Step = key_at_placing;

/// Which order a link names. Proves nothing yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    pub company: CompanyId,
    pub order: OrderId,
    pub round: u32,
}

/// A link that was proved to be ours, and its order.
pub struct PageLink {
    pub token: String,
    pub order: Order,
}

impl Named {
    fn bytes(self) -> [u8; NAME_BYTES] {
        let mut bytes = [0; NAME_BYTES];
        bytes[..8].copy_from_slice(&self.company.get().to_be_bytes());
        bytes[8..16].copy_from_slice(&self.order.get().to_be_bytes());
        bytes[16..].copy_from_slice(&self.round.to_be_bytes());
        bytes
    }

    /// The letters of the link.
    pub fn token(self, key: &[u8]) -> String {
        self.token_by(&signing(key))
    }

    /// For whoever names many orders by one key.
    fn token_by(self, key: &hmac::Key) -> String {
        let name = self.bytes();
        let mut bytes = name.to_vec();
        bytes.extend_from_slice(&proof(key, &name));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What the letters name, and the proof that stands behind it.
    fn read(token: &str) -> Option<(Self, [u8; PROOF_BYTES])> {
        if token.len() != (NAME_BYTES + PROOF_BYTES) * 4 / 3 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let number = |at: usize| bytes.get(at..at + 8)?.try_into().ok().map(i64::from_be_bytes);
        let named = Self {
            company: CompanyId::new(number(0)?),
            order: OrderId::new(number(8)?),
            round: u32::from_be_bytes(bytes.get(16..NAME_BYTES)?.try_into().ok()?),
        };
        Some((named, bytes.get(NAME_BYTES..)?.try_into().ok()?))
    }
}

impl PageLink {
    /// The order behind a link.
    ///
    /// # Errors
    /// `promise_page.link_missing`, whatever is wrong: letters that nobody gave out, a revoked link, one
    /// whose time is over, an order that is gone.
    pub fn open(db: &mut dyn Query, token: &str) -> Result<Self> {
        let missing = || Fault::missing("promise_page.link_missing");
        let (named, given) = Named::read(token).ok_or_else(missing)?;
        // A company that has no key is asked for the same work.
        let key = key_asked(db, named.company)?;
        let expected = proof(&signing(key.as_deref().unwrap_or(&[0; KEY_BYTES])), &named.bytes());
        if !bool::from(expected.ct_eq(&given)) || key.is_none() {
            return Err(missing());
        }
        if i64::from(named.round) != round_of(db, named.company, named.order)? {
            return Err(missing());
        }
        let order = takt_orders::load(db, named.company, named.order)
            .map_err(|fault| if fault.kind() == takt_kernel::Kind::Missing { missing() } else { fault })?;
        let policy = Policy::of(db, named.company)?;
        if !policy.on || policy.is_over(&order, db.now()) {
            return Err(missing());
        }
        Ok(Self { token: token.to_owned(), order })
    }

    pub fn path(&self) -> String {
        format!("/p/{}", self.token)
    }
}

/// The address of an order's page now; none when the company has switched the pages off.
///
/// # Errors
/// Faults of the store.
pub fn address_of(db: &mut dyn Query, order: &Order) -> Result<Option<String>> {
    Ok(addresses(db, order.company, &[order.id])?.pop().map(|(_, address)| address))
}

/// Asks what [`addresses`] asks of orders.
pub(crate) fn rounds_asked(company: CompanyId, orders: &[OrderId]) -> Question {
    let ids = serde_json::Value::from(orders.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string();
    Question::new(
        sql!(
            "select promise_round.order_id, promise_round.round
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join promise_round
             where promise_round.company_id = :company_id and promise_round.order_id = cast(asked.value as bigint)
             order by promise_round.order_id
             limit 5000"
        ),
        params![company_id: company, ids: ids],
    )
}

/// The same for several orders of a company.
pub(crate) fn addresses(
    db: &mut dyn Query,
    company: CompanyId,
    orders: &[OrderId],
) -> Result<Vec<(OrderId, String)>> {
    if !Policy::of(db, company)?.on {
        return Ok(Vec::new());
    }
    let Some(key) = key_of(db, company)? else { return Ok(Vec::new()) };
    let key = signing(&key);
    let rows = db.all_at_once(&[rounds_asked(company, orders)])?.pop().unwrap_or_default();
    let mut rounds: BTreeMap<OrderId, i64> = BTreeMap::new();
    for row in rows {
        rounds.insert(row.get("order_id")?, row.get("round")?);
    }
    let over = |error| Fault::broken("promise_page.rounds_over").because(error);
    orders
        .iter()
        .map(|order| {
            let round = u32::try_from(rounds.get(order).copied().unwrap_or_default()).map_err(over)?;
            let token = Named { company, order: *order, round }.token_by(&key);
            Ok((*order, Site::address(db, &format!("/p/{token}"))))
        })
        .collect()
}

/// Every link to the order that was given out opens nothing from now on; the next one does.
///
/// # Errors
/// `orders.missing`.
pub fn renew(tx: &mut Tx, permit: &Permit<EditOrders>, order: OrderId) -> Result<()> {
    let order = takt_orders::steps::lock(tx, permit.company(), order)?;
    ensure_key(tx, order.company)?;
    let round = round_of(tx, order.company, order.id)? + 1;
    let now = tx.now();
    tx.put(
        sql!(
            "insert into promise_round (company_id, order_id, round, renewed_at)
             values (:company_id, :order_id, :round, :now)
             on conflict (company_id, order_id) do update set round = excluded.round, renewed_at = excluded.renewed_at"
        ),
        params![company_id: order.company, order_id: order.id, round: round, now: now],
    )?;
    let about = About::new(order.company, Subject::new(SUBJECT, order.id.get()), permit.actor());
    tx.say(about, &LinkRenewed { round })
}

fn key_at_placing(tx: &mut Tx, order: &Order, _: &[Line], _: &Actor) -> Result<()> {
    ensure_key(tx, order.company)
}

fn ensure_key(tx: &mut Tx, company: CompanyId) -> Result<()> {
    if key_of(tx, company)?.is_some() {
        return Ok(());
    }
    let mut bytes = [0_u8; KEY_BYTES];
    tx.entropy().fill(&mut bytes)?;
    let now = tx.now();
    tx.put(
        sql!(
            "insert into promise_key (company_id, secret, made_at)
             values (:company_id, :secret, :now)
             on conflict (company_id) do nothing"
        ),
        params![company_id: company, secret: URL_SAFE_NO_PAD.encode(bytes), now: now],
    )
}

fn key_question() -> &'static Sql {
    sql!(
        "select secret
         from promise_key
         where company_id = :company_id"
    )
}

fn key_of(db: &mut dyn Query, company: CompanyId) -> Result<Option<Vec<u8>>> {
    let rows = db.seldom(key_question(), params![company_id: company])?;
    rows.first().map(key).transpose()
}

/// Of a company that a stranger's letters name: the answer is not kept in memory, or letters of companies that are not
/// there would push out what is kept for all that are.
fn key_asked(db: &mut dyn Query, company: CompanyId) -> Result<Option<Vec<u8>>> {
    db.opt(key_question(), params![company_id: company])?.as_ref().map(key).transpose()
}

fn key(row: &Row) -> Result<Vec<u8>> {
    let broken = |error| Fault::broken("promise_page.key_unreadable").because(error);
    URL_SAFE_NO_PAD.decode(row.get::<String>("secret")?).map_err(broken)
}

fn round_of(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<i64> {
    let row = db.opt(
        sql!(
            "select round
             from promise_round
             where company_id = :company_id and order_id = :order_id"
        ),
        params![company_id: company, order_id: order],
    )?;
    row.map_or(Ok(0), |row| row.get("round"))
}

fn signing(key: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key)
}

fn proof(key: &hmac::Key, name: &[u8]) -> [u8; PROOF_BYTES] {
    let mut signed = CONTEXT.to_vec();
    signed.extend_from_slice(name);
    let tag = hmac::sign(key, &signed);
    let mut proof = [0; PROOF_BYTES];
    proof.copy_from_slice(&tag.as_ref()[..PROOF_BYTES]);
    proof
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMED: Named = Named { company: CompanyId::new(7), order: OrderId::new(42), round: 0 };

    #[test]
    fn letters_name_an_order_and_prove_it() {
        let token = NAMED.token(&[3; KEY_BYTES]);
        assert_eq!(token.len(), 48);
        let (named, given) = Named::read(&token).unwrap();
        assert_eq!(named, NAMED);
        assert_eq!(given, proof(&signing(&[3; KEY_BYTES]), &NAMED.bytes()));
        assert_ne!(given, proof(&signing(&[4; KEY_BYTES]), &NAMED.bytes()), "another company's key");
        let other = Named { order: OrderId::new(43), ..NAMED };
        assert_ne!(given, proof(&signing(&[3; KEY_BYTES]), &other.bytes()), "another order");
        let other = Named { round: 1, ..NAMED };
        assert_ne!(given, proof(&signing(&[3; KEY_BYTES]), &other.bytes()), "another round");
    }

    #[test]
    fn what_was_never_a_link_names_nothing() {
        let token = NAMED.token(&[3; KEY_BYTES]);
        for letters in
            ["", "a", &token[1..], &format!("{token}a"), &token.replace(&token[..1], "!"), &"я".repeat(24)]
        {
            assert!(Named::read(letters).is_none(), "{letters}");
        }
    }
}
