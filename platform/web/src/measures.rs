//! What is counted of requests, per route template. The labels are names that the program knows: a path
//! that no route matches counts as `-`, a method that none takes as `OTHER`.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use http::{Method, StatusCode};
use takt_kernel::Kind;
use takt_metrics::{Counter, CounterBy, Gauge, Histogram, HistogramBy, Metrics};

use crate::shed::{Gate, Reason};

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OTHER"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

#[derive(Clone)]
pub(crate) struct Measures {
    requests: CounterBy<3>,
    seconds: HistogramBy<2>,
    routes: Arc<RwLock<HashMap<String, Methods>>>,
    in_flight: Gauge,
    connections: Gauge,
    slow_clients: Counter,
    handshakes: CounterBy<1>,
    refusals: CounterBy<1>,
    shed: CounterBy<1>,
}

/// The metrics of one route, found without building a label.
type Methods = [Option<Arc<Route>>; METHODS.len()];

pub(crate) struct Route {
    answered: [Counter; CLASSES.len()],
    seconds: Histogram,
}

/// Counts as long as it lives, so also when a client goes away in between.
pub(crate) struct Counted(Gauge);

impl Measures {
    pub fn new(metrics: &Metrics, gate: &Arc<Gate>) -> Self {
        let asked = |name, help, ask: fn(&Gate) -> usize| {
            let gate = gate.clone();
            metrics.when_asked(name, help, move || ask(&gate) as f64);
        };
        asked("takt_http_running", "Requests that have a place to be worked on", Gate::running);
        asked("takt_http_running_most", "Places for requests", |gate| gate.limits().running);
        asked("takt_http_waiting", "Requests that wait for a place", Gate::waiting);
        asked("takt_live_streams", "Open live streams", Gate::streams);
        Self {
            requests: metrics
                .counter_by("takt_http_requests", "Requests answered, by route and class of status"),
            seconds: metrics
                .seconds_by("takt_http_request_seconds", "From a request's head to its answer's head"),
            routes: Arc::default(),
            in_flight: metrics.gauge("takt_http_in_flight", "Requests under way, waiting ones included"),
            connections: metrics.gauge("takt_http_connections", "Open connections"),
            slow_clients: metrics
                .counter("takt_http_slow_clients", "Connections closed on a client that was too slow"),
            handshakes: metrics
                .counter_by("takt_tls_handshakes", "Beginnings of TLS connections, by outcome"),
            refusals: metrics.counter_by("takt_http_refusals", "Refusals by kind"),
            shed: metrics.counter_by("takt_http_shed", "Requests turned away because the node was full"),
        }
    }

    pub fn request(&self) -> Counted {
        Counted::of(&self.in_flight)
    }
    pub fn connection(&self) -> Counted {
        Counted::of(&self.connections)
    }
    pub fn slow_clients(&self) -> Counter {
        self.slow_clients.clone()
    }
    pub fn handshake(&self, outcome: &'static str) {
        self.handshakes.get_or_create(&[("outcome", outcome.into())]).inc();
    }
    pub fn shed(&self, reason: Reason) {
        self.shed.get_or_create(&[("reason", reason.code().into())]).inc();
    }
    pub fn refused(&self, kind: Kind) {
        let kind = match kind {
            Kind::Missing => "missing",
            Kind::Conflict => "conflict",
            Kind::Invalid => "invalid",
            Kind::Denied => "denied",
            Kind::Unavailable => "unavailable",
            Kind::Broken => "broken",
        };
        self.refusals.get_or_create(&[("kind", kind.into())]).inc();
    }

    pub fn route(&self, method: &Method, route: &str) -> Arc<Route> {
        let method = METHODS.iter().position(|known| known == &method.as_str()).unwrap_or(METHODS.len() - 1);
        let known = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(route).and_then(|methods| methods[method].clone()) {
            return known;
        }
        drop(known);
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        let methods = routes.entry(route.to_owned()).or_default();
        methods[method].get_or_insert_with(|| Arc::new(self.new_route(METHODS[method], route))).clone()
    }

    fn new_route(&self, method: &'static str, route: &str) -> Route {
        let place = [("method", method.into()), ("route", route.to_owned().into())];
        let answered = CLASSES.map(|class| {
            let [method, route] = place.clone();
            self.requests.get_or_create_owned(&[method, route, ("status", class.into())])
        });
        Route { answered, seconds: self.seconds.get_or_create_owned(&place) }
    }
}

impl Route {
    pub fn answered(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).clamp(1, CLASSES.len()) - 1;
        self.answered[class].inc();
        self.seconds.observe(took.as_secs_f64());
    }
}

impl Counted {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
