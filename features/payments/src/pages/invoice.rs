//! The invoice on paper: one sheet without a frame, in the language of its buyer or in the one asked for.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_orders::{SeeOrders, buyer::Medium};
use takt_staff::{Caller, companies};
use takt_ui::{Lang, Page, Tone, Words, notice};
use takt_web::{Answer, Path, Query, Web};

use crate::{
    invoices::{self, InvoiceId},
    paper::Paper,
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    lang: String,
}

pub(super) async fn show(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<InvoiceId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let scope = caller.scope_where::<SeeOrders>()?;
    let texts = web.texts.clone();
    let (paper, words, order) = web
        .db
        .read("payments.invoice", move |r| {
            let company = invoices::company_of(r, &scope, id)?;
            let invoice = invoices::get(r, company, id)?;
            let order = takt_orders::get(r, &scope, invoice.order)?;
            let lines = takt_orders::lines(r, company, order.id)?;
            let zone = companies::get(r, company)?.zone;
            let words = Words::new(texts, Lang::parse(&asked.lang).unwrap_or(order.lang), zone);
            let paper = Paper::of(r, &words, &order, &lines, invoice)?;
            Ok((paper, words, order.id))
        })
        .await?;
    let reader = caller.words(&web);
    let mut body = html! {
        @if let Err(why) = paper.code() && paper.invoice().residual.is_positive() {
            div.paper-screen { (notice(Tone::Info, reader.fault(why))) }
        }
        p.paper-screen {
            a href={ "/orders/" (order) } { (reader.t("payments-order")) } " · "
            @for lang in Lang::ALL {
                a href={ "/money/invoices/" (id) "?lang=" (lang) } { (lang.own_name()) } " "
            }
            span.muted { (reader.t("payments-print-hint")) }
        }
    };
    body.0.push_str(&paper.render(&words, Medium::Page).into_string());
    Ok(sheet(&reader, paper.title(&words), body, &format!("/money/invoices/{id}")))
}

fn sheet(w: &Words, title: String, body: Markup, path: &str) -> Response {
    let mut page = Page::new(w, title, body);
    page.guest = true;
    page.path = path.to_owned();
    page.render().into_response()
}
