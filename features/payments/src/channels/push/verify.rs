//! What of a message can be judged without looking what came before.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use takt_kernel::{Fault, Result, Timestamp};
use takt_payments_port::{Door, Needs, PushProfile, Seal, Told};
use takt_proof::{KeyRing, Signed, fingerprint, spki_of_certificate};

use super::{LARGEST_BODY, Push, audience_of, door_of, seal_of};
use crate::{
    accounts::{BankAccount, normal},
    channels::Channel,
    poll,
};

/// How old a message may be when it first comes, and how far a bank's clock may go ahead of ours.
const FRESH_SECONDS: i64 = 300;
const AHEAD_SECONDS: i64 = 60;
/// Of a bank that does not say when it wrote.
const FRESH_DAYS: i64 = 3;
const LONGEST_NAME: usize = 200;

/// A message that is the bank's and for us.
#[derive(Clone, Debug)]
pub(super) struct Verified {
    pub signed: Signed,
    pub told: Told,
    pub seal: Seal,
    /// As we write it.
    pub account: String,
    /// Written longer ago than a message needs to come.
    pub late: bool,
}

pub(super) fn verify(
    channel: &Channel,
    profile: &PushProfile,
    ring: &KeyRing,
    push: &Push,
    own: &[BankAccount],
    now: Timestamp,
) -> Result<Verified> {
    let denied = |code: &'static str| Fault::denied(code);
    if push.body.is_empty() || push.body.len() > LARGEST_BODY || push.packed {
        return Err(denied("payments.push_malformed"));
    }
    if channel.paused {
        return Err(denied("payments.push_paused"));
    }
    if door_of(channel, profile) == Door::MutualTls {
        peer_is_pinned(channel, push.peer.as_deref())?;
    }
    let seal = seal_of(channel, profile).ok_or_else(|| denied("payments.push_not_spoken"))?;
    let signed = open(profile, ring, push, seal, now)?;
    let told = (profile.read)(signed.payload())?;
    has_what_it_needs(&told, profile.needs)?;
    if told.issuer.as_deref().is_some_and(|issuer| channel.text("issuer").is_some_and(|ours| ours != issuer))
    {
        return Err(denied("payments.push_other_issuer"));
    }
    if profile.needs.issuer && channel.text("issuer").is_none() {
        return Err(denied("payments.push_issuer_unset"));
    }
    let addressed = profile.needs.audience || channel.text("audience").is_some();
    if addressed && told.audience.as_deref() != Some(audience_of(channel).as_str()) {
        return Err(denied("payments.push_other_audience"));
    }
    let late = is_late(&told, now)?;
    let account = normal(&told.account);
    let ours = own.iter().any(|known| !known.archived && known.account == account);
    // A bank speaks of its own accounts only: what another bank's key signed of them is nobody's word.
    if !ours || !poll::serves(channel, &account) {
        return Err(denied("payments.push_other_account"));
    }
    Ok(Verified { signed, told, seal, account, late })
}

fn peer_is_pinned(channel: &Channel, peer: Option<&[u8]>) -> Result<()> {
    let Some(public) = peer.and_then(spki_of_certificate) else {
        return Err(Fault::denied("payments.push_wrong_door"));
    };
    let shown = fingerprint(&public);
    if channel.texts("peers").iter().any(|pinned| pinned.eq_ignore_ascii_case(&shown)) {
        return Ok(());
    }
    Err(Fault::denied("payments.push_other_peer").arg("shown", shown.chars().take(16).collect::<String>()))
}

fn open(profile: &PushProfile, ring: &KeyRing, push: &Push, seal: Seal, now: Timestamp) -> Result<Signed> {
    let allowed = profile.algorithms;
    let beside = || push.signature.as_deref().map(str::trim).ok_or_else(|| Fault::denied("proof.unsigned"));
    match seal {
        Seal::Jwt => ring.attached(push.body.trim_ascii(), allowed, profile.needs.key_id, now),
        Seal::Jws => ring.detached(beside()?.as_bytes(), &push.body, allowed, profile.needs.key_id, now),
        Seal::Cms => {
            let signature = STANDARD.decode(beside()?).map_err(|_| Fault::denied("proof.malformed"))?;
            ring.cms(&signature, &push.body, allowed, now)
        }
    }
}

fn has_what_it_needs(told: &Told, needs: Needs) -> Result<()> {
    let lacking = [
        ("iss", needs.issuer && told.issuer.is_none()),
        ("aud", needs.audience && told.audience.is_none()),
        ("iat", needs.issued_at && told.issued_at.is_none()),
        ("jti", needs.delivery && told.delivery.is_none()),
        ("seq", needs.sequence && told.sequence.is_none()),
        ("line_id", told.line.is_none() && !told.report.documents.is_empty()),
    ];
    if let Some((name, _)) = lacking.iter().find(|(_, lacks)| *lacks) {
        return Err(Fault::denied("payments.push_lacks").arg("name", name));
    }
    let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > LONGEST_NAME);
    if long(&told.delivery) || long(&told.line) || told.account.len() > LONGEST_NAME {
        return Err(Fault::denied("payments.push_malformed"));
    }
    Ok(())
}

/// # Errors
/// Of a message from the future, and of one that would be good for longer than it may be.
fn is_late(told: &Told, now: Timestamp) -> Result<bool> {
    let Some(issued) = told.issued_at else {
        let day = told.day.as_deref().and_then(|day| day.parse::<jiff::civil::Date>().ok());
        // A day begins somewhere on earth half a day before it does in Greenwich.
        let begun = |date: jiff::civil::Date| date.to_zoned(jiff::tz::TimeZone::UTC).map(|at| at.timestamp());
        return Ok(match day.map(begun) {
            Some(Ok(begun)) => now.seconds_since(begun.into()) > FRESH_DAYS * 24 * 3600,
            Some(Err(_)) | None => true,
        });
    };
    if issued.seconds_since(now) > AHEAD_SECONDS {
        return Err(Fault::denied("payments.push_from_future").arg("issued", issued));
    }
    if let Some(expires) = told.expires_at {
        if !(0..=FRESH_SECONDS).contains(&expires.seconds_since(issued)) {
            return Err(Fault::denied("payments.push_lifetime"));
        }
        if now.seconds_since(expires) > AHEAD_SECONDS {
            return Ok(true);
        }
    }
    Ok(now.seconds_since(issued) > FRESH_SECONDS)
}
