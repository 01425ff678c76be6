use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, OrganisationId, PersonId, Result, Timestamp};
use takt_orders::OrderId;
use takt_staff::{Caller, PageHead, Scope, people};
use takt_store::Query as Asking;
use takt_ui::{Column, Icon, Pager, Row, Tab, Table, Tone, Words, empty, tabs};
use takt_web::{Answer, Query, Web};

use super::{
    list_sheet,
    people::start_of_day,
    row::{self, Names, Stands},
};
use crate::{Count, DoTasks, Filter, Page, SeeWorkload, Task, TaskId, ViewTasks, Which, Whose, queries};

const PAGE_SIZE: i64 = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shown {
    Mine,
    Role,
    All,
}

impl Shown {
    const EVERY: [Self; 3] = [Self::Mine, Self::Role, Self::All];

    const fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Role => "role",
            Self::All => "all",
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Absent: what the reader's role has to do, or everything when that is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    show: Option<Shown>,
    /// Whose tasks somebody looks at who shares the work out.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<PersonId>,
    /// Of that person: instead of all that is unfinished.
    #[serde(skip_serializing_if = "Option::is_none")]
    only: Option<Only>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<TaskId>,
}

/// What the numbers beside a person count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Only {
    Late,
    /// Closed today.
    Done,
}

pub(super) struct ListView {
    pub shown: Shown,
    /// Instead of what the tabs show.
    pub person: Option<(String, Option<Only>)>,
    pub counts: [Count; 3],
    pub page: Page,
    pub orders: BTreeMap<OrderId, String>,
    pub names: Names,
    /// Names of the companies, when more than one can stand in the list.
    pub companies: BTreeMap<CompanyId, String>,
    pub reader: Option<PersonId>,
    pub next: Option<String>,
    /// What a file of this list is asked for by.
    pub sheet_of: String,
    pub back: String,
    pub now: Timestamp,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let scope = caller.scope_where::<ViewTasks>()?;
    let whose = Shown::EVERY.map(|shown| whose(&caller, shown));
    let companies = match caller.companies() {
        [_] => BTreeMap::new(),
        several => several.iter().map(|there| (there.id(), there.name().to_owned())).collect(),
    };
    let (reader, back) = (Some(caller.person), caller.path.clone());
    let person = asked.person.filter(|_| caller.may::<SeeWorkload>());
    let only = asked.only.filter(|_| person.is_some());
    let which = asked.which(&caller, web.db.clock().now())?;
    let organisation = caller.workplace().id();
    let view = web
        .db
        .read("tasks.list", move |r| {
            let counts = counts(r, &scope, &whose)?;
            let shown = asked.show.unwrap_or_else(|| first_shown(&counts));
            let of = person.map_or_else(|| whose[self::position(shown)].clone(), Whose::Of);
            let filter = Filter { cursor: asked.cursor, which, ..Filter::unfinished(of, PAGE_SIZE) };
            let page = queries::list(r, &scope, &filter)?;
            let next = page
                .next_cursor
                .map(|cursor| address(&Asked { cursor: Some(cursor), show: Some(shown), person, only }));
            let of = Asked { show: Some(shown), person, only, cursor: None };
            let sheet_of = serde_html_form::to_string(&of).unwrap_or_default();
            let named = person.map(|person| colleague(r, organisation, person)).transpose()?;
            Ok(ListView {
                shown,
                person: named.map(|name| (name, only)),
                counts,
                orders: numbers(r, &page.items)?,
                names: row::names(r, &page.items)?,
                page,
                companies,
                reader,
                next,
                sheet_of,
                back,
                now: r.now(),
            })
        })
        .await?;
    let words = caller.words(&web);
    let mut head = PageHead::new(words.t("tasks-title"));
    let sheet_of = view.sheet_of.clone();
    let (does, shares_out) = (caller.may::<DoTasks>(), caller.may::<SeeWorkload>());
    head = head.actions(html! {
        (takt_sheets::links(list_sheet::LIST, &sheet_of))
        @if shares_out { (super::people::link(&words)) }
        @if does { (super::next::list_button(&words)) }
    });
    Ok(caller.page(&web, head, render(&words, &view)))
}

impl Asked {
    /// Which of them the list shows that was asked for; the day is the reader's.
    pub fn which(&self, caller: &Caller, now: Timestamp) -> Result<Which> {
        Ok(match self.only.filter(|_| self.person.is_some() && caller.may::<SeeWorkload>()) {
            None => Which::Unfinished,
            Some(Only::Late) => Which::Late,
            Some(Only::Done) => Which::ClosedSince(start_of_day(now, &caller.zone)?),
        })
    }

    /// Whose tasks the list shows that was asked for.
    pub fn whose(&self, db: &mut dyn Asking, caller: &Caller, scope: &Scope) -> Result<Whose> {
        if let Some(person) = self.person.filter(|_| caller.may::<SeeWorkload>()) {
            return Ok(Whose::Of(person));
        }
        let all = Shown::EVERY.map(|shown| whose(caller, shown));
        let shown = match self.show {
            Some(shown) => shown,
            None => first_shown(&counts(db, scope, &all)?),
        };
        Ok(whose(caller, shown))
    }
}

