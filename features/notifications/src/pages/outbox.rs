use std::collections::BTreeMap;

use axum::extract::State as Shared;
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{CompanyId, Result, Timestamp};
use takt_orders::OrderId;
use takt_staff::{Caller, PageHead};
use takt_store::Query as Asking;
use takt_ui::{Column, Icon, Pager, Row, Tab, Table, Tone, Words, empty, notice as remark, tabs};
use takt_web::{Answer, Query, Web};

use super::{HREF, words};
use crate::{
    notice::{Notice, NoticeId, State},
    queries,
    rights::SeeNotices,
    settings::Settings,
};

const PAGE_SIZE: usize = 50;
const TABS: [Option<State>; 5] =
    [None, Some(State::InDoubt), Some(State::Failed), Some(State::Queued), Some(State::Sent)];

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    before: Option<NoticeId>,
}

pub(super) struct OutboxView {
    pub state: Option<State>,
    pub counts: BTreeMap<State, i64>,
    pub notices: Vec<Notice>,
    pub orders: BTreeMap<OrderId, String>,
    /// Names of the companies, when more than one can stand in the list.
    pub companies: BTreeMap<CompanyId, String>,
    pub more: bool,
    pub has_server: bool,
    pub now: Timestamp,
}

pub(super) async fn show(caller: Caller, Shared(web): Shared<Web>, Query(asked): Query<Asked>) -> Answer {
    let scope = caller.scope_where::<SeeNotices>()?;
    let state = State::from_code(&asked.state);
    let companies = match caller.companies() {
        [_] => BTreeMap::new(),
        several => several.iter().map(|there| (there.id(), there.name().to_owned())).collect(),
    };
    let view = web
        .db
        .read("notifications.list", move |r| {
            let limit = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
            let mut notices = queries::list(r, &scope, state, asked.before, limit)?;
            let more = notices.len() > PAGE_SIZE;
            notices.truncate(PAGE_SIZE);
            Ok(OutboxView {
                state,
                counts: queries::counts(r, &scope)?,
                orders: numbers(r, &notices)?,
                notices,
                companies,
                more,
                has_server: Settings::of(r)?.server.is_some(),
                now: r.now(),
            })
        })
        .await?;
    let w = caller.words(&web);
    Ok(caller.page(&web, PageHead::new(w.t("notifications-title")), render(&w, &view)))
}

/// What people call the orders: one question for each company in the page.
pub(super) fn numbers(db: &mut dyn Asking, notices: &[Notice]) -> Result<BTreeMap<OrderId, String>> {
    let mut of_company: BTreeMap<CompanyId, Vec<OrderId>> = BTreeMap::new();
    for notice in notices {
        of_company.entry(notice.company).or_default().push(notice.order);
    }
    let mut numbers = BTreeMap::new();
    for (company, mut orders) in of_company {
        orders.sort_unstable();
        orders.dedup();
        for order in takt_orders::briefs(db, company, &orders)? {
            numbers.insert(order.id, order.number);
        }
    }
    Ok(numbers)
}

fn address(state: Option<State>, before: Option<NoticeId>) -> String {
    let mut address = HREF.to_owned();
    let parts = [
        state.map(|state| format!("state={}", state.code())),
        before.map(|before| format!("before={before}")),
    ];
    for (index, part) in parts.into_iter().flatten().enumerate() {
        address.push(if index == 0 { '?' } else { '&' });
        address.push_str(&part);
    }
    address
}

pub(super) fn render(w: &Words, view: &OutboxView) -> Markup {
    let shown: Vec<Tab> = TABS
        .into_iter()
        .map(|state| Tab {
            label: match state {
                None => w.t("notifications-all"),
                Some(state) => w.t(&format!("notifications-tab-{}", state.code())),
            },
            href: address(state, None),
            active: state == view.state,
            count: state.and_then(|state| view.counts.get(&state)).copied().filter(|count| *count > 0),
            tone: state.map_or(Tone::Neutral, words::tone),
        })
        .collect();
    let next = view.notices.last().filter(|_| view.more).map(|last| address(view.state, Some(last.id)));
    html! {
        @if !view.has_server {
            (remark(Tone::Warn, w.t("notifications-no-server-title"))
                .body(html! { p { (w.t("notifications-no-server-text")) } }))
        }
        div id="notices-tabs" data-live="orders" { (tabs(w, &w.t("notifications-title"), &shown)) }
        (table(w, view))
        (Pager { words: w, previous: None, next, count: None })
    }
}

fn table<'a>(w: &'a Words, view: &OutboxView) -> Table<'a> {
    let mut columns = vec![
        Column::new(w.t("notifications-event")).leading(),
        Column::new(w.t("notifications-order")),
        Column::new(w.t("notifications-recipient")).wide(),
        Column::new(w.t("notifications-subject")).wide(),
        Column::new(w.t("notifications-state")).wide(),
        Column::new(w.t("notifications-when")).narrow(),
    ];
    if !view.companies.is_empty() {
        columns.push(Column::new(w.t("notifications-company")).narrow());
    }
    let nothing = empty(Icon::Mail, w.t("notifications-none"), w.t("notifications-none-text"), None);
    Table::new(w, w.t("notifications-title"))
        .columns(columns)
        .rows(view.notices.iter().map(|notice| row(w, view, notice)))
        .live("notices", "orders")
        .empty(nothing)
}

fn row(w: &Words, view: &OutboxView, notice: &Notice) -> Row {
    let mut cells = vec![
        html! { span.strong { (words::event(w, notice.event)) } },
        html! { (view.orders.get(&notice.order).map(String::as_str).unwrap_or_default()) },
        html! { (notice.recipient) },
        html! { (notice.subject) },
        html! { (words::state(w, notice.state)) (words::problem(w, notice)) },
        html! { (w.moment(notice.sent_at.unwrap_or(notice.queued_at), view.now)) },
    ];
    if !view.companies.is_empty() {
        cells.push(html! { @if let Some(name) = view.companies.get(&notice.company) { (name) } });
    }
    let tone = match notice.state {
        State::Failed | State::InDoubt => words::tone(notice.state),
        State::Queued | State::Sending | State::Sent => Tone::Neutral,
    };
    Row::new(cells).id(format!("notice-{}", notice.id)).href(format!("{HREF}/{}", notice.id)).tone(tone)
}
