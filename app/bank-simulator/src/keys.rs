//! The bank's authority, certificates and keys, in a folder. Made once; those that lie there are used again.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use serde_json::{Map, Value};
use takt_kernel::{Entropy, Fault, Result};
use takt_proof::{Algorithm, Signer, fingerprint, spki_of_certificate};

use crate::rsa;

/// By which the bank's keys go.
pub const KID: &str = "bank-1";

/// All that the bank shows and signs with.
pub struct BankKeys {
    /// PEM: the authority, the certificate the bank shows when it pushes, its key.
    pub authority: String,
    pub client: String,
    pub client_key: String,
    /// PEM: what Takt shows at the door of banks, when nobody else issues it.
    pub server: String,
    pub server_key: String,
    /// ES256, and the certificate by which a CMS names it (PEM).
    pub signer: Signer,
    pub certificate: String,
    /// RS256, as Tochka's.
    pub rsa: Signer,
}

impl BankKeys {
    /// # Errors
    /// `bank_simulator.folder_unusable`, `bank_simulator.keys_unusable`.
    pub fn open(folder: &Path, entropy: &dyn Entropy) -> Result<Self> {
        let unusable = |error: std::io::Error| {
            Fault::invalid("bank_simulator.folder_unusable").arg("folder", folder.display()).because(error)
        };
        fs::create_dir_all(folder).map_err(unusable)?;
        if !folder.join("rsa.jwk").exists() {
            for (name, text) in made(entropy)? {
                let mut options = fs::OpenOptions::new();
                let mut file = options
                    .write(true)
                    .create(true)
                    .truncate(true)
                    .mode(0o600)
                    .open(folder.join(name))
                    .map_err(unusable)?;
                file.write_all(text.as_bytes()).map_err(unusable)?;
            }
        }
        let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(unusable);
        let jwk: Map<String, Value> = serde_json::from_str(&read("rsa.jwk")?).map_err(senseless)?;
        let rsa = Signer::from_rsa_jwk(Algorithm::Rs256, &jwk)?;
        fs::write(folder.join("rsa.pub"), rsa.public_pem()).map_err(unusable)?;
        let signing = KeyPair::from_pem(&read("signing.key")?).map_err(senseless)?;
        Ok(Self {
            authority: read("authority.pem")?,
            client: read("client.pem")?,
            client_key: read("client.key")?,
            server: read("server.pem")?,
            server_key: read("server.key")?,
            signer: Signer::read(Algorithm::Es256, &signing.serialize_der())?,
            certificate: read("signing.pem")?,
            rsa,
        })
    }

    /// How a channel pins the certificate that the bank shows.
    pub fn peer(&self) -> String {
        der_of(&self.client)
            .and_then(|der| spki_of_certificate(&der))
            .map_or_else(String::new, |key| fingerprint(&key))
    }
}

/// The first certificate of a PEM text.
pub fn der_of(pem: &str) -> Option<Vec<u8>> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    CertificateDer::from_pem_slice(pem.as_bytes()).ok().map(|der| der.as_ref().to_vec())
}

/// A new ES256 key in PKCS#8, for whoever wants to sign as somebody else.
///
/// # Errors
/// `bank_simulator.keys_unusable`.
pub fn another_signer() -> Result<Signer> {
    let random = SystemRandom::new();
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).map_err(senseless)?;
    Signer::read(Algorithm::Es256, made.as_ref())
}

/// An authority and what it issued: (authority, certificate, key), PEM.
///
/// # Errors
/// `bank_simulator.keys_unusable`.
pub fn another_authority(name: &str) -> Result<(String, String, String)> {
    let (authority, issuer) = authority(name)?;
    let (client, key) = issued(&issuer, name, ExtendedKeyUsagePurpose::ClientAuth)?;
    Ok((authority, client, key))
}

fn made(entropy: &dyn Entropy) -> Result<Vec<(&'static str, String)>> {
    let (authority, issuer) = authority("Simulated bank authority")?;
    let (client, client_key) = issued(&issuer, "bank.test", ExtendedKeyUsagePurpose::ClientAuth)?;
    let (server, server_key) = issued(&issuer, "localhost", ExtendedKeyUsagePurpose::ServerAuth)?;
    let (signing, signing_key) = issued(&issuer, "bank.test", ExtendedKeyUsagePurpose::EmailProtection)?;
    let jwk = Value::Object(rsa::jwk(entropy)?).to_string();
    Ok(vec![
        ("authority.pem", authority),
        ("client.pem", client),
        ("client.key", client_key),
        ("server.pem", server),
        ("server.key", server_key),
        ("signing.pem", signing),
        ("signing.key", signing_key),
        ("rsa.jwk", jwk),
    ])
}

fn authority(name: &str) -> Result<(String, Issuer<'static, KeyPair>)> {
    let mut wanted = CertificateParams::new(Vec::new()).map_err(senseless)?;
    wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    wanted.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().map_err(senseless)?;
    let certificate = wanted.self_signed(&key).map_err(senseless)?.pem();
    Ok((certificate, Issuer::new(wanted, key)))
}

fn issued(
    issuer: &Issuer<'static, KeyPair>,
    name: &str,
    purpose: ExtendedKeyUsagePurpose,
) -> Result<(String, String)> {
    let names = vec![name.to_owned(), "127.0.0.1".to_owned()];
    let mut wanted = CertificateParams::new(names).map_err(senseless)?;
    wanted.distinguished_name.push(DnType::CommonName, name);
    wanted.extended_key_usages = vec![purpose];
    let key = KeyPair::generate().map_err(senseless)?;
    let certificate = wanted.signed_by(&key, issuer).map_err(senseless)?.pem();
    Ok((certificate, key.serialize_pem()))
}

fn senseless(error: impl ToString) -> Fault {
    Fault::broken("bank_simulator.keys_unusable").because(error.to_string())
}
