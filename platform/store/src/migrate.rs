//! Forward-only migrations, compiled into the binary and kept per (tier, feature, number).

use sha2::{Digest, Sha256};
use takt_kernel::{Fault, Result};

use crate::{db::Engine, dialect, look::Schema};

/// One step of a feature's schema. The text never changes once released: its checksum is kept.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    pub number: i64,
    pub name: &'static str,
    pub sql: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    Platform,
    Core,
    Feature,
    Connector,
}

impl Tier {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Core => "core",
            Self::Feature => "feature",
            Self::Connector => "connector",
        }
    }
}

/// The migrations of one feature, in order of their numbers.
#[derive(Clone, Debug)]
pub struct Migrations {
    pub tier: Tier,
    pub feature: &'static str,
    pub steps: &'static [Migration],
}

pub(crate) const OWN: Migrations = Migrations {
    tier: Tier::Platform,
    feature: "store",
    steps: &[
        Migration { number: 1, name: "the log", sql: include_str!("../migrations/0001_log.sql") },
        Migration { number: 2, name: "seldom", sql: include_str!("../migrations/0002_seldom.sql") },
    ],
};

pub(crate) const TABLE: &str = "migration";

/// The table that remembers what was applied. Plain SQL for both engines.
pub(crate) const LEDGER: &str = "create table if not exists migration (
  tier text not null,
  feature text not null,
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at integer not null,
  primary key (tier, feature, number)
);";

pub(crate) struct Pending {
    pub tier: &'static str,
    pub feature: &'static str,
    pub number: i64,
    pub name: &'static str,
    pub checksum: String,
    pub text: String,
}

/// What is still to be applied, given what the database remembers as (tier, feature, number, checksum).
///
/// # Errors
/// `store.migration_changed`; `store.database_newer`: an older program would write rows that the newer one takes for
/// its own, and most of all one that knows no steps at all.
pub(crate) fn pending(
    all: &[Migrations],
    applied: &[(String, String, i64, String)],
    engine: Engine,
) -> Result<Vec<Pending>> {
    if let Some(unknown) = compare(all, applied).unknown.first() {
        return Err(Fault::conflict("store.database_newer").arg("step", unknown));
    }
    let mut ordered: Vec<&Migrations> = std::iter::once(&OWN).chain(all).collect();
    ordered.sort_by_key(|migrations| migrations.tier);
    let mut pending = Vec::new();
    for migrations in ordered {
        for step in migrations.steps {
            let checksum = checksum(step.sql);
            let known = applied.iter().find(|(tier, feature, number, _)| {
                tier == migrations.tier.code() && feature == migrations.feature && *number == step.number
            });
            match known {
                Some((.., applied_checksum)) if *applied_checksum != checksum => {
                    return Err(Fault::broken("store.migration_changed")
                        .arg("feature", migrations.feature)
                        .arg("number", step.number));
                }
                Some(_) => {}
                None => pending.push(Pending {
                    tier: migrations.tier.code(),
                    feature: migrations.feature,
                    number: step.number,
                    name: step.name,
                    checksum,
                    text: dialect::compile_migration(step.sql, engine),
                }),
            }
        }
    }
    Ok(pending)
}

/// How what the database remembers, as (tier, feature, number, checksum), compares with the program.
pub(crate) fn compare(all: &[Migrations], applied: &[(String, String, i64, String)]) -> Schema {
    let mut schema = Schema { applied: applied.len(), ..Schema::default() };
    let mut unknown: Vec<_> = applied.iter().collect();
    for migrations in std::iter::once(&OWN).chain(all) {
        for step in migrations.steps {
            let name = format!("{}/{}", migrations.feature, step.number);
            let known = unknown.iter().position(|(tier, feature, number, _)| {
                tier == migrations.tier.code() && feature == migrations.feature && *number == step.number
            });
            match known.map(|at| unknown.swap_remove(at)) {
                None => schema.pending.push(name),
                Some((.., kept)) if *kept != checksum(step.sql) => schema.changed.push(name),
                Some(_) => {}
            }
        }
    }
    schema.unknown = unknown.iter().map(|(_, feature, number, _)| format!("{feature}/{number}")).collect();
    schema
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
