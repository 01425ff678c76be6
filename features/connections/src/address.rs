//! The address under which a shop's system reaches us, as far as the person who connects it shows it by
//! the address in their own browser.

use std::net::IpAddr;

use http::{HeaderMap, Uri, header, uri::Authority};

use crate::systems::Need;

const FORWARDED_SCHEME: &str = "x-forwarded-proto";
const LONGEST_HOST: usize = 253;
/// Ends of names that mean something in one network only.
const PRIVATE_ENDS: [&str; 6] = [".local", ".localhost", ".lan", ".internal", ".home", ".intranet"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub https: bool,
    pub host: String,
    /// None when it is the scheme's own.
    pub port: Option<u16>,
}

impl Address {
    /// `secure`: this node is reached by https. `proxied`: one of our own proxies may say so.
    pub fn of(headers: &HeaderMap, uri: &Uri, secure: bool, proxied: bool) -> Option<Self> {
        let told = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let authority: Authority = match told {
            Some(host) => host.parse().ok()?,
            None => uri.authority()?.clone(),
        };
        let forwarded = headers.get(FORWARDED_SCHEME).and_then(|scheme| scheme.to_str().ok());
        let https = secure || proxied && forwarded.is_some_and(|scheme| scheme.trim() == "https");
        let host = authority.host().to_ascii_lowercase();
        let usual = if https { 443 } else { 80 };
        let port = authority.port_u16().filter(|port| *port != usual);
        (!host.is_empty() && host.len() <= LONGEST_HOST).then_some(Self { https, host, port })
    }

    pub fn text(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{scheme}://{}{port}", self.host)
    }

    /// Only this very computer finds it.
    pub fn is_loopback(&self) -> bool {
        let name = self.host == "localhost" || self.host.ends_with(".localhost");
        name || self.ip().is_some_and(|ip| ip.to_canonical().is_loopback())
    }

    fn is_private(&self) -> bool {
        if self.is_loopback() {
            return true;
        }
        match self.ip().map(|ip| ip.to_canonical()) {
            Some(IpAddr::V4(ip)) => ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
            Some(IpAddr::V6(ip)) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified(),
            None => !self.host.contains('.') || PRIVATE_ENDS.iter().any(|end| self.host.ends_with(end)),
        }
    }

    fn ip(&self) -> Option<IpAddr> {
        self.host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }

    fn fulfils(&self, need: Need) -> bool {
        match need {
            Need::Https => self.https,
            Need::UsualPort => self.port.is_none(),
            Need::PublicHost => !self.is_private(),
            Need::HostHolds(names) => {
                names.iter().any(|name| self.host.match_indices(name).any(|(place, _)| place > 0))
            }
        }
    }

    /// Keys of texts that say what will not work, the worst first.
    pub fn warnings(&self, needs: &[Need]) -> Vec<&'static str> {
        let mut keys = Vec::new();
        if self.is_loopback() {
            keys.push("connections-warn-loopback");
        }
        if !self.https {
            let needed = needs.contains(&Need::Https);
            keys.push(if needed { "connections-warn-https" } else { "connections-warn-open" });
        }
        for need in needs.iter().filter(|need| !self.fulfils(**need)) {
            match need {
                // Said above.
                Need::Https => {}
                Need::UsualPort => keys.push("connections-warn-port"),
                Need::PublicHost if self.is_loopback() => {}
                Need::PublicHost => keys.push("connections-warn-private"),
                Need::HostHolds(_) => keys.push("connections-warn-name"),
            }
        }
        keys
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn address(
        host: &'static str,
        scheme: Option<&'static str>,
        secure: bool,
        proxied: bool,
    ) -> Option<Address> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(scheme) = scheme {
            headers.insert(FORWARDED_SCHEME, HeaderValue::from_static(scheme));
        }
        Address::of(&headers, &Uri::from_static("/settings"), secure, proxied)
    }

    #[test]
    fn the_address_to_type_is_the_one_in_the_browser() {
        for (host, scheme, secure, proxied, expected) in [
            ("desk.example.org", None, false, false, Some("http://desk.example.org")),
            ("desk.example.org", None, true, false, Some("https://desk.example.org")),
            ("Desk.Example.org:443", None, true, false, Some("https://desk.example.org")),
            ("desk.example.org:8443", None, true, false, Some("https://desk.example.org:8443")),
            ("desk.example.org", Some("https"), false, true, Some("https://desk.example.org")),
            ("desk.example.org", Some("https"), false, false, Some("http://desk.example.org")),
            ("[::1]:8080", None, false, false, Some("http://[::1]:8080")),
            ("not a host", None, false, false, None),
            ("", None, false, false, None),
        ] {
            let told = address(host, scheme, secure, proxied).map(|address| address.text());
            assert_eq!(told.as_deref(), expected, "{host}");
        }
    }

    #[test]
    fn what_will_not_work_is_said_before_somebody_tries() {
        const OPENCART: &[Need] = &[Need::Https, Need::UsualPort];
        const BITRIX: &[Need] = &[Need::Https, Need::UsualPort, Need::PublicHost];
        const PRESTASHOP: &[Need] = &[Need::Https, Need::HostHolds(&["retailcrm.ru", "simla.com"])];
        for (host, secure, needs, expected) in [
            ("desk.example.org", true, OPENCART, ""),
            ("desk.example.org:8443", true, OPENCART, "port"),
            ("desk.example.org", false, OPENCART, "https"),
            ("desk.example.org", false, &[], "open"),
            ("127.0.0.1:8080", false, OPENCART, "loopback https port"),
            ("localhost", true, BITRIX, "loopback"),
            ("10.1.2.3", true, BITRIX, "private"),
            ("desk", true, BITRIX, "private"),
            ("8.8.8.8", true, BITRIX, ""),
            ("shop.retailcrm.ru.desk.example", true, PRESTASHOP, ""),
            ("retailcrm.ru", true, PRESTASHOP, "name"),
            ("desk.example.org", true, PRESTASHOP, "name"),
        ] {
            let warnings = address(host, None, secure, false).expect("an address").warnings(needs);
            let warnings: Vec<&str> =
                warnings.iter().map(|key| key.trim_start_matches("connections-warn-")).collect();
            assert_eq!(warnings.join(" "), expected, "{host}");
        }
    }
}
