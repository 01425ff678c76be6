//! The conditions of a list as an address says them: the desk's and the interface's have the same names.

use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use takt_kernel::{
    PersonId, Result, Timestamp,
    money::{Currency, Money},
};

use crate::{Fields, Mark, Payment, TakenBy, Terms, new_order::FieldFaults};

const LONGEST: usize = 200;
const ME: &str = "me";
const NOBODY: &str = "nobody";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct FieldsAsked {
    pub city: String,
    pub product: String,
    pub source: String,
    pub delivery: String,
    pub sum_from: String,
    pub sum_to: String,
    pub placed_from: String,
    pub placed_to: String,
    pub due_from: String,
    pub due_to: String,
    pub payment: String,
    pub terms: String,
    pub taken: String,
    pub mark: String,
}

/// How the texts are to be read.
pub(crate) struct Reading<'a> {
    pub zone: &'a TimeZone,
    pub currency: Currency,
    /// Whom `me` means; a program is nobody.
    pub me: Option<PersonId>,
}

impl FieldsAsked {
    pub(crate) fn pairs(&self) -> [(&'static str, &str); 14] {
        [
            ("city", &self.city),
            ("product", &self.product),
            ("source", &self.source),
            ("delivery", &self.delivery),
            ("sum_from", &self.sum_from),
            ("sum_to", &self.sum_to),
            ("placed_from", &self.placed_from),
            ("placed_to", &self.placed_to),
            ("due_from", &self.due_from),
            ("due_to", &self.due_to),
            ("payment", &self.payment),
            ("terms", &self.terms),
            ("taken", &self.taken),
            ("mark", &self.mark),
        ]
    }

    pub(crate) fn any(&self) -> bool {
        *self != Self::default()
    }

    /// # Errors
    /// `input.fields` with every condition that makes no sense.
    pub(crate) fn read(&self, reading: &Reading<'_>) -> Result<Fields> {
        let mut faults = FieldFaults::default();
        for (name, text) in self.pairs() {
            if text.chars().count() > LONGEST {
                faults.push_with(name, "orders.too_long", &[("most", LONGEST.to_string())]);
            }
        }
        let mut fields = Fields {
            city: given(&self.city),
            product: given(&self.product),
            source: given(&self.source),
            delivery: given(&self.delivery),
            ..Fields::default()
        };
        fields.sum_from = sum("sum_from", &self.sum_from, reading, &mut faults);
        fields.sum_to = sum("sum_to", &self.sum_to, reading, &mut faults);
        fields.placed_from = moment("placed_from", &self.placed_from, reading, false, &mut faults);
        fields.placed_to = moment("placed_to", &self.placed_to, reading, true, &mut faults);
        fields.due_from = moment("due_from", &self.due_from, reading, false, &mut faults);
        fields.due_to = moment("due_to", &self.due_to, reading, true, &mut faults);
        let payment = (Payment::ALL, Payment::code as fn(Payment) -> &'static str);
        fields.payment = code("payment", &self.payment, payment, "orders.payment_unknown", &mut faults);
        let mark = (Mark::ALL, Mark::code as fn(Mark) -> &'static str);
        fields.mark = code("mark", &self.mark, mark, "orders.mark_unknown", &mut faults);
        let terms = (Terms::CODES, (|code| code) as fn(&'static str) -> &'static str);
        fields.terms = code("terms", &self.terms, terms, "orders.terms_unknown", &mut faults);
        fields.taken = taken(&self.taken, reading, &mut faults);
        faults.into_result(Some(fields))
    }
}

fn given(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn sum(name: &'static str, text: &str, reading: &Reading<'_>, faults: &mut FieldFaults) -> Option<i64> {
    let text = given(text)?;
    match Money::parse(&text.replace(',', ".").replace([' ', '\u{a0}', '\u{202f}'], ""), reading.currency) {
        Ok(money) => Some(money.minor()),
        Err(fault) => {
            faults.take(name.to_owned(), &fault);
            None
        }
    }
}

/// A day of the workplace, or a moment. The last day is meant whole.
fn moment(
    name: &'static str,
    text: &str,
    reading: &Reading<'_>,
    last: bool,
    faults: &mut FieldFaults,
) -> Option<Timestamp> {
    let text = given(text)?;
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let day: Option<Date> = text.parse().ok();
    let day = day.and_then(|day| if last { day.tomorrow().ok() } else { Some(day) });
    let begins = day.and_then(|day| day.to_zoned(reading.zone.clone()).ok());
    if begins.is_none() {
        faults.push(name, "orders.day_unreadable");
    }
    begins.map(|zoned| zoned.timestamp().into())
}

fn code<T: Copy>(
    name: &'static str,
    text: &str,
    (all, code): (&[T], fn(T) -> &'static str),
    fault: &'static str,
    faults: &mut FieldFaults,
) -> Option<T> {
    let text = given(text)?;
    let found = all.iter().copied().find(|value| code(*value) == text);
    if found.is_none() {
        let known: Vec<&str> = all.iter().map(|value| code(*value)).collect();
        faults.push_with(name, fault, &[("known", known.join(", "))]);
    }
    found
}

fn taken(text: &str, reading: &Reading<'_>, faults: &mut FieldFaults) -> Option<TakenBy> {
    let text = given(text)?;
    let found = match text.as_str() {
        NOBODY => Some(TakenBy::Nobody),
        ME => reading.me.map(TakenBy::Person),
        id => id.parse().ok().map(TakenBy::Person),
    };
    if found.is_none() {
        faults.push("taken", "orders.taken_unknown");
    }
    found
}
