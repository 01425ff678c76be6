//! Small words that say how an order stands.

use maud::{Markup, Render, html};
use takt_kernel::{CompanyId, Timestamp};
use takt_ui::{PromiseBar, Shade, Tone, Words, badge};

use super::names::Names;
use crate::{
    clock::Promises,
    holder::{Holder, Milestone},
    order::Order,
    stage::{Reserved, Shipped, Stage},
    terms::Terms,
};

pub fn holder_name(w: &Words, holder: Holder) -> String {
    w.t(&format!("orders-holder-{}", dashed(holder.code())))
}

pub(super) fn stage_name(w: &Words, stage: Stage) -> String {
    w.t(&format!("orders-stage-{}", stage.code()))
}

pub(super) fn dashed(code: &str) -> String {
    code.replace(['.', '_'], "-")
}

pub const fn shade_of(holder: Holder) -> Shade {
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
        // Of our own people it is the only one that never works in the queue.
        Holder::Owner => Shade::Indigo,
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
        Terms::OnDelivery | Terms::Credit { .. } => badge(terms_name(w, order.terms), Tone::Neutral),
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

/// Before all that are not.
pub(super) fn urgent_mark(w: &Words, order: &Order) -> Markup {
    html! { @if order.urgent && order.stage.is_in_work() { (badge(w.t("orders-urgent"), Tone::Bad)) } }
}

pub(super) fn pause_mark(w: &Words, order: &Order, promises: Option<&Promises>) -> Markup {
    let pause = order.pause.as_ref().filter(|_| order.stage.is_in_work());
    html! {
        @if let Some(pause) = pause {
            (badge(
                w.ta("orders-paused-until", &[
                    ("reason", reason_name(w, &pause.reason, promises).into()), ("until", w.date_time(pause.until).into()),
                ]),
                Tone::Info,
            ))
        }
    }
}

/// In a list, where the promise already says until when.
pub(super) fn pause_reason(w: &Words, order: &Order) -> Markup {
    let pause = order.pause.as_ref().filter(|_| order.stage.is_in_work());
    html! { @if let Some(pause) = pause { (badge(reason_name(w, &pause.reason, None), Tone::Info)) } }
}

/// In the company's own words, else in ours; a reason that the company no longer has by its code.
pub(super) fn reason_name(w: &Words, code: &str, promises: Option<&Promises>) -> String {
    let own = promises.and_then(|promises| promises.reason(code)?.name(w.lang())).map(str::to_owned);
    let usual = || w.texts().find(w.lang(), &format!("orders-pause-{}", dashed(code)), &[]);
    own.or_else(usual).unwrap_or_else(|| code.to_owned())
}

/// In the company's own words, else in ours; what rests on a status by the status.
pub(super) fn milestone_name(
    w: &Words,
    milestone: &Milestone,
    promises: &Promises,
    names: &Names,
    company: CompanyId,
) -> String {
    let rule = promises.rule(milestone);
    if let Some(own) = rule.and_then(|rule| rule.name(w.lang())) {
        return own.to_owned();
    }
    match milestone.code().split_once(':') {
        Some((_, status)) => names.status_name(w, company, status),
        None => w.t(&format!("orders-milestone-{}", milestone.code())),
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

pub(super) fn terms_name(w: &Words, terms: Terms) -> String {
    match terms {
        Terms::Credit { days } => w.ta("orders-terms-credit", &[("days", days.into())]),
        Terms::Prepaid | Terms::OnDelivery => w.t(&format!("orders-terms-{}", dashed(terms.code()))),
    }
}

pub(super) fn is_late(order: &Order, now: Timestamp) -> bool {
    order.stage.is_in_work() && order.due_at.is_some_and(|due| due < now)
}

pub(crate) fn buyer_name(w: &Words, order: &Order) -> String {
    if order.contact.name.is_empty() { w.t("orders-nameless") } else { order.contact.name.clone() }
}
