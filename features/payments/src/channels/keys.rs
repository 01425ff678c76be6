//! The bank's public keys. Two at a time while it changes them: the new one is added, and the old one ends by
//! itself or is revoked, which counts at once, also for what was kept and not yet counted.

use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_orders::{proof::KeptProof, receipt::Evidence};
use takt_proof::{Algorithm, Given, Key, KeyRing, Owner, fingerprint};
use takt_staff::Permit;
use takt_store::{Query, Row, Tx, params, sql};

use super::{
    Channel,
    channel::{ChannelId, about, get},
};
use crate::{
    facts::{BankKeyAdded, BankKeyEnds, BankKeyRevoked},
    rights::ManageBankChannels,
};

const MOST_ACTIVE: usize = 2;
const LONGEST_KID: usize = 100;

#[derive(Clone, Debug)]
pub struct NewKey {
    /// The bank's name for it; of a JWK its own, else the fingerprint is taken.
    pub kid: Option<String>,
    /// None is the usual one for such a key.
    pub algorithm: Option<Algorithm>,
    /// PEM of a public key or a certificate, or a JWK.
    pub text: String,
    pub not_before: Option<Timestamp>,
    pub not_after: Option<Timestamp>,
}

/// A key as people see it.
#[derive(Clone, Debug)]
pub struct BankKey {
    pub kid: String,
    pub algorithm: Algorithm,
    pub fingerprint: String,
    pub not_before: Timestamp,
    pub not_after: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub added_at: Timestamp,
}

impl BankKey {
    pub fn counts_at(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && !self.is_over(now) && now >= self.not_before
    }
    fn is_over(&self, now: Timestamp) -> bool {
        self.revoked_at.is_some() || self.not_after.is_some_and(|end| now > end)
    }
}

/// Adds a key. Answers its kid.
///
/// # Errors
/// `proof.key_unreadable`, `proof.key_unusable`, `payments.key_known`, `payments.key_algorithm`,
/// `payments.keys_too_many` when two count already.
pub fn add(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageBankChannels>,
    channel: ChannelId,
    new: &NewKey,
) -> Result<String> {
    let company = permit.company();
    get(tx, company, channel)?;
    let given = Given::read(&new.text)?;
    let algorithm = new.algorithm.or(given.algorithms.first().copied());
    let algorithm = algorithm
        .filter(|algorithm| given.algorithms.contains(algorithm))
        .ok_or_else(|| Fault::field("algorithm", "payments.key_algorithm"))?;
    let now = tx.now();
    let known = list(tx, company, channel)?;
    if known.iter().filter(|key| !key.is_over(now)).count() >= MOST_ACTIVE {
        return Err(Fault::conflict("payments.keys_too_many").arg("most", MOST_ACTIVE));
    }
    let print = fingerprint(&given.public);
    let kid = new.kid.clone().or(given.kid).unwrap_or_else(|| print.chars().take(16).collect());
    let kid = kid.trim().to_owned();
    if kid.is_empty() || kid.len() > LONGEST_KID || kid.chars().any(char::is_control) {
        return Err(Fault::field("kid", "payments.key_name_malformed"));
    }
    let not_after = [new.not_after, given.not_after].into_iter().flatten().min();
    let written = tx.execute(
        sql!(
            "insert into bank_key (company_id, channel_id, kid, algorithm, public_key, certificate, not_before, not_after,
               revoked_at, added_at)
             values (:company_id, :channel_id, :kid, :algorithm, :public_key, :certificate, :not_before, :not_after,
               null, :now)
             on conflict (company_id, channel_id, kid) do nothing"
        ),
        params![
            company_id: company, channel_id: channel, kid: &kid, algorithm: algorithm.code(),
            public_key: given.public, certificate: given.certificate, not_before: new.not_before.unwrap_or(now),
            not_after: not_after, now: now,
        ],
    )?;
    if written == 0 {
        return Err(Fault::field("kid", "payments.key_known").arg("kid", kid));
    }
    tx.say(about(company, channel, permit.actor()), &BankKeyAdded { kid: kid.clone(), fingerprint: print })?;
    Ok(kid)
}

/// Adds the bank's new key; those before it go on for so many hours. Answers its kid.
///
/// # Errors
/// As [`add`].
pub fn rotate(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageBankChannels>,
    channel: ChannelId,
    new: &NewKey,
    overlap_hours: i64,
) -> Result<String> {
    let now = tx.now();
    let before = list(tx, permit.company(), channel)?;
    let kid = add(tx, permit, channel, new)?;
    let end = now.plus_seconds(overlap_hours.saturating_mul(3600));
    for key in before.iter().filter(|key| !key.is_over(now)) {
        if key.not_after.is_none_or(|known| known > end) {
            end_at(tx, permit, channel, &key.kid, end)?;
        }
    }
    Ok(kid)
}

