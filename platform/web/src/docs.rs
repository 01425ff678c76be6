//! The API document for programs, and the same for people: one page, drawn from the document itself.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use maud::{Markup, Render, html};
use serde_json::Value;
use takt_ui::{Column, Page, Row, Table, Tone, Width, Words, badge, card, details};

use crate::{Json, RequestLang, RequestTheme, Web};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

pub(crate) async fn document(State(web): State<Web>) -> Response {
    ([(header::CACHE_CONTROL, "no-cache")], Json(&web.api.document().value)).into_response()
}

pub(crate) async fn page(
    State(web): State<Web>,
    RequestLang(lang): RequestLang,
    RequestTheme(theme): RequestTheme,
) -> Response {
    let words = Words::new(web.texts.clone(), lang, jiff::tz::TimeZone::UTC);
    let mut page = Page::new(&words, words.t("web-docs-title"), body(&words, &web.api.document().value));
    page.theme = theme;
    page.width = Width::Narrow;
    page.path = "/api/docs".to_owned();
    page.render().into_response()
}

fn body(w: &Words, document: &Value) -> Markup {
    html! {
        div.stack {
            p.lead { (w.t("web-docs-lead")) " " a href="/api/openapi.json" { "/api/openapi.json" } }
            p { (w.t("web-docs-token")) }
            h2 { (w.t("web-docs-operations")) }
            ul {
                @for (path, method, operation) in operations(document) {
                    li { a href={ "#" (anchor(method, path)) } { code { (method.to_uppercase()) " " (path) } } " " (text(&operation["summary"])) }
                }
            }
            @for (path, method, operation) in operations(document) { (one_operation(w, path, method, operation)) }
            h2 { (w.t("web-docs-schemas")) }
            @for (name, schema) in entries(&document["components"]["schemas"]) {
                (card(name).id(format!("schema-{name}")).body(html! {
                    div.stack {
                        @if let Some(text) = schema["description"].as_str() { p { (text) } }
                        (fields(w, schema))
                        (example(w, schema))
                    }
                }))
            }
        }
    }
}

fn operations(document: &Value) -> impl Iterator<Item = (&String, &'static str, &Value)> {
    entries(&document["paths"]).flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(move |method| Some((path, method, item.get(method)?)))
    })
}

/// `get-api-v1-orders-id`
fn anchor(method: &str, path: &str) -> String {
    let words = path.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(method.to_owned(), |anchor, word| anchor + "-" + word)
}

fn one_operation(w: &Words, path: &str, method: &str, operation: &Value) -> Markup {
    let parameters: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
    card(format!("{} {path}", method.to_uppercase()))
        .id(anchor(method, path))
        .body(html! {
            div.stack {
                @for text in [&operation["summary"], &operation["description"]] {
                    @if let Some(text) = text.as_str() { p { (text) } }
                }
                @if !parameters.is_empty() {
                    h3 { (w.t("web-docs-parameters")) }
                    (Table::new(w, w.t("web-docs-parameters"))
                        .columns(columns(w, &["web-docs-name", "web-docs-where", "web-docs-type", "web-docs-meaning"]))
                        .rows(parameters.iter().map(|parameter| Row::new([
                            html! { code { (text(&parameter["name"])) } },
                            html! { (text(&parameter["in"])) },
                            kind(&parameter["schema"]),
                            meaning(w, parameter["required"] == true, &parameter["description"]),
                        ]))))
                }
                @if operation["requestBody"].is_object() {
                    h3 { (w.t("web-docs-body")) }
                    (contents(w, &operation["requestBody"]))
                }
                h3 { (w.t("web-docs-answers")) }
                (Table::new(w, w.t("web-docs-answers"))
                    .columns(columns(w, &["web-docs-status", "web-docs-meaning", "web-docs-type"]))
                    .rows(entries(&operation["responses"]).map(|(status, answer)| Row::new([
                        badge(status, tone(status)),
                        html! { (text(&answer["description"])) },
                        contents(w, answer),
                    ]))))
            }
        })
        .render()
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
    if !schema["properties"].is_object() {
        return html! { p { (kind(schema)) } };
    }
    Table::new(w, w.t("web-docs-schemas"))
        .columns(columns(w, &["web-docs-name", "web-docs-type", "web-docs-meaning"]))
        .rows(entries(&schema["properties"]).map(|(name, field)| {
            Row::new([
                html! { code { (name) } },
                kind(field),
                meaning(w, required.contains(&name.as_str()), &field["description"]),
            ])
        }))
        .render()
}

fn meaning(w: &Words, required: bool, description: &Value) -> Markup {
    html! {
        @if required { (badge(w.t("web-docs-required"), Tone::Neutral)) " " }
        (text(description))
    }
}

fn example(w: &Words, holder: &Value) -> Markup {
    let shown = holder.get("example").or_else(|| holder["examples"].get(0));
    let several = holder["examples"].as_object().into_iter().flatten();
    html! {
        @for shown in shown.into_iter().chain(several.filter_map(|(_, one)| one.get("value"))) {
            (details(w.t("web-docs-example"), true, html! {
                pre { code { (serde_json::to_string_pretty(shown).unwrap_or_default()) } }
            }))
        }
    }
}

fn columns(w: &Words, keys: &[&str]) -> Vec<Column> {
    keys.iter().map(|key| Column::new(w.t(key))).collect()
}

fn tone(status: &str) -> Tone {
    match status.as_bytes().first() {
        Some(b'2') => Tone::Good,
        Some(b'4') => Tone::Warn,
        Some(b'5') => Tone::Bad,
        _ => Tone::Neutral,
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

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}
