use std::fmt;

use takt_kernel::{
    Fault, Id, Result, Timestamp,
    money::{Currency, Quantity, UnitPrice, VatRate},
};

/// What a column or a parameter holds. Everything richer is one of these on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Null,
    Int(i64),
    Bool(bool),
    Text(String),
    Blob(Vec<u8>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Int(number) => number.fmt(f),
            Self::Bool(flag) => flag.fmt(f),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Blob(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        }
    }
}

macro_rules! into_value {
    ($($from:ty => |$name:ident| $into:expr),* $(,)?) => {
        $(impl From<$from> for Value { fn from($name: $from) -> Self { $into } })*
    };
}

into_value! {
    i64 => |value| Value::Int(value),
    i32 => |value| Value::Int(i64::from(value)),
    u32 => |value| Value::Int(i64::from(value)),
    bool => |value| Value::Bool(value),
    String => |value| Value::Text(value),
    &String => |value| Value::Text(value.clone()),
    &str => |value| Value::Text(value.to_owned()),
    Vec<u8> => |value| Value::Blob(value),
    &[u8] => |value| Value::Blob(value.to_vec()),
    Timestamp => |value| Value::Int(value.micros()),
    Quantity => |value| Value::Int(value.thousandths()),
    UnitPrice => |value| Value::Int(value.ten_thousandths()),
    VatRate => |value| Value::Text(value.to_string()),
    Currency => |value| Value::Text(value.code().to_owned()),
}

impl<T> From<Id<T>> for Value {
    fn from(id: Id<T>) -> Self {
        Self::Int(id.get())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Reads a column. A value that makes no sense is an error, never a default.
pub trait FromValue: Sized {
    /// # Errors
    /// `store.wrong_type` when the column holds something else.
    fn from_value(value: &Value) -> Result<Self>;
}

fn wrong<T>(wanted: &'static str, value: &Value) -> Result<T> {
    Err(Fault::broken("store.wrong_type").arg("wanted", wanted).arg("found", kind_of(value)))
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Int(_) => "integer",
        Value::Bool(_) => "boolean",
        Value::Text(_) => "text",
        Value::Blob(_) => "blob",
    }
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Result<Self> {
        Ok(value.clone())
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Int(number) => Ok(*number),
            other => wrong("integer", other),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Bool(flag) => Ok(*flag),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => wrong("boolean", other),
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            other => wrong("text", other),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Blob(bytes) => Ok(bytes.clone()),
            other => wrong("blob", other),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl<T> FromValue for Id<T> {
    fn from_value(value: &Value) -> Result<Self> {
        i64::from_value(value).map(Id::new)
    }
}

impl FromValue for Timestamp {
    fn from_value(value: &Value) -> Result<Self> {
        i64::from_value(value).map(Timestamp::from_micros)
    }
}

impl FromValue for Quantity {
    fn from_value(value: &Value) -> Result<Self> {
        i64::from_value(value).map(Quantity::from_thousandths)
    }
}

impl FromValue for UnitPrice {
    fn from_value(value: &Value) -> Result<Self> {
        i64::from_value(value).map(UnitPrice::from_ten_thousandths)
    }
}

impl FromValue for VatRate {
    fn from_value(value: &Value) -> Result<Self> {
        VatRate::parse(&String::from_value(value)?)
    }
}

impl FromValue for Currency {
    fn from_value(value: &Value) -> Result<Self> {
        Currency::from_code(&String::from_value(value)?)
    }
}
