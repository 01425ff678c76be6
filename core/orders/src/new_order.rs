//! An order as it is asked for, already parsed into types. [`NewOrder::check`] finds everything that is
//! wrong with it at once; what passes adds up.

use serde_json::{Map, Value};
use takt_customers::{Contact, CustomerId};
use takt_kernel::{
    CompanyId, Fault, FieldFault, Result, ShopId,
    money::{Currency, Money, Quantity, UnitPrice, VatRate},
};
use takt_store::Rivals;
use takt_ui::Lang;

use crate::{
    terms::Terms,
    totals::{self, Priced, Totals},
};

pub const MOST_LINES: usize = 1_000;
const LONGEST_CODE: usize = 120;
const LONGEST_NAME: usize = 500;
const LONGEST_TEXT: usize = 4_000;
const LARGEST_EXTRA_BYTES: usize = 32_768;
const MOST_CREDIT_DAYS: i64 = 365;

#[derive(Clone, Debug)]
pub struct NewOrder {
    pub shop: ShopId,
    /// The shop's own id: placing it twice places it once.
    pub external_id: Option<String>,
    /// The number people use; ours when the shop has none.
    pub number: Option<String>,
    pub currency: Currency,
    pub terms: Terms,
    /// Before all that are not, with shorter promises.
    pub urgent: bool,
    pub contact: Contact,
    pub customer: Option<CustomerId>,
    /// The language in which the buyer is written to.
    pub lang: Lang,
    pub lines: Vec<NewLine>,
    /// Of the whole order, on top of those of the lines.
    pub discount: Money,
    pub delivery: Delivery,
    pub comment: Option<String>,
    /// What the shop says it comes to; a difference is refused.
    pub declared_total: Option<Money>,
    /// Fields nobody here knows, kept and given back.
    pub extra: Map<String, Value>,
    /// Where it came from: `api`, `phone`, `demo` …
    pub source: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    pub sku: Option<String>,
    pub name: String,
    pub quantity: Quantity,
    pub unit: String,
    pub price: UnitPrice,
    pub discount: Money,
    pub vat: VatRate,
    pub extra: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub method: Option<String>,
    pub address: Option<String>,
    pub price: Money,
}

/// Deliveries of this method end at our counter: from "ready" on it is the buyer who is awaited.
pub const PICKUP: &str = "pickup";

impl Delivery {
    pub fn is_pickup(&self) -> bool {
        self.method.as_deref() == Some(PICKUP)
    }
}

impl NewLine {
    pub fn priced(&self) -> Priced {
        Priced { quantity: self.quantity, price: self.price, discount: self.discount, vat: self.vat }
    }
}

impl NewOrder {
    /// The goods that other orders may want at the same moment.
    pub fn rivals(&self, company: CompanyId) -> Rivals {
        let wanted = self.lines.iter().filter_map(|line| line.sku.as_deref());
        Rivals::over(wanted.map(|sku| (company.get(), sku)))
    }

    /// Adds the order up after checking all of it.
    ///
    /// # Errors
    /// `input.fields` with every field that is wrong, by the caller's own paths.
    pub fn check(&self) -> Result<Totals> {
        let mut faults = FieldFaults::default();
        self.check_texts(&mut faults);
        check_lines(&self.lines, &mut faults);
        check_terms(self.terms, &mut faults);
        check_extra("extra", &self.extra, &mut faults);
        let priced: Vec<Priced> = self.lines.iter().map(NewLine::priced).collect();
        let totals =
            faults.merge(totals::add_up(self.currency, &priced, self.discount, self.delivery.price))?;
        if let (Some(totals), Some(declared)) = (&totals, self.declared_total)
            && declared != totals.total
        {
            faults.push_with(
                "total",
                "orders.total_differs",
                &[("declared", declared.to_decimal_string()), ("computed", totals.total.to_decimal_string())],
            );
        }
        faults.into_result(totals)
    }

    fn check_texts(&self, faults: &mut FieldFaults) {
        check_contact(&self.contact, faults);
        check_delivery(&self.delivery, faults);
        faults.longest("external_id", self.external_id.as_deref(), LONGEST_CODE);
        faults.longest("number", self.number.as_deref(), LONGEST_CODE);
        faults.longest("comment", self.comment.as_deref(), LONGEST_TEXT);
        for (path, text) in [("external_id", &self.external_id), ("number", &self.number)] {
            if text.as_deref().is_some_and(|text| text.trim().is_empty()) {
                faults.push(path, "orders.empty");
            }
        }
    }
}

