use sha2::{Digest, Sha256};

use crate::Reply;

/// That these bytes came over TLS from this host, whose certificate verified. Made of an answer, by this crate
/// alone: whoever holds one has asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secured {
    host: String,
    certificate: Vec<u8>,
    digest: String,
}

impl Secured {
    pub(crate) fn new(host: String, certificate: Vec<u8>, body: &[u8]) -> Self {
        let digest = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { host, certificate, digest }
    }

    /// Several answers of one host as one: their bodies, each on a line of its own. Nothing when one of them did
    /// not come over TLS, or came from elsewhere.
    pub fn joined(answers: &[Reply]) -> Option<(Vec<u8>, Self)> {
        let first = answers.first()?.secured()?;
        let same = answers.iter().all(|answer| answer.secured().is_some_and(|one| one.host == first.host));
        let bodies: Vec<&[u8]> = answers.iter().map(|answer| answer.body.as_slice()).collect();
        let whole = bodies.join(&b'\n');
        let joined = Self::new(first.host.clone(), first.certificate.clone(), &whole);
        same.then_some((whole, joined))
    }

    pub fn host(&self) -> &str {
        &self.host
    }
    /// What the host showed, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }
    /// SHA-256 of the body, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}
