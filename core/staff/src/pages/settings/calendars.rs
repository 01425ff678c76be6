use axum::extract::State;
use jiff::{ToSpan, civil::Date};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::Fault;
use takt_store::Query;
use takt_ui::{
    Column, FormErrors, Icon, Row, Table, Words, button, card, empty, field, form, muted, post_button,
};
use takt_web::{Answer, Form, Web};

use super::{SettingsCaller, named_calendars, settings_page, settings_refused};
use crate::{
    calendar::{self, Calendar, DayHours, Exception, Holidays, Week},
    callers::see_other_saying,
    pages::{beside, form_errors},
    rights::own::{ManageCalendars, SeeStaff},
};

pub(super) const HREF: &str = "/settings/calendars";
pub(super) const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// How far ahead the page shows days that differ from the week.
const SHOWN_DAYS: usize = 120;

#[derive(Deserialize, Default, Clone)]
pub(in crate::pages) struct Hours {
    #[serde(default)]
    monday: String,
    #[serde(default)]
    tuesday: String,
    #[serde(default)]
    wednesday: String,
    #[serde(default)]
    thursday: String,
    #[serde(default)]
    friday: String,
    #[serde(default)]
    saturday: String,
    #[serde(default)]
    sunday: String,
    #[serde(default)]
    pub(super) holidays: String,
}

impl Hours {
    pub(super) fn of(calendar: &Calendar) -> Self {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] =
            calendar.week().0.clone().map(|day| day.to_string());
        let holidays = calendar.holidays().code().to_owned();
        Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday, holidays }
    }

    pub(super) fn days(&self) -> [&str; 7] {
        [
            &self.monday,
            &self.tuesday,
            &self.wednesday,
            &self.thursday,
            &self.friday,
            &self.saturday,
            &self.sunday,
        ]
    }

    /// All days that make no sense are named at once.
    pub(super) fn parsed(&self) -> takt_kernel::Result<(Week, Holidays)> {
        let mut faults = Vec::new();
        let mut week: [DayHours; 7] = std::array::from_fn(|_| DayHours::CLOSED);
        for (place, (name, text)) in week.iter_mut().zip(DAYS.iter().zip(self.days())) {
            match text.parse() {
                Ok(hours) => *place = hours,
                Err(fault) => faults.extend_from_slice(beside(&fault, name).fields()),
            }
        }
        if !faults.is_empty() {
            return Err(Fault::from_fields(faults));
        }
        Ok((Week(week), Holidays::from_code(&self.holidays)?))
    }
}

#[derive(Deserialize, Default)]
pub(in crate::pages) struct Day {
    #[serde(default)]
    day: String,
    #[serde(default)]
    hours: String,
    #[serde(default)]
    note: String,
}

/// What is wrong with which of the two forms.
#[derive(Default)]
struct Refused {
    hours: Option<(Hours, FormErrors)>,
    day: Option<(Day, FormErrors)>,
}

pub(in crate::pages) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let body = body(&web, &settings, &Refused::default()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(in crate::pages) async fn edit(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Hours>,
) -> Answer {
    let permit = settings.permit::<ManageCalendars>()?;
    let edited = match given.parsed() {
        Ok((week, holidays)) => {
            web.db.write("staff.edit_calendar", move |tx| calendar::edit(tx, &permit, &week, holidays)).await
        }
        Err(fault) => Err(fault),
    };
    match edited {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "staff-saved")),
        Err(fault) => {
            let errors = form_errors(&settings.words(&web), fault)?;
            let refused = Refused { hours: Some((given, errors)), day: None };
            let body = body(&web, &settings, &refused).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
    }
}

pub(in crate::pages) async fn set_exception(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Day>,
) -> Answer {
    let permit = settings.permit::<ManageCalendars>()?;
    let set = match calendar::date(&given.day).and_then(|date| Ok((date, given.hours.parse::<DayHours>()?))) {
        Ok((date, hours)) => {
            let note = given.note.clone();
            web.db
                .write("staff.set_calendar_exception", move |tx| {
                    calendar::set_exception(tx, &permit, date, &hours, &note)
                })
                .await
        }
        Err(fault) => Err(fault),
    };
    match set {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "staff-saved")),
        Err(fault) => {
            let errors = form_errors(&settings.words(&web), fault)?;
            let refused = Refused { hours: None, day: Some((given, errors)) };
            let body = body(&web, &settings, &refused).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
    }
}

pub(in crate::pages) async fn remove_exception(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Day>,
) -> Answer {
    let permit = settings.permit::<ManageCalendars>()?;
    let date = calendar::date(&given.day)?;
    web.db
        .write("staff.remove_calendar_exception", move |tx| calendar::remove_exception(tx, &permit, date))
        .await?;
    Ok(see_other_saying(&settings.href(HREF), "staff-saved"))
}

