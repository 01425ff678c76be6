//! Whoever comes has to show a certificate, too.

use std::{path::Path, sync::Arc};

use rustls::{
    RootCertStore,
    crypto::CryptoProvider,
    server::{WebPkiClientVerifier, danger::ClientCertVerifier},
};
use takt_kernel::Result;

use super::pem::{about, certificates};

/// The certificate that the other end of a connection showed, DER; its chain was verified. Stands among the
/// extensions of each request of such a connection.
#[derive(Clone, Debug)]
pub struct PeerCertificate(pub Vec<u8>);

pub(super) fn verifier(provider: Arc<CryptoProvider>, file: &Path) -> Result<Arc<dyn ClientCertVerifier>> {
    let mut roots = RootCertStore::empty();
    for authority in certificates(file)? {
        roots.add(authority).map_err(|error| about("web.tls_certificate_malformed", file).because(error))?;
    }
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|error| about("web.tls_certificate_malformed", file).because(error))
}
