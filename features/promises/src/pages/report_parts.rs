//! What the report is made of: pictures first, then the numbers, each leading to its orders.

use maud::{Markup, Render, html};
use takt_orders::{Holder, holder_name, shade_of};
use takt_ui::{
    BarPart, Column, FilterBar, Icon, Row, Stat, Table, Tone, Words, bar_row, button, card, empty,
    link_button, notice, post_button, progress, stats,
};

use super::{ORDERS, orders, report::View, report_places};
use crate::{
    month::Month,
    report::{Figures, Report},
    stored::{Answer as Told, hangs},
};

pub(super) fn month_name(w: &Words, month: Month) -> String {
    let number = month.number();
    let name = w.t(&format!("promises-month-{}", number % 100));
    format!("{name} {}", number / 100)
}

pub(super) fn downloads(w: &Words, view: &View) -> Markup {
    let asked = serde_html_form::to_string(view.wanted.asked()).unwrap_or_default();
    html! {
        div.row {
            (link_button(w.t("promises-all-orders"), orders::address(&view.wanted, "", "")).quiet())
            span.together {
                span.muted.small-text { (w.t("promises-csv-figures")) }
                (takt_sheets::links("/reports/promises/figures", &asked))
            }
            span.together {
                span.muted.small-text { (w.t("promises-csv-orders-file")) }
                (takt_sheets::links(ORDERS, &asked))
            }
        }
    }
}

pub(super) fn body(w: &Words, view: &View, filter: FilterBar<'_>) -> Markup {
    html! {
        (filter)
        @match &view.told {
            Told::Counted { report, since, stale } => {
                @if let Some(since) = since {
                    @let title = w.ta("promises-counted-at", &[("at", w.date_time(*since).into())]);
                    @if *stale { (notice(Tone::Info, title).body(html! { p { (w.t("promises-stale")) } }).action(ask(w, view))) }
                    @else { p.muted.small-text { (title) } }
                }
                (counted(w, view, report))
            }
            Told::Counting { done, total, asked_at } => {
                (card(w.t("promises-counting")).body(html! {
                    div.stack {
                        (progress(w, &w.t("promises-counting"), *done, *total))
                        p.muted { (w.t("promises-counting-text")) }
                        @if hangs(*asked_at, view.now) { p { (w.t("promises-counting-long")) } (ask(w, view)) }
                    }
                }))
            }
            Told::NotAsked => { (empty(Icon::History, w.t("promises-not-asked"), w.t("promises-not-asked-text"), Some(ask(w, view)))) }
        }
    }
}

fn ask(w: &Words, view: &View) -> Markup {
    let asked = view.wanted.asked();
    let fields =
        [("month", asked.month.as_str()), ("base", asked.base.as_str()), ("shop", asked.shop.as_str())];
    post_button("/reports/promises/count", &fields, button(w.t("promises-count")).primary())
}

fn counted(w: &Words, view: &View, report: &Report) -> Markup {
    if report.orders == 0 {
        return empty(Icon::History, w.t("promises-none"), w.t("promises-none-text"), None);
    }
    let before = match &view.before {
        Told::Counted { report, .. } if report.orders > 0 => Some(report),
        _ => None,
    };
    html! {
        (stats(&headline(w, view, report, before)))
        (card(w.t("promises-holders")).note(html! { (w.t("promises-holders-note")) }).body(html! {
            div.stack { (holder_chart(w, view, report, before)) (holder_table(w, view, report, before)) }
        }))
        (card(w.t("promises-links")).note(html! { (w.t("promises-links-note")) }).body(html! {
            div.stack { (link_chart(w, view, report)) (link_table(w, view, report, before)) }
        }))
        (saved(w, view, report, before))
        @if !report.rules.is_empty() {
            (card(w.t("promises-rules")).note(html! { (w.t("promises-rules-note")) }).flush().body(report_places::rule_table(w, view, report)))
        }
        @if report.places.len() > 1 {
            (card(w.t("promises-places")).flush().body(report_places::place_table(w, view, report)))
        }
    }
}

pub(super) fn percent(part: i64, whole: i64) -> String {
    format!("{}%", part * 100 / whole.max(1))
}

