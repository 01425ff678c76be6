//! The desk list and what stands around it.

use maud::{Markup, Render as _, html};
use takt_kernel::money::{Currency, Money};

use super::{SAMPLE_NOW as NOW, Sample};
use crate::{
    Arg, Column, Count, FilterBar, FilterMark, Icon, Pager, PickItem, PromiseBar, Row, Shade, Sorted, Table,
    Tone, Words, amount, avatar, button, chip, empty, field, icon, link_button, pick_list, status,
};

pub(super) const SAMPLES: &[Sample] = &[
    Sample { name: "parts/filter", render: filter },
    Sample { name: "parts/list", render: desk_list },
    Sample { name: "parts/list-empty", render: empty_list },
    Sample { name: "parts/pager", render: pager },
    Sample { name: "parts/pager-first", render: pager_end },
    Sample { name: "parts/pick", render: pick },
];

struct Line(&'static str, i64, i64, i64, usize, Shade, Tone);

/// number, minutes of the promise, minutes left, total, holder, shade, tone of the status
const LINES: &[Line] = &[
    Line("TK-1042", 60, -12, 1_072_870, 0, Shade::Sky, Tone::Bad),
    Line("TK-1047", 60, 4, 19_950, 1, Shade::Amber, Tone::Warn),
    Line("TK-1039", 120, 14, 84_000, 2, Shade::Violet, Tone::Info),
    Line("WEB-88213", 240, 52, 456_790, 0, Shade::Sky, Tone::Info),
    Line("TK-1051", 240, 126, 7_700, 3, Shade::Teal, Tone::Neutral),
    Line("WEB-88214", 1440, 1205, 2_340_000, 4, Shade::Brown, Tone::Good),
    Line("WEB-88190", 4320, 4100, 129_900, 4, Shade::Brown, Tone::Good),
];

pub(super) fn filter(w: &Words) -> Markup {
    let option = |value: &str, key: &str| (value.to_owned(), w.t(key));
    html! {
        (FilterBar::new(w, "#")
            .search("q", "", w.t("sample-search-orders"))
            .choice(w.t("sample-shop-any"), "shop", "tea", [option("", "sample-shop-any"), option("tea", "sample-shop")])
            .choice(w.t("sample-status-any"), "status", "", [option("", "sample-status-any"), option("new", "sample-status")])
            .keep("view", "work")
            .panel(w.t("sample-column-customer"), "f", 2, field(w.t("sample-column-customer"), "who").half().render())
            .marks(vec![FilterMark { label: w.t("sample-shop"), href: "#".to_owned() }])
            .actions(html! { (link_button(w.t("sample-new-order"), "#").primary().icon(Icon::Plus).key("n")) }))
    }
}

pub(super) fn desk_list(w: &Words) -> Markup {
    let columns = [
        Column::new(w.t("sample-column-order")).leading(),
        Column::new(w.t("sample-column-promise")).sort("#", Some(Sorted::Up)),
        Column::new(w.t("sample-column-status")),
        Column::new(w.t("sample-column-customer")).wide(),
        Column::new(w.t("sample-column-shop")).narrow(),
        Column::new(w.t("sample-column-total")).numeric().sort("#", None),
        Column::new(w.t("sample-column-who")).narrow(),
    ];
    let rows = LINES.iter().enumerate().map(|(index, line)| desk_row(w, index, line));
    html! { (Table::new(w, w.t("sample-desk")).live("desk", "orders").choosing("many", "order").columns(columns).rows(rows)) }
}

fn desk_row(w: &Words, index: usize, line: &Line) -> Row {
    let Line(number, whole, left, total, holder, shade, tone) = line;
    let promise = PromiseBar {
        words: w,
        from: NOW.plus_seconds((left - whole) * 60),
        due: (index != 5).then(|| NOW.plus_seconds(left * 60 + 20)),
        now: NOW,
        holder: w.ta("sample-holder", &[("kind", Arg::from(*holder))]),
        shade: *shade,
    };
    let name = if index.is_multiple_of(2) { w.t("sample-person") } else { w.t("sample-person-two") };
    Row::new([
        html! { span.strong { (number) } span.muted.small-text { (w.when(NOW.plus_seconds(-whole * 60), NOW)) } },
        html! { (promise) },
        status(w.ta("sample-stage", &[("kind", Arg::from(*holder))]), *tone),
        html! { (name) span.muted { " · " (w.t("sample-comment")) } },
        chip(w.t(if index < 3 { "sample-shop" } else { "sample-shop-two" }), if index < 3 { Shade::Teal } else { Shade::Indigo }),
        amount(w, Money::new(*total, Currency::RUB)),
        avatar(&name),
    ])
    .id(format!("order-{number}"))
    .choice(*number, *number)
    .href("#")
    .tone(if *left < 0 { Tone::Bad } else { Tone::Neutral })
    .dim(index == 6)
}

fn empty_list(w: &Words) -> Markup {
    let nothing = empty(Icon::Inbox, w.t("sample-empty-title"), w.t("sample-empty-text"), None);
    html! { (Table::new(w, w.t("sample-desk")).columns([Column::new(w.t("sample-column-order"))]).empty(nothing)) }
}

pub(super) fn pager_end(w: &Words) -> Markup {
    html! {
        (Pager { words: w, previous: None, next: Some("#".to_owned()), count: Some(Count { count: 128, exact: true }) })
    }
}

fn pager(w: &Words) -> Markup {
    let href = || Some("#".to_owned());
    let count = Some(Count { count: 1000, exact: false });
    html! { (Pager { words: w, previous: href(), next: href(), count }) }
}

fn pick(w: &Words) -> Markup {
    let item = |id: &str, place: &str, done, note| PickItem {
        id: id.to_owned(),
        place: Some(place.to_owned()),
        name: w.t("sample-product"),
        sku: "TEA-100".to_owned(),
        quantity: w.ta("sample-pieces", &[("count", Arg::from(2))]),
        done,
        note,
        actions: (!done).then(|| {
            html! {
                (button(w.t("sample-taken")).primary().big().icon(Icon::Check))
                (button(w.t("sample-not-there")).big())
            }
        }),
    };
    html! {
        div.row { (icon(Icon::ScanLine)) }
        (pick_list(w, &w.t("sample-pick"), &[
            item("pick-1", "A-03-2", true, None),
            item("pick-2", "B-11-4", false, Some((Tone::Warn, w.t("sample-fragile")))),
            item("pick-3", "C-01-1", false, None),
        ]))
    }
}
