//! An open invoice that the payer names, and how.

use crate::{
    date::Date,
    ledger::{Filed, Invoice},
    reason::{self, Reason},
};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// E1: the bank's own field for references.
    Structured(String),
    /// E2: valid check digits in the text.
    Reference(String),
    /// E3: a number after an invoice word.
    Number(String),
}

#[derive(Clone, Debug)]
pub(super) struct Named {
    pub invoice: Filed,
    /// Sorted, each once.
    pub namings: Vec<Naming>,
    /// E7: a day bound to the naming is a day of the invoice.
    pub dated: bool,
    /// The payer holds the paper of an invoice that this one replaced.
    pub reissued: bool,
}

impl Named {
    pub fn new(invoice: Filed) -> Self {
        Self { invoice, namings: Vec::new(), dated: false, reissued: false }
    }

    pub fn call(&mut self, naming: Naming) {
        if let Err(at) = self.namings.binary_search(&naming) {
            self.namings.insert(at, naming);
        }
    }

    pub fn by_reference(&self) -> bool {
        self.namings.iter().any(|naming| !matches!(naming, Naming::Number(_)))
    }

    pub fn tell(&self, reasons: &mut Vec<Reason>) {
        let naming = |naming: &Naming| match naming {
            Naming::Structured(reference) => {
                Reason::new(reason::STRUCTURED).with("reference", reference.as_str())
            }
            Naming::Reference(reference) => {
                Reason::new(reason::REFERENCE).with("reference", reference.as_str())
            }
            Naming::Number(number) => Reason::new(reason::NUMBER).with("number", number.as_str()),
        };
        reasons.extend(self.namings.iter().map(naming));
        if self.dated {
            reasons.push(Reason::new(reason::DATE));
        }
        if self.reissued {
            reasons.push(Reason::new(reason::SUPERSEDED).with("invoice", self.invoice.name()));
        }
    }
}

/// What a bound day says about an invoice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DayCheck {
    Silent,
    Equal,
    Differs,
}

pub(super) fn check_day(invoice: &Invoice, day: Option<Date>) -> DayCheck {
    match day {
        None => DayCheck::Silent,
        Some(_) if invoice.dates.is_empty() => DayCheck::Silent,
        Some(day) if invoice.dates.contains(&day) => DayCheck::Equal,
        Some(_) => DayCheck::Differs,
    }
}
