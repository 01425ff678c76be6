//! The books: what each kind of account came to, per entity and currency, and the entries of one account
//! down to the order or bank line that each is from.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_customers::CustomerId;
use takt_kernel::{CompanyId, Fault, Result, money::Currency};
use takt_staff::{Caller, PageHead};
use takt_ui::{Column, Icon, Pager, Row, Table, Words, amount, copy, crumbs, empty, link_button, pairs};
use takt_web::{Answer, Query, Web};

use super::words;
use crate::{
    accounts::{self, BankAccount},
    entities::{self, EntityId, LegalEntity},
    journal::{
        Account,
        balances::{self, AccountEntry, Standing},
        chain,
    },
    origins,
    rights::SeeMoney,
};

const PAGE_SIZE: i64 = 100;
const IN_FILE: i64 = 100_000;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    company: Option<CompanyId>,
    kind: String,
}

/// The company that was asked for, or the first whose money the reader sees.
fn company_of(caller: &Caller, asked: Option<CompanyId>) -> Result<CompanyId> {
    let seen = caller.companies_where::<SeeMoney>();
    let found = match asked {
        Some(asked) => seen.iter().find(|company| company.id() == asked),
        None => seen.first(),
    };
    match found {
        Some(company) => Ok(company.id()),
        // Says why, as for every page of money.
        None => caller.scope_where::<SeeMoney>().and(Err(Fault::missing("payments.no_such_account"))),
    }
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let company = company_of(&caller, asked.company)?;
    let kind = Some(asked.kind).filter(|kind| !kind.is_empty());
    let of_kind = kind.clone();
    let (standings, names, head) = web
        .db
        .read("payments.books", move |r| {
            let standings = balances::standings(r, company, of_kind.as_deref())?;
            let written = standings.iter().map(|standing| standing.account.as_str());
            let names = Names::of(r, company, written)?;
            Ok((standings, names, chain::head(r, company)?))
        })
        .await?;
    let w = caller.words(&web);
    let title = kind.as_deref().map_or_else(|| w.t("payments-books"), |kind| kind_name(&w, kind));
    let body = html! {
        div.stack {
            (trial(&w, company, &names, &standings, kind.is_none())?)
            @if let Some((number, hash)) = head {
                (pairs([
                    (w.t("payments-sealed"), html! { (w.number(number)) }),
                    (w.t("payments-chain-head"), copy(&w, &hash)),
                ]))
                p.muted.small-text { (w.t("payments-chain-hint")) }
            }
        }
    };
    let books = w.t("payments-books");
    let up = if kind.is_some() { Some("/money/books") } else { None };
    let mut steps = vec![(w.t("payments-title"), Some("/money")), (books, up)];
    if kind.is_some() {
        steps.push((title.clone(), None));
    }
    let steps: Vec<(&str, Option<&str>)> = steps.iter().map(|(text, href)| (text.as_str(), *href)).collect();
    let head = PageHead::new(title).path("/money/books").help(Some(w.t("payments-books-help")));
    Ok(caller.page(&web, head.crumbs(crumbs(&steps)), body))
}

/// What people call entities and accounts.
struct Names {
    entities: Vec<LegalEntity>,
    own: Vec<BankAccount>,
    customers: BTreeMap<CustomerId, String>,
}

impl Names {
    fn of<'a>(
        db: &mut dyn takt_store::Query,
        company: CompanyId,
        written: impl Iterator<Item = &'a str>,
    ) -> Result<Self> {
        let ids: Vec<CustomerId> = written.filter_map(customer_of).collect();
        let customers = takt_customers::briefs(db, company, &ids)?;
        Ok(Self {
            entities: entities::list(db, company)?,
            own: accounts::list(db, company)?,
            customers: customers.into_iter().map(|customer| (customer.id, customer.name)).collect(),
        })
    }

    fn entity(&self, id: EntityId) -> String {
        let found = self.entities.iter().find(|entity| entity.id == id);
        found.map_or_else(|| "—".to_owned(), |entity| entity.described.name.clone())
    }

    /// `bank:17` as the number of that account.
    fn account(&self, w: &Words, written: &str) -> String {
        let name = kind_name(w, Account::kind_of(written));
        let of = match Account::parse(written) {
            Ok(Account::Bank(id)) => self.own.iter().find(|own| own.id == id).map(|own| own.account.clone()),
            Ok(Account::VatPayable(rate)) => Some(format!("{rate}\u{a0}%")),
            Ok(_) | Err(_) => customer_of(written)
                .map(|id| self.customers.get(&id).cloned().unwrap_or_else(|| id.to_string())),
        };
        of.map_or_else(|| name.clone(), |of| format!("{name} · {of}"))
    }
}

fn customer_of(written: &str) -> Option<CustomerId> {
    match Account::parse(written) {
        Ok(Account::Receivable(of) | Account::CustomerCredit(of) | Account::RefundPayable(of)) => of,
        Ok(_) | Err(_) => None,
    }
}

fn kind_name(w: &Words, kind: &str) -> String {
    w.t(&format!("payments-account-{}", kind.replace('_', "-")))
}

