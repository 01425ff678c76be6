use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use http::HeaderMap;
use maud::{Markup, html};
use takt_kernel::{Id, PersonId, Result, Timestamp};
use takt_staff::{Caller, PageHead, people};
use takt_store::Query as _;
use takt_ui::{
    Column, Count as Counted, Icon, Pager, Row, Tab, Table, Tone, Words, empty, link_button, tabs_and_own,
};
use takt_web::{Answer, Query, Web};

use super::{
    deeds,
    list_asked::{ALL, Asked, IN_WORK},
    list_columns::Columns,
    list_filter::filter_bar,
    list_rail::{self, Shown, rail},
    list_views::{self, Saved},
    many,
    marks::{is_late, stage_name},
    names::Names,
    quick,
};
use crate::{
    OrderId, Page, PlaceOrders, SeeOrders, Stage, counts::Count, deeds::Kept, kin, panels::LIST_ACTIONS,
    queries, statuses, views,
};

/// A desk of more companies filters by search, not by a list of hundreds of shops.
const MOST_COMPANIES_TO_CHOOSE: usize = 10;
/// Colleagues that the panel offers by name.
const MOST_COLLEAGUES: usize = 100;

pub(super) struct ListView {
    pub asked: Asked,
    pub page: Page,
    pub counts: Vec<Count>,
    pub names: Names,
    /// The one company has no shop yet: nothing can come.
    pub shopless: bool,
    /// Those of the page that may be another order once more.
    pub twins: BTreeSet<OrderId>,
    /// Who took the orders of the page.
    pub people: BTreeMap<PersonId, String>,
    /// Who may have taken some.
    pub colleagues: Vec<(PersonId, String)>,
    pub columns: Columns,
    pub saved: Vec<Saved>,
    pub may_share: bool,
    /// What the reader may do with many orders.
    pub deeds: Vec<&'static str>,
    /// What was just done with some.
    pub outcome: Option<(i64, Kept)>,
    pub may_place: bool,
    pub rails: Vec<Shown>,
    /// Beside the filter, drawn by others.
    pub actions: Vec<Markup>,
    pub now: Timestamp,
}

