use takt_kernel::{Fault, Result};

use crate::{Email, Phone};

/// Who ordered, as the order says it: the name as people write it, and how to reach them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub phone: Option<Phone>,
    pub email: Option<Email>,
}

impl Contact {
    /// Reads the three texts of a form or an API body; empty texts are nothing.
    ///
    /// # Errors
    /// `customers.email_malformed`. A phone is never refused.
    pub fn parse(name: &str, phone: &str, email: &str, default_region: &str) -> Result<Self> {
        Ok(Self {
            name: name.split_whitespace().collect::<Vec<_>>().join(" "),
            phone: Phone::parse(phone, default_region),
            email: Email::parse(email)?,
        })
    }

    /// What the customer is recognised by, the strongest first.
    pub(crate) fn identities(&self) -> Vec<Identity> {
        let phone = self.phone.as_ref().and_then(Identity::of_phone);
        let email = self.email.as_ref().map(Identity::of_email);
        phone.into_iter().chain(email).collect()
    }
}

/// In the order of strength: a phone beats an e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdentityKind {
    Phone,
    Email,
}

impl IdentityKind {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }

    /// # Errors
    /// `customers.identity_kind_unknown`.
    pub fn from_code(code: &str) -> Result<Self> {
        match code {
            "phone" => Ok(Self::Phone),
            "email" => Ok(Self::Email),
            _ => Err(Fault::invalid("customers.identity_kind_unknown").arg("given", code)),
        }
    }
}

/// One thing by which a customer is known; a company has each (kind, value) once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub kind: IdentityKind,
    pub value: String,
    /// As the person gave it.
    pub original: String,
}

impl Identity {
    pub fn of_phone(phone: &Phone) -> Option<Self> {
        phone.identity().map(|value| Self {
            kind: IdentityKind::Phone,
            value,
            original: phone.original().to_owned(),
        })
    }

    pub fn of_email(email: &Email) -> Self {
        Self { kind: IdentityKind::Email, value: email.identity(), original: email.as_str().to_owned() }
    }

    /// As people read it.
    pub fn shown(&self) -> String {
        match self.kind {
            IdentityKind::Phone => crate::shown(&self.value),
            IdentityKind::Email => self.original.clone(),
        }
    }
}
