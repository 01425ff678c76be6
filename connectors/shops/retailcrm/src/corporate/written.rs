//! Corporate customers and their parts as the protocol has them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use takt_customers::CustomerId;
use takt_kernel::Result;
use takt_store::{Query, params, sql};

use super::rows::{
    Address, Contact, Corporate, CorporateId, Firm, FirmId, addresses_of, contacts_of, corporates, firms_of,
    listed,
};
use crate::wire::{endpoint::Call, time};

/// Everything that hangs on some corporate customers.
#[derive(Default)]
pub(crate) struct Parts {
    pub addresses: Vec<Address>,
    pub firms: Vec<Firm>,
    pub contacts: Vec<Contact>,
    external_ids: BTreeMap<CustomerId, String>,
    orders: BTreeMap<CorporateId, i64>,
}

impl Parts {
    /// # Errors
    /// Faults of the store.
    pub fn of(db: &mut dyn Query, call: &Call, ids: &[CorporateId]) -> Result<Self> {
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let contacts = contacts_of(db, call.company(), ids)?;
        let people: Vec<CustomerId> = contacts.iter().map(|contact| contact.customer).collect();
        Ok(Self {
            addresses: addresses_of(db, call.company(), ids)?,
            firms: firms_of(db, call.company(), ids)?,
            external_ids: external_ids(db, call, &people)?,
            orders: orders_of(db, call, ids)?,
            contacts,
        })
    }

    pub fn address(&self, corporate: &Corporate, address: &Address) -> Value {
        let mut body = Map::new();
        body.insert("id".to_owned(), json!(address.id.get()));
        body.extend(address.body.clone());
        put_text(&mut body, "externalId", address.external_id.as_deref());
        put_text(&mut body, "name", Some(address.name.as_str()));
        body.insert("isMain".to_owned(), json!(corporate.main_address == Some(address.id)));
        Value::Object(body)
    }

    pub fn firm(&self, call: &Call, corporate: &Corporate, firm: &Firm) -> Value {
        let mut body = Map::new();
        body.insert("isMain".to_owned(), json!(corporate.main_firm == Some(firm.id)));
        body.insert("id".to_owned(), json!(firm.id.get()));
        put_text(&mut body, "externalId", firm.external_id.as_deref());
        body.insert("customer".to_owned(), reference(call, corporate));
        body.insert("active".to_owned(), json!(firm.active));
        body.insert("name".to_owned(), json!(firm.name));
        body.extend(firm.body.clone());
        body.insert("createdAt".to_owned(), json!(time::written(firm.created_at, &call.site.zone)));
        body.entry("contragent").or_insert_with(|| json!({ "contragentType": "legal-entity" }));
        body.entry("customFields").or_insert_with(|| json!([]));
        let address = self.addresses.iter().find(|address| Some(address.id) == firm.address);
        if let Some(address) = address {
            body.insert("address".to_owned(), self.address(corporate, address));
        }
        Value::Object(body)
    }

    pub fn contact(&self, call: &Call, corporate: &Corporate, contact: &Contact) -> Value {
        let mut customer = Map::new();
        customer.insert("id".to_owned(), json!(contact.customer.get()));
        put_text(&mut customer, "externalId", self.external_ids.get(&contact.customer).map(String::as_str));
        customer.insert("site".to_owned(), json!(call.site.code));
        let firms: Vec<Value> = contact
            .firms
            .iter()
            .filter_map(|(pair, firm)| Some(json!({ "id": pair, "company": self.named_firm(*firm)? })))
            .collect();
        json!({
            "isMain": corporate.main_contact == Some(contact.id), "id": contact.id.get(),
            "customer": customer, "companies": firms,
        })
    }

    pub fn named_firm(&self, id: FirmId) -> Option<Value> {
        let firm = self.firms.iter().find(|firm| firm.id == id)?;
        let mut body = Map::new();
        body.insert("id".to_owned(), json!(id.get()));
        put_text(&mut body, "externalId", firm.external_id.as_deref());
        put_text(&mut body, "name", Some(firm.name.as_str()));
        Some(Value::Object(body))
    }

    pub fn named_address(&self, id: super::rows::AddressId) -> Option<Value> {
        let address = self.addresses.iter().find(|address| address.id == id)?;
        let mut body = Map::new();
        body.insert("id".to_owned(), json!(id.get()));
        put_text(&mut body, "externalId", address.external_id.as_deref());
        put_text(&mut body, "name", Some(address.name.as_str()));
        Some(Value::Object(body))
    }

