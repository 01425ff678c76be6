use std::sync::Arc;

use takt_store::Db;
use takt_ui::{NavItem, Sample, Texts};

use crate::{ApiDescription, Limits, Probe, RateLimiter, live::Live, measures::Measures, shed::Gate};

/// What every handler may use. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    pub db: Db,
    pub texts: Arc<Texts>,
    pub navigation: Arc<Vec<NavItem>>,
    /// Reached over https: cookies get the `__Host-` prefix and `Secure`.
    pub secure: bool,
    /// Nobody shall come by plain http any more, not even to another port: browsers are told to remember.
    pub(crate) only_https: bool,
    /// How many proxies of ours stand in front; only their part of `X-Forwarded-For` is believed.
    pub proxies: usize,
    pub limiter: Arc<RateLimiter>,
    pub live: Live,
    pub api: ApiDescription,
    pub probes: Arc<Vec<Probe>>,
    /// Shown at `/_samples`; empty outside development.
    pub samples: Arc<Vec<Sample>>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) measures: Measures,
}

impl Web {
    pub fn new(db: Db, texts: Arc<Texts>, mut navigation: Vec<NavItem>, api: ApiDescription) -> Self {
        navigation.sort_by_key(|item| item.place);
        let limiter = Arc::new(RateLimiter::new(db.shared_clock()));
        let gate = Gate::new(Limits::default());
        Self {
            live: Live::new(db.clone()),
            measures: Measures::new(db.metrics(), &gate),
            gate,
            db,
            texts,
            navigation: Arc::new(navigation),
            secure: false,
            only_https: false,
            proxies: 0,
            limiter,
            api,
            probes: Arc::default(),
            samples: Arc::default(),
        }
    }

    /// People reach this node over https, whoever speaks it.
    pub fn secure(self, secure: bool) -> Self {
        Self { secure, only_https: secure, ..self }
    }

    /// The same for those who come over TLS of our own: with no proxy between, whose word would be taken.
    pub(crate) fn over_tls(&self) -> Self {
        Self { secure: true, proxies: 0, ..self.clone() }
    }

    pub fn behind_proxies(self, proxies: usize) -> Self {
        Self { proxies, ..self }
    }

    /// How much this node takes on.
    pub fn limits(self, limits: Limits) -> Self {
        let gate = Gate::new(limits);
        Self { measures: Measures::new(self.db.metrics(), &gate), gate, ..self }
    }

    /// What `/readyz` asks besides the database.
    pub fn probes(self, probes: Vec<Probe>) -> Self {
        Self { probes: Arc::new(probes), ..self }
    }

    /// Opens `/_samples`, for development.
    pub fn samples(self, samples: Vec<Sample>) -> Self {
        Self { samples: Arc::new(samples), ..self }
    }
}
