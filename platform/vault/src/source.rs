//! Where the key comes from: said by the environment, or a file of the data folder that is made on first use.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use ring::aead::{CHACHA20_POLY1305, LessSafeKey, UnboundKey};
use sha2::{Digest, Sha256};
use takt_kernel::{Entropy, Fault, Result};

/// Its name in the data folder.
pub const FILE: &str = "secret.key";
const BYTES: usize = 32;
const ONLY_OURS: u32 = 0o600;

#[derive(Clone, Debug)]
pub enum Source {
    /// Keys as they were given, with commas or lines between them; nothing is ever written.
    Given(Given),
    /// A file; made when there is none.
    File(PathBuf),
}

/// Never printed.
#[derive(Clone)]
pub struct Given(String);

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[derive(Clone)]
pub(crate) struct Key {
    /// By which it is told from others; nothing of the key can be learnt from it.
    pub id: String,
    text: String,
    bytes: [u8; BYTES],
}

impl Key {
    pub fn cipher(&self) -> Result<LessSafeKey> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.bytes)
            .map_err(|_| Fault::broken("vault.sealing_failed"))?;
        Ok(LessSafeKey::new(key))
    }

    fn parse(line: &str) -> Option<Self> {
        let text = line.trim().to_ascii_lowercase();
        let mut bytes = [0; BYTES];
        if text.len() != 2 * BYTES || !text.is_ascii() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        let digest = Sha256::new().chain_update(b"takt vault key").chain_update(bytes).finalize();
        let id = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Some(Self { id, text, bytes })
    }

    fn new(entropy: &dyn Entropy) -> Result<Self> {
        let mut bytes = [0; BYTES];
        entropy.fill(&mut bytes)?;
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Self::parse(&text).ok_or_else(|| Fault::broken("vault.sealing_failed"))
    }
}

/// What an operator may know of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    pub ids: Vec<String>,
    /// Others of this machine may read it.
    pub open_to_others: bool,
}

impl Source {
    pub fn given(text: impl Into<String>) -> Self {
        Self::Given(Given(text.into()))
    }

    /// As messages name it.
    pub fn named(&self) -> String {
        match self {
            Self::Given(_) => "TAKT_SECRET_KEY".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// # Errors
    /// `vault.key_malformed`, `vault.key_unreadable`.
    pub fn look(&self) -> Result<KeyInfo> {
        let ids = self.load()?.into_iter().map(|key| key.id).collect();
        let open_to_others = match self {
            Self::Given(_) => false,
            Self::File(path) => fs::metadata(path).is_ok_and(|file| file.mode() & 0o077 != 0),
        };
        Ok(KeyInfo { ids, open_to_others })
    }

    /// All keys there are, the one that seals first.
    pub(crate) fn load(&self) -> Result<Vec<Key>> {
        let text = match self {
            Self::Given(given) => given.0.clone(),
            Self::File(path) => match fs::read_to_string(path) {
                Ok(text) => text,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                Err(error) => return Err(self.trouble("vault.key_unreadable", &error)),
            },
        };
        text.split(['\n', ','])
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                Key::parse(line).ok_or_else(|| Fault::broken("vault.key_malformed").arg("file", self.named()))
            })
            .collect()
    }

    /// Makes the first key, unless somebody was faster. What was given cannot be added to.
    pub(crate) fn make(&self, entropy: &dyn Entropy) -> Result<Vec<Key>> {
        if let Self::File(path) = self {
            let key = Key::new(entropy)?;
            match self.write_new(path, &[key]) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(self.trouble("vault.key_unwritable", &error)),
            }
        }
        self.load()
    }

    /// A new key before those there are; nothing where keys are given.
    pub(crate) fn add(&self, entropy: &dyn Entropy) -> Result<()> {
        let Self::File(path) = self else { return Ok(()) };
        let mut keys = vec![Key::new(entropy)?];
        keys.extend(self.load()?);
        self.replace(path, &keys)
    }

    /// Forgets all keys but the first.
    pub(crate) fn forget_old(&self) -> Result<()> {
        let Self::File(path) = self else { return Ok(()) };
        let keys = self.load()?;
        match keys.first() {
            Some(first) if keys.len() > 1 => self.replace(path, std::slice::from_ref(first)),
            _ => Ok(()),
        }
    }

    /// Whoever reads it meanwhile finds the one or the other, whole.
    fn replace(&self, path: &Path, keys: &[Key]) -> Result<()> {
        let beside = path.with_extension("key.new");
        let written = match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => self.write_new(&beside, keys).and_then(|()| fs::rename(&beside, path)),
        };
        written.map_err(|error| self.trouble("vault.key_unwritable", &error))
    }

    fn write_new(&self, path: &Path, keys: &[Key]) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(ONLY_OURS).open(path)?;
        for key in keys {
            writeln!(file, "{}", key.text)?;
        }
        file.sync_all()?;
        match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
            _ => Ok(()),
        }
    }

    fn trouble(&self, code: &'static str, error: &io::Error) -> Fault {
        Fault::unavailable(code).arg("file", self.named()).arg("problem", error)
    }
}
