//! Values as PHP modules send them: numbers as texts, texts as numbers, lists whose keys were lost to an
//! object, empty maps as empty lists.

use std::{fmt, marker::PhantomData, str::FromStr};

use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};
use takt_kernel::money::may_be_thousands;

/// A text, or a number or truth as the text it was written as.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text(pub String);

impl Text {
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Without blanks around; `None` when nothing is left.
    pub fn filled(&self) -> Option<&str> {
        Some(self.0.trim()).filter(|text| !text.is_empty())
    }
}

/// The filled text of a field that may be absent.
pub(crate) fn filled(text: Option<&Text>) -> Option<&str> {
    text.and_then(Text::filled)
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Text;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a number")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
                // No database keeps it, and nobody has ever meant it.
                Ok(Text(if text.contains('\0') { text.replace('\0', "") } else { text.to_owned() }))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }
            // The shortest text that reads as the same number is what was written, up to 15 digits.
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }
            fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Text, E> {
                Ok(Text(if truth { "1" } else { "" }.to_owned()))
            }
            fn visit_unit<E: de::Error>(self) -> Result<Text, E> {
                Ok(Text::default())
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// An exact number, however it was written. A comma is taken for a point, unless it may as well stand between thousands;
/// an empty text is no number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number(pub Decimal);

impl FromStr for Number {
    type Err = rust_decimal::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        if may_be_thousands(&text) {
            return Err(rust_decimal::Error::ErrorString("a comma before three digits".to_owned()));
        }
        let text = text.replace(',', ".");
        Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text)).map(Self)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.normalize().to_string())
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        let filled = text.filled().unwrap_or("0");
        filled.parse().map_err(|_| de::Error::custom(format!("{filled:?} is not a number")))
    }
}

/// A number that may be absent; an empty text is none said.
pub(crate) fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Number>, D::Error> {
    let text = Option::<Text>::deserialize(deserializer)?;
    let Some(filled) = text.as_ref().and_then(Text::filled) else { return Ok(None) };
    filled.parse().map(Some).map_err(|_| de::Error::custom(format!("{filled:?} is not a number")))
}

/// A list, or an object whose values are meant; a single value when PHP made none of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> List<T> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Any<T> {
            type Value = List<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = seq.next_element()? {
                    all.push(one);
                }
                Ok(List(all))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<T>, A::Error> {
                let mut all = Vec::new();
                while let Some((_, one)) = map.next_entry::<de::IgnoredAny, T>()? {
                    all.push(one);
                }
                Ok(List(all))
            }
            fn visit_unit<E: de::Error>(self) -> Result<List<T>, E> {
                Ok(List(Vec::new()))
            }
            fn visit_none<E: de::Error>(self) -> Result<List<T>, E> {
                Ok(List(Vec::new()))
            }
            fn visit_bool<E: de::Error>(self, truth: bool) -> Result<List<T>, E> {
                if truth {
                    return Err(E::invalid_type(de::Unexpected::Bool(truth), &self));
                }
                Ok(List(Vec::new()))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<List<T>, E> {
                if text.trim().is_empty() {
                    return Ok(List(Vec::new()));
                }
                T::deserialize(de::value::StrDeserializer::new(text)).map(|one| List(vec![one]))
            }
        }
        deserializer.deserialize_any(Any(PhantomData))
    }
}

/// A map; an empty list is an empty map, as PHP writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Dict(pub Map<String, Value>);

impl<'de> Deserialize<'de> for Dict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Object(map) => Self(map),
            Value::Array(list) => {
                Self(list.into_iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect())
            }
            _ => Self::default(),
        })
    }
}

/// The value, or nothing when something else stands there: `filter=None` narrows nothing.
pub(crate) fn or_nothing<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Any<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for Any<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("fields")
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(de::value::MapAccessDeserializer::new(map))
        }
        fn visit_str<E: de::Error>(self, _: &str) -> Result<T, E> {
            Ok(T::default())
        }
        fn visit_unit<E: de::Error>(self) -> Result<T, E> {
            Ok(T::default())
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
            while seq.next_element::<de::IgnoredAny>()?.is_some() {}
            Ok(T::default())
        }
    }
    deserializer.deserialize_any(Any(PhantomData))
}

