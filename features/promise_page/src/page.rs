//! The page: one glance first, then the way, then the parts of others.

use maud::{Markup, html};
use takt_kernel::Timestamp;
use takt_orders::{Holder, Order, Shipped};
use takt_ui::{Icon, Tone, Words, badge, card, icon};

use crate::{
    sections,
    view::View,
    way::{State, Step, Stop},
};

pub(crate) fn title(w: &Words, view: &View) -> String {
    w.ta("promise-page-title", &[("number", (&view.order.number).into()), ("shop", (&view.shop).into())])
}

pub(crate) fn body(view: &View) -> Markup {
    let w = &view.words;
    let topic = format!("order/{}", view.order.id);
    let own_words = view.policy.words(w.lang());
    html! {
        @for line in own_words.lines() { p { (line) } }
        (glance(view, &topic))
        (card(w.t("promise-page-way")).body(way(view)).live("way", topic.clone()))
        @for (place, (title, panel)) in view.panels.iter().enumerate() {
            (card(title.clone()).body(panel.clone()).live(format!("part-{place}"), topic.clone()))
        }
        (card(w.t("promise-page-delivery")).body(sections::delivery(view)).live("delivery", topic.clone()))
        (card(w.t("promise-page-goods")).body(sections::goods(view)).live("goods", topic.clone()))
        @if view.order.stage.is_in_work() && sections::anything_to_ask(view) {
            (card(w.t("promise-page-ask")).body(sections::ask(view)).live("ask", topic))
        }
    }
}

/// `деньги пришли 14:02 · в наличии · собираем · готово к 14:55`
fn glance(view: &View, topic: &str) -> Markup {
    let w = &view.words;
    html! {
        section.glance.(class_of(tone(view))) id="glance" data-live=(topic) aria-live="polite" aria-label=(w.t("promise-page-glance")) {
            p.glance-line { (line(view)) }
            @if let Some(now) = who_holds(w, &view.order) { p.glance-now { (now) } }
            @if let Some(opens) = view.way.closed_until {
                p.glance-now { (w.ta("promise-page-closed", &[("time", w.when(opens, view.now).into())])) }
            }
        }
    }
}

pub(crate) fn line(view: &View) -> String {
    let (w, way) = (&view.words, &view.way);
    let when = |at: Timestamp| w.when(at, view.now);
    let at = |key: &str, at: Option<Timestamp>| match at {
        Some(at) => w.ta(&format!("{key}-at"), &[("time", when(at).into())]),
        None => w.t(key),
    };
    let mut said: Vec<String> = Vec::new();
    if way.stop(Step::Cancelled).is_some() {
        return w.t("promise-page-line-cancelled");
    }
    if let Some(delivered) = way.stop(Step::Delivered).filter(|stop| stop.state == State::Done) {
        let taken = if view.order.delivery.is_pickup() { "-taken" } else { "" };
        return at(&format!("promise-page-line-delivered{taken}"), delivered.at);
    }
    if let Some(money) = way.stop(Step::Paid) {
        if money.state == State::Done {
            said.push(at("promise-page-line-paid", money.at));
        } else {
            said.push(w.t("promise-page-line-waits-for-money"));
        }
    }
    if let Some(stock) = way.stop(Step::InStock)
        && view.order.ready_at.is_none()
        && stock.state != State::Ahead
    {
        said.push(w.t(if stock.state == State::Done {
            "promise-page-line-in-stock"
        } else {
            "promise-page-line-short"
        }));
    }
    if view.order.deferred_until.is_some() {
        said.push(w.t("promise-page-line-deferred"));
    } else if let Some(now) = way.now().filter(|stop| !matches!(stop.step, Step::Paid | Step::InStock)) {
        said.push(w.t(&format!("promise-page-line-now-{}", under_way(&view.order, now.step))));
    }
    if let Some(next) = next_told(view) {
        let key = if next.is_late(view.now) { "promise-page-line-late" } else { "promise-page-line-by" };
        let what = w.t(&format!("promise-page-line-what-{}", next.step.code()));
        if let Some(due) = next.due {
            said.push(w.ta(key, &[("what", what.into()), ("time", when(due).into())]));
        }
    }
    let line = said.join(" · ");
    let mut letters = line.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A buyer cares for when it is ready or there, not for when somebody confirms it.
fn next_told(view: &View) -> Option<&Stop> {
    let told = |step| view.way.stop(step).filter(|stop: &&Stop| stop.at.is_none() && stop.due.is_some());
    told(Step::Ready).filter(|stop| stop.state != State::Done).or_else(|| view.way.next_promise())
}

fn under_way(order: &Order, step: Step) -> &'static str {
    match step {
        Step::Confirmed => "confirming",
        Step::Ready => "picking",
        Step::OnTheWay => "leaving",
        Step::Delivered if order.delivery.is_pickup() => "pickup",
        Step::Delivered => "on-the-way",
        Step::PaidLast => "paying-last",
        Step::Placed | Step::Paid | Step::InStock | Step::Cancelled => "waiting",
    }
}

