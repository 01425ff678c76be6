//! Public keys as people get them from a bank: PEM of a key or a certificate, or a JWK.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use takt_kernel::{Fault, Result, Timestamp};
use x509_parser::{
    certificate::X509Certificate,
    oid_registry::{OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_PKCS1_RSAENCRYPTION, OID_SIG_ED25519},
    pem::parse_x509_pem,
    prelude::FromDer,
    x509::SubjectPublicKeyInfo,
};

use crate::{Algorithm, json};

const LONGEST: usize = 64 * 1024;
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const RSA_ID: &[u8] =
    &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
const P256_ID: &[u8] = &[
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07,
];
const ED25519_ID: &[u8] = &[0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70];

/// A public key as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// SubjectPublicKeyInfo, DER.
    pub public: Vec<u8>,
    pub certificate: Option<Vec<u8>>,
    /// Of the certificate.
    pub not_after: Option<Timestamp>,
    /// The first is the usual one for such a key.
    pub algorithms: &'static [Algorithm],
    /// What a JWK says of itself.
    pub kid: Option<String>,
}

impl Given {
    /// Reads a PEM `PUBLIC KEY` or `CERTIFICATE`, or a JWK.
    ///
    /// # Errors
    /// `proof.key_unreadable`, `proof.key_unusable`.
    pub fn read(text: &str) -> Result<Self> {
        let unreadable = || Fault::field("key", "proof.key_unreadable");
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(unreadable());
        }
        if text.starts_with('{') {
            let jwk = json::object(text.as_bytes()).map_err(|_| unreadable())?;
            let kid = jwk.get("kid").and_then(Value::as_str).map(str::to_owned);
            return Self::of(from_jwk(&jwk).ok_or_else(unreadable)?, None, None, kid);
        }
        let (_, pem) = parse_x509_pem(text.as_bytes()).map_err(|_| unreadable())?;
        match pem.label.as_str() {
            "PUBLIC KEY" => Self::of(pem.contents, None, None, None),
            "CERTIFICATE" => {
                let (_, parsed) = X509Certificate::from_der(&pem.contents).map_err(|_| unreadable())?;
                let public = parsed.public_key().raw.to_vec();
                let end = Timestamp::from_micros(0).plus_seconds(parsed.validity().not_after.timestamp());
                Self::of(public, Some(pem.contents.clone()), Some(end), None)
            }
            _ => Err(unreadable()),
        }
    }

    fn of(
        public: Vec<u8>,
        certificate: Option<Vec<u8>>,
        not_after: Option<Timestamp>,
        kid: Option<String>,
    ) -> Result<Self> {
        let algorithms = algorithms_of(&public).ok_or_else(|| Fault::field("key", "proof.key_unusable"))?;
        Ok(Self { public, certificate, not_after, algorithms, kid })
    }
}

/// SHA-256 over the SubjectPublicKeyInfo, in hexadecimal: how people compare keys, and how a peer is pinned.
pub fn fingerprint(public: &[u8]) -> String {
    Sha256::digest(public).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SubjectPublicKeyInfo of a certificate.
pub fn spki_of_certificate(certificate: &[u8]) -> Option<Vec<u8>> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    Some(parsed.public_key().raw.to_vec())
}

/// What `ring` takes: the contents of the bit string.
pub(crate) fn bits_of(public: &[u8]) -> Option<Vec<u8>> {
    let (_, info) = SubjectPublicKeyInfo::from_der(public).ok()?;
    Some(info.subject_public_key.data.to_vec())
}

/// RSA of less than 2048 bits is none.
fn algorithms_of(public: &[u8]) -> Option<&'static [Algorithm]> {
    let (rest, info) = SubjectPublicKeyInfo::from_der(public).ok()?;
    if !rest.is_empty() {
        return None;
    }
    let kind = &info.algorithm.algorithm;
    if *kind == OID_PKCS1_RSAENCRYPTION {
        let bits = info.parsed().ok()?.key_size();
        return (2048..=8192).contains(&bits).then_some(&[Algorithm::Rs256, Algorithm::Ps256]);
    }
    if *kind == OID_SIG_ED25519 {
        return (info.subject_public_key.data.len() == 32).then_some(&[Algorithm::EdDsa]);
    }
    let curve = info.algorithm.parameters.as_ref()?.as_oid().ok()?;
    (*kind == OID_KEY_TYPE_EC_PUBLIC_KEY && curve == OID_EC_P256).then_some(&[Algorithm::Es256])
}

fn from_jwk(jwk: &Map<String, Value>) -> Option<Vec<u8>> {
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(jwk.get(name)?.as_str()?).ok();
    match (jwk.get("kty")?.as_str()?, jwk.get("crv").and_then(Value::as_str)) {
        ("RSA", _) => {
            let numbers = [integer(&bytes("n")?)?, integer(&bytes("e")?)?].concat();
            Some(public(RSA_ID, &tagged(SEQUENCE, &numbers)))
        }
        ("EC", Some("P-256")) => {
            let (x, y) = (bytes("x")?, bytes("y")?);
            let point = [&[0x04], x.as_slice(), y.as_slice()].concat();
            (point.len() == 65).then(|| public(P256_ID, &point))
        }
        ("OKP", Some("Ed25519")) => Some(public(ED25519_ID, &bytes("x")?)),
        _ => None,
    }
}

pub(crate) fn of_p256(point: &[u8]) -> Vec<u8> {
    public(P256_ID, point)
}

pub(crate) fn of_ed25519(key: &[u8]) -> Vec<u8> {
    public(ED25519_ID, key)
}

/// From the RSAPublicKey of PKCS#1.
pub(crate) fn of_rsa(key: &[u8]) -> Vec<u8> {
    public(RSA_ID, key)
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| str::from_utf8(line).ok()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn public(kind: &[u8], bits: &[u8]) -> Vec<u8> {
    let bits = tagged(BIT_STRING, &[&[0], bits].concat());
    tagged(SEQUENCE, &[kind, &bits].concat())
}

/// A positive number in DER: no leading zeros but one before a set first bit.
fn integer(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = bytes.iter().position(|byte| *byte != 0)?;
    let number = &bytes[start..];
    let sign: &[u8] = if number[0] & 0x80 == 0 { &[] } else { &[0] };
    Some(tagged(INTEGER, &[sign, number].concat()))
}

fn tagged(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            out.push(0x80 | u8::try_from(bytes.len()).unwrap_or_default());
            out.extend(bytes);
        }
    }
    out.extend_from_slice(contents);
    out
}
