use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::CompanyId;
use takt_orders::VouchForMoney;
use takt_staff::{Caller, PageHead};
use takt_store::Query as _;
use takt_ui::{
    Column, Icon, Pager, Row, Tab, Table, Tone, Words, button, details, empty, field, form, link_button, tabs,
};
use takt_web::{Answer, Query, Web};

use super::{
    accounts::nothing as no_accounts,
    head::{self, MoneyView, Period},
    words,
};
use crate::{
    accounts,
    import::{BankLineId, LineState},
    queries::{self, Listed},
    rights::SeeMoney,
};

const PAGE_SIZE: i64 = 50;
const SHOWN: [LineState; 6] = [
    LineState::Suggested,
    LineState::Held,
    LineState::Posted,
    LineState::Other,
    LineState::Outgoing,
    LineState::Duplicate,
];

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    pub state: String,
    before: Option<BankLineId>,
    period: String,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let state = LineState::from_code(&asked.state).unwrap_or(LineState::Suggested);
    let period = Period::from_code(&asked.period);
    let since = period.begins(web.db.clock().now(), &caller.zone);
    let words = caller.words(&web);
    let companies: Vec<CompanyId> = caller.companies().iter().map(|there| there.id()).collect();
    let (mut lines, counts, sections, unbanked, now) = web
        .db
        .read("payments.lines", move |r| {
            let lines = queries::lines_in(r, &scope, state, asked.before, PAGE_SIZE + 1)?;
            let view = MoneyView { scope: &scope, words: &words, period, since };
            let sections: Vec<Markup> =
                head::SECTIONS.iter().map(|section| section(r, &view)).collect::<takt_kernel::Result<_>>()?;
            let unbanked = match companies[..] {
                [only] => accounts::list(r, only)?.is_empty(),
                _ => false,
            };
            Ok((lines, queries::counts(r, &scope)?, sections, unbanked, r.now()))
        })
        .await?;
    let more = lines.len() > usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
    lines.truncate(usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX));
    let next = lines
        .last()
        .filter(|_| more)
        .map(|last| format!("/money?state={}&before={}", state.code(), last.line.id));
    let w = caller.words(&web);
    let companies: BTreeMap<CompanyId, String> = match caller.companies() {
        [_] => BTreeMap::new(),
        several => several.iter().map(|there| (there.id(), there.name().to_owned())).collect(),
    };
    let steps: Vec<Tab> = SHOWN
        .into_iter()
        .map(|shown| Tab {
            label: w.t(&format!("payments-tab-{}", shown.code())),
            href: format!("/money?state={}", shown.code()),
            active: shown == state,
            count: counts.get(&shown).copied().filter(|count| *count > 0),
            tone: if shown == LineState::Suggested { Tone::Warn } else { Tone::Neutral },
        })
        .collect();
    let body = html! {
        div.stack {
            @for section in &sections { (section) }
            (upload_form(&w, &caller, false))
            (tabs(&w, &w.t("payments-title"), &steps))
            (table(&w, &lines, &companies, now).empty(if unbanked { no_accounts(&w, &caller) } else { nothing(&w, state) }))
            (Pager { words: &w, previous: None, next, count: None })
        }
    };
    let head = PageHead::new(w.t("payments-title")).actions(html! {
        (takt_sheets::links(super::lines_sheet::LIST, &format!("state={}", state.code())))
        (link_button(w.t("payments-claims"), "/money/claims").render())
        (link_button(w.t("payments-refunds"), "/money/refunds").render())
        (link_button(w.t("payments-books"), "/money/books").render())
        (link_button(w.t("payments-files"), "/money/files").render())
        (link_button(w.t("payments-proofs"), "/money/proofs").render())
    });
    Ok(caller.page(&web, head, body))
}

/// Uploading means vouching: the form says so beside its button.
pub(super) fn upload_form(w: &Words, caller: &Caller, open: bool) -> Markup {
    let companies = caller.companies_where::<VouchForMoney>();
    if companies.is_empty() {
        return html! {};
    }
    let choice = companies.iter().map(|there| (there.id().to_string(), there.name().to_owned()));
    let body = html! {
        @if companies.len() > 1 {
            (field(w.t("payments-company"), "company").select(choice).required().half())
        } @else {
            input type="hidden" name="company" value=(companies[0].id());
        }
        (field(w.t("payments-file"), "file").file(".txt,.xml").required().hint(w.t("payments-vouch-hint")))
    };
    let form = form(w, "/money/upload")
        .with_files()
        .body(body)
        .actions(
            button(w.ta("payments-vouch", &[("name", (&caller.name).into())]))
                .primary()
                .icon(Icon::Check)
                .render(),
        )
        .render();
    details(w.t("payments-upload"), open, form)
}

fn nothing(w: &Words, state: LineState) -> Markup {
    let title = w.t(&format!("payments-empty-{}", state.code()));
    empty(Icon::Banknote, title, w.t("payments-empty-text"), None)
}

fn table<'a>(
    w: &'a Words,
    lines: &[Listed],
    companies: &BTreeMap<CompanyId, String>,
    now: takt_kernel::Timestamp,
) -> Table<'a> {
    Table::new(w, w.t("payments-title"))
        .columns([
            Column::new(w.t("payments-amount")).leading(),
            Column::new(w.t("payments-payer")),
            Column::new(w.t("payments-purpose")).wide(),
            Column::new(w.t("payments-what-happened")),
            Column::new(w.t("payments-came")).narrow(),
        ])
        .rows(lines.iter().map(|listed| row(w, listed, companies, now)))
        .live("lines", "bank_lines")
}

fn row(
    w: &Words,
    listed: &Listed,
    companies: &BTreeMap<CompanyId, String>,
    now: takt_kernel::Timestamp,
) -> Row {
    let line = &listed.line;
    let party = if line.incoming == Some(false) { &line.document.payee } else { &line.document.payer };
    Row::new([
        html! { span.strong { (w.money(line.amount)) } },
        html! { (party.name) @if let Some(company) = companies.get(&listed.company) { " · " (company) } },
        html! { (line.document.purpose) },
        html! { (words::state(w, line.outcome.state)) p.muted.small-text { (words::outcome(w, &line.outcome)) } },
        html! { (w.moment(line.received_at, now)) },
    ])
    .id(format!("line-{}", line.id))
    .href(format!("/money/lines/{}", line.id))
    .tone(words::tone(line.outcome.state))
}
