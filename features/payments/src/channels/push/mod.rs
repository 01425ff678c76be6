//! A bank's own word, as it arrives: verified in a fixed order, kept, answered, applied.
//!
//! size → channel, not paused → the end of the connection → signature, by keys of the channel alone → what it
//! says of itself: issuer, audience, time → an account of ours → here before? → kept with its proof. Whoever
//! fails one of these hears the same as whoever fails another; what it was stands on the channel's page.
//!
//! A repeat is answered as the first one was and has no effect. A first delivery that is late is kept and waits
//! for the statement. A line that comes with two contents stops: people are called, the statement is asked for.

mod judge;
mod verify;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use takt_kernel::{Fault, Kind, Result, failpoint};
use takt_payments_port::{BankReport, Door, PushProfile, Seal};
use takt_store::Db;

use super::{
    Channel, ChannelId, Contacts, by_id,
    contact::CONTACTS,
    keys,
    messages::{self, Arrived, BankMessage, Entry, MessageState},
    taken,
};
use crate::{accounts, readers::channel_kind, trouble::Trouble};
use judge::{Judged, judge_and_keep};

/// A longer message is none.
pub const LARGEST_BODY: usize = 64 * 1024;
/// Where a signature stands that is not in the body.
pub const SIGNATURE_HEADER: &str = "bank-signature";
/// Among the kept headers: how the message was sealed.
pub(super) const SEAL: &str = "seal";
pub(super) const SIGNATURE: &str = "signature";

/// A message as the listener hands it over.
#[derive(Clone, Debug)]
pub struct Push {
    pub channel: Option<ChannelId>,
    pub body: Vec<u8>,
    /// Of [`SIGNATURE_HEADER`].
    pub signature: Option<String>,
    /// The body is said to be packed: nothing is unpacked here.
    pub packed: bool,
    /// The listener of banks was asked, and the other end showed this certificate (DER), whose chain verified.
    pub peer: Option<Vec<u8>>,
}

/// What the bank is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// Kept now, or known already.
    Taken,
    Refused,
}

/// Takes a message of a bank.
///
/// # Errors
/// Faults of the store: then nothing was kept, and the bank has to come again.
pub async fn receive(db: &Db, push: Push) -> Result<Received> {
    let Some(id) = push.channel else { return Ok(unknown()) };
    let found = db
        .read("payments.push_channel", move |reader| {
            let Some(channel) = by_id(reader, id)? else { return Ok(None) };
            let ring = keys::ring(reader, &channel)?;
            let own = accounts::list(reader, channel.company)?;
            Ok(Some((channel, ring, own)))
        })
        .await?;
    let Some((channel, ring, own)) = found else { return Ok(unknown()) };
    let arrived = arrived(&push);
    let now = db.clock().now();
    let profile = channel_kind(db.slots(), &channel.kind).ok().and_then(|kind| kind.push);
    // A channel of the door of banks is not there for those who come by another: whatever they send is kept nowhere.
    if profile.as_ref().is_some_and(|profile| door_of(&channel, profile) == Door::MutualTls)
        && push.peer.is_none()
    {
        return Ok(unknown());
    }
    let verified = match profile {
        Some(profile) => verify::verify(&channel, &profile, &ring, &push, &own, now),
        None => Err(Fault::denied("payments.push_not_spoken")),
    };
    let verified = match verified {
        Ok(verified) => verified,
        Err(fault) => return refuse(db, &channel, arrived, &fault).await,
    };
    failpoint::reach("payments.push.verified");
    let mut arrived = arrived;
    arrived.headers.insert(SEAL.to_owned(), verified.seal.code().to_owned());
    let judged = {
        let (channel, arrived, verified) = (channel.clone(), arrived.clone(), verified.clone());
        db.write("payments.keep_push", move |tx| judge_and_keep(tx, &channel, &arrived, &verified)).await
    };
    failpoint::reach("payments.push.kept");
    match judged {
        // Anybody who overheard it can send it again: it is no sign that the bank is well.
        Ok(Judged::Known) => Ok(Received::Taken),
        Ok(Judged::Kept { message, proof }) => {
            let (of, applying) = (channel.clone(), db.clone());
            let report = verified.told.report.clone();
            // It is kept: the bank is answered, whatever becomes of it.
            tokio::spawn(async move {
                if let Err(fault) = taken::take_in(&applying, &of, message, report, proof).await {
                    tracing::warn!(?fault, %message, "a bank's message is left to its job");
                }
            });
            Ok(taken_well(db, &channel).await)
        }
        Ok(Judged::Held { why }) => {
            note_problem(db, &channel, Trouble::coded(why)).await;
            Ok(Received::Taken)
        }
        Err(fault) if matches!(fault.kind(), Kind::Denied | Kind::Invalid | Kind::Conflict) => {
            refuse(db, &channel, arrived, &fault).await
        }
        Err(fault) => Err(fault),
    }
}

