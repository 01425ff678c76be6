//! The API document for programs, and the same for people: one page, drawn from the document itself.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use maud::{Markup, Render, html};
use serde_json::Value;
use takt_ui::{Page, Width, Words};

use crate::{Json, RequestLang, RequestTheme, Web};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

pub(crate) async fn document(State(web): State<Web>) -> Response {
    ([(header::CACHE_CONTROL, "no-cache")], Json(&web.api.value)).into_response()
}

pub(crate) async fn page(
    State(web): State<Web>,
    RequestLang(lang): RequestLang,
    RequestTheme(theme): RequestTheme,
) -> Response {
    let words = Words::new(web.texts.clone(), lang, jiff::tz::TimeZone::UTC);
    let mut page = Page::new(&words, words.t("web-docs-title"), body(&words, &web.api.value));
    page.theme = theme;
    page.width = Width::Narrow;
    page.path = "/api/docs".to_owned();
    page.render().into_response()
}

fn body(w: &Words, document: &Value) -> Markup {
    html! {
        p { (w.t("web-docs-lead")) " " a href="/api/openapi.json" { "/api/openapi.json" } }
        p { (w.t("web-docs-token")) }
        h2 { (w.t("web-docs-operations")) }
        @for (path, method, operation) in operations(document) { (one_operation(w, path, method, operation)) }
        h2 { (w.t("web-docs-schemas")) }
        @for (name, schema) in entries(&document["components"]["schemas"]) {
            section id={ "schema-" (name) } {
                h3 { (name) }
                @if let Some(text) = schema["description"].as_str() { p { (text) } }
                (fields(w, schema))
                (example(w, schema))
            }
        }
    }
}

fn operations(document: &Value) -> impl Iterator<Item = (&String, &'static str, &Value)> {
    entries(&document["paths"]).flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(move |method| Some((path, method, item.get(method)?)))
    })
}

fn one_operation(w: &Words, path: &str, method: &str, operation: &Value) -> Markup {
    let parameters: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
    html! {
        section {
            h3 { code { (method.to_uppercase()) " " (path) } }
            @for text in [&operation["summary"], &operation["description"]] {
                @if let Some(text) = text.as_str() { p { (text) } }
            }
            @if !parameters.is_empty() {
                h4 { (w.t("web-docs-parameters")) }
                table {
                    (heads(w, &["web-docs-name", "web-docs-where", "web-docs-type", "web-docs-meaning"]))
                    tbody {
                        @for parameter in parameters {
                            tr {
                                td { code { (text(&parameter["name"])) } }
                                td { (text(&parameter["in"])) }
                                td { (kind(&parameter["schema"])) }
                                td {
                                    @if parameter["required"] == true { em { (w.t("web-docs-required")) } " " }
                                    (text(&parameter["description"]))
                                }
                            }
                        }
                    }
                }
            }
            @if operation["requestBody"].is_object() {
                h4 { (w.t("web-docs-body")) }
                (contents(w, &operation["requestBody"]))
            }
            h4 { (w.t("web-docs-answers")) }
            table {
                tbody {
                    @for (status, answer) in entries(&operation["responses"]) {
                        tr { th scope="row" { (status) } td { (text(&answer["description"])) } td { (contents(w, answer)) } }
                    }
                }
            }
        }
    }
}

fn contents(w: &Words, holder: &Value) -> Markup {
    html! {
        @for (media, content) in entries(&holder["content"]) {
            p { code { (media) } " " (kind(&content["schema"])) }
            (example(w, content))
        }
    }
}

fn fields(w: &Words, schema: &Value) -> Markup {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    html! {
        @if schema["properties"].is_object() {
            table {
                (heads(w, &["web-docs-name", "web-docs-type", "web-docs-meaning"]))
                tbody {
                    @for (name, field) in entries(&schema["properties"]) {
                        tr {
                            td { code { (name) } }
                            td { (kind(field)) }
                            td {
                                @if required.contains(&name.as_str()) { em { (w.t("web-docs-required")) } " " }
                                (text(&field["description"]))
                            }
                        }
                    }
                }
            }
        } @else { p { (kind(schema)) } }
    }
}

fn example(w: &Words, holder: &Value) -> Markup {
    let shown = holder.get("example").or_else(|| holder["examples"].get(0));
    html! {
        @if let Some(shown) = shown {
            details open {
                summary { (w.t("web-docs-example")) }
                pre { code { (serde_json::to_string_pretty(shown).unwrap_or_default()) } }
            }
        }
    }
}

/// A schema in one line: a link to its name, or its type.
fn kind(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|target| target.rsplit('/').next()) {
        return html! { a href={ "#schema-" (name) } { (name) } };
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[several].as_array() {
            return html! {
                @for (place, choice) in choices.iter().enumerate() { @if place > 0 { " | " } (kind(choice)) }
            };
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        return html! {
            @for (place, value) in values.iter().enumerate() { @if place > 0 { " | " } code { (plain(value)) } }
        };
    }
    html! {
        @match &schema["type"] {
            Value::String(name) if name == "array" => { "[" (kind(&schema["items"])) "]" }
            Value::String(name) => { (name) }
            Value::Array(names) => {
                @for (place, name) in names.iter().enumerate() { @if place > 0 { " | " } (plain(name)) }
            }
            _ => {}
        }
        @if let Some(format) = schema["format"].as_str() { " (" (format) ")" }
    }
}

fn heads(w: &Words, keys: &[&str]) -> Markup {
    html! { thead { tr { @for key in keys { th scope="col" { (w.t(key)) } } } } }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}
