//! Where mail goes out, from the command line or the environment. A password is kept out of
//! everything that is printed.

use std::{fmt, net::IpAddr, time::Duration};

use http::Uri;
use lettre::{message::Mailbox, transport::smtp::authentication::Credentials};
use percent_encoding::percent_decode_str;
use takt_kernel::{Fault, Result, Slot};
use takt_store::Query;

pub(crate) static MAIL: Slot<Settings> = Slot::new("notifications.mail");

const TALKING: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
pub struct Settings {
    /// Without one, messages wait in the outbox.
    pub(crate) server: Option<SmtpServer>,
    /// Who writes when a company has no address of its own.
    pub(crate) from: Mailbox,
    /// How long the server may take until it wants the text.
    pub(crate) talking: Duration,
}

#[derive(Clone)]
pub(crate) struct SmtpServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub credentials: Option<Credentials>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// A relay on this machine.
    Plain,
    /// The server must offer STARTTLS, or nothing is sent.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

impl Settings {
    /// `smtp://user:password@host:port` or `smtps://…`, and `Name <address>`. `smtp` means STARTTLS,
    /// except towards this machine; `?tls=none` and `?tls=starttls` say it outright. Characters with
    /// a meaning of their own are percent-encoded in user and password.
    ///
    /// # Errors
    /// `notifications.smtp_malformed`, `notifications.from_malformed`; neither repeats what was given.
    pub fn parse(smtp: Option<&str>, from: &str) -> Result<Self> {
        let from = from.parse().map_err(|error: lettre::address::AddressError| {
            Fault::invalid("notifications.from_malformed").because(error)
        })?;
        let smtp = smtp.map(str::trim).filter(|given| !given.is_empty());
        let server = smtp.map(|given| {
            SmtpServer::parse(given).ok_or_else(|| Fault::invalid("notifications.smtp_malformed"))
        });
        Ok(Self { server: server.transpose()?, from, talking: TALKING })
    }

    /// A server that needs longer until it wants the text is taken to be away.
    #[must_use]
    pub fn talking_at_most(self, talking: Duration) -> Self {
        Self { talking, ..self }
    }

    /// Those of this installation.
    ///
    /// # Errors
    /// A broken fault when the wiring holds none.
    pub(crate) fn of(db: &dyn Query) -> Result<Self> {
        let slots = db.slots();
        slots.of(&MAIL).next().cloned().ok_or_else(|| Fault::broken("notifications.not_wired"))
    }
}

impl SmtpServer {
    fn parse(given: &str) -> Option<Self> {
        let uri: Uri = given.parse().ok()?;
        let host = uri.host()?.trim_matches(['[', ']']).to_owned();
        let asked = uri.query().unwrap_or_default();
        let (security, usual_port) = match (uri.scheme_str()?, asked) {
            ("smtps", "") => (Security::Tls, 465),
            ("smtp", "tls=none") => (Security::Plain, 25),
            ("smtp", "tls=starttls") => (Security::StartTls, 587),
            ("smtp", "") if is_here(&host) => (Security::Plain, 25),
            ("smtp", "") => (Security::StartTls, 587),
            _ => return None,
        };
        let credentials = match uri.authority()?.as_str().rsplit_once('@') {
            Some((before, _)) => Some(credentials(before)?),
            None => None,
        };
        let port = uri.port_u16().unwrap_or(usual_port);
        (!host.is_empty() && port > 0).then_some(Self { host, port, security, credentials })
    }
}

fn credentials(given: &str) -> Option<Credentials> {
    let (user, password) = given.split_once(':')?;
    let decoded = |text: &str| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
    Some(Credentials::new(decoded(user)?, decoded(password)?))
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({:?})", self.host, self.port, self.security)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_server_says_how_to_talk_to_it() {
        for (given, read) in [
            ("smtp://localhost", Some("localhost:25 (Plain)")),
            ("smtp://127.0.0.1:2525", Some("127.0.0.1:2525 (Plain)")),
            ("smtp://[::1]:2525", Some("::1:2525 (Plain)")),
            ("smtp://127.0.0.1:25?tls=starttls", Some("127.0.0.1:25 (StartTls)")),
            ("smtp://mail.example.org", Some("mail.example.org:587 (StartTls)")),
            ("smtp://mail.example.org:25?tls=none", Some("mail.example.org:25 (Plain)")),
            ("smtps://u:p@mail.example.org", Some("mail.example.org:465 (Tls)")),
            ("smtps://mail.example.org?tls=none", None),
            ("http://mail.example.org", None),
            ("smtp://user@mail.example.org", None),
            ("mail.example.org:25", None),
            ("smtp://", None),
        ] {
            let parsed = SmtpServer::parse(given).map(|server| format!("{server:?}"));
            assert_eq!(parsed.as_deref(), read, "{given}");
        }
    }

    #[test]
    fn a_password_is_decoded_and_never_printed() {
        let settings = Settings::parse(Some("smtps://shop%40tea.ru:s%2Fe%3Acret@mail.example.org"), "a@b.ru");
        let settings = settings.unwrap_or_else(|fault| panic!("{fault:?}"));
        let held = settings.server.as_ref().and_then(|server| server.credentials.clone());
        assert_eq!(held, Some(Credentials::new("shop@tea.ru".to_owned(), "s/e:cret".to_owned())));
        assert!(!format!("{settings:?}").contains("cret"), "{settings:?}");
        let refused = Settings::parse(Some("smtps://u:s3cret@"), "a@b.ru").map(|_| ());
        assert!(refused.is_err_and(|fault| !format!("{fault:?}").contains("s3cret")));
    }

    #[test]
    fn no_server_is_no_fault_and_no_sender_is_one() {
        assert!(Settings::parse(Some(" "), "Takt <takt@localhost>").is_ok_and(|it| it.server.is_none()));
        assert!(Settings::parse(None, "nobody").is_err_and(|fault| fault.is("notifications.from_malformed")));
    }
}
