use std::collections::BTreeMap;

use jiff::civil::Date;
use takt_kernel::{Actor, CompanyId, Fault, OrganisationId, Result};
use takt_store::{Change, Query, Row, Tx, params, sql};

use super::{Calendar, DayHours, Holidays, Week};
use crate::{
    companies,
    facts::{self, CalendarChanged, CalendarExceptionSet},
    rights::{Permit, own::ManageCalendars},
};

/// A date that differs from week and holidays.
#[derive(Clone, Debug)]
pub struct Exception {
    pub date: Date,
    pub hours: DayHours,
    pub note: String,
}

impl Calendar {
    /// The calendar of a company or a desk; without one of its own, Monday to Friday from 9 to 18.
    ///
    /// # Errors
    /// `staff.company_missing`.
    pub fn of(db: &mut dyn Query, company: CompanyId) -> Result<Self> {
        let zone = companies::get(db, company)?.zone;
        let row = db.opt(
            sql!(
                "select week, holidays
                 from calendar
                 where organisation_id = :organisation_id"
            ),
            params![organisation_id: company],
        )?;
        let (week, holidays) = match row {
            Some(row) => (row.json("week")?, Holidays::from_code(&row.get::<String>("holidays")?)?),
            None => (Week::office(), Holidays::None),
        };
        let exceptions: BTreeMap<_, _> =
            exceptions(db, company)?.into_iter().map(|exception| (exception.date, exception.hours)).collect();
        Self::new(zone, week, holidays, exceptions)
    }
}

/// The latest thousand exceptions, newest date first.
pub fn exceptions(db: &mut dyn Query, organisation: OrganisationId) -> Result<Vec<Exception>> {
    let rows = db.all(
        sql!(
            "select day, hours, note
             from calendar_exception
             where organisation_id = :organisation_id
             order by day desc
             limit 1000"
        ),
        params![organisation_id: organisation],
    )?;
    rows.iter().map(read_exception).collect()
}

fn read_exception(row: &Row) -> Result<Exception> {
    Ok(Exception {
        date: date(&row.get::<String>("day")?)?,
        hours: row.get::<String>("hours")?.parse()?,
        note: row.get("note")?,
    })
}

pub(crate) fn seed(tx: &mut Tx<'_>, organisation: OrganisationId, holidays: Holidays) -> Result<()> {
    put(tx, organisation, &Week::office(), holidays)
}

/// # Errors
/// `staff.calendar_always_closed`.
pub fn edit(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageCalendars>,
    week: &Week,
    holidays: Holidays,
) -> Result<()> {
    if week.is_always_closed() {
        return Err(Fault::invalid("staff.calendar_always_closed"));
    }
    let old = Calendar::of(tx, permit.company())?;
    put(tx, permit.company(), week, holidays)?;
    let mut changes: Vec<Change> = (1..)
        .zip(old.week.0.iter().zip(&week.0))
        .filter_map(|(day, (old, new))| {
            Change::if_any(&format!("week.{day}"), &old.to_string(), &new.to_string())
        })
        .collect();
    changes.extend(Change::if_any("holidays", old.holidays.code(), holidays.code()));
    tx.say_changes(
        facts::about_company(permit.company(), permit.actor()),
        &CalendarChanged { week: week.clone(), holidays },
        changes,
    )
}

fn put(tx: &mut Tx<'_>, organisation: OrganisationId, week: &Week, holidays: Holidays) -> Result<()> {
    let week = serde_json::to_string(week)
        .map_err(|error| Fault::broken("staff.calendar_unwritable").because(error))?;
    tx.put(
        sql!(
            "insert into calendar (organisation_id, week, holidays)
             values (:organisation_id, :week, :holidays)
             on conflict (organisation_id) do update
             set week = excluded.week, holidays = excluded.holidays"
        ),
        params![organisation_id: organisation, week: week, holidays: holidays.code()],
    )
}

/// Gives one date its own hours; none is a closed day.
pub fn set_exception(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageCalendars>,
    date: Date,
    hours: &DayHours,
    note: &str,
) -> Result<()> {
    let old = Calendar::of(tx, permit.company())?.hours_on(date);
    tx.put(
        sql!(
            "insert into calendar_exception (organisation_id, day, hours, note)
             values (:organisation_id, :day, :hours, :note)
             on conflict (organisation_id, day) do update
             set hours = excluded.hours, note = excluded.note"
        ),
        params![
            organisation_id: permit.company(), day: date.to_string(), hours: hours.to_string(), note: note.trim(),
        ],
    )?;
    say_exception(tx, permit.company(), date, Some(hours.clone()), &old, permit.actor())
}

/// Gives one date back to week and holidays.
pub fn remove_exception(tx: &mut Tx<'_>, permit: &Permit<ManageCalendars>, date: Date) -> Result<()> {
    let old = Calendar::of(tx, permit.company())?.hours_on(date);
    let removed = tx.execute(
        sql!(
            "delete from calendar_exception
             where organisation_id = :organisation_id and day = :day"
        ),
        params![organisation_id: permit.company(), day: date.to_string()],
    )?;
    if removed == 0 {
        return Ok(());
    }
    say_exception(tx, permit.company(), date, None, &old, permit.actor())
}

fn say_exception(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    date: Date,
    hours: Option<DayHours>,
    old: &DayHours,
    actor: &Actor,
) -> Result<()> {
    let new = Calendar::of(tx, organisation)?.hours_on(date);
    let changes = Change::if_any(&format!("day.{date}"), &old.to_string(), &new.to_string());
    tx.say_changes(
        facts::about_company(organisation, actor),
        &CalendarExceptionSet { day: date.to_string(), hours },
        changes.into_iter().collect(),
    )
}

/// # Errors
/// `staff.date_malformed`: dates are written `2026-12-31`.
pub fn date(text: &str) -> Result<Date> {
    text.trim().parse().map_err(|error: jiff::Error| {
        Fault::invalid("staff.date_malformed").arg("given", text).because(error)
    })
}
