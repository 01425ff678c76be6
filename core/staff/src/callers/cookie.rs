//! The session cookie. `__Host-` ties it to one host and to https; on plain http of a local network
//! the browser would refuse that name, so there it has another.

use http::{HeaderMap, HeaderValue, header};

use crate::sessions::LIFETIME_SECONDS;

const SECURE_NAME: &str = "__Host-takt";
const PLAIN_NAME: &str = "takt";

const fn name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

/// The secret that the browser sent.
pub(crate) fn read(headers: &HeaderMap, secure: bool) -> Option<&str> {
    value_of(headers, name(secure))
}

/// Any cookie by its name.
pub(crate) fn value_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

pub(crate) fn set(headers: &mut HeaderMap, secure: bool, secret: &str) {
    append(headers, secure, name(secure), secret, LIFETIME_SECONDS);
}

pub(crate) fn clear(headers: &mut HeaderMap, secure: bool) {
    append(headers, secure, name(secure), "", 0);
}

/// Language and theme, which the browser keeps between sessions.
pub(crate) fn set_preference(headers: &mut HeaderMap, secure: bool, name: &str, value: &str) {
    append(headers, secure, name, value, 365 * 24 * 3600);
}

fn append(headers: &mut HeaderMap, secure: bool, name: &str, value: &str, seconds: i64) {
    let flag = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{flag}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_cookie_of_the_scheme_counts() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; takt=plain; __Host-takt=safe"));
        assert_eq!(read(&headers, true), Some("safe"));
        assert_eq!(read(&headers, false), Some("plain"));
        let mut answer = HeaderMap::new();
        set(&mut answer, true, "x");
        let written = answer[header::SET_COOKIE].to_str().expect("text");
        for part in ["__Host-takt=x", "Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
            assert!(written.contains(part), "{part} in {written}");
        }
    }
}
