//! Fields of the protocol in the types that its clients read: what PHP sent as a text goes out as the number
//! it is, or not at all.

use serde_json::{Map, Value};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Type {
    Text,
    Int,
    Bool,
    Number,
    /// `2026-11-02 10:00:00`
    Moment,
    /// `2026-11-02`
    Day,
    /// `10:00`
    Clock,
    Texts,
    Part(&'static [(&'static str, Type)]),
    /// Parts in a list, or in a map as PHP writes lists.
    Parts(&'static [(&'static str, Type)]),
}

use Type::{Bool, Clock, Day, Int, Moment, Number, Part, Parts, Text, Texts};

pub(crate) use super::tables::{
    ADDRESS, CONTRAGENT, CORPORATE, CUSTOM_FIELD, CUSTOMER, DELIVERY, FIRM, ITEM, MODULE, ORDER, REFERENCE,
    STORE,
};

/// Puts fields into their types; what fits no type is left out. Fields that are not named stay as they are.
pub(crate) fn correct(body: &mut Map<String, Value>, fields: &[(&str, Type)]) {
    for (name, kind) in fields {
        let Some(value) = body.get_mut(*name) else { continue };
        if fits(value, *kind) {
            continue;
        }
        match typed(value, *kind) {
            Some(typed) => *value = typed,
            None => {
                body.shift_remove(*name);
            }
        }
    }
}

/// Parts that are there are put right in their place.
fn fits(value: &mut Value, kind: Type) -> bool {
    match (kind, value) {
        (Text, Value::String(_)) | (Bool, Value::Bool(_)) | (Number, Value::Number(_)) => true,
        (Int, Value::Number(number)) => number.is_i64(),
        (Moment, Value::String(text)) => is_moment(text),
        (Part(fields), Value::Object(body)) => {
            correct(body, fields);
            true
        }
        (Parts(fields), Value::Array(all)) => {
            all.retain_mut(|one| fits(one, Part(fields)));
            true
        }
        (Parts(fields), Value::Object(all)) => {
            all.retain(|_, one| fits(one, Part(fields)));
            true
        }
        _ => false,
    }
}

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
    if matches!(kind, Texts) {
        let all: Vec<&Value> = match value {
            Value::Array(all) => all.iter().collect(),
            Value::Object(all) => all.values().collect(),
            _ => return None,
        };
        return Some(all.into_iter().filter_map(|one| typed(one, Text)).collect());
    }
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
        Moment => shaped(&text, MOMENT),
        Day => shaped(text.get(..10).unwrap_or(&text), "%Y-%m-%d"),
        Clock => shaped(text.get(..5).unwrap_or(&text), "%H:%M"),
        Texts | Part(_) | Parts(_) => None,
    }
}

const MOMENT: &str = "%Y-%m-%d %H:%M:%S";

/// As we write them; what is written otherwise may be one all the same.
fn is_moment(text: &str) -> bool {
    let number = |part: std::ops::Range<usize>| -> Option<i16> {
        let part = text.get(part)?;
        part.bytes().all(|letter| letter.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let small = |part: std::ops::Range<usize>| number(part).and_then(|number| i8::try_from(number).ok());
    let marks = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    let is_shaped = text.len() == 19 && marks.iter().all(|(at, mark)| text.as_bytes()[*at] == *mark);
    let read = || {
        let (year, month, day) = (number(0..4)?, small(5..7)?, small(8..10)?);
        let (hour, minute, second) = (small(11..13)?, small(14..16)?, small(17..19)?);
        jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()
    };
    is_shaped && read().is_some()
}

/// A date or a time that is one.
fn shaped(text: &str, format: &str) -> Option<Value> {
    let read = jiff::fmt::strtime::parse(format, text).ok()?;
    let is_one = match format {
        MOMENT => read.to_datetime().is_ok(),
        "%H:%M" => read.to_time().is_ok(),
        _ => read.to_date().is_ok(),
    };
    is_one.then(|| Value::from(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_php_wrote_its_own_way_is_put_right_in_its_place() {
        let given = json!({
            "date": "2026-11-04 00:00:00", "netCost": "3.50", "time": { "from": "10:00:00", "to": "soon" }, "own": [1],
            "service": [], "address": { "floor": "third", "flat": 2 },
        });
        let Value::Object(mut given) = given else { unreachable!() };
        correct(&mut given, DELIVERY);
        let expected = json!({
            "date": "2026-11-04", "netCost": 3.5, "time": { "from": "10:00" }, "own": [1], "address": { "flat": "2" },
        });
        assert_eq!(Value::Object(given), expected);
    }

    #[test]
    fn a_moment_stays_as_it_is_when_it_is_one() {
        for (given, expected) in [
            ("2026-11-04 10:20:30", Some("2026-11-04 10:20:30")),
            (" 2026-11-04 10:20:30 ", Some("2026-11-04 10:20:30")),
            ("2026-2-4 1:20:30", Some("2026-2-4 1:20:30")),
            ("2026-02-29 10:20:30", None),
            ("2026-13-04 10:20:30", None),
            ("2026-11-04T10:20:30", None),
            ("+026-11-04 10:20:30", Some("+026-11-04 10:20:30")),
            ("2026-11-04 10:20:3я", None),
            ("2026-11-04", None),
        ] {
            let Value::Object(mut body) = json!({ "createdAt": given }) else { unreachable!() };
            correct(&mut body, &[("createdAt", Moment)]);
            assert_eq!(body.get("createdAt").and_then(Value::as_str), expected, "{given}");
        }
    }

    #[test]
    fn an_address_of_php_goes_out_in_the_types_of_the_protocol() {
        let given = json!({ "floor": "3", "flat": 12, "block": "second", "city": " Москва ", "regionId": 73, "x": 1 });
        let Value::Object(given) = given else { unreachable!() };
        let expected = json!({ "regionId": 73, "city": "Москва", "flat": "12", "floor": 3 });
        assert_eq!(Value::Object(known(&given, ADDRESS)), expected);
    }
}
