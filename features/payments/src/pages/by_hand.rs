//! Receipts by hand: said by one person, confirmed by another, proved by the bank or not.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{CompanyId, Fault, Id, Kind, PersonId, Result, money::Money};
use takt_orders::VouchForMoney;
use takt_staff::{Caller, PageHead, people, see_other_saying};
use takt_store::Query as _;
use takt_ui::{
    Column, FormErrors, Row, Table, Tone, Words, button, card, crumbs, field, form, notice, post_button,
};
use takt_web::{Answer, Form, Path, Web};

use crate::{
    accounts::{self, BankAccount},
    hand::{self, HandId, HandReceipt, HandState, Said},
    rights::SeeMoney,
};

const HREF: &str = "/money/by-hand";
const EACH: i64 = 50;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Given {
    reference: String,
    account: String,
    amount: String,
    number: String,
    booked_on: String,
    payer_name: String,
    payer_account: String,
}

struct View {
    receipts: Vec<HandReceipt>,
    names: BTreeMap<PersonId, String>,
    /// Accounts whose banks are silent, of companies in which this person may vouch.
    dark: Vec<(CompanyId, BankAccount)>,
    now: takt_kernel::Timestamp,
}

pub(super) async fn list(caller: Caller, State(web): State<Web>) -> Answer {
    page(&caller, &web, &Given::default(), &FormErrors::none()).await
}

pub(super) async fn claim(caller: Caller, State(web): State<Web>, Form(given): Form<Given>) -> Answer {
    let done = claim_now(&caller, &web, &given).await;
    answered(&caller, &web, given, done, "payments-by-hand-claimed").await
}

async fn claim_now(caller: &Caller, web: &Web, given: &Given) -> Result<()> {
    let (company, said) = said(caller, web, given).await?;
    let permit = caller.permit::<VouchForMoney>(company)?;
    let reference = given.reference.clone();
    web.db
        .write("payments.by_hand_claim", move |tx| hand::claim(tx, &permit, &reference, &said).map(|_| ()))
        .await
}

pub(super) async fn confirm(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<HandId>,
    Form(given): Form<Given>,
) -> Answer {
    let done = confirm_now(&caller, &web, id, &given).await;
    answered(&caller, &web, Given::default(), done, "payments-by-hand-confirmed").await
}

async fn confirm_now(caller: &Caller, web: &Web, id: HandId, given: &Given) -> Result<()> {
    let (company, said) = said(caller, web, given).await?;
    let permit = caller.permit::<VouchForMoney>(company)?;
    web.db
        .write("payments.by_hand_confirm", move |tx| hand::confirm(tx, &permit, id, &said).map(|_| ()))
        .await
}

pub(super) async fn withdraw(caller: Caller, State(web): State<Web>, Path(id): Path<HandId>) -> Answer {
    let scope = caller.scope_where::<VouchForMoney>()?;
    let company =
        web.db.read("payments.by_hand_of", move |reader| hand::company_of(reader, &scope, id)).await?;
    let permit = caller.permit::<VouchForMoney>(company)?;
    web.db.write("payments.by_hand_withdraw", move |tx| hand::withdraw(tx, &permit, id)).await?;
    Ok(see_other_saying(HREF, "payments-by-hand-withdrawn"))
}

