//! What is to be reached, as issues 3 to 6 have it. A figure that is not named here has no target.

use crate::{engine::Engine, figures::Figure};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// The figure itself is at least this.
    AtLeast,
    AtMost,
    /// Milliseconds.
    P50,
    P99,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    pub measure: Measure,
    pub must: f64,
    pub aim: f64,
}

/// id, of what, then must and aim on SQLite and on PostgreSQL.
const TARGETS: &[(&str, Measure, [f64; 2], [f64; 2])] = &[
    ("intake.64", Measure::AtLeast, [2_000.0, 5_000.0], [800.0, 2_700.0]),
    ("intake.1", Measure::P50, [1.0, 0.6], [2.0, 1.2]),
    ("intake.8", Measure::P99, [8.0, 8.0], [15.0, 15.0]),
    ("flow.8", Measure::AtLeast, [400.0, 800.0], [400.0, 800.0]),
    ("list.status.1e5.1", Measure::P50, [0.5, 0.5], [0.7, 0.7]),
    ("list.substring.1e5.1", Measure::P50, [5.0, 5.0], [5.0, 5.0]),
    ("list.status.1e5.8", Measure::AtLeast, [3_000.0, 5_000.0], [3_000.0, 5_000.0]),
    ("list.growth", Measure::AtMost, [2.0, 2.0], [2.0, 2.0]),
    ("push", Measure::P99, [250.0, 250.0], [250.0, 250.0]),
    ("watched.core", Measure::AtMost, [15.0, 15.0], [15.0, 15.0]),
    ("watched.memory", Measure::AtMost, [150.0, 150.0], [150.0, 150.0]),
    ("start", Measure::AtMost, [50.0, 25.0], [50.0, 25.0]),
    ("memory.idle", Measure::AtMost, [25.0, 12.0], [25.0, 12.0]),
    ("memory.after", Measure::AtMost, [60.0, 40.0], [60.0, 40.0]),
    ("module.list", Measure::P50, [3.0, 3.0], [3.0, 3.0]),
    ("module.history", Measure::P50, [3.0, 3.0], [3.0, 3.0]),
    ("shops.module.ratio", Measure::AtMost, [2.0, 2.0], [2.0, 2.0]),
    ("shops.asked.ratio", Measure::AtMost, [2.0, 2.0], [2.0, 2.0]),
    ("feed.same", Measure::AtLeast, [20_000.0, 20_000.0], [20_000.0, 20_000.0]),
    ("feed.memory", Measure::AtMost, [60.0, 60.0], [60.0, 60.0]),
    ("match.lines", Measure::AtLeast, [100_000.0, 100_000.0], [100_000.0, 100_000.0]),
    ("match.references.a-f.wrong", Measure::AtMost, [0.0, 0.0], [0.0, 0.0]),
    ("match.references.a-g.wrong", Measure::AtMost, [0.0, 0.0], [0.0, 0.0]),
    ("match.references.a-h.wrong", Measure::AtMost, [0.0, 0.0], [0.0, 0.0]),
    ("match.plain.a-f.wrong", Measure::AtMost, [0.0, 0.0], [0.0, 0.0]),
    ("match.plain.a-g.wrong", Measure::AtMost, [0.0, 0.0], [0.0, 0.0]),
    ("match.plain.a-h.wrong", Measure::AtMost, [0.0, 0.0], [0.0, 0.0]),
    ("match.references.a-f.recall", Measure::AtLeast, [98.0, 98.0], [98.0, 98.0]),
    ("match.references.a-g.recall", Measure::AtLeast, [98.0, 98.0], [98.0, 98.0]),
    ("match.references.a-h.recall", Measure::AtLeast, [98.0, 98.0], [98.0, 98.0]),
    ("match.plain.a-f.recall", Measure::AtLeast, [86.0, 86.0], [86.0, 86.0]),
    ("match.references.a-f.first", Measure::AtLeast, [95.0, 95.0], [95.0, 95.0]),
    ("match.plain.a-f.first", Measure::AtLeast, [95.0, 95.0], [95.0, 95.0]),
    ("statement.1c", Measure::AtLeast, [50.0, 50.0], [50.0, 50.0]),
    ("rules.fact", Measure::AtMost, [10.0, 10.0], [10.0, 10.0]),
    ("past.1500", Measure::AtMost, [2.0, 2.0], [2.0, 2.0]),
    ("past.450000", Measure::AtMost, [300.0, 300.0], [300.0, 300.0]),
    ("timers.memory", Measure::AtMost, [200.0, 200.0], [200.0, 200.0]),
    ("timers.late", Measure::AtMost, [1_000.0, 1_000.0], [1_000.0, 1_000.0]),
    ("clock", Measure::AtMost, [200.0, 200.0], [200.0, 200.0]),
    ("binary", Measure::AtMost, [30.0, 30.0], [30.0, 30.0]),
];

