use axum::{extract::State, response::Response};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{
    Fault, Id, Kind, Result,
    money::{Currency, Money},
};
use takt_orders::{
    VouchForMoney,
    receipt::{Evidence, VerifiedReceipt},
};
use takt_staff::{Caller, PageHead, people, see_other_saying};
use takt_ui::{
    Column, FormErrors, Row, Table, Words, button, card, crumbs, details, field, pairs, post_button, split,
};
use takt_web::{Answer, Form, Path, Query, Web};

use super::{
    line_choice::{Chosen, accept_form, split_form},
    words,
};
use crate::{
    import::{self, BankLineId, LineState},
    invoices::{self, Invoice, InvoiceId},
    queries::{self, Listed},
    refunds,
    rights::{MatchMoney, SeeMoney},
    settle::{self, StandingAllocation},
};

/// Everything the page of one bank line shows.
struct LineView {
    listed: Listed,
    /// Proposed invoices with what accepting them would allocate.
    candidates: Vec<(Invoice, Money, Vec<takt_payments_matching::Reason>)>,
    found: Vec<Invoice>,
    paid: Vec<StandingAllocation>,
    evidence: Option<(Evidence, Option<String>)>,
    /// Receipts that a reversal may be of.
    taken_back: Vec<import::BankLine>,
    q: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    /// An invoice or order number that the accountant looks for.
    q: String,
}

pub(super) async fn show(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<BankLineId>,
    Query(asked): Query<Asked>,
) -> Answer {
    page(&caller, &web, id, asked.q, &FormErrors::none()).await
}

async fn page(caller: &Caller, web: &Web, id: BankLineId, q: String, errors: &FormErrors) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let view = web.db.read("payments.line", move |r| load(r, &scope, id, q)).await?;
    let w = caller.words(web);
    let may = caller.may_in::<MatchMoney>(view.listed.company);
    let head = PageHead::new(w.money(view.listed.line.amount))
        .path(format!("/money/lines/{id}"))
        .crumbs(crumbs(&[(&w.t("payments-title"), Some("/money")), (&w.t("payments-line"), None)]));
    let body = split(main(&w, &view, may, errors), side(&w, &view));
    Ok(if errors.is_empty() { caller.page(web, head, body) } else { caller.refused_page(web, head, body) })
}

fn load(
    db: &mut dyn takt_store::Query,
    scope: &takt_staff::Scope,
    id: BankLineId,
    q: String,
) -> Result<LineView> {
    let listed = queries::visible_line(db, scope, id)?;
    let company = listed.company;
    let mut candidates = Vec::new();
    for candidate in &listed.line.candidates {
        let invoice = invoices::get(db, company, Id::new(candidate.invoice))?;
        candidates.push((invoice, candidate.amount, candidate.reasons.clone()));
    }
    let found = if q.trim().is_empty() { Vec::new() } else { invoices::by_number(db, company, &q)? };
    let paid = settle::standing_allocations(db, company, id)?;
    let evidence = match VerifiedReceipt::kept(db, company, id.get())? {
        Some(receipt) => {
            let name = match receipt.evidence() {
                Evidence::Vouched { person, .. } => people::names(db, &[*person])?.remove(person),
                Evidence::TwoPersons { first, second } => {
                    let names = people::names(db, &[*first, *second])?;
                    let both: Vec<String> =
                        [first, second].iter().filter_map(|person| names.get(person).cloned()).collect();
                    Some(both.join(", "))
                }
                Evidence::Signed { .. } | Evidence::AuthenticatedChannel { .. } => None,
            };
            Some((receipt.evidence().clone(), name))
        }
        None => None,
    };
    let taken_back = refunds::candidates(db, company, &listed.line)?;
    Ok(LineView { listed, candidates, found, paid, evidence, taken_back, q })
}

fn main(w: &Words, view: &LineView, may: bool, errors: &FormErrors) -> Markup {
    let line = &view.listed.line;
    let open =
        matches!(line.outcome.state, LineState::Suggested | LineState::Other) && line.left().is_positive();
    html! {
        (errors.summary(w))
        (card(w.t("payments-what-happened")).body(html! {
            p.row { (words::state(w, line.outcome.state)) span { (words::outcome(w, &line.outcome)) } }
            (words::reasons(w, &line.reasons))
            (words::rules_looked(w, &line.reasons))
        }).actions(html! {
            @if may && import::UNCLEAR.contains(&line.outcome.code.as_str()) {
                (post_button(
                    &format!("/money/lines/{}/count-apart", line.id),
                    &[],
                    button(w.t("payments-count-apart")).small(),
                ))
            }
        }))
        @if !view.taken_back.is_empty() { (reversal(w, view, may)) }
        @if !view.paid.is_empty() || line.credit.is_positive() { (paid(w, view, may)) }
        @if open {
            (candidates(w, view, may))
            @if may {
                (split_form(w, line, view.candidates.iter().map(|(invoice, ..)| invoice).chain(&view.found)))
                (search(w, view))
            }
        }
    }
}