/// What may be an object; an empty list, an empty text and `false` are none, as PHP writes it. What else stands there is
/// no such thing.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    struct Any<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Any<T> {
        type Value = Option<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("fields")
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
            T::deserialize(de::value::MapAccessDeserializer::new(map)).map(Some)
        }
        fn visit_unit<E: de::Error>(self) -> Result<Option<T>, E> {
            Ok(None)
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<T>, E> {
            if text.trim().is_empty() {
                Ok(None)
            } else {
                Err(E::invalid_type(de::Unexpected::Str(text), &self))
            }
        }
        fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Option<T>, E> {
            if truth { Err(E::invalid_type(de::Unexpected::Bool(truth), &self)) } else { Ok(None) }
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<T>, A::Error> {
            match seq.next_element::<de::IgnoredAny>()? {
                None => Ok(None),
                Some(_) => Err(de::Error::invalid_type(de::Unexpected::Seq, &self)),
            }
        }
    }
    deserializer.deserialize_any(Any(PhantomData))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read<T: de::DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).expect("readable")
    }

    #[test]
    fn texts_and_numbers_are_told_apart_by_nobody() {
        for (given, expected) in [
            (json!("3"), "3"),
            (json!(3), "3"),
            (json!(101.5), "101.5"),
            (json!(true), "1"),
            (json!(false), ""),
        ] {
            assert_eq!(read::<Text>(given).0, expected);
        }
        for (given, expected) in
            [(json!("101.0000"), "101"), (json!(0.1), "0.1"), (json!("1 234,50"), "1234.5"), (json!(""), "0")]
        {
            assert_eq!(read::<Number>(given).0.normalize().to_string(), expected);
        }
        assert!(serde_json::from_value::<Number>(json!("much")).is_err());
    }

    #[test]
    fn a_comma_that_may_stand_between_thousands_is_no_point() {
        for (given, expected) in [
            ("1,234", None),
            ("-12,500", None),
            ("999,000", None),
            ("1,234,567", None),
            ("1,234.50", None),
            ("0,125", Some("0.125")),
            ("1234,500", Some("1234.5")),
            ("1,23", Some("1.23")),
            ("1,2345", Some("1.2345")),
            ("1.234", Some("1.234")),
        ] {
            let read = given.parse::<Number>().ok().map(|number| number.0.normalize().to_string());
            assert_eq!(read.as_deref(), expected, "{given}");
        }
    }

    #[test]
    fn lists_whose_keys_php_lost_are_lists() {
        for given in [json!(["a", "b"]), json!({ "119": "a", "7": "b" })] {
            assert_eq!(read::<List<Text>>(given), List(vec![Text("a".into()), Text("b".into())]));
        }
        for given in [json!(null), json!(""), json!([]), json!({}), json!(false)] {
            assert_eq!(read::<List<Text>>(given), List(vec![]));
        }
        assert!(serde_json::from_value::<List<Text>>(json!(true)).is_err());
        assert_eq!(read::<Dict>(json!([])), Dict::default());
        assert_eq!(read::<Dict>(json!({ "nps": 5 })).0.get("nps"), Some(&json!(5)));
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Line {
        #[serde(deserialize_with = "said")]
        quantity: Option<Number>,
        #[serde(deserialize_with = "object")]
        offer: Option<Dict>,
    }

    #[test]
    fn what_php_leaves_empty_says_nothing() {
        for given in
            [json!({}), json!({ "quantity": null, "offer": null }), json!({ "quantity": " ", "offer": "" })]
        {
            assert_eq!(read::<Line>(given), Line::default());
        }
        for given in [json!({ "offer": [] }), json!({ "offer": false })] {
            assert_eq!(read::<Line>(given), Line::default());
        }
        assert_eq!(read::<Line>(json!({ "quantity": "0" })).quantity, Some(Number(Decimal::ZERO)));
        for given in [json!({ "offer": "5" }), json!({ "offer": true }), json!({ "quantity": "much" })] {
            assert!(serde_json::from_value::<Line>(given.clone()).is_err(), "{given}");
        }
    }
}
