use axum::extract::State;
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Result, ShopId, Timestamp};
use takt_staff::{Caller, PageHead};
use takt_store::Query as _;
use takt_ui::{
    Column, Count as Counted, FilterBar, Icon, Pager, Row, Tab, Table, Tone, Words, amount, empty,
    link_button, tabs,
};
use takt_web::{Answer, Query, Web};

use super::{
    list_rail::{self, Shown, rail},
    marks::{
        buyer_name, holder_name, is_late, paid_mark, pause_mark, promise, shortage_mark, stage_name,
        urgent_mark,
    },
    names::Names,
};
use crate::{
    Holder, ListFilter, Page, PlaceOrders, SeeOrders, Sort, Stage, api::one_of, counts::Count,
    panels::LIST_ACTIONS, queries, statuses,
};

const PAGE_SIZE: i64 = 50;
/// A desk of more companies filters by search, not by a list of hundreds of shops.
const MOST_COMPANIES_TO_CHOOSE: usize = 10;
const IN_WORK: &str = "work";
const ALL: &str = "all";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `work` when absent, `all`, or a stage.
    view: Option<String>,
    shop: Option<String>,
    status: Option<String>,
    holder: Option<String>,
    /// The code of what comes next.
    milestone: Option<String>,
    q: Option<String>,
    /// What was chosen of the rail.
    pub(super) rail: Option<String>,
    cursor: Option<String>,
}

pub(super) struct ListView {
    pub asked: Asked,
    pub page: Page,
    pub counts: Vec<Count>,
    pub names: Names,
    pub may_place: bool,
    pub rails: Vec<Shown>,
    /// Beside the filter, drawn by others.
    pub actions: Vec<Markup>,
    pub now: Timestamp,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let scope = caller.scope_where::<SeeOrders>()?;
    let mut filter = asked.filter()?;
    let may_place = caller.may::<PlaceOrders>();
    let words = caller.words(&web);
    let rails = list_rail::of(&caller, &web);
    filter.rail = list_rail::narrowed(&rails, asked.rail.as_deref());
    let actions = actions(&caller, &web, &words);
    let drawn_in = words.clone();
    let view = web
        .db
        .read("orders.list", move |reader| {
            let page = queries::list(reader, &scope, &filter)?;
            if let Some(status) = filter.status.as_deref().filter(|_| page.items.is_empty()) {
                statuses::expect_known(reader, scope.companies(), status)?;
            }
            let counts = crate::counts::counts(reader, &scope)?;
            let rails = list_rail::counted(reader, rails, &drawn_in)?;
            let names = if scope.companies().len() <= MOST_COMPANIES_TO_CHOOSE {
                Names::of(reader, scope.companies())?
            } else {
                Names::for_orders(reader, &page.items)?
            };
            Ok(ListView { asked, page, counts, names, may_place, rails, actions, now: reader.now() })
        })
        .await?;
    let head = PageHead::new(words.t("orders-title"));
    Ok(caller.page(&web, head, render(&words, &view)))
}

fn actions(caller: &Caller, web: &Web, words: &Words) -> Vec<Markup> {
    let slots = web.db.slots();
    let actions = slots.of(&LIST_ACTIONS).filter(|action| caller.may_code(action.permission));
    actions.map(|action| (action.render)(words)).collect()
}

impl Asked {
    /// What waits for somebody may be about a finished order as well.
    fn view(&self) -> &str {
        let usual = if self.rail().is_some() { ALL } else { IN_WORK };
        self.view.as_deref().filter(|view| !view.is_empty()).unwrap_or(usual)
    }

    pub(super) fn rail(&self) -> Option<&str> {
        self.rail.as_deref().filter(|value| !value.is_empty())
    }

    fn filter(&self) -> Result<ListFilter> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let view = self.view();
        let stage = match view {
            IN_WORK | ALL => None,
            stage => one_of("view", Some(stage.to_owned()), Stage::ALL, Stage::code, "orders.stage_unknown")?,
        };
        let shown_by_promise =
            view == IN_WORK || self.rail().is_some() || stage.is_some_and(Stage::is_in_work);
        Ok(ListFilter {
            stage,
            in_work: view == IN_WORK,
            status: given(&self.status),
            shop: given(&self.shop).map(|shop| shop.parse::<ShopId>()).transpose()?,
            holder: one_of(
                "holder",
                self.holder.clone(),
                Holder::ALL,
                Holder::code,
                "orders.holder_unknown",
            )?,
            milestone: given(&self.milestone),
            customers: Vec::new(),
            q: self.q.clone().unwrap_or_default(),
            rail: None,
            sort: if shown_by_promise { Sort::Promise } else { Sort::Newest },
            limit: PAGE_SIZE,
            cursor: given(&self.cursor),
        })
    }

    /// The address of this list with another value; the page begins anew.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let known = [
            ("view", self.view.as_deref()),
            ("shop", self.shop.as_deref()),
            ("status", self.status.as_deref()),
            ("holder", self.holder.as_deref()),
            ("milestone", self.milestone.as_deref()),
            ("q", self.q.as_deref()),
            ("rail", self.rail.as_deref()),
        ];
        let pairs: Vec<(&str, &str)> = known
            .into_iter()
            .filter(|(known, _)| *known != name)
            .filter_map(|(known, value)| Some((known, value?)))
            .chain(std::iter::once((name, value)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        format!("/orders?{}", serde_html_form::to_string(pairs).unwrap_or_default())
    }
}

