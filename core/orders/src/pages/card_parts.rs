//! What the order card is made of: at one glance last comment, status, composition, money, stock,
//! parcels, clock and history. Every part is refreshed when the order changes.

use jiff::{ToSpan as _, civil::DateTime};
use maud::{Markup, html};
use takt_kernel::money::Money;
use takt_ui::{
    Column, Icon, Row, Table, Tone, Words, amount, badge, button, card, copy, dialog, dialog_button, field,
    form, link_button, more, notice, pairs, post_button, split_then,
};

use super::{
    card::{CardView, ShownPanel},
    card_clock, card_kin,
    history::{actor_name, history},
    marks::{
        buyer_name, dashed, method_name, paid_mark, pause_mark, promise, reserved_mark, terms_name,
        urgent_mark,
    },
};
use crate::{Holder, Line, Order, Shipped};

/// Panels of these places tell of the money and the goods: they stand beside each other under the composition.
const BENEATH: std::ops::Range<i64> = 20..40;
/// Buttons of others beside the title, up to which the form stands there too.
const MOST_NEAR: usize = 2;

pub(super) fn body(w: &Words, view: &CardView) -> Markup {
    let topic = format!("order/{}", view.order.id);
    let main = html! {
        (card(w.t("orders-now")).body(glance(w, view)).live("order-now", topic.clone()))
        (card(w.t("orders-composition"))
            .flush()
            .body(composition(w, view))
            .foot(html! { div.sums { (sums(w, view)) } })
            .live("order-lines", topic.clone()))
        @if beneath(view).next().is_some() {
            div.abreast {
                @for (place, panel) in beneath(view).enumerate() {
                    (card(panel.title.clone()).body(panel.body.clone()).live(format!("order-goods-{place}"), topic.clone()))
                }
            }
        }
    };
    let side = html! {
        (card(w.t("orders-buyer")).body(buyer(w, view)).live("order-buyer", topic.clone()))
        (card(w.t("orders-clock")).body(card_clock::clock(w, view)).live("order-clock", topic.clone()))
        @if view.may.set_status && !view.moves.is_empty() {
            (card(w.t("orders-move")).body(moves(w, view)).live("order-moves", topic.clone()))
        }
        @for (place, panel) in view.panels.iter().filter(|panel| !BENEATH.contains(&panel.place)).enumerate() {
            (card(panel.title.clone()).body(panel.body.clone()).live(format!("order-panel-{place}"), topic.clone()))
        }
    };
    let after = html! {
        (card(w.t("orders-comments")).body(comments(w, view)).live("order-comments", topic.clone()))
        (card(w.t("orders-history"))
            .actions(html! { (link_button(w.t("orders-at-open"), format!("/orders/{}/at", view.order.id)).small().icon(Icon::Clock)) })
            .body(history_of(w, view)).live("order-history", topic.clone()))
    };
    html! {
        div.card-notices id="order-notices" data-live=(&topic) { @for notice in &view.notices { (notice) } }
        (split_then(main, side, after))
        // What a form here expects of the order grows old with every change of it, one's own words too.
        div id="order-dialogs" data-live=(topic) { (dialogs(w, view)) (card_clock::dialogs(w, view)) }
    }
}

fn beneath(view: &CardView) -> impl Iterator<Item = &ShownPanel> {
    view.panels.iter().filter(|panel| BENEATH.contains(&panel.place))
}

fn history_of(w: &Words, view: &CardView) -> Markup {
    let currency = view.order.total.currency();
    history(w, view.now, currency, &view.facts, &view.names, &view.people, &view.comments)
}

/// The buttons beside the title: what is right now, two or three that are near, and the rest behind one. Each one posts
/// or opens what posts; all keys work whether the rest is open or not.
pub(super) fn actions(w: &Words, view: &CardView) -> Markup {
    let path = |verb: &str| format!("/orders/{}/{verb}", view.order.id);
    let confirm = view.may.confirm.then(|| {
        post_button(&path("confirm"), &[], button(w.t("orders-confirm")).primary().icon(Icon::Check).key("y"))
    });
    let edit = view
        .may
        .edit
        .then(|| html! { (link_button(w.t("orders-edit"), path("edit")).icon(Icon::Pencil).key("e")) });
    let edit_is_near = view.actions.len() < MOST_NEAR;
    html! {
        div.row {
            @if let Some(confirm) = confirm { (confirm) }
            @for action in &view.actions { (action) }
            @if edit_is_near { @if let Some(edit) = &edit { (edit) } }
            (more(w, html! {
                @if !edit_is_near { @if let Some(edit) = &edit { (edit) } }
                (rest(w, view))
            }))
        }
    }
}

