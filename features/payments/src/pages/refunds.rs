//! Refunds: what is to go back, each with what a person does next.

use std::collections::{BTreeMap, BTreeSet};

use axum::{extract::State, http::Uri, response::Response};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_customers::CustomerId;
use takt_kernel::{
    Actor, CompanyId, Fault, Kind, PersonId, Result,
    money::{Currency, Money, Quantity},
};
use takt_orders::{Line, LineId, OrderId, ReturnedPart, Unfit, briefs};
use takt_staff::{Caller, PageHead, people, see_other_saying};
use takt_store::{Query as _, Tx};
use takt_ui::{
    Column, FormErrors, Icon, Row, Tab, Table, Tone, Words, amount, button, card, copy, crumbs, empty, field,
    form, pairs, post_button, split, status, tabs,
};
use takt_web::{Answer, Form, Path, Query, Web, see_other};

use crate::{
    credit,
    entities::EntityId,
    refunds::{self, Payee, Refund, RefundId, State as Step},
    rights::{AcceptReturns, OrderRefunds, SeeMoney},
};

const SHOWN: i64 = 200;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
}

pub(super) async fn list(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let state = Step::from_code(&asked.state).unwrap_or(Step::Payable);
    let (found, numbers, now) = web
        .db
        .read("payments.refunds", move |r| {
            let found = refunds::in_state(r, &scope, state, SHOWN)?;
            let mut numbers = BTreeMap::new();
            for company in found.iter().map(|refund| refund.company).collect::<BTreeSet<_>>() {
                let of = found.iter().filter(|refund| refund.company == company);
                let orders: Vec<OrderId> = of.filter_map(|refund| refund.order).collect();
                numbers
                    .extend(briefs(r, company, &orders)?.into_iter().map(|order| (order.id, order.number)));
            }
            Ok((found, numbers, r.now()))
        })
        .await?;
    let w = caller.words(&web);
    let steps: Vec<Tab> = Step::ALL
        .into_iter()
        .map(|shown| Tab {
            label: w.t(&format!("payments-refund-{}", shown.code())),
            href: format!("/money/refunds?state={}", shown.code()),
            active: shown == state,
            count: None,
            tone: Tone::Neutral,
        })
        .collect();
    let rows = found.iter().map(|refund| {
        Row::new([
            html! { (refund.reference()) },
            html! {
                @match refund.order.and_then(|order| Some((order, numbers.get(&order)?))) {
                    Some((order, number)) => { a href={ "/orders/" (order) } { (number) } },
                    None => { "—" },
                }
            },
            html! { (w.t(&format!("payments-cause-{}", refund.cause))) },
            html! { (refund.payee.as_ref().map_or("—", |payee| payee.name.as_str())) },
            html! { (w.moment(refund.created_at, now)) },
            amount(&w, refund.amount),
        ])
        .id(format!("refund-{}", refund.id))
        .href(format!("/money/refunds/{}", refund.id))
    });
    let table = Table::new(&w, w.t("payments-refunds"))
        .columns([
            Column::new(w.t("payments-refund")).leading(),
            Column::new(w.t("payments-order")),
            Column::new(w.t("payments-cause")),
            Column::new(w.t("payments-refund-payee")).wide(),
            Column::new(w.t("payments-came")).narrow(),
            Column::new(w.t("payments-amount")).numeric(),
        ])
        .rows(rows)
        .empty(empty(Icon::Banknote, w.t("payments-no-refunds"), w.t("payments-no-refunds-text"), None));
    let body = html! { div.stack { (tabs(&w, &w.t("payments-refunds"), &steps)) (table) } };
    let head = PageHead::new(w.t("payments-refunds"))
        .help(Some(w.t("payments-refunds-help")))
        .path("/money/refunds")
        .crumbs(crumbs(&[(&w.t("payments-title"), Some("/money")), (&w.t("payments-refunds"), None)]));
    Ok(caller.page(&web, head, body))
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Path(id): Path<RefundId>) -> Answer {
    page(&caller, &web, id, &Given::default(), &FormErrors::none()).await
}

