//! Bodies, queries and paths as values. A field that does not fit is refused by name, as the caller
//! wrote it: `lines[2].quantity`.

use std::error::Error;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde::{Serialize, de::DeserializeOwned};
use takt_kernel::{Fault, FieldFault};
use tower_http::timeout::TimeoutError;

use super::objects::Objects;
use crate::{
    Failure, Web,
    failure::{BODY_TOO_SLOW, TOO_LARGE, UNSUPPORTED_MEDIA},
};

/// A JSON body, in or out.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// The fields of an HTML form. A field that stands there several times becomes a list.
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

/// What stands behind the `?`.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

/// The variable parts of the path. Nonsense there is a page that does not exist.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Web> for Json<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, web: &Web) -> Result<Self, Failure> {
        let media = media_type(request.headers());
        if media != "application/json" && !(media.starts_with("application/") && media.ends_with("+json")) {
            return Err(Fault::invalid(UNSUPPORTED_MEDIA).arg("expected", "application/json").into());
        }
        let bytes = bytes(request, web).await?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value =
            serde_path_to_error::deserialize(Objects(&mut reader)).map_err(|error| json_fault(&error))?;
        reader.end().map_err(|error| malformed(&error))?;
        Ok(Self(value))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned> FromRequest<Web> for Form<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, web: &Web) -> Result<Self, Failure> {
        let expected = "application/x-www-form-urlencoded";
        if media_type(request.headers()) != expected {
            return Err(Fault::invalid(UNSUPPORTED_MEDIA).arg("expected", expected).into());
        }
        let bytes = bytes(request, web).await?;
        fields(&bytes).map(Self).map_err(Failure)
    }
}

impl<T: DeserializeOwned> FromRequestParts<Web> for Query<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Failure> {
        fields(parts.uri.query().unwrap_or_default().as_bytes()).map(Self).map_err(Failure)
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<Web> for Path<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        axum::extract::Path::from_request_parts(parts, web)
            .await
            .map(|path| Self(path.0))
            .map_err(|_| Fault::missing("web.no_such_page").into())
    }
}

fn media_type(headers: &HeaderMap) -> String {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

async fn bytes(request: Request, web: &Web) -> Result<Bytes, Failure> {
    Bytes::from_request(request, web).await.map_err(|rejection| unread(&rejection).into())
}

fn unread(rejection: &BytesRejection) -> Fault {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fault::invalid(TOO_LARGE),
        _ if is_late(rejection) => Fault::invalid(BODY_TOO_SLOW),
        _ => Fault::invalid("web.body_broken"),
    }
}

