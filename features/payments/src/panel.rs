//! The money of one order on its card: what is awaited, under which reference, and what has come.

use maud::{Markup, Render, html};
use takt_kernel::Result;
use takt_orders::panels::{Panel, PanelContext};
use takt_store::Query;
use takt_ui::{Tone, badge, copy, pairs};

use crate::{
    claims::{self, ClaimState},
    invoices, queries,
};

pub const PANEL: Panel = Panel { title_key: "payments-panel", place: 20, permission: "orders.see", render };

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let invoice = invoices::current_of_order(db, order.company, order.id)?;
    let receipts = queries::receipts_of_order(db, order.company, order.id)?;
    let claims = claims::of_order(db, order.company, order.id)?;
    let sees_money = (context.may)("payments.see");
    let now = db.now();
    let mut facts = Vec::new();
    if let Some(invoice) = &invoice {
        facts.push((w.t("payments-reference"), copy(w, &invoice.reference)));
        facts.push((w.t("payments-invoice-total"), html! { (w.money(invoice.total)) }));
    }
    Ok(html! {
        div.stack {
            (pairs(facts))
            @if let Some(invoice) = &invoice {
                p { a href={ "/money/invoices/" (invoice.id) } { (w.t("payments-invoice-to-print")) } }
            }
            @for claim in claims.iter().filter(|claim| claim.state == ClaimState::Open) {
                p {
                    (badge(w.t("payments-claim"), Tone::Warn)) " " (w.money(claim.amount)) " "
                    (w.moment(claim.said_at, now)) " " (claim.words)
                }
            }
            @if receipts.is_empty() {
                p.muted { (w.t("payments-nothing-came")) }
            } @else {
                ul.stack {
                    @for receipt in &receipts {
                        li.row {
                            @if sees_money {
                                a href={ "/money/lines/" (receipt.line) } { (w.money(receipt.amount)) }
                            } @else {
                                span { (w.money(receipt.amount)) }
                            }
                            (w.moment(receipt.at, now))
                            @if sees_money { span.muted { (receipt.payer_name) } }
                            @if receipt.undone { (badge(w.t("payments-taken-back"), Tone::Warn).render()) }
                        }
                    }
                }
            }
        }
    })
}