/// Which receipt the bank took back.
fn reversal(w: &Words, view: &LineView, may: bool) -> Markup {
    let id = view.listed.line.id;
    let body = html! {
        p { (w.t("payments-reversal-hint")) }
        @for receipt in &view.taken_back {
            p.row {
                a href={ "/money/lines/" (receipt.id) } { (w.money(receipt.amount)) }
                span { (words::day(w, receipt.document.booked_on.as_deref())) }
                span { (receipt.document.payer.name) }
                @if may {
                    (post_button(
                        &format!("/money/lines/{id}/reverse"),
                        &[("receipt", &receipt.id.to_string())],
                        button(w.t("payments-reverse")).danger().small(),
                    ))
                }
            }
        }
    };
    card(w.t("payments-reversal-of")).body(body).render()
}

fn paid(w: &Words, view: &LineView, may: bool) -> Markup {
    let rows = view.paid.iter().map(|part| {
        Row::new([html! { (part.order_number) }, html! { (w.money(part.amount)) }])
            .href(format!("/orders/{}", part.order))
    });
    let credit = view.listed.line.credit;
    let kept = credit
        .is_positive()
        .then(|| Row::new([html! { (w.t("payments-kept-as-credit")) }, html! { (w.money(credit)) }]));
    let table = Table::new(w, w.t("payments-paid"))
        .columns([
            Column::new(w.t("payments-order")).leading(),
            Column::new(w.t("payments-amount")).numeric(),
        ])
        .rows(rows.chain(kept));
    let id = view.listed.line.id;
    let undo = post_button(
        &format!("/money/lines/{id}/undo"),
        &[],
        button(w.t("payments-undo")).danger().small().key("z"),
    );
    card(w.t("payments-paid")).body(html! { (table) }).actions(html! { @if may { (undo) } }).render()
}

fn candidates(w: &Words, view: &LineView, may: bool) -> Markup {
    let line = &view.listed.line;
    let body = html! {
        @if view.candidates.is_empty() {
            p.muted { (w.t("payments-no-candidates")) }
        }
        @for (n, (invoice, amount, reasons)) in view.candidates.iter().enumerate() {
            @if n > 0 { hr; }
            div.stack {
                (proposal(w, invoice))
                (words::reasons(w, reasons))
                @if may { (accept_form(w, line, invoice, *amount, (n == 0).then_some("a"))) }
            }
        }
    };
    let aside = post_button(
        &format!("/money/lines/{}/set-aside", line.id),
        &[],
        button(w.t("payments-set-aside")).quiet().small(),
    );
    let left = w.ta("payments-left", &[("left", w.money(line.left()).into())]);
    card(w.t("payments-candidates"))
        .note(html! { (left) })
        .body(body)
        .actions(html! { @if may && line.outcome.state == LineState::Suggested { (aside) } })
        .render()
}

fn proposal(w: &Words, invoice: &Invoice) -> Markup {
    html! {
        p.row {
            a.strong href={ "/orders/" (invoice.order) } { (invoice.order_number) }
            span.numbers { (invoice.reference) }
            span { (invoice.payer_name) }
            span.muted {
                (w.ta("payments-owed-of", &[
                    ("owed", w.money(invoice.residual).into()),
                    ("total", w.money(invoice.total).into()),
                ]))
            }
        }
    }
}

fn search(w: &Words, view: &LineView) -> Markup {
    let line = &view.listed.line;
    let least =
        |invoice: &Invoice| if invoice.residual < line.left() { invoice.residual } else { line.left() };
    let body = html! {
        form method="get" action={ "/money/lines/" (line.id) } {
            (field(w.t("payments-find-invoice"), "q").search().value(&view.q).hint(w.t("payments-find-hint")))
            (button(w.t("payments-find")))
        }
        @for invoice in &view.found {
            div.stack { (proposal(w, invoice)) (accept_form(w, line, invoice, least(invoice), None)) }
        }
        @if view.found.is_empty() && !view.q.is_empty() { p.muted { (w.t("payments-not-found")) } }
    };
    card(w.t("payments-other-invoice")).body(body).render()
}

fn side(w: &Words, view: &LineView) -> Markup {
    let line = &view.listed.line;
    let document = &line.document;
    let text = |value: &str| html! { (value) };
    let mut facts = vec![
        (w.t("payments-payer"), text(&document.payer.name)),
        (w.t("payments-inn"), text(document.payer.inn.as_deref().unwrap_or("—"))),
        (w.t("payments-payer-account"), text(&document.payer.accounts.join(", "))),
        (w.t("payments-purpose"), text(&document.purpose)),
        (w.t("payments-number"), text(&document.number)),
        (w.t("payments-booked"), text(&words::day(w, document.booked_on.as_deref()))),
    ];
    if !document.references.is_empty() {
        facts.push((w.t("payments-references"), text(&document.references.join(", "))));
    }
    facts.push((
        w.t("payments-file"),
        html! { a href={ "/money/files/" (line.import) } { (w.ta("payments-file-line", &[("place", (&document.place).into())])) } },
    ));
    let evidence = match &view.evidence {
        Some((Evidence::Vouched { file_hash, .. }, name)) => w.ta(
            "payments-evidence-vouched",
            &[
                ("name", name.as_deref().unwrap_or("—").into()),
                ("hash", file_hash.chars().take(12).collect::<String>().into()),
            ],
        ),
        Some((Evidence::Signed { key }, _)) => w.ta("payments-evidence-signed", &[("key", key.into())]),
        Some((Evidence::AuthenticatedChannel { channel }, _)) => {
            w.ta("payments-evidence-channel", &[("channel", channel.into())])
        }
        Some((Evidence::TwoPersons { .. }, names)) => {
            w.ta("payments-evidence-two-persons", &[("names", names.as_deref().unwrap_or("—").into())])
        }
        None => w.t("payments-evidence-none"),
    };
    html! {
        (card(w.t("payments-bank-says")).body(html! {
            div.stack {
                (pairs(facts))
                @if !document.extra.is_empty() {
                    (details(w.t("payments-more-of-document"), false, words::as_written(&document.extra)))
                }
            }
        }))
        (card(w.t("payments-evidence")).body(html! { p { (evidence) } }))
    }
}