fn headline(w: &Words, view: &View, report: &Report, before: Option<&Report>) -> Vec<Stat> {
    let promised = report.kept() + report.missed();
    let was = |text: String| Some(w.ta("promises-was", &[("was", text.into())]));
    let share = |report: &Report| percent(report.kept(), report.kept() + report.missed());
    vec![
        Stat {
            label: w.t("promises-orders"),
            value: w.number(report.orders),
            note: before.and_then(|before| was(w.number(before.orders))),
            href: Some(orders::address(&view.wanted, "", "")),
            tone: Tone::Neutral,
        },
        Stat {
            label: w.t("promises-kept"),
            value: percent(report.kept(), promised),
            note: before.and_then(|before| was(share(before))),
            href: None,
            tone: Tone::Good,
        },
        Stat {
            label: w.t("promises-missed"),
            value: w.number(report.missed()),
            note: before.and_then(|before| was(w.number(before.missed()))),
            href: Some(orders::address(&view.wanted, "missed", "1")),
            tone: if report.missed() > 0 { Tone::Bad } else { Tone::Neutral },
        },
        Stat {
            label: w.t("promises-buyer-waited"),
            value: w.duration(report.buyers_waited.median),
            note: before.and_then(|before| was(w.duration(before.buyers_waited.median))),
            href: None,
            tone: Tone::Neutral,
        },
    ]
}

fn holder_parts(w: &Words, report: &Report) -> Vec<BarPart> {
    let whole: i64 = report.holders.values().map(|figures| figures.wall.total).sum();
    let parts = Holder::ALL.iter().filter_map(|holder| {
        let total = report.holders.get(holder)?.wall.total;
        let title = format!("{}: {} · {}", holder_name(w, *holder), w.duration(total), percent(total, whole));
        Some(BarPart::shaded(total, shade_of(*holder), title))
    });
    parts.collect()
}

/// An average order of each month as one bar, so that months of any size can be laid side by side.
fn holder_chart(w: &Words, view: &View, report: &Report, before: Option<&Report>) -> Markup {
    let whole = |report: &Report| report.holders.values().map(|figures| figures.wall.total).sum::<i64>();
    let average = |report: &Report| whole(report) / report.orders.max(1);
    let most = before.map_or(0, average).max(average(report)).max(1);
    let bar = |month: Month, report: &Report| {
        let width = i128::from(whole(report)) * i128::from(most) / i128::from(average(report).max(1));
        let width = i64::try_from(width).unwrap_or(i64::MAX);
        bar_row(&month_name(w, month), &holder_parts(w, report), width, &w.duration(average(report)))
    };
    html! {
        div.chart {
            (bar(view.wanted.month, report))
            @if let Some(before) = before { (bar(view.wanted.base, before)) }
        }
        ul.legend {
            @for holder in Holder::ALL.iter().filter(|holder| report.holders.contains_key(holder)) {
                li { span.dot.(shade_of(*holder).class()) {} (holder_name(w, *holder)) }
            }
        }
        p.muted.small-text { (w.t("promises-average-note")) }
    }
}

fn holder_table(w: &Words, view: &View, report: &Report, before: Option<&Report>) -> Markup {
    let whole: i64 = report.holders.values().map(|figures| figures.wall.total).sum();
    let rows = Holder::ALL.iter().filter_map(|holder| {
        let figures = report.holders.get(holder)?;
        let then = before.and_then(|before| before.holders.get(holder)).map(|then| then.wall.median);
        Some(Row::new([
            html! { span.dot.(shade_of(*holder).class()) {} " " (holder_name(w, *holder)) },
            html! { a href=(orders::address(&view.wanted, "holder", holder.code())) { (w.number(figures.wall.count)) } },
            html! { (w.duration(figures.wall.median)) },
            html! { @if let Some(then) = then { span.muted { (w.duration(then)) } } },
            html! { (w.duration(figures.wall.p90)) },
            html! { (percent(figures.wall.total, whole)) },
            html! { @if figures.working > 0 { (w.duration(figures.working / figures.wall.count.max(1))) } },
            html! {
                @if figures.missed > 0 {
                    a href=(orders::address(&view.wanted, "blamed", holder.code())) { (w.number(figures.missed)) }
                }
            },
        ]))
    });
    let table = Table::new(w, w.t("promises-holders"))
        .columns([
            Column::new(w.t("promises-holder")).leading(),
            Column::new(w.t("promises-orders")).numeric(),
            Column::new(w.t("promises-median")).numeric(),
            Column::new(w.t("promises-median-was")).numeric(),
            Column::new(w.t("promises-p90")).numeric(),
            Column::new(w.t("promises-share")).numeric(),
            Column::new(w.t("promises-working-each")).numeric(),
            Column::new(w.t("promises-missed")).numeric(),
        ])
        .rows(rows);
    html! { (table) }
}

