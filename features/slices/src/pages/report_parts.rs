//! What the report is made of: a picture and the numbers, each leading to its orders.

use maud::{Markup, html};
use takt_ui::{Icon, Stat, Tone, Words, card, empty, link_button, notice, progress, stats};

use super::{
    ORDERS, PEOPLE, REPORT,
    asked::{Asked, Measure},
    asking::{anew, ask, dimension_name, question, saved},
    chart,
    numbers::{cross, links, percent, plain},
    report::View,
    table::{self, Laid, lay},
};
use crate::{
    answer::Answer,
    dimension::Dimension,
    period::Days,
    stored::{Looked, hangs},
};

pub(super) fn actions(w: &Words, view: &View) -> Markup {
    html! {
        div.row {
            (link_button(w.t("slices-people"), format!("{PEOPLE}?{}", period_only(&view.asked))).icon(Icon::Users).quiet())
            (takt_sheets::links("/reports/slices/list", &view.asked.query()))
        }
    }
}

fn period_only(asked: &Asked) -> String {
    let Asked { period, from, to, .. } = asked.clone();
    Asked { period, from, to, ..Asked::default() }.query()
}

pub(super) fn body(w: &Words, view: &View) -> Markup {
    html! {
        div.stack {
            (saved(w, view))
            (question(w, view))
            @if view.filling { (notice(Tone::Info, w.t("slices-filling"))) }
            @match &view.told {
                Looked::Counted { answer, since } => {
                    @if let Some(since) = since {
                        p.muted.small-text { (w.ta("slices-counted-at", &[("at", w.date_time(*since).into())])) " " (ask(w, view, "slices-again")) }
                    }
                    @if answer.behind { (notice(Tone::Warn, w.t("slices-behind"))) }
                    @if answer.cut { (notice(Tone::Bad, w.t("slices-cut"))) }
                    (counted(w, view, answer))
                }
                Looked::Counting { done, total, asked_at } => {
                    (card(w.t("slices-counting")).live("slices-counting", "slices").body(html! {
                        (progress(w, &w.t("slices-counting"), *done, *total))
                        p.muted { (w.t("slices-counting-text")) }
                        p { a href={ (REPORT) "?" (view.asked.query()) } { (w.t("slices-look-again")) } }
                        @if hangs(*asked_at, view.now) { p { (w.t("slices-counting-long")) } (ask(w, view, "slices-again")) }
                    }))
                }
                Looked::NotAsked { orders } => {
                    (empty(Icon::FileText, w.t("slices-many"),
                        w.ta("slices-many-text", &[("orders", w.number(*orders).into())]), Some(ask(w, view, "slices-count"))))
                }
            }
            @if view.may_fill { (anew(w)) }
        }
    }
}

fn counted(w: &Words, view: &View, answer: &Answer) -> Markup {
    if answer.whole.is_empty() {
        return empty(Icon::FileText, w.t("slices-none"), w.t("slices-none-text"), None);
    }
    let before = match (&view.before, view.wanted.base) {
        (Some(Looked::Counted { answer, .. }), Some(days)) => Some((answer, days)),
        _ => None,
    };
    let laid = lay(&view.wanted.question, view.wanted.measure, answer, before, table::MOST_ROWS);
    html! {
        (stats(&headline(w, view, &laid)))
        @if matches!(view.before, Some(Looked::NotAsked { .. } | Looked::Counting { .. })) {
            (notice(Tone::Info, w.t("slices-base-not-counted")).action(ask(w, view, "slices-count")))
        }
        (card(chart_title(w, view)).body(chart::draw(w, view, &laid)))
        (card(w.t("slices-table")).flush().note(html! { (note(w, view)) }).body(if laid.columns.is_empty() {
            plain(w, view, &laid)
        } else {
            cross(w, view, &laid)
        }))
        @if view.wanted.question.links { (links(w, view, answer, &laid)) }
        @else if !view.wanted.question.by.is_of_lines() {
            p { a href={ (REPORT) "?" (Asked { links: "1".to_owned(), ..view.asked.clone() }.query()) } { (w.t("slices-links-show")) } }
        }
    }
}

fn chart_title(w: &Words, view: &View) -> String {
    let measure = w.t(&format!("slices-measure-{}", view.wanted.measure.code()));
    format!("{measure} · {}", dimension_name(w, view.wanted.question.by))
}

fn note(w: &Words, view: &View) -> String {
    let Days { from, to } = view.wanted.question.days;
    let name = |day: crate::Day| view.names.value(w, Dimension::Day, &day.to_string());
    let mut note = format!("{} – {}", name(from), name(to));
    if let Some(base) = view.wanted.base {
        note.push_str(
            &w.ta("slices-beside", &[("from", name(base.from).into()), ("to", name(base.to).into())]),
        );
    }
    if view.wanted.question.over_lines() {
        note.push_str(". ");
        note.push_str(&w.t("slices-lines-note"));
    }
    note
}

/// The address of the orders behind a number.
pub(super) fn behind(
    asked: &Asked,
    row: Option<(Dimension, &str)>,
    column: Option<(Dimension, &str)>,
    only: &str,
) -> String {
    let mut narrowed = asked.clone();
    for (dimension, value) in row.into_iter().chain(column) {
        narrowed = narrowed.only(dimension, value);
    }
    let query = narrowed.query();
    if only.is_empty() { format!("{ORDERS}?{query}") } else { format!("{ORDERS}?{query}&only={only}") }
}

fn headline(w: &Words, view: &View, laid: &Laid) -> Vec<Stat> {
    let stat = |measure: Measure, only: &str| {
        let then = table::shown(w, measure, &laid.whole_before);
        let beside = view.before.is_some() && !laid.whole_before.is_empty();
        let change = table::moved(measure, &laid.whole, &laid.whole_before);
        let note = beside.then(|| {
            let change = change.map(|change| percent(w, change, true)).unwrap_or_default();
            w.ta("slices-was", &[("was", then.into()), ("change", change.into())])
        });
        Stat {
            label: w.t(&format!("slices-measure-{}", measure.code())),
            value: table::shown(w, measure, &laid.whole),
            note,
            href: Some(behind(&view.asked, None, None, only)),
            tone: Tone::Neutral,
        }
    };
    vec![
        stat(Measure::Orders, ""),
        stat(Measure::Revenue, "kept"),
        stat(Measure::Average, "kept"),
        stat(Measure::Cancelled, "cancelled"),
    ]
}
