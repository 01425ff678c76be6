//! What holds of every operation of the API besides what its feature describes: how queries and bodies
//! are read, and the refusals of this crate and of whoever knows tokens. Written into the document once,
//! so that no feature can forget it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Adds what is missing; what a feature described itself stays as it is. Answers with the ids that two
/// operations share.
pub(crate) fn complete(document: &mut Value) -> Vec<String> {
    let (mut ids, mut shared) = (BTreeSet::new(), Vec::new());
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return shared };
    for (path, item) in paths {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                complete_operation(path, operation);
                let id = identified(operation);
                if !ids.insert(id.clone()) {
                    shared.push(format!("two operations have the id {id}"));
                }
            }
        }
    }
    shared
}

/// Features name operations after their handlers: `list`. In the whole document it says of what:
/// `orders_list`.
fn identified(operation: &mut Map<String, Value>) -> String {
    let tag = operation.get("tags").and_then(|tags| tags[0].as_str()).unwrap_or_default().to_owned();
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let says_of_what = id.contains(tag.trim_end_matches('s'));
    let id = if says_of_what { id.to_owned() } else { format!("{tag}_{id}") };
    operation.insert("operationId".to_owned(), Value::String(id.clone()));
    id
}

fn complete_operation(path: &str, operation: &mut Map<String, Value>) {
    let parameters: Vec<Value> =
        operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        // As forms send what nobody filled in.
        if parameter["in"] == "query" && parameter["required"] != true {
            parameter["allowEmptyValue"] = Value::Bool(true);
        }
    }
    let with_body = operation.contains_key("requestBody");
    let versioned = parameters.iter().any(|parameter| parameter["name"] == "If-Match");
    if let Some(body) = operation.get_mut("requestBody").and_then(Value::as_object_mut) {
        let may_be_absent = body.get("content").is_some_and(says_null);
        body.entry("required").or_insert(Value::Bool(!may_be_absent));
    }
    let answers = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(answers) = answers.as_object_mut() else { return };
    for (status, holds, description) in [
        ("401", true, "No live token"),
        ("403", true, "The token lacks the scope that this needs"),
        ("404", path.contains('{'), "Nothing by this name or id in this shop"),
        ("412", versioned, "Somebody else changed it meanwhile"),
        ("413", with_body, "The body is too large"),
        ("415", with_body, "The body is not application/json"),
        ("422", with_body || !parameters.is_empty(), "A value makes no sense; each is named"),
        ("428", versioned, "If-Match is missing"),
        ("503", true, "Too busy, or the database does not answer: send the same again later"),
    ] {
        if holds && !answers.contains_key(status) {
            answers.insert(status.to_owned(), problem(description));
        }
    }
    answers.sort_keys();
}

/// What features write as `Option<…>`.
fn says_null(content: &Value) -> bool {
    let schema = &content["application/json"]["schema"];
    let null = |schema: &Value| {
        schema["type"] == "null"
            || schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")))
    };
    null(schema) || schema["oneOf"].as_array().is_some_and(|choices| choices.iter().any(null))
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_feature_describes_stays_and_what_it_forgets_is_added() {
        let mut document = json!({"paths": {"/api/v1/teas/{id}": {
            "get": {"tags": ["teas"], "operationId": "read", "parameters": [{"name": "id"}], "responses": {"404": {"description": "No such tea"}}},
            "put": {"tags": ["teas"], "operationId": "put_tea", "parameters": [{"name": "If-Match"}], "requestBody": {}, "responses": {}},
        }}});
        assert_eq!(complete(&mut document), Vec::<String>::new());
        let id = |method: &str| document["paths"]["/api/v1/teas/{id}"][method]["operationId"].clone();
        assert_eq!((id("get"), id("put")), (json!("teas_read"), json!("put_tea")));
        let answers = |method: &str| document["paths"]["/api/v1/teas/{id}"][method]["responses"].clone();
        assert_eq!(answers("get")["404"]["description"], "No such tea");
        let statuses =
            |method: &str| answers(method).as_object().expect("answers").keys().cloned().collect::<Vec<_>>();
        assert_eq!(statuses("get"), ["401", "403", "404", "422", "503"]);
        assert_eq!(statuses("put"), ["401", "403", "404", "412", "413", "415", "422", "428", "503"]);
        assert_eq!(document["paths"]["/api/v1/teas/{id}"]["put"]["requestBody"]["required"], true);
    }

    #[test]
    fn a_body_that_may_be_null_may_be_absent() {
        for (schema, required) in [
            (json!({"type": "object"}), true),
            (json!({"type": ["object", "null"]}), false),
            (json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Tea"}]}), false),
        ] {
            let body = json!({"content": {"application/json": {"schema": schema}}});
            let mut document = json!({"paths": {"/a": {"post": {"requestBody": body, "responses": {}}}}});
            complete(&mut document);
            assert_eq!(document["paths"]["/a"]["post"]["requestBody"]["required"], required);
        }
    }

    #[test]
    fn two_operations_of_one_id_are_told() {
        let operation = json!({"tags": ["teas"], "operationId": "list", "responses": {}});
        let mut document = json!({"paths": {"/a": {"get": operation.clone()}, "/b": {"get": operation}}});
        assert_eq!(complete(&mut document), ["two operations have the id teas_list"]);
    }
}