/// The name of somebody who works where the reader does; others are missing.
fn colleague(db: &mut dyn Asking, organisation: OrganisationId, person: PersonId) -> Result<String> {
    let missing = || Fault::missing("staff.person_missing");
    if people::roles(db, organisation, person)?.is_empty() {
        return Err(missing());
    }
    people::names(db, &[person])?.remove(&person).ok_or_else(missing)
}

fn first_shown(counts: &[Count; 3]) -> Shown {
    if counts[position(Shown::Role)].unfinished > 0 { Shown::Role } else { Shown::All }
}

fn position(shown: Shown) -> usize {
    Shown::EVERY.iter().position(|each| *each == shown).unwrap_or_default()
}

fn whose(caller: &Caller, shown: Shown) -> Whose {
    match shown {
        Shown::Mine => Whose::Of(caller.person),
        Shown::Role => {
            Whose::OfRoles(caller.companies().iter().map(|there| (there.id(), there.roles)).collect())
        }
        Shown::All => Whose::All,
    }
}

fn counts(db: &mut dyn Asking, scope: &Scope, whose: &[Whose; 3]) -> Result<[Count; 3]> {
    let mut counts = [Count::default(); 3];
    for (count, whose) in counts.iter_mut().zip(whose) {
        *count = queries::count(db, scope, whose)?;
    }
    Ok(counts)
}

/// What people call the orders: one question for each company in the page.
pub(super) fn numbers(db: &mut dyn Asking, tasks: &[Task]) -> Result<BTreeMap<OrderId, String>> {
    let mut of_company: BTreeMap<CompanyId, Vec<OrderId>> = BTreeMap::new();
    for task in tasks {
        if let Some(order) = task.order {
            of_company.entry(task.company).or_default().push(order);
        }
    }
    let mut numbers = BTreeMap::new();
    for (company, orders) in of_company {
        for order in takt_orders::briefs(db, company, &orders)? {
            numbers.insert(order.id, order.number);
        }
    }
    Ok(numbers)
}

fn address(asked: &Asked) -> String {
    format!("/tasks?{}", serde_html_form::to_string(asked).unwrap_or_default())
}

pub(super) fn render(w: &Words, view: &ListView) -> Markup {
    let all_tabs: Vec<Tab> = Shown::EVERY
        .iter()
        .zip(view.counts)
        .map(|(shown, count)| Tab {
            label: w.t(&format!("tasks-show-{}", shown.code())),
            href: address(&Asked { show: Some(*shown), ..Asked::default() }),
            active: *shown == view.shown && view.person.is_none(),
            count: Some(count.unfinished),
            tone: if count.overdue > 0 { Tone::Bad } else { Tone::Neutral },
        })
        .collect();
    html! {
        div id="tasks-tabs" data-live="tasks" { (tabs(w, &w.t("tasks-title"), &all_tabs)) }
        @if let Some((name, only)) = &view.person {
            p.muted {
                (w.ta(match only {
                    None => "tasks-of-person",
                    Some(Only::Late) => "tasks-late-of-person",
                    Some(Only::Done) => "tasks-done-of-person",
                }, &[("name", name.into())]))
            }
        }
        (table(w, view))
        (Pager { words: w, previous: None, next: view.next.clone(), count: None })
    }
}

fn table<'a>(w: &'a Words, view: &ListView) -> Table<'a> {
    let mut columns = vec![
        Column::new(w.t("tasks-what")).leading(),
        Column::new(w.t("tasks-due")),
        Column::new(w.t("tasks-role")),
        Column::new(w.t("tasks-state")),
    ];
    if !view.companies.is_empty() {
        columns.push(Column::new(w.t("tasks-company")).narrow());
    }
    columns.push(Column::new(w.t("tasks-do")).actions());
    let nothing = empty(Icon::ListChecks, w.t("tasks-none"), w.t("tasks-none-text"), None);
    Table::new(w, w.t("tasks-title"))
        .columns(columns)
        .rows(view.page.items.iter().map(|task| table_row(w, view, task)))
        .live("tasks", "tasks")
        .empty(nothing)
}

fn table_row(w: &Words, view: &ListView, task: &Task) -> Row {
    let number = task.order.and_then(|order| view.orders.get(&order));
    let mut cells = vec![
        html! {
            span.strong { (row::kind(w, task)) }
            @if let Some(number) = number { " " span.muted { (number) } }
        },
        row::due(w, task, view.now),
        row::role(w, task),
        row::state(w, task, &view.names),
    ];
    if !view.companies.is_empty() {
        cells.push(html! { @if let Some(name) = view.companies.get(&task.company) { (name) } });
    }
    cells.push(row::buttons(w, task, view.reader, &view.back, Stands::InList));
    let drawn = Row::new(cells).id(format!("task-{}", task.id)).tone(if task.is_overdue(view.now) {
        Tone::Bad
    } else {
        Tone::Neutral
    });
    match task.order {
        Some(order) => drawn.href(format!("/orders/{order}")),
        None => drawn,
    }
}