fn rest(w: &Words, view: &CardView) -> Markup {
    let order = &view.order;
    let path = |verb: &str| format!("/orders/{}/{verb}", order.id);
    html! {
        @if view.may.edit {
            @if order.deferred_until.is_some() {
                (post_button(&path("wake"), &[], button(w.t("orders-wake")).icon(Icon::Sun)))
            } @else {
                (dialog_button("defer", button(w.t("orders-defer")).icon(Icon::Moon).key("d")))
            }
        }
        (card_clock::actions(w, view))
        @if view.may.place { (dialog_button("copy", button(w.t("orders-copy")).icon(Icon::Copy))) }
        @if view.may.edit {
            (link_button(w.t("orders-split"), path("split")).icon(Icon::Split))
            @if view.may.cancel { (link_button(w.t("orders-merge"), path("merge")).icon(Icon::Merge)) }
        }
        @if view.may.leave_out {
            (dialog_button("leave-out", button(w.t("orders-leave-out")).icon(Icon::X)))
        }
        @if view.may.cancel {
            (dialog_button("cancel", button(w.t("orders-cancel")).danger().icon(Icon::X)))
        }
    }
}

fn dialogs(w: &Words, view: &CardView) -> Markup {
    let order = &view.order;
    let version = html! { input type="hidden" name="version" value=(order.version); };
    html! {
        @if view.may.cancel {
            (dialog(w, "cancel", &w.t("orders-cancel-title"), html! {
                (form(w, format!("/orders/{}/cancel", order.id))
                    .body(html! { (version) (field(w.t("orders-cancel-reason"), "reason").textarea(2)) })
                    .actions(html! { (button(w.t("orders-cancel")).danger()) }))
            }))
        }
        @if view.may.leave_out {
            (dialog(w, "leave-out", &w.t("orders-leave-out"), html! {
                (form(w, format!("/orders/{}/leave-out", order.id))
                    .body(html! { (version) p { (w.t("orders-leave-out-hint")) } })
                    .actions(html! { (button(w.t("orders-leave-out")).danger()) }))
            }))
        }
        @if view.may.place { (dialog(w, "copy", &w.t("orders-copy-title"), card_kin::copy_form(w, view))) }
        @if view.may.edit {
            (dialog(w, "defer", &w.t("orders-defer-title"), html! {
                div.row { @for (until, label) in soon(w, view) {
                    (post_button(&format!("/orders/{}/defer", order.id), &[("until", &until), ("version", &order.version.to_string())], button(label)))
                } }
                (form(w, format!("/orders/{}/defer", order.id))
                    .body(html! { (version) (field(w.t("orders-defer-until"), "until").within("defer").date_time().required()) })
                    .actions(html! { (button(w.t("orders-defer")).primary()) }))
            }))
        }
    }
}

/// What is said most often, so that it need not be typed: a moment by the reader's clock and its name.
fn soon(w: &Words, view: &CardView) -> Vec<(String, String)> {
    let here = w.zone().to_datetime(view.now.to_jiff());
    let written = |at: DateTime| at.strftime("%Y-%m-%dT%H:%M").to_string();
    let hour = here.checked_add(1.hour()).ok().map(|at| (written(at), w.t("orders-defer-hour")));
    let tomorrow = [10, 12].into_iter().filter_map(|hour| {
        let at = here.date().tomorrow().ok()?.at(hour, 0, 0, 0);
        Some((
            written(at),
            w.ta("orders-defer-tomorrow", &[("hour", at.strftime("%H:%M").to_string().into())]),
        ))
    });
    hour.into_iter().chain(tomorrow).collect()
}

