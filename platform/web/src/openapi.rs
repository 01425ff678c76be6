//! The API document, OpenAPI 3.1, put together from what features describe.

mod common_answers;

use std::sync::{Arc, OnceLock};

use serde_json::{Value, json};
use utoipa::openapi::{
    Components, Info, OpenApi, OpenApiBuilder, OpenApiVersion, SecurityRequirement,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// What features describe. It is put together when somebody first asks for it: a start would wait.
#[derive(Clone, Debug, Default)]
pub struct ApiDescription {
    parts: Vec<fn() -> OpenApi>,
    document: Arc<OnceLock<ApiDocument>>,
}

impl ApiDescription {
    pub fn of(parts: Vec<fn() -> OpenApi>) -> Self {
        Self { parts, document: Arc::default() }
    }

    pub fn document(&self) -> &ApiDocument {
        self.document.get_or_init(|| ApiDocument::merged(self.parts.iter().map(|describe| describe())))
    }
}

/// The merged document, as JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiDocument {
    pub value: Value,
    /// Two features describe different things under one name: a mistake that a test must catch.
    pub problems: Vec<String>,
}

impl Default for ApiDocument {
    fn default() -> Self {
        Self::merged([])
    }
}

impl ApiDocument {
    pub fn merged(parts: impl IntoIterator<Item = OpenApi>) -> Self {
        let mut problems = Vec::new();
        let mut whole = beginning();
        for part in parts {
            problems.extend(clashes(&whole, &part));
            whole.merge(part);
        }
        let mut value = serde_json::to_value(&whole).unwrap_or_else(|error| {
            problems.push(error.to_string());
            json!({})
        });
        problems.extend(common_answers::complete(&mut value));
        problems.extend(dangling(&value, &value));
        problems.extend(undescribed(&value));
        Self { value, problems }
    }
}

fn beginning() -> OpenApi {
    let mut components = Components::new();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("takt_…").build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    components.schemas.insert("Problem".to_owned(), problem_schema());
    OpenApiBuilder::new()
        .openapi(OpenApiVersion::Version31)
        .info(Info::new("Takt", env!("CARGO_PKG_VERSION")))
        .components(Some(components))
        .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>("token", [])]))
        .build()
}

/// RFC 9457, as `failure` writes it. Features refer to it as `#/components/schemas/Problem`.
fn problem_schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    let schema = json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer", "format": "int32"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "errors": {"type": "array", "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string"}, "code": {"type": "string"}, "detail": {"type": "string"}
                }
            }},
            "request_id": {"type": "string"}
        }
    });
    serde_json::from_value(schema).unwrap_or_else(|_| utoipa::openapi::Object::new().into())
}

fn clashes(whole: &OpenApi, part: &OpenApi) -> Vec<String> {
    let mut problems = Vec::new();
    if let (Some(known), Some(new)) = (&whole.components, &part.components) {
        for (name, schema) in &new.schemas {
            if known.schemas.get(name).is_some_and(|other| other != schema) {
                problems.push(format!("the schema {name} is described twice, differently"));
            }
        }
    }
    for (path, item) in &part.paths.paths {
        if let Some(known) = whole.paths.paths.get(path)
            && [
                (&known.get, &item.get),
                (&known.post, &item.post),
                (&known.put, &item.put),
                (&known.patch, &item.patch),
                (&known.delete, &item.delete),
            ]
            .into_iter()
            .any(|(known, new)| known.is_some() && new.is_some())
        {
            problems.push(format!("the operation of {path} is described twice"));
        }
    }
    problems
}

/// References that lead nowhere.
fn dangling(part: &Value, whole: &Value) -> Vec<String> {
    match part {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| match (key.as_str(), value) {
                ("$ref", Value::String(target)) => target
                    .strip_prefix('#')
                    .filter(|pointer| whole.pointer(pointer).is_none())
                    .map(|_| format!("{target} leads nowhere"))
                    .into_iter()
                    .collect(),
                _ => dangling(value, whole),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(|item| dangling(item, whole)).collect(),
        _ => Vec::new(),
    }
}

/// Answers without a description, which OpenAPI asks of each.
fn undescribed(document: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, operations) in fields(&document["paths"]) {
        for (method, operation) in fields(operations) {
            for (status, answer) in fields(&operation["responses"]) {
                if answer.get("$ref").is_none() && answer["description"].as_str().is_none_or(str::is_empty) {
                    problems.push(format!("{method} {path} does not describe its answer {status}"));
                }
            }
        }
    }
    problems
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use utoipa::{OpenApi as _, ToSchema};

    use super::*;

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its description is used")]
    struct Tea {
        name: String,
        note: Option<String>,
    }

    #[utoipa::path(get, path = "/api/v1/teas/{id}", params(("id" = i64, Path)),
        responses((status = 200, body = Tea, description = "The tea"), (status = 404, body = inline(Tea), description = "None")))]
    #[expect(dead_code, reason = "only its description is used")]
    fn get_tea() {}

    #[derive(utoipa::OpenApi)]
    #[openapi(paths(get_tea), components(schemas(Tea)))]
    struct Part;

    #[utoipa::path(delete, path = "/api/v1/teas/{id}", params(("id" = i64, Path)), responses((status = 204)))]
    #[expect(dead_code, reason = "only its description is used")]
    fn drink_tea() {}

    #[derive(utoipa::OpenApi)]
    #[openapi(paths(drink_tea))]
    struct Silent;

    #[test]
    fn the_document_says_3_1_and_every_reference_leads_somewhere() {
        let document = ApiDocument::merged([Part::openapi()]);
        assert_eq!(document.value["openapi"], "3.1.0");
        assert_eq!(document.problems, Vec::<String>::new());
        assert_eq!(
            document.value["components"]["schemas"]["Problem"]["properties"]["status"]["type"],
            "integer"
        );
        assert_eq!(document.value["components"]["securitySchemes"]["token"]["scheme"], "bearer");
        assert!(document.value["paths"]["/api/v1/teas/{id}"]["get"].is_object());
    }

    #[test]
    fn an_answer_that_nobody_described_is_found() {
        let problems = ApiDocument::merged([Silent::openapi()]).problems;
        assert_eq!(problems, ["delete /api/v1/teas/{id} does not describe its answer 204"]);
    }

    #[test]
    fn two_things_under_one_name_are_found() {
        let mut other = Part::openapi();
        if let Some(components) = &mut other.components {
            components.schemas.insert("Tea".to_owned(), utoipa::openapi::Object::new().into());
        }
        let problems = ApiDocument::merged([Part::openapi(), other]).problems.join("\n");
        assert!(problems.contains("the schema Tea"), "{problems}");
        assert!(problems.contains("/api/v1/teas/{id}"), "{problems}");
    }
}
