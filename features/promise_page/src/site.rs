use takt_kernel::{Fault, Result, Slot};
use takt_store::Query;

/// Where people reach this installation: `https://desk.example.org`. Without it links are paths only, and
/// none stands in a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site(Option<String>);

pub(crate) static SITE: Slot<Site> = Slot::new("promise_page.site");

impl Site {
    /// # Errors
    /// `promise_page.site_malformed` for anything but a scheme, a host and perhaps a port.
    pub fn parse(given: Option<&str>) -> Result<Self> {
        let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) else {
            return Ok(Self::default());
        };
        let malformed = || Fault::invalid("promise_page.site_malformed").arg("given", given);
        let uri: http::Uri = given.parse().map_err(|_| malformed())?;
        let (Some("http" | "https"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(malformed());
        };
        let bare =
            matches!(uri.path(), "" | "/") && uri.query().is_none() && !authority.as_str().contains('@');
        if bare { Ok(Self(Some(given.trim_end_matches('/').to_owned()))) } else { Err(malformed()) }
    }

    /// A path of this site as a whole address, as far as that is known.
    pub(crate) fn address(db: &dyn Query, path: &str) -> String {
        let slots = db.slots();
        let site = slots.of(&SITE).next().and_then(|site| site.0.as_deref()).unwrap_or_default();
        format!("{site}{path}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_a_scheme_and_a_host() {
        for (given, taken) in [
            ("https://desk.example.org", Some("https://desk.example.org")),
            (" https://desk.example.org:8443/ ", Some("https://desk.example.org:8443")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("desk.example.org", None),
            ("ftp://desk.example.org", None),
            ("https://desk.example.org/path", None),
            ("https://user:secret@desk.example.org", None),
            ("https://desk.example.org/?a=1", None),
        ] {
            let site = Site::parse(Some(given)).ok().and_then(|site| site.0);
            assert_eq!(site.as_deref(), taken, "{given}");
        }
        assert_eq!(Site::parse(None).ok(), Some(Site::default()));
    }
}
