//! TLS with a certificate of one's own. What is shown is changed without a restart: [`Tls::renew`] looks
//! whether the files are others, and takes them when they are good. A broken pair changes nothing.

mod certificate;
mod mutual;
mod pem;

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, ring},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use takt_kernel::{Fault, Result, Timestamp};
use takt_metrics::Metrics;
use tokio_rustls::TlsAcceptor;

pub use certificate::Certificate;
use certificate::Checked;
pub use mutual::PeerCertificate;
pub use pem::PemFiles;

/// All that the plain listener speaks.
const PROTOCOL: &[u8] = b"http/1.1";

/// A certificate, its key and how to speak with them. Clones share them.
#[derive(Clone)]
pub struct Tls(Arc<Inner>);

struct Inner {
    files: PemFiles,
    shown: Arc<Shown>,
    acceptor: TlsAcceptor,
    looked: Mutex<Looked>,
}

/// What the files were when they were last read, and the refusal if they were no good.
struct Looked {
    stamps: Stamps,
    refused: Option<String>,
}

/// What the next client is shown.
#[derive(Debug)]
struct Shown(RwLock<(Arc<CertifiedKey>, Certificate)>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).0.clone())
    }
}

/// What became of a look at the files.
#[derive(Debug)]
pub enum Renewal {
    Unchanged,
    Renewed(Certificate),
    /// The files are no good, and the old pair goes on being shown.
    Kept(Fault),
}

impl Tls {
    /// Reads and checks both files.
    ///
    /// # Errors
    /// `web.tls_…`, each of which says what is wrong with which file.
    pub fn load(files: PemFiles, now: Timestamp) -> Result<Self> {
        Self::load_asking(files, None, now)
    }

    /// The same, and nobody comes in without a certificate that one of the authorities in this PEM file issued.
    /// The authorities are read once; the pair is renewed as ever.
    ///
    /// # Errors
    /// As [`Tls::load`].
    pub fn load_mutual(files: PemFiles, authorities: &Path, now: Timestamp) -> Result<Self> {
        Self::load_asking(files, Some(authorities), now)
    }

    fn load_asking(files: PemFiles, authorities: Option<&Path>, now: Timestamp) -> Result<Self> {
        let stamps = Stamps::of(&files);
        let provider = Arc::new(ring::default_provider());
        let checked = Checked::read(&files, &provider, now)?;
        let shown = Arc::new(Shown(RwLock::new((Arc::new(checked.key), checked.certificate))));
        let acceptor = TlsAcceptor::from(Arc::new(settings(provider, shown.clone(), authorities)?));
        let looked = Mutex::new(Looked { stamps, refused: None });
        Ok(Self(Arc::new(Inner { files, shown, acceptor, looked })))
    }

    /// What is shown now.
    pub fn certificate(&self) -> Certificate {
        self.0.shown.0.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// Reads the files again when they are others than before, or when somebody asks for it. Logged and
    /// counted is what is new: a pair that stays broken is so once.
    pub fn renew(&self, now: Timestamp, asked: bool, metrics: &Metrics) -> Renewal {
        let mut looked = self.looked();
        let stamps = Stamps::of(&self.0.files);
        // A refusal may end without a change of the files: a certificate becomes valid.
        if stamps == looked.stamps && looked.refused.is_none() && !asked {
            return Renewal::Unchanged;
        }
        let news = asked || stamps != looked.stamps;
        let certificate = self.0.files.certificate.display();
        match Checked::read(&self.0.files, &ring::default_provider(), now) {
            Ok(checked) => {
                let described = checked.certificate.clone();
                *self.0.shown.0.write().unwrap_or_else(PoisonError::into_inner) =
                    (Arc::new(checked.key), checked.certificate);
                *looked = Looked { stamps, refused: None };
                count(metrics, "done");
                tracing::info!(%certificate, not_after = %described.not_after, "a new certificate is shown");
                Renewal::Renewed(described)
            }
            Err(fault) => {
                if news || looked.refused.as_deref() != Some(fault.code()) {
                    count(metrics, "refused");
                    tracing::error!(%certificate, ?fault, "the new certificate is no good; the old one stays");
                }
                *looked = Looked { stamps, refused: Some(fault.code().to_owned()) };
                Renewal::Kept(fault)
            }
        }
    }

    /// Tells how long the certificate lasts, and which renewals there were.
    pub fn tell(&self, metrics: &Metrics) {
        let tls = self.clone();
        metrics.when_asked(
            "takt_tls_certificate_not_after_seconds",
            "When the certificate that is shown ends, in seconds since 1970",
            move || (tls.certificate().not_after.micros() / 1_000_000) as f64,
        );
        metrics.counter_by::<1>(RENEWALS.0, RENEWALS.1);
    }

    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.0.acceptor
    }

    fn looked(&self) -> MutexGuard<'_, Looked> {
        self.0.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const RENEWALS: (&str, &str) = ("takt_tls_renewals", "Certificate files that were read again, by outcome");

fn count(metrics: &Metrics, outcome: &'static str) {
    metrics.counter_by(RENEWALS.0, RENEWALS.1).get_or_create(&[("outcome", outcome.into())]).inc();
}

/// TLS 1.2 and 1.3. Nobody is asked for a certificate of their own, unless there are authorities.
fn settings(
    provider: Arc<CryptoProvider>,
    shown: Arc<Shown>,
    authorities: Option<&Path>,
) -> Result<ServerConfig> {
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::broken("web.tls_unusable").because(error))?;
    let builder = match authorities {
        None => builder.with_no_client_auth(),
        Some(file) => builder.with_client_cert_verifier(mutual::verifier(provider, file)?),
    };
    let mut settings = builder.with_cert_resolver(shown);
    settings.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(settings)
}

/// By what a file that was replaced is recognised; nothing when there is none.
#[derive(PartialEq, Eq)]
struct Stamps([Option<Stamp>; 2]);

#[derive(PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    bytes: u64,
    modified: (i64, i64),
}

impl Stamps {
    fn of(files: &PemFiles) -> Self {
        Self([Stamp::of(&files.certificate).ok(), Stamp::of(&files.key).ok()])
    }
}

impl Stamp {
    /// Follows links: those that renew certificates often only turn one.
    fn of(file: &Path) -> io::Result<Self> {
        let found = fs::metadata(file)?;
        Ok(Self {
            file: (found.dev(), found.ino()),
            bytes: found.size(),
            modified: (found.mtime(), found.mtime_nsec()),
        })
    }
}
