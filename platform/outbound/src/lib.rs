//! The only HTTP client of the house. Whoever speaks to the outside speaks through [`Outbound`], so
//! that time limits, sizes, redirects and trust are decided once. Nothing is retried here: jobs are.

mod address;
mod call;
mod download;
mod identity;
mod reach;
mod secured;

pub use address::Address;
pub use call::{Call, Reply};
pub use download::{Download, DownloadLimits};
pub use identity::Identity;
pub use reach::Reach;
pub use secured::Secured;

use std::{sync::Arc, time::Duration};

use takt_kernel::{Fault, Result};

/// Texts of the faults of this crate; `app` adds them to the wiring.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];

const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(60);
const LARGEST_REPLY: usize = 16 * 1024 * 1024;

/// Keeps connections open; clones share them.
#[derive(Clone)]
pub struct Outbound {
    client: reqwest::Client,
    reach: Reach,
}

impl Outbound {
    /// # Errors
    /// `outbound.unusable` when the machine has no certificates to trust.
    pub fn new() -> Result<Self> {
        Self::to(Reach::Anywhere)
    }

    /// For addresses that others than who runs the program may choose.
    ///
    /// # Errors
    /// As [`Outbound::new`].
    pub fn to(reach: Reach) -> Result<Self> {
        Self::known_as(reach, None)
    }

    /// Shows a certificate of its own where it is asked for one, and trusts whom the identity names.
    ///
    /// # Errors
    /// As [`Outbound::new`]; `outbound.bad_identity`.
    pub fn known_as(reach: Reach, identity: Option<&Identity>) -> Result<Self> {
        // Whoever was first has installed the same provider.
        rustls::crypto::ring::default_provider().install_default().ok();
        let builder = match reach {
            Reach::Anywhere => reqwest::Client::builder(),
            // A proxy would look the name up itself, and reach what we may not.
            guarded => reqwest::Client::builder().no_proxy().dns_resolver(Arc::new(reach::Guarded(guarded))),
        };
        let builder = match identity {
            Some(identity) => identity.shown_by(builder)?,
            None => builder,
        };
        let client = builder
            .user_agent(concat!("takt/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .tls_info(true)
            .build()
            .map_err(|error| Fault::broken("outbound.unusable").because(error))?;
        Ok(Self { client, reach })
    }

    /// Any status is an answer; only the lack of one is a fault.
    ///
    /// # Errors
    /// `outbound.unreachable`, `outbound.timed_out`, `outbound.too_large`, `outbound.bad_address`,
    /// `outbound.out_of_reach`.
    pub async fn send(&self, call: Call) -> Result<Reply> {
        let host = call.host();
        let wanted = call.wanted_bytes();
        let mut request = call.into_request(&self.client)?;
        self.reach.judge_url(request.url())?;
        request.timeout_mut().get_or_insert(ANSWER);
        let https = request.url().scheme() == "https";
        let mut response = self.client.execute(request).await.map_err(|error| fault(error, &host))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let certificate = certificate(&response).filter(|_| https);
        let mut body = Vec::new();
        while body.len() < wanted
            && let Some(chunk) = response.chunk().await.map_err(|error| fault(error, &host))?
        {
            if body.len() + chunk.len() > LARGEST_REPLY {
                return Err(Fault::unavailable("outbound.too_large").arg("host", host));
            }
            body.extend_from_slice(&chunk);
        }
        body.truncate(wanted);
        let secured = certificate.map(|certificate| Secured::new(host, certificate, &body));
        Ok(Reply { status, headers, body, secured })
    }
}

/// What the other end showed, and what was verified before a byte was sent.
fn certificate(response: &reqwest::Response) -> Option<Vec<u8>> {
    response.extensions().get::<reqwest::tls::TlsInfo>()?.peer_certificate().map(<[u8]>::to_vec)
}

/// Addresses may hold secrets in their queries, so only the host is told.
fn fault(error: reqwest::Error, host: &str) -> Fault {
    if reach::was_out_of_reach(&error) {
        return reach::out_of_reach(host);
    }
    let code = if error.is_timeout() { "outbound.timed_out" } else { "outbound.unreachable" };
    Fault::unavailable(code).arg("host", host).because(error.without_url())
}
