//! How much everybody has to do: for who shares the work out.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use takt_kernel::{PersonId, Result, Timestamp};
use takt_staff::{
    Caller, PageHead,
    absences::{self, AbsenceState},
    people::{self, Member},
};
use takt_store::Query;
use takt_ui::{Column, Icon, Row, Table, Tone, Words, badge, crumbs, empty, link_button};
use takt_web::{Answer, Web};

use crate::{SeeWorkload, Workload, workload::workload};

pub(super) struct PeopleView {
    pub people: Vec<Member>,
    pub loads: BTreeMap<PersonId, Workload>,
    /// Until when who is away is away.
    pub away: BTreeMap<PersonId, Timestamp>,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>) -> Answer {
    let scope = caller.scope_where::<SeeWorkload>()?;
    let organisation = caller.workplace().id();
    let zone = caller.zone.clone();
    let view = web
        .db
        .read("tasks.workload", move |r| {
            let people = people::members(r, organisation)?;
            let ids: Vec<PersonId> = people.iter().map(|member| member.person).collect();
            let away = absences::list(r, organisation)?
                .into_iter()
                .filter(|absence| absence.state == AbsenceState::Running)
                .map(|absence| (absence.person, absence.until))
                .collect();
            let today = start_of_day(r.now(), &zone)?;
            Ok(PeopleView { loads: workload(r, &scope, &ids, today)?, people, away })
        })
        .await?;
    let words = caller.words(&web);
    let head = PageHead::new(words.t("tasks-people"))
        .help(Some(words.t("tasks-people-help")))
        .crumbs(crumbs(&[(&words.t("tasks-title"), Some("/tasks"))]));
    Ok(caller.page(&web, head, render(&words, &view)))
}

pub(super) fn start_of_day(now: Timestamp, zone: &jiff::tz::TimeZone) -> Result<Timestamp> {
    let day = now.to_jiff().to_zoned(zone.clone()).start_of_day();
    let day = day.map_err(|error| takt_kernel::Fault::broken("tasks.no_beginning_of_day").because(error))?;
    Ok(day.timestamp().into())
}

/// To the people from the tasks.
pub(super) fn link(w: &Words) -> Markup {
    html! { (link_button(w.t("tasks-people"), "/tasks/people").icon(Icon::Users)) }
}

pub(super) fn render(w: &Words, view: &PeopleView) -> Markup {
    let row = |member: &Member| {
        let load = view.loads.get(&member.person).copied().unwrap_or_default();
        let median = load.median_seconds.map(|seconds| w.duration(seconds));
        let theirs = format!("/tasks?person={}", member.person);
        let door = |count: i64, only: &str, shown: Markup| {
            html! { @if count > 0 { a href={ (theirs) "&only=" (only) } { (shown) } } @else { (shown) } }
        };
        let name = html! {
            (member.name)
            @if let Some(until) = view.away.get(&member.person) {
                " " (badge(w.ta("staff-away-until", &[("moment", w.date_time(*until).into())]), Tone::Warn))
            }
        };
        Row::new([
            name,
            html! {
                @if load.open > 0 { a.numbers href=(theirs) { (w.number(load.open)) } }
                @else { span.numbers { (w.number(0)) } }
            },
            door(
                load.overdue,
                "late",
                html! {
                    @if load.overdue > 0 { (badge(w.number(load.overdue), Tone::Bad)) }
                    @else { span.numbers.muted { (w.number(0)) } }
                },
            ),
            door(load.done, "done", html! { span.numbers { (w.number(load.done)) } }),
            html! { (median.unwrap_or_else(|| "—".to_owned())) },
        ])
        .id(format!("person-{}", member.person))
        .href(&theirs)
    };
    let nothing = empty(Icon::Users, w.t("tasks-people-none"), w.t("tasks-people-none-text"), None);
    html! {
        (Table::new(w, w.t("tasks-people"))
            .columns([
                Column::new(w.t("tasks-person")).leading(),
                Column::new(w.t("tasks-in-work")).numeric(),
                Column::new(w.t("tasks-rail-late")).numeric(),
                Column::new(w.t("tasks-done-today")).numeric(),
                Column::new(w.t("tasks-median")).numeric(),
            ])
            .rows(view.people.iter().map(row))
            .live("tasks-people", "tasks")
            .empty(nothing))
    }
}
