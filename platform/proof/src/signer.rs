//! The other half: signing as the other side does. For a bank that wants to be asked with a signature, for the
//! simulator of banks, for tests.

use ::cms::{
    cert::IssuerAndSerialNumber,
    content_info::{CmsVersion, ContentInfo},
    signed_data::{EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use der::{
    Any, Decode, Encode, Tag,
    asn1::{ObjectIdentifier, OctetString, SetOfVec},
};
use ring::{
    rand::SystemRandom,
    rsa::{KeyPairComponents, PublicKeyComponents},
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
        KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
    },
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use takt_kernel::{Fault, Result};

use crate::{Algorithm, cms, public};

/// A private key, by the way it signs.
pub struct Signer {
    algorithm: Algorithm,
    key: Private,
    random: SystemRandom,
}

enum Private {
    /// One for each form in which its signatures are written.
    P256 {
        fixed: Box<EcdsaKeyPair>,
        asn1: Box<EcdsaKeyPair>,
    },
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl Signer {
    /// From PKCS#8, DER.
    ///
    /// # Errors
    /// `proof.key_unusable`.
    pub fn read(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self> {
        let random = SystemRandom::new();
        let ec = |form| EcdsaKeyPair::from_pkcs8(form, pkcs8, &random).map_err(unusable);
        let key = match algorithm {
            Algorithm::Es256 => Private::P256 {
                fixed: Box::new(ec(&ECDSA_P256_SHA256_FIXED_SIGNING)?),
                asn1: Box::new(ec(&ECDSA_P256_SHA256_ASN1_SIGNING)?),
            },
            Algorithm::EdDsa => {
                Private::Ed25519(Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(unusable)?)
            }
            Algorithm::Rs256 | Algorithm::Ps256 => {
                Private::Rsa(RsaKeyPair::from_pkcs8(pkcs8).map_err(unusable)?)
            }
        };
        Ok(Self { algorithm, key, random })
    }

    /// An RSA key from the members of its JWK.
    ///
    /// # Errors
    /// `proof.key_unusable`.
    pub fn from_rsa_jwk(algorithm: Algorithm, jwk: &Map<String, Value>) -> Result<Self> {
        let part = |name: &str| {
            let text = jwk.get(name).and_then(Value::as_str).ok_or_else(|| unusable("a part is missing"))?;
            URL_SAFE_NO_PAD.decode(text).map_err(unusable)
        };
        let components = KeyPairComponents {
            public_key: PublicKeyComponents { n: part("n")?, e: part("e")? },
            d: part("d")?,
            p: part("p")?,
            q: part("q")?,
            dP: part("dp")?,
            dQ: part("dq")?,
            qInv: part("qi")?,
        };
        let key = RsaKeyPair::from_components(&components).map_err(unusable)?;
        Ok(Self { algorithm, key: Private::Rsa(key), random: SystemRandom::new() })
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// SubjectPublicKeyInfo, PEM.
    pub fn public_pem(&self) -> String {
        let der = match &self.key {
            Private::P256 { fixed, .. } => public::of_p256(fixed.public_key().as_ref()),
            Private::Ed25519(key) => public::of_ed25519(key.public_key().as_ref()),
            Private::Rsa(key) => public::of_rsa(key.public_key().as_ref()),
        };
        public::pem("PUBLIC KEY", &der)
    }

    /// A header as this key signs under it.
    pub fn header(&self, kid: &str) -> Map<String, Value> {
        Map::from_iter([
            ("alg".to_owned(), Value::from(self.algorithm.code())),
            ("kid".to_owned(), Value::from(kid)),
        ])
    }

    /// A JWS with its payload in it.
    ///
    /// # Errors
    /// `proof.key_unusable`.
    pub fn attached(&self, header: &Map<String, Value>, payload: &[u8]) -> Result<String> {
        let input = format!("{}.{}", encoded(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = self.sign(input.as_bytes())?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// A JWS beside the body (RFC 7797).
    ///
    /// # Errors
    /// `proof.key_unusable`.
    pub fn detached(&self, header: &Map<String, Value>, body: &[u8]) -> Result<String> {
        let mut header = header.clone();
        header.insert("b64".to_owned(), Value::Bool(false));
        header.insert("crit".to_owned(), Value::from(vec!["b64"]));
        let header = encoded(&header);
        let signature = self.sign(&[header.as_bytes(), b".", body].concat())?;
        Ok(format!("{header}..{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// A CMS beside the body, by the key of this certificate (DER).
    ///
    /// # Errors
    /// `proof.key_unusable`, `proof.malformed`.
    pub fn cms(&self, certificate: &[u8], body: &[u8]) -> Result<Vec<u8>> {
        self.written_cms(certificate, body).map_err(|error| match error {
            Trouble::Key(fault) => fault,
            Trouble::Der(error) => Fault::invalid("proof.malformed").because(error),
        })
    }

    fn written_cms(&self, certificate: &[u8], body: &[u8]) -> std::result::Result<Vec<u8>, Trouble> {
        let (issuer, serial) = cms::name_of(certificate).ok_or_else(|| unusable("no certificate"))?;
        let attribute = |oid, value: Any| -> der::Result<cms::Attribute> {
            Ok(cms::Attribute { oid, values: SetOfVec::try_from(vec![value])? })
        };
        let digest = OctetString::new(Sha256::digest(body).as_slice())?;
        let attributes = SetOfVec::try_from(vec![
            attribute(cms::CONTENT_TYPE, Any::from(cms::DATA))?,
            attribute(cms::MESSAGE_DIGEST, Any::encode_from(&digest)?)?,
        ])?;
        let (algorithm, signature) = match &self.key {
            Private::P256 { asn1, .. } => {
                let signature = asn1.sign(&self.random, &attributes.to_der()?).map_err(unusable)?;
                (named(cms::ECDSA_SHA_256, None), signature.as_ref().to_vec())
            }
            Private::Ed25519(key) => {
                (named(cms::ED25519, None), key.sign(&attributes.to_der()?).as_ref().to_vec())
            }
            Private::Rsa(_) => (
                named(cms::RSA_SHA_256, Some(null()?)),
                self.sign_rsa(&RSA_PKCS1_SHA256, &attributes.to_der()?)?,
            ),
        };
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: Decode::from_der(&issuer)?,
                serial_number: cms::Serial::new(&serial)?,
            }),
            digest_alg: named(cms::SHA_256, None),
            signed_attrs: Some(attributes),
            signature_algorithm: algorithm,
            signature: OctetString::new(signature)?,
            unsigned_attrs: None,
        };
        let data = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![named(cms::SHA_256, None)])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: cms::DATA, econtent: None },
            certificates: None,
            crls: None,
            signer_infos: SignerInfos(SetOfVec::try_from(vec![signer])?),
        };
        let info = ContentInfo { content_type: cms::SIGNED_DATA, content: Any::encode_from(&data)? };
        Ok(info.to_der()?)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        match &self.key {
            Private::P256 { fixed, .. } => {
                Ok(fixed.sign(&self.random, message).map_err(unusable)?.as_ref().to_vec())
            }
            Private::Ed25519(key) => Ok(key.sign(message).as_ref().to_vec()),
            Private::Rsa(_) if self.algorithm == Algorithm::Ps256 => self.sign_rsa(&RSA_PSS_SHA256, message),
            Private::Rsa(_) => self.sign_rsa(&RSA_PKCS1_SHA256, message),
        }
    }

    fn sign_rsa(
        &self,
        padding: &'static dyn ring::signature::RsaEncoding,
        message: &[u8],
    ) -> Result<Vec<u8>> {
        let Private::Rsa(key) = &self.key else { return Err(unusable("not an RSA key")) };
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(padding, &self.random, message, &mut signature).map_err(unusable)?;
        Ok(signature)
    }
}

enum Trouble {
    Key(Fault),
    Der(der::Error),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Key(fault)
    }
}

impl From<der::Error> for Trouble {
    fn from(error: der::Error) -> Self {
        Self::Der(error)
    }
}

type AlgorithmName = cms::AlgorithmName;

fn named(oid: ObjectIdentifier, parameters: Option<Any>) -> AlgorithmName {
    AlgorithmName { oid, parameters }
}

fn null() -> der::Result<Any> {
    Any::new(Tag::Null, Vec::new())
}

fn encoded(header: &Map<String, Value>) -> String {
    URL_SAFE_NO_PAD.encode(Value::Object(header.clone()).to_string())
}

fn unusable(why: impl ToString) -> Fault {
    Fault::invalid("proof.key_unusable").because(why.to_string())
}
