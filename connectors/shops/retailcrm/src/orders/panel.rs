//! On the card of an order: what the shop says was paid. It is a claim, and stands there as one.

use maud::{Markup, html};
use takt_kernel::{Result, money::Money};
use takt_orders::panels::{Panel, PanelContext};
use takt_store::Query;
use takt_ui::pairs;

use super::payments;

pub(crate) const PANEL: Panel =
    Panel { title_key: "retailcrm-claims", place: 25, permission: "orders.see", render };

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (order, w) = (context.order, context.words);
    let claims = payments::of_order(db, order.company, order.id)?;
    if claims.is_empty() {
        return Ok(html! {});
    }
    let rows = claims.iter().map(|claim| {
        let amount = claim.amount_minor.map(|minor| w.money(Money::new(minor, order.currency)));
        let told = html! {
            (claim.status.as_deref().unwrap_or("—"))
            @if let Some(amount) = amount { ", " (amount) }
            @if let Some(at) = claim.paid_at { ", " (w.date_time(at)) }
        };
        (claim.kind.clone(), told)
    });
    Ok(html! {
        (pairs(rows))
        p.muted { (w.t("retailcrm-claims-hint")) }
    })
}
