//! The invoice as a paper: for the printer, for the buyer's page, for a letter.

mod figures;

use std::sync::{Arc, LazyLock};

use maud::{Markup, html};
use takt_kernel::{
    Result, Timestamp,
    money::{Money, VatRate},
};
use takt_orders::{
    Line, Order,
    buyer::{BuyerContext, BuyerDocument, Medium},
};
use takt_payments_matching::InvoiceState;
use takt_store::Query;
use takt_ui::{Lang, Texts, Words, copy};

use self::figures::{day, purpose, rate, taken_off, valid_until};
use crate::{
    code,
    in_words::in_words,
    invoices::{self, Invoice, InvoiceId},
    payee::{Payee, payee_of},
    queries::vat_by_rate,
};

pub(crate) const DOCUMENT: BuyerDocument =
    BuyerDocument { name: "invoice", title_key: "payments-invoice", render: current };

static TEXTS: LazyLock<Arc<Texts>> = LazyLock::new(|| {
    let own = crate::TEXTS.map(|(lang, source)| (Lang::parse(lang).unwrap_or_default(), source));
    Arc::new(Texts::new(takt_ui::TEXTS.into_iter().chain(own)))
});

pub(crate) struct Paper {
    invoice: Invoice,
    payee: Option<Payee>,
    /// Only of the invoice that stands for the order: what an older one listed is not kept.
    lines: Vec<Line>,
    /// The VAT inside them, for each rate that has any.
    vat: Vec<(VatRate, Money)>,
    delivery: Money,
    replaced_by: Option<Invoice>,
    valid_until: Option<Timestamp>,
    purpose: String,
    /// What a phone reads, or why there is nothing to be read.
    code: Result<String>,
}

/// The invoice that stands for the order.
fn current(db: &mut dyn Query, context: &BuyerContext<'_>, medium: Medium) -> Result<Option<Markup>> {
    let order = context.order;
    let Some(invoice) = invoices::current_of_order(db, order.company, order.id)? else { return Ok(None) };
    // Letters are written where nobody knows the texts of all features.
    let own = || Words::new(TEXTS.clone(), context.words.lang(), context.words.zone().clone());
    let words = if medium == Medium::Letter { own() } else { context.words.clone() };
    let paper = Paper::of(db, &words, order, context.lines, invoice)?;
    Ok(Some(paper.render(&words, medium)))
}

impl Paper {
    /// # Errors
    /// Faults of the store.
    pub(crate) fn of(
        db: &mut dyn Query,
        w: &Words,
        order: &Order,
        lines: &[Line],
        invoice: Invoice,
    ) -> Result<Self> {
        let replaced_by = match invoice.state {
            InvoiceState::Superseded { by } => Some(invoices::get(db, order.company, InvoiceId::new(by))?),
            InvoiceState::Open | InvoiceState::Paid | InvoiceState::Cancelled | InvoiceState::Expired => None,
        };
        let payee = payee_of(db, order.company, &invoice)?;
        let lines = if replaced_by.is_none() { lines.to_vec() } else { Vec::new() };
        let vat = vat_by_rate(&lines, invoice.total.currency())?;
        let purpose = purpose(w, order, &vat, &invoice);
        let code = match &payee {
            Some(payee) if invoice.state == InvoiceState::Open => {
                code::payload(payee, &purpose, invoice.residual)
            }
            Some(_) => Err(takt_kernel::Fault::invalid("payments.code_nothing_due")),
            None => Err(takt_kernel::Fault::invalid("payments.code_no_account")),
        };
        Ok(Self {
            valid_until: valid_until(db, order.company, &invoice)?,
            payee,
            lines,
            vat,
            delivery: order.delivery.price,
            replaced_by,
            purpose,
            code,
            invoice,
        })
    }

    pub(crate) fn title(&self, w: &Words) -> String {
        let args =
            [("number", (&self.invoice.reference).into()), ("date", day(w, &self.invoice.issued_on).into())];
        w.ta("payments-invoice-title", &args)
    }

