//! What a company decides about its messages, as company settings.

use std::collections::BTreeSet;

use lettre::{Address, message::Mailbox};
use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, FieldFault, Result};
use takt_staff::{Permit, settings};
use takt_store::{Query, Tx};

use crate::{event::Event, rights::ManageTemplates};

const SENDER: &str = "notifications.sender";
const IN_DOUBT: &str = "notifications.in_doubt";
const OFF: &str = "notifications.off";
const LONGEST_NAME: usize = 120;

/// Who writes to the buyers of a company. What is empty is the shop's name, the installation's
/// address, and no other address for answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sender {
    pub name: String,
    pub address: String,
    pub reply_to: String,
}

/// What becomes of a message that a crash caught between sending and writing down that it was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InDoubt {
    /// It waits for a person.
    #[default]
    Ask,
    /// It is sent again under the same Message-ID: rather twice than never.
    Resend,
}

impl InDoubt {
    pub const ALL: [Self; 2] = [Self::Ask, Self::Resend];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Resend => "resend",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.code() == code)
    }

    pub(crate) fn of(db: &mut dyn Query, company: CompanyId) -> Result<Self> {
        Ok(settings::get(db, company, IN_DOUBT)?.unwrap_or_default())
    }

    pub(crate) fn save(self, tx: &mut Tx, permit: &Permit<ManageTemplates>) -> Result<()> {
        settings::set(tx, permit.company(), IN_DOUBT, &self, permit.actor())
    }
}

impl Sender {
    pub(crate) fn of(db: &mut dyn Query, company: CompanyId) -> Result<Self> {
        Ok(settings::get(db, company, SENDER)?.unwrap_or_default())
    }

    pub(crate) fn save(&self, tx: &mut Tx, permit: &Permit<ManageTemplates>) -> Result<()> {
        settings::set(tx, permit.company(), SENDER, &self.checked()?, permit.actor())
    }

    /// Every field that makes no sense is named at once.
    fn checked(&self) -> Result<Self> {
        let trimmed = Self {
            name: one_line(&self.name),
            address: self.address.trim().to_owned(),
            reply_to: self.reply_to.trim().to_owned(),
        };
        let mut faults = Vec::new();
        let mut refuse = |path: &str, code: &'static str| {
            faults.push(FieldFault { path: path.to_owned(), code: code.into(), args: Vec::new() });
        };
        if trimmed.name.chars().count() > LONGEST_NAME {
            refuse("name", "notifications.name_too_long");
        }
        for (path, address) in [("address", &trimmed.address), ("reply_to", &trimmed.reply_to)] {
            if !address.is_empty() && address.parse::<Address>().is_err() {
                refuse(path, "notifications.address_malformed");
            }
        }
        if faults.is_empty() { Ok(trimmed) } else { Err(Fault::from_fields(faults)) }
    }

    /// The line From of a shop's messages.
    pub(crate) fn from(&self, shop: &str, installation: &Mailbox) -> Mailbox {
        let name = if self.name.is_empty() { one_line(shop) } else { self.name.clone() };
        let address = self.address.parse().unwrap_or_else(|_| installation.email.clone());
        Mailbox::new(Some(name).filter(|name| !name.is_empty()), address)
    }

    pub(crate) fn answers_to(&self) -> Option<Mailbox> {
        self.reply_to.parse().ok().map(|address| Mailbox::new(None, address))
    }
}

/// Without line ends and other control characters: nothing that is put into a header can end it.
pub(crate) fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|each| if each.is_control() { ' ' } else { each }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Events about which a company's buyers are not told.
pub(crate) fn switched_off(db: &mut dyn Query, company: CompanyId) -> Result<BTreeSet<Event>> {
    let codes: Vec<String> = settings::get(db, company, OFF)?.unwrap_or_default();
    Ok(codes.iter().filter_map(|code| Event::from_code(code)).collect())
}

pub(crate) fn switch(tx: &mut Tx, permit: &Permit<ManageTemplates>, event: Event, on: bool) -> Result<()> {
    let mut off = switched_off(tx, permit.company())?;
    if on {
        off.remove(&event);
    } else {
        off.insert(event);
    }
    let codes: Vec<&str> = off.into_iter().map(Event::code).collect();
    settings::set(tx, permit.company(), OFF, &codes, permit.actor())
}