fn tone(view: &View) -> Tone {
    let late = view.way.next_promise().is_some_and(|stop| stop.is_late(view.now));
    match view.way.now().map(|stop| stop.state) {
        _ if view.order.delivered_at.is_some() => Tone::Good,
        Some(State::Trouble) => Tone::Warn,
        _ if late => Tone::Warn,
        _ if view.way.stop(Step::Paid).is_some_and(|stop| stop.state != State::Done) => Tone::Info,
        _ => Tone::Good,
    }
}

const fn class_of(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "tone-neutral",
        Tone::Accent => "tone-accent",
        Tone::Good => "tone-good",
        Tone::Info => "tone-info",
        Tone::Warn => "tone-warn",
        Tone::Bad => "tone-bad",
    }
}

/// Whose turn it is, in the buyer's words.
fn who_holds(w: &Words, order: &Order) -> Option<String> {
    let held_up = order.pause.as_ref().map(|pause| pause.owner);
    let key = match order.holder? {
        Holder::Buyer if order.deferred_until.is_some() => "deferred",
        Holder::Buyer if held_up == Some(Holder::Buyer) => "buyer-word",
        Holder::Buyer if order.delivered_at.is_some() => "buyer-last",
        Holder::Buyer if order.ready_at.is_some() && order.delivery.is_pickup() => "buyer-pickup",
        Holder::Buyer => "buyer",
        Holder::Bank | Holder::Channel => "bank",
        Holder::Takt | Holder::Queue | Holder::Operator | Holder::Owner | Holder::ClosedHours => "operator",
        Holder::Warehouse => "warehouse",
        Holder::Supplier => "supplier",
        // The goods are there; what the carrier still owes is between it and us.
        Holder::Carrier if order.delivered_at.is_some() => return None,
        Holder::Carrier if order.shipped == Shipped::All => "carrier",
        Holder::Carrier => "carrier-comes",
    };
    Some(w.t(&format!("promise-page-holder-{key}")))
}

fn way(view: &View) -> Markup {
    html! { ol.way { @for stop in &view.way.stops { (one(view, stop)) } } }
}

fn one(view: &View, stop: &Stop) -> Markup {
    let w = &view.words;
    let (tone, shape, class, spoken) = match stop.state {
        State::Done => (Tone::Good, Icon::Check, "way-done", "promise-page-state-done"),
        State::Now => (Tone::Accent, Icon::Clock, "way-now", "promise-page-state-now"),
        State::Ahead => (Tone::Neutral, Icon::Minus, "way-ahead", "promise-page-state-ahead"),
        State::Trouble => (Tone::Warn, Icon::TriangleAlert, "way-now", "promise-page-state-trouble"),
    };
    let suffix = if stop.state == State::Done { "-done" } else { "" };
    let pickup = if view.order.delivery.is_pickup() && stop.step == Step::Delivered { "-pickup" } else { "" };
    let name = w.t(&format!("promise-page-step-{}{pickup}{suffix}", stop.step.code()));
    html! {
        li.(class).(class_of(tone)) {
            span.way-mark { (icon(shape)) span.unseen { (w.t(spoken)) } }
            span.way-name { (name) }
            span {
                @if let Some(at) = stop.at { (w.moment(at, view.now)) }
                @else if let Some(due) = stop.due { (w.t("promise-page-by")) " " (w.moment(due, view.now)) }
            }
            @if let Some(kept) = kept(w, view, stop) { span.way-note { (kept) } }
        }
    }
}

/// Whether the promise of a step is kept.
fn kept(w: &Words, view: &View, stop: &Stop) -> Option<Markup> {
    let due = stop.due?;
    let by = |late: i64| w.ta("promise-page-late-by", &[("time", w.duration(late.max(60)).into())]);
    Some(match stop.at {
        Some(at) if at > due => badge(by(at.seconds_since(due)), Tone::Warn),
        Some(_) => html! { (w.ta("promise-page-kept", &[("time", w.when(due, view.now).into())])) },
        None if view.now > due => badge(by(view.now.seconds_since(due)), Tone::Warn),
        None => return None,
    })
}
