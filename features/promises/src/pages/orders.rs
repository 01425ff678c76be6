//! /reports/promises/orders: the orders behind a number.

use axum::extract::State;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Result};
use takt_orders::{Holder, Milestone, OrderId, holder_name, shade_of};
use takt_staff::{Caller, PageHead};
use takt_store::Query as Reader;
use takt_ui::{BlameBar, Column, Icon, Pager, Row, Segment, Table, Tone, Words, badge, crumbs, empty};
use takt_web::{Answer, Query, Web};

use super::{
    ORDERS, REPORT,
    names::Names,
    report::{Asked as Over, Wanted},
};
use crate::result::{self, Link, Outcome, Told};

const PER_PAGE: usize = 50;
/// So many results are looked through for one page; behind them there is a way on.
const LOOKED_THROUGH: i64 = 4_000;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(flatten)]
    pub over: Over,
    /// By what: `holder`, `blamed`, `passed`, `kept`, `link`, `rule`, `missed`; nothing is all of them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub is: String,
    /// Of a link: the milestone from which it leads to that one; from wherever else.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// Of a missed link: who held most of what was too much.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mostly: String,
    /// Behind this order of this company.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
}

pub(super) struct View {
    pub asked: Asked,
    pub found: Vec<Told>,
    pub next: Option<String>,
    pub names: Names,
}

pub(super) fn address(wanted: &Wanted, by: &str, is: &str) -> String {
    link(&Asked { over: wanted.asked(), by: by.to_owned(), is: is.to_owned(), ..Asked::default() })
}

/// Orders of one link: all that went it (`passed`), in time (`kept`), or late (`link`), perhaps mostly by one holder.
pub(super) fn of_link(
    wanted: &Wanted,
    by: &str,
    (from, to): (&Milestone, &Milestone),
    mostly: Option<Holder>,
) -> String {
    let (from, is) = (from.code().to_owned(), to.code().to_owned());
    let mostly = mostly.map(|holder| holder.code().to_owned()).unwrap_or_default();
    link(&Asked { over: wanted.asked(), by: by.to_owned(), is, from, mostly, after: String::new() })
}

fn link(asked: &Asked) -> String {
    format!("{ORDERS}?{}", serde_html_form::to_string(asked).unwrap_or_default())
}

impl Asked {
    fn fits(&self, outcome: &Outcome) -> bool {
        if outcome.cancelled {
            return false;
        }
        let late = |link: &&Link| link.late.is_some_and(|late| late > 0);
        let blamed = |link: &Link, who: &str| link.blamed.is_some_and(|holder| holder.code() == who);
        let mut missed = outcome.links.iter().filter(late);
        match self.by.as_str() {
            "holder" => outcome.held.keys().any(|holder| holder.code() == self.is),
            "blamed" => missed.any(|link| blamed(link, &self.is)),
            "passed" => outcome.links.iter().any(|link| self.is_of(link)),
            "kept" => outcome.links.iter().any(|link| self.is_of(link) && link.late == Some(0)),
            "link" => {
                missed.any(|link| self.is_of(link) && (self.mostly.is_empty() || blamed(link, &self.mostly)))
            }
            "rule" => outcome.rules.iter().any(|run| run.rule == self.is),
            "missed" => missed.next().is_some(),
            _ => true,
        }
    }

    fn is_of(&self, link: &Link) -> bool {
        link.to.code() == self.is && (self.from.is_empty() || link.from.code() == self.from)
    }

    /// Where to begin: `company-order`.
    fn begin(&self) -> Option<(CompanyId, OrderId)> {
        let (company, order) = self.after.split_once('-')?;
        Some((company.parse().ok()?, order.parse().ok()?))
    }
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let wanted = asked.over.wanted(&caller, web.db.clock().now())?;
    let w = caller.words(&web);
    let (names, lang) = (Names::of_companies(&caller, wanted.scope.companies()), w.lang());
    let view = web
        .db
        .read("promises.orders", move |reader| {
            let names = names.clone().read(reader, lang)?;
            let asked = Asked { over: wanted.asked(), ..asked.clone() };
            let (found, next) = find(reader, &wanted, &asked)?;
            Ok(View { asked, found, next, names })
        })
        .await?;
    let report = format!("{REPORT}?{}", serde_html_form::to_string(&view.asked.over).unwrap_or_default());
    let head = PageHead::new(w.t("promises-orders-behind"))
        .crumbs(crumbs(&[(&w.t("promises-title"), Some(&report))]));
    Ok(caller.page(&web, head, render(&w, &view)))
}