fn trial(
    w: &Words,
    company: CompanyId,
    names: &Names,
    standings: &[Standing],
    by_kind: bool,
) -> Result<Markup> {
    let mut rows = Vec::new();
    for standing in standings {
        let currency = standing.debit.currency();
        let href = if by_kind && has_parts(&standing.account) {
            format!("/money/books?company={company}&kind={}", standing.account)
        } else {
            format!(
                "/money/books/account?company={company}&entity={}&account={}&currency={currency}",
                standing.entity, standing.account
            )
        };
        rows.push(
            Row::new([
                html! { (names.account(w, &standing.account)) },
                html! { (names.entity(standing.entity)) },
                amount(w, standing.debit),
                amount(w, standing.credit),
                amount(w, standing.balance()?),
            ])
            .href(href),
        );
    }
    let nothing = empty(Icon::Banknote, w.t("payments-no-entries"), w.t("payments-no-entries-text"), None);
    Ok(Table::new(w, w.t("payments-books"))
        .columns([
            Column::new(w.t("payments-books-account")).leading(),
            Column::new(w.t("payments-entity")).wide(),
            Column::new(w.t("payments-debit")).numeric(),
            Column::new(w.t("payments-credit")).numeric(),
            Column::new(w.t("payments-balance")).numeric(),
        ])
        .rows(rows)
        .empty(nothing)
        .render())
}

/// Accounts of many: one for each customer, bank account or rate.
fn has_parts(kind: &str) -> bool {
    matches!(kind, "bank" | "receivable" | "customer_credit" | "refund_payable" | "vat_payable")
}

#[derive(Deserialize)]
pub(super) struct AskedAccount {
    company: Option<CompanyId>,
    entity: EntityId,
    account: String,
    currency: String,
    before: Option<i64>,
    #[serde(default)]
    format: String,
}

pub(super) async fn account(
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<AskedAccount>,
) -> Answer {
    let company = company_of(&caller, asked.company)?;
    let account = Account::parse(&asked.account)?;
    let currency = Currency::from_code(&asked.currency)?;
    let (entity, before) = (asked.entity, asked.before);
    let as_file = asked.format == "csv";
    let limit = if as_file { IN_FILE + 1 } else { PAGE_SIZE + 1 };
    let written = asked.account.clone();
    let (mut entries, hrefs, names) = web
        .db
        .read("payments.account_entries", move |r| {
            let entries = balances::entries(r, company, entity, account, currency, before, limit)?;
            let shown = if as_file { &[][..] } else { &entries[..] };
            let hrefs = origins::of(r, company, shown)?;
            Ok((entries, hrefs, Names::of(r, company, std::iter::once(written.as_str()))?))
        })
        .await?;
    let w = caller.words(&web);
    if as_file {
        let more = entries.len() as i64 > IN_FILE;
        entries.truncate(usize::try_from(IN_FILE).unwrap_or(usize::MAX));
        return Ok(file(&w, &entries, more));
    }
    let more = entries.len() as i64 > PAGE_SIZE;
    entries.truncate(usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX));
    let here = format!(
        "/money/books/account?company={company}&entity={entity}&account={}&currency={currency}",
        asked.account
    );
    let next = entries.last().filter(|_| more).map(|last| format!("{here}&before={}", last.number));
    let title = names.account(&w, &asked.account);
    let rows = entries.iter().zip(&hrefs).map(|(entry, href)| {
        let row = Row::new([
            html! { (w.number(entry.number)) },
            html! { (words::day(&w, Some(&entry.effective_on))) },
            html! { (deed(&w, entry)) },
            amount(&w, entry.amount),
            amount(&w, entry.balance),
        ]);
        match href {
            Some(href) => row.href(href),
            None => row,
        }
    });
    let table = Table::new(&w, title.clone())
        .columns([
            Column::new("№").leading(),
            Column::new(w.t("payments-day")),
            Column::new(w.t("payments-deed")).wide(),
            Column::new(w.t("payments-amount")).numeric(),
            Column::new(w.t("payments-balance")).numeric(),
        ])
        .rows(rows)
        .empty(empty(Icon::Banknote, w.t("payments-no-entries"), w.t("payments-no-entries-text"), None));
    let body = html! {
        div.stack {
            p.muted { (names.entity(entity)) " · " (currency) }
            (table)
            (Pager { words: &w, previous: None, next, count: None })
        }
    };
    let head = PageHead::new(title.clone())
        .path("/money/books")
        .crumbs(crumbs(&[
            (&w.t("payments-title"), Some("/money")),
            (&w.t("payments-books"), Some("/money/books")),
            (&title, None),
        ]))
        .actions(link_button("CSV", format!("{here}&format=csv")).render());
    Ok(caller.page(&web, head, body))
}

fn deed(w: &Words, entry: &AccountEntry) -> String {
    w.t(&format!("payments-deed-{}", entry.kind.replace('_', "-")))
}

/// For a spreadsheet, from the first entry on. When there are more than a file takes it says so itself: those before
/// are given for `before`.
fn file(w: &Words, entries: &[AccountEntry], more: bool) -> Response {
    let mut text = String::from("\u{feff}number;date;what;source;amount;balance;currency\r\n");
    if let Some(first) = entries.last().filter(|_| more) {
        let said = w.ta("payments-file-goes-back", &[("before", first.number.to_string().into())]);
        text.push_str(&format!(";;\"{}\";;;;\r\n", said.replace('"', "\"\"")));
    }
    for entry in entries.iter().rev() {
        let line = [
            entry.number.to_string(),
            entry.effective_on.clone(),
            format!("\"{}\"", deed(w, entry).replace('"', "\"\"")),
            entry.source.clone(),
            entry.amount.to_decimal_string(),
            entry.balance.to_decimal_string(),
            entry.amount.currency().to_string(),
        ];
        text.push_str(&line.join(";"));
        text.push_str("\r\n");
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"account.csv\"")),
    ];
    (headers, text).into_response()
}
