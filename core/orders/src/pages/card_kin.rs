//! What an order has to do with others, on its card: parts, copies, a possible twin, and what its customer has
//! bought besides.

use maud::{Markup, html};
use takt_ui::{Icon, Words, amount, button, field, form, icon, post_button};

use super::{card::CardView, marks::dashed};
use crate::{
    Prices, Purchases,
    kin::{Kin, Relative},
};

pub(super) fn relatives(w: &Words, view: &CardView) -> Markup {
    html! {
        @for relative in &view.relatives {
            p.row {
                (icon(Icon::Link))
                span {
                    (w.t(&format!("orders-kin-{}", dashed(relative.kin.code())))) " "
                    a href={ "/orders/" (relative.id) } { (relative.number) }
                }
                @if relative.kin == Kin::Twin && view.may.edit { (told_apart(w, view, relative)) }
            }
        }
    }
}

fn told_apart(w: &Words, view: &CardView, twin: &Relative) -> Markup {
    let action = format!("/orders/{}/twins/{}/dismiss", view.order.id, twin.id);
    post_button(&action, &[], button(w.t("orders-twin-dismiss")).small())
}

/// Every drawing of it makes one copy, however often it is sent.
pub(super) fn copy_form(w: &Words, view: &CardView) -> Markup {
    let prices = Prices::ALL
        .iter()
        .map(|prices| (prices.code().to_owned(), w.t(&format!("orders-prices-{}", dashed(prices.code())))));
    html! {
        p.muted { (w.t("orders-copy-note")) }
        (form(w, format!("/orders/{}/copy", view.order.id))
            .body(html! {
                input type="hidden" name="key" value=(view.copy_key);
                (field(w.t("orders-copy-prices"), "prices").value(Prices::OfToday.code()).radios(prices))
            })
            .actions(html! { (button(w.t("orders-copy")).primary()) }))
    }
}

/// All that the customer has bought, in one line with the way to it.
pub(super) fn purchases(w: &Words, view: &CardView, bought: &Purchases) -> Markup {
    let Some(customer) = view.order.customer else { return html! {} };
    let key = if bought.more { "orders-purchases-more" } else { "orders-purchases" };
    let count = w.ta(key, &[("orders", bought.orders.into()), ("shops", bought.shops.into())]);
    html! {
        a href={ "/customers/" (customer) } { (count) }
        @if !bought.more { @for sum in &bought.sums { " · " (amount(w, *sum)) } }
        @if let Some(last) = &bought.last {
            " · " (w.t("orders-purchases-last")) " "
            a href={ "/orders/" (last.id) } { (last.number) } ", " (w.when(last.at, view.now))
        }
    }
}