fn link_chart(w: &Words, view: &View, report: &Report) -> Markup {
    let promised = report.links.iter().filter(|(.., link)| link.kept + link.missed > 0);
    html! {
        div.chart {
            @for (from, to, link) in promised {
                @let whole = link.kept + link.missed;
                @let kept = BarPart::toned(link.kept, Tone::Good, w.ta("promises-kept-of", &[("kept", w.number(link.kept).into())]));
                @let missed = BarPart::toned(link.missed, Tone::Bad, w.ta("promises-missed-of", &[("missed", w.number(link.missed).into())]))
                    .to(orders::of_link(&view.wanted, "link", (from, to), None));
                (bar_row(&view.names.link(w, from, to), &[kept, missed], whole, &percent(link.kept, whole)))
            }
        }
        ul.legend {
            li { span.dot.tone-good {} (w.t("promises-in-time")) }
            li { span.dot.tone-bad {} (w.t("promises-late")) }
        }
    }
}

fn link_table(w: &Words, view: &View, report: &Report, before: Option<&Report>) -> Markup {
    let rows = report.links.iter().map(|(from, to, link)| {
        let then = before.and_then(|before| {
            before.links.iter().find(|(was_from, was_to, _)| was_from == from && was_to == to)
        });
        let most = link.blamed.iter().max_by_key(|(holder, missed)| (**missed, std::cmp::Reverse(**holder)));
        let behind = |by: &str, mostly| orders::of_link(&view.wanted, by, (from, to), mostly);
        Row::new([
            html! { (view.names.link(w, from, to)) },
            html! { a href=(behind("passed", None)) { (w.number(link.wall.count)) } },
            html! { (w.duration(link.wall.median)) },
            html! { @if let Some((.., then)) = then { span.muted { (w.duration(then.wall.median)) } } },
            html! { (w.duration(link.wall.p90)) },
            html! { (w.duration(link.working.median)) },
            html! {
                @if link.kept > 0 {
                    a href=(behind("kept", None)) { (w.number(link.kept)) }
                } @else if link.missed > 0 {
                    (w.number(0))
                }
            },
            html! { @if link.missed > 0 { a href=(behind("link", None)) { (w.number(link.missed)) } } },
            html! {
                @if let Some((holder, missed)) = most {
                    (holder_name(w, *holder)) " · " a href=(behind("link", Some(*holder))) { (w.number(*missed)) }
                }
            },
        ])
    });
    let table = Table::new(w, w.t("promises-links"))
        .columns([
            Column::new(w.t("promises-link")).leading(),
            Column::new(w.t("promises-orders")).numeric(),
            Column::new(w.t("promises-median")).numeric(),
            Column::new(w.t("promises-median-was")).numeric(),
            Column::new(w.t("promises-p90")).numeric(),
            Column::new(w.t("promises-working-median")).numeric(),
            Column::new(w.t("promises-in-time")).numeric(),
            Column::new(w.t("promises-late")).numeric(),
            Column::new(w.t("promises-mostly")),
        ])
        .rows(rows);
    html! { (table) }
}

/// The difference of medians, said as it is counted.
fn saved(w: &Words, view: &View, report: &Report, before: Option<&Report>) -> Markup {
    let Some(before) = before else {
        let text = w.ta("promises-no-base", &[("month", month_name(w, view.wanted.base).into())]);
        return card(w.t("promises-saved")).body(html! { p.muted { (text) } }).render();
    };
    let line = |key: &str, then: Figures, now: Figures| {
        let saved = Report::saved(then, now);
        let key = if saved < 0 { format!("{key}-lost") } else { key.to_owned() };
        w.ta(
            &key,
            &[
                ("saved", w.duration(saved.abs()).into()),
                ("then", w.duration(then.median).into()),
                ("now", w.duration(now.median).into()),
                ("orders", w.number(now.count).into()),
            ],
        )
    };
    card(w.t("promises-saved"))
        .body(html! {
            div.stack {
                p { (line("promises-saved-buyers", before.buyers_waited, report.buyers_waited)) }
                p { (line("promises-saved-staff", before.staff_worked, report.staff_worked)) }
                p.muted.small-text { (w.t("promises-saved-note")) }
            }
        })
        .render()
}