    pub(crate) fn render(&self, w: &Words, medium: Medium) -> Markup {
        let asks = self.invoice.state == InvoiceState::Open;
        html! {
            article.paper lang=(w.lang()) {
                (self.standing(w))
                @if let Some(payee) = &self.payee { (requisites(w, payee)) }
                h2 { (self.title(w)) }
                @if let Some(payee) = &self.payee { p { (w.t("payments-supplier")) ": " (party(w, payee)) } }
                p {
                    (w.t("payments-buyer")) ": " (self.invoice.payer_name)
                    @if let Some(inn) = &self.invoice.payer_inn { ", " (w.t("payments-inn")) " " (inn) }
                }
                p {
                    (w.t("payments-basis")) ": "
                    (w.ta("payments-basis-order", &[("number", (&self.invoice.order_number).into())]))
                }
                @if !self.lines.is_empty() { div.paper-scroll { (self.table(w)) } }
                (self.sums(w))
                @if asks { (self.how_to_pay(w, medium)) }
                @if let Some(payee) = &self.payee { (signs(w, payee)) }
            }
        }
    }

    /// What a reader must know before paying.
    fn standing(&self, w: &Words) -> Markup {
        let say = match (self.invoice.state, &self.replaced_by) {
            (InvoiceState::Superseded { .. }, Some(new)) => {
                w.ta("payments-invoice-replaced", &[("number", (&new.reference).into())])
            }
            (InvoiceState::Superseded { .. } | InvoiceState::Cancelled, _) => {
                w.t("payments-invoice-withdrawn")
            }
            (InvoiceState::Paid, _) => w.t("payments-invoice-paid"),
            (InvoiceState::Open | InvoiceState::Expired, _) => return html! {},
        };
        html! { p.paper-void { (say) } }
    }

    fn table(&self, w: &Words) -> Markup {
        let reduced = self.lines.iter().any(|line| taken_off(line).is_positive());
        html! {
            table {
                thead {
                    tr {
                        th.paper-number { (w.t("payments-line-number")) }
                        th { (w.t("payments-line-name")) }
                        th.paper-number { (w.t("payments-line-quantity")) }
                        th { (w.t("payments-line-unit")) }
                        th.paper-number { (w.t("payments-line-price")) }
                        @if reduced { th.paper-number { (w.t("payments-line-discount")) } }
                        th { (w.t("payments-line-vat")) }
                        th.paper-number { (w.t("payments-line-sum")) }
                    }
                }
                tbody {
                    @for (n, line) in self.lines.iter().enumerate() {
                        tr {
                            td.paper-number { (n + 1) }
                            td { (line.name) @if let Some(sku) = &line.sku { " (" (sku) ")" } }
                            td.paper-number { (w.quantity(line.wanted())) }
                            td { (w.unit(&line.unit)) }
                            td.paper-number { (w.unit_price(line.price)) }
                            @if reduced { td.paper-number { (w.amount(taken_off(line))) } }
                            td { (rate(w, line.vat)) }
                            td.paper-number { (w.amount(line.total)) }
                        }
                    }
                    @if self.delivery.is_positive() {
                        tr {
                            td.paper-number { (self.lines.len() + 1) }
                            td { (w.t("payments-line-delivery")) }
                            td.paper-number { (w.number(1)) }
                            td {}
                            td.paper-number { (w.amount(self.delivery)) }
                            @if reduced { td.paper-number {} }
                            td { (rate(w, VatRate::None)) }
                            td.paper-number { (w.amount(self.delivery)) }
                        }
                    }
                }
            }
        }
    }

