//! What an order card is made of: the clock with blame, history, names and values.

use maud::{Markup, Render, html};
use takt_kernel::money::{Currency, Money};

use super::{SAMPLE_NOW as NOW, Sample};
use crate::{
    Arg, BarPart, BlameBar, Change, Column, Icon, Moment, Point, PromiseBar, Row, Segment, Shade, Table,
    Tone, Words, amount, bar_row, card, copy, crumbs, line_chart, link_button, pairs, timeline,
};

pub(super) const SAMPLES: &[Sample] = &[
    Sample { name: "parts/promise", render: promises },
    Sample { name: "parts/blame", render: blame },
    Sample { name: "parts/history", render: history },
    Sample { name: "parts/pairs", render: facts },
    Sample { name: "parts/composition", render: composition },
    Sample { name: "parts/crumbs", render: path },
    Sample { name: "parts/charts", render: charts },
];

fn charts(w: &Words) -> Markup {
    let title = || w.t("sample-tab");
    let points = |slower: i64| {
        let size = move |day: i64| (day * 37 * slower) % 90 + day * 2;
        (0..30).map(|day| Point { size: size(day), title: w.number(size(day)) }).collect::<Vec<_>>()
    };
    html! {
        div.chart {
            @for size in [90, 64, 12, 0] { (bar_row(&title(), &[BarPart::toned(size, Tone::Neutral, title())], 90, &w.number(size))) }
        }
        (line_chart(&title(), 30, &points(1), &points(3), &[w.date(NOW), w.date(NOW)], &w.number(148)))
    }
}

fn holder(w: &Words, kind: i64) -> String {
    w.ta("sample-holder", &[("kind", Arg::from(kind))])
}

fn bar(w: &Words, left: i64, due: bool, shade: Shade) -> Markup {
    PromiseBar {
        words: w,
        from: NOW.plus_seconds(-3600),
        due: due.then(|| NOW.plus_seconds(left)),
        now: NOW,
        holder: holder(w, 0),
        shade,
    }
    .render()
}

pub(super) fn one_promise(w: &Words) -> Markup {
    bar(w, 52 * 60, true, Shade::Sky)
}

fn promises(w: &Words) -> Markup {
    html! {
        div.row {
            (bar(w, 3 * 3600, true, Shade::Sky)) (bar(w, 14 * 60, true, Shade::Violet))
            (bar(w, 45, true, Shade::Amber)) (bar(w, -12 * 60, true, Shade::Teal))
            (bar(w, 0, false, Shade::Grey))
        }
    }
}

pub(super) fn blame(w: &Words) -> Markup {
    let segment = |kind: i64, seconds, shade| Segment {
        holder: holder(w, kind),
        seconds,
        shade,
        note: Some(w.t("sample-note")),
    };
    let segments = [
        segment(2, 1420, Shade::Violet),
        segment(5, 42, Shade::Slate),
        segment(0, 780, Shade::Sky),
        segment(1, 9300, Shade::Amber),
        segment(0, 240, Shade::Sky),
        segment(3, 2900, Shade::Teal),
        segment(4, 5400, Shade::Brown),
    ];
    html! { (BlameBar { words: w, segments: &segments }) }
}

pub(super) fn history(w: &Words) -> Markup {
    let moment = |minutes: i64, shape, tone, key: &str, changes| Moment {
        at: NOW.plus_seconds(-minutes * 60),
        who: w.t("sample-person"),
        icon: shape,
        tone,
        title: html! { (w.t(key)) },
        body: (key == "sample-commented").then(|| html! { p { (w.t("sample-comment")) } }),
        changes,
    };
    let change = Change { label: w.t("sample-column-status"), old: Some(w.t("sample-status")), new: None };
    let sum = Change {
        label: w.t("sample-column-total"),
        old: Some("199,50".to_owned()),
        new: Some("399,00".to_owned()),
    };
    timeline(
        w,
        NOW,
        &[
            moment(2, Icon::Truck, Tone::Good, "sample-shipped", vec![]),
            moment(34, Icon::MessageSquare, Tone::Neutral, "sample-commented", vec![]),
            moment(40, Icon::Pencil, Tone::Info, "sample-edited", vec![change, sum]),
            moment(1500, Icon::Banknote, Tone::Good, "sample-paid", vec![]),
            moment(1560, Icon::Plus, Tone::Neutral, "sample-placed", vec![]),
        ],
    )
}

pub(super) fn facts(w: &Words) -> Markup {
    pairs([
        (w.t("sample-column-customer"), html! { (w.t("sample-person")) }),
        (w.t("sample-phone"), html! { a href="#" { (w.phone("+79123456789")) } }),
        (w.t("sample-column-total"), amount(w, Money::new(1_072_870, Currency::RUB))),
        (w.t("sample-reference"), copy(w, "K1042-77")),
    ])
}

pub(super) fn composition(w: &Words) -> Markup {
    let rub = |minor| amount(w, Money::new(minor, Currency::RUB));
    let row = |sku: &str, count: i64, price, sum| {
        Row::new([
            html! { (w.t("sample-product")) span.muted.small-text { (sku) } },
            html! { (w.ta("sample-pieces", &[("count", Arg::from(count))])) },
            rub(price),
            rub(sum),
        ])
    };
    let table = Table::new(w, w.t("sample-composition"))
        .columns([
            Column::new(w.t("sample-column-product")).leading(),
            Column::new(w.t("sample-column-quantity")).numeric(),
            Column::new(w.t("sample-column-price")).numeric(),
            Column::new(w.t("sample-column-total")).numeric(),
        ])
        .rows([row("TEA-100", 2, 19_950, 39_900), row("CUP-7", 21, 49_190, 1_032_990)])
        .foot([html! { (w.t("ui-blame-total")) }, html! {}, html! {}, rub(1_072_890)]);
    html! {
        (card(w.t("sample-composition")).flush().body(html! { (table) })
            .actions(html! { (link_button(w.t("sample-edit"), "#").small().quiet().icon(Icon::Pencil)) }))
    }
}

fn path(w: &Words) -> Markup {
    crumbs(&[(&w.t("sample-desk"), Some("#")), (&w.t("sample-shop"), Some("#")), ("TK-1042", None)])
}
