//! The money of one order on its card: what is awaited, under which reference, what has come and what goes
//! back; and on the card of a customer, what waits for his orders.

use maud::{Markup, Render, html};
use takt_customers::pages as customers;
use takt_kernel::{Fault, Result};
use takt_orders::{
    Line, Shipped, Unfit,
    panels::{Panel, PanelContext},
};
use takt_store::Query;
use takt_ui::{Tone, Words, badge, button, copy, details, field, form, notice, pairs};

use crate::{
    claims::{self, ClaimState},
    credit, hand,
    invoices::{self, Invoice},
    proofs::{self, Awaited},
    queries::{self, OrderReceipt},
    refunds::{self, Refund},
};

pub const PANEL: Panel = Panel { title_key: "payments-panel", place: 20, permission: "orders.see", render };
pub const CUSTOMER_PANEL: customers::CardPanel = customers::CardPanel {
    title_key: "payments-panel",
    place: 20,
    permission: "payments.see",
    render: of_customer,
};

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let invoice = invoices::current_of_order(db, order.company, order.id)?;
    let receipts = queries::receipts_of_order(db, order.company, order.id)?;
    let by_hand = hand::of_order(db, order.company, order.id)?;
    let claims = claims::of_order(db, order.company, order.id)?;
    let sees_money = (context.may)("payments.see");
    let now = db.now();
    let awaited = proofs::awaited(db, order.company, &[order.id])?;
    let stopped = match order.shipped {
        Shipped::All => None,
        Shipped::None | Shipped::Part => proofs::guard_leaving(db, order).err(),
    };
    let going_back = refunds::of_order(db, order.company, order.id)?;
    let mut facts = Vec::new();
    if let Some(invoice) = &invoice {
        facts.push((w.t("payments-reference"), copy(w, &invoice.reference)));
        facts.push((w.t("payments-invoice-total"), html! { (w.money(invoice.total)) }));
    }
    for (rate, vat) in queries::vat_by_rate(context.lines, order.currency)? {
        let label = w.ta("payments-vat-of", &[("rate", rate.to_string().into())]);
        facts.push((label, html! { (w.money(vat)) }));
    }
    Ok(html! {
        div.stack {
            @if let Some(fault) = &stopped { (in_doubt(w, fault, sees_money)) }
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
            (came(w, &receipts, &by_hand, &awaited, sees_money, now))
            (refund_list(w, &going_back, sees_money))
            @if sees_money { (verbs(db, context, invoice.as_ref())?) }
        }
    })
}

fn came(
    w: &Words,
    receipts: &[OrderReceipt],
    by_hand: &[hand::HandReceipt],
    awaited: &[Awaited],
    sees_money: bool,
    now: takt_kernel::Timestamp,
) -> Markup {
    html! {
        @if receipts.is_empty() {
            p.muted { (w.t("payments-nothing-came")) }
        } @else {
            ul.stack {
                @for receipt in receipts {
                    li.row {
                        @if sees_money {
                            a href={ "/money/lines/" (receipt.line) } { (w.money(receipt.amount)) }
                        } @else {
                            span { (w.money(receipt.amount)) }
                        }
                        (w.moment(receipt.at, now))
                        @if sees_money { span.muted { (receipt.payer_name) } }
                        @if by_hand.iter().any(|one| one.line == Some(receipt.line)) {
                            (badge(w.t("payments-by-hand-mark"), Tone::Warn).render())
                        }
                        @if let Some(one) = awaited.iter().find(|one| one.line == receipt.line) {
                            (statement_mark(w, one, now))
                        }
                        @if receipt.undone.is_positive() {
                            (badge(w.ta("payments-taken-back", &[("amount", w.money(receipt.undone).into())]), Tone::Warn).render())
                        }
                    }
                }
            }
        }
    }
}

/// Why the order does not leave, and what to do about it.
fn in_doubt(w: &Words, fault: &Fault, sees_money: bool) -> Markup {
    let shown = notice(Tone::Warn, w.fault(fault)).body(html! {
        p { (w.t("payments-doubt-what-to-do")) }
        @if sees_money {
            p.row {
                a href="/money/files" { (w.t("payments-doubt-upload")) }
                a href="/money/proofs" { (w.t("payments-proofs")) }
            }
        }
    });
    shown.render()
}

/// The bank told it by a message alone: until when its statement should say the same, or since when it is late.
fn statement_mark(w: &Words, one: &Awaited, now: takt_kernel::Timestamp) -> Markup {
    let at = [("at", w.date_time(one.until).into())];
    if one.is_in_doubt(now) {
        badge(w.ta("payments-unconfirmed-since", &at), Tone::Bad).render()
    } else {
        badge(w.ta("payments-statement-awaited", &at), Tone::Info).render()
    }
}

