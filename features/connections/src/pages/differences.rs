//! /settings/sources/differences: where the lists of shops and ours are not the same, of one source or of all,
//! and what is to be done about it.

use std::collections::BTreeMap;

use axum::extract::State as Shared;
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Kind, Result, Timestamp};
use takt_staff::{SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_store::Query as _;
use takt_ui::{
    Column, FilterBar, Icon, Pager, Row, Tab, Table, Tone, button, card, crumbs, empty, notice, post_button,
    status, tabs,
};
use takt_web::{Answer, Form, Path, Query, Web};

use super::{
    HREF,
    words::{self, At},
};
use crate::{
    Connection, ConnectionId, ManageConnections,
    differences::{self, Difference, DifferenceId, Field, Filter, Owner, Resolution, Subject},
};

pub(super) const DIFFERENCES: &str = "/settings/sources/differences";
const PAGE_SIZE: usize = 50;

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    pub connection: String,
    pub subject: String,
    /// `settled` in place of the open ones.
    pub state: String,
    pub before: Option<DifferenceId>,
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            connection: self.connection.parse().ok(),
            subject: Subject::from_code(&self.subject),
            settled: self.state == "settled",
            before: self.before,
            limit: i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Given {
    /// `theirs`, `ours`.
    act: String,
    /// The list was that of one connection, which is the difference's own: no id is taken from a form.
    narrowed: String,
    subject: String,
}

/// One row, with the values as they stand now where none are kept.
pub(super) struct Shown {
    pub difference: Difference,
    pub theirs: Option<String>,
    pub ours: Option<String>,
}

pub(super) struct View {
    pub asked: Asked,
    pub connections: Vec<Connection>,
    pub rows: Vec<Shown>,
    pub open: BTreeMap<ConnectionId, i64>,
    pub older: Option<DifferenceId>,
    /// Why nothing came of what was decided.
    pub problem: Option<String>,
    pub now: Timestamp,
}

pub(super) async fn show(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Query(asked): Query<Asked>,
) -> Answer {
    let view = view(&web, &settings, asked).await?;
    let body = words::drawn(&web, &settings, |at| render(at, &view));
    Ok(settings_page(&web, &settings, HREF, body))
}

async fn view(web: &Web, settings: &SettingsCaller, asked: Asked) -> Result<View> {
    settings.permit::<ManageConnections>()?;
    let company = settings.company()?;
    web.db
        .read("connections.differences", move |r| {
            let mut found = differences::list(r, company, &asked.filter())?;
            let more = found.len() > PAGE_SIZE;
            found.truncate(PAGE_SIZE);
            let older = found.last().map(|last| last.id).filter(|_| more);
            let connections = crate::list(r, company)?;
            let mut looks: BTreeMap<(ConnectionId, Subject, String), Vec<Field>> = BTreeMap::new();
            let mut rows = Vec::new();
            for difference in found {
                let (mut theirs, mut ours) = (difference.theirs.clone(), difference.ours.clone());
                let unkept = theirs.is_none() && ours.is_none() && difference.resolved.is_none();
                let connection = connections.iter().find(|known| known.id == difference.connection);
                if let (true, Some(connection)) = (unkept, connection) {
                    let thing = &difference.thing;
                    let key = (connection.id, thing.subject, thing.external_id.clone());
                    if !looks.contains_key(&key) {
                        let fields = differences::look(r, connection, thing).unwrap_or_default();
                        looks.insert(key.clone(), fields);
                    }
                    let fields = looks.get(&key).map_or(&[][..], Vec::as_slice);
                    if let Some(field) = fields.iter().find(|field| field.name == difference.field) {
                        (theirs, ours) = (field.theirs.clone(), field.ours.clone());
                    }
                }
                rows.push(Shown { difference, theirs, ours });
            }
            let open = differences::open_of_connections(r, company)?;
            let now = r.now();
            Ok(View { asked, connections, rows, open, older, problem: None, now })
        })
        .await
}

pub(super) async fn decide(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<DifferenceId>,
    Form(given): Form<Given>,
) -> Answer {
    settings.permit::<ManageConnections>()?;
    let company = settings.company()?;
    let of = web
        .db
        .read("connections.difference", move |r| Ok(differences::get(r, company, id)?.connection))
        .await?;
    let how = if given.act == Resolution::Theirs.code() { Resolution::Theirs } else { Resolution::Ours };
    let by = settings.clone();
    let decided = web.db.write("connections.decide", move |tx| differences::decide(tx, &by, id, how)).await;
    let connection = if given.narrowed.is_empty() { String::new() } else { of.to_string() };
    let asked = Asked { connection, subject: given.subject, ..Asked::default() };
    match decided {
        Ok(how) => {
            let back = with(&settings.href(DIFFERENCES), &asked.connection, &asked.subject);
            Ok(see_other_saying(&back, said(how)))
        }
        Err(fault) if matches!(fault.kind(), Kind::Conflict | Kind::Invalid) => {
            let problem = settings.words(&web).fault(&fault);
            let view = View { problem: Some(problem), ..view(&web, &settings, asked).await? };
            let body = words::drawn(&web, &settings, |at| render(at, &view));
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

const fn said(how: Resolution) -> &'static str {
    match how {
        Resolution::Agreed => "connections-difference-gone",
        Resolution::Theirs => "connections-theirs-taken",
        Resolution::Ours => "connections-ours-kept",
    }
}

/// A path of the list that stays with what it was narrowed to.
fn with(path: &str, connection: &str, subject: &str) -> String {
    let mut path = path.to_owned();
    for (name, value) in [("connection", connection), ("subject", subject)] {
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            path.push_str(&format!("&{name}={value}"));
        }
    }
    path
}

pub(super) fn render(at: &At<'_>, view: &View) -> Markup {
    let w = at.w;
    let asked = &view.asked;
    let href = |state: &str| {
        let base = with(&at.href(DIFFERENCES), &asked.connection, &asked.subject);
        if state.is_empty() { base } else { format!("{base}&state={state}") }
    };
    let chosen: Option<ConnectionId> = asked.connection.parse().ok();
    let counted: i64 = match chosen {
        Some(id) => view.open.get(&id).copied().unwrap_or_default(),
        None => view.open.values().fold(0_i64, |sum, count| sum.saturating_add(*count)),
    };
    let settled = asked.state == "settled";
    let states = [
        Tab {
            label: w.t("connections-differences-open"),
            href: href(""),
            active: !settled,
            count: Some(counted),
            tone: if counted > 0 { Tone::Warn } else { Tone::Neutral },
        },
        Tab {
            label: w.t("connections-differences-settled"),
            href: href("settled"),
            active: settled,
            count: None,
            tone: Tone::Neutral,
        },
    ];
    let any = |label: &str| (String::new(), w.t(label));
    let sources = view.connections.iter().map(|known| (known.id.to_string(), known.name.clone()));
    let subjects = Subject::ALL.iter().map(|subject| {
        (subject.code().to_owned(), w.t(&format!("connections-differing-{}", subject.code())))
    });
    let mut bar = FilterBar::new(w, DIFFERENCES)
        .keep("company", at.company.to_string())
        .choice(
            w.t("connections-source"),
            "connection",
            &asked.connection,
            std::iter::once(any("connections-any-source")).chain(sources),
        )
        .choice(
            w.t("connections-differing"),
            "subject",
            &asked.subject,
            std::iter::once(any("connections-any-subject")).chain(subjects),
        );
    if settled {
        bar = bar.keep("state", "settled");
    }
    let nothing = empty(
        Icon::Check,
        w.t("connections-no-differences"),
        w.t(if settled { "connections-none-settled" } else { "connections-all-agree" }),
        None,
    );
    let last = if settled {
        Column::new(w.t("connections-settled-how"))
    } else {
        Column::new(w.t("connections-do")).actions()
    };
    let table = Table::new(w, w.t("connections-differences"))
        .columns([
            Column::new(w.t("connections-differing")).leading(),
            Column::new(w.t("connections-field")),
            Column::new(w.t("connections-theirs")),
            Column::new(w.t("connections-ours")),
            Column::new(w.t("connections-first-seen")).narrow(),
            last,
        ])
        .rows(view.rows.iter().map(|shown| row(at, view, shown)))
        .live("differences", "connections orders")
        .empty(nothing);
    let older = view.older.map(|last| {
        let state = if settled { "settled" } else { "" };
        format!("{}&before={last}", href(state))
    });
    let body = html! {
        (tabs(w, &w.t("connections-differences"), &states))
        (bar)
        (table)
        (Pager { words: w, previous: None, next: older, count: None })
    };
    html! {
        (crumbs(&[(&w.t("connections-title"), Some(&at.href(HREF)))]))
        @if let Some(problem) = &view.problem {
            (notice(Tone::Warn, w.t("connections-not-decided")).body(html! { p { (problem) } }))
        }
        (card(w.t("connections-differences")).note(html! { (w.t("connections-differences-text")) }).body(body))
    }
}

fn row(at: &At<'_>, view: &View, shown: &Shown) -> Row {
    let w = at.w;
    let difference = &shown.difference;
    let thing = &difference.thing;
    let source = view.connections.iter().find(|known| known.id == difference.connection);
    let label = w.ta(
        &format!("connections-thing-{}", thing.subject.code()),
        &[("id", thing.external_id.as_str().into())],
    );
    let place = match thing.subject {
        Subject::Order => "/orders",
        Subject::Customer => "/customers",
        Subject::Offer | Subject::Stock => "/products",
    };
    let value = |value: &Option<String>| match value {
        Some(value) => html! { (value) },
        None => html! { span.muted { "—" } },
    };
    let last = match difference.resolved {
        Some((when, how)) => html! {
            (status(w.t(&format!("connections-settled-{}", how.code())), Tone::Good)) " "
            (w.moment(when, view.now))
        },
        None => deeds(at, view, difference),
    };
    Row::new([
        html! {
            @match thing.own {
                Some(own) => { a href=(format!("{place}/{own}")) { (label) } }
                None => { span.strong { (label) } }
            }
            @if let Some(source) = source { span.muted.small-text { (source.name) } }
        },
        html! {
            div { (w.t(&format!("connections-field-{}", difference.field))) }
            div.muted.small-text { (w.t(&format!("connections-owner-{}", difference.owner.code()))) }
        },
        value(&shown.theirs),
        value(&shown.ours),
        w.moment(difference.first_seen_at, view.now),
        last,
    ])
    .id(format!("difference-{}", difference.id))
}

/// The owner's side is offered first.
fn deeds(at: &At<'_>, view: &View, difference: &Difference) -> Markup {
    let w = at.w;
    let action = at.href(&format!("{DIFFERENCES}/{}", difference.id));
    let deed = |how: Resolution, label: &str, icon: Icon| {
        let fields = [
            ("act", how.code()),
            ("narrowed", if view.asked.connection.is_empty() { "" } else { "1" }),
            ("subject", view.asked.subject.as_str()),
        ];
        post_button(&action, &fields, button(w.t(label)).small().icon(icon))
    };
    let theirs = deed(Resolution::Theirs, "connections-take-theirs", Icon::Download);
    let ours = deed(Resolution::Ours, "connections-keep-ours", Icon::Check);
    html! {
        div.row {
            @if difference.owner == Owner::Shop { (theirs) (ours) } @else { (ours) (theirs) }
        }
    }
}

/// How many stand open, with the way to them.
pub(super) fn count(at: &At<'_>, connection: ConnectionId, open: i64) -> Markup {
    let w = at.w;
    let href = format!("{}&connection={connection}", at.href(DIFFERENCES));
    html! {
        @if open > 0 { a href=(href) { (takt_ui::badge(words::count(w, open), Tone::Warn)) } }
        @else { span.muted { "—" } }
    }
}
