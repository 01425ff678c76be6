//! Where a webhook may go, as far as its address says. What its name leads to is looked at with each call.

use http::Uri;
use takt_kernel::{Fault, Result};

use crate::settings::Settings;

const LONGEST: usize = 1_000;

/// # Errors
/// At the field `url`: `webhooks.url_malformed`, `webhooks.url_not_https`, `webhooks.url_not_public`.
pub(crate) fn checked(given: &str, settings: Settings) -> Result<String> {
    let given = given.trim();
    let malformed = || Fault::field("url", "webhooks.url_malformed");
    let uri: Uri = given.parse().map_err(|_| malformed())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(malformed());
    };
    if given.len() > LONGEST || authority.as_str().contains('@') || authority.host().is_empty() {
        return Err(malformed());
    }
    let host = authority.host();
    let here = is_loopback(host);
    match scheme {
        "https" => {}
        "http" if here && settings.loopback => {}
        _ => return Err(Fault::field("url", "webhooks.url_not_https")),
    }
    if (here && !settings.loopback) || !settings.reach().covers_host(host) {
        return Err(Fault::field("url", "webhooks.url_not_public"));
    }
    Ok(given.to_owned())
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_programs_over_tls_are_told() {
        for (url, refused, near) in [
            ("https://example.org/hook?x=1", None, None),
            (" https://example.org:8443/ ", None, None),
            ("http://example.org/hook", Some("webhooks.url_not_https"), Some("webhooks.url_not_https")),
            ("ftp://example.org/", Some("webhooks.url_not_https"), Some("webhooks.url_not_https")),
            ("http://127.0.0.1:9000/hook", Some("webhooks.url_not_https"), None),
            ("http://[::1]:9000/hook", Some("webhooks.url_not_https"), None),
            ("https://localhost/hook", Some("webhooks.url_not_public"), None),
            ("https://127.0.0.1/hook", Some("webhooks.url_not_public"), None),
            ("https://10.0.0.1/hook", Some("webhooks.url_not_public"), Some("webhooks.url_not_public")),
            ("https://[fd00::1]/hook", Some("webhooks.url_not_public"), Some("webhooks.url_not_public")),
            (
                "https://user:password@example.org/",
                Some("webhooks.url_malformed"),
                Some("webhooks.url_malformed"),
            ),
            ("example.org/hook", Some("webhooks.url_malformed"), Some("webhooks.url_malformed")),
            ("", Some("webhooks.url_malformed"), Some("webhooks.url_malformed")),
            ("https://", Some("webhooks.url_malformed"), Some("webhooks.url_malformed")),
        ] {
            for (settings, expected) in [(Settings::new(false), refused), (Settings::new(true), near)] {
                let code = checked(url, settings).err().map(|fault| fault.fields()[0].code.to_string());
                assert_eq!(code.as_deref(), expected, "{url}");
            }
        }
    }
}
