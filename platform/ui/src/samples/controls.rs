//! Buttons, marks, messages, numbers, overlays.

use maud::{Markup, html};
use takt_kernel::money::{Currency, Money};

use super::Sample;
use crate::{
    Icon, Shade, Stat, Tab, Tone, Words, amount, avatar, badge, button, chip, copy, details, dialog,
    dialog_button, empty, keys, link_button, menu, more, muted, notice, post_button, progress, stats, status,
    tabs,
};

pub(super) const SAMPLES: &[Sample] = &[
    Sample { name: "parts/buttons", render: buttons },
    Sample { name: "parts/marks", render: marks },
    Sample { name: "parts/notices", render: notices },
    Sample { name: "parts/numbers", render: numbers },
    Sample { name: "parts/tabs", render: some_tabs },
    Sample { name: "parts/overlays", render: overlays },
    Sample { name: "parts/empty", render: nothing_yet },
];

fn buttons(w: &Words) -> Markup {
    html! {
        div.row {
            (button(w.t("sample-confirm")).primary().icon(Icon::Check).key("d"))
            (button(w.t("sample-defer")).icon(Icon::AlarmClock))
            (button(w.t("sample-cancel")).danger())
            (link_button(w.t("sample-open"), "#").quiet())
            (button(w.t("sample-confirm")).disabled(true))
            (button(w.t("sample-search")).icon(Icon::Search).icon_only())
        }
        div.row {
            (button(w.t("sample-confirm")).primary().small())
            (button(w.t("sample-defer")).small())
            (button(w.t("sample-cancel")).danger().small())
            (link_button(w.t("sample-open"), "#").quiet().small().icon(Icon::ExternalLink))
            (post_button("#", &[("id", "42")], button(w.t("sample-defer")).small()))
        }
        (button(w.t("sample-confirm")).primary().big().icon(Icon::Package))
    }
}

fn marks(w: &Words) -> Markup {
    let word = w.t("sample-status");
    html! {
        div.row { @for tone in Tone::ALL { (badge(&word, tone)) } }
        div.row { @for tone in Tone::ALL { (status(&word, tone)) } }
        div.row { @for shade in Shade::ALL { (chip(w.t("sample-shop"), shade)) } }
        div.row {
            (avatar(&w.t("sample-person"))) (avatar(&w.t("sample-person-two")))
            (keys("g o")) (keys("j")) (copy(w, "TK-1042-7")) (muted(w.t("sample-note")))
        }
        div.row {
            @for minor in [1_072_870, 0, -19_950] { (amount(w, Money::new(minor, Currency::RUB))) }
            (amount(w, Money::new(123_456_789, Currency::EUR)))
        }
    }
}

fn notices(w: &Words) -> Markup {
    html! {
        div.stack {
            @for tone in [Tone::Info, Tone::Good, Tone::Warn, Tone::Bad] {
                (notice(tone, w.t("sample-notice-title")).body(html! { (w.t("sample-notice-text")) })
                    .action(html! { (link_button(w.t("sample-open"), "#").small()) }))
            }
            (notice(Tone::Neutral, w.t("sample-notice-title")))
        }
    }
}

fn numbers(w: &Words) -> Markup {
    let stat = |value: i64, tone, note| Stat {
        label: w.t("sample-stat"),
        value: w.number(value),
        note,
        href: Some("#".to_owned()),
        tone,
    };
    html! {
        (stats(&[
            stat(128, Tone::Neutral, None),
            stat(3, Tone::Bad, Some(w.t("sample-note"))),
            stat(41_802, Tone::Good, None),
            stat(0, Tone::Neutral, Some(w.t("sample-note"))),
        ]))
        (progress(w, &w.t("sample-progress"), 126, 128))
        (progress(w, &w.t("sample-progress"), 0, 1200))
    }
}

pub(super) fn some_tabs(w: &Words) -> Markup {
    let tab =
        |active, count, tone| Tab { label: w.t("sample-tab"), href: "#".to_owned(), active, count, tone };
    tabs(
        w,
        &w.t("sample-tab"),
        &[
            tab(true, Some(128), Tone::Neutral),
            tab(false, Some(3), Tone::Bad),
            tab(false, Some(0), Tone::Neutral),
            tab(false, Some(1204), Tone::Neutral),
            tab(false, None, Tone::Neutral),
        ],
    )
}

fn overlays(w: &Words) -> Markup {
    html! {
        div.row {
            (dialog_button("sample-dialog", button(w.t("sample-defer"))))
            (menu("sample-menu", button(w.t("ui-more")).icon(Icon::Ellipsis).icon_only(), &[
                html! { a.menu-item href="#" { span { (w.t("sample-open")) } } },
                post_button("#", &[], button(w.t("sample-cancel")).quiet()),
            ]))
            (more(w, html! {
                (link_button(w.t("sample-open"), "#"))
                (post_button("#", &[], button(w.t("sample-cancel")).icon(Icon::X).danger()))
            }))
        }
        (dialog(w, "sample-dialog", &w.t("sample-defer"), html! { p { (w.t("sample-notice-text")) } }))
        (details(w.t("sample-details"), false, html! { p { (w.t("sample-notice-text")) } }))
        (details(w.t("sample-details"), true, html! { p { (w.t("sample-notice-text")) } }))
    }
}

fn nothing_yet(w: &Words) -> Markup {
    empty(
        Icon::Inbox,
        w.t("sample-empty-title"),
        w.t("sample-empty-text"),
        Some(html! { (link_button(w.t("sample-open"), "#").primary()) }),
    )
}
