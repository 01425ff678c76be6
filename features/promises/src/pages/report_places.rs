//! The tables of the report by clause of the playbook and by shop.

use maud::{Markup, html};
use takt_kernel::{CompanyId, ShopId};
use takt_ui::{Column, Row, Table, Words};

use super::{
    REPORT, orders,
    report::{Asked, View},
    report_parts::percent,
};
use crate::report::Report;

pub(super) fn rule_table(w: &Words, view: &View, report: &Report) -> Markup {
    let rows = report.rules.iter().map(|(code, rule)| {
        let known = view.names.rule(code);
        Row::new([
            html! {
                @match known {
                    Some(known) => { a href=(known.href) { (known.clause) } " " span.muted.small-text { (code) } }
                    None => { (code) }
                }
            },
            html! { a href=(orders::address(&view.wanted, "rule", code)) { (w.number(rule.wall.count)) } },
            html! { (w.duration(rule.wall.median)) },
            html! { (w.duration(rule.wall.p90)) },
            html! { (w.number(rule.kept)) },
            html! { @if rule.missed > 0 { (w.number(rule.missed)) } },
        ])
    });
    let table = Table::new(w, w.t("promises-rules"))
        .columns([
            Column::new(w.t("promises-clause")).leading(),
            Column::new(w.t("promises-tasks")).numeric(),
            Column::new(w.t("promises-median")).numeric(),
            Column::new(w.t("promises-p90")).numeric(),
            Column::new(w.t("promises-in-time")).numeric(),
            Column::new(w.t("promises-late")).numeric(),
        ])
        .rows(rows);
    html! { (table) }
}

pub(super) fn place_table(w: &Words, view: &View, report: &Report) -> Markup {
    let rows = report.places.iter().map(|place| {
        let (company, shop) = (CompanyId::new(place.company), ShopId::new(place.shop));
        let asked = Asked { shop: shop.to_string(), ..view.wanted.asked() };
        Row::new([
            html! {
                a href={ (REPORT) "?" (serde_html_form::to_string(asked).unwrap_or_default()) } {
                    (view.names.place(company, shop))
                }
            },
            html! { (w.number(place.waited.count)) },
            html! { (w.duration(place.waited.median)) },
            html! { (w.duration(place.waited.p90)) },
            html! { (percent(place.kept, place.kept + place.missed)) },
            html! { @if place.missed > 0 { (w.number(place.missed)) } },
        ])
    });
    let table = Table::new(w, w.t("promises-places"))
        .columns([
            Column::new(w.t("promises-shop")).leading(),
            Column::new(w.t("promises-orders")).numeric(),
            Column::new(w.t("promises-buyer-waited")).numeric(),
            Column::new(w.t("promises-p90")).numeric(),
            Column::new(w.t("promises-kept")).numeric(),
            Column::new(w.t("promises-missed")).numeric(),
        ])
        .rows(rows);
    html! { (table) }
}
