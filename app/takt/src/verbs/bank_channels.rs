//! Connecting a bank that speaks by itself, and its keys.

use serde_json::{Map, Value};
use takt_kernel::{Fault, Result};
use takt_payments::{
    channels::{
        self, ChannelId, NewChannel,
        keys::{self, NewKey},
        secrets,
    },
    rights::ManageBankChannels,
};
use takt_proof::Algorithm;
use takt_staff::{Permit, command_line, companies};
use takt_store::{Db, Tx};

use super::Input;
use crate::arguments::BankChannelVerb;

/// Answers what is to be printed.
pub(super) async fn run(db: &Db, verb: &BankChannelVerb, input: &Input) -> Result<String> {
    match verb.clone() {
        BankChannelVerb::Create { company, kind, name, set, peer, .. } => {
            let settings = settings(&set, &peer)?;
            let new = NewChannel { kind, name, settings };
            change(db, company, move |tx, permit| Ok(channels::create(tx, permit, &new)?.to_string())).await
        }
        BankChannelVerb::List { company, .. } => list(db, company).await,
        BankChannelVerb::Set { company, channel, .. } => {
            let wanted: Map<String, Value> = serde_json::from_slice(input.bytes())
                .map_err(|error| Fault::invalid("takt.settings_malformed").because(error))?;
            change(db, company, move |tx, permit| {
                let all = channels::change_settings(tx, permit, ChannelId::new(channel), &wanted)?;
                Ok(Value::Object(all).to_string())
            })
            .await
        }
        BankChannelVerb::Rotate { company, channel, kid, algorithm, overlap, .. } => {
            let algorithm = algorithm.as_deref().map(Algorithm::from_code).transpose()?;
            let text = String::from_utf8_lossy(input.bytes()).into_owned();
            let new = NewKey { kid, algorithm, text, not_before: None, not_after: None };
            let channel = ChannelId::new(channel);
            change(db, company, move |tx, permit| keys::rotate(tx, permit, channel, &new, i64::from(overlap)))
                .await
        }
        BankChannelVerb::Revoke { company, channel, kid, .. } => {
            change(db, company, move |tx, permit| {
                keys::revoke(tx, permit, ChannelId::new(channel), &kid)?;
                Ok(kid.clone())
            })
            .await
        }
        BankChannelVerb::Pause { company, channel, .. } => {
            change(db, company, move |tx, permit| {
                channels::pause(tx, permit, ChannelId::new(channel)).map(|()| channel.to_string())
            })
            .await
        }
        BankChannelVerb::Resume { company, channel, .. } => {
            change(db, company, move |tx, permit| {
                channels::resume(tx, permit, ChannelId::new(channel)).map(|()| channel.to_string())
            })
            .await
        }
        BankChannelVerb::Secret { company, channel, name, .. } => {
            let value = String::from_utf8_lossy(input.bytes()).trim_end().to_owned();
            change(db, company, move |tx, permit| {
                secrets::set(tx, permit, ChannelId::new(channel), &name, &value).map(|()| channel.to_string())
            })
            .await
        }
    }
}

async fn change(
    db: &Db,
    company: String,
    does: impl Fn(&mut Tx<'_>, &Permit<ManageBankChannels>) -> Result<String> + Send + Sync + 'static,
) -> Result<String> {
    db.write("takt.bank_channel", move |tx| {
        let company = companies::by_name_or_id(tx, &company)?.id;
        does(tx, &command_line::permit::<ManageBankChannels>(company))
    })
    .await
}

fn settings(set: &[String], peers: &[String]) -> Result<Map<String, Value>> {
    let mut settings = Map::new();
    for given in set {
        let (name, value) = given
            .split_once('=')
            .ok_or_else(|| Fault::invalid("takt.settings_malformed").arg("given", given))?;
        settings.insert(name.to_owned(), Value::from(value));
    }
    if !peers.is_empty() {
        settings.insert("peers".to_owned(), Value::from(peers.to_vec()));
    }
    Ok(settings)
}

async fn list(db: &Db, company: String) -> Result<String> {
    db.read("takt.bank_channels", move |reader| {
        let company = companies::by_name_or_id(reader, &company)?.id;
        let lines = channels::standings(reader, company)?.into_iter().map(|standing| {
            let (channel, contact) = (standing.channel, standing.contact);
            let well = contact.last_good_at.map_or_else(|| "—".to_owned(), |at| at.to_string());
            let paused = if channel.paused { "paused" } else { "on" };
            let wrong = contact.last_problem.map_or_else(|| "—".to_owned(), |problem| problem.code);
            let keys = named_keys(&standing.keys);
            format!("{}\t{}\t{}\t{paused}\t{well}\t{wrong}\t{keys}", channel.id, channel.kind, channel.name)
        });
        Ok(lines.collect::<Vec<_>>().join("\n"))
    })
    .await
}

/// The keys by name, those that were revoked not.
fn named_keys(keys: &[keys::BankKey]) -> String {
    let named: Vec<&str> =
        keys.iter().filter(|key| key.revoked_at.is_none()).map(|key| key.kid.as_str()).collect();
    if named.is_empty() { "—".to_owned() } else { named.join(" ") }
}
