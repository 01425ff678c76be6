//! Money on the buyer's page: how to pay while something is owed, what has come, and the word "I have paid".

use std::collections::BTreeMap;

use maud::{Markup, Render, html};
use takt_kernel::{Actor, Result};
use takt_orders::{
    Order, Stage, Terms,
    buyer::{BuyerContext, BuyerDeed, BuyerPanel},
};
use takt_store::{Query, Tx};
use takt_ui::{Words, button, copy, details, field, form, pairs};

use crate::{
    claims::{self, Claim, ClaimState},
    invoices,
    paper::{Paper, drawn},
    queries::{self, OrderReceipt},
};

pub(crate) const PANEL: BuyerPanel = BuyerPanel { title_key: "payments-buyer-panel", place: 10, render };
pub(crate) const CLAIM: BuyerDeed = BuyerDeed { name: "claim", said_key: "payments-claim-said", act };

fn act(tx: &mut Tx, order: &Order, actor: &Actor, typed: &BTreeMap<String, String>, _: &Words) -> Result<()> {
    claims::say(tx, order, actor, typed).map(|_| ())
}

fn render(db: &mut dyn Query, context: &BuyerContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let receipts = queries::receipts_of_order(db, order.company, order.id)?;
    let claims = claims::of_order(db, order.company, order.id)?;
    let owes = order.owed().is_positive() && order.stage != Stage::Cancel;
    let paper = match invoices::current_of_order(db, order.company, order.id)? {
        Some(invoice) => Some(Paper::of(db, w, order, context.lines, invoice)?),
        None => None,
    };
    Ok(html! {
        div.stack {
            (came(w, db, &receipts))
            @if owes {
                @match order.terms {
                    Terms::Prepaid | Terms::Credit { .. } => {
                        @if let Some(paper) = &paper { (transfer(context, paper)) }
                        (said(w, &claims))
                        @if !claims.iter().any(|claim| claim.state == ClaimState::Open) {
                            (details(w.t("payments-i-have-paid"), false, claim_form(context)))
                        }
                    }
                    Terms::OnDelivery => { p { (w.ta("payments-buyer-on-delivery", &[("sum", w.money(order.owed()).into())])) } }
                }
            }
            @if paper.is_some() { p { a href={ (context.page) "/invoice" } { (w.t("payments-invoice-to-print")) } } }
        }
    })
}

fn came(w: &Words, db: &mut dyn Query, receipts: &[OrderReceipt]) -> Markup {
    let now = db.now();
    let standing = |receipt: &OrderReceipt| {
        let left = receipt.amount.subtract(receipt.undone).ok().filter(|left| left.is_positive());
        left.map(|left| (receipt.at, left))
    };
    let standing: Vec<_> = receipts.iter().filter_map(standing).collect();
    html! {
        @if !standing.is_empty() {
            ul.sums {
                @for (at, left) in standing {
                    li { span { (w.t("payments-buyer-came")) " " (w.moment(at, now)) } span.strong { (w.money(left)) } }
                }
            }
        }
    }
}

fn transfer(context: &BuyerContext<'_>, paper: &Paper) -> Markup {
    let w = context.words;
    let mut rows = vec![(w.t("payments-due"), html! { span.strong { (w.money(context.order.owed())) } })];
    if let Some(payee) = paper.payee() {
        rows.push((w.t("payments-payee"), html! { (payee.name) }));
        if let Some(inn) = &payee.inn {
            rows.push((w.t("payments-inn"), copy(w, inn)));
        }
        rows.push((w.t("payments-account"), copy(w, &payee.account)));
        rows.push((w.t("payments-bic"), copy(w, &payee.bic)));
        if let Some(bank) = &payee.bank {
            rows.push((w.t("payments-bank"), html! { (bank) }));
        }
    }
    rows.push((w.t("payments-purpose"), copy(w, paper.purpose())));
    html! {
        div.pay {
            @if let Ok(payload) = paper.code() { (drawn(w, payload, "code")) }
            div.stack {
                (pairs(rows))
                p.muted.small-text {
                    (w.ta("payments-purpose-keep", &[("reference", (&paper.invoice().reference).into())]))
                }
            }
        }
    }
}

fn said(w: &Words, claims: &[Claim]) -> Markup {
    html! {
        @for claim in claims.iter().take(3) {
            @match claim.state {
                ClaimState::Open => {
                    p { (w.ta("payments-claim-heard", &[
                        ("amount", w.money(claim.amount).into()), ("time", w.date_time(claim.said_at).into()),
                    ])) }
                }
                ClaimState::Answered => {
                    @if let Some(answer) = &claim.answer { p { (w.t("payments-claim-answer")) ": " (answer) } }
                }
                ClaimState::Came | ClaimState::Dismissed => {}
            }
        }
    }
}

fn claim_form(context: &BuyerContext<'_>) -> Markup {
    let w = context.words;
    let owed = context.order.owed().to_decimal_string();
    let fields = html! {
        p.muted.small-text { (w.t("payments-claim-explained")) }
        (field(w.t("payments-amount"), "amount").decimal().value(owed).required().short())
        (field(w.t("payments-claim-paid-on"), "paid_on").date().short())
        (field(w.t("payments-claim-words"), "words").textarea(2).hint(w.t("payments-claim-words-hint")))
    };
    form(w, format!("{}/claim", context.page))
        .body(fields)
        .actions(html! { (button(w.t("payments-claim-send"))) })
        .render()
}