fn find(db: &mut dyn Reader, wanted: &Wanted, asked: &Asked) -> Result<(Vec<Told>, Option<String>)> {
    let begin = asked.begin();
    let mut found = Vec::new();
    let mut looked = 0;
    let mut companies = wanted.scope.companies().to_vec();
    companies.sort_unstable();
    for company in companies {
        let mut after = match begin {
            Some((first, _)) if company < first => continue,
            Some((first, order)) if company == first => order,
            _ => OrderId::new(0),
        };
        loop {
            let page = result::of_month(db, company, wanted.month, after, LOOKED_THROUGH / 4)?;
            let Some(last) = page.last().map(|told| told.order) else { break };
            for told in page {
                looked += 1;
                after = told.order;
                let shop = wanted.shop.is_none_or(|shop| shop == told.shop);
                if shop && asked.fits(&told.outcome) {
                    found.push(told);
                }
                if found.len() >= PER_PAGE || looked >= LOOKED_THROUGH {
                    let next = Asked { after: format!("{company}-{after}"), ..asked.clone() };
                    return Ok((found, Some(link(&next))));
                }
            }
            after = last;
        }
    }
    Ok((found, None))
}

pub(super) fn render(w: &Words, view: &View) -> Markup {
    let rows = view.found.iter().map(|told| row(w, view, told));
    let table = Table::new(w, w.t("promises-orders-behind"))
        .columns([
            Column::new(w.t("orders-number")).leading(),
            Column::new(w.t("promises-finished")),
            Column::new(w.t("promises-whole")).numeric(),
            Column::new(w.t("promises-who-held")).wide(),
            Column::new(w.t("promises-missed")),
            Column::new(w.t("promises-shop")).narrow(),
        ])
        .rows(rows)
        .empty(empty(Icon::History, w.t("promises-none"), w.t("promises-none-behind"), None));
    html! {
        @if let Some(what) = heading(w, view) { p { (what) } }
        (table)
        (Pager { words: w, previous: None, next: view.next.clone(), count: None })
    }
}

fn heading(w: &Words, view: &View) -> Option<String> {
    let asked = &view.asked;
    let holder = |code: &str| {
        Holder::ALL.iter().find(|holder| holder.code() == code).map(|holder| holder_name(w, *holder))
    };
    let milestone = |code: &String| Milestone::own(code.clone());
    let what = match asked.by.as_str() {
        "holder" | "blamed" => holder(&asked.is)?,
        "passed" | "kept" | "link" if asked.from.is_empty() => view.names.milestone(w, &milestone(&asked.is)),
        "passed" | "kept" | "link" => {
            let way = view.names.link(w, &milestone(&asked.from), &milestone(&asked.is));
            holder(&asked.mostly).map_or_else(|| way.clone(), |holder| format!("{way} · {holder}"))
        }
        "rule" => {
            view.names.rule(&view.asked.is).map_or_else(|| view.asked.is.clone(), |rule| rule.clause.clone())
        }
        "missed" => String::new(),
        _ => return None,
    };
    Some(w.ta(&format!("promises-by-{}", view.asked.by), &[("what", what.into())]))
}

fn row(w: &Words, view: &View, told: &Told) -> Row {
    let outcome = &told.outcome;
    let segments: Vec<Segment> = outcome
        .held
        .iter()
        .map(|(holder, (seconds, _))| Segment {
            holder: holder_name(w, *holder),
            seconds: *seconds,
            shade: shade_of(*holder),
            note: None,
        })
        .collect();
    let late = outcome.links.iter().filter(|link| link.late.is_some_and(|late| late > 0));
    Row::new([
        html! { span.strong { (outcome.number) } @if outcome.urgent { " " (badge(w.t("orders-urgent"), Tone::Bad)) } },
        html! { (w.date_time(outcome.finished_at)) },
        html! { (w.duration(outcome.whole)) },
        html! { (BlameBar { words: w, segments: &segments }.bar()) },
        html! {
            @for link in late {
                span.small-text {
                    (view.names.milestone(w, &link.to)) " +" (w.duration(link.late.unwrap_or_default()))
                    @if let Some(holder) = link.blamed { " · " (holder_name(w, holder)) }
                } " "
            }
        },
        html! { (view.names.place(told.company, told.shop)) },
    ])
    .href(format!("/orders/{}", told.order))
}
