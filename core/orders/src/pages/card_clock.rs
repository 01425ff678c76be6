//! The promise clock on the order card: who held the order for how long and by what evidence, which promises
//! were kept, and what a person may say about the time.

use maud::{Markup, html};
use takt_ui::{
    BlameBar, Icon, Segment, Tone, Words, badge, button, details, dialog, dialog_button, field, form,
    post_button,
};

use super::{
    card::CardView,
    marks::{dashed, holder_name, milestone_name, reason_name, shade_of},
};
use crate::{
    Milestone,
    clock::{self, Border, Passage, Promises, Split},
};

/// The buttons about the clock, beside those of the card.
pub(super) fn actions(w: &Words, view: &CardView) -> Markup {
    let order = &view.order;
    let path = |verb: &str| format!("/orders/{}/{verb}", order.id);
    html! {
        @if view.may.pause {
            @if order.pause.is_some() {
                (post_button(&path("resume"), &[], button(w.t("orders-resume")).icon(Icon::Sun).key("p")))
            } @else if !view.promises.pauses.is_empty() {
                (dialog_button("pause", button(w.t("orders-pause")).icon(Icon::AlarmClock).key("p")))
            }
        }
        @if view.may.urgent {
            @if order.urgent {
                (post_button(&path("urgent"), &[("urgent", "false")], button(w.t("orders-not-urgent")).icon(Icon::CircleAlert)))
            } @else {
                (post_button(&path("urgent"), &[("urgent", "true")], button(w.t("orders-make-urgent")).icon(Icon::CircleAlert)))
            }
        }
    }
}

pub(super) fn dialogs(w: &Words, view: &CardView) -> Markup {
    let order = &view.order;
    if !view.may.pause || order.pause.is_some() || view.promises.pauses.is_empty() {
        return html! {};
    }
    let reasons = view.promises.pauses.iter().map(|reason| {
        let name = reason_name(w, &reason.code, Some(&view.promises));
        (reason.code.clone(), format!("{name} · {}", holder_name(w, reason.owner)))
    });
    let fields = html! {
        input type="hidden" name="version" value=(order.version);
        (field(w.t("orders-pause-reason"), "reason").select(reasons).required())
        (field(w.t("orders-pause-until"), "until").within("pause").date_time().hint(w.t("orders-pause-until-hint")))
    };
    dialog(
        w,
        "pause",
        &w.t("orders-pause-title"),
        html! {
            p.muted { (w.t("orders-pause-note")) }
            (form(w, format!("/orders/{}/pause", order.id))
                .body(fields)
                .actions(html! { (button(w.t("orders-pause")).primary()) }))
        },
    )
}

/// Who held the order for how long; the parts add up to its whole life.
pub(super) fn clock(w: &Words, view: &CardView) -> Markup {
    let segments = blame(w, &view.split, &view.promises);
    html! {
        @if segments.is_empty() {
            div.stack { p.muted { (w.t("orders-clock-starts")) } (promises(w, view)) }
        } @else {
            div.stack {
                (BlameBar { words: w, segments: &segments })
                p.muted.small-text {
                    (w.ta("orders-clock-working", &[
                        ("working", w.duration_exact(view.split.whole_working_seconds()).into()),
                        ("whole", w.duration_exact(view.split.whole_seconds()).into()),
                    ]))
                }
                (promises(w, view))
                (details(w.t("orders-clock-evidence"), false, evidence(w, view)))
            }
        }
    }
}

pub(super) fn blame(w: &Words, split: &Split, promises: &Promises) -> Vec<Segment> {
    split
        .segments_in_seconds()
        .into_iter()
        .map(|(segment, seconds)| Segment {
            holder: holder_name(w, segment.holder),
            seconds,
            shade: shade_of(segment.holder),
            note: Some(why(w, segment, promises)),
        })
        .collect()
}

/// Each part of the order's life: who, from when until when, and the fact that says so.
fn evidence(w: &Words, view: &CardView) -> Markup {
    let working = view.split.working_seconds();
    let parts = view.split.segments_in_seconds();
    html! {
        ol.evidence {
            @for ((segment, seconds), working) in parts.iter().zip(working) {
                li {
                    p {
                        span.dot.(shade_of(segment.holder).class()) {} " "
                        span.strong { (holder_name(w, segment.holder)) } " "
                        span.numbers { (w.duration_exact(*seconds)) }
                        @if working != *seconds && working > 0 {
                            span.muted.small-text {
                                " · " (w.ta("orders-clock-open", &[("working", w.duration_exact(working).into())]))
                            }
                        }
                    }
                    p.muted.small-text {
                        (w.date_time(segment.from)) " — " (w.date_time(segment.to)) " · "
                        a href={ "#fact-" (segment.evidence.n) } { (why(w, segment, &view.promises)) }
                    }
                }
            }
        }
    }
}

fn why(w: &Words, segment: &clock::Segment, promises: &Promises) -> String {
    let evidence = &segment.evidence;
    if let Some(reason) = &evidence.reason
        && evidence.border != Border::Calendar
    {
        return reason_name(w, reason, Some(promises));
    }
    match evidence.border {
        Border::Fact => w.t(&format!("orders-since-{}", dashed(evidence.kind.trim_start_matches("orders.")))),
        Border::MoneySent => w.t("orders-since-money-sent"),
        Border::MoneyBooked => w.t("orders-since-money-booked"),
        Border::MoneyReceived => w.t("orders-since-money-received"),
        Border::WaitOver => w.t("orders-since-wait-over"),
        Border::Calendar if segment.holder == crate::Holder::ClosedHours => w.t("orders-since-closing"),
        Border::Calendar => w.t("orders-since-opening"),
    }
}

fn promises(w: &Words, view: &CardView) -> Markup {
    let Some(course) = &view.course else { return html! {} };
    let reached: Vec<&Passage> =
        course.passages.iter().filter(|passage| passage.milestone != Milestone::PAID).collect();
    html! {
        @if !reached.is_empty() {
            ul.passages {
                @for passage in reached { li { (passage_line(w, view, passage)) } }
            }
        }
    }
}

fn passage_line(w: &Words, view: &CardView, passage: &Passage) -> Markup {
    let name = milestone_name(w, &passage.milestone, &view.promises, &view.names, view.order.company);
    let blamed = passage.blamed(&view.split).map(|holder| holder_name(w, holder));
    html! {
        span { (name) } " "
        @match (passage.reached, passage.overrun_seconds()) {
            (Some(at), Some(late)) => {
                (badge(w.ta("orders-promise-late", &[("late", w.duration(late).into())]), Tone::Bad)) " "
                span.muted.small-text {
                    (w.date_time(at))
                    @if let Some(holder) = blamed { " · " (w.ta("orders-promise-blamed", &[("holder", holder.into())])) }
                }
            }
            (Some(at), None) => {
                @if passage.due.is_some() { (badge(w.t("orders-promise-kept"), Tone::Good)) " " }
                span.muted.small-text { (w.date_time(at)) }
            }
            (None, _) => {
                @if let Some(due) = view.order.due_at {
                    span.muted.small-text { (w.ta("orders-promise-by", &[("due", w.date_time(due).into())])) }
                }
            }
        }
    }
}
