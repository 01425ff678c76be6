//! /reports/slices/people: who confirmed, packed and did how much, and whether in time.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use maud::{Markup, html};
use takt_kernel::{PersonId, Result};
use takt_staff::{Caller, PageHead, people};
use takt_store::Query as Reader;
use takt_ui::{Column, FilterBar, Icon, Row, Table, Words, crumbs, empty};
use takt_web::{Answer, Query, Web};

use super::{
    PEOPLE, REPORT,
    asked::{Asked, PERIODS, Wanted},
    done::{Did, door},
    names::Names,
    numbers::percent,
};
use crate::{
    dimension::Dimension,
    period::Day,
    work::{self, Done},
};

/// What one person did, in the whole and by day.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub name: String,
    pub done: Done,
    pub days: BTreeMap<i64, Done>,
}

pub(super) struct View {
    pub asked: Asked,
    pub wanted: Wanted,
    pub people: BTreeMap<PersonId, Person>,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let wanted = asked.wanted(&caller, web.db.clock().now())?;
    let w = caller.words(&web);
    let view = web
        .db
        .read("slices.people", move |reader| Ok(View { people: read(reader, &wanted)?, asked, wanted }))
        .await?;
    let head = PageHead::new(w.t("slices-people"))
        .path(REPORT)
        .crumbs(crumbs(&[(&w.t("slices-title"), Some(REPORT)), (&w.t("slices-people"), None)]))
        .actions(takt_sheets::links(PEOPLE, &view.asked.query()));
    Ok(caller.page(&web, head, render(&w, &view)))
}

pub(super) fn read(db: &mut dyn Reader, wanted: &Wanted) -> Result<BTreeMap<PersonId, Person>> {
    let told = work::of_people(db, wanted.scope.companies(), wanted.question.days)?;
    let ids: BTreeSet<PersonId> = told.keys().map(|(person, _)| *person).collect();
    let names = people::names(db, &ids.into_iter().collect::<Vec<_>>())?;
    let mut found = BTreeMap::<PersonId, Person>::new();
    for ((person, day), done) in told {
        let one = found.entry(person).or_default();
        one.name = names.get(&person).cloned().unwrap_or_default();
        one.done.add(&done);
        one.days.entry(day).or_default().add(&done);
    }
    Ok(found)
}

pub(super) fn render(w: &Words, view: &View) -> Markup {
    let periods = PERIODS.iter().map(|one| ((*one).to_owned(), w.t(&format!("slices-period-{one}"))));
    let period = if view.asked.period.is_empty() { "month" } else { &view.asked.period };
    let chosen = view.wanted.question.filters.get(&Dimension::Operator);
    let bar = FilterBar::new(w, PEOPLE)
        .choice(w.t("slices-period"), "period", period, periods)
        .keep("operator", chosen.cloned().unwrap_or_default());
    let person = chosen.and_then(|person| person.parse().ok()).map(PersonId::new);
    html! {
        div.stack {
            (bar)
            @match person.and_then(|person| view.people.get(&person)) {
                Some(person) => { h2 { (person.name) } (by_day(w, view, person)) }
                None => { (of_all(w, view)) }
            }
            p.muted.small-text { (w.t("slices-people-note")) }
        }
    }
}

fn columns(w: &Words, first: &str) -> Vec<Column> {
    let mut columns = vec![Column::new(w.t(first)).leading()];
    let heads = ["confirmed", "packed", "tasks", "in-time"];
    columns.extend(heads.map(|head| Column::new(w.t(&format!("slices-did-{head}"))).numeric()));
    columns
}

/// Each number leads to what it counts.
fn cells(w: &Words, first: Markup, done: &Done, over: &Asked) -> Vec<Markup> {
    let count = |value: i64, did: Did| {
        html! { @if value > 0 { (door(over, did, html! { (w.number(value)) })) } }
    };
    let share = || html! { (percent(w, done.in_time * 10_000 / done.tasks, false)) };
    vec![
        first,
        count(done.confirmed, Did::Confirmed),
        count(done.packed, Did::Packed),
        count(done.tasks, Did::Tasks),
        html! {
            @if done.in_time > 0 { (door(over, Did::InTime, share())) } @else if done.tasks > 0 { (share()) }
        },
    ]
}

fn of_all(w: &Words, view: &View) -> Markup {
    let mut columns = columns(w, "slices-person");
    columns.push(Column::new(w.t("slices-did-days")).numeric());
    let mut all = Done::default();
    view.people.values().for_each(|person| all.add(&person.done));
    let rows = view.people.iter().map(|(id, person)| {
        let days = view.asked.only(Dimension::Operator, &id.to_string());
        let mut cells = cells(w, html! { (person.name) }, &person.done, &days);
        cells.push(html! { (w.number(i64::try_from(person.days.len()).unwrap_or_default())) });
        Row::new(cells).href(format!("{PEOPLE}?{}", days.query()))
    });
    let mut foot = cells(w, html! { (w.t("slices-total")) }, &all, &view.asked);
    foot.push(html! {});
    let table = Table::new(w, w.t("slices-people")).columns(columns).rows(rows).foot(foot).empty(empty(
        Icon::Users,
        w.t("slices-nothing"),
        w.t("slices-people-none"),
        None,
    ));
    html! { (table) }
}

fn by_day(w: &Words, view: &View, person: &Person) -> Markup {
    let names = Names::default();
    let rows = person.days.iter().map(|(day, done)| {
        let day = Day::from_number(*day).map(|day| day.to_string()).unwrap_or_default();
        let name = names.value(w, Dimension::Day, &day);
        Row::new(cells(w, html! { (name) }, done, &view.asked.only(Dimension::Day, &day)))
    });
    let table = Table::new(w, w.t("slices-people"))
        .columns(columns(w, "slices-by-day"))
        .rows(rows)
        .foot(cells(w, html! { (w.t("slices-total")) }, &person.done, &view.asked));
    html! { (table) }
}
