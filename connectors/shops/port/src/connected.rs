//! A connection with all that is needed to understand its shop.

use std::collections::BTreeMap;

use takt_connections::{Connection, secrets, secrets::Secret};
use takt_gateway::Usual;
use takt_kernel::{CompanyId, Fault, Result, ShopId};
use takt_staff::{ApiCaller, Permission, Permit};
use takt_store::Query;

use crate::{Settings, System, system_of};

pub struct Shop {
    pub connection: Connection,
    pub system: System,
    pub settings: Settings,
    pub usual: Usual,
    secrets: BTreeMap<&'static str, Secret>,
}

impl Shop {
    /// # Errors
    /// `connections.kind_unknown`, `shops.settings_malformed`.
    pub fn of(db: &mut dyn Query, connection: Connection) -> Result<Self> {
        let system = system_of(&db.slots(), &connection.kind)?;
        let settings = Settings::of(&connection)?;
        let usual = Usual::of(db, connection.company, connection.shop)?;
        Ok(Self { connection, system, settings, usual, secrets: BTreeMap::new() })
    }

    /// With the secrets that its questions need.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn with_secrets(mut self, db: &mut dyn Query) -> Result<Self> {
        for name in self.system.poll.secrets {
            let secret = secrets::get(db, self.connection.company, self.connection.id, name)?;
            if let Some(secret) = secret {
                self.secrets.insert(name, secret);
            }
        }
        Ok(self)
    }

    pub fn may_be_asked(&self) -> bool {
        self.settings.base().is_some()
            && self.system.poll.secrets.iter().all(|name| self.secrets.contains_key(name))
    }

    /// # Errors
    /// `shops.secret_missing`.
    pub fn secret(&self, name: &str) -> Result<&str> {
        self.secrets
            .get(name)
            .map(Secret::expose)
            .ok_or_else(|| Fault::invalid("shops.secret_missing").arg("name", name))
    }

    /// Where the shop answers. Keys travel there, so only in a sealed letter, or within one machine.
    ///
    /// # Errors
    /// `shops.address_missing`, `shops.address_not_https`.
    pub fn base(&self) -> Result<&str> {
        let base = self.settings.base().ok_or_else(|| Fault::invalid("shops.address_missing"))?;
        let sealed =
            ["https://", "http://127.0.0.1:", "http://[::1]:"].iter().any(|start| base.starts_with(start));
        if sealed { Ok(base) } else { Err(Fault::invalid("shops.address_not_https")) }
    }

    pub fn company(&self) -> CompanyId {
        self.connection.company
    }

    pub fn shop(&self) -> ShopId {
        self.connection.shop
    }
}

/// Who speaks, and of which shop.
pub struct Speaker<'a> {
    pub shop: &'a Shop,
    pub caller: ApiCaller,
}

impl Speaker<'_> {
    /// # Errors
    /// `staff.scope_missing`.
    pub fn permit<P: Permission>(&self) -> Result<Permit<P>> {
        self.caller.permit::<P>()
    }
}
