//! Addresses, legal entities and contacts of a corporate customer: one request's work on them.

use serde_json::{Map, Value};
use takt_customers::CustomerId;
use takt_kernel::Id;
use takt_store::{Query, Tx};

use super::{
    rows::{
        self, Address, AddressId, Contact, ContactId, Corporate, Firm, FirmId, addresses_of, contacts_of,
        firms_of,
    },
    told::Changing,
};
use crate::{
    customers::{self, find},
    model::{
        corporate::{AddressIn, ContactIn, FirmIn, Named, is_yes},
        order::CustomerRef,
        typed,
    },
    wire::{
        endpoint::Call,
        lenient::{Text, filled},
        refusal::Refusal,
    },
};

const MOST_PARTS: usize = 500;

/// A corporate customer with its parts, while a request changes them.
pub(crate) struct Opened<'c> {
    pub call: &'c Call,
    pub corporate: Corporate,
    pub addresses: Vec<Address>,
    pub firms: Vec<Firm>,
    pub contacts: Vec<Contact>,
    pub changing: Changing<'c>,
}

fn refused(path: &str, reason: impl Into<String>) -> Refusal {
    Refusal::bad("Errors in the entity format").field(path, reason).kept()
}

fn not_found(path: &str, what: &str, by: &str, value: &str) -> Refusal {
    refused(&format!("{path}.{by}"), format!("{what} with {by}={value} not found."))
}

fn too_many(path: &str) -> Refusal {
    refused(path, format!("The maximum number is {MOST_PARTS}."))
}

impl<'c> Opened<'c> {
    /// # Errors
    /// Faults of the store.
    pub fn new(
        db: &mut dyn Query,
        call: &'c Call,
        corporate: Corporate,
        created: bool,
    ) -> takt_kernel::Result<Self> {
        let ids = [corporate.id];
        Ok(Self {
            call,
            addresses: addresses_of(db, call.company(), &ids)?,
            firms: firms_of(db, call.company(), &ids)?,
            contacts: contacts_of(db, call.company(), &ids)?,
            changing: Changing::new(call, corporate.id, created),
            corporate,
        })
    }

    /// Writes the corporate customer down and says what changed.
    pub fn close(self, tx: &mut Tx<'_>) -> Result<(), Refusal> {
        rows::put(tx, self.call, &self.corporate)?;
        self.changing.say(tx)?;
        Ok(())
    }

    /// Adds an address, or changes the one that is meant.
    pub fn address(
        &mut self,
        tx: &mut Tx<'_>,
        said: &AddressIn,
        meant: Option<AddressId>,
    ) -> Result<AddressId, Refusal> {
        let external_id = filled(said.external_id.as_ref());
        let of_external_id = external_id.and_then(|external_id| {
            self.addresses.iter().find(|address| address.external_id.as_deref() == Some(external_id))
        });
        let of_external_id = of_external_id.map(|address| address.id);
        if let (Some(meant), Some(other)) = (meant, of_external_id)
            && meant != other
        {
            return Err(refused("address.externalId", "This value is already used."));
        }
        let body = typed::known(&said.rest, typed::ADDRESS);
        let meant = meant.or(of_external_id);
        let is_full = self.addresses.len() >= MOST_PARTS;
        let known = self.addresses.iter_mut().find(|one| Some(one.id) == meant);
        let id = match known {
            Some(address) => {
                let before = address.clone();
                address.body.extend(body);
                take(&mut address.name, said.name.as_ref());
                if let Some(external_id) = external_id {
                    address.external_id = Some(external_id.to_owned());
                }
                let (after, item) = (address.clone(), Some(address.id.get()));
                self.changing.fields("address.", item, &before.body, &after.body);
                self.changing.value("address.name", item, some(&before.name), some(&after.name));
                self.changing.value(
                    "address.external_id",
                    item,
                    before.external_id,
                    after.external_id.clone(),
                );
                rows::put_address(tx, self.call, &after)?;
                after.id
            }
            None if is_full => return Err(too_many("addresses")),
            None => {
                let address = Address {
                    id: tx.new_id(),
                    corporate: self.corporate.id,
                    external_id: external_id.map(str::to_owned),
                    name: filled(said.name.as_ref()).unwrap_or_default().to_owned(),
                    body,
                };
                let id = address.id;
                rows::put_address(tx, self.call, &address)?;
                self.changing.part("address", Some(id.get()), None, Some(id.get()));
                self.addresses.push(address);
                id
            }
        };
        if let Some(main) = main(said.is_main.as_ref(), self.corporate.main_address, id) {
            let old = self.corporate.main_address.map(Id::get);
            self.changing.part("main_address", None, old, main.map(Id::get));
            self.corporate.main_address = main;
        }
        Ok(id)
    }