fn is_late(rejection: &BytesRejection) -> bool {
    let mut cause: Option<&dyn Error> = Some(rejection);
    while let Some(error) = cause {
        if error.is::<TimeoutError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn fields<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let reader = serde_html_form::Deserializer::from_bytes(bytes);
    serde_path_to_error::deserialize(reader)
        .map_err(|error| field_fault(&error.path().to_string(), &error.inner().to_string(), false))
}

fn json_fault(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let inner = error.inner();
    if inner.is_data() {
        let told = inner.to_string();
        let told = told.split(" at line ").next().unwrap_or_default();
        return field_fault(&error.path().to_string(), told, true);
    }
    malformed(inner)
}

fn malformed(error: &serde_json::Error) -> Fault {
    Fault::invalid("web.json_malformed").arg("line", error.line()).arg("column", error.column())
}

/// Serde tells in English sentences what is wrong. Missing and unknown fields are recognised; of the
/// rest only programmers who send JSON get to read the words.
fn field_fault(path: &str, told: &str, for_programmers: bool) -> Fault {
    let named = told.split('`').nth(1).unwrap_or_default();
    let (path, code) = if told.starts_with("missing field") {
        (joined(path, named), "web.field_required")
    } else if told.starts_with("unknown field") {
        (if path.ends_with(named) { path.to_owned() } else { joined(path, named) }, "web.field_unknown")
    } else if for_programmers {
        (path.to_owned(), "web.field_unfit")
    } else {
        (path.to_owned(), "web.field_unreadable")
    };
    let args = match code {
        "web.field_unfit" => vec![("reason".into(), told.to_owned())],
        _ => Vec::new(),
    };
    Fault::from_fields(vec![FieldFault { path, code: code.into(), args }])
}

fn joined(path: &str, field: &str) -> String {
    match path {
        "" | "." => field.to_owned(),
        _ => format!("{path}.{field}"),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use takt_kernel::money::Quantity;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only their reading is tested")]
    struct Order {
        lines: Vec<Line>,
        note: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only their reading is tested")]
    struct Line {
        sku: String,
        quantity: Quantity,
    }

    fn refused(json: &str) -> (String, String) {
        let mut reader = serde_json::Deserializer::from_str(json);
        let error = serde_path_to_error::deserialize::<_, Order>(Objects(&mut reader)).unwrap_err();
        let fault = json_fault(&error);
        match fault.fields().first() {
            Some(field) => (field.path.clone(), field.code.to_string()),
            None => (String::new(), fault.to_string()),
        }
    }

    #[test]
    fn a_refused_field_is_named_as_it_was_written() {
        for (json, path, code) in [
            (r#"{"lines":[{"quantity":"1"}]}"#, "lines[0].sku", "web.field_required"),
            (r#"{}"#, "lines", "web.field_required"),
            (r#"{"lines":[{"sku":"A","quantity":"x"}]}"#, "lines[0].quantity", "web.field_unfit"),
            (r#"{"lines":[],"nonsense":1}"#, "nonsense", "web.field_unknown"),
            (r#"{"lines":7}"#, "lines", "web.field_unfit"),
            (r#"[[], null]"#, ".", "web.field_unfit"),
            (r#"{"lines":[["A", "1"]]}"#, "lines[0]", "web.field_unfit"),
            ("{\n\"lines\":[,]}", "", "web.json_malformed line=2 column=10"),
        ] {
            assert_eq!(refused(json), (path.to_owned(), code.to_owned()), "{json}");
        }
    }

    #[test]
    fn what_is_read_through_the_care_for_objects_is_what_serde_reads() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Whole {
            count: u8,
            share: f64,
            price: Option<Quantity>,
            none: Option<Inner>,
            inner: Option<Inner>,
            kind: Kind,
            more: std::collections::BTreeMap<String, Vec<Inner>>,
            any: serde_json::Value,
        }
        #[derive(Debug, PartialEq, Deserialize)]
        struct Inner(String);
        #[derive(Debug, PartialEq, Deserialize)]
        #[serde(rename_all = "lowercase")]
        enum Kind {
            Plain,
            With(i64),
        }
        for kind in [r#""plain""#, r#"{"with":-3}"#] {
            let json = format!(
                r#"{{"count":7,"share":2,"price":"1.5","none":null,"inner":"x","kind":{kind},"more":{{"a":["b"]}},"any":[1,{{"b":[]}}]}}"#
            );
            let plain: Whole = serde_json::from_str(&json).unwrap();
            let mut reader = serde_json::Deserializer::from_str(&json);
            assert_eq!(Whole::deserialize(Objects(&mut reader)).unwrap(), plain);
        }
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Typed {
        #[serde(default)]
        sku: Vec<String>,
        limit: Option<i64>,
    }

    #[test]
    fn a_repeated_form_field_is_a_list_and_an_empty_number_is_none() {
        let typed: Typed = fields(b"sku=A&sku=%D0%A7&limit=").unwrap();
        assert_eq!(typed, Typed { sku: vec!["A".to_owned(), "Ч".to_owned()], limit: None });
        let refused = fields::<Typed>(b"limit=many").unwrap_err();
        assert_eq!(refused.fields()[0].path, "limit");
        assert_eq!(refused.fields()[0].code, "web.field_unreadable");
    }
}
