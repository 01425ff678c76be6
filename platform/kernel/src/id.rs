use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Fault;

/// The largest id: JavaScript clients keep integers exactly only below 2^53.
pub const LARGEST_ID: i64 = (1 << 53) - 1;

/// An id that knows what it names: `Id<OrderTag>` never stands where `Id<ShopTag>` is asked.
/// Always positive and at most [`LARGEST_ID`]; a number in JSON.
pub struct Id<T>(i64, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// Wraps a number that the store handed out. Numbers from outside go through [`FromStr`].
    pub const fn new(raw: i64) -> Self {
        Self(raw, PhantomData)
    }

    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        match text.trim().parse::<i64>() {
            Ok(raw) if (1..=LARGEST_ID).contains(&raw) => Ok(Self::new(raw)),
            _ => Err(Fault::invalid("id.malformed").arg("given", text)),
        }
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = i64::deserialize(deserializer)?;
        if (1..=LARGEST_ID).contains(&raw) {
            Ok(Self::new(raw))
        } else {
            Err(serde::de::Error::custom("an id is a whole number from 1 to 2^53 - 1"))
        }
    }
}
