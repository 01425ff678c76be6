use std::fmt;

use reqwest::{Certificate, ClientBuilder};
use takt_kernel::{Fault, Result};

/// Who we are to a host that wants to know, and whom we believe to be that host. Never printed.
#[derive(Clone, Default)]
pub struct Identity {
    /// Our certificate with its chain, and its key, as PEM.
    pub shown: Option<Vec<u8>>,
    /// Certificates of authorities, as PEM: only these are trusted. Without any, those of the machine.
    pub trusted: Option<Vec<u8>>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("shown", &self.shown.is_some()).finish_non_exhaustive()
    }
}

impl Identity {
    pub(crate) fn shown_by(&self, mut builder: ClientBuilder) -> Result<ClientBuilder> {
        let bad = |error: reqwest::Error| Fault::invalid("outbound.bad_identity").because(error);
        if let Some(trusted) = &self.trusted {
            builder = builder.tls_certs_only(Certificate::from_pem_bundle(trusted).map_err(bad)?);
        }
        if let Some(shown) = &self.shown {
            builder = builder.identity(reqwest::Identity::from_pem(shown).map_err(bad)?);
        }
        Ok(builder)
    }
}
