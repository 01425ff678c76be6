//! /reports/slices/people/done: the very orders and tasks behind a number of what people did.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, PersonId, Result};
use takt_orders::{OrderId, briefs};
use takt_staff::{Caller, PageHead, people};
use takt_store::{Query as Reader, Statement};
use takt_tasks::TaskId;
use takt_ui::{Column, Icon, Pager, Row, Table, Tone, Words, badge, crumbs, empty};
use takt_web::{Answer, Query, Web};

use super::{
    DONE, PEOPLE, REPORT,
    asked::{Asked as Over, Wanted},
    names::Names,
};
use crate::{
    contribution::{CONFIRMED, PACKED, TASK},
    dimension::Dimension,
    period::{Day, Days},
};

const PER_PAGE: usize = 50;

/// A column of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Did {
    #[default]
    Confirmed,
    Packed,
    Tasks,
    InTime,
}

impl Did {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Packed => "packed",
            Self::Tasks => "tasks",
            Self::InTime => "in-time",
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Confirmed => CONFIRMED,
            Self::Packed => PACKED,
            Self::Tasks | Self::InTime => TASK,
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(flatten)]
    pub over: Over,
    pub did: Did,
    /// Behind this: day and what was done.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
}

struct Deed {
    company: CompanyId,
    subject: i64,
    person: PersonId,
    day: i64,
    in_time: bool,
}

pub(super) struct View {
    asked: Asked,
    days: Days,
    deeds: Vec<Deed>,
    next: Option<String>,
    people: BTreeMap<PersonId, String>,
    /// What people call the orders.
    numbers: BTreeMap<OrderId, String>,
    /// Of tasks what they were, and about which order.
    tasks: BTreeMap<i64, (String, Option<OrderId>)>,
}

/// To what a number counts.
pub(super) fn door(over: &Over, did: Did, shown: Markup) -> Markup {
    let asked = Asked { over: over.clone(), did, after: String::new() };
    let query = serde_html_form::to_string(asked).unwrap_or_default();
    html! { a href={ (DONE) "?" (query) } { (shown) } }
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let wanted = asked.over.wanted(&caller, web.db.clock().now())?;
    let w = caller.words(&web);
    let view = web.db.read("slices.done", move |reader| read(reader, &wanted, asked)).await?;
    let over = format!("{PEOPLE}?{}", view.asked.over.query());
    let title = w.t(&format!("slices-did-{}", view.asked.did.code()));
    let head = PageHead::new(title.clone()).path(REPORT).crumbs(crumbs(&[
        (&w.t("slices-title"), Some(REPORT)),
        (&w.t("slices-people"), Some(&over)),
        (&title, None),
    ]));
    Ok(caller.page(&web, head, render(&w, &view)))
}

fn read(db: &mut dyn Reader, wanted: &Wanted, asked: Asked) -> Result<View> {
    let days = match wanted.question.filters.get(&Dimension::Day) {
        Some(day) => day.parse::<Day>().map(|day| Days::new(day, day))?,
        None => wanted.question.days,
    };
    let person = wanted.question.filters.get(&Dimension::Operator).and_then(|id| id.parse::<i64>().ok());
    let mut deeds = find(db, wanted, days, person, &asked)?;
    let more = deeds.len() > PER_PAGE;
    deeds.truncate(PER_PAGE);
    let next = deeds.last().filter(|_| more).map(|last| {
        let after = format!("{}-{}", last.day, last.subject);
        let query = serde_html_form::to_string(Asked { after, ..asked.clone() }).unwrap_or_default();
        format!("{DONE}?{query}")
    });
    let ids: Vec<PersonId> = deeds.iter().map(|deed| deed.person).collect();
    let people = people::names(db, &ids)?;
    let mut tasks = BTreeMap::new();
    let mut of_company: BTreeMap<CompanyId, Vec<OrderId>> = BTreeMap::new();
    for deed in &deeds {
        let order = match asked.did.kind() {
            TASK => {
                let task = takt_tasks::get(db, &wanted.scope, TaskId::new(deed.subject))?;
                tasks.insert(deed.subject, (task.kind, task.order));
                task.order
            }
            _ => Some(OrderId::new(deed.subject)),
        };
        of_company.entry(deed.company).or_default().extend(order);
    }
    let mut numbers = BTreeMap::new();
    for (company, orders) in of_company {
        numbers.extend(briefs(db, company, &orders)?.into_iter().map(|order| (order.id, order.number)));
    }
    Ok(View { asked, days, deeds, next, people, numbers, tasks })
}