fn glance(w: &Words, view: &CardView) -> Markup {
    let order = &view.order;
    html! {
        div.stack {
            div.row {
                (view.names.status_mark(w, order))
                (paid_mark(w, order))
                (urgent_mark(w, order))
                (reserved_mark(w, order))
                (pause_mark(w, order, Some(&view.promises)))
                @if let Some(until) = order.deferred_until {
                    (badge(w.ta("orders-deferred-until", &[("until", w.date_time(until).into())]), Tone::Info))
                }
            }
            @if let Some(holder) = order.holder {
                p.strong { (w.t(&what_now(view, holder))) }
                (promise(w, order, view.now))
            }
            (card_kin::relatives(w, view))
            @if let Some(reason) = &order.cancel_reason { (notice(Tone::Neutral, w.t("orders-cancel-reason")).body(html! { p { (reason) } })) }
            @if let Some(comment) = &order.last_comment {
                p { span.muted { (w.t("orders-last-comment")) ": " } (comment) }
            }
            @if let Some(comment) = &order.comment {
                p { span.muted { (w.t("orders-buyers-words")) ": " } (comment) }
            }
        }
    }
}

/// What is waited for, in the words of who must do it.
fn what_now(view: &CardView, holder: Holder) -> String {
    let order = &view.order;
    let whose = match holder {
        _ if order.deferred_until.is_some() => "deferred".to_owned(),
        _ if order.pause.as_ref().is_some_and(|pause| pause.owner != Holder::Owner) => "paused".to_owned(),
        Holder::Queue | Holder::Operator if order.confirmed_at.is_some() => "warehouse".to_owned(),
        // What is packed is not yet with whoever takes it away.
        Holder::Carrier if order.shipped != Shipped::All => "handing-over".to_owned(),
        Holder::Buyer if is_to_be_fetched(order) => "fetching".to_owned(),
        holder => dashed(holder.code()),
    };
    format!("orders-next-{whose}")
}

fn is_to_be_fetched(order: &Order) -> bool {
    order.delivery.is_pickup() && order.ready_at.is_some() && order.delivered_at.is_none()
}

fn composition(w: &Words, view: &CardView) -> Markup {
    let cheaper = view.lines.iter().any(is_cheaper);
    let columns = [
        Some(Column::new(w.t("orders-product")).leading()),
        Some(Column::new(w.t("orders-quantity"))),
        Some(Column::new(w.t("orders-price")).numeric()),
        cheaper.then(|| Column::new(w.t("orders-line-discount")).numeric()),
        Some(Column::new(w.t("orders-sum")).numeric()),
    ];
    let table = Table::new(w, w.t("orders-composition"))
        .columns(columns.into_iter().flatten())
        .rows(view.lines.iter().map(|line| line_row(w, view, line, cheaper)));
    html! { (table) }
}

/// By its own discount, or by its share of the order's.
fn is_cheaper(line: &Line) -> bool {
    !line.discount.is_zero() || !line.order_discount.is_zero()
}

fn sums(w: &Words, view: &CardView) -> Markup {
    let order = &view.order;
    let unless_zero = |key: &str, sum: Money| (!sum.is_zero()).then(|| (w.t(key), amount(w, sum)));
    let total = (w.t("orders-total"), html! { span.strong { (amount(w, order.total)) } });
    let parts = [
        (order.goods != order.total).then(|| (w.t("orders-goods"), amount(w, order.goods))),
        unless_zero("orders-discount", order.discount.negate()),
        unless_zero("orders-delivery-price", order.delivery.price),
        Some(total),
        unless_zero("orders-vat-inside", order.vat),
        Some((w.t("orders-paid"), amount(w, order.paid))),
        order.stage.is_in_work().then(|| order.owed()).and_then(|owed| unless_zero("orders-owed", owed)),
    ];
    pairs(parts.into_iter().flatten())
}

fn line_row(w: &Words, view: &CardView, line: &Line, cheaper: bool) -> Row {
    let cells = [
        Some(html! {
            (line.name) " "
            @if let Some(sku) = &line.sku { span.muted.small-text { (sku) } " " }
            @if line.sku.is_some() && line.offer.is_none() { (badge(w.t("orders-sku-unknown"), Tone::Warn)) }
        }),
        Some(html! { (w.quantity(line.quantity)) " " (w.unit(&line.unit)) " " (held(w, view, line)) }),
        Some(html! { (w.unit_price(line.price)) }),
        cheaper.then(|| discount(w, line)),
        Some(amount(w, line.total)),
    ];
    Row::new(cells.into_iter().flatten()).id(format!("line-{}", line.id))
}