pub(super) async fn show(
    caller: Caller,
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Answer {
    if asked.asks_for_nothing()
        && let Some(elsewhere) = list_views::come_back(&caller, &web, &headers).await?
    {
        return Ok(elsewhere);
    }
    let in_view = asked.saved;
    let scope = caller.scope_where::<SeeOrders>()?;
    let mut filter = asked.filter(&caller)?;
    let may_place = caller.may::<PlaceOrders>();
    let words = caller.words(&web);
    let rails = list_rail::of(&caller, &web);
    filter.rail = list_rail::narrowed(&rails, asked.rail());
    let actions = actions(&caller, &web, &words);
    let (drawn_in, workplace, person) = (words.clone(), caller.workplace().id(), caller.person);
    let (deeds, may_share) = (many::deeds_of(&caller), list_views::whose(&caller).may_share);
    let read = web.db.read("orders.list", move |reader| {
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
        let columns = match asked.columns() {
            Some(columns) => columns,
            None => views::columns(reader, workplace, person)?
                .map_or_else(Columns::default, |text| Columns::of_text(&text)),
        };
        let outcome = match asked.did {
            Some(id) => crate::deeds::load(reader, workplace, person, Id::new(id))?.map(|kept| (id, kept)),
            None => None,
        };
        let mut colleagues: Vec<(PersonId, String)> = people::members(reader, workplace)?
            .into_iter()
            .map(|member| (member.person, member.name))
            .collect();
        colleagues.truncate(MOST_COLLEAGUES);
        let people = takers(reader, &page, &colleagues)?;
        let twins = kin::with_twins(reader, &page.items)?;
        let now = reader.now();
        let shopless = matches!(scope.companies(), [_]) && names.shops.is_empty();
        Ok(ListView {
            shopless,
            asked,
            page,
            counts,
            names,
            twins,
            people,
            colleagues,
            columns,
            saved: Vec::new(),
            may_share,
            deeds,
            outcome,
            may_place,
            rails,
            actions,
            now,
        })
    });
    let (mut view, saved) = tokio::try_join!(read, list_views::saved(&caller, &web))?;
    view.saved = saved;
    let head = PageHead::new(words.t("orders-title"));
    let mut response = caller.page(&web, head, render(&words, &view));
    let in_view = in_view.filter(|id| view.saved.iter().any(|saved| saved.view.id.get() == *id));
    list_views::remember(&mut response, &headers, in_view);
    Ok(response)
}

fn actions(caller: &Caller, web: &Web, words: &Words) -> Vec<Markup> {
    let slots = web.db.slots();
    let actions = slots.of(&LIST_ACTIONS).filter(|action| caller.may_code(action.permission));
    actions.map(|action| (action.render)(words)).collect()
}

fn takers(
    db: &mut dyn takt_store::Query,
    page: &Page,
    colleagues: &[(PersonId, String)],
) -> Result<BTreeMap<PersonId, String>> {
    let mut known: BTreeMap<PersonId, String> = colleagues.iter().cloned().collect();
    let mut others: Vec<PersonId> =
        page.items.iter().filter_map(|order| order.taken_by).filter(|id| !known.contains_key(id)).collect();
    others.sort_unstable();
    others.dedup();
    known.extend(people::names(db, &others)?);
    Ok(known)
}

pub(super) fn render(w: &Words, view: &ListView) -> Markup {
    let asked = &view.asked;
    let at = |cursor: &Option<String>| cursor.as_ref().map(|cursor| asked.with("cursor", cursor));
    html! {
        @if let Some((id, kept)) = &view.outcome { (deeds::outcome(w, *id, kept, &asked.here())) }
        div id="orders-tabs" data-live="orders" { (stage_tabs(w, view)) }
        (rail(w, view))
        (filter_bar(w, view, list_views::panel(w, view)))
        (table(w, view))
        (many::bar(w, view))
        (Pager {
            words: w,
            previous: at(&view.page.previous_cursor),
            next: at(&view.page.next_cursor),
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
        href: view.asked.with_all(&[("view", value), ("saved", "")]),
        active: view.asked.view() == value && view.asked.saved.is_none(),
        count,
        tone: Tone::Neutral,
    };
    let mut all = vec![tab(IN_WORK, w.t("orders-in-work"), count(&Stage::is_in_work))];
    all.extend(
        Stage::ALL.iter().map(|stage| tab(stage.code(), stage_name(w, *stage), count(&|one| one == *stage))),
    );
    all.push(tab(ALL, w.t("orders-all"), count(&|_| true)));
    tabs_and_own(w, &w.t("orders-stages"), &all, &list_views::own_tabs(view), html! {})
}

/// An empty page says why: there is nothing yet, nothing fits, or one has to look further.
fn nothing(w: &Words, view: &ListView) -> Markup {
    match &view.page.next_cursor {
        Some(cursor) => {
            let on = link_button(w.t("orders-look-further"), view.asked.with("cursor", cursor));
            empty(
                Icon::Search,
                w.t("orders-none-so-far"),
                w.t("orders-none-so-far-text"),
                Some(html! { (on) }),
            )
        }
        None if view.asked.has_conditions() => {
            let bare = link_button(w.t("orders-without-conditions"), view.asked.bare());
            empty(Icon::Filter, w.t("orders-none"), w.t("orders-none-fits"), Some(html! { (bare) }))
        }
        None if view.shopless => {
            let first = link_button(w.t("staff-shops"), "/settings/shops").icon(Icon::Store);
            empty(Icon::Store, w.t("orders-no-shops"), w.t("orders-no-shops-text"), Some(html! { (first) }))
        }
        None => empty(Icon::Inbox, w.t("orders-none"), w.t("orders-none-text"), None),
    }
}

fn table<'a>(w: &'a Words, view: &ListView) -> Table<'a> {
    let nothing = nothing(w, view);
    let mut heads = view.columns.heads(w, &view.asked);
    heads.push(Column::new(w.t("orders-quick")).actions());
    let table = Table::new(w, w.t("orders-title"));
    let table = if view.deeds.is_empty() { table } else { table.choosing(many::FORM, "order") };
    table
        .columns(heads)
        .rows(view.page.items.iter().map(|order| row(w, view, order)))
        .live("orders", "orders")
        .empty(nothing)
}

fn row(w: &Words, view: &ListView, order: &crate::Order) -> Row {
    let mut cells = view.columns.cells(w, view, order);
    cells.push(quick::link(w, view, order));
    Row::new(cells)
        .id(format!("order-{}", order.id))
        .href(format!("/orders/{}", order.id))
        .choice(order.id.to_string(), w.ta("orders-choose", &[("number", (&order.number).into())]))
        .tone(if is_late(order, view.now) { Tone::Bad } else { Tone::Neutral })
        .dim(!order.stage.is_in_work())
}