    /// The address that a legal entity names, or a new one when it is written out.
    fn address_of(&mut self, tx: &mut Tx<'_>, said: &AddressIn) -> Result<Option<AddressId>, Refusal> {
        if let Some(id) = filled(said.id.as_ref()) {
            let known = id.parse().ok().and_then(|id| self.addresses.iter().find(|one| one.id == id));
            return known
                .map(|address| Some(address.id))
                .ok_or_else(|| not_found("company.address", "Address", "id", id));
        }
        let written_out = !typed::known(&said.rest, typed::ADDRESS).is_empty();
        if let Some(external_id) = filled(said.external_id.as_ref()) {
            let known = self.addresses.iter().find(|one| one.external_id.as_deref() == Some(external_id));
            match known {
                Some(address) if !written_out => return Ok(Some(address.id)),
                None if !written_out => {
                    return Err(not_found("company.address", "Address", "externalId", external_id));
                }
                _ => return self.address(tx, said, None).map(Some),
            }
        }
        let name = filled(said.name.as_ref()).unwrap_or_default();
        let known = self.addresses.iter().find(|one| !name.is_empty() && one.name == name);
        match known.map(|address| address.id) {
            Some(id) => self.address(tx, said, Some(id)).map(Some),
            None if written_out || !name.is_empty() => self.address(tx, said, None).map(Some),
            None => Ok(None),
        }
    }

    /// Adds a legal entity, or changes the one that is meant.
    pub fn firm(&mut self, tx: &mut Tx<'_>, said: &FirmIn, meant: Option<FirmId>) -> Result<FirmId, Refusal> {
        let external_id = filled(said.external_id.as_ref());
        let of_external_id = external_id.and_then(|external_id| {
            self.firms
                .iter()
                .find(|firm| firm.external_id.as_deref() == Some(external_id))
                .map(|firm| firm.id)
        });
        if let (Some(meant), Some(other)) = (meant, of_external_id)
            && meant != other
        {
            return Err(refused("company.externalId", "This value is already used."));
        }
        let address = match &said.address {
            Some(address) => self.address_of(tx, address)?,
            None => None,
        };
        let meant = meant.or(of_external_id);
        let is_full = self.firms.len() >= MOST_PARTS;
        let known = self.firms.iter_mut().find(|one| Some(one.id) == meant);
        let id = match known {
            Some(firm) => {
                let before = firm.clone();
                overlay(&mut firm.body, firm_body(said));
                take(&mut firm.name, said.name.as_ref());
                firm.active = said.active.as_ref().map_or(firm.active, is_yes);
                firm.address = address.or(firm.address);
                if let Some(external_id) = external_id {
                    firm.external_id = Some(external_id.to_owned());
                }
                let (after, item) = (firm.clone(), Some(firm.id.get()));
                self.changing.fields("company.", item, &before.body, &after.body);
                self.changing.value("company.name", item, some(&before.name), some(&after.name));
                self.changing.value(
                    "company.external_id",
                    item,
                    before.external_id,
                    after.external_id.clone(),
                );
                let active = |firm: bool| Some(firm.to_string());
                self.changing.value("company.active", item, active(before.active), active(after.active));
                let (old, new) = (before.address.map(Id::get), after.address.map(Id::get));
                self.changing.part("company.address", item, old, new);
                rows::put_firm(tx, self.call, &after)?;
                after.id
            }
            None if is_full => return Err(too_many("companies")),
            None => {
                let firm = self.new_firm(tx, said, address)?;
                let id = firm.id;
                rows::put_firm(tx, self.call, &firm)?;
                self.changing.part("company", Some(id.get()), None, Some(id.get()));
                self.firms.push(firm);
                id
            }
        };
        if let Some(main) = main(said.is_main.as_ref(), self.corporate.main_firm, id) {
            let old = self.corporate.main_firm.map(Id::get);
            self.changing.part("main_company", None, old, main.map(Id::get));
            self.corporate.main_firm = main;
        }
        Ok(id)
    }

