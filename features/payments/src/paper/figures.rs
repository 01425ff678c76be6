//! Figures and small texts of an invoice: what a line costs less, VAT by rate, what the bank is to be told, dates.

use takt_kernel::{
    CompanyId, Result, Timestamp,
    money::{Money, VatRate},
};
use takt_orders::{Line, Order};
use takt_store::Query;
use takt_ui::Words;

use crate::{invoices::Invoice, validity::valid_days};

const DAY_SECONDS: i64 = 86_400;

/// What a line costs less than its price says.
pub(super) fn taken_off(line: &Line) -> Money {
    line.discount.add(line.order_discount).unwrap_or(line.discount)
}

pub(super) fn rate(w: &Words, rate: VatRate) -> String {
    match rate {
        VatRate::None => w.t("payments-without-vat"),
        VatRate::Percent(_) => format!("{rate}\u{a0}%"),
    }
}

/// What the payer's bank is to be told, the reference first: it is what finds the invoice.
pub(super) fn purpose(w: &Words, order: &Order, vat: &[(VatRate, Money)], invoice: &Invoice) -> String {
    let whole = invoice.residual == invoice.total;
    let vat = match vat {
        [] => w.t("payments-purpose-without-vat"),
        [(rate, vat)] if whole => w.ta(
            "payments-purpose-vat",
            &[("rate", rate.to_string().into()), ("amount", vat.to_decimal_string().into())],
        ),
        _ if whole => {
            w.ta("payments-purpose-vat-of-several", &[("amount", order.vat.to_decimal_string().into())])
        }
        _ => w.t("payments-purpose-vat-inside"),
    };
    let args =
        [("reference", (&invoice.reference).into()), ("number", (&order.number).into()), ("vat", vat.into())];
    w.ta("payments-purpose-text", &args)
}

pub(super) fn valid_until(
    db: &mut dyn Query,
    company: CompanyId,
    invoice: &Invoice,
) -> Result<Option<Timestamp>> {
    let days = valid_days(db, company)?;
    Ok(noon(&invoice.issued_on).map(|issued| issued.plus_seconds(days * DAY_SECONDS)))
}

pub(super) fn noon(day: &str) -> Option<Timestamp> {
    format!("{day}T09:00:00Z").parse().ok()
}

pub(super) fn day(w: &Words, iso: &str) -> String {
    noon(iso).map_or_else(|| iso.to_owned(), |noon| w.date(noon))
}
