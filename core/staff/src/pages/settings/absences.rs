//! Who is away. Everybody says it of themself; who manages the work, of anybody there.

use std::collections::BTreeMap;

use axum::{extract::State, response::Response};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, PersonId, Result, Timestamp};
use takt_ui::{
    Column, FormErrors, Row, Table, Tone, Words, button, card, empty, field, form, muted, post_button, status,
};
use takt_web::{Answer, Form, Path, Web};

use super::{SettingsCaller, settings_page, settings_refused};
use crate::{
    absences::{self, Absence, AbsenceId, AbsenceState, By, NewAbsence, Substitute},
    callers::see_other_saying,
    pages::form_errors,
    people::{self, Member},
    rights::{
        Role,
        own::{ManageAbsences, SeeStaff},
    },
};

const HREF: &str = "/settings/absences";
/// How a role is told from a person in the choice of substitutes.
const ROLE: &str = "role-";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Given {
    /// Empty: themself.
    person: String,
    from: String,
    until: String,
    substitute: String,
}

impl Given {
    fn read(&self, settings: &SettingsCaller) -> Result<NewAbsence> {
        let person = match self.person.as_str() {
            "" => settings.caller.person,
            other => other.parse()?,
        };
        let substitute = match (self.substitute.as_str(), self.substitute.strip_prefix(ROLE)) {
            ("", _) => Substitute::Nobody,
            (_, Some(role)) => Substitute::Role(role.parse()?),
            (person, None) => Substitute::Person(person.parse()?),
        };
        let zone = &settings.organisation.company.zone;
        let moment = |name: &'static str, text: &str| -> Result<Timestamp> {
            let unreadable = || Fault::field(name, "staff.moment_unreadable");
            let wall: jiff::civil::DateTime = text.trim().parse().map_err(|_| unreadable())?;
            Ok(wall.to_zoned(zone.clone()).map_err(|_| unreadable())?.timestamp().into())
        };
        let (from, until) = (moment("from", &self.from)?, moment("until", &self.until)?);
        Ok(NewAbsence { person, from, until, substitute })
    }
}

fn by(settings: &SettingsCaller, person: Option<PersonId>) -> Result<By> {
    if person == Some(settings.caller.person) || !settings.may::<ManageAbsences>() {
        return Ok(By::Themself(settings.permit::<SeeStaff>()?));
    }
    Ok(By::Manager(settings.permit::<ManageAbsences>()?))
}

pub(in crate::pages) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<SeeStaff>()?;
    let body = body(&web, &settings, &Given::default(), &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(in crate::pages) async fn set(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    settings.permit::<SeeStaff>()?;
    let done = match given.read(&settings) {
        Ok(new) => {
            let by = by(&settings, Some(new.person))?;
            web.db.write("staff.set_absence", move |tx| absences::set(tx, &by, &new).map(|_| ())).await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "staff-absence-set")),
        Err(fault) => refused(&web, &settings, &given, fault).await,
    }
}

pub(in crate::pages) async fn end(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(absence): Path<AbsenceId>,
) -> Answer {
    settings.permit::<SeeStaff>()?;
    let by = by(&settings, None)?;
    web.db.write("staff.end_absence", move |tx| absences::end(tx, &by, absence)).await?;
    Ok(see_other_saying(&settings.href(HREF), "staff-absence-ended"))
}

async fn refused(
    web: &Web,
    settings: &SettingsCaller,
    given: &Given,
    fault: Fault,
) -> Result<Response, takt_web::Failure> {
    let errors = form_errors(&settings.words(web), fault)?;
    let body = body(web, settings, given, &errors).await?;
    Ok(settings_refused(web, settings, HREF, body))
}

async fn body(web: &Web, settings: &SettingsCaller, given: &Given, errors: &FormErrors) -> Result<Markup> {
    let organisation = settings.id();
    let (mut absences, members, now) = web
        .db
        .read("staff.absences", move |reader| {
            let now = takt_store::Query::now(reader);
            Ok((absences::list(reader, organisation)?, people::members(reader, organisation)?, now))
        })
        .await?;
    let manages = settings.may::<ManageAbsences>();
    absences.retain(|absence| manages || absence.person == settings.caller.person);
    let w = settings.words(web);
    Ok(html! {
        (table(&w, settings, &absences, &members, now))
        (leave_form(&w, settings, &members, manages, given, errors))
    })
}

