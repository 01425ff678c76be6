//! What is proved of each account, day by day, and what is missing.

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{CompanyId, Id, Result, Timestamp};
use takt_staff::{Caller, Notice, PageHead};
use takt_store::Query as Reading;
use takt_ui::{Arg, Column, Row, Tab, Table, Tone, Words, badge, crumbs, notice, tabs};
use takt_web::{Answer, Query, Web};

use super::accounts::nothing as no_accounts;
use crate::{
    accounts::{self, BankAccount, BankAccountId},
    channels,
    days::day_in_zone_of,
    hand,
    proofs::{self, Day, DayState, Gap},
    readers::channel_kind,
    rights::SeeMoney,
    trouble::Trouble,
    watched_folder,
};

const DAYS: i64 = 31;
const GAPS: i64 = 100;
const HEALED: i64 = 20;

/// Stands on every page of everybody while a bank is silent.
pub(crate) fn silent_banks(db: &mut dyn Reading, companies: &[CompanyId]) -> Result<Vec<Notice>> {
    let silent = hand::silent_companies(db, companies)?;
    if silent.is_empty() {
        return Ok(Vec::new());
    }
    let mut names: Vec<String> = silent.into_iter().map(|(_, name)| name).collect();
    names.dedup();
    let args = vec![("names", names.join(", "))];
    Ok(vec![Notice { text_key: "payments-banks-silent", args, href: "/money/by-hand", topic: None }])
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    account: Option<i64>,
}

/// A way by which a bank's word comes: a channel, or a folder that files are dropped into.
struct Way {
    name: String,
    kind_key: String,
    last_good_at: Option<Timestamp>,
    problem: Option<Trouble>,
    silent: bool,
    paused: bool,
}

struct View {
    accounts: Vec<(CompanyId, BankAccount)>,
    chosen: Option<BankAccountId>,
    days: Vec<Day>,
    open: Vec<Gap>,
    healed: Vec<Gap>,
    ways: Vec<Way>,
    now: takt_kernel::Timestamp,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let companies: Vec<CompanyId> =
        caller.companies_where::<SeeMoney>().iter().map(|there| there.id()).collect();
    let view = web
        .db
        .read("payments.proofs", move |reader| {
            let mut accounts = Vec::new();
            for company in &companies {
                let own = accounts::list(reader, *company)?;
                accounts.extend(own.into_iter().filter(|own| !own.archived).map(|own| (*company, own)));
            }
            let wanted = asked.account.map(Id::new);
            let chosen =
                accounts.iter().find(|(_, account)| Some(account.id) == wanted).or(accounts.first()).cloned();
            let days = match &chosen {
                Some((company, account)) => days_of(reader, *company, account)?,
                None => Vec::new(),
            };
            Ok(View {
                chosen: chosen.map(|(_, account)| account.id),
                accounts,
                days,
                open: proofs::open(reader, &scope, GAPS)?,
                healed: proofs::healed(reader, &scope, HEALED)?,
                ways: ways(reader, &companies)?,
                now: reader.now(),
            })
        })
        .await?;
    let w = caller.words(&web);
    let head = PageHead::new(w.t("payments-proofs"))
        .help(Some(w.t("payments-proofs-help")))
        .crumbs(crumbs(&[(&w.t("payments-title"), Some("/money")), (&w.t("payments-proofs"), None)]));
    let choice: Vec<Tab> = view
        .accounts
        .iter()
        .map(|(_, account)| Tab {
            label: account.account.clone(),
            href: format!("/money/proofs?account={}", account.id),
            active: view.chosen == Some(account.id),
            count: None,
            tone: Tone::Neutral,
        })
        .collect();
    let body = html! {
        div.stack {
            @if !view.open.is_empty() {
                (gaps(&w, &w.t("payments-gaps"), &view.open, view.now))
            } @else if !view.accounts.is_empty() {
                (notice(Tone::Good, w.t("payments-nothing-missing")))
            }
            @if choice.len() > 1 { (tabs(&w, &w.t("payments-accounts"), &choice)) }
            (days(&w, &view.days, no_accounts(&w, &caller)))
            @if !view.ways.is_empty() { (ways_table(&w, &view.ways, view.now)) }
            @if !view.healed.is_empty() { (gaps(&w, &w.t("payments-gaps-healed"), &view.healed, view.now)) }
        }
    };
    Ok(caller.page(&web, head, body))
}

fn ways(db: &mut dyn Reading, companies: &[CompanyId]) -> Result<Vec<Way>> {
    let mut ways = Vec::new();
    for company in companies {
        for standing in channels::standings(db, *company)? {
            let kind = channel_kind(&db.slots(), &standing.channel.kind);
            ways.push(Way {
                name: standing.channel.name,
                kind_key: kind.map_or("payments-way-unknown", |kind| kind.name_key).to_owned(),
                last_good_at: standing.contact.last_good_at,
                problem: standing
                    .contact
                    .last_problem
                    .filter(|_| standing.contact.last_problem_at >= standing.contact.last_good_at),
                silent: standing.contact.silent_since.is_some(),
                paused: standing.channel.paused,
            });
        }
        for folder in watched_folder::list(db, *company)? {
            // One whose last file was refused speaks.
            let unread = folder.last_problem.as_ref().is_some_and(|problem| problem.file.is_none());
            ways.push(Way {
                name: folder.path,
                kind_key: "payments-folder".to_owned(),
                last_good_at: folder.last_looked_at.filter(|_| !unread),
                silent: unread,
                problem: folder.last_problem,
                paused: false,
            });
        }
    }
    Ok(ways)
}