async fn body(web: &Web, settings: &SettingsCaller, refused: &Refused) -> takt_kernel::Result<Markup> {
    settings.permit::<SeeStaff>()?;
    let organisation = settings.id();
    let (calendar, exceptions, named, now) = web
        .db
        .read("staff.calendar", move |reader| {
            Ok((
                Calendar::of(reader, organisation)?,
                calendar::exceptions(reader, organisation)?,
                calendar::all_named(reader, organisation)?,
                reader.now(),
            ))
        })
        .await?;
    let w = settings.words(web);
    let may = settings.may::<ManageCalendars>();
    let today = calendar.zone().to_datetime(now.to_jiff()).date();
    Ok(html! {
        (week_card(&w, settings, &calendar, refused, may))
        (special_card(&w, &calendar, today))
        (exceptions_card(&w, settings, &exceptions, may))
        @if may { (exception_form(&w, settings, refused)) }
        (named_calendars::list_card(&w, settings, &named, may))
    })
}

fn week_card(
    w: &Words,
    settings: &SettingsCaller,
    calendar: &Calendar,
    refused: &Refused,
    may: bool,
) -> Markup {
    let (hours, errors) = refused.hours.clone().unwrap_or_else(|| (Hours::of(calendar), FormErrors::none()));
    let holidays = Holidays::ALL
        .map(|holidays| (holidays.code().to_owned(), w.t(&format!("staff-holidays-{}", holidays.code()))));
    let fields = html! {
        @for (name, value) in DAYS.iter().zip(hours.days()) {
            (field(w.t(&format!("staff-{name}")), *name).value(value).disabled(!may).half().errors(&errors))
        }
        (field(w.t("staff-holidays"), "holidays").select(holidays).value(&hours.holidays).disabled(!may)
            .errors(&errors))
    };
    let actions = html! { @if may { (button(w.t("staff-save")).primary()) } };
    card(w.t("staff-working-hours"))
        .note(muted(&settings.organisation.company.zone_name))
        .body(html! {
            div.stack {
                p.muted { (w.t("staff-hours-hint")) }
                (form(w, settings.href(HREF)).errors(&errors).body(fields).actions(actions))
            }
        })
        .render()
}

/// The coming days whose hours differ from the week.
fn special_card(w: &Words, calendar: &Calendar, today: Date) -> Markup {
    let special: Vec<(Date, DayHours)> = today
        .series(1.day())
        .take(SHOWN_DAYS)
        .map(|date| (date, calendar.hours_on(date)))
        .filter(|(date, hours)| hours != calendar.week().on(date.weekday()))
        .collect();
    let rows = special.iter().map(|(date, hours)| Row::new([day(w, *date), hours_text(w, hours)]));
    let table = Table::new(w, w.t("staff-special-days"))
        .columns([Column::new(w.t("staff-day")).leading(), Column::new(w.t("staff-hours")).wide()])
        .rows(rows)
        .empty(empty(Icon::Clock, w.t("staff-no-special-days"), w.t("staff-no-special-days-hint"), None));
    card(w.t("staff-special-days")).flush().body(table.render()).render()
}

fn day(w: &Words, date: Date) -> Markup {
    let weekday = DAYS.get(usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0));
    let noon = date.at(12, 0, 0, 0).to_zoned(w.zone().clone());
    let written = noon.map_or_else(|_| date.to_string(), |noon| w.date(noon.timestamp().into()));
    html! { (written) " " span.muted { (w.t(&format!("staff-{}", weekday.unwrap_or(&DAYS[0])))) } }
}

fn hours_text(w: &Words, hours: &DayHours) -> Markup {
    html! { @if hours.is_closed() { (w.t("staff-closed")) } @else { (hours) } }
}

fn exceptions_card(w: &Words, settings: &SettingsCaller, exceptions: &[Exception], may: bool) -> Markup {
    let rows = exceptions.iter().map(|exception| {
        let date = exception.date.to_string();
        let remove = html! {
            @if may {
                (post_button(
                    &settings.href("/settings/calendars/exceptions/remove"),
                    &[("day", &date)],
                    button(w.t("staff-remove")).small().quiet(),
                ))
            }
        };
        Row::new([
            day(w, exception.date),
            hours_text(w, &exception.hours),
            html! { (exception.note) },
            remove,
        ])
    });
    let table = Table::new(w, w.t("staff-exceptions"))
        .columns([
            Column::new(w.t("staff-day")).leading(),
            Column::new(w.t("staff-hours")),
            Column::new(w.t("staff-note")).wide(),
            Column::new("").actions(),
        ])
        .rows(rows)
        .empty(empty(Icon::Clock, w.t("staff-no-exceptions"), w.t("staff-no-exceptions-hint"), None));
    card(w.t("staff-exceptions")).flush().body(table.render()).render()
}

fn exception_form(w: &Words, settings: &SettingsCaller, refused: &Refused) -> Markup {
    let nothing = (Day::default(), FormErrors::none());
    let (given, errors) = refused.day.as_ref().unwrap_or(&nothing);
    let fields = html! {
        (field(w.t("staff-day"), "day").date().value(&given.day).required().half().errors(errors))
        (field(w.t("staff-hours"), "hours").value(&given.hours).half().hint(w.t("staff-exception-hint"))
            .errors(errors))
        (field(w.t("staff-note"), "note").value(&given.note).errors(errors))
    };
    let actions = html! { (button(w.t("staff-exception-add"))) };
    let action = settings.href("/settings/calendars/exceptions");
    card(w.t("staff-exception-new"))
        .body(form(w, action).errors(errors).body(fields).actions(actions).render())
        .render()
}
