//! Gauges that are read when the text is written.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, gauge::ConstGauge},
};

use crate::held;

#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<Mutex<BTreeMap<&'static str, Question>>>);

#[derive(Clone)]
struct Question {
    help: &'static str,
    label: Option<&'static str>,
    ask: Arc<dyn Fn() -> Vec<(String, f64)> + Send + Sync>,
}

impl Asked {
    pub fn put(
        &self,
        name: &'static str,
        help: &'static str,
        label: Option<&'static str>,
        ask: impl Fn() -> Vec<(String, f64)> + Send + Sync + 'static,
    ) {
        held(&self.0).insert(name, Question { help, label, ask: Arc::new(ask) });
    }
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(held(&self.0).keys()).finish()
    }
}

impl Collector for Asked {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        // Copied out, so that an answer may itself ask for a metric.
        let questions: Vec<(&'static str, Question)> =
            held(&self.0).iter().map(|(name, question)| (*name, question.clone())).collect();
        for (name, Question { help, label, ask }) in questions {
            let mut written = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            for (value, number) in ask() {
                match label {
                    Some(label) => {
                        ConstGauge::new(number).encode(written.encode_family(&[(label, value)])?)?;
                    }
                    None => {
                        ConstGauge::new(number).encode(written)?;
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}
