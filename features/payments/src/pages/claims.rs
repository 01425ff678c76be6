use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::Kind;
use takt_staff::{Caller, PageHead, see_other_saying};
use takt_store::Query as _;
use takt_ui::{FormErrors, Icon, Words, button, card, crumbs, empty, field, form, link_button};
use takt_web::{Answer, Form, Path, Web};

use super::words;
use crate::{
    claims::{self, Claim, ClaimId},
    import::BankLineId,
    rights::{MatchMoney, SeeMoney},
};

const SHOWN: i64 = 100;

/// A claim, and receipts of just its amount.
struct Shown {
    claim: Claim,
    alike: Vec<(BankLineId, String, takt_kernel::Timestamp)>,
    may: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Given {
    answer: String,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>) -> Answer {
    page(&caller, &web, &FormErrors::none()).await
}

async fn page(caller: &Caller, web: &Web, errors: &FormErrors) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let may: Vec<_> = caller.companies_where::<MatchMoney>().iter().map(|there| there.id()).collect();
    let (shown, now) = web
        .db
        .read("payments.claims", move |r| {
            let mut shown = Vec::new();
            for claim in claims::open(r, &scope, SHOWN)? {
                let alike = claims::alike(r, &claim)?;
                shown.push(Shown { may: may.contains(&claim.company), alike, claim });
            }
            Ok((shown, r.now()))
        })
        .await?;
    let w = caller.words(web);
    let nothing = empty(Icon::Check, w.t("payments-no-claims"), w.t("payments-no-claims-text"), None);
    let body = html! {
        div.stack {
            (errors.summary(&w))
            div.stack id="claims" data-live="orders bank_lines" {
                @if shown.is_empty() { (nothing) }
                @for one in &shown { (one_claim(&w, one, now)) }
            }
        }
    };
    let head = PageHead::new(w.t("payments-claims"))
        .help(Some(w.t("payments-claims-help")))
        .path("/money/claims")
        .crumbs(crumbs(&[(&w.t("payments-title"), Some("/money")), (&w.t("payments-claims"), None)]));
    Ok(if errors.is_empty() { caller.page(web, head, body) } else { caller.refused_page(web, head, body) })
}

fn one_claim(w: &Words, one: &Shown, now: takt_kernel::Timestamp) -> Markup {
    let claim = &one.claim;
    let action = format!("/money/claims/{}/close", claim.id);
    let answer = form(w, action)
        .body(html! { (field(w.t("payments-claim-answer-field"), "answer").textarea(2).hint(w.t("payments-claim-answer-hint"))) })
        .actions(html! { (button(w.t("payments-claim-close"))) });
    let body = html! {
        div.stack {
            p {
                (w.t("payments-claim-said-at")) " " (w.moment(claim.said_at, now))
                @if let Some(day) = &claim.paid_on {
                    " · " (w.ta("payments-claim-paid", &[("day", words::day(w, Some(day)).into())]))
                }
                @if !claim.words.is_empty() { " · " (claim.words) }
            }
            @if one.alike.is_empty() {
                p.muted { (w.t("payments-claim-nothing-alike")) }
            } @else {
                @for (line, payer, at) in &one.alike {
                    p {
                        (link_button(w.t("payments-claim-alike"), format!("/money/lines/{line}")).small())
                        " " (payer) " " (w.moment(*at, now))
                    }
                }
            }
            @if one.may { (answer) }
        }
    };
    let title = w.ta("payments-claim-of", &[("number", (&claim.order_number).into())]);
    card(title)
        .id(format!("claim-{}", claim.id))
        .note(html! { span.strong { (w.money(claim.amount)) } })
        .actions(link_button(w.t("payments-order"), format!("/orders/{}", claim.order)).small().render())
        .body(body)
        .render()
}

pub(super) async fn close(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<ClaimId>,
    Form(given): Form<Given>,
) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let company = web.db.read("payments.claim", move |r| claims::company_of(r, &scope, id)).await?;
    let permit = caller.permit::<MatchMoney>(company)?;
    let done =
        web.db.write("payments.close_claim", move |tx| claims::close(tx, &permit, id, &given.answer)).await;
    match done {
        Ok(()) => Ok(see_other_saying("/money/claims", "payments-claim-was-closed")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            page(&caller, &web, &FormErrors::from_fault(&caller.words(&web), &fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}
