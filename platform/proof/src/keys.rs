use serde::{Deserialize, Serialize};
use takt_kernel::{Fault, Result, Timestamp};

/// What may be signed with. Everything else, `none` and all that shares a secret first of all, is no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "PS256")]
    Ps256,
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    pub const ALL: [Self; 4] = [Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// # Errors
    /// `proof.algorithm_refused`.
    pub fn from_code(code: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code).ok_or_else(|| {
            Fault::invalid("proof.algorithm_refused").arg("given", code.chars().take(20).collect::<String>())
        })
    }
}

/// A key of the other side, and from when until when it counts.
#[derive(Clone, Debug)]
pub struct Key {
    pub kid: String,
    pub algorithm: Algorithm,
    /// SubjectPublicKeyInfo, DER.
    pub public: Vec<u8>,
    /// The certificate that it came in, DER; a CMS names its signer by that.
    pub certificate: Option<Vec<u8>>,
    pub not_before: Timestamp,
    pub not_after: Option<Timestamp>,
    pub revoked: bool,
}

impl Key {
    /// # Errors
    /// `proof.key_revoked`, `proof.key_not_in_time`.
    pub(crate) fn counts_at(&self, now: Timestamp) -> Result<()> {
        if self.revoked {
            return Err(Fault::denied("proof.key_revoked").arg("kid", &self.kid));
        }
        if now < self.not_before || self.not_after.is_some_and(|end| now > end) {
            return Err(Fault::denied("proof.key_not_in_time").arg("kid", &self.kid));
        }
        Ok(())
    }
}
