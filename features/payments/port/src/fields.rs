//! Members of an object that a bank signed. One that is missing or of another kind is refused by name: a word
//! that is signed and not understood must not be half believed.

use crate::Party;
use serde_json::{Map, Value};
use takt_kernel::{Fault, Result, Timestamp};

const LONGEST_TEXT: usize = 2_000;
/// The year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// An object, and by which name it is called in refusals.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    pub object: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// None when it is missing, null or empty.
    ///
    /// # Errors
    /// `bank_push.field_malformed`.
    pub fn text(self, name: &str) -> Result<Option<&'a str>> {
        match self.object.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.len() <= LONGEST_TEXT && !text.contains('\0') => {
                Ok(Some(text.trim()).filter(|text| !text.is_empty()))
            }
            Some(_) => Err(malformed(name)),
        }
    }

    /// # Errors
    /// `bank_push.field_missing`, `bank_push.field_malformed`.
    pub fn needed(self, name: &str) -> Result<&'a str> {
        self.text(name)?.ok_or_else(|| Fault::invalid("bank_push.field_missing").arg("name", name))
    }

    /// A whole number; never one with a point or in quotes.
    ///
    /// # Errors
    /// `bank_push.field_malformed`.
    pub fn number(self, name: &str) -> Result<Option<i64>> {
        match self.object.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or_else(|| malformed(name)),
        }
    }

    /// Seconds since 1970.
    ///
    /// # Errors
    /// `bank_push.field_malformed`.
    pub fn moment(self, name: &str) -> Result<Option<Timestamp>> {
        match self.number(name)? {
            None => Ok(None),
            Some(seconds) if (0..=LAST_SECOND).contains(&seconds) => {
                Ok(Some(Timestamp::from_micros(0).plus_seconds(seconds)))
            }
            Some(_) => Err(malformed(name)),
        }
    }

    /// An object within.
    ///
    /// # Errors
    /// `bank_push.field_malformed`.
    pub fn within(self, name: &str) -> Result<Option<Self>> {
        match self.object.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Self { object })),
            Some(_) => Err(malformed(name)),
        }
    }

    /// A side of a payment, by the names that its members have here.
    ///
    /// # Errors
    /// `bank_push.field_malformed`.
    pub fn party(self, account: &str, bic: &str, bank: &str) -> Result<Party> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Ok(Party {
            name: self.text("name")?.unwrap_or_default().to_owned(),
            inn: owned(self.text("inn")?).filter(|inn| inn != "0"),
            accounts: owned(self.text(account)?).into_iter().collect(),
            bic: owned(self.text(bic)?),
            bank: owned(self.text(bank)?),
        })
    }
}

pub fn malformed(name: &str) -> Fault {
    Fault::invalid("bank_push.field_malformed").arg("name", name)
}

/// `2026-11-02`, and no other way in which ISO 8601 lets a day be written.
pub fn is_day(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok_and(|day| day.to_string() == text)
}
