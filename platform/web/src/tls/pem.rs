//! What stands in the two files.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use rustls::pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{PemObject, SectionKind},
};
use takt_kernel::{Fault, Result};

/// Longer is no chain of certificates.
const LARGEST_FILE: u64 = 1 << 20;

/// Where a certificate with its chain lies, and where the key that belongs to it.
#[derive(Clone, Debug)]
pub struct PemFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// What both files give together.
pub(super) struct Pair {
    /// The host's own comes first; there is at least that one.
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl PemFiles {
    pub(super) fn read(&self) -> Result<Pair> {
        let (shown, secret) = (Found::read(&self.certificate)?, Found::read(&self.key)?);
        if shown.holds_only_a_key() && secret.holds_only_certificates() {
            let swapped = Fault::invalid("web.tls_files_swapped");
            return Err(swapped.arg("file", self.certificate.display()).arg("key", self.key.display()));
        }
        if shown.certificates.is_empty() {
            return Err(about("web.tls_no_certificate", &self.certificate));
        }
        match secret.key {
            Some(key) => Ok(Pair { chain: shown.certificates, key }),
            None if secret.locked => Err(about("web.tls_key_locked", &self.key)),
            None => Err(about("web.tls_no_key", &self.key)),
        }
    }
}

/// All certificates of a file; there is at least one.
pub(super) fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let found = Found::read(file)?;
    if found.certificates.is_empty() {
        return Err(about("web.tls_no_certificate", file));
    }
    Ok(found.certificates)
}

pub(super) fn about(code: &'static str, file: &Path) -> Fault {
    Fault::invalid(code).arg("file", file.display())
}

#[derive(Default)]
struct Found {
    certificates: Vec<CertificateDer<'static>>,
    key: Option<PrivateKeyDer<'static>>,
    /// There is a key under a password.
    locked: bool,
}

impl Found {
    fn read(file: &Path) -> Result<Self> {
        let bytes = bytes_of(file).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => about("web.tls_file_missing", file),
            _ => about("web.tls_file_unreadable", file).because(error),
        })?;
        let text = String::from_utf8_lossy(&bytes);
        // In the older form the password's parameters stand between the lines, which would not be read.
        if text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
            return Ok(Self { locked: true, ..Self::default() });
        }
        let mut found = Self::default();
        for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(&bytes) {
            let (kind, der) =
                section.map_err(|error| about("web.tls_file_malformed", file).because(error.to_string()))?;
            match kind {
                SectionKind::Certificate => found.certificates.push(der.into()),
                _ => found.key = found.key.or_else(|| PrivateKeyDer::from_pem(kind, der)),
            }
        }
        Ok(found)
    }

    fn holds_only_a_key(&self) -> bool {
        self.certificates.is_empty() && (self.key.is_some() || self.locked)
    }
    fn holds_only_certificates(&self) -> bool {
        !self.certificates.is_empty() && self.key.is_none()
    }
}

fn bytes_of(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    match u64::try_from(bytes.len()) {
        Ok(length) if length <= LARGEST_FILE => Ok(bytes),
        _ => Err(io::ErrorKind::FileTooLarge.into()),
    }
}
