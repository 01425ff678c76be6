use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Kind, PersonId, Result, money::Currency};
use takt_orders::VouchForMoney;
use takt_staff::{Caller, SettingsCaller, people, see_other_saying, settings_page, settings_refused};
use takt_store::Query as _;
use takt_ui::{
    Column, FormErrors, Icon, Row, Table, Words, button, card, empty, field, form, link_button, post_button,
};
use takt_web::{Answer, Form, Path, Web};

use crate::{
    accounts::{self, BankAccount, NewBankAccount},
    rights::{ManageBankAccounts, SeeMoney},
    watched_folder::{self, WatchedFolder, WatchedFolderId},
};

const HREF: &str = "/settings/bank-accounts";

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Given {
    account: String,
    bic: String,
    bank_name: String,
    holder_name: String,
    inn: String,
    correspondent_account: String,
    currency: String,
}

struct Standing {
    accounts: Vec<BankAccount>,
    folders: Vec<WatchedFolder>,
    names: BTreeMap<PersonId, String>,
    now: takt_kernel::Timestamp,
}

pub(super) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let body = body(&web, &settings, &Given::default(), &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn open(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageBankAccounts>()?;
    let opened = match parsed(&given, &settings) {
        Ok(new) => {
            let correspondent = given.correspondent_account.trim().to_owned();
            web.db
                .write("payments.open_account", move |tx| {
                    let id = accounts::open(tx, &permit, &new)?;
                    if correspondent.is_empty() {
                        return Ok(id);
                    }
                    accounts::set_correspondent(tx, &permit, id, &correspondent).map(|()| id)
                })
                .await
        }
        Err(fault) => Err(fault),
    };
    match opened {
        Ok(_) => Ok(see_other_saying(&settings.href(HREF), "payments-account-opened")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let body = body(&web, &settings, &given, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(super) async fn release(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(folder): Path<WatchedFolderId>,
) -> Answer {
    let permit = settings.permit::<VouchForMoney>()?;
    web.db.write("payments.release_folder", move |tx| watched_folder::release(tx, &permit, folder)).await?;
    Ok(see_other_saying(&settings.href(HREF), "payments-folder-released"))
}

fn parsed(given: &Given, settings: &SettingsCaller) -> Result<NewBankAccount> {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let currency = match some(&given.currency) {
        Some(code) => Currency::from_code(&code)?,
        None => settings.organisation.company.currency,
    };
    Ok(NewBankAccount {
        account: given.account.clone(),
        bic: given.bic.clone(),
        bank_name: some(&given.bank_name),
        holder_name: some(&given.holder_name),
        inn: some(&given.inn),
        currency,
    })
}

async fn body(web: &Web, settings: &SettingsCaller, given: &Given, errors: &FormErrors) -> Result<Markup> {
    settings.permit::<SeeMoney>()?;
    let company = settings.company()?;
    let standing = web
        .db
        .read("payments.accounts", move |r| {
            let folders = watched_folder::list(r, company)?;
            let people: Vec<_> = folders.iter().map(|folder| folder.person).collect();
            let names = people::names(r, &people)?;
            Ok(Standing { accounts: accounts::list(r, company)?, folders, names, now: r.now() })
        })
        .await?;
    let w = settings.words(web);
    Ok(html! {
        (account_table(&w, &standing.accounts))
        @if settings.may::<ManageBankAccounts>() { (new_form(&w, settings, given, errors)) }
        (folder_table(&w, settings, &standing))
    })
}

/// Where money is shown and there is no account that it could have come to: the way to the first one, for whoever may.
pub(super) fn nothing(w: &Words, caller: &Caller) -> Markup {
    let first = caller.may_code("payments.manage_accounts").then(|| {
        link_button(w.t("payments-add-account"), "/settings/bank-accounts").icon(Icon::Plus).render()
    });
    empty(Icon::Banknote, w.t("payments-no-accounts"), w.t("payments-no-accounts-text"), first)
}

fn account_table(w: &Words, accounts: &[BankAccount]) -> Markup {
    let rows = accounts.iter().map(|account| {
        Row::new([
            html! { span.numbers { (account.account) } },
            html! { (account.bic) },
            html! { (account.bank_name.as_deref().unwrap_or("—")) },
            html! { (account.currency) },
        ])
    });
    Table::new(w, w.t("payments-accounts"))
        .columns([
            Column::new(w.t("payments-account")).leading(),
            Column::new(w.t("payments-bic")),
            Column::new(w.t("payments-bank")).wide(),
            Column::new(w.t("payments-currency")).narrow(),
        ])
        .rows(rows)
        .empty(empty(Icon::Banknote, w.t("payments-no-accounts"), w.t("payments-no-accounts-text"), None))
        .render()
}

fn new_form(w: &Words, settings: &SettingsCaller, given: &Given, errors: &FormErrors) -> Markup {
    let fields = html! {
        (field(w.t("payments-account"), "account").value(&given.account).required().errors(errors))
        (field(w.t("payments-bic"), "bic").value(&given.bic).required().short().errors(errors))
        (field(w.t("payments-currency"), "currency").value(&given.currency).short().errors(errors)
            .placeholder(settings.organisation.company.currency.code()))
        (field(w.t("payments-bank"), "bank_name").value(&given.bank_name).half())
        (field(w.t("payments-holder"), "holder_name").value(&given.holder_name).half())
        (field(w.t("payments-inn"), "inn").value(&given.inn).short())
        (field(w.t("payments-correspondent"), "correspondent_account").value(&given.correspondent_account)
            .hint(w.t("payments-correspondent-hint")).half().errors(errors))
    };
    let form = form(w, settings.href(HREF))
        .errors(errors)
        .body(fields)
        .actions(button(w.t("payments-open-account")).primary().render());
    card(w.t("payments-new-account")).body(form.render()).render()
}

fn folder_table(w: &Words, settings: &SettingsCaller, standing: &Standing) -> Markup {
    let rows = standing.folders.iter().map(|folder| {
        let problem = folder.last_problem.as_ref().map(|problem| problem.said(w));
        let release = post_button(
            &settings.href(&format!("{HREF}/folders/{}/release", folder.id)),
            &[],
            button(w.t("payments-release")).quiet().small(),
        );
        Row::new([
            html! { (folder.path) },
            html! { (standing.names.get(&folder.person).map(String::as_str).unwrap_or("—")) },
            html! {
                @if let Some(looked) = folder.last_looked_at { (w.moment(looked, standing.now)) }
                @if let Some(problem) = problem { " " (problem) }
            },
            html! { @if settings.may::<VouchForMoney>() { (release) } },
        ])
    });
    Table::new(w, w.t("payments-folders"))
        .columns([
            Column::new(w.t("payments-folder")).leading(),
            Column::new(w.t("payments-voucher")),
            Column::new(w.t("payments-last-look")).wide(),
            Column::new("").actions(),
        ])
        .rows(rows)
        .empty(empty(Icon::Inbox, w.t("payments-no-folders"), w.t("payments-no-folders-text"), None))
        .render()
}
