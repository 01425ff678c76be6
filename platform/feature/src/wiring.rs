use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::Router;
use jiff::tz::TimeZone;
use takt_kernel::Slots;
use takt_store::{Db, Migrations};
use takt_ui::{Lang, NavItem, Sample, Texts, Words};
use takt_web::{ApiDescription, Web};
use takt_work::{JobKind, Listener, Runner, TimerKind};

use crate::{Feature, flow::Flow};

/// All features put together.
pub struct Wiring {
    pub slots: Arc<Slots>,
    pub migrations: Vec<Migrations>,
    pub texts: Arc<Texts>,
    pub router: Router<Web>,
    pub navigation: Vec<NavItem>,
    pub listeners: Vec<Listener>,
    pub timers: Vec<TimerKind>,
    pub jobs: Vec<JobKind>,
    pub api: ApiDescription,
    pub samples: Vec<Sample>,
    pub(crate) flows: Vec<Flow>,
    unknown_languages: Vec<String>,
    /// Heard by somebody, though perhaps said by nobody yet.
    awaited: Vec<&'static str>,
}

impl Wiring {
    /// Puts features together in the order of the list; the platform's own tables and texts come first.
    ///
    /// # Panics
    /// When two features serve the same route: axum finds that while the program starts.
    pub fn assemble(features: Vec<Feature>) -> Self {
        let mut slots = Slots::default();
        slots.fill(&takt_store::CHECKS, "the log", takt_store::LOG_CHECKS);
        slots.fill(&takt_store::CHECKS, "reactions and jobs", takt_work::CHECKS);
        slots.fill(&takt_vault::VAULT, "the installation's key", takt_vault::Vault::default());
        slots.fill(&takt_work::HEARD, "who has heard something", takt_work::Heard::default());
        for sample in takt_work::SAMPLES {
            slots.fill(&takt_store::SAMPLES, "reactions and jobs", sample);
        }
        let mut migrations = vec![takt_work::MIGRATIONS, takt_search::MIGRATIONS, takt_vault::MIGRATIONS];
        let mut texts: Vec<(Lang, &'static str)> = takt_ui::TEXTS.to_vec();
        for (lang, source) in takt_store::TEXTS
            .into_iter()
            .chain(takt_web::TEXTS)
            .chain(takt_work::TEXTS)
            .chain(takt_search::TEXTS)
            .chain(takt_vault::TEXTS)
        {
            texts.extend(Lang::parse(lang).map(|lang| (lang, source)));
        }
        let mut wiring = Self {
            slots: Arc::default(),
            migrations: Vec::new(),
            texts: Arc::new(Texts::new([])),
            router: Router::new(),
            navigation: Vec::new(),
            listeners: Vec::new(),
            timers: Vec::new(),
            jobs: takt_search::jobs().into(),
            api: ApiDescription::default(),
            samples: takt_ui::samples(),
            flows: Vec::new(),
            unknown_languages: Vec::new(),
            awaited: Vec::new(),
        };
        let mut api = Vec::new();
        for feature in features {
            wiring.flows.push(Flow::of(&feature));
            let name = feature.name;
            wiring.unknown_languages.extend(
                feature
                    .unknown_languages
                    .iter()
                    .map(|lang| format!("{name}: texts in unknown language {lang}")),
            );
            wiring.awaited.extend(feature.awaits);
            slots.absorb(feature.slots);
            migrations.extend(feature.migrations);
            texts.extend(feature.texts);
            wiring.router = std::mem::take(&mut wiring.router).merge(feature.routes);
            wiring.navigation.extend(feature.navigation);
            wiring.listeners.extend(feature.listeners);
            wiring.timers.extend(feature.timers);
            wiring.jobs.extend(feature.jobs);
            wiring.samples.extend(feature.samples);
            api.extend(feature.api);
        }
        wiring.slots = Arc::new(slots);
        wiring.migrations = migrations;
        wiring.texts = Arc::new(Texts::new(texts));
        wiring.api = ApiDescription::of(api);
        wiring
    }

    /// What does not fit, in words for developers: facts that are heard and never said, names used
    /// twice, texts that stand in one language only, an API described twice. A test demands none.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = self.unknown_languages.clone();
        let said: BTreeSet<&str> = self.flows.iter().flat_map(|flow| flow.says.iter().copied()).collect();
        for listener in &self.listeners {
            let unsaid = listener.hears.iter().filter(|kind| !said.contains(*kind));
            for kind in unsaid.filter(|kind| !self.awaited.contains(*kind)) {
                problems.push(format!("{}: hears {kind}, which nobody says", listener.name));
            }
        }
        problems.extend(twice("feature", self.flows.iter().map(|flow| flow.feature)));
        problems.extend(twice("fact", self.flows.iter().flat_map(|flow| flow.says.iter().copied())));
        problems.extend(twice("listener", self.listeners.iter().map(|listener| listener.name)));
        problems.extend(twice("timer", self.timers.iter().map(|timer| timer.kind)));
        problems.extend(twice("job", self.jobs.iter().map(|job| job.kind)));
        problems.extend(self.texts.check());
        problems.extend(self.api.document().problems.iter().cloned());
        problems.extend(self.sample_problems());
        problems
    }

    /// Samples that ask for texts that are not there.
    fn sample_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for lang in Lang::ALL {
            let words = Words::new(self.texts.clone(), lang, TimeZone::UTC);
            for sample in &self.samples {
                let missing = Texts::missing_in(&(sample.render)(&words).into_string());
                problems.extend(
                    missing.iter().map(|key| format!("the sample {} lacks {key} in {lang}", sample.name)),
                );
            }
        }
        problems
    }

    /// The state of all handlers, over this database.
    pub fn web(&self, db: Db) -> Web {
        Web::new(db, self.texts.clone(), self.navigation.clone(), self.api.clone())
    }

    pub fn runner(&self, db: Db) -> Runner {
        Runner::new(db, self.listeners.clone(), self.timers.clone(), self.jobs.clone())
    }

    /// How facts flow, for `docs/flow.md`.
    pub fn flow_markdown(&self) -> String {
        crate::flow::markdown(&self.flows)
    }
}

fn twice<'n>(what: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(name, count)| format!("the {what} {name} is announced {count} times"))
        .collect()
}
