//! How the home is drawn: on a phone first, every number a link to the very orders.

use maud::{Markup, Render, html};
use takt_kernel::CompanyId;
use takt_orders::{Holder, Stage, holder_name, shade_of};
use takt_ui::{
    Column, Icon, Row, Stat, Table, Tone, Words, card, chip, empty, link_button, muted, notice, stats,
};

use super::{
    HOME,
    behind::{self, Of},
    home::{One, View},
};
use crate::sums::{COUNTED, Deed, Sum};

pub(super) fn render(w: &Words, view: &View) -> Markup {
    if view.one.is_none() && view.companies.is_empty() {
        return empty(Icon::Store, w.t("cabinet-no-companies"), w.t("cabinet-no-companies-text"), None);
    }
    html! {
        div.home {
            (card(w.t("cabinet-in-work")).note(total(w, &view.all.in_work()))
                .body(in_work(w, view)).live("home-work", "orders"))
            (card(w.t("cabinet-burns")).body(burns(w, view)).live("home-burns", topics(view)))
            (card(w.t("cabinet-done")).flush().body(done(w, view)).live("home-done", "orders"))
            @if let Some(one) = &view.one { (answers(w, one)) }
            @if !view.companies.is_empty() { (companies(w, view)) }
        }
    }
}

fn topics(view: &View) -> String {
    let mut topics = vec!["orders"];
    topics.extend(view.burning.iter().map(|(kind, _)| kind.topic));
    topics.dedup();
    topics.join(" ")
}

fn company(view: &View) -> Option<CompanyId> {
    view.one.as_ref().filter(|one| !one.alone).map(|one| one.company)
}

fn amounts(w: &Words, sum: &Sum) -> String {
    let written: Vec<String> = sum.amounts().map(|amount| w.money(amount)).collect();
    written.join(" · ")
}

fn total(w: &Words, sum: &Sum) -> Markup {
    html! {
        span.numbers { (w.ta("cabinet-orders", &[("count", sum.orders.into())])) }
        @if sum.amounts().next().is_some() { " · " span.numbers { (amounts(w, sum)) } }
    }
}

fn in_work(w: &Words, view: &View) -> Markup {
    let stages: Vec<Stat> = Stage::IN_WORK
        .iter()
        .map(|stage| {
            let sum = view.all.stages.get(stage).cloned().unwrap_or_default();
            Stat {
                label: w.t(&format!("orders-stage-{}", stage.code())),
                value: w.number(sum.orders),
                note: Some(amounts(w, &sum)).filter(|note| !note.is_empty()),
                href: Some(behind::address(company(view), &Of::Stage(*stage), None)),
                tone: Tone::Neutral,
            }
        })
        .collect();
    let mut holders: Vec<(Holder, &Sum)> = view
        .all
        .holders
        .iter()
        .filter(|(_, sum)| sum.orders > 0)
        .map(|(holder, sum)| (*holder, sum))
        .collect();
    holders.sort_by_key(|(holder, sum)| (std::cmp::Reverse(sum.orders), *holder));
    html! {
        div.stack {
            (stats(&stages))
            @if view.one.as_ref().is_some_and(|one| one.shopless) {
                (empty(Icon::Store, w.t("cabinet-no-shops"), w.t("cabinet-no-shops-text"),
                    Some(link_button(w.t("cabinet-add-shop"), "/settings/shops").icon(Icon::Plus).primary().render())))
            } @else if holders.is_empty() {
                (empty(Icon::Inbox, w.t("cabinet-nothing-in-work"), w.t("cabinet-nothing-in-work-text"),
                    Some(link_button(w.t("cabinet-take-order"), "/orders/new").icon(Icon::Plus).render())))
            } @else {
                h3 { (w.t("cabinet-whose-turn")) }
                (shares(w, view, &holders))
            }
        }
    }
}

