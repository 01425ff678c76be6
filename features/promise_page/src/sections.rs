//! Parts of the page that are of the order itself: where it goes, what is in it, what may be asked for.

use jiff::Span;
use maud::{Markup, Render, html};
use takt_ui::{button, details, field, form, post_button};

use crate::{
    deeds::{DAYS, HOURS},
    settings,
    view::View,
};

pub(crate) fn delivery(view: &View) -> Markup {
    let (w, delivery) = (&view.words, &view.order.delivery);
    let method = delivery.method.as_deref().map(|code| {
        let key = format!("orders-method-{}", code.replace(['.', '_'], "-"));
        w.texts().find(w.lang(), &key, &[]).unwrap_or_else(|| code.to_owned())
    });
    html! {
        @if delivery.method.is_none() && delivery.address.is_none() { p.muted { (w.t("promise-page-no-address")) } }
        @if let Some(method) = method { p.strong { (method) } }
        @if let Some(address) = &delivery.address { p { (address) } }
    }
}

pub(crate) fn goods(view: &View) -> Markup {
    let (w, order) = (&view.words, &view.order);
    html! {
        ul.sums {
            @for line in &view.lines {
                li {
                    span { (line.name) " × " (w.quantity(line.wanted())) " " (w.unit(&line.unit)) }
                    span { (w.money(line.total)) }
                }
            }
            @if order.delivery.price.is_positive() {
                li { span { (w.t("promise-page-delivery")) } span { (w.money(order.delivery.price)) } }
            }
            li.strong { span { (w.t("promise-page-total")) } span { (w.money(order.total)) } }
            @if order.paid.is_positive() && order.owed().is_positive() {
                li { span { (w.t("promise-page-paid")) } span { (w.money(order.paid)) } }
                li.strong { span { (w.t("promise-page-owed")) } span { (w.money(order.owed())) } }
            }
        }
    }
}

fn may_call(view: &View) -> bool {
    view.order.contact.phone_given.is_some() && view.policy.shows(settings::CALL)
}

fn may_move(view: &View) -> bool {
    view.order.delivered_at.is_none() && view.policy.shows(settings::SLOT)
}

pub(crate) fn anything_to_ask(view: &View) -> bool {
    may_call(view) || may_move(view)
}

pub(crate) fn ask(view: &View) -> Markup {
    let w = &view.words;
    html! {
        div.stack {
            @if may_call(view) {
                (post_button(&format!("{}/call", view.path), &[], button(w.t("promise-page-call"))))
            }
            @if may_move(view) {
                (details(w.t("promise-page-slot"), false, slot_form(view)))
            }
        }
    }
}

fn slot_form(view: &View) -> Markup {
    let w = &view.words;
    let today = view.now.to_jiff().to_zoned(w.zone().clone()).date();
    let days = (0..=DAYS).map(|ahead| {
        let day = today.saturating_add(Span::new().days(ahead));
        let noon = day.at(12, 0, 0, 0).to_zoned(w.zone().clone());
        let name = noon.map_or_else(|_| day.to_string(), |noon| w.date(noon.timestamp().into()));
        (day.to_string(), name)
    });
    let hours = HOURS.iter().map(|(from, until)| {
        let args = [("from", (*from).into()), ("until", (*until).into())];
        ((*from).to_owned(), w.ta("promise-page-hours", &args))
    });
    let fields = html! {
        p.muted.small-text { (w.t("promise-page-slot-explained")) }
        (field(w.t("promise-page-day"), "day").select(days).short())
        (field(w.t("promise-page-time"), "from").select(hours).short())
    };
    form(w, format!("{}/slot", view.path))
        .body(fields)
        .actions(html! { (button(w.t("promise-page-slot-send"))) })
        .render()
}