    fn new_firm(&self, tx: &mut Tx<'_>, said: &FirmIn, address: Option<AddressId>) -> Result<Firm, Refusal> {
        let body = firm_body(said);
        let legal_name = body
            .get("contragent")
            .and_then(|contragent| contragent.get("legalName"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        let name = filled(said.name.as_ref()).unwrap_or(legal_name).to_owned();
        if name.is_empty() {
            return Err(refused("company.name", "This value should not be blank."));
        }
        Ok(Firm {
            id: tx.new_id(),
            corporate: self.corporate.id,
            external_id: filled(said.external_id.as_ref()).map(str::to_owned),
            name,
            active: said.active.as_ref().is_none_or(is_yes),
            address,
            body,
            created_at: tx.now(),
        })
    }

    /// Adds a contact, or changes the one that is meant.
    pub fn contact(
        &mut self,
        tx: &mut Tx<'_>,
        said: &ContactIn,
        meant: Option<ContactId>,
    ) -> Result<ContactId, Refusal> {
        let customer = match &said.customer {
            Some(named) => Some(person(tx, self.call, named, "contact.customer")?),
            None => None,
        };
        let of_customer = customer
            .and_then(|id| self.contacts.iter().find(|contact| contact.customer == id))
            .map(|contact| contact.id);
        if let (Some(meant), Some(other)) = (meant, of_customer)
            && meant != other
        {
            return Err(refused("contact.customer", "This value is already used."));
        }
        let known = meant.or(of_customer);
        let id = match (known, customer) {
            (Some(id), _) => id,
            (None, None) => return Err(refused("contact.customer", "This value should not be blank.")),
            (None, Some(_)) if self.contacts.len() >= MOST_PARTS => return Err(too_many("contacts")),
            (None, Some(customer)) => {
                let contact =
                    Contact { id: tx.new_id(), corporate: self.corporate.id, customer, firms: Vec::new() };
                let id = contact.id;
                rows::put_contact(tx, self.call, &contact)?;
                self.changing.part("contact", Some(id.get()), None, Some(id.get()));
                self.contacts.push(contact);
                id
            }
        };
        if let Some(companies) = &said.companies {
            let named: Vec<&Named> = companies.0.iter().map(|one| &one.company).collect();
            self.speaks_for(tx, id, &named)?;
        }
        if let Some(customer) = customer {
            self.is_person(tx, id, customer)?;
        }
        if let Some(main) = main(said.is_main.as_ref(), self.corporate.main_contact, id) {
            let old = self.corporate.main_contact.map(Id::get);
            self.changing.part("main_contact", None, old, main.map(Id::get));
            self.corporate.main_contact = main;
        }
        Ok(id)
    }

    fn is_person(&mut self, tx: &mut Tx<'_>, id: ContactId, customer: CustomerId) -> Result<(), Refusal> {
        let Some(contact) = self.contacts.iter_mut().find(|contact| contact.id == id) else { return Ok(()) };
        if contact.customer != customer {
            let old = std::mem::replace(&mut contact.customer, customer);
            let contact = contact.clone();
            rows::put_contact(tx, self.call, &contact)?;
            self.changing.part("contact.customer", Some(id.get()), Some(old.get()), Some(customer.get()));
        }
        Ok(())
    }

    /// Exactly for these legal entities.
    fn speaks_for(&mut self, tx: &mut Tx<'_>, id: ContactId, named: &[&Named]) -> Result<(), Refusal> {
        let mut wanted = Vec::new();
        for named in named {
            let firm = self.firm_named(named)?;
            if !wanted.contains(&firm) {
                wanted.push(firm);
            }
        }
        let Some(contact) = self.contacts.iter_mut().find(|contact| contact.id == id) else { return Ok(()) };
        const PATH: &str = "contact.contact_company";
        for (pair, firm) in contact.firms.clone() {
            if !wanted.contains(&firm) {
                rows::part_pair(tx, self.call, id, firm)?;
                self.changing.part(PATH, Some(id.get()), Some(pair), None);
                contact.firms.retain(|(_, known)| *known != firm);
            }
        }
        for firm in wanted {
            if !contact.firms.iter().any(|(_, known)| *known == firm) {
                let pair = rows::pair(tx, self.call, id, firm)?;
                self.changing.part(PATH, Some(id.get()), None, Some(pair));
                contact.firms.push((pair, firm));
            }
        }
        Ok(())
    }

    fn firm_named(&self, named: &Named) -> Result<FirmId, Refusal> {
        let found = |by: &str, value: &str, fits: &dyn Fn(&Firm) -> bool| {
            self.firms
                .iter()
                .find(|firm| fits(firm))
                .map(|firm| firm.id)
                .ok_or_else(|| not_found("contact.companies", "Company", by, value))
        };
        if let Some(id) = filled(named.id.as_ref()) {
            return found("id", id, &|firm| firm.id.to_string() == id);
        }
        if let Some(external_id) = filled(named.external_id.as_ref()) {
            return found("externalId", external_id, &|firm| {
                firm.external_id.as_deref() == Some(external_id)
            });
        }
        let name = filled(named.name.as_ref()).unwrap_or_default();
        found("name", name, &|firm| firm.name == name)
    }
}

/// A customer of the shop, by either of its ids.
pub(crate) fn person(
    db: &mut dyn Query,
    call: &Call,
    named: &CustomerRef,
    path: &str,
) -> Result<CustomerId, Refusal> {
    if let Some(id) = filled(named.id.as_ref()) {
        let known = id.parse::<CustomerId>().ok();
        return match known {
            Some(known) if find::is_of_shop(db, call, known)? => Ok(known),
            _ => Err(not_found(path, "Customer", "id", id)),
        };
    }
    let external_id = filled(named.external_id.as_ref())
        .ok_or_else(|| refused(&format!("{path}.externalId"), "This value should not be blank."))?;
    customers::by_external_id(db, call, external_id)?
        .ok_or_else(|| not_found(path, "Customer", "externalId", external_id))
}

fn take(name: &mut String, said: Option<&Text>) {
    if let Some(said) = filled(said) {
        said.clone_into(name);
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// What the main part is after somebody said of this one whether it is.
fn main<T: Copy + PartialEq>(said: Option<&Text>, now: Option<T>, this: T) -> Option<Option<T>> {
    match said.map(is_yes)? {
        true if now != Some(this) => Some(Some(this)),
        false if now == Some(this) => Some(None),
        _ => None,
    }
}

fn firm_body(said: &FirmIn) -> Map<String, Value> {
    let mut body = typed::known(&said.rest, typed::FIRM);
    if let Some(contragent) = &said.contragent {
        let known = typed::known(&contragent.0, typed::CONTRAGENT);
        if !known.is_empty() {
            body.insert("contragent".to_owned(), Value::Object(known));
        }
    }
    if let Some(fields) = said.custom_fields.as_ref().filter(|fields| !fields.0.is_empty()) {
        body.insert("customFields".to_owned(), Value::Object(fields.0.clone()));
    }
    body
}

/// What is said now over what was said before, field by field.
pub(crate) fn overlay(before: &mut Map<String, Value>, now: Map<String, Value>) {
    for (name, value) in now {
        match (before.get_mut(&name), value) {
            (Some(Value::Object(before)), Value::Object(now)) => before.extend(now),
            (_, value) => {
                before.insert(name, value);
            }
        }
    }
}