    fn sums(&self, w: &Words) -> Markup {
        let invoice = &self.invoice;
        let paid = invoice.total.subtract(invoice.residual).unwrap_or(invoice.total);
        let in_part = invoice.state == InvoiceState::Open && paid.is_positive();
        html! {
            table.paper-sums {
                tbody {
                    tr.paper-total { th { (w.t("payments-total")) } td.paper-number { (w.money(invoice.total)) } }
                    @for (rate, vat) in &self.vat {
                        tr {
                            th { (w.ta("payments-vat-inside", &[("rate", rate.to_string().into())])) }
                            td.paper-number { (w.money(*vat)) }
                        }
                    }
                    @if !self.lines.is_empty() && self.vat.is_empty() {
                        tr { th { (w.t("payments-without-vat")) } td.paper-number { "—" } }
                    }
                    @if in_part {
                        tr { th { (w.t("payments-already-paid")) } td.paper-number { (w.money(paid)) } }
                        tr.paper-total { th { (w.t("payments-due")) } td.paper-number { (w.money(invoice.residual)) } }
                    }
                }
            }
            p { (w.t("payments-sum-in-words")) ": " strong { (in_words(w, if in_part { invoice.residual } else { invoice.total })) } }
        }
    }

    fn how_to_pay(&self, w: &Words, medium: Medium) -> Markup {
        html! {
            div.paper-pay {
                @if medium == Medium::Page && let Ok(payload) = &self.code {
                    (drawn(w, payload, "paper-code"))
                }
                div {
                    p {
                        (w.t("payments-purpose-ready")) ": "
                        @if medium == Medium::Page { (copy(w, &self.purpose)) } @else { strong { (self.purpose) } }
                    }
                    p.paper-note { (w.ta("payments-purpose-keep", &[("reference", (&self.invoice.reference).into())])) }
                    @if let Some(until) = self.valid_until {
                        p.paper-note { (w.ta("payments-valid-until", &[("date", w.date(until).into())])) }
                    }
                }
            }
        }
    }

    pub(crate) fn invoice(&self) -> &Invoice {
        &self.invoice
    }
    pub(crate) fn payee(&self) -> Option<&Payee> {
        self.payee.as_ref()
    }
    pub(crate) fn purpose(&self) -> &str {
        &self.purpose
    }
    /// # Errors
    /// Why there is none: see [`code::payload`].
    pub(crate) fn code(&self) -> std::result::Result<&str, &takt_kernel::Fault> {
        self.code.as_deref()
    }
}

/// A code that does not fit is left out: the paper can be paid by hand.
pub(crate) fn drawn(w: &Words, payload: &str, class: &str) -> Markup {
    code::drawing(payload, class, &w.t("payments-code-label")).unwrap_or_default()
}

fn requisites(w: &Words, payee: &Payee) -> Markup {
    html! {
        table {
            tbody {
                tr {
                    td { (w.t("payments-payee-bank")) ": " (payee.bank.as_deref().unwrap_or("—")) }
                    td { (w.t("payments-bic")) " " (payee.bic) }
                }
                @if let Some(account) = &payee.correspondent_account {
                    tr { td { (w.t("payments-correspondent")) } td { (account) } }
                }
                tr {
                    td { (w.t("payments-payee")) ": " (party(w, payee)) }
                    td { (w.t("payments-account")) " " (payee.account) }
                }
            }
        }
    }
}

/// Name, numbers of the taxpayer, address: as far as they are known.
fn party(w: &Words, payee: &Payee) -> Markup {
    html! {
        strong { (payee.name) }
        @if let Some(inn) = &payee.inn { ", " (w.t("payments-inn")) " " (inn) }
        @if let Some(kpp) = &payee.kpp { ", " (w.t("payments-kpp")) " " (kpp) }
        @if let Some(address) = &payee.address { ", " (address) }
    }
}

fn signs(w: &Words, payee: &Payee) -> Markup {
    html! {
        div.paper-signs {
            span { (w.t("payments-sign-director")) @if let Some(name) = &payee.director { ": " (name) } }
            span { (w.t("payments-sign-accountant")) @if let Some(name) = &payee.accountant { ": " (name) } }
        }
    }
}
