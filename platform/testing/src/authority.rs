#![expect(clippy::unwrap_used, reason = "a certificate that cannot be made is the test's failure")]

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SigningKey, date_time_ymd,
};

type Day = (i32, u8, u8);

/// Issues certificates, as the real ones do: with one in between that clients do not know.
pub struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    between: CertifiedIssuer<'static, KeyPair>,
}

/// Two PEM files.
pub struct Issued {
    /// The host's own certificate, then the one in between.
    pub chain: String,
    pub key: String,
}

#[expect(clippy::new_without_default, reason = "no two of them are alike")]
impl Authority {
    pub fn new() -> Self {
        let root = CertifiedIssuer::self_signed(authority("root"), KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let between = CertifiedIssuer::signed_by(authority("in between"), key, &root).unwrap();
        Self { root, between }
    }

    /// What clients trust, in DER.
    pub fn root(&self) -> Vec<u8> {
        self.root.der().to_vec()
    }

    /// For a long time.
    pub fn issue(&self, names: &[&str]) -> Issued {
        let key = KeyPair::generate().unwrap();
        Issued { chain: self.chain(names, &key, None), key: key.serialize_pem() }
    }

    /// From the beginning of one day to that of another.
    pub fn issue_between(&self, names: &[&str], from: Day, to: Day) -> Issued {
        let key = KeyPair::generate().unwrap();
        Issued { chain: self.chain(names, &key, Some((from, to))), key: key.serialize_pem() }
    }

    /// For a key that somebody has, in PKCS#8.
    pub fn chain_for(&self, names: &[&str], key: &str) -> String {
        self.chain(names, &KeyPair::from_pem(key).unwrap(), None)
    }

    fn chain(&self, names: &[&str], key: &impl SigningKey, days: Option<(Day, Day)>) -> String {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut wanted = CertificateParams::new(names).unwrap();
        if let Some((from, to)) = days {
            wanted.not_before = date_time_ymd(from.0, from.1, from.2);
            wanted.not_after = date_time_ymd(to.0, to.1, to.2);
        }
        wanted.signed_by(key, &self.between).unwrap().pem() + &self.between.pem()
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut wanted = CertificateParams::new(Vec::new()).unwrap();
    wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    wanted.distinguished_name.push(DnType::CommonName, name);
    wanted
}
