//! Secrets that have to be used again, as they stand in the database: sealed under the key of the installation and
//! tied to their place. Start reading at [`seal`].

mod column;
mod renew;
mod seal;
mod source;

pub use column::Column;
pub use renew::{SEALED, Sealed, check, recorded, renew_all, rotate};
pub use seal::{PREFIX, is_sealed_by, open, seal};
pub use source::{FILE, KeyInfo, Source};

use std::sync::{OnceLock, PoisonError, RwLock};

use source::Key;
use takt_kernel::{Fault, Result, Slot, Slots};
use takt_store::{Migration, Migrations, Tier};

/// The key of this process; every program has one.
pub const VAULT: Slot<Vault> = Slot::new("vault.installation");

pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];

pub const MIGRATIONS: Migrations = Migrations {
    tier: Tier::Platform,
    feature: "vault",
    steps: &[Migration { number: 1, name: "vault", sql: include_str!("../migrations/0001_vault.sql") }],
};

/// Nothing before it is told where the key comes from.
#[derive(Default)]
pub struct Vault {
    source: OnceLock<Source>,
    keys: RwLock<Vec<Key>>,
}

impl Vault {
    /// Where the key of this process comes from. Said once; later words change nothing.
    pub fn told(&self, source: Source) {
        let _first = self.source.set(source);
    }

    fn source(&self) -> Result<&Source> {
        self.source.get().ok_or_else(|| Fault::broken("vault.no_source"))
    }

    /// The first seals, all open; none while there is no key yet.
    fn keys(&self) -> Result<Vec<Key>> {
        let known = self.keys.read().unwrap_or_else(PoisonError::into_inner).clone();
        if known.is_empty() { self.load() } else { Ok(known) }
    }

    /// Looks into the source again: another node may have put a new key there.
    fn load(&self) -> Result<Vec<Key>> {
        let keys = self.source()?.load()?;
        self.keys.write().unwrap_or_else(PoisonError::into_inner).clone_from(&keys);
        Ok(keys)
    }

    fn missing(&self, key: &str) -> Fault {
        let file = self.source.get().map(Source::named).unwrap_or_default();
        Fault::unavailable("vault.key_missing").arg("key", key).arg("file", file)
    }
}

pub(crate) fn of(slots: &Slots) -> Result<&Vault> {
    slots.of(&VAULT).next().ok_or_else(|| Fault::broken("vault.no_source"))
}
