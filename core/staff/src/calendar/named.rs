//! Calendars of an organisation beside its usual one, by name, each with a zone of its own: for deadlines that
//! somebody else's hours count.

use std::{collections::BTreeMap, fmt::Write as _};

use jiff::civil::Date;
use takt_kernel::{CompanyId, Fault, OrganisationId, Result};
use takt_store::{Change, Query, Row, Tx, params, sql};

use super::{Calendar, DayHours, Holidays, Week, date};
use crate::{
    facts::{self, NamedCalendarRemoved, NamedCalendarSet},
    input,
    rights::{Permit, own::ManageCalendars},
};

const MOST: i64 = 50;
const LONGEST_NAME: usize = 40;
const MOST_EXCEPTIONS: usize = 400;
/// They mean every hour of every day wherever a calendar is named.
const ROUND_THE_CLOCK: [&str; 2] = ["round the clock", "круглосуточно"];

#[derive(Clone, Debug)]
pub struct NamedCalendar {
    pub name: String,
    pub zone_name: String,
    pub calendar: Calendar,
}

/// What a calendar is made of.
#[derive(Clone, Debug)]
pub struct NewCalendar {
    pub name: String,
    pub zone: String,
    pub week: Week,
    pub holidays: Holidays,
    pub exceptions: BTreeMap<Date, DayHours>,
}

impl Calendar {
    /// The calendar of this name, which may be `round the clock`; without a name the usual one.
    ///
    /// # Errors
    /// `staff.calendar_missing`, `staff.company_missing`.
    pub fn by_name(db: &mut dyn Query, company: CompanyId, name: Option<&str>) -> Result<Self> {
        let Some(name) = name else { return Self::of(db, company) };
        if ROUND_THE_CLOCK.contains(&name) {
            return Ok(Self::round_the_clock(jiff::tz::TimeZone::UTC));
        }
        let row = db.opt(
            sql!(
                "select name, zone, week, holidays, exceptions
                 from named_calendar
                 where organisation_id = :organisation_id and name = :name"
            ),
            params![organisation_id: company, name: name],
        )?;
        let row = row.ok_or_else(|| Fault::missing("staff.calendar_missing").arg("name", name))?;
        Ok(read(&row)?.calendar)
    }

    /// Dates with hours of their own, as people write them: `2026-12-31 9:00-13:00`, one on each line.
    pub fn exceptions_written(&self) -> String {
        self.exceptions.iter().fold(String::new(), |mut text, (date, hours)| {
            let _ = writeln!(text, "{}", format!("{date} {hours}").trim_end());
            text
        })
    }
}

