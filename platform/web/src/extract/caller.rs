//! What a request says about who sends it, before anybody is known by name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::{Extensions, HeaderMap, HeaderName, header, request::Parts};
use takt_ui::{Density, Lang, Theme};

use crate::{Failure, Web};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The language of the answer: the cookie `lang`, else the browser's wish, else Russian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLang(pub Lang);

impl FromRequestParts<Web> for RequestLang {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Failure> {
        Ok(Self(lang_of(&parts.headers)))
    }
}

/// The language that was chosen in this browser, if one was: the cookie `lang`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChosenLang(pub Option<Lang>);

impl FromRequestParts<Web> for ChosenLang {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Failure> {
        Ok(Self(cookie(&parts.headers, "lang").and_then(Lang::parse)))
    }
}

/// The cookie `theme`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestTheme(pub Theme);

impl FromRequestParts<Web> for RequestTheme {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Failure> {
        Ok(Self(theme_of(&parts.headers)))
    }
}

/// The cookie `density`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestDensity(pub Density);

impl FromRequestParts<Web> for RequestDensity {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Failure> {
        Ok(Self(cookie(&parts.headers, "density").map(Density::parse).unwrap_or_default()))
    }
}

/// The address of the caller, or of the outermost proxy that we do not trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// What a rate is counted by: an IPv6 caller owns a whole /64.
    pub fn key(self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let network = u128::from(address) >> 64 << 64;
                Ipv6Addr::from(network).to_string()
            }
        }
    }
}

impl FromRequestParts<Web> for ClientIp {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        Ok(Self(caller_address(&parts.headers, &parts.extensions, web.proxies)))
    }
}

pub(crate) fn caller_address(headers: &HeaderMap, extensions: &Extensions, proxies: usize) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let told = proxies.checked_sub(1).and_then(|hop| forwarded(headers, hop));
    told.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical()
}

/// The address that our own proxy number `hop`, counted from here, has seen.
fn forwarded(headers: &HeaderMap, hop: usize) -> Option<IpAddr> {
    let told: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    told.iter().rev().nth(hop)?.trim().parse().ok()
}

pub(crate) fn lang_of(headers: &HeaderMap) -> Lang {
    cookie(headers, "lang")
        .and_then(Lang::parse)
        .or_else(|| Lang::from_accept_language(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?))
        .unwrap_or_default()
}

pub(crate) fn theme_of(headers: &HeaderMap) -> Theme {
    cookie(headers, "theme").map(Theme::parse).unwrap_or_default()
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED_FOR, HeaderValue::from_static("6.6.6.6, 1.2.3.4"));
        headers.append(FORWARDED_FOR, HeaderValue::from_static("10.0.0.9"));
        for (hop, expected) in [(0, Some("10.0.0.9")), (1, Some("1.2.3.4")), (2, Some("6.6.6.6")), (3, None)]
        {
            assert_eq!(forwarded(&headers, hop).map(|ip| ip.to_string()).as_deref(), expected);
        }
    }

    #[test]
    fn an_ipv6_caller_is_counted_by_network() {
        let key = |text: &str| ClientIp(text.parse().unwrap()).key();
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:2"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
    }
}