async fn answered(caller: &Caller, web: &Web, given: Given, done: Result<()>, key: &str) -> Answer {
    match done {
        Ok(()) => Ok(see_other_saying(HREF, key)),
        Err(fault)
            if matches!(fault.kind(), Kind::Invalid | Kind::Conflict)
                || fault.is("payments.by_hand_same_person") =>
        {
            page(caller, web, &given, &FormErrors::from_fault(&caller.words(web), &fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The account that was chosen says which company is meant.
async fn said(caller: &Caller, web: &Web, given: &Given) -> Result<(CompanyId, Said)> {
    caller.scope_where::<VouchForMoney>()?;
    let id = given.account.trim().parse::<i64>().map(Id::new);
    let id = id.map_err(|_| Fault::missing("payments.account_missing"))?;
    let companies: Vec<CompanyId> =
        caller.companies_where::<VouchForMoney>().iter().map(|there| there.id()).collect();
    let found = web
        .db
        .read("payments.by_hand_account", move |reader| {
            for company in companies {
                let own = accounts::list(reader, company)?;
                if let Some(account) = own.into_iter().find(|own| own.id == id) {
                    return Ok(Some((company, account)));
                }
            }
            Ok(None)
        })
        .await?;
    let (company, account) = found.ok_or_else(|| Fault::missing("payments.account_missing"))?;
    let amount = given.amount.replace(',', ".").split_whitespace().collect::<String>();
    let amount = Money::parse(&amount, account.currency)
        .map_err(|_| Fault::field("amount", "payments.by_hand_amount"))?;
    Ok((
        company,
        Said {
            account: account.id,
            amount,
            number: given.number.clone(),
            booked_on: given.booked_on.trim().to_owned(),
            payer_name: given.payer_name.clone(),
            payer_account: given.payer_account.clone(),
        },
    ))
}

async fn page(caller: &Caller, web: &Web, given: &Given, errors: &FormErrors) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let vouching: Vec<CompanyId> =
        caller.companies_where::<VouchForMoney>().iter().map(|there| there.id()).collect();
    let view = web
        .db
        .read("payments.by_hand", move |reader| {
            let mut receipts = Vec::new();
            for state in HandState::ALL {
                receipts.extend(hand::list(reader, &scope, state, EACH)?);
            }
            let people: Vec<PersonId> =
                receipts.iter().flat_map(|one| [Some(one.first), one.second]).flatten().collect();
            let mut dark = Vec::new();
            for company in vouching {
                for account in accounts::list(reader, company)? {
                    if !account.archived && hand::account_is_dark(reader, company, &account.account)? {
                        dark.push((company, account));
                    }
                }
            }
            Ok(View { names: people::names(reader, &people)?, receipts, dark, now: reader.now() })
        })
        .await?;
    let w = caller.words(web);
    let head = PageHead::new(w.t("payments-by-hand"))
        .help(Some(w.t("payments-by-hand-help")))
        .path(HREF)
        .crumbs(crumbs(&[(&w.t("payments-title"), Some("/money")), (&w.t("payments-by-hand"), None)]));
    let body = html! {
        div.stack {
            (errors.summary(&w))
            @if view.dark.is_empty() {
                (notice(Tone::Info, w.t("payments-by-hand-not-now")))
            } @else {
                (waiting(&w, caller, &view))
                (claim_form(&w, &view, given, errors))
            }
            (table(&w, &view))
        }
    };
    Ok(if errors.is_empty() { caller.page(web, head, body) } else { caller.refused_page(web, head, body) })
}

/// Each that waits for a second word. What the first wrote is not shown: the second says it anew.
fn waiting(w: &Words, caller: &Caller, view: &View) -> Markup {
    let name = |person: &PersonId| view.names.get(person).map_or("—", String::as_str).to_owned();
    html! {
        @for receipt in view.receipts.iter().filter(|one| one.state == HandState::Waiting) {
            (card(w.ta("payments-by-hand-of-order", &[("order", (&receipt.order_number).into())])).body(html! {
                p { (w.ta("payments-by-hand-first-said", &[("name", name(&receipt.first).into())])) }
                @if receipt.first == caller.person {
                    p.muted { (w.t("payments-by-hand-another")) }
                } @else {
                    (form(w, format!("{HREF}/{}/confirm", receipt.id))
                        .body(money_fields(w, view, &Given::default(), &FormErrors::none()))
                        .actions(button(w.ta("payments-vouch", &[("name", (&caller.name).into())])).primary().render())
                        .render())
                }
            }).actions(post_button(
                &format!("{HREF}/{}/withdraw", receipt.id),
                &[],
                button(w.t("payments-by-hand-withdraw")).quiet().small(),
            )))
        }
    }
}

fn claim_form(w: &Words, view: &View, given: &Given, errors: &FormErrors) -> Markup {
    let body = html! {
        (field(w.t("payments-by-hand-reference"), "reference").value(&given.reference).required().errors(errors))
        (money_fields(w, view, given, errors))
        (field(w.t("payments-payer"), "payer_name").value(&given.payer_name).half().errors(errors))
        (field(w.t("payments-by-hand-payer-account"), "payer_account").value(&given.payer_account).half())
    };
    let form = form(w, HREF.to_owned())
        .errors(errors)
        .body(body)
        .actions(button(w.t("payments-by-hand-claim")).primary().render());
    card(w.t("payments-by-hand-new")).body(form.render()).render()
}

fn money_fields(w: &Words, view: &View, given: &Given, errors: &FormErrors) -> Markup {
    let choice = view.dark.iter().map(|(_, account)| (account.id.to_string(), account.account.clone()));
    html! {
        (field(w.t("payments-account"), "account").select(choice).value(&given.account).required().errors(errors))
        (field(w.t("payments-amount"), "amount").value(&given.amount).required().short().errors(errors))
        (field(w.t("payments-by-hand-number"), "number").value(&given.number).required().short().errors(errors))
        (field(w.t("payments-by-hand-day"), "booked_on").value(&given.booked_on).required().short()
            .placeholder("2026-12-31").errors(errors))
    }
}

fn table<'a>(w: &'a Words, view: &View) -> Table<'a> {
    let name = |person: &PersonId| view.names.get(person).map_or("—", String::as_str).to_owned();
    let rows = view.receipts.iter().map(|receipt| {
        let tone = match receipt.state {
            HandState::Waiting | HandState::Confirmed => Tone::Warn,
            HandState::Contradicted => Tone::Bad,
            HandState::Proved => Tone::Good,
            HandState::Withdrawn => Tone::Neutral,
        };
        let both: Vec<String> = [Some(receipt.first), receipt.second].iter().flatten().map(name).collect();
        let shown = receipt.state != HandState::Waiting;
        Row::new([
            html! { a href={ "/orders/" (receipt.order) } { (receipt.order_number) } },
            html! { @if shown { (w.money(receipt.amount)) } @else { "—" } },
            html! { (both.join(", ")) },
            html! {
                (w.t(&format!("payments-by-hand-state-{}", receipt.state.code())))
                @if let Some(line) = receipt.line { " " a href={ "/money/lines/" (line) } { (w.t("payments-line")) } }
            },
            html! { (w.moment(receipt.told_at.or(receipt.second_at).unwrap_or(receipt.first_at), view.now)) },
        ])
        .id(format!("by-hand-{}", receipt.id))
        .tone(tone)
    });
    Table::new(w, w.t("payments-by-hand"))
        .columns([
            Column::new(w.t("payments-by-hand-order")).leading(),
            Column::new(w.t("payments-amount")).numeric(),
            Column::new(w.t("payments-voucher")).wide(),
            Column::new(w.t("payments-what-happened")).wide(),
            Column::new(w.t("payments-came")).narrow(),
        ])
        .rows(rows)
        .empty(takt_ui::empty(
            takt_ui::Icon::Check,
            w.t("payments-by-hand-none"),
            w.t("payments-by-hand-none-text"),
            None,
        ))
}
