//! Connecting a shop's system, its secrets and its settings.

use serde_json::{Map, Value};
use takt_connections::{
    ConnectionId, ManageConnections, NewConnection, get, list, save_settings,
    secrets::{self, WEBHOOK},
};
use takt_kernel::{Fault, Result};
use takt_staff::{command_line, companies, shops};
use takt_store::Db;

use super::{Input, input::needs_secret};
use crate::arguments::ConnectionVerb;

/// Answers what is to be printed.
pub(super) async fn run(db: &Db, verb: &ConnectionVerb, input: &Input) -> Result<String> {
    match verb.clone() {
        ConnectionVerb::Create { company, shop, kind, name, .. } => {
            let secret = if needs_secret(verb) { Some(input.secret()?) } else { None };
            create(db, (company, shop), (kind, name), secret).await
        }
        ConnectionVerb::List { company, .. } => list_all(db, company).await,
        ConnectionVerb::Secret { company, connection, name, .. } => {
            let value = input.secret()?;
            let id = ConnectionId::new(connection);
            db.write("takt.connection_secret", move |tx| {
                let company = companies::by_name_or_id(tx, &company)?.id;
                secrets::set(tx, &command_line::permit::<ManageConnections>(company), id, &name, &value)
            })
            .await?;
            Ok(connection.to_string())
        }
        ConnectionVerb::Set { company, connection, .. } => {
            let wanted: Map<String, Value> = serde_json::from_slice(input.bytes())
                .map_err(|error| Fault::invalid("takt.settings_malformed").because(error))?;
            set(db, company, ConnectionId::new(connection), wanted).await
        }
    }
}

async fn create(
    db: &Db,
    (company, shop): (String, String),
    (kind, name): (String, String),
    secret: Option<String>,
) -> Result<String> {
    db.write("takt.connect", move |tx| {
        let company = companies::by_name_or_id(tx, &company)?.id;
        let shop = shops::by_name_or_id(tx, company, &shop)?.id;
        let permit = command_line::permit::<ManageConnections>(company);
        let new = NewConnection { shop, kind: kind.clone(), name: name.clone() };
        let (id, key) = takt_connections::create(tx, &permit, &new)?;
        let Some(secret) = &secret else { return Ok(key) };
        secrets::set(tx, &permit, id, WEBHOOK, secret)?;
        Ok(id.to_string())
    })
    .await
}

async fn list_all(db: &Db, company: String) -> Result<String> {
    db.read("takt.connections", move |reader| {
        let company = companies::by_name_or_id(reader, &company)?.id;
        let lines = list(reader, company)?.into_iter().map(|connection| {
            let shop = shops::get(reader, company, connection.shop)?;
            Ok(format!("{}\t{}\t{}\t{}", connection.id, connection.kind, shop.name, connection.name))
        });
        Ok(lines.collect::<Result<Vec<_>>>()?.join("\n"))
    })
    .await
}

async fn set(db: &Db, company: String, id: ConnectionId, wanted: Map<String, Value>) -> Result<String> {
    db.write("takt.connection_set", move |tx| {
        let company = companies::by_name_or_id(tx, &company)?.id;
        let permit = command_line::permit::<ManageConnections>(company);
        let connection = get(tx, company, id)?;
        let mut settings = connection.settings.clone();
        for (name, value) in &wanted {
            match value {
                Value::Null => settings.shift_remove(name),
                value => settings.insert(name.clone(), value.clone()),
            };
        }
        save_settings(tx, &connection, &settings, permit.actor())?;
        Ok(Value::Object(settings).to_string())
    })
    .await
}
