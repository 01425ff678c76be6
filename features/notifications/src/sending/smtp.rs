//! The talk with the mail server, in two parts: all that can be refused without a doubt, then the
//! text, after which only an answer tells what became of it.

use std::{future::Future, time::Duration};

use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::DEFAULT_MECHANISMS,
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
    },
};
use tokio::{net::TcpStream, time::timeout};

use super::record::{Trouble, TroubleKind};
use crate::settings::{Security, SmtpServer};

const CONNECTING: Duration = Duration::from_secs(15);
/// RFC 5321, 4.5.3.2.6: a server may take its time after the end of the text.
const TAKING: Duration = Duration::from_secs(600);
const PARTING: Duration = Duration::from_secs(5);

/// Up to the moment at which the server waits for the text.
pub(super) async fn introduce(
    server: &SmtpServer,
    own_name: &str,
    message: &Message,
    talking: Duration,
) -> Result<AsyncSmtpConnection, Trouble> {
    within(talking, async {
        let mut connection = connect(server, own_name).await?;
        match address(&mut connection, message).await {
            Ok(()) => Ok(connection),
            Err(trouble) => {
                part(connection).await;
                Err(trouble)
            }
        }
    })
    .await
}

/// Connects, signs in and parts.
pub(super) async fn greet(server: &SmtpServer, own_name: &str) -> Result<(), Trouble> {
    let connection = within(CONNECTING, connect(server, own_name)).await?;
    part(connection).await;
    Ok(())
}

async fn connect(server: &SmtpServer, own_name: &str) -> Result<AsyncSmtpConnection, Trouble> {
    let hello = ClientId::Domain(own_name.to_owned());
    let insecure =
        |error: Error| Trouble::new(TroubleKind::Passing, "notifications.no_security", &told(&error));
    let tls = || TlsParameters::new(server.host.clone()).map_err(insecure);
    let mut connection = match server.security {
        Security::Tls => {
            let place = (server.host.as_str(), server.port);
            AsyncSmtpConnection::connect_tokio1(place, Some(CONNECTING), &hello, Some(tls()?), None).await
        }
        Security::Plain | Security::StartTls => {
            AsyncSmtpConnection::connect_with_transport(Box::new(line(server).await?), &hello).await
        }
    }
    .map_err(unreachable)?;
    if server.security == Security::StartTls {
        connection.starttls(tls()?, &hello).await.map_err(insecure)?;
    }
    if let Some(credentials) = &server.credentials {
        connection.auth(DEFAULT_MECHANISMS, credentials).await.map_err(|error| {
            Trouble::new(TroubleKind::Passing, "notifications.sign_in_refused", &told(&error))
        })?;
    }
    Ok(connection)
}

/// Without the delay by which small packets wait for each other: the text and its end are two of them,
/// and every message would wait 40 ms in between.
async fn line(server: &SmtpServer) -> Result<TcpStream, Trouble> {
    let unreachable =
        |problem: &str| Trouble::new(TroubleKind::Passing, "notifications.no_connection", problem);
    let stream = timeout(CONNECTING, TcpStream::connect((server.host.as_str(), server.port)))
        .await
        .map_err(|_| unreachable(""))?
        .map_err(|error| unreachable(&error.to_string()))?;
    stream.set_nodelay(true).map_err(|error| unreachable(&error.to_string()))?;
    Ok(stream)
}

async fn address(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), Trouble> {
    let envelope = message.envelope();
    let mut parameters = Vec::new();
    let addresses = envelope.from().into_iter().chain(envelope.to());
    if addresses.map(AsRef::<str>::as_ref).any(|address| !address.is_ascii()) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Trouble::never("notifications.address_unsupported", ""));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    connection.command(Mail::new(envelope.from().cloned(), parameters)).await.map_err(turned_away)?;
    for recipient in envelope.to() {
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).await.map_err(turned_away)?;
    }
    connection.command(Data).await.map_err(turned_away)?;
    Ok(())
}

/// The text. An answer says what became of it; without one nobody knows.
pub(super) async fn transmit(
    mut connection: AsyncSmtpConnection,
    message: &[u8],
) -> Result<AsyncSmtpConnection, Trouble> {
    match timeout(TAKING, connection.message(message)).await {
        Ok(Ok(_)) => Ok(connection),
        Ok(Err(error)) if error.is_permanent() || error.is_transient() => {
            let trouble = turned_away(error);
            part(connection).await;
            Err(trouble)
        }
        Ok(Err(error)) => {
            Err(Trouble::new(TroubleKind::Unknown, "notifications.nobody_knows", &told(&error)))
        }
        Err(_) => Err(Trouble::new(TroubleKind::Unknown, "notifications.nobody_knows", "")),
    }
}

/// Says goodbye; whether that is heard does not matter.
pub(super) async fn part(mut connection: AsyncSmtpConnection) {
    if timeout(PARTING, connection.abort()).await.is_err() {
        tracing::debug!("the mail server did not hear the goodbye");
    }
}

async fn within<T>(time: Duration, talk: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    match timeout(time, talk).await {
        Ok(answer) => answer,
        Err(_) => Err(Trouble::new(TroubleKind::Passing, "notifications.no_connection", "")),
    }
}

fn unreachable(error: Error) -> Trouble {
    let problem = if error.is_tls() { "notifications.no_security" } else { "notifications.no_connection" };
    Trouble::new(TroubleKind::Passing, problem, &told(&error))
}

fn turned_away(error: Error) -> Trouble {
    if error.is_permanent() {
        Trouble::never("notifications.refused", &told(&error))
    } else {
        Trouble::new(TroubleKind::Passing, "notifications.put_off", &told(&error))
    }
}

/// The code and the words of the server, without the house's own words around them.
fn told(error: &Error) -> String {
    let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    error.status().map_or_else(|| cause.clone(), |code| format!("{code} {cause}"))
}