/// What its price times its quantity is lowered by, all discounts together.
fn discount(w: &Words, line: &Line) -> Markup {
    html! { @if is_cheaper(line) && let Ok(off) = line.discount.add(line.order_discount) { (amount(w, off.negate())) } }
}

/// How far a line is, as long as it is not all gone; what is short stands out.
fn held(w: &Words, view: &CardView, line: &Line) -> Markup {
    let (open, reserved) = (line.open(), line.reserved);
    html! {
        @if line.shipped.is_positive() {
            span.muted.small-text { (w.ta("orders-line-shipped", &[("quantity", w.quantity(line.shipped).into())])) } " "
        }
        @if line.cancelled.is_positive() {
            span.muted.small-text { (w.ta("orders-line-left-out", &[("quantity", w.quantity(line.cancelled).into())])) } " "
        }
        @if view.order.stage.is_in_work() && open.is_positive() {
            @if reserved == open { span.muted.small-text { (w.t("orders-line-reserved")) } }
            @else {
                (badge(w.ta("orders-line-short", &[("reserved", w.quantity(reserved).into())]), Tone::Warn))
            }
        }
    }
}

fn comments(w: &Words, view: &CardView) -> Markup {
    html! {
        div.stack {
        @if view.may.comment {
            (form(w, format!("/orders/{}/comment", view.order.id))
                .queued()
                .body(html! {
                    (field(w.t("orders-comment"), "comment").within("note").textarea(2).required().attribute("data-key", "c"))
                })
                .actions(html! { (button(w.t("orders-comment-add")).icon(Icon::MessageSquare)) }))
        }
        @if view.comments.is_empty() { p.muted { (w.t("orders-no-comments")) } }
        @for comment in &view.comments {
            div.stack id={ "comment-" (comment.id) } {
                p { (comment.text) }
                p.muted.small-text {
                    (actor_name(w, &comment.actor, &view.people)) " · " (w.moment(comment.at, view.now))
                }
            }
        }
        }
    }
}

fn moves(w: &Words, view: &CardView) -> Markup {
    let order = &view.order;
    let version = order.version.to_string();
    html! {
        div.row {
            @for status in &view.moves {
                (post_button(
                    &format!("/orders/{}/status", order.id),
                    &[("status", &status.code), ("version", &version)],
                    button(status.name(w.lang())).small(),
                ))
            }
        }
    }
}

fn buyer(w: &Words, view: &CardView) -> Markup {
    let order = &view.order;
    let contact = &order.contact;
    let name = match order.customer {
        Some(customer) => html! { a href={ "/customers/" (customer) } { (buyer_name(w, order)) } },
        None => html! { (buyer_name(w, order)) },
    };
    let phone = html! {
        @if let Some(phone) = &contact.phone {
            a.numbers href={ "tel:" (phone) } { (takt_customers::shown(phone)) }
        } @else if let Some(given) = &contact.phone_given {
            (given) " " (badge(w.t("orders-phone-unread"), Tone::Warn))
        }
    };
    let email = html! { @if let Some(email) = &contact.email { a href={ "mailto:" (email) } { (email) } } };
    let external = html! { @if let Some(id) = &order.external_id { (copy(w, id)) } };
    let bought = view.purchases.as_ref().filter(|bought| bought.orders > 0);
    let bought = bought.map(|bought| (w.t("orders-bought"), card_kin::purchases(w, view, bought)));
    let known = [
        (w.t("orders-name"), name),
        (w.t("orders-phone"), phone),
        (w.t("orders-email"), email),
        (
            w.t("orders-delivery"),
            html! { @if let Some(method) = &order.delivery.method { (method_name(w, method)) } },
        ),
        (w.t("orders-address"), html! { @if let Some(address) = &order.delivery.address { (address) } }),
        (w.t("orders-terms"), html! { (terms_name(w, order.terms)) }),
        (w.t("orders-external-id"), external),
        (w.t("orders-placed-at"), html! { (w.date_time(order.placed_at)) }),
    ];
    pairs(known.into_iter().chain(bought))
}
