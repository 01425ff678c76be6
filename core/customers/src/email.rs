use takt_kernel::{Fault, Result};

/// The longest address that SMTP can carry (RFC 5321 §4.5.3.1.3).
const LONGEST: usize = 254;

/// An e-mail address: trimmed, the domain in lower case, the local part as given, since only its
/// server may say what the letters there mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Checked leniently: a local part, an `@`, a domain, no white space or control characters.
    /// Whether it works only a delivered mail can tell. `None` for an empty text.
    ///
    /// # Errors
    /// `customers.email_malformed`.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let malformed = || Fault::invalid("customers.email_malformed").arg("given", text);
        let (local, domain) = text.rsplit_once('@').ok_or_else(malformed)?;
        let domain = domain.to_lowercase();
        let labels_stand = domain.split('.').all(|label| !label.is_empty() && label.len() <= 63);
        let letters_stand = text.chars().all(|letter| {
            !letter.is_whitespace()
                && !letter.is_control()
                && !matches!(letter, '<' | '>' | ',' | ';' | '"' | '(' | ')')
        });
        // Lower case may be longer.
        let fits = local.len() + 1 + domain.len() <= LONGEST && text.len() <= LONGEST;
        if local.is_empty() || local.contains('@') || !labels_stand || !letters_stand || !fits {
            return Err(malformed());
        }
        Ok(Some(Self(format!("{local}@{domain}"))))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What people are recognised by: no mail service in use tells apart letters by case.
    pub fn identity(&self) -> String {
        self.0.to_lowercase()
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_trimmed_and_their_domain_is_lower_case() {
        for (given, address, identity) in [
            (" a@example.org ", "a@example.org", "a@example.org"),
            ("Anna.B@Example.ORG", "Anna.B@example.org", "anna.b@example.org"),
            ("анна@почта.рф", "анна@почта.рф", "анна@почта.рф"),
            ("root@localhost", "root@localhost", "root@localhost"),
        ] {
            let email = Email::parse(given).expect(given).expect(given);
            assert_eq!((email.as_str(), email.identity().as_str()), (address, identity));
        }
        assert_eq!(Email::parse("  ").expect("empty"), None);
    }

    #[test]
    fn what_no_mail_server_would_take_is_refused() {
        for given in [
            "a",
            "@b.c",
            "a@",
            "a@@b.c",
            "a b@c.d",
            "a@b..c",
            "a@.b",
            "Анна <a@b.c>",
            "a@b.c, d@e.f",
            "a@b.c\r\nBcc: x@y.z",
        ] {
            assert!(Email::parse(given).is_err_and(|fault| fault.is("customers.email_malformed")), "{given}");
        }
        assert!(Email::parse(&format!("{}@b.c", "a".repeat(260))).is_err());
    }
}
