//! Whether a certificate can be shown, by this key and at this time.

use std::{net::IpAddr, path::Path, sync::Arc};

use rustls::{
    Error, InconsistentKeys,
    crypto::CryptoProvider,
    pki_types::CertificateDer,
    sign::{CertifiedKey, SigningKey},
};
use takt_kernel::{Result, Timestamp};
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer};

use super::pem::{Pair, PemFiles, about};

/// What a certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Hosts and addresses it speaks for. Clients look nowhere else.
    pub names: Vec<String>,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
}

impl Certificate {
    /// Reads both files and checks them as a start of the program would, but listens nowhere.
    ///
    /// # Errors
    /// As [`super::Tls::load`].
    pub fn look_at(files: &PemFiles, now: Timestamp) -> Result<Self> {
        Checked::read(files, &rustls::crypto::ring::default_provider(), now)
            .map(|checked| checked.certificate)
    }

    pub fn whole_days_left(&self, now: Timestamp) -> i64 {
        self.not_after.seconds_since(now).div_euclid(24 * 3600)
    }

    fn of(der: &CertificateDer<'_>, file: &Path) -> Result<Self> {
        let (_, parsed) = X509Certificate::from_der(der)
            .map_err(|error| about("web.tls_certificate_malformed", file).because(error.to_string()))?;
        let moment = |seconds: i64| Timestamp::from_micros(0).plus_seconds(seconds);
        let names = match parsed.subject_alternative_name() {
            Ok(Some(names)) => names.value.general_names.iter().filter_map(name).collect(),
            Ok(None) | Err(_) => Vec::new(),
        };
        Ok(Self {
            names,
            not_before: moment(parsed.validity().not_before.timestamp()),
            not_after: moment(parsed.validity().not_after.timestamp()),
        })
    }

    fn in_time(&self, file: &Path, now: Timestamp) -> Result<()> {
        let refused = |code, at: Timestamp| Err(about(code, file).arg("at", at));
        match () {
            () if now > self.not_after => refused("web.tls_expired", self.not_after),
            () if now < self.not_before => refused("web.tls_not_yet_valid", self.not_before),
            () => Ok(()),
        }
    }
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(host) => Some((*host).to_owned()),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            v4.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from)).map(|ip| ip.to_string()).ok()
        }
        _ => None,
    }
}

/// A pair that can be shown.
pub(super) struct Checked {
    pub key: CertifiedKey,
    pub certificate: Certificate,
}

impl Checked {
    pub fn read(files: &PemFiles, provider: &CryptoProvider, now: Timestamp) -> Result<Self> {
        let Pair { chain, key } = files.read()?;
        let certificate = Certificate::of(&chain[0], &files.certificate)?;
        let key = provider
            .key_provider
            .load_private_key(key)
            .map_err(|error| about("web.tls_key_unusable", &files.key).because(error))?;
        let key = belonging(chain, key, files)?;
        certificate.in_time(&files.certificate, now)?;
        Ok(Self { key, certificate })
    }
}

fn belonging(
    chain: Vec<CertificateDer<'static>>,
    key: Arc<dyn SigningKey>,
    files: &PemFiles,
) -> Result<CertifiedKey> {
    let paired = CertifiedKey::new(chain, key);
    match paired.keys_match() {
        // A key that does not tell its public half cannot be compared.
        Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(paired),
        Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
            let another = paired.cert.iter().skip(1).any(|issuer| {
                CertifiedKey::new(vec![issuer.clone()], paired.key.clone()).keys_match().is_ok()
            });
            let code = if another { "web.tls_chain_order" } else { "web.tls_key_of_another" };
            Err(about(code, &files.certificate).arg("key", files.key.display()))
        }
        Err(error) => Err(about("web.tls_certificate_malformed", &files.certificate).because(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_are_left_are_whole_ones_and_those_that_are_over_are_negative() {
        let end = Timestamp::from_micros(0).plus_seconds(100 * 86_400);
        let certificate =
            Certificate { names: Vec::new(), not_before: Timestamp::from_micros(0), not_after: end };
        for (seconds, days) in [(0, 0), (-86_399, 0), (-86_400, 1), (-21 * 86_400, 21), (1, -1)] {
            assert_eq!(certificate.whole_days_left(end.plus_seconds(seconds)), days, "{seconds}");
        }
    }

    #[test]
    fn names_are_hosts_and_addresses() {
        for (given, told) in [
            (GeneralName::DNSName("takt.test"), Some("takt.test")),
            (GeneralName::IPAddress(&[127, 0, 0, 1]), Some("127.0.0.1")),
            (GeneralName::IPAddress(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), Some("::1")),
            (GeneralName::IPAddress(&[1, 2]), None),
            (GeneralName::RFC822Name("a@takt.test"), None),
        ] {
            assert_eq!(name(&given).as_deref(), told);
        }
    }
}