async fn page(caller: &Caller, web: &Web, id: RefundId, given: &Given, errors: &FormErrors) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let (refund, names) = web
        .db
        .read("payments.refund", move |r| {
            let refund = refunds::visible(r, &scope, id)?;
            let people: Vec<PersonId> = [&refund.ordered_by, &refund.approved_by]
                .into_iter()
                .flatten()
                .filter_map(Actor::person)
                .collect();
            let names = people::names(r, &people)?;
            Ok((refund, names))
        })
        .await?;
    let w = caller.words(web);
    let may = caller.may_in::<OrderRefunds>(refund.company);
    let body = split(
        html! { (errors.summary(&w)) @if may { (next(&w, &refund, given, errors)) } },
        facts(&w, &refund, &names),
    );
    let head = PageHead::new(w.money(refund.amount)).path("/money/refunds").crumbs(crumbs(&[
        (&w.t("payments-title"), Some("/money")),
        (&w.t("payments-refunds"), Some("/money/refunds")),
        (&refund.reference(), None),
    ]));
    Ok(if errors.is_empty() { caller.page(web, head, body) } else { caller.refused_page(web, head, body) })
}

pub(crate) fn mark(w: &Words, state: Step) -> Markup {
    let tone = match state {
        Step::Payable | Step::Ordered => Tone::Warn,
        Step::Approved | Step::Sent => Tone::Info,
        Step::Closed => Tone::Good,
        Step::Kept => Tone::Neutral,
    };
    status(w.t(&format!("payments-refund-{}", state.code())), tone).render()
}

fn facts(w: &Words, refund: &Refund, names: &BTreeMap<PersonId, String>) -> Markup {
    let text = |value: &str| html! { (value) };
    let name = |actor: &Option<Actor>| {
        let person = actor.as_ref().and_then(Actor::person);
        person.and_then(|person| names.get(&person)).cloned().unwrap_or_else(|| "—".to_owned())
    };
    let mut rows = vec![
        (w.t("payments-refund"), copy(w, &refund.reference())),
        (w.t("payments-what-happened"), mark(w, refund.state)),
        (w.t("payments-cause"), text(&w.t(&format!("payments-cause-{}", refund.cause)))),
        (w.t("payments-refund-confirmed-sum"), text(&w.money(refund.confirmed))),
    ];
    if let Some(order) = refund.order {
        rows.push((
            w.t("payments-order"),
            html! { a href={ "/orders/" (order) } { (w.t("payments-open-order")) } },
        ));
    }
    if let Some(payee) = &refund.payee {
        rows.push((w.t("payments-refund-payee"), text(&payee.name)));
        rows.push((w.t("payments-payee-account"), copy(w, &payee.account)));
        rows.push((w.t("payments-bic"), copy(w, &payee.bic)));
        rows.push((w.t("payments-reason"), text(refund.reason.as_deref().unwrap_or("—"))));
        rows.push((w.t("payments-ordered-by"), text(&name(&refund.ordered_by))));
    }
    if refund.approved_by.is_some() {
        rows.push((w.t("payments-approved-by"), text(&name(&refund.approved_by))));
    }
    card(w.t("payments-refund")).body(pairs(rows)).render()
}

