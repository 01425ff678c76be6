use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, Fault, Result, Timestamp};

use crate::{Algorithm, Key, cms, jws, public};

/// Whose keys these are: a channel of a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub company: CompanyId,
    pub channel: i64,
}

/// The keys that one other side may sign with: two at a time while it changes them.
#[derive(Clone, Debug)]
pub struct KeyRing {
    owner: Owner,
    keys: Vec<Key>,
}

/// Bytes that were signed by a key of the ring at a time when it counted. Made in this file alone.
#[derive(Clone, Debug)]
pub struct Signed {
    owner: Owner,
    kid: String,
    payload: Vec<u8>,
    digest: [u8; 32],
}

impl Signed {
    pub fn owner(&self) -> Owner {
        self.owner
    }
    /// Which key.
    pub fn kid(&self) -> &str {
        &self.kid
    }
    /// What was signed: the payload of an attached signature, else the body itself.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }
    /// SHA-256 of the body as it came, in hexadecimal.
    pub fn digest(&self) -> String {
        self.digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl KeyRing {
    pub fn new(owner: Owner, keys: Vec<Key>) -> Self {
        Self { owner, keys }
    }

    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// The body is a compact JWS with its payload in it (a JWT). `names_key`: its header has to say by which key.
    ///
    /// # Errors
    /// `proof.…`: what is wrong is for the log and the screen, never for the sender.
    pub fn attached(
        &self,
        body: &[u8],
        allowed: &[Algorithm],
        names_key: bool,
        now: Timestamp,
    ) -> Result<Signed> {
        let parts = jws::Parts::attached(body)?;
        let kid = self.by_header(&parts, allowed, names_key, now)?;
        Ok(self.signed(kid, parts.payload.clone(), body))
    }

    /// The body is what was signed; the JWS stands beside it as `header..signature` (RFC 7797).
    ///
    /// # Errors
    /// As [`Self::attached`].
    pub fn detached(
        &self,
        jws: &[u8],
        body: &[u8],
        allowed: &[Algorithm],
        names_key: bool,
        now: Timestamp,
    ) -> Result<Signed> {
        let parts = jws::Parts::detached(jws, body)?;
        let kid = self.by_header(&parts, allowed, names_key, now)?;
        Ok(self.signed(kid, body.to_vec(), body))
    }

    /// The body is what was signed; a CMS without content stands beside it, DER. The signer is one of our
    /// certificates: by issuer, serial number and key.
    ///
    /// # Errors
    /// As [`Self::attached`].
    pub fn cms(
        &self,
        signature: &[u8],
        body: &[u8],
        allowed: &[Algorithm],
        now: Timestamp,
    ) -> Result<Signed> {
        let said = cms::Said::read(signature, body)?;
        let named =
            |key: &&Key| key.certificate.as_deref().is_some_and(|certificate| said.names(certificate));
        let key = self.keys.iter().find(named).ok_or_else(|| Fault::denied("proof.key_unknown"))?;
        key.counts_at(now)?;
        if !allowed.contains(&key.algorithm) || !said.speaks(key.algorithm) {
            return Err(Fault::denied("proof.algorithm_refused").arg("given", key.algorithm.code()));
        }
        let algorithm: &dyn VerificationAlgorithm = match key.algorithm {
            Algorithm::Es256 => &ECDSA_P256_SHA256_ASN1,
            other => of_jws(other),
        };
        verify(algorithm, key, &said.signed_bytes, &said.signature)?;
        Ok(self.signed(key.kid.clone(), body.to_vec(), body))
    }

    fn signed(&self, kid: String, payload: Vec<u8>, body: &[u8]) -> Signed {
        Signed { owner: self.owner, kid, payload, digest: Sha256::digest(body).into() }
    }

    /// Finds the key that the header names, or tries all when the bank names none, and verifies with the
    /// algorithm of the key: the header must say the same, but never decides.
    fn by_header(
        &self,
        parts: &jws::Parts,
        allowed: &[Algorithm],
        names_key: bool,
        now: Timestamp,
    ) -> Result<String> {
        let algorithm = Algorithm::from_code(&parts.algorithm)?;
        if !allowed.contains(&algorithm) {
            return Err(Fault::denied("proof.algorithm_refused").arg("given", algorithm.code()));
        }
        let mut refused = Fault::denied("proof.key_unknown");
        if names_key && parts.kid.is_none() {
            return Err(refused);
        }
        let named = |key: &&Key| parts.kid.as_ref().is_none_or(|kid| *kid == key.kid);
        for key in self.keys.iter().filter(named) {
            let tried = key.counts_at(now).and_then(|()| {
                if key.algorithm != algorithm {
                    return Err(Fault::denied("proof.algorithm_refused").arg("given", algorithm.code()));
                }
                verify(of_jws(algorithm), key, &parts.signing_input, &parts.signature)
            });
            match tried {
                Ok(()) => return Ok(key.kid.clone()),
                Err(fault) => refused = fault,
            }
        }
        Err(refused)
    }
}

fn of_jws(algorithm: Algorithm) -> &'static dyn VerificationAlgorithm {
    match algorithm {
        Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
        Algorithm::Es256 => &ECDSA_P256_SHA256_FIXED,
        Algorithm::EdDsa => &ED25519,
    }
}

fn verify(
    algorithm: &'static dyn VerificationAlgorithm,
    key: &Key,
    message: &[u8],
    signature: &[u8],
) -> Result<()> {
    let wrong = || Fault::denied("proof.signature_wrong").arg("kid", &key.kid);
    let bits = public::bits_of(&key.public).ok_or_else(wrong)?;
    UnparsedPublicKey::new(algorithm, bits).verify(message, signature).map_err(|_| wrong())
}