pub(crate) fn check_lines(lines: &[NewLine], faults: &mut FieldFaults) {
    if lines.is_empty() {
        faults.push("lines", "orders.no_lines");
    }
    if lines.len() > MOST_LINES {
        faults.push_with("lines", "orders.too_many_lines", &[("most", MOST_LINES.to_string())]);
    }
    for (index, line) in lines.iter().enumerate() {
        let path = |name: &str| format!("lines[{index}].{name}");
        if line.name.trim().is_empty() {
            faults.push(path("name"), "orders.empty");
        }
        faults.longest(path("name"), Some(&line.name), LONGEST_NAME);
        faults.longest(path("sku"), line.sku.as_deref(), LONGEST_CODE);
        faults.longest(path("unit"), Some(&line.unit), LONGEST_CODE);
        check_extra(&format!("lines[{index}]"), &line.extra, faults);
    }
}

pub(crate) fn check_contact(contact: &Contact, faults: &mut FieldFaults) {
    faults.longest("customer.name", Some(&contact.name), LONGEST_NAME);
    faults.longest("customer.phone", contact.phone.as_ref().map(|phone| phone.original()), LONGEST_CODE);
}

pub(crate) fn check_delivery(delivery: &Delivery, faults: &mut FieldFaults) {
    faults.longest("delivery.method", delivery.method.as_deref(), LONGEST_CODE);
    faults.longest("delivery.address", delivery.address.as_deref(), LONGEST_TEXT);
}

pub(crate) fn check_comment(comment: &str, faults: &mut FieldFaults) {
    faults.longest("comment", Some(comment), LONGEST_TEXT);
}

pub(crate) fn check_extra(path: &str, extra: &Map<String, Value>, faults: &mut FieldFaults) {
    let bytes = if extra.is_empty() { 0 } else { Value::Object(extra.clone()).to_string().len() };
    if bytes > LARGEST_EXTRA_BYTES {
        faults.push_with(path, "orders.extra_too_large", &[("most", LARGEST_EXTRA_BYTES.to_string())]);
    }
}

fn check_terms(terms: Terms, faults: &mut FieldFaults) {
    if let Terms::Credit { days } = terms
        && !(1..=MOST_CREDIT_DAYS).contains(&days)
    {
        faults.push_with("credit_days", "orders.credit_days", &[("most", MOST_CREDIT_DAYS.to_string())]);
    }
}

/// Field faults as they are found; one fault for all of them at the end.
#[derive(Default, Debug)]
pub struct FieldFaults(Vec<FieldFault>);

impl FieldFaults {
    pub fn push(&mut self, path: impl Into<String>, code: &str) {
        self.push_with(path, code, &[]);
    }

    pub fn push_with(&mut self, path: impl Into<String>, code: &str, args: &[(&'static str, String)]) {
        let args = args.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
        self.0.push(FieldFault { path: path.into(), code: code.to_owned().into(), args });
    }

    /// Takes over what a value's own fault says, at this path.
    pub fn take(&mut self, path: impl Into<String>, fault: &Fault) {
        self.0.push(FieldFault {
            path: path.into(),
            code: fault.code().to_owned().into(),
            args: fault.args().to_vec(),
        });
    }

    /// The value, or `None` with its field faults kept; any other fault is passed on.
    ///
    /// # Errors
    /// Faults that name no fields.
    pub fn merge<T>(&mut self, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(fault) if !fault.fields().is_empty() => {
                self.0.extend_from_slice(fault.fields());
                Ok(None)
            }
            Err(fault) => Err(fault),
        }
    }

    pub(crate) fn extend(&mut self, faults: Vec<FieldFault>) {
        self.0.extend(faults);
    }

    pub fn longest(&mut self, path: impl Into<String>, text: Option<&str>, most: usize) {
        if text.is_some_and(|text| text.chars().count() > most) {
            self.push_with(path, "orders.too_long", &[("most", most.to_string())]);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn known_paths(&self) -> Vec<String> {
        self.0.iter().map(|field| field.path.clone()).collect()
    }

    /// # Errors
    /// `input.fields` when anything was found, or when there is no value.
    pub fn into_result<T>(self, value: Option<T>) -> Result<T> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Fault::from_fields(self.0)),
        }
    }
}
