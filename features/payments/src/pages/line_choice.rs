//! What a person allocates of a receipt: one invoice or several, each with its share.

use maud::{Markup, Render, html};
use takt_kernel::{
    Fault, Id, Result,
    money::{Currency, Money},
};
use takt_ui::{Words, button, card, field, form, post_button};

use crate::{
    import::BankLine,
    invoices::{Invoice, InvoiceId},
};

/// What a form sent: `invoice` and an `amount…` come in pairs, in the order of the form. The endings
/// of names keep the fields of one page apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    pub parts: Vec<(InvoiceId, Money)>,
    pub rest_to_credit: bool,
    pub remember: bool,
}

impl Chosen {
    pub fn read(sent: &[(String, String)], currency: Currency) -> Result<Self> {
        let has = |name: &str| sent.iter().any(|(known, _)| known.starts_with(name));
        let mut chosen = Self { parts: Vec::new(), rest_to_credit: has("credit"), remember: !has("once") };
        let mut invoice: Option<InvoiceId> = None;
        for (name, value) in sent {
            if name == "invoice" {
                let id = value.parse().map_err(|_| Fault::missing("payments.invoice_missing"))?;
                invoice = Some(Id::new(id));
            } else if let Some(id) = invoice
                && name.starts_with("amount")
                && !value.trim().is_empty()
            {
                let amount = Money::parse(value, currency)?;
                if !amount.is_zero() {
                    chosen.parts.push((id, amount));
                }
            }
        }
        Ok(chosen)
    }
}

/// One proposed invoice; `key` accepts it.
pub(super) fn accept_form(
    w: &Words,
    line: &BankLine,
    invoice: &Invoice,
    amount: Money,
    key: Option<&'static str>,
) -> Markup {
    let submit = button(w.t("payments-accept")).primary();
    let submit = match key {
        Some(key) => submit.key(key),
        None => submit,
    };
    let body = html! {
        input type="hidden" name="invoice" value=(invoice.id);
        (field(w.t("payments-amount"), format!("amount.{}", invoice.id)).decimal().value(amount.to_decimal_string()).short())
        (choices(w, &invoice.id.to_string()))
    };
    let keep = post_button(
        &format!("/money/lines/{}/keep", line.id),
        &[("invoice", &invoice.id.to_string())],
        button(w.t("payments-keep-for-customer")).quiet().small(),
    );
    html! {
        (form(w, format!("/money/lines/{}/accept", line.id)).body(body).actions(submit.render()))
        @if invoice.customer.is_some() { (keep) }
    }
}

fn choices(w: &Words, ending: &str) -> Markup {
    html! {
        (field(w.t("payments-rest-to-credit"), format!("credit.{ending}")).checkbox(false))
        (field(w.t("payments-once"), format!("once.{ending}")).checkbox(false))
    }
}

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
                format!("amount.split.{}", invoice.id),
            ).decimal().value(if share.is_zero() { String::new() } else { share.to_decimal_string() }))
        }
        (choices(w, "split"))
    };
    let form = form(w, format!("/money/lines/{}/accept", line.id))
        .body(body)
        .actions(button(w.t("payments-accept-split")).key("s").render());
    card(w.t("payments-split")).note(html! { (w.t("payments-split-note")) }).body(form.render()).render()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_belong_to_the_invoice_before_them_and_empty_ones_are_none() {
        let sent = |fields: &[(&str, &str)]| -> Result<Chosen> {
            let fields: Vec<(String, String)> =
                fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            Chosen::read(&fields, Currency::RUB)
        };
        let rub = |minor: i64| Money::new(minor, Currency::RUB);
        let chosen = sent(&[
            ("amount", "9"),
            ("invoice", "7"),
            ("amount.split.7", "5,00"),
            ("invoice", "8"),
            ("amount.split.8", " "),
            ("invoice", "9"),
            ("amount.split.9", "0"),
            ("credit.split", "on"),
        ]);
        let expected = Chosen { parts: vec![(Id::new(7), rub(500))], rest_to_credit: true, remember: true };
        assert_eq!(chosen.expect("a choice"), expected);
        assert!(!sent(&[("once.7", "on")]).expect("a choice").remember);
        assert!(sent(&[("invoice", "x")]).is_err());
        assert!(sent(&[("invoice", "7"), ("amount", "много")]).is_err());
    }
}