#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub target: String,
    pub reached: bool,
    pub aim_reached: bool,
}

pub fn target(id: &str, engine: Engine) -> Option<Target> {
    let (_, measure, sqlite, postgres) = TARGETS.iter().find(|(known, ..)| *known == id)?;
    let [must, aim] = match engine {
        Engine::Sqlite => *sqlite,
        Engine::Postgres => *postgres,
    };
    Some(Target { measure: *measure, must, aim })
}

/// Nothing for figures without a target, and with an injected delay, which no target knows.
pub fn verdict(figure: &Figure) -> Option<Verdict> {
    let target = target(&figure.id, figure.engine).filter(|_| !figure.slow_sync)?;
    let milliseconds = |microseconds: f64| microseconds / 1000.0;
    let (value, sign) = match target.measure {
        Measure::AtLeast => (figure.median()?, "≥"),
        Measure::AtMost => (figure.median()?, "≤"),
        Measure::P50 => (milliseconds(figure.latency()?.p50), "p50 ≤"),
        Measure::P99 => (milliseconds(figure.latency()?.p99), "p99 ≤"),
    };
    let reaches = |bound: f64| match target.measure {
        Measure::AtLeast => value >= bound,
        Measure::AtMost | Measure::P50 | Measure::P99 => value <= bound,
    };
    // An intake whose reactions lag behind does not count.
    let drained = figure.extra("lag_s").is_none_or(|lag| lag <= LONGEST_LAG_SECONDS);
    let (must, aim) = (target.must, target.aim);
    let aimed = if must == aim { String::new() } else { format!(" (aim {aim})") };
    Some(Verdict {
        target: format!("{sign} {must}{aimed}"),
        reached: reaches(must) && drained,
        aim_reached: reaches(aim) && drained,
    })
}

pub const LONGEST_LAG_SECONDS: f64 = 1.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        figures::{Round, Unit},
        load::Latency,
    };

    #[test]
    fn an_intake_counts_only_when_its_reactions_have_drained() {
        let mut figure = Figure::new("intake.64", Engine::Postgres, "intake", Unit::PerSecond);
        figure.push(Round::new(900.0).extra("lag_s", 0.2));
        let verdict_of =
            |figure: &Figure| verdict(figure).map(|verdict| (verdict.reached, verdict.aim_reached));
        assert_eq!(verdict_of(&figure), Some((true, false)));
        figure.rounds[0].extras.insert("lag_s".to_owned(), 3.0);
        assert_eq!(verdict_of(&figure), Some((false, false)));
        figure.engine = Engine::Sqlite;
        figure.rounds[0] = Round::new(5_001.0);
        assert_eq!(verdict_of(&figure), Some((true, true)));
    }

    #[test]
    fn times_are_compared_by_the_quantile_that_the_target_names() {
        let mut figure = Figure::new("intake.8", Engine::Sqlite, "intake", Unit::PerSecond);
        figure.push(Round::new(1.0).latency(Latency { p50: 100.0, p99: 7_900.0, max: 90_000.0 }));
        assert!(verdict(&figure).unwrap().reached);
        figure.rounds[0] = Round::new(1.0).latency(Latency { p50: 100.0, p99: 8_100.0, max: 8_200.0 });
        assert!(!verdict(&figure).unwrap().reached);
        figure.slow_sync = true;
        assert_eq!(verdict(&figure), None);
    }
}
