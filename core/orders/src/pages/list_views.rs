//! Tabs that people made: this list under a name, with its count; and the columns that one sees.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, header};
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Fault, Result};
use takt_staff::{Caller, is_live_read, see_other_saying};
use takt_ui::{Icon, OwnTab, Tab, Tone, Words, button, field, icon, post_button};
use takt_web::{Answer, Form, Path, Web, see_other};

use super::{
    list::ListView,
    list_asked::Asked,
    list_columns::{self, Columns},
};
use crate::{
    ListFilter, SeeOrders, ShareViews, Total, queries,
    views::{self, View, ViewChange, ViewId, Whose},
};

/// Holds the view that one looked at last, in this browser.
const COOKIE: &str = "orders_view";

/// A view and how many orders it has now.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    pub view: View,
    pub total: Option<Total>,
}

pub(super) fn whose(caller: &Caller) -> Whose {
    let workplace = caller.workplace().id();
    Whose { workplace, person: caller.person, may_share: caller.may_in::<ShareViews>(workplace) }
}

/// The views of the reader, each counted. What cannot be read any more has no count and is there to be removed.
pub(super) async fn saved(caller: &Caller, web: &Web) -> Result<Vec<Saved>> {
    let (whose, scope) = (whose(caller), caller.scope_where::<SeeOrders>()?);
    let reader_of_list = caller.clone();
    web.db
        .read("orders.views", move |reader| {
            let views = views::of(reader, whose.workplace, whose.person)?;
            let filter = |view: &View| -> Option<ListFilter> {
                let asked = Asked::of_query(&view.query).ok()?;
                asked.rail().is_none().then(|| asked.filter(&reader_of_list).ok())?
            };
            let filters: Vec<Option<ListFilter>> = views.iter().map(filter).collect();
            let counted: Vec<ListFilter> = filters.iter().flatten().cloned().collect();
            let mut totals = queries::totals(reader, &scope, &counted)?.into_iter();
            let total = |filter: &Option<ListFilter>| filter.as_ref().and_then(|_| totals.next());
            let totals: Vec<Option<Total>> = filters.iter().map(total).collect();
            Ok(views.into_iter().zip(totals).map(|(view, total)| Saved { view, total }).collect())
        })
        .await
}

pub(super) fn address(view: &View) -> String {
    let between = if view.query.is_empty() { "" } else { "&" };
    format!("/orders?saved={}{between}{}", view.id, view.query)
}

pub(super) fn own_tabs(view: &ListView) -> Vec<OwnTab> {
    let tab = |saved: &Saved| OwnTab {
        tab: Tab {
            label: saved.view.name.clone(),
            href: address(&saved.view),
            active: view.asked.saved == Some(saved.view.id.get()),
            count: saved.total.map(|total| total.count),
            tone: Tone::Neutral,
        },
        exact: saved.total.is_none_or(|total| total.exact),
    };
    view.saved.iter().map(tab).collect()
}

/// Behind the key V: this list under a name, the columns, and what may be done with the view one is in.
pub(super) fn panel(w: &Words, view: &ListView) -> Markup {
    let query = view.asked.as_query();
    let here = view.saved.iter().find(|saved| view.asked.saved == Some(saved.view.id.get()));
    html! {
        details.filter-more data-panel {
            summary.button data-key="v" {
                (icon(Icon::Star)) span.button-label { (w.t("orders-view")) } kbd { "V" }
            }
            div.filter-panel {
                @if let Some(here) = here.filter(|here| !here.view.shared || view.may_share) { (changes(w, here, &query)) }
                form.form method="post" action="/orders/views" {
                    input type="hidden" name="query" value=(query);
                    (field(w.t("orders-view-name"), "name").required().attribute("maxlength", "60").autocomplete("off"))
                    (button(w.t("orders-view-save")))
                }
                @if view.may_share {
                    form.form method="post" action="/orders/views/shared" {
                        input type="hidden" name="query" value=(query);
                        (field(w.t("orders-view-shared"), "for_all").required().attribute("maxlength", "60").autocomplete("off"))
                        (button(w.t("orders-view-save-shared")))
                    }
                }
                form.form method="post" action="/orders/columns" {
                    input type="hidden" name="query" value=(query);
                    @if let Some(id) = view.asked.saved { input type="hidden" name="saved" value=(id); }
                    fieldset.view-columns {
                        legend.field-label { (w.t("orders-columns")) }
                        @for shown in list_columns::Shown::ALL {
                            label.check {
                                input type="checkbox" name="column" value=(shown.code()) checked[view.columns.has(*shown)];
                                span { (list_columns::name(w, *shown)) }
                            }
                        }
                    }
                    (button(w.t("orders-columns-choose")))
                }
            }
        }
    }
}

