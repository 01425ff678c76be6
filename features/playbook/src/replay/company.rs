//! What held for a whole company at any place of the log: its settings and the version of its playbook.

use std::{collections::BTreeMap, sync::Arc};

use serde::de::DeserializeOwned;
use takt_kernel::{CompanyId, Result};
use takt_orders::{Stage, clock::Promises, statuses};
use takt_playbook_language::Playbook;
use takt_staff::{Calendar, facts::SettingChanged};
use takt_store::{Fact as _, Query, RecordedFact, facts};
use takt_ui::Lang;

use crate::{
    facts::{Published, SUBJECT},
    policy::Policy,
    running::{self, BROUGHT_ALONG},
};

const AT_ONCE: i64 = 1_000;

/// Something that changed now and then: what holds since which place of the log.
struct Course<T>(Vec<(i64, T)>);

impl<T> Course<T> {
    fn at(&self, position: i64) -> Option<&T> {
        let behind = self.0.partition_point(|(since, _)| *since <= position);
        behind.checked_sub(1).and_then(|last| self.0.get(last)).map(|(_, value)| value)
    }
}

pub(crate) struct CompanyPast {
    pub company: CompanyId,
    pub calendar: Calendar,
    /// An order that is confirmed gets it.
    pub confirmed_status: String,
    policies: Course<Policy>,
    promises: Course<Promises>,
    versions: Course<i64>,
    playbooks: BTreeMap<i64, Arc<Playbook>>,
    usual: (Policy, Promises),
}

impl CompanyPast {
    /// The calendar and the company's statuses are those of today.
    ///
    /// # Errors
    /// `playbook.version_unreadable` of a version that once ran and that this program cannot read any more.
    pub fn load(db: &mut dyn Query, company: CompanyId) -> Result<Self> {
        let mut policy = Policy::default();
        let (mut policies, mut promises) = (Vec::new(), Vec::new());
        all_of(db, company, "company", company.get(), |fact| {
            if fact.kind != SettingChanged::KIND {
                return Ok(());
            }
            let said: SettingChanged = fact.read()?;
            if policy.take(&said.key, &said.value) {
                policies.push((fact.position, policy));
            } else if said.key == takt_orders::clock::SETTING {
                promises.push((fact.position, read(said.value).unwrap_or_default()));
            }
            Ok(())
        })?;
        let mut versions = Vec::new();
        all_of(db, company, SUBJECT, company.get(), |fact| {
            if fact.kind == Published::KIND {
                versions.push((fact.position, fact.read::<Published>()?.number));
            }
            Ok(())
        })?;
        let mut playbooks = BTreeMap::new();
        for number in versions.iter().map(|(_, number)| *number).chain([BROUGHT_ALONG]) {
            playbooks.insert(number, running::version(db, company, number, Lang::Ru)?);
        }
        let statuses = statuses::all(db, company)?;
        let confirmed = statuses.iter().find(|status| status.stage == Stage::Assembling && !status.archived);
        Ok(Self {
            company,
            calendar: Calendar::of(db, company)?,
            confirmed_status: confirmed.map(|status| status.code.clone()).unwrap_or_default(),
            policies: Course(policies),
            promises: Course(promises),
            versions: Course(versions),
            playbooks,
            usual: (Policy::default(), Promises::default()),
        })
    }

    pub fn policy(&self, position: i64) -> &Policy {
        self.policies.at(position).unwrap_or(&self.usual.0)
    }

    pub fn promises(&self, position: i64) -> &Promises {
        self.promises.at(position).unwrap_or(&self.usual.1)
    }

    /// The version in force.
    pub fn version(&self, position: i64) -> i64 {
        self.versions.at(position).copied().unwrap_or(BROUGHT_ALONG)
    }

    pub fn playbook(&self, number: i64) -> Option<&Arc<Playbook>> {
        self.playbooks.get(&number)
    }
}

fn read<T: DeserializeOwned>(value: serde_json::Value) -> Option<T> {
    serde_json::from_value(value).ok()
}

fn all_of(
    db: &mut dyn Query,
    company: CompanyId,
    kind: &str,
    id: i64,
    mut hear: impl FnMut(&RecordedFact) -> Result<()>,
) -> Result<()> {
    let mut after = 0;
    loop {
        let page = facts::of_subject(db, company, kind, id, after, AT_ONCE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.n;
        page.iter().try_for_each(&mut hear)?;
    }
}
