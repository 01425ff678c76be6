//! Language, theme and density of this browser, and redirects that stay on this site.

use axum::{body::Body, extract::State, response::Response};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use takt_ui::{Density, Lang, Theme};

use crate::{Answer, Form, Web};

const A_YEAR: i64 = 365 * 24 * 3600;

#[derive(Deserialize)]
pub(crate) struct Preferences {
    lang: Option<String>,
    theme: Option<String>,
    density: Option<String>,
    #[serde(default)]
    back: String,
}

pub(crate) async fn save(State(web): State<Web>, Form(wish): Form<Preferences>) -> Answer {
    let mut response = see_other(back_path(&wish.back));
    let lang = wish.lang.as_deref().and_then(Lang::parse).map(Lang::code);
    let theme = wish.theme.as_deref().map(|theme| Theme::parse(theme).code());
    let density = wish.density.as_deref().map(|density| Density::parse(density).code());
    for (name, value) in [("lang", lang), ("theme", theme), ("density", density)] {
        let Some(value) = value else { continue };
        let secure = if web.secure { "; Secure" } else { "" };
        let cookie = format!("{name}={value}; Path=/; Max-Age={A_YEAR}; SameSite=Lax; HttpOnly{secure}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}

/// "Go there and read": 303, after a form was taken.
pub fn see_other(path: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// A path to return to, if it is one of this site; else the start page. `//host` and `/\host` lead away.
pub fn back_path(given: &str) -> &str {
    let local = given.starts_with('/')
        && !given.starts_with("//")
        && !given.starts_with("/\\")
        && !given.chars().any(char::is_control);
    if local { given } else { "/" }
}

/// A text inside a query.
pub(crate) fn encoded(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            written.push(char::from(byte));
        } else {
            written.push_str(&format!("%{byte:02X}"));
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_returns_only_to_paths_of_this_site() {
        for (given, expected) in [
            ("/orders?stage=new", "/orders?stage=new"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
        ] {
            assert_eq!(back_path(given), expected, "{given:?}");
        }
    }

    #[test]
    fn a_path_survives_in_a_query() {
        assert_eq!(encoded("/orders?q=чай&a=1"), "/orders%3Fq%3D%D1%87%D0%B0%D0%B9%26a%3D1");
    }
}
