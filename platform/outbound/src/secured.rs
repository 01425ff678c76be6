use sha2::{Digest, Sha256};

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