/// The key counts until then, as while the bank changes over to another.
///
/// # Errors
/// `payments.key_missing`.
pub fn end_at(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageBankChannels>,
    channel: ChannelId,
    kid: &str,
    end: Timestamp,
) -> Result<()> {
    let touched = tx.execute(
        sql!(
            "update bank_key
             set not_after = :not_after
             where company_id = :company_id and channel_id = :channel_id and kid = :kid
               and coalesce(not_after, :not_after) >= :not_after"
        ),
        params![not_after: end, company_id: permit.company(), channel_id: channel, kid: kid],
    )?;
    if touched == 0 {
        return Err(Fault::missing("payments.key_missing"));
    }
    tx.say(about(permit.company(), channel, permit.actor()), &BankKeyEnds { kid: kid.to_owned(), at: end })
}

/// From here on nothing that it signed counts, whenever it signed it.
///
/// # Errors
/// `payments.key_missing`.
pub fn revoke(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageBankChannels>,
    channel: ChannelId,
    kid: &str,
) -> Result<()> {
    let now = tx.now();
    let touched = tx.execute(
        sql!(
            "update bank_key
             set revoked_at = :now
             where company_id = :company_id and channel_id = :channel_id and kid = :kid and revoked_at is null"
        ),
        params![now: now, company_id: permit.company(), channel_id: channel, kid: kid],
    )?;
    if touched == 0 {
        return Err(Fault::missing("payments.key_missing"));
    }
    tx.say(about(permit.company(), channel, permit.actor()), &BankKeyRevoked { kid: kid.to_owned() })
}

/// The keys of a channel, oldest first: all that count, and the latest fifty of the others.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, company: CompanyId, channel: ChannelId) -> Result<Vec<BankKey>> {
    let mut keys = rows(db, company, channel)?
        .iter()
        .map(|row| {
            let key = read(row)?;
            Ok(BankKey {
                fingerprint: fingerprint(&key.public),
                kid: key.kid,
                algorithm: key.algorithm,
                not_before: key.not_before,
                not_after: key.not_after,
                revoked_at: row.get("revoked_at")?,
                added_at: row.get("added_at")?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    keys.sort_by(|one, other| (one.added_at, &one.kid).cmp(&(other.added_at, &other.kid)));
    Ok(keys)
}

/// What messages of this channel are verified with.
///
/// # Errors
/// Faults of the store.
pub fn ring(db: &mut dyn Query, channel: &Channel) -> Result<KeyRing> {
    let keys = rows(db, channel.company, channel.id)?.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(KeyRing::new(Owner { company: channel.company, channel: channel.id.get() }, keys))
}

/// Whether what proved a message does so no more.
pub(crate) fn is_revoked(
    db: &mut dyn Query,
    company: CompanyId,
    channel: ChannelId,
    proof: &KeptProof,
) -> Result<bool> {
    let Evidence::Signed { key } = proof.evidence() else { return Ok(false) };
    let row = db.opt(
        sql!(
            "select revoked_at
             from bank_key
             where company_id = :company_id and channel_id = :channel_id and kid = :kid"
        ),
        params![company_id: company, channel_id: channel, kid: key.as_str()],
    )?;
    match row {
        Some(row) => Ok(row.get::<Option<Timestamp>>("revoked_at")?.is_some()),
        None => Ok(true),
    }
}

/// All that count, and the latest of those that are over.
fn rows(db: &mut dyn Query, company: CompanyId, channel: ChannelId) -> Result<Vec<Row>> {
    let now = db.now();
    db.all(
        sql!(
            "select kid, algorithm, public_key, certificate, not_before, not_after, revoked_at, added_at
             from bank_key
             where company_id = :company_id and channel_id = :channel_id
             order by case when revoked_at is null and (not_after is null or not_after >= :now) then 0 else 1 end,
               added_at desc, kid
             limit 50"
        ),
        params![company_id: company, channel_id: channel, now: now],
    )
}

fn read(row: &Row) -> Result<Key> {
    let algorithm: String = row.get("algorithm")?;
    Ok(Key {
        kid: row.get("kid")?,
        algorithm: Algorithm::from_code(&algorithm)?,
        public: row.get("public_key")?,
        certificate: row.get("certificate")?,
        not_before: row.get("not_before")?,
        not_after: row.get("not_after")?,
        revoked: row.get::<Option<Timestamp>>("revoked_at")?.is_some(),
    })
}
