//! Orders as outsiders write them, in JSON: the API, the form of the phone order and changes of an
//! order all read through here, so all of them get every wrong field at once, by their own paths.
//! Amounts are decimal texts; a whole JSON number is taken for the text it was written as. Fields nobody
//! knows are kept.

mod fields;
mod list_fields;
mod patch;

pub(crate) use list_fields::{FieldsAsked, Reading};
pub use patch::{merge, read_patch};

use serde_json::{Map, Value};
use takt_customers::{Contact, Email, Phone};
use takt_kernel::{
    Fault, FieldFault, Result, ShopId,
    money::{Currency, Money, Quantity, UnitPrice},
};
use takt_ui::Lang;

use crate::{
    new_order::{Delivery, FieldFaults, MOST_LINES, NewLine, NewOrder},
    order::LineId,
    terms::Terms,
};
use fields::Fields;

/// What the order does not say of itself.
#[derive(Clone, Debug)]
pub struct Intake<'a> {
    pub shop: ShopId,
    /// The shop's, for orders that name none.
    pub currency: Currency,
    /// `api`, `phone` …
    pub source: &'a str,
    /// The language of orders that name none.
    pub lang: Lang,
    /// Whose telephone numbers lack a country: `RU`.
    pub region: &'a str,
}

const DEFAULT_UNIT: &str = "pcs";

/// Reads a new order.
///
/// # Errors
/// `input.fields` with everything that cannot be read. What can be read and makes no sense is found
/// by [`NewOrder::check`].
pub fn read_new_order(body: &Value, intake: &Intake<'_>) -> Result<NewOrder> {
    let mut faults = FieldFaults::default();
    let mut root = Fields::of_root(body, &mut faults);
    let currency = root.parsed("currency", &mut faults, Currency::from_code).unwrap_or(intake.currency);
    let external_id = root.key("external_id", &mut faults);
    let number = root.text("number", &mut faults);
    let terms = read_terms(&mut root, &mut faults);
    let urgent = root.flag("urgent", &mut faults);
    let lang = root.parsed("lang", &mut faults, str::parse::<Lang>).unwrap_or(intake.lang);
    let parts = read_parts(&mut root, currency, intake.region, &mut faults);
    let declared_total = root.parsed("total", &mut faults, |text| Money::parse(text, currency));
    let mut extra = root.rest();
    keep_nested(&mut extra, &parts);
    let wanted = NewOrder {
        shop: intake.shop,
        external_id,
        number,
        currency,
        terms,
        urgent,
        contact: parts.contact,
        customer: None,
        lang,
        lines: parts.lines.into_iter().map(|(_, line)| line).collect(),
        discount: parts.discount,
        delivery: parts.delivery,
        comment: parts.comment,
        declared_total,
        extra,
        source: intake.source.to_owned(),
    };
    if faults.is_empty() {
        return Ok(wanted);
    }
    // What could be read is checked as well, so that a shop hears of everything at once.
    match wanted.check() {
        Ok(_) => {}
        Err(fault) if fault.fields().is_empty() => return Err(fault),
        Err(fault) => faults.extend(without_echoes(&fault, &faults.known_paths())),
    }
    faults.into_result(None)
}

/// The parts that a new order and a changed one have in common.
pub(crate) struct Parts {
    pub contact: Contact,
    pub delivery: Delivery,
    pub lines: Vec<(Option<LineId>, NewLine)>,
    pub discount: Money,
    pub comment: Option<String>,
    pub customer_extra: Map<String, Value>,
    pub delivery_extra: Map<String, Value>,
}

pub(crate) fn read_parts(
    root: &mut Fields,
    currency: Currency,
    region: &str,
    faults: &mut FieldFaults,
) -> Parts {
    let (contact, customer_extra) = read_contact(root, region, faults);
    let (delivery, delivery_extra) = read_delivery(root, currency, faults);
    let lines = root
        .items("lines", MOST_LINES, faults)
        .into_iter()
        .map(|mut line| read_line(&mut line, currency, faults))
        .collect();
    let discount = amount(root, "discount", currency, faults);
    let comment = root.text("comment", faults);
    Parts { contact, delivery, lines, discount, comment, customer_extra, delivery_extra }
}

