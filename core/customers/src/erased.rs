//! Erasing a person (152-FZ, article 21): what everybody who holds something of a customer does about it, in one
//! transaction. Money, stock, facts and clocks stay; what tells who it was goes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use takt_kernel::{Actor, CompanyId, Fault, Result, ShopId, Slot, Timestamp, digits, fold};
use takt_store::{Query, Tx};

use crate::CustomerId;

/// Fields of an order's JSON that are a person's.
const PERSONAL: [&str; 8] =
    ["customer", "contact", "address", "comment", "last_comment", "cancel_reason", "extra", "buyer_page"];
/// Fewer digits are found in anything.
const FEWEST_DIGITS: usize = 7;
/// Of a phone, the digits behind the country's.
const PHONE_DIGITS: usize = 10;
/// A shorter name is a word of the language.
const SHORTEST_NAME: usize = 5;

/// Why a person is erased. No free text: it would tell who it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The person asked for it.
    Asked,
    /// The person takes the consent back.
    Withdrawn,
    /// What the data was for is reached.
    NoLongerNeeded,
    /// An authority demands it.
    Authority,
}

impl Reason {
    pub const ALL: [Self; 4] = [Self::Asked, Self::Withdrawn, Self::NoLongerNeeded, Self::Authority];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Withdrawn => "withdrawn",
            Self::NoLongerNeeded => "no_longer_needed",
            Self::Authority => "authority",
        }
    }

    /// # Errors
    /// Field fault `customers.erase_reason_unknown`.
    pub fn from_code(code: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.code() == code)
            .ok_or_else(|| Fault::field("reason", "customers.erase_reason_unknown"))
    }
}

/// What the law wants kept, by the key of what it is called, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub what: String,
    pub count: i64,
}

/// Who is being erased.
pub struct Erasing<'e> {
    pub company: CompanyId,
    /// Whose program asks for it; none when people of the company do.
    pub shop: Option<ShopId>,
    /// The person's cards: that one and all that are merged into it.
    pub customers: &'e [CustomerId],
    pub traces: &'e Traces,
    pub found: &'e Found,
    pub actor: &'e Actor,
}

impl Erasing<'_> {
    /// The rows of a trail that tell of the person: those that were found before, and those behind them, looked
    /// through now.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn told_in(&self, tx: &mut Tx<'_>, trail: &Trail) -> Result<Vec<i64>> {
        let known = self.found.0.get(trail.name);
        let mut tell = known.map(|found| found.tell.clone()).unwrap_or_default();
        let sought = Sought {
            company: self.company,
            customers: self.customers.to_vec(),
            traces: self.traces.clone(),
            until: None,
        };
        let mut next = Some(known.map_or(0, |found| found.up_to));
        while let Some(after) = next {
            let part = (trail.look)(tx, &sought, after)?;
            tell.extend(part.tell);
            next = part.next;
        }
        Ok(tell)
    }
}

/// Rows in which a person may be told, of which a company has too many to be looked through within the command that
/// erases: that would keep everybody else from writing. They are looked through before it, a part at a time, and within
/// it only those that came since.
#[derive(Clone, Copy)]
pub struct Trail {
    pub name: &'static str,
    /// The part behind this id.
    pub look: fn(&mut dyn Query, &Sought, i64) -> Result<TrailPart>,
}

pub static TRAILS: Slot<Trail> = Slot::new("customers.trails");

/// Who is looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Sought {
    pub company: CompanyId,
    pub customers: Vec<CustomerId>,
    pub traces: Traces,
    /// Only what came before: what comes now may be written behind what is looked at. None: everything.
    pub until: Option<Timestamp>,
}

impl Sought {
    pub fn is_behind(&self, came_at: Timestamp) -> bool {
        self.until.is_some_and(|until| came_at > until)
    }
}

pub struct TrailPart {
    pub tell: Vec<i64>,
    /// The last row that was looked at.
    pub last: i64,
    /// Where the next part begins; none behind the end.
    pub next: Option<i64>,
}

/// What was found before the erasing.
#[derive(Clone, Debug, Default)]
pub struct Found(pub(crate) BTreeMap<&'static str, FoundIn>);

#[derive(Clone, Debug, Default)]
pub(crate) struct FoundIn {
    pub tell: Vec<i64>,
    /// Up to here everything was looked at.
    pub up_to: i64,
}

pub type EraseStep = fn(&mut Tx<'_>, &Erasing<'_>) -> Result<Vec<Kept>>;

/// Filled by everybody who holds something of a person beside the card. One who refuses undoes all of it.
pub static ERASED: Slot<EraseStep> = Slot::new("customers.erased step");

/// Adds what others know a person by: an order may have been placed under another phone or spelling.
pub type TracesOf = fn(&mut dyn Query, CompanyId, &[CustomerId], &mut Traces) -> Result<()>;

pub static TRACES: Slot<TracesOf> = Slot::new("customers.traces");

/// By what texts that nobody reads by fields are known to be about this person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traces {
    names: Vec<String>,
    phones: Vec<String>,
    emails: Vec<String>,
}

