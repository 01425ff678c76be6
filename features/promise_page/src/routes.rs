//! The doors of the page. Nobody signs in: the link is the right, and it is looked at anew each time.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Actor, BuyerLinkId, Fault, Kind, Result};
use takt_orders::{EditOrders, OrderId, SeeOrders, buyer::BUYER_DEED, facts, steps};
use takt_staff::{Caller, companies, see_other_saying};
use takt_ui::{Page, Theme, Tone, Words, notice};
use takt_web::{
    Answer, ChosenLang, Form, Path, Query, RateClass, RequestTheme, Web,
    live::{LiveChange, Sight, Since, guest_stream},
    see_other,
};

use crate::{
    link::{self, PageLink},
    page,
    policy::Policy,
    view::{self, View},
};

/// What one order's page may be used for, and how often its stream may be opened.
const DEEDS: RateClass = RateClass { name: "promise-deed", burst: 6, per_minute: 3 };
const STREAMS: RateClass = RateClass { name: "promise-live", burst: 12, per_minute: 12 };
/// No search engine keeps what it finds here; the meta element of the page says the same.
const ROBOTS: (&str, &str) = ("x-robots-tag", "noindex, nofollow");

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/p/{token}", get(show))
        .route("/p/{token}/live", get(live))
        .route("/p/{token}/{name}", get(document).post(deed))
        .route("/orders/{id}/buyer-link/renew", post(renew))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    /// The deed that was just done.
    said: String,
}

async fn show(
    State(web): State<Web>,
    ChosenLang(chosen): ChosenLang,
    RequestTheme(theme): RequestTheme,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let position = *web.db.watch().borrow();
    let texts = web.texts.clone();
    let view = web.db.read("promise_page.show", move |r| View::of(r, texts, chosen, &token)).await?;
    let slots = web.db.slots();
    let done = slots.of(&BUYER_DEED).find(|deed| deed.name == asked.said);
    let said = done.map(|deed| notice(Tone::Good, view.words.t(deed.said_key)).render());
    Ok(answer(&view, theme, position, said, StatusCode::OK))
}

fn answer(view: &View, theme: Theme, position: i64, said: Option<Markup>, status: StatusCode) -> Response {
    let w = &view.words;
    let body = html! {
        @if let Some(said) = said { div role="status" { (said) } }
        (page::body(view))
    };
    let mut page = Page::new(w, page::title(w, view), body);
    page.theme = theme;
    page.guest = true;
    page.path.clone_from(&view.path);
    page.live = Some((format!("buyer-{}", view.order.id), position));
    page.live_url = format!("{}/live", view.path);
    page.now = Some(view.now);
    let mut response = page.render().into_response();
    *response.status_mut() = status;
    hidden(response)
}

fn hidden(mut response: Response) -> Response {
    let (name, value) = ROBOTS;
    response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    response
}

async fn document(
    State(web): State<Web>,
    ChosenLang(chosen): ChosenLang,
    RequestTheme(theme): RequestTheme,
    Path((token, name)): Path<(String, String)>,
) -> Answer {
    let texts = web.texts.clone();
    let (words, title, path, paper) = web
        .db
        .read("promise_page.document", move |r| view::document(r, texts, chosen, &token, &name))
        .await?;
    let body = html! {
        p.paper-screen { a href=(path) { (words.t("promise-page-back")) } }
        (paper)
    };
    let mut page = Page::new(&words, title, body);
    page.theme = theme;
    page.guest = true;
    page.path = path;
    Ok(hidden(page.render().into_response()))
}

async fn deed(
    State(web): State<Web>,
    ChosenLang(chosen): ChosenLang,
    RequestTheme(theme): RequestTheme,
    Path((token, name)): Path<(String, String)>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Answer {
    let slots = web.db.slots();
    let deed = slots.of(&BUYER_DEED).find(|deed| deed.name == name).copied();
    let deed = deed.ok_or_else(|| Fault::missing("promise_page.document_missing"))?;
    let (company, order) = opened(&web, &token).await?;
    web.limiter.take(&DEEDS, &order.to_string())?;
    let (texts, letters) = (web.texts.clone(), token.clone());
    let done = web
        .db
        .write("promise_page.deed", move |tx| {
            // The order first, as in its verbs; then the link as it is now.
            steps::lock(tx, company, order)?;
            let link = PageLink::open(tx, &letters)?;
            if !Policy::of(tx, company)?.shows(deed.name) {
                return Err(Fault::missing("promise_page.document_missing"));
            }
            let company = companies::get(tx, company)?;
            let words = Words::new(texts.clone(), company.lang, company.zone);
            let actor = Actor::BuyerLink { link: BuyerLinkId::new(order.get()) };
            (deed.act)(tx, &link.order, &actor, &typed, &words)
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!("/p/{token}?said={}", deed.name))),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            refused(&web, chosen, theme, token, &fault).await
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn opened(web: &Web, token: &str) -> Result<(takt_kernel::CompanyId, OrderId)> {
    let token = token.to_owned();
    let link = web.db.read("promise_page.link", move |r| PageLink::open(r, &token)).await?;
    Ok((link.order.company, link.order.id))
}

/// The page again, with what was refused and why.
async fn refused(
    web: &Web,
    chosen: Option<takt_ui::Lang>,
    theme: Theme,
    token: String,
    fault: &Fault,
) -> Answer {
    let position = *web.db.watch().borrow();
    let texts = web.texts.clone();
    let view = web.db.read("promise_page.show", move |r| View::of(r, texts, chosen, &token)).await?;
    let w = &view.words;
    let why = notice(Tone::Bad, w.fault(fault)).body(html! {
        @for field in fault.fields() { p { (w.field_fault(field)) } }
    });
    let status =
        if fault.kind() == Kind::Conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(answer(&view, theme, position, Some(why.render()), status))
}

/// The stream of one order, told as any screen is told: topics, never contents.
async fn live(
    State(web): State<Web>,
    Path(token): Path<String>,
    Query(since): Query<Since>,
    headers: HeaderMap,
) -> Answer {
    let (company, order) = opened(&web, &token).await?;
    web.limiter.take(&STREAMS, &order.to_string())?;
    let looked_again = web.clone();
    let sight = async move {
        // Whoever was let in a moment ago may have been shut out since.
        opened(&looked_again, &token).await?;
        let of = move |kind: &'static str| {
            Arc::new(move |change: &LiveChange| {
                change.company == company && change.subject_kind == kind && change.subject_id == order.get()
            })
        };
        Ok(Sight { reader: None, may_see: of(facts::SUBJECT), ends: of(link::SUBJECT) })
    };
    guest_stream(web, since.resumed(&headers), sight).await
}

async fn renew(caller: Caller, State(web): State<Web>, Path(id): Path<OrderId>) -> Answer {
    let scope = caller.scope_where::<SeeOrders>()?;
    let company =
        web.db.read("promise_page.company", move |r| Ok(takt_orders::get(r, &scope, id)?.company)).await?;
    let permit = caller.permit::<EditOrders>(company)?;
    web.db.write("promise_page.renew", move |tx| link::renew(tx, &permit, id)).await?;
    Ok(see_other_saying(&format!("/orders/{id}"), "promise-page-renewed"))
}