/// Reads which quantities of which lines go into another order.
///
/// # Errors
/// `input.fields` with everything that cannot be read.
pub(crate) fn read_split(body: &Value) -> Result<Vec<(LineId, Quantity)>> {
    let mut faults = FieldFaults::default();
    let mut wanted = Vec::new();
    let lines = Fields::of_root(body, &mut faults).items("lines", MOST_LINES, &mut faults);
    if lines.len() > MOST_LINES {
        faults.push_with("lines", "orders.too_many_lines", &[("most", MOST_LINES.to_string())]);
    }
    for mut line in lines {
        let id = line.required("id", &mut faults, str::parse::<LineId>);
        wanted.extend(id.zip(line.required("quantity", &mut faults, Quantity::parse)));
    }
    faults.into_result(Some(wanted))
}

fn read_contact(root: &mut Fields, region: &str, faults: &mut FieldFaults) -> (Contact, Map<String, Value>) {
    let mut customer = root.object("customer", faults);
    let name = customer.text("name", faults).unwrap_or_default();
    let phone = customer.text("phone", faults).and_then(|text| Phone::parse(&text, region));
    let email = customer.parsed("email", faults, Email::parse).flatten();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    (Contact { name, phone, email }, customer.rest())
}

fn read_delivery(
    root: &mut Fields,
    currency: Currency,
    faults: &mut FieldFaults,
) -> (Delivery, Map<String, Value>) {
    let mut delivery = root.object("delivery", faults);
    let read = Delivery {
        method: delivery.text("method", faults),
        address: delivery.text("address", faults),
        price: amount(&mut delivery, "price", currency, faults),
    };
    (read, delivery.rest())
}

fn read_line(line: &mut Fields, currency: Currency, faults: &mut FieldFaults) -> (Option<LineId>, NewLine) {
    let id = line.parsed("id", faults, str::parse::<LineId>);
    let sku = line.text("sku", faults);
    let name = line.text("name", faults).or_else(|| sku.clone()).unwrap_or_default();
    let quantity = line.required("quantity", faults, Quantity::parse).unwrap_or_default();
    let price = line.required("price", faults, UnitPrice::parse).unwrap_or_default();
    let read = NewLine {
        sku,
        name,
        quantity,
        unit: line.text("unit", faults).unwrap_or_else(|| DEFAULT_UNIT.to_owned()),
        price,
        discount: amount(line, "discount", currency, faults),
        vat: line
            .parsed("vat", faults, takt_kernel::money::VatRate::parse)
            .unwrap_or(takt_kernel::money::VatRate::None),
        extra: line.rest(),
    };
    (id, read)
}

fn read_terms(root: &mut Fields, faults: &mut FieldFaults) -> Terms {
    let days = root.parsed("credit_days", faults, |text| {
        text.parse::<i64>().map_err(|_| Fault::invalid("orders.credit_days").arg("most", 365))
    });
    let code = root.text("terms", faults).unwrap_or_else(|| Terms::Prepaid.code().to_owned());
    Terms::from_code(&code, days.unwrap_or_default()).unwrap_or_else(|_| {
        faults.push_with("terms", "orders.terms_unknown", &[("known", Terms::CODES.join(", "))]);
        Terms::Prepaid
    })
}

fn amount(fields: &mut Fields, name: &'static str, currency: Currency, faults: &mut FieldFaults) -> Money {
    fields.parsed(name, faults, |text| Money::parse(text, currency)).unwrap_or_else(|| Money::zero(currency))
}

/// Unknown fields of `customer` and `delivery` stand under those names among the unknown ones.
pub(crate) fn keep_nested(extra: &mut Map<String, Value>, parts: &Parts) {
    for (name, nested) in [("customer", &parts.customer_extra), ("delivery", &parts.delivery_extra)] {
        if !nested.is_empty() {
            extra.insert(name.to_owned(), Value::Object(nested.clone()));
        }
    }
}

/// Drops what is only the echo of a field that could not be read.
fn without_echoes(fault: &Fault, unreadable: &[String]) -> Vec<FieldFault> {
    let is_unreadable = |path: &str| unreadable.iter().any(|known| known == path);
    let is_echo = |field: &FieldFault| {
        let path = field.path.as_str();
        let compared = field.code == "orders.discount_too_large";
        let line = path.strip_suffix(".discount").unwrap_or_default();
        path == "total"
            || is_unreadable(path)
            || compared && path == "discount"
            || compared && ["price", "quantity"].iter().any(|name| is_unreadable(&format!("{line}.{name}")))
    };
    fault.fields().iter().filter(|field| !is_echo(field)).cloned().collect()
}
