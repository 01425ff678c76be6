use std::{collections::BTreeMap, fs};

use takt_feature::Wiring;
use takt_kernel::{Clock, Result, SystemClock, Timestamp};
use takt_payments::watched_folder;
use takt_store::{Look, Query, params, sql};
use takt_work::Waiting;

use super::report::{Line, Report};

/// A running node takes what is due within a second; a minute is trouble.
const LATE_SECONDS: i64 = 60;
const VERY_LATE_SECONDS: i64 = 600;
/// A watched folder is looked into every ten seconds.
const UNWATCHED_SECONDS: i64 = 300;

pub fn look_at_queues(look: &mut Look, report: &mut Report) {
    match look.ask(|reader| takt_work::waiting(reader)) {
        Ok(waiting) => tell(&waiting, report),
        Err(fault) => report.add(Line::of_fault("queues", &fault)),
    }
}

fn tell(waiting: &Waiting, report: &mut Report) {
    let now = SystemClock.now();
    let late = |oldest: Option<Timestamp>| oldest.map_or(0, |oldest| now.seconds_since(oldest));
    let mut well = true;
    let mut trouble = |line: Line| {
        well = false;
        report.add(line);
    };
    if waiting.dead_jobs > 0 {
        trouble(Line::warning("queues", "jobs-dead").arg("count", waiting.dead_jobs));
    }
    if late(waiting.oldest_job) > LATE_SECONDS {
        let line = Line::warning("queues", "jobs-late").arg("count", waiting.due_jobs);
        trouble(line.arg("seconds", late(waiting.oldest_job)));
    }
    if late(waiting.oldest_timer) > LATE_SECONDS {
        let line = Line::warning("queues", "timers-late").arg("count", waiting.due_timers);
        trouble(line.arg("seconds", late(waiting.oldest_timer)));
    }
    if waiting.failing_timers > 0 {
        let line = Line::warning("queues", "timers-failing").arg("count", waiting.failing_timers);
        trouble(line.arg("error", waiting.failing_because.as_deref().unwrap_or("?")));
    }
    if waiting.parked > 0 {
        let line = Line::broken("queues", "parked").arg("count", waiting.parked);
        trouble(line.arg("error", waiting.parked_because.as_deref().unwrap_or("?")));
    }
    if well {
        report.add(Line::ok("queues", "queues-ok").arg("jobs", waiting.jobs).arg("timers", waiting.timers));
    }
}

/// The oldest fact that somebody who hears its kind has not handled.
pub fn look_at_lag(look: &mut Look, wiring: &Wiring, serving: Option<bool>, report: &mut Report) {
    report.add(lag(look, wiring, serving).unwrap_or_else(|fault| Line::of_fault("lag", &fault)));
}

fn lag(look: &mut Look, wiring: &Wiring, serving: Option<bool>) -> Result<Line> {
    let kinds: BTreeMap<&'static str, String> = wiring
        .listeners
        .iter()
        .map(|listener| {
            (listener.name, listener.hears.iter().fold(",".to_owned(), |all, kind| all + kind + ","))
        })
        .collect();
    let oldest = look.ask(|reader| {
        let cursors = reader.all(
            sql!("select listener, lane, position from reaction_cursor order by listener, lane limit 10000"),
            params![],
        )?;
        let mut oldest: Option<(Timestamp, String)> = None;
        for cursor in &cursors {
            let listener: String = cursor.get("listener")?;
            let Some(kinds) = kinds.get(listener.as_str()) else { continue };
            let (lane, position): (i64, i64) = (cursor.get("lane")?, cursor.get("position")?);
            let unheard = reader.opt(
                sql!(
                    "select fact.at
                     from fact_position as place
                     join fact on fact.id = place.fact_id
                     where place.position > :position and place.lane = :lane
                       and {pg:strpos|sqlite:instr}(:kinds, ',' || place.kind || ',') > 0
                     order by place.position
                     limit 1"
                ),
                params![position: position, lane: lane, kinds: kinds],
            )?;
            let Some(at) = unheard.map(|row| row.get::<Timestamp>("at")).transpose()? else { continue };
            if oldest.as_ref().is_none_or(|(before, _)| at < *before) {
                oldest = Some((at, listener));
            }
        }
        let unnumbered =
            reader.opt(sql!("select at from fact_unnumbered order by at, fact_id limit 1"), params![])?;
        let unnumbered = unnumbered.map(|row| row.get::<Timestamp>("at")).transpose()?;
        Ok(match (oldest, unnumbered) {
            (Some((at, listener)), Some(before)) if before >= at => Some((at, listener)),
            (_, Some(before)) => Some((before, "sequencer".to_owned())),
            (oldest, None) => oldest,
        })
    })?;
    let Some((at, listener)) = oldest else { return Ok(Line::ok("lag", "lag-none")) };
    let seconds = SystemClock.now().seconds_since(at);
    let line = match (seconds, serving) {
        (..=LATE_SECONDS, _) => Line::ok("lag", "lag-ok"),
        (_, Some(false)) => Line::warning("lag", "lag-stopped"),
        (..=VERY_LATE_SECONDS, _) => Line::warning("lag", "lag-late"),
        _ => Line::broken("lag", "lag-stuck"),
    };
    Ok(line.arg("seconds", seconds).arg("listener", listener))
}

pub fn look_at_watched_folders(look: &mut Look, serving: Option<bool>, report: &mut Report) {
    let folders = match look.ask(|reader| watched_folder::of_all_companies(reader)) {
        Ok(folders) => folders,
        Err(fault) => return report.add(Line::of_fault("folders", &fault)),
    };
    let now = SystemClock.now();
    let mut well = 0;
    for folder in &folders {
        let unwatched = folder.last_looked_at.unwrap_or(folder.bound_at);
        let line = if let Err(error) = fs::read_dir(&folder.path) {
            Line::broken("folders", "folders-unreadable").arg("cause", error)
        } else if let Some(problem) = &folder.last_problem {
            Line::warning("folders", "folders-problem").arg("problem", &problem.code)
        } else if serving != Some(false) && now.seconds_since(unwatched) > UNWATCHED_SECONDS {
            Line::warning("folders", "folders-unwatched").arg("minutes", now.seconds_since(unwatched) / 60)
        } else {
            well += 1;
            continue;
        };
        report.add(line.arg("folder", &folder.path));
    }
    if well == folders.len() {
        let code = if folders.is_empty() { "folders-none" } else { "folders-ok" };
        report.add(Line::ok("folders", code).arg("count", well));
    }
}
