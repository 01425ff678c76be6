//! One receipt over several invoices, by a person: each invoice with its share.

use axum::extract::State;
use maud::{Markup, Render, html};
use takt_kernel::{Fault, Id, Result, money::Money};
use takt_ui::{Words, button, card, field, form};
use takt_web::{Answer, Form, Path, Web};

use super::line::{answer, permit};
use crate::{
    import::{BankLine, BankLineId},
    invoices::{Invoice, InvoiceId},
    settle::{self, Choice},
};
use takt_staff::Caller;

/// A form with a share for each invoice; shares are proposed from the first on until nothing is left.
pub(super) fn split_form<'v>(
    w: &Words,
    line: &BankLine,
    invoices: impl Iterator<Item = &'v Invoice>,
) -> Markup {
    let mut left = line.left();
    let mut rows: Vec<(&Invoice, Money)> = Vec::new();
    for invoice in invoices {
        if rows.iter().any(|(known, _)| known.id == invoice.id) {
            continue;
        }
        let share = if invoice.residual < left { invoice.residual } else { left };
        left = left.subtract(share).unwrap_or(left);
        rows.push((invoice, share));
    }
    if rows.len() < 2 {
        return html! {};
    }
    let body = html! {
        @for (invoice, share) in &rows {
            input type="hidden" name="invoice" value=(invoice.id);
            (field(
                w.ta("payments-share-of", &[
                    ("order", (&invoice.order_number).into()),
                    ("payer", (&invoice.payer_name).into()),
                    ("owed", w.money(invoice.residual).into()),
                ]),
                "amount",
            ).decimal().value(if share.is_zero() { String::new() } else { share.to_decimal_string() }))
        }
        (field(w.t("payments-rest-to-credit"), "credit").checkbox(false))
        (field(w.t("payments-remember"), "remember").checkbox(true).hint(w.t("payments-remember-hint")))
    };
    let form = form(w, format!("/money/lines/{}/split", line.id))
        .body(body)
        .actions(button(w.t("payments-accept-split")).key("s").render());
    card(w.t("payments-split")).note(html! { (w.t("payments-split-note")) }).body(form.render()).render()
}

/// `invoice` and `amount` come in pairs, in the order of the form.
pub(super) async fn split(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<BankLineId>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Answer {
    let (permit, currency) = permit(&caller, &web, id).await?;
    let done = match parsed(&sent, currency) {
        Ok(parts) => {
            let has = |name: &str| sent.iter().any(|(known, _)| known == name);
            let (rest_to_credit, remember) = (has("credit"), has("remember"));
            web.db
                .write("payments.split", move |tx| {
                    let choice = Choice { parts: &parts, rest_to_credit, remember };
                    settle::accept_choice(tx, &permit, id, &choice)
                })
                .await
        }
        Err(fault) => Err(fault),
    };
    answer(&caller, &web, id, done, "payments-accepted").await
}

fn parsed(
    sent: &[(String, String)],
    currency: takt_kernel::money::Currency,
) -> Result<Vec<(InvoiceId, Money)>> {
    let mut parts = Vec::new();
    let mut invoice: Option<InvoiceId> = None;
    for (name, value) in sent {
        match (name.as_str(), invoice) {
            ("invoice", _) => {
                let id = value.parse().map_err(|_| Fault::missing("payments.invoice_missing"))?;
                invoice = Some(Id::new(id));
            }
            ("amount", Some(id)) if !value.trim().is_empty() => {
                let amount = Money::parse(value, currency)?;
                if !amount.is_zero() {
                    parts.push((id, amount));
                }
            }
            _ => {}
        }
    }
    Ok(parts)
}
