use reqwest::Url;
use takt_kernel::{Fault, Result};

const LONGEST: usize = 2_000;

/// An address as somebody typed it, taken apart: a name and password in it are kept out of what is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Without name, password and fragment; names of other scripts in the letters that travel.
    pub url: String,
    pub host: String,
    /// Scheme, host and port: what a password belongs to.
    pub origin: String,
    pub user: Option<String>,
    pub password: Option<String>,
}

impl Address {
    /// # Errors
    /// `outbound.bad_address`, which does not repeat what was given.
    pub fn parse(given: &str) -> Result<Self> {
        let bad = || Fault::invalid("outbound.bad_address");
        let mut url = Url::parse(given.trim()).map_err(|_| bad())?;
        if given.len() > LONGEST || !matches!(url.scheme(), "http" | "https") {
            return Err(bad());
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(bad)?.to_owned();
        let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().map(String::from);
        let user = decoded(url.username()).map_err(|_| bad())?;
        let password = url.password().map(decoded).transpose().map_err(|_| bad())?;
        url.set_username("").map_err(|()| bad())?;
        url.set_password(None).map_err(|()| bad())?;
        url.set_fragment(None);
        let origin = url.origin().ascii_serialization();
        Ok(Self { url: url.into(), host, origin, user: Some(user).filter(|user| !user.is_empty()), password })
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Address({})", self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_an_address() {
        for (given, url, user, password) in [
            ("https://shop.example/a.xml?key=1#x", "https://shop.example/a.xml?key=1", None, None),
            ("https://u:p%40ss@shop.example:8443/a", "https://shop.example:8443/a", Some("u"), Some("p@ss")),
            (" http://магазин.рф/каталог ", "http://xn--80aairftm.xn--p1ai/", None, None),
        ] {
            let read = Address::parse(given).unwrap_or_else(|fault| panic!("{given}: {fault:?}"));
            assert!(read.url.starts_with(url), "{read:?} {}", read.url);
            assert_eq!((read.user.as_deref(), read.password.as_deref()), (user, password));
            assert!(!format!("{read:?}").contains("p@ss"));
        }
        for given in
            ["", "shop.example/a", "ftp://a/b", "http://", "file:///etc/passwd", "javascript:alert(1)"]
        {
            let refused = Address::parse(given).map(|_| ());
            assert!(refused.is_err_and(|fault| fault.is("outbound.bad_address")), "{given}");
        }
    }
}
