//! Fields of the protocol in the types that its clients read: what PHP sent as a text goes out as the number
//! it is, or not at all.

use serde_json::{Map, Value};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Type {
    Text,
    Int,
    Bool,
    Number,
}

use Type::{Bool, Int, Number, Text};

pub(crate) const ADDRESS: &[(&str, Type)] = &[
    ("index", Text),
    ("countryIso", Text),
    ("region", Text),
    ("regionId", Int),
    ("city", Text),
    ("cityId", Int),
    ("cityType", Text),
    ("street", Text),
    ("streetId", Int),
    ("streetType", Text),
    ("building", Text),
    ("flat", Text),
    ("floor", Int),
    ("block", Int),
    ("house", Text),
    ("housing", Text),
    ("metro", Text),
    ("notes", Text),
    ("text", Text),
];

pub(crate) const CONTRAGENT: &[(&str, Type)] = &[
    ("contragentType", Text),
    ("type", Text),
    ("legalName", Text),
    ("legalAddress", Text),
    ("INN", Text),
    ("OKPO", Text),
    ("KPP", Text),
    ("OGRN", Text),
    ("OGRNIP", Text),
    ("certificateNumber", Text),
    ("certificateDate", Text),
    ("BIK", Text),
    ("bank", Text),
    ("bankAddress", Text),
    ("corrAccount", Text),
    ("bankAccount", Text),
];

pub(crate) const FIRM: &[(&str, Type)] = &[("brand", Text), ("site", Text)];

pub(crate) const CORPORATE: &[(&str, Type)] = &[
    ("managerId", Int),
    ("vip", Bool),
    ("bad", Bool),
    ("personalDiscount", Number),
    ("cumulativeDiscount", Number),
    ("discountCardNumber", Text),
    ("firstClientId", Text),
    ("lastClientId", Text),
];

pub(crate) const STORE: &[(&str, Type)] = &[
    ("name", Text),
    ("description", Text),
    ("externalId", Text),
    ("xmlId", Text),
    ("email", Text),
    ("contact", Text),
];

pub(crate) const CUSTOM_FIELD: &[(&str, Type)] = &[
    ("name", Text),
    ("code", Text),
    ("required", Bool),
    ("inFilter", Bool),
    ("inList", Bool),
    ("inGroupActions", Bool),
    ("type", Text),
    ("default", Text),
    ("ordering", Int),
    ("displayArea", Text),
    ("viewMode", Text),
    ("viewModeMobile", Text),
    ("dictionary", Text),
];

pub(crate) const MODULE: &[(&str, Type)] = &[
    ("code", Text),
    ("integrationCode", Text),
    ("active", Bool),
    ("name", Text),
    ("clientId", Text),
    ("baseUrl", Text),
    ("accountUrl", Text),
];

/// The known fields among these, in their types. Texts are cut of blanks; what fits no type is left out.
pub(crate) fn known(given: &Map<String, Value>, fields: &[(&str, Type)]) -> Map<String, Value> {
    let mut known = Map::new();
    for (name, kind) in fields {
        if let Some(value) = given.get(*name).and_then(|value| typed(value, *kind)) {
            known.insert((*name).to_owned(), value);
        }
    }
    known
}

fn typed(value: &Value, kind: Type) -> Option<Value> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => if *truth { "1" } else { "0" }.to_owned(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    match kind {
        Text => Some(Value::from(text)),
        Int => text.parse::<i64>().ok().map(Value::from),
        Bool => Some(Value::from(!["", "0", "false"].contains(&text.as_str()))),
        Number => {
            let number = text.parse::<crate::wire::lenient::Number>().ok()?;
            Some(crate::orders::write::number(&number.0.to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_of_php_goes_out_in_the_types_of_the_protocol() {
        let given = json!({ "floor": "3", "flat": 12, "block": "second", "city": " Москва ", "regionId": 73, "x": 1 });
        let Value::Object(given) = given else { unreachable!() };
        let expected = json!({ "regionId": 73, "city": "Москва", "flat": "12", "floor": 3 });
        assert_eq!(Value::Object(known(&given, ADDRESS)), expected);
    }
}
