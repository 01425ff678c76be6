//! Who is asked when a task is not done in time: role by role, each after so many minutes of a calendar.
//! Without a ladder of its own a task has the usual one ([`crate::escalate`]).

use serde_json::{Value as Json, json};
use takt_kernel::{CompanyId, Result, Timestamp};
use takt_staff::{Calendar, Role};
use takt_store::Query;

use crate::Task;

/// Where it stands in what a task needs to know.
const ARGUMENT: &str = "ladder";
const SECONDS_PER_MINUTE: i64 = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Since the one before was asked; of the first since the deadline.
    pub after_minutes: i64,
    pub role: Role,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    rungs: Vec<Rung>,
    /// By name; none is the usual calendar of the company.
    calendar: Option<String>,
}

impl Ladder {
    /// Whoever has to do the task anyway is not asked a second time, nor is anybody twice.
    pub fn new(role: Role, rungs: impl IntoIterator<Item = Rung>, calendar: Option<String>) -> Self {
        let mut kept: Vec<Rung> = Vec::new();
        for rung in rungs {
            if rung.role != role && kept.iter().all(|other| other.role != rung.role) {
                kept.push(rung);
            }
        }
        Self { rungs: kept, calendar }
    }

    /// The ladder of a task that has one of its own.
    pub(crate) fn of(task: &Task) -> Option<Self> {
        Self::read(&task.args)
    }

    /// As it stands in what a task needs to know.
    pub(crate) fn read(args: &Json) -> Option<Self> {
        let written = args.get(ARGUMENT)?;
        let rung = |written: &Json| {
            let role = written.get("role")?.as_str()?.parse::<Role>().ok()?;
            Some(Rung { after_minutes: written.get("after")?.as_i64()?, role })
        };
        let rungs = written.get("rungs")?.as_array()?.iter().map(rung).collect::<Option<Vec<_>>>()?;
        let calendar = written.get("calendar").and_then(Json::as_str).map(str::to_owned);
        Some(Self { rungs, calendar })
    }

    /// Puts it among what a task needs to know.
    pub fn put_into(&self, args: &mut Json) {
        let rungs: Vec<Json> = self
            .rungs
            .iter()
            .map(|rung| json!({ "after": rung.after_minutes, "role": rung.role.code() }))
            .collect();
        if let Some(args) = args.as_object_mut() {
            args.insert(ARGUMENT.to_owned(), json!({ "rungs": rungs, "calendar": self.calendar }));
        }
    }

    /// Who is asked after the one who was asked last, and who after that.
    pub(crate) fn next(&self, asked_last: Option<Role>) -> (Option<Rung>, Option<Rung>) {
        let place = match asked_last {
            None => 0,
            Some(role) => {
                self.rungs.iter().position(|rung| rung.role == role).map_or(usize::MAX, |place| place + 1)
            }
        };
        (self.rungs.get(place).copied(), self.rungs.get(place.saturating_add(1)).copied())
    }

    /// When this one is asked: by the calendar of the ladder, or the company's usual one where that is gone.
    ///
    /// # Errors
    /// Faults of the store.
    pub(crate) fn moment(
        &self,
        db: &mut dyn Query,
        company: CompanyId,
        since: Timestamp,
        rung: Rung,
    ) -> Result<Timestamp> {
        if rung.after_minutes == 0 {
            return Ok(since);
        }
        let calendar = match Calendar::by_name(db, company, self.calendar.as_deref()) {
            Err(fault) if fault.is("staff.calendar_missing") => Calendar::of(db, company)?,
            found => found?,
        };
        Ok(calendar.add_working_seconds(since, rung.after_minutes.saturating_mul(SECONDS_PER_MINUTE)))
    }
}