fn unknown() -> Received {
    tracing::warn!("a push for no channel of ours was refused");
    Received::Refused
}

fn arrived(push: &Push) -> Arrived {
    let mut headers = BTreeMap::new();
    if let Some(signature) = &push.signature {
        headers.insert(SIGNATURE.to_owned(), signature.clone());
    }
    let sha256 = Sha256::digest(&push.body).iter().map(|byte| format!("{byte:02x}")).collect();
    let peer = push.peer.as_deref().and_then(takt_proof::spki_of_certificate);
    let peer = peer.map_or_else(String::new, |public| takt_proof::fingerprint(&public));
    Arrived { body: push.body.clone(), sha256, headers, peer }
}

async fn taken_well(db: &Db, channel: &Channel) -> Received {
    if let Err(fault) = Contacts::good(db, channel).await {
        tracing::warn!(?fault, "what was heard of a bank was not noted");
    }
    Received::Taken
}

async fn note_problem(db: &Db, channel: &Channel, trouble: Trouble) {
    if let Err(fault) = Contacts::problem(db, channel, trouble).await {
        tracing::warn!(?fault, "what was heard of a bank was not noted");
    }
}

/// Keeps what was refused, as far as there is room for it, and calls people.
async fn refuse(db: &Db, channel: &Channel, arrived: Arrived, fault: &Fault) -> Result<Received> {
    let code = fault.code();
    tracing::warn!(channel = %channel.id, code, "a bank's push was refused");
    let room = db
        .slots()
        .of(&CONTACTS)
        .next()
        .is_some_and(|contacts| contacts.has_room(channel.id, db.clock().now()));
    if room {
        let (company, id) = (channel.company, channel.id);
        let mut entry = Entry::new(MessageState::Refused, code);
        entry.outcome_args =
            fault.args().iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        db.write("payments.keep_refused", move |tx| {
            messages::keep(tx, company, id, &arrived, &entry, None).map(|_| ())
        })
        .await?;
    }
    note_problem(db, channel, Trouble::of(fault)).await;
    Ok(Received::Refused)
}

/// What a kept push says. It was verified when it came; its proof stands beside it.
pub(super) fn read_again(profile: &PushProfile, kept: &BankMessage) -> Result<BankReport> {
    let jwt = kept.headers.get(SEAL).is_some_and(|seal| seal == Seal::Jwt.code());
    let payload = if jwt { takt_proof::claims_unverified(&kept.body)? } else { kept.body.clone() };
    (profile.read)(&payload).map(|told| told.report)
}

/// Where a bank of this channel has to come in: that of its profile, or the stricter one of its settings.
pub fn door_of(channel: &Channel, profile: &PushProfile) -> Door {
    match (profile.door, channel.text("door")) {
        (Door::MutualTls, _) | (Door::Public, Some("mutual_tls")) => Door::MutualTls,
        (Door::Public, _) => Door::Public,
    }
}

/// The seal that the settings choose among those of the profile.
pub fn seal_of(channel: &Channel, profile: &PushProfile) -> Option<Seal> {
    match channel.text("seal") {
        None => profile.seals.first().copied(),
        Some(code) => profile.seals.iter().copied().find(|seal| seal.code() == code),
    }
}

/// Whom the bank has to address: what the settings say, or the channel itself.
pub fn audience_of(channel: &Channel) -> String {
    channel.text("audience").map_or_else(|| format!("takt:{}", channel.id), str::to_owned)
}