/// Whose turn it is, as a bar and as lines; each line leads to its orders.
fn shares(w: &Words, view: &View, holders: &[(Holder, &Sum)]) -> Markup {
    const WIDTH: i64 = 1_000;
    let all: i64 = holders.iter().map(|(_, sum)| sum.orders).sum();
    let mut passed = 0;
    let parts: Vec<(i64, i64, Holder)> = holders
        .iter()
        .map(|(holder, sum)| {
            let left = passed * WIDTH / all.max(1);
            passed += sum.orders;
            (left, passed * WIDTH / all.max(1) - left, *holder)
        })
        .collect();
    html! {
        svg.share-bar viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
            @for (left, width, holder) in parts {
                rect.(shade_of(holder).class()) x=(left) y="0" width=(width) height="10" {}
            }
        }
        ul.shares {
            @for (holder, sum) in holders {
                li {
                    a href=(behind::address(company(view), &Of::Holder(*holder), None)) {
                        (chip(holder_name(w, *holder), shade_of(*holder)))
                        span.strong.numbers { (w.number(sum.orders)) }
                        span.muted.numbers { (amounts(w, sum)) }
                    }
                }
            }
        }
    }
}

/// `1 000+` where there are perhaps more.
fn counted(w: &Words, count: i64, cut: bool) -> String {
    format!("{}{}", w.number(count), if cut { "+" } else { "" })
}

/// What there is none of says so calmly, so that nothing moves when something begins to burn.
fn burns(w: &Words, view: &View) -> Markup {
    let (all, cut) = (&view.all, view.all.cut);
    let own = [
        (Of::Late, all.late, cut.late, Tone::Bad),
        (Of::Soon, all.soon, cut.soon, Tone::Warn),
        (Of::Stuck, all.stuck, cut.stuck, Tone::Warn),
    ];
    let mut shown: Vec<Stat> = own
        .into_iter()
        .map(|(of, count, cut, tone)| Stat {
            label: w.t(&format!("cabinet-of-{}", of.code())),
            value: counted(w, count, cut),
            note: Some(w.t(&format!("cabinet-of-{}-note", of.code()))),
            href: Some(behind::address(company(view), &of, None)),
            tone: if count > 0 { tone } else { Tone::Neutral },
        })
        .collect();
    shown.extend(view.burning.iter().map(|(kind, count)| Stat {
        label: w.t(kind.label_key),
        value: counted(w, (*count).min(COUNTED), *count >= COUNTED),
        note: None,
        href: Some((kind.href)(company(view))),
        tone: if *count > 0 { Tone::Bad } else { Tone::Neutral },
    }));
    let calm = view.all.late + view.all.soon + view.all.stuck == 0
        && view.burning.iter().all(|(_, count)| *count == 0);
    html! {
        div.stack {
            @if calm { (notice(Tone::Good, w.t("cabinet-calm"))) }
            (stats(&shown))
        }
    }
}

fn done(w: &Words, view: &View) -> Markup {
    let count = |of_day: &std::collections::BTreeMap<Deed, Sum>, deed: Deed, day: i64| {
        let sum = of_day.get(&deed).cloned().unwrap_or_default();
        let href = behind::address(company(view), &Of::Deed(deed), Some(day));
        html! {
            @if sum.orders == 0 { span.muted { "0" } } @else { a.strong href=(href) { (w.number(sum.orders)) } }
        }
    };
    let money = |of_day: &std::collections::BTreeMap<Deed, Sum>, day: i64| {
        let sum = of_day.get(&Deed::Shipped).cloned().unwrap_or_default();
        let href = behind::address(company(view), &Of::Deed(Deed::Shipped), Some(day));
        let written = amounts(w, &sum);
        html! { @if written.is_empty() { span.muted { "0" } } @else { a.strong href=(href) { (written) } } }
    };
    html! {
        table.days {
            thead {
                tr {
                    th scope="col" { span.unseen { (w.t("cabinet-what")) } }
                    th scope="col" { (w.t("cabinet-yesterday")) }
                    th scope="col" { (w.t("cabinet-today")) }
                }
            }
            tbody {
                @for deed in Deed::ALL {
                    tr {
                        th scope="row" { (w.t(&format!("cabinet-deed-{}", deed.code()))) }
                        td.numbers { (count(&view.all.yesterday, deed, view.yesterday)) }
                        td.numbers { (count(&view.all.today, deed, view.today)) }
                    }
                }
                tr {
                    th scope="row" { (w.t("cabinet-revenue")) " " span.muted.small-text { (w.t("cabinet-revenue-note")) } }
                    td.numbers { (money(&view.all.yesterday, view.yesterday)) }
                    td.numbers { (money(&view.all.today, view.today)) }
                }
            }
        }
    }
}

