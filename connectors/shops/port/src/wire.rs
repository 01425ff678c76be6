//! Bodies of shops as they come: what is a text in one version is a number in the next.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Visitor},
};
use takt_kernel::{Fault, Result, Timestamp};

use crate::clean;

/// A text, a number, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub String);

impl Text {
    /// Nothing when it is empty.
    pub fn filled(&self) -> Option<String> {
        Some(clean(&self.0)).filter(|text| !text.is_empty())
    }

    /// An id: nothing when it is empty or 0.
    pub fn id(&self) -> Option<String> {
        self.filled().filter(|id| id != "0")
    }
}

impl std::ops::Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }
    fn visit_str<E>(self, text: &str) -> std::result::Result<Text, E> {
        Ok(Text(text.replace('\0', "")))
    }
    fn visit_i64<E>(self, number: i64) -> std::result::Result<Text, E> {
        Ok(Text(number.to_string()))
    }
    fn visit_u64<E>(self, number: u64) -> std::result::Result<Text, E> {
        Ok(Text(number.to_string()))
    }
    fn visit_f64<E>(self, number: f64) -> std::result::Result<Text, E> {
        Ok(Text(number.to_string()))
    }
    fn visit_bool<E>(self, given: bool) -> std::result::Result<Text, E> {
        Ok(Text(if given { "1" } else { "" }.to_owned()))
    }
    fn visit_unit<E>(self) -> std::result::Result<Text, E> {
        Ok(Text::default())
    }
}

/// Null where an object or a list could stand.
///
/// # Errors
/// As the value's own.
pub fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> std::result::Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// # Errors
/// `shops.unreadable`.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|error| Fault::invalid("shops.unreadable").arg("problem", error))
}

/// # Errors
/// `shops.field_missing`.
pub fn required(text: &Text, field: &str) -> Result<String> {
    text.id().ok_or_else(|| Fault::invalid("shops.field_missing").arg("field", field))
}

/// A moment with its offset, or in UTC without one.
///
/// # Errors
/// `shops.time_malformed`.
pub fn moment(text: &str) -> Result<Timestamp> {
    let given = text.trim();
    let malformed =
        || Fault::invalid("shops.time_malformed").arg("given", given.chars().take(40).collect::<String>());
    if let Ok(at) = given.parse::<jiff::Timestamp>() {
        return Ok(at.into());
    }
    let at: jiff::civil::DateTime = given.parse().map_err(|_| malformed())?;
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| malformed())?;
    Ok(at.timestamp().into())
}

/// A part of an address as it may stand in a query.
pub fn in_query(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
