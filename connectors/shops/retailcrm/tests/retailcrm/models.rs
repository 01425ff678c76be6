//! Whether an answer has the types that the protocol's clients read. Beside it lie `data/models.json`, the fields and types
//! of every model of an answer and the model of every method, and `data/answers.jsonl`, what the real system answered
//! with every value replaced by one of its type.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Protocol {
    /// Method, template and model of the answer of every method.
    answers: Vec<(String, String, String)>,
    /// Model → field → type.
    models: BTreeMap<String, BTreeMap<String, String>>,
}

static PROTOCOL: LazyLock<Protocol> = LazyLock::new(|| {
    let protocol: Protocol =
        serde_json::from_str(include_str!("../data/models.json")).expect("the models of the protocol");
    assert!(protocol.answers.len() > 150, "the list of methods is not whole");
    protocol
});

/// The template and the model of what this asks for, a path that is written out before one with variables.
pub fn answer_of(method: &str, path: &str) -> Option<(&'static str, &'static str)> {
    let asked: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        parts.len() == asked.len()
            && parts.iter().zip(&asked).all(|(part, asked)| part.starts_with('{') || part == asked)
    };
    PROTOCOL
        .answers
        .iter()
        .filter(|(known, template, _)| known == method && fits(template))
        .min_by_key(|(_, template, _)| template.matches('{').count())
        .map(|(_, template, model)| (template.as_str(), model.as_str()))
}

/// Panics with every field of the value that is not of its model's type.
pub fn expect_model(model: &str, value: &Value) {
    let wrong = wrong_in(model, value);
    assert!(wrong.is_empty(), "{}\nin {value:#}", wrong.join("\n"));
}

/// Every field of the value that is not of its model's type. Fields that no model names are allowed.
pub fn wrong_in(model: &str, value: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    check_model(model, value, model, &mut wrong);
    wrong
}

/// As clients read a failure: a sentence, and perhaps a list or a map of sentences.
pub fn wrong_in_failure(value: &Value) -> Vec<String> {
    let sentences = match &value["errors"] {
        Value::Null => true,
        Value::Array(all) => all.iter().all(Value::is_string),
        Value::Object(all) => all.values().all(Value::is_string),
        _ => false,
    };
    let is_one = value["success"] == false && value["errorMsg"].is_string() && sentences;
    if is_one { Vec::new() } else { vec![format!("no failure of the protocol: {value}")] }
}

/// The fields of an answer that its model does not name: `Entity.Orders.Order.slug`.
pub fn unnamed(model: &str, value: &Value, found: &mut BTreeSet<String>) {
    let (Some(fields), Some(object)) = (PROTOCOL.models.get(model), value.as_object()) else { return };
    for (name, value) in object {
        match fields.get(name) {
            None => {
                found.insert(format!("{model}.{name}"));
            }
            Some(kind) => unnamed_in(kind, value, found),
        }
    }
}

fn unnamed_in(kind: &str, value: &Value, found: &mut BTreeSet<String>) {
    let list =
        kind.strip_prefix("array<").and_then(|kind| kind.strip_suffix('>')).or(kind.strip_suffix("[]"));
    let Some(of) = list else { return unnamed(model_named(kind, value), value, found) };
    let of = of.rsplit(',').next().unwrap_or(of).trim();
    let all: Vec<&Value> = match value {
        Value::Array(all) => all.iter().collect(),
        Value::Object(all) => all.values().collect(),
        _ => Vec::new(),
    };
    all.into_iter().for_each(|one| unnamed_in(of, one, found));
}

/// Whoever orders is a person or a firm.
fn model_named<'k>(kind: &'k str, value: &Value) -> &'k str {
    match (kind, value["type"].as_str()) {
        ("Interfaces.Orders.CustomerInterface", Some("customer_corporate")) => {
            "Entity.CustomersCorporate.CustomerCorporate"
        }
        ("Interfaces.Orders.CustomerInterface", _) => "Entity.Customers.Customer",
        _ => kind,
    }
}

