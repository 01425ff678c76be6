//! A detached CMS signature (PKCS#7), taken apart.

use ::cms::{
    content_info::{CmsVersion, ContentInfo},
    signed_data::{SignedData, SignerIdentifier, SignerInfo},
};
use der::{
    Decode, Encode,
    asn1::{ObjectIdentifier, OctetString},
};
use sha2::{Digest, Sha256};
use takt_kernel::{Fault, Result};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use crate::Algorithm;

pub(crate) const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
pub(crate) const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
pub(crate) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
pub(crate) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(crate) const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
pub(crate) const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
pub(crate) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

pub(crate) type Attribute = x509_cert::attr::Attribute;
pub(crate) type AlgorithmName = x509_cert::spki::AlgorithmIdentifierOwned;
pub(crate) type Serial = x509_cert::serial_number::SerialNumber;

/// Issuer and serial number of a certificate, as they stand in DER.
pub(crate) fn name_of(certificate: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    Some((parsed.tbs_certificate.issuer.as_raw().to_vec(), parsed.tbs_certificate.raw_serial().to_vec()))
}

pub(crate) struct Said {
    pub signed_bytes: Vec<u8>,
    pub signature: Vec<u8>,
    algorithm: ObjectIdentifier,
    /// Issuer and serial number, both as they stand in DER.
    signer: (Vec<u8>, Vec<u8>),
}

impl Said {
    /// Reads a signature of one signer over exactly these bytes. A CMS that carries content is refused,
    /// whatever the content is: there must be one text, not two that may differ.
    pub fn read(signature: &[u8], body: &[u8]) -> Result<Self> {
        let info = ContentInfo::from_der(signature).map_err(|_| malformed())?;
        if info.content_type != SIGNED_DATA {
            return Err(malformed());
        }
        let data: SignedData = info.content.decode_as().map_err(|_| malformed())?;
        if data.encap_content_info.econtent.is_some() {
            return Err(Fault::denied("proof.content_attached"));
        }
        let [signer] = data.signer_infos.0.as_slice() else { return Err(malformed()) };
        if !is_plain(&data, signer) {
            return Err(malformed());
        }
        Ok(Self {
            signed_bytes: signed_bytes(signer, body)?,
            signature: signer.signature.as_bytes().to_vec(),
            algorithm: signer.signature_algorithm.oid,
            signer: signer_of(signer)?,
        })
    }

    /// Whether this certificate is the one that the signer names.
    pub fn names(&self, certificate: &[u8]) -> bool {
        name_of(certificate).is_some_and(|named| named == self.signer)
    }

    pub fn speaks(&self, algorithm: Algorithm) -> bool {
        match algorithm {
            Algorithm::Rs256 => [RSA, RSA_SHA_256].contains(&self.algorithm),
            Algorithm::Es256 => self.algorithm == ECDSA_SHA_256,
            Algorithm::EdDsa => self.algorithm == ED25519,
            // Its parameters would have to be compared; no bank of ours sends it.
            Algorithm::Ps256 => false,
        }
    }
}

/// All that is not signed has the one value that it has to have: a message shall not have many forms.
fn is_plain(data: &SignedData, signer: &SignerInfo) -> bool {
    let plain = |name: &AlgorithmName| name.parameters.as_ref().is_none_or(|given| given.is_null());
    let digests = data.digest_algorithms.as_slice();
    data.version == CmsVersion::V1
        && signer.version == CmsVersion::V1
        && data.encap_content_info.econtent_type == DATA
        && data.crls.is_none()
        && signer.unsigned_attrs.is_none()
        && matches!(digests, [digest] if digest.oid == SHA_256 && plain(digest))
        && signer.digest_alg.oid == SHA_256
        && plain(&signer.digest_alg)
        && plain(&signer.signature_algorithm)
}

fn signed_bytes(signer: &SignerInfo, body: &[u8]) -> Result<Vec<u8>> {
    let Some(attributes) = &signer.signed_attrs else { return Ok(body.to_vec()) };
    let digest = one_value::<OctetString>(attributes, MESSAGE_DIGEST)?;
    if digest.as_bytes() != Sha256::digest(body).as_slice() {
        return Err(Fault::denied("proof.signature_wrong").arg("kid", "cms"));
    }
    if one_value::<ObjectIdentifier>(attributes, CONTENT_TYPE)? != DATA {
        return Err(malformed());
    }
    // Signed is the set itself, not the implicit tag under which it stands.
    attributes.to_der().map_err(|_| malformed())
}

fn one_value<T>(attributes: &::cms::signed_data::SignedAttributes, kind: ObjectIdentifier) -> Result<T>
where
    T: for<'a> der::DecodeValue<'a> + der::FixedTag + for<'a> Decode<'a>,
{
    let mut found = attributes.iter().filter(|attribute| attribute.oid == kind);
    let (Some(attribute), None) = (found.next(), found.next()) else { return Err(malformed()) };
    let [value] = attribute.values.as_slice() else { return Err(malformed()) };
    let bytes = value.to_der().map_err(|_| malformed())?;
    T::from_der(&bytes).map_err(|_| malformed())
}

fn signer_of(signer: &SignerInfo) -> Result<(Vec<u8>, Vec<u8>)> {
    let SignerIdentifier::IssuerAndSerialNumber(named) = &signer.sid else { return Err(malformed()) };
    let issuer = named.issuer.to_der().map_err(|_| malformed())?;
    Ok((issuer, named.serial_number.as_bytes().to_vec()))
}

fn malformed() -> Fault {
    Fault::invalid("proof.malformed")
}
