use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use crate::wire::lenient::{List, Text, filled};

/// A customer as a shop sends it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct CustomerIn {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patronymic: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phones: Option<List<PhoneIn>>,
    /// Kept and given back.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct PhoneIn {
    pub number: Text,
}

/// `{"number": "…"}`, or the number alone.
impl<'de> Deserialize<'de> for PhoneIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Value::deserialize(deserializer)? {
            Value::Object(mut parts) => parts.remove("number").unwrap_or_default(),
            Value::String(words)
                if !words.is_empty() && !words.contains(|letter: char| letter.is_ascii_digit()) =>
            {
                return Err(de::Error::custom(format!("{words:?} is no phone")));
            }
            alone => alone,
        };
        Text::deserialize(number).map(|number| Self { number }).map_err(de::Error::custom)
    }
}

impl CustomerIn {
    pub fn name(&self) -> String {
        name_of(self.first_name.as_ref(), self.patronymic.as_ref(), self.last_name.as_ref())
    }

    /// The first that says something.
    pub fn phone(&self) -> &str {
        let phones = self.phones.as_ref().map_or(&[][..], |phones| &phones.0);
        phones.iter().find_map(|phone| phone.number.filled()).unwrap_or_default()
    }
}

/// First name, patronymic and last name, as the desk reads a name.
pub(crate) fn name_of(first: Option<&Text>, middle: Option<&Text>, last: Option<&Text>) -> String {
    let parts: Vec<&str> = [first, middle, last].into_iter().filter_map(filled).collect();
    parts.join(" ")
}

/// An address in parts, with or without the whole as a text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    #[serde(flatten)]
    pub parts: Map<String, Value>,
}

/// (part, what stands before it)
const PARTS: [(&str, &str); 13] = [
    ("index", ""),
    ("region", ""),
    ("city", ""),
    ("street", ""),
    ("building", ""),
    ("house", ""),
    ("housing", "корп. "),
    ("block", "подъезд "),
    ("floor", "этаж "),
    ("flat", "кв. "),
    ("intercomCode", "домофон "),
    ("metro", "метро "),
    ("notes", ""),
];

impl Address {
    /// The whole as one text: as it was given, with the parts that the text does not say.
    pub fn shown(&self) -> Option<String> {
        let text = filled(self.text.as_ref()).map(|text| text.trim_end_matches([',', ' ']).to_owned());
        let part = |name: &str| match self.parts.get(name)? {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let said = text.clone().unwrap_or_default().to_lowercase();
        let mut shown: Vec<String> = Vec::new();
        for (name, before) in PARTS {
            // Beside a text, only what says where it is: the rest is its own wording of the same.
            if text.is_some() && !["index", "region", "city"].contains(&name) {
                continue;
            }
            if let Some(part) = part(name)
                && !said.contains(&part.to_lowercase())
            {
                shown.push(format!("{before}{part}"));
            }
        }
        shown.extend(text);
        if shown.is_empty() { None } else { Some(shown.join(", ")) }
    }
}