fn changes(w: &Words, here: &Saved, query: &str) -> Markup {
    let path = format!("/orders/views/{}", here.view.id);
    let deed = |deed: &str, label: &str| {
        post_button(&path, &[("deed", deed), ("query", query)], button(w.t(label)).small())
    };
    html! {
        form.form method="post" action=(path) {
            input type="hidden" name="deed" value="name";
            (field(w.t("orders-view-rename"), "title").value(&here.view.name).required().attribute("maxlength", "60"))
            (button(w.t("orders-save")).small())
        }
        div.row {
            (deed("query", "orders-view-replace"))
            (deed("left", "orders-view-left"))
            (deed("right", "orders-view-right"))
            (post_button(&path, &[("deed", "remove")], button(w.t("orders-view-remove")).small().danger().icon(Icon::Trash2)))
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    name: String,
    for_all: String,
    title: String,
    query: String,
    deed: String,
    column: Vec<String>,
    saved: Option<i64>,
}

impl Given {
    /// Only what a list has is kept.
    fn list(&self) -> Result<Asked> {
        Asked::of_query(&self.query)
    }
}

pub(super) async fn save(caller: Caller, State(web): State<Web>, Form(given): Form<Given>) -> Answer {
    save_as(&caller, &web, given, false).await
}

pub(super) async fn save_for_all(caller: Caller, State(web): State<Web>, Form(given): Form<Given>) -> Answer {
    caller.permit::<ShareViews>(caller.workplace().id())?;
    save_as(&caller, &web, given, true).await
}

async fn save_as(caller: &Caller, web: &Web, given: Given, shared: bool) -> Answer {
    caller.scope_where::<SeeOrders>()?;
    let whose = whose(caller);
    let asked = given.list()?;
    asked.filter(caller)?;
    // Who saves a list saves it with what they see of it.
    let query = match asked.columns() {
        Some(_) => asked.as_query(),
        None => {
            let columns = web
                .db
                .read("orders.columns", move |reader| views::columns(reader, whose.workplace, whose.person));
            asked.with_columns(columns.await?.as_deref()).as_query()
        }
    };
    let (name, kept) = (if shared { given.for_all } else { given.name }, query.clone());
    let id = web.db.write("orders.save_view", move |tx| views::save(tx, whose, shared, &name, &kept)).await?;
    Ok(see_other_saying(&format!("/orders?saved={id}&{query}"), "orders-view-saved"))
}

pub(super) async fn change(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<ViewId>,
    Form(given): Form<Given>,
) -> Answer {
    caller.scope_where::<SeeOrders>()?;
    let whose = whose(&caller);
    let change = match given.deed.as_str() {
        "name" => ViewChange::Name(given.title.clone()),
        "query" => {
            let asked = given.list()?;
            asked.filter(&caller)?;
            ViewChange::Query(asked.as_query())
        }
        "left" => ViewChange::Left,
        "right" => ViewChange::Right,
        "remove" => ViewChange::Remove,
        _ => return Err(Fault::invalid("orders.deed_unknown").into()),
    };
    let removed = matches!(change, ViewChange::Remove);
    let left = web
        .db
        .write("orders.change_view", move |tx| {
            views::change(tx, whose, id, &change)?;
            Ok(views::of(tx, whose.workplace, whose.person)?.into_iter().find(|view| view.id == id))
        })
        .await?;
    let path = left.as_ref().map_or_else(|| "/orders?view=work".to_owned(), address);
    Ok(see_other_saying(&path, if removed { "orders-view-removed" } else { "orders-saved" }))
}

pub(super) async fn choose_columns(
    caller: Caller,
    State(web): State<Web>,
    Form(given): Form<Given>,
) -> Answer {
    caller.scope_where::<SeeOrders>()?;
    let whose = whose(&caller);
    let columns = Columns::of_codes(given.column.iter().map(String::as_str)).to_text();
    let mut asked = given.list()?;
    asked.saved = given.saved;
    // A view with columns of its own is looked at with others, and keeps its own until it is saved again.
    let path =
        if asked.columns().is_some() { asked.with("columns", &columns) } else { asked.with("columns", "") };
    web.db
        .write("orders.choose_columns", move |tx| {
            let views = views::of(tx, whose.workplace, whose.person)?;
            if given.saved.is_some_and(|id| views.iter().all(|view| view.id.get() != id)) {
                return Err(Fault::missing("orders.view_missing"));
            }
            views::choose_columns(tx, whose.workplace, whose.person, &columns)
        })
        .await?;
    Ok(see_other_saying(&path, "orders-saved"))
}

/// Who comes to the list without saying which gets the one they looked at last, in this browser. Not a page that is
/// read again because something changed: it stays what it is.
pub(super) async fn come_back(caller: &Caller, web: &Web, headers: &HeaderMap) -> Result<Option<Response>> {
    if is_live_read(headers) {
        return Ok(None);
    }
    let Some(id) = last_view(headers) else { return Ok(None) };
    let whose = whose(caller);
    let views =
        web.db.read("orders.last_view", move |reader| views::of(reader, whose.workplace, whose.person));
    let found = views.await?.into_iter().find(|view| view.id.get() == id);
    Ok(found.map(|view| see_other(&address(&view)).into_response()))
}

/// Remembers the view that is looked at, or that none is.
pub(super) fn remember(response: &mut Response, headers: &HeaderMap, saved: Option<i64>) {
    if is_live_read(headers) || last_view(headers) == saved {
        return;
    }
    let cookie = match saved {
        Some(id) => format!("{COOKIE}={id}; Path=/orders; HttpOnly; SameSite=Lax; Max-Age=31536000"),
        None => format!("{COOKIE}=; Path=/orders; HttpOnly; SameSite=Lax; Max-Age=0"),
    };
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

fn last_view(headers: &HeaderMap) -> Option<i64> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('=')?.parse().ok())
}
