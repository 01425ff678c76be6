//! Small words that say how an order stands.

use maud::{Markup, Render, html};
use takt_kernel::Timestamp;
use takt_ui::{PromiseBar, Shade, Tone, Words, badge};

use crate::{
    holder::Holder,
    order::Order,
    stage::{Reserved, Shipped, Stage},
    terms::Terms,
};

pub(super) fn holder_name(w: &Words, holder: Holder) -> String {
    w.t(&format!("orders-holder-{}", dashed(holder.code())))
}

pub(super) fn stage_name(w: &Words, stage: Stage) -> String {
    w.t(&format!("orders-stage-{}", stage.code()))
}

pub(super) fn dashed(code: &str) -> String {
    code.replace(['.', '_'], "-")
}

pub(super) const fn shade_of(holder: Holder) -> Shade {
    match holder {
        Holder::Buyer => Shade::Amber,
        Holder::Bank => Shade::Green,
        Holder::Channel => Shade::Teal,
        Holder::Takt => Shade::Indigo,
        Holder::Queue => Shade::Rose,
        Holder::Operator => Shade::Sky,
        Holder::Warehouse => Shade::Violet,
        Holder::Supplier => Shade::Brown,
        Holder::Carrier => Shade::Slate,
        Holder::ClosedHours => Shade::Grey,
    }
}

/// Time left and who holds the clock; a finished order has neither.
pub(super) fn promise(w: &Words, order: &Order, now: Timestamp) -> Markup {
    let Some(holder) = order.holder else { return html! { span.muted { (stage_name(w, order.stage)) } } };
    PromiseBar {
        words: w,
        from: order.started_at.unwrap_or(order.placed_at),
        due: order.due_at,
        now,
        holder: holder_name(w, holder),
        shade: shade_of(holder),
    }
    .render()
}

pub(super) fn paid_mark(w: &Words, order: &Order) -> Markup {
    if order.is_paid_in_full() {
        return badge(w.t("orders-paid-full"), Tone::Good);
    }
    if order.paid.is_positive() {
        return badge(w.t("orders-paid-part"), Tone::Warn);
    }
    match order.terms {
        Terms::Prepaid => badge(w.t("orders-paid-none"), Tone::Neutral),
        Terms::OnDelivery => badge(w.t("orders-terms-on-delivery"), Tone::Neutral),
        Terms::Credit { .. } => badge(w.t("orders-terms-credit"), Tone::Neutral),
    }
}

pub(super) fn reserved_mark(w: &Words, order: &Order) -> Markup {
    if !order.stage.is_in_work() || order.shipped == Shipped::All {
        return html! {};
    }
    match order.reserved {
        Reserved::All => badge(w.t("orders-reserved-all"), Tone::Good),
        Reserved::Part => badge(w.t("orders-reserved-part"), Tone::Warn),
        Reserved::None if order.short => badge(w.t("orders-reserved-none"), Tone::Bad),
        Reserved::None => html! {},
    }
}

/// Only what a person must look after: a list says nothing of what goes well.
pub(super) fn shortage_mark(w: &Words, order: &Order) -> Markup {
    let waits = order.stage.is_in_work() && order.shipped != Shipped::All;
    html! { @if waits && (order.short || order.reserved == Reserved::Part) { (reserved_mark(w, order)) } }
}

/// `courier` → «Курьер»; a method that the shop made up stands as it wrote it.
pub(super) fn method_name(w: &Words, code: &str) -> String {
    let known = w.texts().find(w.lang(), &format!("orders-method-{}", dashed(code)), &[]);
    known.unwrap_or_else(|| code.to_owned())
}

pub(super) fn is_late(order: &Order, now: Timestamp) -> bool {
    order.stage.is_in_work() && order.due_at.is_some_and(|due| due < now)
}

pub(super) fn buyer_name(w: &Words, order: &Order) -> String {
    if order.contact.name.is_empty() { w.t("orders-nameless") } else { order.contact.name.clone() }
}
