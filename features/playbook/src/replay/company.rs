//! What held for a whole company at any place of the log: its settings and the version of its playbook.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::de::DeserializeOwned;
use takt_kernel::{CompanyId, Result};
use takt_orders::{OrderId, Stage, clock::Promises, statuses};
use takt_playbook_language::{Hours, Playbook};
use takt_staff::{Calendar, calendar, facts::SettingChanged};
use takt_store::{Fact as _, Query, RecordedFact, facts};
use takt_ui::Lang;

use super::evidence::Looked;
use crate::{
    facts::{Published, SUBJECT},
    policy::Policy,
    running::{self, BROUGHT_ALONG},
};

const AT_ONCE: i64 = 1_000;
/// No calendar of a company has this name.
const ROUND_THE_CLOCK: &str = "round the clock";

/// Something that changed now and then: what holds since which place of the log.
struct Course<T>(Vec<(i64, T)>);

impl<T> Course<T> {
    fn at(&self, position: i64) -> Option<&T> {
        self.until(position).last().map(|(_, value)| value)
    }

    fn until(&self, position: i64) -> &[(i64, T)] {
        self.0.get(..self.0.partition_point(|(since, _)| *since <= position)).unwrap_or_default()
    }
}

impl Course<Published> {
    fn of_order(&self, position: i64, order: OrderId) -> i64 {
        let mut newest_first = self.until(position).iter().rev();
        let goes = newest_first.find(|(_, version)| version.stay_up_to.is_none_or(|last| order.get() > last));
        goes.map_or(BROUGHT_ALONG, |(_, version)| version.number)
    }
}

/// Which versions are asked.
pub(crate) enum Needed<'s> {
    All,
    /// Those by which this order went.
    Of(OrderId, &'s [RecordedFact]),
}

impl Needed<'_> {
    fn of(&self, versions: &Course<Published>) -> Result<BTreeSet<i64>> {
        let (order, story) = match self {
            Self::All => {
                let published = versions.0.iter().map(|(_, version)| version.number);
                return Ok(published.chain([BROUGHT_ALONG]).collect());
            }
            Self::Of(order, story) => (*order, *story),
        };
        let mut needed = BTreeSet::new();
        for fact in story {
            needed.insert(versions.of_order(fact.position, order));
            if fact.kind == Looked::KIND {
                needed.insert(fact.read::<Looked>()?.playbook);
            }
        }
        Ok(needed)
    }
}

pub(crate) struct CompanyPast {
    pub company: CompanyId,
    pub calendar: Calendar,
    /// Beside the usual one, by name.
    calendars: BTreeMap<String, Calendar>,
    /// An order that is confirmed gets it.
    pub confirmed_status: String,
    policies: Course<Policy>,
    promises: Course<Promises>,
    versions: Course<Published>,
    playbooks: BTreeMap<i64, Arc<Playbook>>,
    usual: (Policy, Promises),
}

impl CompanyPast {
    /// The calendar and the company's statuses are those of today; what Takt brings along speaks this language. Of
    /// what a version did that this program cannot read any more nothing is told.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn load(db: &mut dyn Query, company: CompanyId, lang: Lang, needed: Needed<'_>) -> Result<Self> {
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
                versions.push((fact.position, fact.read::<Published>()?));
            }
            Ok(())
        })?;
        let versions = Course(versions);
        let mut playbooks = BTreeMap::new();
        for number in needed.of(&versions)? {
            match running::version(db, company, number, lang) {
                Ok(playbook) => {
                    playbooks.insert(number, playbook);
                }
                Err(fault) if fault.is("playbook.version_unreadable") => {}
                Err(fault) => return Err(fault),
            }
        }
        let statuses = statuses::all(db, company)?;
        let confirmed = statuses.iter().find(|status| status.stage == Stage::Assembling && !status.archived);
        Ok(Self {
            company,
            calendar: Calendar::of(db, company)?,
            calendars: calendars(db, company)?,
            confirmed_status: confirmed.map(|status| status.code.clone()).unwrap_or_default(),
            policies: Course(policies),
            promises: Course(promises),
            versions,
            playbooks,
            usual: (Policy::default(), Promises::default()),
        })
    }

    /// By which a deadline is counted. One that nobody has is as the usual one.
    pub fn calendar_named(&self, name: Option<&str>) -> &Calendar {
        let named = name.and_then(|name| match Hours::named(name) {
            Hours::Usual => None,
            Hours::RoundTheClock => self.calendars.get(ROUND_THE_CLOCK),
            Hours::Named(name) => self.calendars.get(&name),
        });
        named.unwrap_or(&self.calendar)
    }

    /// Beside the usual one.
    pub fn named(&self, name: &str) -> Option<&Calendar> {
        self.calendars.get(name)
    }

    pub fn policy(&self, position: i64) -> &Policy {
        self.policies.at(position).unwrap_or(&self.usual.0)
    }

    pub fn promises(&self, position: i64) -> &Promises {
        self.promises.at(position).unwrap_or(&self.usual.1)
    }

    /// From where in the log a version was in force.
    pub fn published(&self, number: i64) -> Option<i64> {
        self.versions.0.iter().find(|(_, version)| version.number == number).map(|(position, _)| *position)
    }

    /// The version by which an order went.
    pub fn version(&self, position: i64, order: OrderId) -> i64 {
        self.versions.of_order(position, order)
    }

    pub fn playbook(&self, number: i64) -> Option<&Arc<Playbook>> {
        self.playbooks.get(&number)
    }
}

fn calendars(db: &mut dyn Query, company: CompanyId) -> Result<BTreeMap<String, Calendar>> {
    let named = calendar::all_named(db, company)?.into_iter().map(|known| (known.name, known.calendar));
    let always = Calendar::by_name(db, company, Some(ROUND_THE_CLOCK))?;
    Ok(named.chain([(ROUND_THE_CLOCK.to_owned(), always)]).collect())
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
