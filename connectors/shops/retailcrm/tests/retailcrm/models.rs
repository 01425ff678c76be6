//! Whether an answer has the types that the protocol's clients read: models.md names every field of every model.

use std::{collections::BTreeMap, path::PathBuf, sync::LazyLock};

use serde_json::Value;

/// Model → field → type, as the file writes it.
static MODELS: LazyLock<BTreeMap<String, BTreeMap<String, String>>> = LazyLock::new(|| {
    let file = specification().join("models.md");
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|problem| panic!("the models of the protocol, {}: {problem}", file.display()));
    read(&text)
});

/// The specification lies beside the checkout.
fn specification() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/spec/retailcrm")
}

fn read(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut models: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut model = None;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            models.entry(name.trim().to_owned()).or_default();
            model = Some(name.trim().to_owned());
        } else if let (Some(model), Some((field, kind))) =
            (&model, line.strip_prefix("- `").and_then(|rest| rest.split_once("`: ")))
        {
            models.entry(model.clone()).or_default().insert(field.to_owned(), kind.trim().to_owned());
        }
    }
    models
}

/// Panics with every field of the value that is not of its model's type. Fields that no model names are allowed.
pub fn expect_model(model: &str, value: &Value) {
    let mut wrong = Vec::new();
    check_model(model, value, model, &mut wrong);
    assert!(wrong.is_empty(), "{}\nin {value:#}", wrong.join("\n"));
}

fn check_model(model: &str, value: &Value, path: &str, wrong: &mut Vec<String>) {
    let Some(fields) = MODELS.get(model) else {
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
        "int" => value.is_i64() || value.is_u64(),
        "float" => value.is_number(),
        "string" => value.is_string(),
        "bool" | "boolean" => value.is_boolean(),
        "array" => value.is_array() || value.is_object(),
        // Whoever orders, a person or a firm.
        "Interfaces.Orders.CustomerInterface" => {
            let is_firm = value["type"].as_str() == Some("customer_corporate");
            let model = if is_firm {
                "Entity.CustomersCorporate.CustomerCorporate"
            } else {
                "Entity.Customers.Customer"
            };
            return check_model(model, value, path, wrong);
        }
        kind if kind.starts_with("DateTime") => value.as_str().is_some_and(|text| is_moment(kind, text)),
        kind if kind.contains('.') => return check_model(kind, value, path, wrong),
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

#[test]
fn what_the_real_system_answered_fits_its_models() {
    let folder = specification().join("responses");
    for (file, model) in [
        ("CustomersCorporate.testList", "CustomersCorporate.CustomersCorporateResponse"),
        ("CustomersCorporate.testCustomersGet", "CustomersCorporate.CustomersCorporateGetResponse"),
        ("CustomersCorporate.testHistory", "CustomersCorporate.CustomersCorporateHistoryResponse"),
        ("Users.testList", "Users.UsersResponse"),
        ("Store.testOffers", "Store.OffersResponse"),
    ] {
        let text = std::fs::read_to_string(folder.join(format!("{file}.json"))).expect("a recorded answer");
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        expect_model(&format!("Response.{model}"), &answer);
    }
}
