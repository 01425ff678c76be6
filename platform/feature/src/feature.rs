use axum::Router;
use takt_kernel::{Slot, Slots};
use takt_store::{Migration, Migrations, Tier};
use takt_ui::{Lang, NavItem, Sample};
use takt_web::Web;
use takt_work::{JobKind, Listener, TimerKind};
use utoipa::openapi::OpenApi;

/// One thing the desk can do, as a value.
pub struct Feature {
    pub(crate) name: &'static str,
    pub(crate) tier: Tier,
    pub(crate) says: Vec<&'static str>,
    pub(crate) awaits: Vec<&'static str>,
    pub(crate) migrations: Vec<Migrations>,
    pub(crate) texts: Vec<(Lang, &'static str)>,
    pub(crate) unknown_languages: Vec<&'static str>,
    pub(crate) listeners: Vec<Listener>,
    pub(crate) timers: Vec<TimerKind>,
    pub(crate) jobs: Vec<JobKind>,
    pub(crate) slots: Slots,
    pub(crate) fillings: Vec<(&'static str, &'static str)>,
    pub(crate) routes: Router<Web>,
    pub(crate) navigation: Vec<NavItem>,
    pub(crate) api: Vec<fn() -> OpenApi>,
    pub(crate) samples: Vec<Sample>,
}

impl Feature {
    pub fn new(name: &'static str, tier: Tier) -> Self {
        Self {
            name,
            tier,
            says: Vec::new(),
            awaits: Vec::new(),
            migrations: Vec::new(),
            texts: Vec::new(),
            unknown_languages: Vec::new(),
            listeners: Vec::new(),
            timers: Vec::new(),
            jobs: Vec::new(),
            slots: Slots::default(),
            fillings: Vec::new(),
            routes: Router::new(),
            navigation: Vec::new(),
            api: Vec::new(),
            samples: Vec::new(),
        }
    }

    /// Kinds of the facts it writes.
    pub fn says(mut self, kinds: &[&'static str]) -> Self {
        self.says.extend(kinds);
        self
    }

    /// Kinds of facts that it would hear, though perhaps no feature says them yet.
    pub fn awaits(mut self, kinds: &[&'static str]) -> Self {
        self.awaits.extend(kinds);
        self
    }

    pub fn migrations(mut self, steps: &'static [Migration]) -> Self {
        self.migrations.push(Migrations { tier: self.tier, feature: self.name, steps });
        self
    }

    /// Fluent source of one language: `ru` or `en`.
    pub fn texts(mut self, lang: &'static str, source: &'static str) -> Self {
        match Lang::parse(lang) {
            Some(known) => self.texts.push((known, source)),
            None => self.unknown_languages.push(lang),
        }
        self
    }

    pub fn listener(mut self, listener: Listener) -> Self {
        self.listeners.push(listener);
        self
    }

    pub fn timer(mut self, timer: TimerKind) -> Self {
        self.timers.push(timer);
        self
    }

    pub fn job(mut self, job: JobKind) -> Self {
        self.jobs.push(job);
        self
    }

    /// Fills a slot that a verb, a page or the playbook declares; the label stands in `docs/flow.md`.
    pub fn fill<T: Send + Sync + 'static>(mut self, slot: &Slot<T>, label: &'static str, value: T) -> Self {
        self.fillings.push((slot.name(), label));
        self.slots.fill(slot, label, value);
        self
    }

    pub fn routes(mut self, routes: Router<Web>) -> Self {
        self.routes = self.routes.merge(routes);
        self
    }

    pub fn navigation(mut self, item: NavItem) -> Self {
        self.navigation.push(item);
        self
    }

    /// What it adds to the API document: `|| <MyApi as utoipa::OpenApi>::openapi()`.
    pub fn api(mut self, describe: fn() -> OpenApi) -> Self {
        self.api.push(describe);
        self
    }

    /// Pages and parts with made-up contents, for `/_samples` and the tests over all of them.
    pub fn samples(mut self, samples: Vec<Sample>) -> Self {
        self.samples.extend(samples);
        self
    }
}
