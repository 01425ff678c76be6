//! The link where our own people and programs find it: on the order's card and in its JSON.

use maud::{Markup, Render, html};
use serde_json::Value;
use takt_kernel::{CompanyId, Result};
use takt_orders::{
    EditOrders, OrderId,
    panels::{Panel, PanelContext},
};
use takt_staff::Permission as _;
use takt_store::{Query, Question};
use takt_ui::{button, copy, post_button};

use crate::link::{address_of, addresses, rounds_asked};

pub(crate) const PANEL: Panel =
    Panel { title_key: "promise-page-panel", place: 60, permission: "orders.see", render };

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let address = address_of(db, order)?;
    let renew = post_button(
        &format!("/orders/{}/buyer-link/renew", order.id),
        &[],
        button(w.t(if address.is_some() { "promise-page-renew" } else { "promise-page-make" }))
            .quiet()
            .small(),
    );
    Ok(html! {
        div.stack {
            @if let Some(address) = &address {
                p { a href=(address) rel="noreferrer" { (w.t("promise-page-open")) } }
                (copy(w, address))
                p.muted.small-text { (w.t("promise-page-panel-hint")) }
            }
            @if (context.may)(EditOrders::CODE) { (renew.render()) }
        }
    })
}

/// `buyer_page`: the address that the shop shows or sends to its buyer.
pub(crate) fn api_parts_asked(company: CompanyId, orders: &[OrderId]) -> Vec<Question> {
    vec![rounds_asked(company, orders)]
}

pub(crate) fn api_parts(
    db: &mut dyn Query,
    company: CompanyId,
    orders: &[OrderId],
) -> Result<Vec<(OrderId, &'static str, Value)>> {
    let parts = addresses(db, company, orders)?;
    Ok(parts.into_iter().map(|(order, address)| (order, "buyer_page", Value::from(address))).collect())
}