fn answers(w: &Words, one: &One) -> Markup {
    let body = html! {
        div.stack {
            @match &one.manager {
                Some(manager) => {
                    p { (takt_ui::avatar(&manager.name)) " " span.strong { (manager.name) } }
                    @if let Some(seconds) = one.answers_in {
                        p { (w.ta("cabinet-answers-in", &[("time", w.duration(seconds).into())])) }
                    }
                    p { (muted(w.t("cabinet-answers-how"))) }
                }
                None => {
                    p { (w.t("cabinet-nobody-answers")) }
                    div {
                        (link_button(w.t("cabinet-name-manager"), format!("/settings/engagements?company={}", one.company)))
                    }
                }
            }
        }
    };
    card(w.t("staff-manager")).body(body).live("home-answers", "orders companys").render()
}

fn companies(w: &Words, view: &View) -> Markup {
    let number = |count: i64, cut: bool, tone: Tone| {
        html! { @if count == 0 { span.muted { "0" } } @else { span.strong.numbers.(if tone == Tone::Bad { "tone-bad" } else { "tone-warn" }) { (counted(w, count, cut)) } } }
    };
    let rows = view.companies.iter().map(|row| {
        let shipped = row.look.yesterday.get(&Deed::Shipped).cloned().unwrap_or_default();
        Row::new([
            html! { (row.name) },
            number(row.look.late, row.look.cut.late, Tone::Bad),
            number(row.look.soon, row.look.cut.soon, Tone::Warn),
            number(row.look.stuck, row.look.cut.stuck, Tone::Warn),
            html! { (w.number(row.look.in_work().orders)) },
            html! { (amounts(w, &shipped)) },
            html! { @if let Some(manager) = &row.manager { (manager.name) } @else { (muted(w.t("staff-manager-nobody"))) } },
        ])
        .id(format!("company-{}", row.company))
        .href(format!("{HOME}?company={}", row.company))
        .tone(if row.look.late > 0 { Tone::Bad } else { Tone::Neutral })
    });
    let table = Table::new(w, w.t("cabinet-companies"))
        .columns([
            Column::new(w.t("cabinet-company")).leading(),
            Column::new(w.t("cabinet-of-late")).numeric(),
            Column::new(w.t("cabinet-of-soon")).numeric(),
            Column::new(w.t("cabinet-of-stuck")).numeric(),
            Column::new(w.t("cabinet-in-work")).numeric(),
            Column::new(w.t("cabinet-revenue-yesterday")).numeric(),
            Column::new(w.t("staff-manager")),
        ])
        .rows(rows);
    let foot = (view.more > 0).then(|| {
        let more = i64::try_from(view.more).unwrap_or(i64::MAX);
        muted(w.ta("cabinet-more-companies", &[("count", more.into())]))
    });
    let card = card(w.t("cabinet-companies"))
        .note(html! { (w.t("cabinet-worst-first")) })
        .flush()
        .body(table.render());
    let card = match foot {
        Some(foot) => card.foot(foot),
        None => card,
    };
    card.live("home-companies", "orders").render()
}