    pub fn corporate(&self, call: &Call, corporate: &Corporate) -> Value {
        let mut body = Map::new();
        body.insert("type".to_owned(), json!("customer_corporate"));
        body.insert("id".to_owned(), json!(corporate.id.get()));
        put_text(&mut body, "externalId", corporate.external_id.as_deref());
        body.insert("nickName".to_owned(), json!(corporate.nick_name));
        if let Some(address) = corporate.main_address.and_then(|id| self.named_address(id)) {
            body.insert("mainAddress".to_owned(), address);
        }
        body.insert("createdAt".to_owned(), json!(time::written(corporate.created_at, &call.site.zone)));
        for (name, usual) in [("vip", json!(false)), ("bad", json!(false)), ("personalDiscount", json!(0))] {
            body.insert(name.to_owned(), corporate.body.get(name).cloned().unwrap_or(usual));
        }
        body.insert("site".to_owned(), json!(call.site.code));
        for (name, value) in &corporate.body {
            body.entry(name.clone()).or_insert_with(|| value.clone());
        }
        body.entry("tags").or_insert_with(|| json!([]));
        body.entry("customFields").or_insert_with(|| json!([]));
        body.insert("ordersCount".to_owned(), json!(self.orders.get(&corporate.id).copied().unwrap_or(0)));
        let contact = self.contacts.iter().find(|contact| Some(contact.id) == corporate.main_contact);
        if let Some(contact) = contact {
            body.insert("mainCustomerContact".to_owned(), self.contact(call, corporate, contact));
        }
        if let Some(firm) = corporate.main_firm.and_then(|id| self.named_firm(id)) {
            body.insert("mainCompany".to_owned(), firm);
        }
        Value::Object(body)
    }
}

pub(crate) fn put_text(body: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        body.insert(name.to_owned(), json!(text));
    }
}

/// A corporate customer where only which one is said.
pub(crate) fn reference(call: &Call, corporate: &Corporate) -> Value {
    let mut body = Map::new();
    body.insert("site".to_owned(), json!(call.site.code));
    body.insert("id".to_owned(), json!(corporate.id.get()));
    put_text(&mut body, "externalId", corporate.external_id.as_deref());
    body.insert("type".to_owned(), json!("customer_corporate"));
    Value::Object(body)
}

/// Corporate customers in the order in which they are asked for.
///
/// # Errors
/// Faults of the store.
pub(crate) fn whole(db: &mut dyn Query, call: &Call, ids: &[CorporateId]) -> Result<Vec<Value>> {
    let found = corporates(db, call, ids)?;
    let parts = Parts::of(db, call, ids)?;
    let mut bodies: BTreeMap<CorporateId, Value> =
        found.iter().map(|corporate| (corporate.id, parts.corporate(call, corporate))).collect();
    Ok(ids.iter().filter_map(|id| bodies.remove(id)).collect())
}

/// What the shop calls these customers.
///
/// # Errors
/// Faults of the store.
pub(crate) fn external_ids(
    db: &mut dyn Query,
    call: &Call,
    ids: &[CustomerId],
) -> Result<BTreeMap<CustomerId, String>> {
    db.all(
        sql!(
            "select customer_id, external_id
             from retailcrm_customer_id
             where company_id = :company_id and shop_id = :shop_id and customer_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by customer_id, external_id
             limit 50000"
        ),
        params![company_id: call.company(), shop_id: call.shop(), ids: listed(ids)],
    )?
    .iter()
    .map(|row| Ok((row.get("customer_id")?, row.get("external_id")?)))
    .collect()
}

fn orders_of(db: &mut dyn Query, call: &Call, ids: &[CorporateId]) -> Result<BTreeMap<CorporateId, i64>> {
    db.all(
        sql!(
            "select corporate_id, count(*) as orders
             from retailcrm_order_corporate
             where company_id = :company_id and corporate_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             group by corporate_id
             order by corporate_id
             limit 1000"
        ),
        params![company_id: call.company(), ids: listed(ids)],
    )?
    .iter()
    .map(|row| Ok((row.get("corporate_id")?, row.get("orders")?)))
    .collect()
}