/// One invoice or several.
pub(super) async fn accept(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<BankLineId>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Answer {
    let (permit, currency) = permit(&caller, &web, id).await?;
    let accepted = match Chosen::read(&sent, currency) {
        Ok(Chosen { parts, rest_to_credit, remember }) => {
            web.db
                .write("payments.accept", move |tx| {
                    let choice = settle::Choice { parts: &parts, rest_to_credit, remember };
                    settle::accept_choice(tx, &permit, id, &choice)
                })
                .await
        }
        Err(fault) => Err(fault),
    };
    answer(&caller, &web, id, accepted, "payments-accepted").await
}

pub(super) async fn set_aside(caller: Caller, State(web): State<Web>, Path(id): Path<BankLineId>) -> Answer {
    let (permit, _) = permit(&caller, &web, id).await?;
    let done = web.db.write("payments.set_aside", move |tx| settle::set_aside(tx, &permit, id)).await;
    answer(&caller, &web, id, done, "payments-was-set-aside").await
}

/// Counting a line apart means vouching for it, like uploading it.
pub(super) async fn count_apart(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<BankLineId>,
) -> Answer {
    let company = permit(&caller, &web, id).await?.0.company();
    let voucher = caller.permit::<VouchForMoney>(company)?;
    let done = web.db.write("payments.count_apart", move |tx| import::count_apart(tx, &voucher, id)).await;
    answer(&caller, &web, id, done, "payments-was-counted-apart").await
}

pub(super) async fn undo(caller: Caller, State(web): State<Web>, Path(id): Path<BankLineId>) -> Answer {
    let (permit, _) = permit(&caller, &web, id).await?;
    let done = web.db.write("payments.undo", move |tx| settle::undo(tx, &permit, id)).await;
    answer(&caller, &web, id, done, "payments-was-undone").await
}

#[derive(Deserialize)]
pub(super) struct Kept {
    /// One of the customer whose money it is.
    invoice: InvoiceId,
}

pub(super) async fn keep(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<BankLineId>,
    Form(kept): Form<Kept>,
) -> Answer {
    let (permit, _) = permit(&caller, &web, id).await?;
    let done = web
        .db
        .write("payments.keep_for_customer", move |tx| {
            let invoice = invoices::get(tx, permit.company(), kept.invoice)?;
            let customer = invoice.customer.ok_or_else(|| Fault::conflict("payments.refund_of_nobody"))?;
            settle::keep_for(tx, &permit, id, customer)
        })
        .await;
    answer(&caller, &web, id, done, "payments-accepted").await
}

#[derive(Deserialize)]
pub(super) struct TakenBack {
    receipt: BankLineId,
}

pub(super) async fn reverse(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<BankLineId>,
    Form(taken): Form<TakenBack>,
) -> Answer {
    let (permit, _) = permit(&caller, &web, id).await?;
    let done = web
        .db
        .write("payments.reverse_receipt", move |tx| refunds::reverse_receipt(tx, &permit, id, taken.receipt))
        .await;
    answer(&caller, &web, id, done, "payments-said-done").await
}

async fn permit(
    caller: &Caller,
    web: &Web,
    id: BankLineId,
) -> Result<(takt_staff::Permit<MatchMoney>, Currency)> {
    let scope = caller.scope_where::<SeeMoney>()?;
    let listed = web.db.read("payments.line", move |r| queries::visible_line(r, &scope, id)).await?;
    Ok((caller.permit::<MatchMoney>(listed.company)?, listed.line.amount.currency()))
}

async fn answer(caller: &Caller, web: &Web, id: BankLineId, done: Result<()>, said: &str) -> Answer {
    match done {
        Ok(()) => Ok::<Response, _>(see_other_saying(&format!("/money/lines/{id}"), said)),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            refused(caller, web, id, &fault).await
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn refused(caller: &Caller, web: &Web, id: BankLineId, fault: &Fault) -> Answer {
    let errors = FormErrors::from_fault(&caller.words(web), fault);
    page(caller, web, id, String::new(), &errors).await
}
