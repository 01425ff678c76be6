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

/// A value where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen<'v> {
    Null,
    Int(i64),
    Bool(bool),
    Text(&'v str),
    Blob(&'v [u8]),
}

impl Value {
    pub(crate) fn seen(&self) -> Seen<'_> {
        match self {
            Self::Null => Seen::Null,
            Self::Int(number) => Seen::Int(*number),
            Self::Bool(flag) => Seen::Bool(*flag),
            Self::Text(text) => Seen::Text(text),
            Self::Blob(bytes) => Seen::Blob(bytes),
        }
    }
}

impl<'v> Seen<'v> {
    pub(crate) fn text(self) -> Result<&'v str> {
        match self {
            Self::Text(text) => Ok(text),
            other => wrong("text", other),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "integer",
            Self::Bool(_) => "boolean",
            Self::Text(_) => "text",
            Self::Blob(_) => "blob",
        }
    }
}

impl From<Seen<'_>> for Value {
    fn from(seen: Seen<'_>) -> Self {
        match seen {
            Seen::Null => Self::Null,
            Seen::Int(number) => Self::Int(number),
            Seen::Bool(flag) => Self::Bool(flag),
            Seen::Text(text) => Self::Text(text.to_owned()),
            Seen::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }
}

impl fmt::Display for Seen<'_> {
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
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.seen().fmt(f)
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
    fn from_value(seen: Seen<'_>) -> Result<Self>;
}

fn wrong<T>(wanted: &'static str, seen: Seen<'_>) -> Result<T> {
    Err(Fault::broken("store.wrong_type").arg("wanted", wanted).arg("found", seen.kind()))
}

impl FromValue for Value {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        Ok(seen.into())
    }
}

impl FromValue for i64 {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        match seen {
            Seen::Int(number) => Ok(number),
            other => wrong("integer", other),
        }
    }
}

impl FromValue for bool {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        match seen {
            Seen::Bool(flag) => Ok(flag),
            Seen::Int(0) => Ok(false),
            Seen::Int(1) => Ok(true),
            other => wrong("boolean", other),
        }
    }
}

impl FromValue for String {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        seen.text().map(str::to_owned)
    }
}

impl FromValue for Vec<u8> {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        match seen {
            Seen::Blob(bytes) => Ok(bytes.to_vec()),
            other => wrong("blob", other),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        match seen {
            Seen::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl<T> FromValue for Id<T> {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        i64::from_value(seen).map(Id::new)
    }
}

impl FromValue for Timestamp {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        i64::from_value(seen).map(Timestamp::from_micros)
    }
}

impl FromValue for Quantity {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        i64::from_value(seen).map(Quantity::from_thousandths)
    }
}

impl FromValue for UnitPrice {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        i64::from_value(seen).map(UnitPrice::from_ten_thousandths)
    }
}

impl FromValue for VatRate {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        VatRate::parse(seen.text()?)
    }
}

impl FromValue for Currency {
    fn from_value(seen: Seen<'_>) -> Result<Self> {
        Currency::from_code(seen.text()?)
    }
}