/// The calendars of an organisation by their names.
///
/// # Errors
/// Faults of the store.
pub fn all_named(db: &mut dyn Query, organisation: OrganisationId) -> Result<Vec<NamedCalendar>> {
    let rows = db.all(
        sql!(
            "select name, zone, week, holidays, exceptions
             from named_calendar
             where organisation_id = :organisation_id
             order by name
             limit 100"
        ),
        params![organisation_id: organisation],
    )?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<NamedCalendar> {
    let zone_name: String = row.get("zone")?;
    let holidays = Holidays::from_code(&row.get::<String>("holidays")?)?;
    let kept: BTreeMap<String, DayHours> = row.json("exceptions")?;
    let exceptions = kept.into_iter().map(|(day, hours)| Ok((date(&day)?, hours))).collect::<Result<_>>()?;
    let calendar = Calendar::new(input::zone(&zone_name)?, row.json("week")?, holidays, exceptions)?;
    Ok(NamedCalendar { name: row.get("name")?, zone_name, calendar })
}

/// Writes a calendar under its name, over the one that was there.
///
/// # Errors
/// `staff.calendar_name_malformed`, `staff.calendar_always_closed`, `staff.zone_unknown`,
/// `staff.calendars_too_many`, `staff.calendar_exceptions_too_many`.
pub fn save_named(tx: &mut Tx<'_>, permit: &Permit<ManageCalendars>, new: &NewCalendar) -> Result<()> {
    let name = new.name.trim();
    let plain = !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && !ROUND_THE_CLOCK.contains(&name)
        && !name.starts_with('=')
        && !name.chars().any(char::is_control);
    if !plain {
        return Err(Fault::field("name", "staff.calendar_name_malformed"));
    }
    if new.exceptions.len() > MOST_EXCEPTIONS {
        let fault = Fault::invalid("staff.calendar_exceptions_too_many");
        return Err(fault.arg("most", MOST_EXCEPTIONS));
    }
    let zone = input::zone(&new.zone)?;
    Calendar::new(zone, new.week.clone(), new.holidays, new.exceptions.clone())?;
    let company = permit.company();
    let known = all_named(tx, company)?;
    let old = known.iter().find(|known| known.name == name);
    if old.is_none() && i64::try_from(known.len()).is_ok_and(|count| count >= MOST) {
        return Err(Fault::conflict("staff.calendars_too_many").arg("most", MOST));
    }
    let kept: BTreeMap<String, &DayHours> =
        new.exceptions.iter().map(|(date, hours)| (date.to_string(), hours)).collect();
    let unwritable = |error: serde_json::Error| Fault::broken("staff.calendar_unwritable").because(error);
    tx.put(
        sql!(
            "insert into named_calendar (organisation_id, name, zone, week, holidays, exceptions)
             values (:organisation_id, :name, :zone, :week, :holidays, :exceptions)
             on conflict (organisation_id, name) do update
             set zone = excluded.zone, week = excluded.week, holidays = excluded.holidays,
               exceptions = excluded.exceptions"
        ),
        params![
            organisation_id: company, name: name, zone: &new.zone,
            week: serde_json::to_string(&new.week).map_err(unwritable)?,
            holidays: new.holidays.code(), exceptions: serde_json::to_string(&kept).map_err(unwritable)?,
        ],
    )?;
    let before = old.map(written).unwrap_or_default();
    let after = all_named(tx, company)?.iter().find(|known| known.name == name).map(written);
    let change = Change::if_any(&format!("calendar.{name}"), &before, &after.unwrap_or_default());
    tx.say_changes(
        facts::about_company(company, permit.actor()),
        &NamedCalendarSet { name: name.to_owned() },
        change.into_iter().collect(),
    )
}

/// What waits by a calendar that is gone says so, and goes on when there is one of this name again.
///
/// # Errors
/// Faults of the store.
pub fn remove_named(tx: &mut Tx<'_>, permit: &Permit<ManageCalendars>, name: &str) -> Result<()> {
    let removed = tx.execute(
        sql!(
            "delete from named_calendar
             where organisation_id = :organisation_id and name = :name"
        ),
        params![organisation_id: permit.company(), name: name],
    )?;
    if removed == 0 {
        return Ok(());
    }
    let about = facts::about_company(permit.company(), permit.actor());
    tx.say(about, &NamedCalendarRemoved { name: name.to_owned() })
}

/// The whole calendar in one line, for the history.
fn written(calendar: &NamedCalendar) -> String {
    let week: Vec<String> = calendar.calendar.week.0.iter().map(ToString::to_string).collect();
    let exceptions = calendar.calendar.exceptions_written().replace('\n', "; ");
    let holidays = calendar.calendar.holidays.code();
    format!("{} | {} | {holidays} | {exceptions}", calendar.zone_name, week.join(" | "))
}

/// Dates with hours of their own from what people wrote: a date alone is a closed day.
///
/// # Errors
/// `staff.date_malformed`, `staff.hours_malformed`, `staff.hours_overlap`.
pub fn exceptions_from(text: &str) -> Result<BTreeMap<Date, DayHours>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (day, hours) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            Ok((date(day)?, hours.parse()?))
        })
        .collect()
}