fn find(
    db: &mut dyn Reader,
    wanted: &Wanted,
    days: Days,
    person: Option<i64>,
    asked: &Asked,
) -> Result<Vec<Deed>> {
    let mut statement = Statement::new(
        "select company_id, subject_id, person_id, day, coalesce(late, 0) as late
         from slice_work
         where company_id in ",
    )
    .push(&wanted.scope.sql_list())
    .push("\nand kind = :kind and day >= :from_day and day <= :to_day")
    .bind("kind", asked.did.kind())
    .bind("from_day", days.from.number())
    .bind("to_day", days.to.number())
    .and_if(person, "\nand person_id = :person_id", "person_id");
    if asked.did == Did::InTime {
        statement = statement.push("\nand late = 0");
    }
    if let Some((day, subject)) = asked.after.split_once('-') {
        statement = statement
            .push("\nand (day, subject_id) < (:behind_day, :behind_subject)")
            .bind("behind_day", day.parse::<i64>().unwrap_or_default())
            .bind("behind_subject", subject.parse::<i64>().unwrap_or_default());
    }
    let most = i64::try_from(PER_PAGE + 1).unwrap_or(i64::MAX);
    let statement = statement.push("\norder by day desc, subject_id desc\nlimit :most").bind("most", most);
    db.all_of(&statement)?
        .iter()
        .map(|row| {
            Ok(Deed {
                company: row.get("company_id")?,
                subject: row.get("subject_id")?,
                person: row.get("person_id")?,
                day: row.get("day")?,
                in_time: row.get::<i64>("late")? == 0,
            })
        })
        .collect()
}

fn render(w: &Words, view: &View) -> Markup {
    let of_tasks = view.asked.did.kind() == TASK;
    let names = Names::default();
    let day = |day: Day| names.value(w, Dimension::Day, &day.to_string());
    let rows = view.deeds.iter().map(|deed| {
        let task = view.tasks.get(&deed.subject);
        let order =
            if of_tasks { task.and_then(|(_, order)| *order) } else { Some(OrderId::new(deed.subject)) };
        let number = order.and_then(|order| view.numbers.get(&order));
        let mut cells = vec![
            html! { span.strong { (number.map_or("—", String::as_str)) } },
            html! { (view.people.get(&deed.person).map(String::as_str).unwrap_or_default()) },
            html! { (Day::from_number(deed.day).map(day).unwrap_or_default()) },
        ];
        if of_tasks {
            cells.push(html! { (task.map(|(kind, _)| kind_name(w, kind)).unwrap_or_default()) });
            cells.push(match deed.in_time {
                true => badge(w.t("slices-was-in-time"), Tone::Good).render(),
                false => badge(w.t("slices-was-late"), Tone::Warn).render(),
            });
        }
        let row = Row::new(cells);
        match order {
            Some(order) => row.href(format!("/orders/{order}")),
            None => row,
        }
    });
    let mut columns = vec![
        Column::new(w.t("orders-number")).leading(),
        Column::new(w.t("slices-person")),
        Column::new(w.t("slices-by-day")),
    ];
    if of_tasks {
        columns.push(Column::new(w.t("slices-task")).wide());
        columns.push(Column::new(w.t("slices-did-in-time")).narrow());
    }
    let nothing = empty(Icon::Inbox, w.t("slices-nothing"), w.t("slices-people-none"), None);
    html! {
        p.muted {
            @if view.days.length() > 1 { (day(view.days.from)) " – " (day(view.days.to)) } @else { (day(view.days.from)) }
        }
        (Table::new(w, w.t("slices-people")).columns(columns).rows(rows).empty(nothing))
        (Pager { words: w, previous: None, next: view.next.clone(), count: None })
    }
}

/// The name of a kind stands in the texts of whoever opens it.
fn kind_name(w: &Words, kind: &str) -> String {
    w.texts().find(w.lang(), &format!("tasks-kind-{kind}"), &[]).unwrap_or_else(|| kind.to_owned())
}