impl Traces {
    pub fn add_name(&mut self, name: &str) {
        let name = fold(name);
        if name.chars().count() >= SHORTEST_NAME && name.contains(' ') {
            self.names.push(name);
        }
    }

    pub fn add_phone(&mut self, phone: &str) {
        let figures = digits(phone.split(";ext=").next().unwrap_or_default());
        if figures.len() >= FEWEST_DIGITS {
            let behind = figures.len().saturating_sub(PHONE_DIGITS);
            self.phones.push(figures.get(behind..).unwrap_or_default().to_owned());
        }
    }

    pub fn add_email(&mut self, email: &str) {
        if email.contains('@') {
            self.emails.push(fold(email));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.phones.is_empty() && self.emails.is_empty()
    }

    /// Whether a text, in whatever form it travelled, tells a phone, an e-mail or the whole name of the person.
    pub fn are_in(&self, text: &str) -> bool {
        let plain = fold(&unescaped(text));
        self.names.iter().chain(&self.emails).any(|trace| plain.contains(trace.as_str()))
            || (!self.phones.is_empty() && self.phone_is_in(&plain))
    }

    /// Empties what tells a person by its name of a field, and every other text with traces of this one.
    pub fn scrub(&self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields {
                    if PERSONAL.contains(&name.as_str()) {
                        *inner = Value::Null;
                    } else {
                        self.scrub(inner);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.scrub(item)),
            Value::String(text) if self.are_in(text.as_str()) => text.clear(),
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
        }
    }

    /// Digits with what people write between them make one number.
    fn phone_is_in(&self, text: &str) -> bool {
        let mut run = String::new();
        for letter in text.chars().chain(['x']) {
            if letter.is_ascii_digit() {
                run.push(letter);
            } else if !" +()-.\u{a0}".contains(letter) {
                if self.phones.iter().any(|phone| run.contains(phone.as_str())) {
                    return true;
                }
                run.clear();
            }
        }
        false
    }
}

/// Percent signs of forms and escapes of JSON read as the letters they stand for.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = |from: usize, to: usize| {
            text.get(from..to).filter(|code| code.bytes().all(|letter| letter.is_ascii_hexdigit()))
        };
        if *byte == b'%'
            && let Some(code) = hex(at + 1, at + 3).and_then(|code| u8::from_str_radix(code, 16).ok())
        {
            plain.push(code);
            at += 3;
        } else if *byte == b'\\'
            && bytes.get(at + 1) == Some(&b'u')
            && let Some(unit) = hex(at + 2, at + 6).and_then(|code| u16::from_str_radix(code, 16).ok())
        {
            let letter = char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
            plain.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            at += 6;
        } else {
            plain.push(if *byte == b'+' { b' ' } else { *byte });
            at += 1;
        }
    }
    let once = String::from_utf8_lossy(&plain).into_owned();
    // A form carries JSON: its escapes appear once the percent signs are read.
    if once.contains("\\u") && !text.contains("\\u") { unescaped(&once) } else { once }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_known_in_whatever_form_a_text_travelled() {
        let mut traces = Traces::default();
        traces.add_name("Иванов Пётр");
        traces.add_phone("+79123456789");
        traces.add_email("Petr@Example.org");
        for (text, is_about) in [
            ("Иванов Пётр, подъезд 2", true),
            ("позвонить 8 (912) 345-67-89 вечером", true),
            ("order=%7B%22firstName%22%3A%22x%22%2C%22phone%22%3A%22%2B79123456789%22%7D", true),
            (r#"{"name":"\u0418\u0432\u0430\u043d\u043e\u0432 \u041f\u0451\u0442\u0440"}"#, true),
            (
                "order=%7B%22n%22%3A%22%5Cu0418%5Cu0432%5Cu0430%5Cu043d%5Cu043e%5Cu0432+%5Cu041f%5Cu0451%5Cu0442%5Cu0440%22%7D",
                true,
            ),
            ("mail=petr%40example.org", true),
            ("Иванов Иван", false),
            ("+79123456780", false),
            ("100 912 и 3456 789 рублей", false),
            ("", false),
        ] {
            assert_eq!(traces.are_in(text), is_about, "{text}");
        }
    }

    #[test]
    fn what_is_too_short_to_tell_a_person_is_no_trace() {
        let mut traces = Traces::default();
        for (name, phone) in [("Анна", "12"), ("", ""), ("Яя", "нет")] {
            traces.add_name(name);
            traces.add_phone(phone);
        }
        traces.add_email("не почта");
        assert!(traces.is_empty());
    }
}
