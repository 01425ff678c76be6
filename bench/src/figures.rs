//! What was measured: rounds that alternate with those of a ceiling, and their medians.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{engine::Engine, load::Latency};

/// One run of something.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Round {
    pub value: f64,
    pub latency: Option<Latency>,
    /// Whatever else is known of it, by name: `cpu_ms_per_order`, `resident_mb`, `lag_s` …
    pub extras: BTreeMap<String, f64>,
}

impl Round {
    pub fn new(value: f64) -> Self {
        Self { value, ..Self::default() }
    }

    pub fn latency(mut self, latency: Latency) -> Self {
        self.latency = Some(latency);
        self
    }

    pub fn extra(mut self, name: &str, value: f64) -> Self {
        self.extras.insert(name.to_owned(), value);
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    PerSecond,
    Seconds,
    Milliseconds,
    Microseconds,
    Megabytes,
    MegabytesPerSecond,
    Times,
    Percent,
    Count,
}

impl Unit {
    pub fn shown(self, value: f64) -> String {
        match self {
            Self::PerSecond if value >= 100.0 => format!("{}/s", grouped(value)),
            Self::PerSecond => format!("{value:.1}/s"),
            Self::Seconds => format!("{value:.2} s"),
            Self::Milliseconds => format!("{value:.2} ms"),
            Self::Microseconds => format!("{value:.2} µs"),
            Self::Megabytes => format!("{value:.1} MB"),
            Self::MegabytesPerSecond => format!("{value:.1} MB/s"),
            Self::Times => format!("{value:.2} ×"),
            Self::Percent => format!("{value:.1} %"),
            Self::Count => grouped(value),
        }
    }
}

pub fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut shown = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figure {
    /// `intake.8`: what [`crate::targets`] knows it by.
    pub id: String,
    pub engine: Engine,
    pub what: String,
    pub unit: Unit,
    /// Fsync was made to take 2 ms longer.
    pub slow_sync: bool,
    pub rounds: Vec<Round>,
    pub ceiling: Option<Ceiling>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ceiling {
    pub what: String,
    pub rounds: Vec<Round>,
}

impl Figure {
    pub fn new(id: impl Into<String>, engine: Engine, what: impl Into<String>, unit: Unit) -> Self {
        Self {
            id: id.into(),
            engine,
            what: what.into(),
            unit,
            slow_sync: false,
            rounds: Vec::new(),
            ceiling: None,
        }
    }

    pub fn against(mut self, what: &str) -> Self {
        self.ceiling = Some(Ceiling { what: what.to_owned(), rounds: Vec::new() });
        self
    }

    pub fn push(&mut self, round: Round) {
        self.rounds.push(round);
    }

    pub fn push_ceiling(&mut self, round: Round) {
        if let Some(ceiling) = &mut self.ceiling {
            ceiling.rounds.push(round);
        }
    }

    pub fn median(&self) -> Option<f64> {
        median(self.rounds.iter().map(|round| round.value))
    }

    pub fn ceiling_median(&self) -> Option<f64> {
        median(self.ceiling.as_ref()?.rounds.iter().map(|round| round.value))
    }

    /// The median over rounds of this round's share of the ceiling beside it: what a machine does
    /// that slows both is no difference. For times it is how much of the time the ceiling takes.
    pub fn share(&self) -> Option<f64> {
        let pairs = self.rounds.iter().zip(&self.ceiling.as_ref()?.rounds);
        median(pairs.filter(|(own, ceiling)| own.value > 0.0 && ceiling.value > 0.0).map(|(own, ceiling)| {
            match self.unit {
                Unit::PerSecond | Unit::MegabytesPerSecond | Unit::Percent | Unit::Count => {
                    own.value / ceiling.value
                }
                Unit::Seconds | Unit::Milliseconds | Unit::Microseconds | Unit::Megabytes | Unit::Times => {
                    ceiling.value / own.value
                }
            }
        }))
    }

    pub fn latency(&self) -> Option<Latency> {
        let all: Vec<Latency> = self.rounds.iter().filter_map(|round| round.latency).collect();
        Some(Latency {
            p50: median(all.iter().map(|latency| latency.p50))?,
            p99: median(all.iter().map(|latency| latency.p99))?,
            max: all.iter().map(|latency| latency.max).fold(0.0, f64::max),
        })
    }

    pub fn extra(&self, name: &str) -> Option<f64> {
        median(self.rounds.iter().filter_map(|round| round.extras.get(name).copied()))
    }
}

pub fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        length if length % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_the_median_of_the_rounds_own_shares() {
        let mut figure = Figure::new("a", Engine::Sqlite, "a", Unit::PerSecond).against("b");
        for (own, ceiling) in [(10.0, 100.0), (50.0, 100.0), (20.0, 50.0)] {
            figure.push(Round::new(own));
            figure.push_ceiling(Round::new(ceiling));
        }
        assert_eq!((figure.median(), figure.ceiling_median()), (Some(20.0), Some(100.0)));
        assert_eq!(figure.share(), Some(0.4));
        figure.unit = Unit::Milliseconds;
        assert_eq!(figure.share(), Some(2.5));
    }

    #[test]
    fn medians_and_numbers_as_people_read_them() {
        assert_eq!(median([3.0, 1.0, 2.0, f64::NAN].into_iter()), Some(2.0));
        assert_eq!(median([4.0, 2.0].into_iter()), Some(3.0));
        assert_eq!(median([].into_iter()), None);
        assert_eq!(Unit::PerSecond.shown(1_234_567.4), "1,234,567/s");
        assert_eq!(Unit::PerSecond.shown(12.34), "12.3/s");
    }
}