fn ways_table<'a>(w: &'a Words, ways: &[Way], now: Timestamp) -> Table<'a> {
    let rows = ways.iter().map(|way| {
        let (text, tone) = match (way.paused, way.silent) {
            (true, _) => ("payments-way-paused", Tone::Neutral),
            (false, true) => ("payments-way-silent", Tone::Bad),
            (false, false) => ("payments-way-speaks", Tone::Good),
        };
        Row::new([
            html! { (way.name) p.muted.small-text { (w.t(&way.kind_key)) } },
            html! { @match way.last_good_at { Some(at) => (w.moment(at, now)), None => "—" } },
            html! { @if let Some(problem) = &way.problem { (problem.said(w)) } },
            badge(w.t(text), tone).render(),
        ])
        .tone(tone)
    });
    Table::new(w, w.t("payments-ways"))
        .columns([
            Column::new(w.t("payments-way")).leading(),
            Column::new(w.t("payments-way-last")),
            Column::new(w.t("payments-way-problem")).wide(),
            Column::new(w.t("payments-gap-state")).narrow(),
        ])
        .rows(rows)
}

fn days_of(db: &mut dyn Reading, company: CompanyId, account: &BankAccount) -> Result<Vec<Day>> {
    let today = day_in_zone_of(db, company)?;
    let from = today
        .parse::<jiff::civil::Date>()
        .and_then(|date| date.checked_sub(jiff::Span::new().try_days(DAYS - 1)?))
        .map_or_else(|_| today.clone(), |date| date.to_string());
    proofs::days(db, company, &account.account, account.currency, &from, &today)
}

fn gaps<'a>(w: &'a Words, title: &str, gaps: &[Gap], now: takt_kernel::Timestamp) -> Table<'a> {
    let rows = gaps.iter().map(|gap| {
        let (what, tone) = match gap.healed_at {
            Some(_) => (w.t("payments-gap-state-healed"), Tone::Good),
            None => (w.t("payments-gap-state-open"), Tone::Warn),
        };
        Row::new([
            html! { span.numbers { (gap.account) } },
            html! { (days_text(w, &gap.from, &gap.until)) },
            html! {
                (w.t(&format!("payments-gap-{}", gap.kind.code().replace('_', "-"))))
                @if let (Some(expected), Some(found)) = (gap.expected, gap.found) {
                    p.muted.small-text {
                        (w.ta("payments-gap-amounts", &[
                            ("expected", Arg::from(w.money(expected))),
                            ("found", Arg::from(w.money(found))),
                        ]))
                    }
                }
                @if let Some(line) = gap.line { p.small-text { a href={ "/money/lines/" (line) } { (w.t("payments-line")) } } }
            },
            badge(what, tone).render(),
            html! { (w.moment(gap.healed_at.unwrap_or(gap.opened_at), now)) },
        ])
        .id(format!("gap-{}", gap.id))
        .tone(tone)
    });
    Table::new(w, title)
        .columns([
            Column::new(w.t("payments-account")).leading(),
            Column::new(w.t("payments-gap-days")),
            Column::new(w.t("payments-gap-what")).wide(),
            Column::new(w.t("payments-gap-state")).narrow(),
            Column::new(w.t("payments-came")).narrow(),
        ])
        .rows(rows)
}

fn days_text(w: &Words, from: &str, until: &str) -> String {
    // At noon a day is the same day in every zone that has a bank of ours.
    let said = |day: &str| {
        format!("{day}T12:00:00Z").parse().map_or_else(|_| day.to_owned(), |noon: Timestamp| w.date(noon))
    };
    if from == until { said(from) } else { format!("{} – {}", said(from), said(until)) }
}

fn days<'a>(w: &'a Words, days: &[Day], nothing: Markup) -> Table<'a> {
    let money = |money: Option<takt_kernel::money::Money>| -> Markup {
        html! { @match money { Some(money) => (w.money(money)), None => "—" } }
    };
    let rows = days.iter().map(|day| {
        let (text, tone) = match day.state {
            DayState::Proved => ("payments-day-proved", Tone::Good),
            DayState::Missing => ("payments-day-missing", Tone::Warn),
            DayState::Unproved => ("payments-day-unproved", Tone::Neutral),
        };
        Row::new([
            html! { (days_text(w, &day.on, &day.on)) },
            money(day.opening),
            html! { (w.money(day.came)) },
            html! { (w.money(day.went)) },
            money(day.closing),
            badge(w.t(text), tone).render(),
        ])
        .tone(tone)
    });
    Table::new(w, w.t("payments-proofs"))
        .columns([
            Column::new(w.t("payments-gap-days")).leading(),
            Column::new(w.t("payments-day-opening")).numeric(),
            Column::new(w.t("payments-day-came")).numeric(),
            Column::new(w.t("payments-day-went")).numeric(),
            Column::new(w.t("payments-day-closing")).numeric(),
            Column::new(w.t("payments-gap-state")).narrow(),
        ])
        .rows(rows)
        .empty(nothing)
}
