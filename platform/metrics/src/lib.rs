//! Numbers about this process for whoever watches it: counters, gauges and histograms that cost a few
//! atomic operations, written as text when somebody asks (OpenMetrics, which Prometheus reads).
//!
//! One [`Metrics`] goes with one database handle. Asked twice for the same name it gives the same
//! metric. Labels hold names that the program knows, never what a caller sent: their number is bounded.

mod asked;
mod process;

use std::{
    any::Any,
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use prometheus_client::{
    encoding::text,
    metrics::family::Family,
    registry::{Metric, Registry},
};

pub use prometheus_client::metrics::{counter::Counter, gauge::Gauge, histogram::Histogram};

use asked::Asked;
pub use process::most_files;

/// What the text is, for `Content-Type`.
pub const MEDIA: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub type Labels<const N: usize> = [(&'static str, Cow<'static, str>); N];
pub type CounterBy<const N: usize> = Family<Labels<N>, Counter>;
pub type GaugeBy<const N: usize> = Family<Labels<N>, Gauge>;
pub type HistogramBy<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

/// From half a millisecond to ten seconds.
const SECONDS: [f64; 13] = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// How many at once.
const SIZES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Clones share the numbers.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Mutex<Registry>,
    known: Mutex<HashMap<&'static str, Box<dyn Any + Send + Sync>>>,
    asked: Asked,
}

impl Metrics {
    /// With the numbers of the process itself, which started at this second of the Unix era.
    pub fn new(started_at: f64) -> Self {
        let mut registry = Registry::default();
        let asked = Asked::default();
        registry.register_collector(Box::new(asked.clone()));
        let metrics =
            Self(Arc::new(Inner { registry: Mutex::new(registry), known: Mutex::default(), asked }));
        process::describe(&metrics, started_at);
        metrics
    }

    /// Written as `name_total`.
    pub fn counter(&self, name: &'static str, help: &'static str) -> Counter {
        self.kept(name, help, Counter::default)
    }
    pub fn counter_by<const N: usize>(&self, name: &'static str, help: &'static str) -> CounterBy<N> {
        self.kept(name, help, Family::default)
    }
    pub fn gauge(&self, name: &'static str, help: &'static str) -> Gauge {
        self.kept(name, help, Gauge::default)
    }
    pub fn gauge_by<const N: usize>(&self, name: &'static str, help: &'static str) -> GaugeBy<N> {
        self.kept(name, help, Family::default)
    }
    pub fn seconds(&self, name: &'static str, help: &'static str) -> Histogram {
        self.kept(name, help, of_seconds)
    }
    pub fn seconds_by<const N: usize>(&self, name: &'static str, help: &'static str) -> HistogramBy<N> {
        self.kept(name, help, || Family::new_with_constructor(of_seconds as fn() -> Histogram))
    }
    pub fn sizes(&self, name: &'static str, help: &'static str) -> Histogram {
        self.kept(name, help, || Histogram::new(SIZES))
    }

    /// A gauge whose value is found out when somebody asks. The last one under a name counts.
    pub fn when_asked(
        &self,
        name: &'static str,
        help: &'static str,
        ask: impl Fn() -> f64 + Send + Sync + 'static,
    ) {
        self.0.asked.put(name, help, None, move || vec![(String::new(), ask())]);
    }

    /// The same for several values, told apart by a label; without one for the first.
    pub fn when_asked_by(
        &self,
        name: &'static str,
        help: &'static str,
        label: Option<&'static str>,
        ask: impl Fn() -> Vec<(String, f64)> + Send + Sync + 'static,
    ) {
        self.0.asked.put(name, help, label, ask);
    }

    /// Everything, as [`MEDIA`].
    pub fn text(&self) -> String {
        let mut written = String::with_capacity(16 * 1024);
        // Writing into a string does not fail.
        text::encode(&mut written, &held(&self.0.registry)).ok();
        written
    }

    fn kept<M: Metric + Clone + Any>(
        &self,
        name: &'static str,
        help: &'static str,
        make: impl FnOnce() -> M,
    ) -> M {
        let mut known = held(&self.0.known);
        if let Some(metric) = known.get(name).and_then(|metric| metric.downcast_ref::<M>()) {
            return metric.clone();
        }
        let metric = make();
        held(&self.0.registry).register(name, help, metric.clone());
        known.insert(name, Box::new(metric.clone()));
        metric
    }
}

fn of_seconds() -> Histogram {
    Histogram::new(SECONDS)
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_is_the_same_number() {
        let metrics = Metrics::new(1.5);
        metrics.counter("teas", "Cups of tea").inc();
        metrics.counter("teas", "Cups of tea").inc();
        let by = metrics.counter_by::<1>("orders", "Orders");
        by.get_or_create(&[("shop", "a\"b".into())]).inc();
        metrics.when_asked("pots", "Pots", || 3.0);
        metrics.when_asked("pots", "Pots", || 4.0);
        let text = metrics.text();
        assert!(text.contains("\nteas_total 2\n"), "{text}");
        assert!(text.contains("orders_total{shop=\"a\\\"b\"} 1\n"), "{text}");
        assert!(text.contains("\npots 4.0\n") && !text.contains("pots 3.0"), "{text}");
        assert!(text.contains("\nprocess_start_time_seconds 1.5\n"), "{text}");
        assert!(text.ends_with("# EOF\n"), "{text}");
    }

    #[test]
    fn memory_and_files_of_this_process_are_told() {
        let text = Metrics::new(0.0).text();
        for name in ["process_resident_memory_bytes", "process_open_fds", "process_max_fds"] {
            let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap();
            let value: f64 = line.split(' ').nth(1).unwrap().parse().unwrap();
            assert!(value > 0.0, "{line}");
        }
    }
}