/// Until when somebody is away, and who does their work: for every page that shows people.
pub(super) fn away(w: &Words, absence: &Absence, names: &BTreeMap<PersonId, &str>) -> Markup {
    let tone = if absence.state == AbsenceState::Running { Tone::Warn } else { Tone::Neutral };
    let key = if absence.state == AbsenceState::Running { "staff-away-until" } else { "staff-away-from" };
    let moment = if absence.state == AbsenceState::Running { absence.until } else { absence.from };
    html! {
        (status(w.ta(key, &[("moment", w.date_time(moment).into())]), tone))
        " " (muted(substitute(w, absence, names)))
    }
}

fn substitute(w: &Words, absence: &Absence, names: &BTreeMap<PersonId, &str>) -> String {
    match absence.substitute {
        Substitute::Nobody => String::new(),
        Substitute::Person(person) => (*names.get(&person).unwrap_or(&"")).to_owned(),
        Substitute::Role(role) => w.t(&format!("staff-role-{role}")),
    }
}

fn table(
    w: &Words,
    settings: &SettingsCaller,
    absences: &[Absence],
    members: &[Member],
    now: Timestamp,
) -> Markup {
    let names: BTreeMap<PersonId, &str> =
        members.iter().map(|member| (member.person, member.name.as_str())).collect();
    let row = |absence: &Absence| {
        let end = settings.href(&format!("{HREF}/{}/end", absence.id));
        let label = if absence.state == AbsenceState::Running {
            "staff-absence-end"
        } else {
            "staff-absence-withdraw"
        };
        Row::new([
            html! { (names.get(&absence.person).copied().unwrap_or_default()) },
            w.moment(absence.from, now),
            w.moment(absence.until, now),
            html! { (substitute(w, absence, &names)) (lacking(w, absence, members)) },
            post_button(&end, &[], button(w.t(label)).small().quiet()),
        ])
        .id(format!("absence-{}", absence.id))
    };
    let nothing =
        empty(takt_ui::Icon::Calendar, w.t("staff-absences-none"), w.t("staff-absences-none-text"), None);
    let table = Table::new(w, w.t("staff-absences"))
        .columns([
            Column::new(w.t("staff-person")).leading(),
            Column::new(w.t("staff-from")),
            Column::new(w.t("staff-until")),
            Column::new(w.t("staff-substitute")).wide(),
            Column::new("").actions(),
        ])
        .rows(absences.iter().map(row))
        .empty(nothing);
    card(w.t("staff-absences")).flush().body(table.render()).render()
}

/// A substitute keeps their own rights: what they cannot do goes to whoever has the role.
fn lacking(w: &Words, absence: &Absence, members: &[Member]) -> Markup {
    let roles = |person| members.iter().find(|member| member.person == person).map(|member| member.roles);
    let Some(of_away) = roles(absence.person) else { return html! {} };
    let Some(of_other) = absence.substitute.person().and_then(roles) else { return html! {} };
    let stands_for_all = of_other.contains(Role::Owner) || of_other.contains(Role::Manager);
    let missing: Vec<String> = of_away
        .iter()
        .filter(|role| !stands_for_all && !of_other.contains(*role))
        .map(|role| w.t(&format!("staff-role-{role}")))
        .collect();
    html! {
        @if !missing.is_empty() {
            p.muted.small-text { (w.ta("staff-substitute-lacks", &[("roles", missing.join(", ").into())])) }
        }
    }
}

fn leave_form(
    w: &Words,
    settings: &SettingsCaller,
    members: &[Member],
    manages: bool,
    given: &Given,
    errors: &FormErrors,
) -> Markup {
    let person = |member: &Member| (member.person.to_string(), member.name.clone());
    let themself = settings.caller.person.to_string();
    let chosen = if given.person.is_empty() { &themself } else { &given.person };
    let roles = Role::ALL.map(|role| (format!("{ROLE}{role}"), w.t(&format!("staff-role-{role}"))));
    let substitutes = std::iter::once((String::new(), w.t("staff-substitute-nobody")))
        .chain(members.iter().map(person))
        .chain(roles);
    let fields = html! {
        @if manages {
            (field(w.t("staff-person"), "person").select(members.iter().map(person)).value(chosen).errors(errors))
        }
        (field(w.t("staff-from"), "from").date_time().value(&given.from).required().half().errors(errors))
        (field(w.t("staff-until"), "until").date_time().value(&given.until).required().half().errors(errors))
        (field(w.t("staff-substitute"), "substitute").select(substitutes).value(&given.substitute)
            .hint(w.t("staff-substitute-hint")).errors(errors))
    };
    let actions = html! { (button(w.t("staff-absence-add")).primary()) };
    card(w.t("staff-absence-new"))
        .body(form(w, settings.href(HREF)).errors(errors).body(fields).actions(actions).render())
        .render()
}