fn refund_list(w: &Words, refunds: &[Refund], sees_money: bool) -> Markup {
    html! {
        @if !refunds.is_empty() {
            ul.stack {
                @for refund in refunds {
                    li.row {
                        span { (w.t("payments-refund")) }
                        @if sees_money {
                            a href={ "/money/refunds/" (refund.id) } { (w.money(refund.amount)) }
                        } @else {
                            span { (w.money(refund.amount)) }
                        }
                        (crate::pages::refund_mark(w, refund.state))
                    }
                }
            }
        }
    }
}

fn verbs(db: &mut dyn Query, context: &PanelContext<'_>, invoice: Option<&Invoice>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let surplus = refunds::surplus_of(order);
    let may_refund = (context.may)("payments.refund");
    let credit = match invoice {
        Some(invoice) if may_refund => credit::for_order(db, order, invoice.entity)?,
        Some(_) | None => takt_kernel::money::Money::zero(order.currency),
    };
    let gone: Vec<_> = context.lines.iter().filter(|line| line.away().is_positive()).collect();
    let owed = if credit < order.owed() { credit } else { order.owed() };
    Ok(html! {
        @if may_refund && surplus.is_positive() {
            (details(w.ta("payments-surplus", &[("surplus", w.money(surplus).into())]), true,
                form(w, format!("/money/orders/{}/claim", order.id))
                    .body(field(w.t("payments-amount"), "amount").decimal().short().value(surplus.to_decimal_string()).render())
                    .actions(button(w.t("payments-claim-refund")).render())
                    .render()))
        }
        @if owed.is_positive() {
            (details(w.ta("payments-credit-waits", &[("credit", w.money(credit).into())]), true,
                form(w, format!("/money/orders/{}/use-credit", order.id))
                    .body(field(w.t("payments-amount"), "amount").decimal().short().value(owed.to_decimal_string()).render())
                    .actions(button(w.t("payments-use-credit")).render())
                    .render()))
        }
        @if (context.may)("payments.accept_returns") && !gone.is_empty() {
            (details(w.t("payments-accept-return"), false,
                form(w, format!("/money/orders/{}/accept-return", order.id))
                    .body(html! {
                        p.muted { (w.t("payments-return-hint")) }
                        @for line in &gone { (came_back(w, line)) }
                    })
                    .actions(button(w.t("payments-accept-return")).render())
                    .render()))
        }
    })
}

/// How much of a line is fit, how much is not, and why not.
fn came_back(w: &Words, line: &Line) -> Markup {
    let reasons = Unfit::ALL.map(|why| (why.code().to_owned(), w.t(&format!("orders-unfit-{}", why.code()))));
    let most = w.quantity(line.away());
    let fit = [("name", (&line.name).into()), ("most", most.into())];
    let unfit = [("name", (&line.name).into())];
    html! {
        input type="hidden" name={ "away-" (line.id) } value=(line.away());
        (field(w.ta("payments-return-of", &fit), format!("line-{}", line.id)).decimal().short())
        (field(w.ta("payments-return-unfit", &unfit), format!("unfit-{}", line.id)).decimal().half())
        (field(w.t("payments-return-why"), format!("why-{}", line.id)).select(reasons).half())
    }
}

fn of_customer(db: &mut dyn Query, context: &customers::PanelContext<'_>) -> Result<Markup> {
    let (w, customer) = (context.words, context.customer);
    let mut waiting = Vec::new();
    let mut going_back = Vec::new();
    for id in &customer.all {
        for (entity, money) in credit::of_customer(db, customer.company, Some(*id))? {
            waiting.push((*id, entity, money));
        }
        going_back.extend(refunds::of_customer(db, customer.company, *id)?);
    }
    if waiting.is_empty() && going_back.is_empty() {
        return Ok(html! {});
    }
    Ok(html! {
        div.stack {
            @for (id, entity, money) in &waiting {
                p.row { span { (w.t("payments-credit-of")) } span.strong { (w.money(*money)) } }
                (details(w.t("payments-claim-credit"), false,
                    form(w, format!("/money/customers/{id}/claim-credit"))
                        .body(html! {
                            input type="hidden" name="entity" value=(entity);
                            input type="hidden" name="currency" value=(money.currency());
                            (field(w.t("payments-amount"), "amount").decimal().short().value(money.to_decimal_string()))
                        })
                        .actions(button(w.t("payments-claim-credit")).render())
                        .render()))
            }
            (refund_list(w, &going_back, true))
        }
    })
}
