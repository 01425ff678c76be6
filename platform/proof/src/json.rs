//! JSON that says everything once. Of two members with one name some readers take the first and others the
//! last: what was signed would then not be what is read.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use takt_kernel::{Fault, Result};

const TWICE: &str = "a member is there twice";

/// An object, at any depth of which no name stands twice.
///
/// # Errors
/// `proof.twice_said`, `proof.not_json`.
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>> {
    match serde_json::from_slice::<Strict>(bytes) {
        Ok(Strict(Value::Object(object))) => Ok(object),
        Ok(_) => Err(Fault::invalid("proof.not_json")),
        Err(error) if error.to_string().starts_with(TWICE) => Err(Fault::invalid("proof.twice_said")),
        Err(error) => Err(Fault::invalid("proof.not_json").because(error)),
    }
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, given: bool) -> std::result::Result<Value, E> {
        Ok(Value::Bool(given))
    }
    fn visit_i64<E>(self, given: i64) -> std::result::Result<Value, E> {
        Ok(Value::Number(given.into()))
    }
    fn visit_u64<E>(self, given: u64) -> std::result::Result<Value, E> {
        Ok(Value::Number(given.into()))
    }
    fn visit_f64<E: Error>(self, given: f64) -> std::result::Result<Value, E> {
        Number::from_f64(given).map(Value::Number).ok_or_else(|| E::custom("no number"))
    }
    fn visit_str<E>(self, given: &str) -> std::result::Result<Value, E> {
        Ok(Value::String(given.to_owned()))
    }
    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> std::result::Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = all.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> std::result::Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = all.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(TWICE));
            }
            let Strict(value) = all.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}
