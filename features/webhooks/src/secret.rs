//! The key of an endpoint and what is signed with it, as <https://www.standardwebhooks.com> says.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::hmac;
use takt_kernel::{Entropy, Fault, Result, Timestamp};

const PREFIX: &str = "whsec_";
const BYTES: usize = 32;

/// 256 bits, written `whsec_…`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    pub(crate) fn new(entropy: &dyn Entropy) -> Result<Self> {
        let mut bytes = vec![0_u8; BYTES];
        entropy.fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    pub(crate) fn kept(text: &str) -> Result<Self> {
        let bytes = text.strip_prefix(PREFIX).and_then(|key| BASE64_STANDARD.decode(key).ok());
        bytes.map(Self).ok_or_else(|| Fault::broken("webhooks.secret_unreadable"))
    }

    /// As its owner has to know it.
    pub fn shown(&self) -> String {
        format!("{PREFIX}{}", BASE64_STANDARD.encode(&self.0))
    }

    /// `v1,…` over what is sent.
    pub(crate) fn sign(&self, id: &str, at: Timestamp, body: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let mut signing = hmac::Context::with_key(&key);
        for part in [id, ".", &seconds(at).to_string(), ".", body] {
            signing.update(part.as_bytes());
        }
        format!("v1,{}", BASE64_STANDARD.encode(signing.sign()))
    }
}

/// As `webhook-timestamp` says it.
pub(crate) const fn seconds(at: Timestamp) -> i64 {
    at.micros().div_euclid(1_000_000)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the specification's own example.
    #[test]
    fn a_known_message_has_its_known_signature() {
        let secret = Secret::kept("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap_or(Secret(Vec::new()));
        let at = Timestamp::from_micros(1_614_265_330_000_000);
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(!format!("{secret:?}").contains("MfKQ"));
        assert!(Secret::kept("whsec_?").is_err() && Secret::kept("MfKQ").is_err());
    }
}