fn check_model(model: &str, value: &Value, path: &str, wrong: &mut Vec<String>) {
    let Some(fields) = PROTOCOL.models.get(model) else {
        wrong.push(format!("{path}: there is no model {model}"));
        return;
    };
    let Some(object) = value.as_object() else {
        wrong.push(format!("{path}: not an object but {value}"));
        return;
    };
    for (name, value) in object {
        if let Some(kind) = fields.get(name) {
            check(kind, value, &format!("{path}.{name}"), wrong);
        }
    }
}

fn check(kind: &str, value: &Value, path: &str, wrong: &mut Vec<String>) {
    if let Some(of) = kind.strip_prefix("array<").and_then(|kind| kind.strip_suffix('>')) {
        return each(of.rsplit(',').next().unwrap_or(of).trim(), value, path, wrong);
    }
    if let Some(of) = kind.strip_suffix("[]") {
        return each(of, value, path, wrong);
    }
    let fits = match kind {
        "mixed" => true,
        "int" | "integer" => value.is_i64() || value.is_u64(),
        "float" => value.is_number(),
        "string" => value.is_string(),
        "bool" | "boolean" => value.is_boolean(),
        "array" => value.is_array() || value.is_object(),
        kind if kind.starts_with("DateTime") => value.as_str().is_some_and(|text| is_moment(kind, text)),
        kind if kind.contains('.') => return check_model(model_named(kind, value), value, path, wrong),
        kind => {
            wrong.push(format!("{path}: nobody knows the type {kind}"));
            return;
        }
    };
    if !fits {
        wrong.push(format!("{path}: not {kind} but {value}"));
    }
}

/// PHP's arrays are lists and maps.
fn each(of: &str, value: &Value, path: &str, wrong: &mut Vec<String>) {
    match value {
        Value::Array(all) => {
            for (index, one) in all.iter().enumerate() {
                check(of, one, &format!("{path}[{index}]"), wrong);
            }
        }
        Value::Object(all) => {
            for (name, one) in all {
                check(of, one, &format!("{path}[{name}]"), wrong);
            }
        }
        other => wrong.push(format!("{path}: not a list but {other}")),
    }
}

fn is_moment(kind: &str, text: &str) -> bool {
    let shape: String =
        text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    let format = kind.split('\'').nth(1).unwrap_or("Y-m-d H:i:s");
    let wanted = format.replace('P', "+00:00").replace('Y', "0000").replace(['m', 'd', 'H', 'i', 's'], "00");
    shape == wanted || shape == wanted.replace('+', "-")
}

#[test]
fn a_wrong_type_is_found_however_deep_it_lies() {
    let answer = serde_json::json!({
        "success": true,
        "companies": [{ "id": "772", "contragent": { "INN": 12 }, "createdAt": "yesterday", "nobodyKnows": 1 }],
    });
    let mut wrong = Vec::new();
    check_model(
        "Response.CustomersCorporate.CustomersCorporateCompaniesResponse",
        &answer,
        "answer",
        &mut wrong,
    );
    assert_eq!(
        wrong,
        [
            "answer.companies[0].id: not int but \"772\"",
            "answer.companies[0].contragent.INN: not string but 12",
            "answer.companies[0].createdAt: not DateTime<'Y-m-d H:i:s'> but \"yesterday\"",
        ]
    );
}

/// Recorded answers, each with its model.
fn recorded() -> Vec<(String, &'static str, Value)> {
    let row = |line: &str| {
        let (name, method, path, answer): (String, String, String, Value) =
            serde_json::from_str(line).expect("an answer");
        let (_, model) = answer_of(&method, &format!("/api/v5/{path}"))
            .or_else(|| answer_of(&method, &format!("/api/{path}")))?;
        Some((name, model, answer))
    };
    include_str!("../data/answers.jsonl").lines().filter_map(row).collect()
}

#[test]
fn what_the_real_system_answered_fits_its_models() {
    // What the real system itself writes otherwise than its clients read it.
    let known = ["Telephony.", "Packs.", "CustomFields.", "Loyalty."];
    let mut checked = 0;
    for (file, model, answer) in recorded() {
        if known.iter().any(|known| file.starts_with(known)) {
            continue;
        }
        expect_model(model, &answer);
        checked += 1;
    }
    assert!(checked > 80, "{checked} answers are recorded");
}