pub(super) fn render(w: &Words, view: &ListView) -> Markup {
    let asked = &view.asked;
    let next = view.page.next_cursor.as_ref().map(|cursor| asked.with("cursor", cursor));
    html! {
        div id="orders-tabs" data-live="orders" { (stage_tabs(w, view)) }
        (rail(w, view))
        (filter_bar(w, view))
        (table(w, view))
        (Pager {
            words: w,
            previous: view.page.previous_cursor.as_ref().map(|cursor| asked.with("cursor", cursor)),
            next,
            count: Some(Counted { count: view.page.total.count, exact: view.page.total.exact }),
        })
    }
}

fn stage_tabs(w: &Words, view: &ListView) -> Markup {
    let count = |wanted: &dyn Fn(Stage) -> bool| {
        Some(view.counts.iter().filter(|count| wanted(count.stage)).map(|count| count.orders).sum())
    };
    let tab = |value: &str, label: String, count: Option<i64>| Tab {
        label,
        href: view.asked.with("view", value),
        active: view.asked.view() == value,
        count,
        tone: Tone::Neutral,
    };
    let mut all = vec![tab(IN_WORK, w.t("orders-in-work"), count(&Stage::is_in_work))];
    all.extend(
        Stage::ALL.iter().map(|stage| tab(stage.code(), stage_name(w, *stage), count(&|one| one == *stage))),
    );
    all.push(tab(ALL, w.t("orders-all"), count(&|_| true)));
    tabs(w, &w.t("orders-stages"), &all)
}

fn filter_bar<'a>(w: &'a Words, view: &ListView) -> FilterBar<'a> {
    let asked = &view.asked;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let any = |key: &str| std::iter::once((String::new(), w.t(key)));
    let shops = view.names.shops.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let mut seen = std::collections::BTreeMap::new();
    for status in view.names.statuses.values() {
        seen.entry((status.stage, status.place, status.code.clone()))
            .or_insert_with(|| status.name(w.lang()).to_owned());
    }
    let statuses = seen.into_iter().map(|((.., code), name)| (code, name));
    let holders = Holder::ALL
        .iter()
        .filter(|holder| **holder != Holder::ClosedHours)
        .map(|holder| (holder.code().to_owned(), holder_name(w, *holder)));
    let mut bar = FilterBar::new(w, "/orders").search("q", &text(&asked.q), w.t("orders-search"));
    if view.names.shops.len() > 1 {
        bar = bar.choice(w.t("orders-shop"), "shop", &text(&asked.shop), any("orders-any-shop").chain(shops));
    }
    bar = bar
        .choice(
            w.t("orders-status"),
            "status",
            &text(&asked.status),
            any("orders-any-status").chain(statuses),
        )
        .choice(w.t("orders-holder"), "holder", &text(&asked.holder), any("orders-any-holder").chain(holders))
        .keep("view", asked.view())
        .keep("rail", asked.rail().unwrap_or_default());
    if let Some(milestone) = asked.milestone.as_deref().filter(|milestone| !milestone.is_empty()) {
        bar = bar.keep("milestone", milestone);
    }
    let new = link_button(w.t("orders-new"), "/orders/new").icon(Icon::Plus).key("n");
    // One thing is the first to be done.
    let new = if view.actions.is_empty() { new.primary() } else { new };
    bar.actions(html! {
        @for action in &view.actions { (action) }
        @if view.may_place { (new) }
    })
}

fn table<'a>(w: &'a Words, view: &ListView) -> Table<'a> {
    let nothing = empty(Icon::Inbox, w.t("orders-none"), w.t("orders-none-text"), None);
    Table::new(w, w.t("orders-title"))
        .columns([
            Column::new(w.t("orders-number")).leading(),
            Column::new(w.t("orders-promise")),
            Column::new(w.t("orders-status")),
            Column::new(w.t("orders-buyer")).wide(),
            Column::new(w.t("orders-marks")),
            Column::new(w.t("orders-shop")).narrow(),
            Column::new(w.t("orders-total")).numeric(),
        ])
        .rows(view.page.items.iter().map(|order| row(w, view, order)))
        .live("orders", "orders")
        .empty(nothing)
}

fn row(w: &Words, view: &ListView, order: &crate::Order) -> Row {
    Row::new([
        html! {
            span.strong { (order.number) }
            " " span.muted.small-text { (w.when(order.placed_at, view.now)) }
        },
        promise(w, order, view.now),
        view.names.status_mark(w, order),
        html! {
            (buyer_name(w, order))
            @if let Some(comment) = order.last_comment.as_ref().or(order.comment.as_ref()) {
                span.muted { " · " (comment) }
            }
        },
        html! { span.row { (urgent_mark(w, order)) (paid_mark(w, order)) (shortage_mark(w, order)) (pause_mark(w, order, None)) } },
        view.names.shop_chip(order),
        amount(w, order.total),
    ])
    .id(format!("order-{}", order.id))
    .href(format!("/orders/{}", order.id))
    .tone(if is_late(order, view.now) { Tone::Bad } else { Tone::Neutral })
    .dim(!order.stage.is_in_work())
}
