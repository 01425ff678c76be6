use std::time::Instant;

use takt_feature::Wiring;
use takt_kernel::{Clock, Result, SystemClock, Timestamp};
use takt_store::{Effort, Look, Query, params, sql};

use super::report::{Line, Report};
use crate::verbs::verify::all_checks;

/// Clocks of machines that ask the same time server differ by less.
const CLOCKS_DIFFER_SECONDS: i64 = 5;
/// Nothing was written before this program existed: a clock that says so was never set.
const BEFORE_TAKT: i64 = 1_735_689_600_000_000;

/// Answers how many bytes the database has.
pub fn look_at_database(look: &mut Look, report: &mut Report) -> Option<u64> {
    let began = Instant::now();
    match look.describe() {
        Ok(described) => {
            let bytes = u64::try_from(described.bytes).unwrap_or(0);
            let line = Line::ok("database", "database-ok")
                .arg("engine", described.engine.name())
                .arg("version", described.version)
                .arg("size", bytes >> 20)
                .arg("milliseconds", began.elapsed().as_millis());
            report.add(line);
            Some(bytes)
        }
        Err(fault) => {
            report.add(Line::of_fault("database", &fault));
            None
        }
    }
}

/// Answers whether the tables are those of this program, so that they can be asked.
pub fn look_at_schema(look: &mut Look, wiring: &Wiring, report: &mut Report) -> bool {
    let schema = match look.schema(&wiring.migrations) {
        Ok(schema) => schema,
        Err(fault) => {
            report.add(Line::of_fault("schema", &fault));
            return false;
        }
    };
    let few = |steps: &[String]| steps.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    let line = if !schema.unknown.is_empty() {
        Line::broken("schema", "schema-newer").arg("steps", few(&schema.unknown))
    } else if !schema.changed.is_empty() {
        Line::broken("schema", "schema-changed").arg("steps", few(&schema.changed))
    } else if schema.applied == 0 {
        Line::broken("schema", "schema-none")
    } else if !schema.pending.is_empty() {
        Line::warning("schema", "schema-behind").arg("steps", few(&schema.pending))
    } else {
        Line::ok("schema", "schema-ok").arg("applied", schema.applied)
    };
    report.add(line);
    schema.applied > 0 && schema.unknown.is_empty() && schema.changed.is_empty() && schema.pending.is_empty()
}

/// This machine's clock against the newest fact and against the database server's.
pub fn look_at_clock(look: &mut Look, report: &mut Report) {
    report.add(clock(look).unwrap_or_else(|fault| Line::of_fault("clock", &fault)));
}

fn clock(look: &mut Look) -> Result<Line> {
    let (newest, servers): (Option<Timestamp>, Option<i64>) = look.ask(|reader| {
        let newest = reader
            .opt(
                sql!(
                    "select fact.at
                     from fact_position
                     join fact on fact.id = fact_position.fact_id
                     order by fact_position.position desc
                     limit 1"
                ),
                params![],
            )?
            .map(|row| row.get("at"))
            .transpose()?;
        let servers = reader.one(
            sql!("select {pg:cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)|sqlite:null} as at"),
            params![],
        )?;
        Ok((newest, servers.get("at")?))
    })?;
    let now = SystemClock.now();
    let ahead = newest.map_or(0, |newest| newest.seconds_since(now));
    let apart = servers.map_or(0, |servers| Timestamp::from_micros(servers).seconds_since(now).abs());
    Ok(if now.micros() < BEFORE_TAKT {
        Line::broken("clock", "clock-unset").arg("now", now)
    } else if ahead > CLOCKS_DIFFER_SECONDS {
        Line::broken("clock", "clock-back").arg("seconds", ahead)
    } else if apart > CLOCKS_DIFFER_SECONDS {
        Line::warning("clock", "clock-apart").arg("seconds", apart)
    } else {
        Line::ok("clock", "clock-ok").arg("now", now)
    })
}

/// The checks of features that cost little.
pub fn look_at_data(look: &mut Look, wiring: &Wiring, report: &mut Report) {
    let mut held = 0;
    for check in all_checks(wiring).into_iter().filter(|check| check.effort == Effort::Glance) {
        match look.ask(|reader| (check.look)(reader)) {
            Ok(wrong) if wrong.is_empty() => held += 1,
            Ok(wrong) => {
                let rows = wrong.into_iter().take(3).map(|wrong| wrong.0).collect();
                report.add(Line::of_check(check.key(), rows));
            }
            Err(fault) => report.add(Line::of_fault("data", &fault)),
        }
    }
    report.add(Line::ok("data", "data-ok").arg("checks", held));
}