fn next(w: &Words, refund: &Refund, given: &Given, errors: &FormErrors) -> Markup {
    let href = |step: &str| format!("/money/refunds/{}/{step}", refund.id);
    let post = |step: &str, key: &str| post_button(&href(step), &[], button(w.t(key)));
    match refund.state {
        Step::Payable => {
            let fields = html! {
                (field(w.t("payments-refund-payee"), "name").value(&given.name).required().errors(errors))
                (field(w.t("payments-payee-account"), "account").value(&given.account).required().errors(errors))
                (field(w.t("payments-bic"), "bic").value(&given.bic).required().short().errors(errors))
                (field(w.t("payments-reason"), "reason").value(&given.reason).textarea(2).required().errors(errors))
            };
            let order = form(w, href("order"))
                .errors(errors)
                .body(fields)
                .actions(button(w.t("payments-order-refund")).primary().render());
            html! {
                (card(w.t("payments-order-refund")).body(order.render()))
                @if refund.customer.is_some() {
                    (card(w.t("payments-keep-as-credit"))
                        .body(html! { p { (w.t("payments-keep-hint")) } })
                        .actions(post("keep", "payments-keep-as-credit")))
                }
            }
        }
        Step::Ordered => card(w.t("payments-refund-ordered"))
            .body(html! { p { (w.t("payments-approve-hint")) } })
            .actions(
                html! { (post("approve", "payments-approve")) (post("take-back", "payments-take-back")) },
            )
            .render(),
        Step::Approved => card(w.t("payments-refund-approved"))
            .body(html! { p { (w.ta("payments-send-hint", &[("reference", refund.reference().into())])) } })
            .actions(html! { (post("sent", "payments-mark-sent")) (post("take-back", "payments-take-back")) })
            .render(),
        Step::Sent => {
            let by_hand = form(w, href("confirm"))
                .errors(errors)
                .body(html! {
                    p { (w.t("payments-confirm-hint")) }
                    (field(w.t("payments-outgoing-line"), "line").number().value(&given.line).short().errors(errors))
                })
                .actions(button(w.t("payments-confirm-refund")).render());
            html! {
                (card(w.t("payments-refund-sent")).body(by_hand.render()).actions(post("take-back", "payments-take-back")))
            }
        }
        Step::Closed | Step::Kept => html! {},
    }
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub(super) struct Given {
    name: String,
    account: String,
    bic: String,
    reason: String,
    line: String,
}

pub(super) async fn step(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<RefundId>,
    uri: Uri,
    Form(given): Form<Given>,
) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let refund = web.db.read("payments.refund", move |r| refunds::visible(r, &scope, id)).await?;
    let permit = caller.permit::<OrderRefunds>(refund.company)?;
    // Each step has a route of its own and is named by it.
    let asked = uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let wanted = given.clone();
    let done = web
        .db
        .write("payments.refund_step", move |tx| match asked.as_str() {
            "order" => {
                let payee = Payee {
                    name: wanted.name.clone(),
                    account: wanted.account.clone(),
                    bic: wanted.bic.clone(),
                };
                refunds::order(tx, &permit, id, &payee, &wanted.reason)
            }
            "approve" => refunds::approve(tx, &permit, id),
            "take-back" => refunds::take_back(tx, &permit, id),
            "sent" => refunds::mark_sent(tx, &permit, id),
            "keep" => refunds::keep_as_credit(tx, &permit, id),
            "confirm" => refunds::confirm(tx, &permit, id, wanted.line.trim().parse()?),
            _ => Err(Fault::missing("payments.refund_missing")),
        })
        .await;
    match done {
        Ok(()) => Ok::<Response, _>(see_other_saying(&format!("/money/refunds/{id}"), "payments-said-done")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let errors = FormErrors::from_fault(&caller.words(&web), &fault);
            page(&caller, &web, id, &given, &errors).await
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Deserialize)]
pub(super) struct Sum {
    amount: String,
}

pub(super) async fn claim(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(sum): Form<Sum>,
) -> Answer {
    let (company, currency) = order_of(&caller, &web, id).await?;
    let permit = caller.permit::<OrderRefunds>(company)?;
    let amount = Money::parse(&sum.amount, currency)?;
    let refund =
        web.db.write("payments.claim_refund", move |tx| refunds::claim(tx, &permit, id, amount)).await?;
    Ok(see_other(&format!("/money/refunds/{refund}")))
}

pub(super) async fn use_credit(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(sum): Form<Sum>,
) -> Answer {
    let (company, currency) = order_of(&caller, &web, id).await?;
    let permit = caller.permit::<OrderRefunds>(company)?;
    let amount = Money::parse(&sum.amount, currency)?;
    web.db.write("payments.use_credit", move |tx| credit::use_for(tx, &permit, id, amount)).await?;
    Ok(see_other_saying(&format!("/orders/{id}"), "payments-said-credit-used"))
}

/// How much of each line came back: under `line-` and its id what can be sold again, under `unfit-` what cannot, and
/// why not under `why-`.
pub(super) async fn accept_return(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<BTreeMap<String, String>>,
) -> Answer {
    let (company, _) = order_of(&caller, &web, id).await?;
    let permit = caller.permit::<AcceptReturns>(company)?;
    let parts = returned_parts(&given)?;
    // Two people, or one form sent twice, do not take the same goods back twice.
    let shown = still_away(&given)?;
    let accepted = move |tx: &mut Tx| {
        let order = takt_orders::steps::lock(tx, permit.company(), id)?;
        let lines = takt_orders::lines(tx, order.company, id)?;
        let as_shown = |line: &Line| shown.get(&line.id).is_none_or(|away| *away == line.away());
        if !lines.iter().all(as_shown) {
            return Err(Fault::conflict("payments.returned_meanwhile").arg("number", &order.number));
        }
        refunds::accept_return(tx, &permit, id, &parts)
    };
    match web.db.write("payments.accept_return", accepted).await? {
        Some(refund) => Ok(see_other(&format!("/money/refunds/{refund}"))),
        None => Ok(see_other_saying(&format!("/orders/{id}"), "payments-said-returned")),
    }
}

/// How much of each line was still away when the form was shown, under `away-` and its id.
fn still_away(given: &BTreeMap<String, String>) -> Result<BTreeMap<LineId, Quantity>> {
    let shown = given.iter().filter_map(|(name, value)| Some((name.strip_prefix("away-")?, value)));
    shown.map(|(line, value)| Ok((line.parse()?, Quantity::parse(value)?))).collect()
}

fn returned_parts(given: &BTreeMap<String, String>) -> Result<Vec<ReturnedPart>> {
    let mut parts = Vec::new();
    for (name, value) in given.iter().filter(|(_, value)| !value.trim().is_empty()) {
        let (line, is_fit) = match (name.strip_prefix("line-"), name.strip_prefix("unfit-")) {
            (Some(line), _) => (line, true),
            (None, Some(line)) => (line, false),
            (None, None) => continue,
        };
        let quantity = Quantity::parse(value)?;
        if !quantity.is_positive() {
            continue;
        }
        let why = given.get(&format!("why-{line}")).map(String::as_str).unwrap_or_default();
        let line: LineId = line.parse()?;
        parts.push(match is_fit {
            true => ReturnedPart::fit(line, quantity),
            false => ReturnedPart::unfit(line, quantity, Unfit::from_code(why)?),
        });
    }
    Ok(parts)
}

/// An order whose money the caller sees.
async fn order_of(caller: &Caller, web: &Web, id: OrderId) -> Result<(CompanyId, Currency)> {
    let scope = caller.scope_where::<SeeMoney>()?;
    let order = web.db.read("payments.order", move |r| takt_orders::get(r, &scope, id)).await?;
    Ok((order.company, order.currency))
}

#[derive(Deserialize)]
pub(super) struct CreditOut {
    entity: EntityId,
    currency: String,
    amount: String,
}

pub(super) async fn claim_credit(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<CustomerId>,
    Form(out): Form<CreditOut>,
) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let customer = web.db.read("payments.customer", move |r| takt_customers::get(r, &scope, id)).await?;
    let permit = caller.permit::<OrderRefunds>(customer.company)?;
    let amount = Money::parse(&out.amount, Currency::from_code(&out.currency)?)?;
    let claimed = move |tx: &mut Tx| refunds::claim_credit(tx, &permit, id, out.entity, amount);
    let refund = web.db.write("payments.claim_credit", claimed).await?;
    Ok(see_other(&format!("/money/refunds/{refund}")))
}
