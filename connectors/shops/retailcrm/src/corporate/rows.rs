//! Corporate customers and their parts as they stand in the tables.

use serde_json::{Map, Value};
use takt_customers::CustomerId;
use takt_kernel::{CompanyId, Fault, Id, Result, Timestamp, fold};
use takt_store::{Query, Row, Tx, params, sql};

use crate::wire::endpoint::Call;

pub(crate) enum CorporateTag {}
pub(crate) enum AddressTag {}
pub(crate) enum FirmTag {}
pub(crate) enum ContactTag {}
pub(crate) type CorporateId = Id<CorporateTag>;
pub(crate) type AddressId = Id<AddressTag>;
pub(crate) type FirmId = Id<FirmTag>;
pub(crate) type ContactId = Id<ContactTag>;

const LARGEST: usize = 16_384;
const LONGEST: usize = 255;

#[derive(Clone, Debug)]
pub(crate) struct Corporate {
    pub id: CorporateId,
    pub external_id: Option<String>,
    pub nick_name: String,
    pub main_address: Option<AddressId>,
    pub main_firm: Option<FirmId>,
    pub main_contact: Option<ContactId>,
    pub combined_into: Option<CorporateId>,
    pub body: Map<String, Value>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub id: AddressId,
    pub corporate: CorporateId,
    pub external_id: Option<String>,
    pub name: String,
    pub body: Map<String, Value>,
}

#[derive(Clone, Debug)]
pub(crate) struct Firm {
    pub id: FirmId,
    pub corporate: CorporateId,
    pub external_id: Option<String>,
    pub name: String,
    pub active: bool,
    pub address: Option<AddressId>,
    pub body: Map<String, Value>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub id: ContactId,
    pub corporate: CorporateId,
    pub customer: CustomerId,
    pub firms: Vec<(i64, FirmId)>,
}

/// Ids as the engines take a list.
pub(crate) fn listed<T>(ids: &[Id<T>]) -> String {
    Value::from(ids.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string()
}

fn bounded(name: &str, body: &Map<String, Value>) -> Result<String> {
    let written = Value::Object(body.clone()).to_string();
    if written.len() > LARGEST || name.chars().count() > LONGEST {
        return Err(Fault::invalid("retailcrm.too_long"));
    }
    Ok(written)
}

fn text<'a>(body: &'a Map<String, Value>, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Those of the shop, in the order of their ids.
///
/// # Errors
/// Faults of the store.
pub(crate) fn corporates(db: &mut dyn Query, call: &Call, ids: &[CorporateId]) -> Result<Vec<Corporate>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    db.all(
        sql!(
            "select id, external_id, nick_name, main_address_id, main_firm_id, main_contact_id, combined_into,
               body, created_at
             from retailcrm_corporate
             where company_id = :company_id and shop_id = :shop_id and id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by id
             limit 1000"
        ),
        params![company_id: call.company(), shop_id: call.shop(), ids: listed(ids)],
    )?
    .iter()
    .map(|row| {
        Ok(Corporate {
            id: row.get("id")?,
            external_id: row.get("external_id")?,
            nick_name: row.get("nick_name")?,
            main_address: row.get("main_address_id")?,
            main_firm: row.get("main_firm_id")?,
            main_contact: row.get("main_contact_id")?,
            combined_into: row.get("combined_into")?,
            body: row.json("body")?,
            created_at: row.get("created_at")?,
        })
    })
    .collect()
}

/// The one of the shop; one that became part of another is the other.
///
/// # Errors
/// Faults of the store.
pub(crate) fn corporate(db: &mut dyn Query, call: &Call, id: CorporateId) -> Result<Option<Corporate>> {
    const DEEPEST: usize = 8;
    let mut wanted = id;
    for _ in 0..DEEPEST {
        match corporates(db, call, &[wanted])?.pop() {
            Some(Corporate { combined_into: Some(into), .. }) => wanted = into,
            found => return Ok(found),
        }
    }
    Ok(None)
}

pub(crate) fn by_external_id(
    db: &mut dyn Query,
    call: &Call,
    external_id: &str,
) -> Result<Option<CorporateId>> {
    db.opt(
        sql!(
            "select id
             from retailcrm_corporate
             where company_id = :company_id and shop_id = :shop_id and external_id = :external_id"
        ),
        params![company_id: call.company(), shop_id: call.shop(), external_id: external_id],
    )?
    .map(|row| row.get("id"))
    .transpose()
}

pub(crate) fn put(tx: &mut Tx<'_>, call: &Call, corporate: &Corporate) -> Result<()> {
    let body = bounded(&corporate.nick_name, &corporate.body)?;
    tx.put(
        sql!(
            "insert into retailcrm_corporate (company_id, id, shop_id, external_id, nick_name, nick_name_s,
               main_address_id, main_firm_id, main_contact_id, combined_into, body, created_at)
             values (:company_id, :id, :shop_id, :external_id, :nick_name, :nick_name_s, :main_address_id,
               :main_firm_id, :main_contact_id, :combined_into, :body, :created_at)
             on conflict (company_id, id) do update
             set external_id = excluded.external_id, nick_name = excluded.nick_name,
               nick_name_s = excluded.nick_name_s, main_address_id = excluded.main_address_id,
               main_firm_id = excluded.main_firm_id, main_contact_id = excluded.main_contact_id,
               combined_into = excluded.combined_into, body = excluded.body"
        ),
        params![
            company_id: call.company(), id: corporate.id, shop_id: call.shop(),
            external_id: corporate.external_id.as_deref(), nick_name: &corporate.nick_name,
            nick_name_s: fold(&corporate.nick_name), main_address_id: corporate.main_address,
            main_firm_id: corporate.main_firm, main_contact_id: corporate.main_contact,
            combined_into: corporate.combined_into, body: body, created_at: corporate.created_at,
        ],
    )
}

fn address(row: &Row) -> Result<Address> {
    Ok(Address {
        id: row.get("id")?,
        corporate: row.get("corporate_id")?,
        external_id: row.get("external_id")?,
        name: row.get("name")?,
        body: row.json("body")?,
    })
}

/// Addresses of these corporate customers, by id.
///
/// # Errors
/// Faults of the store.
pub(crate) fn addresses_of(
    db: &mut dyn Query,
    company: CompanyId,
    corporates: &[CorporateId],
) -> Result<Vec<Address>> {
    db.all(
        sql!(
            "select id, corporate_id, external_id, name, body
             from retailcrm_corporate_address
             where company_id = :company_id and corporate_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by id
             limit 50000"
        ),
        params![company_id: company, ids: listed(corporates)],
    )?
    .iter()
    .map(address)
    .collect()
}

pub(crate) fn put_address(tx: &mut Tx<'_>, call: &Call, address: &Address) -> Result<()> {
    let body = bounded(&address.name, &address.body)?;
    tx.put(
        sql!(
            "insert into retailcrm_corporate_address (company_id, id, corporate_id, external_id, name, name_s, city_s,
               region_s, body)
             values (:company_id, :id, :corporate_id, :external_id, :name, :name_s, :city_s, :region_s, :body)
             on conflict (company_id, id) do update
             set external_id = excluded.external_id, name = excluded.name, name_s = excluded.name_s,
               city_s = excluded.city_s, region_s = excluded.region_s, body = excluded.body"
        ),
        params![
            company_id: call.company(), id: address.id, corporate_id: address.corporate,
            external_id: address.external_id.as_deref(), name: &address.name, name_s: fold(&address.name),
            city_s: fold(text(&address.body, "city")), region_s: fold(text(&address.body, "region")), body: body,
        ],
    )
}

fn firm(row: &Row) -> Result<Firm> {
    Ok(Firm {
        id: row.get("id")?,
        corporate: row.get("corporate_id")?,
        external_id: row.get("external_id")?,
        name: row.get("name")?,
        active: row.get("active")?,
        address: row.get("address_id")?,
        body: row.json("body")?,
        created_at: row.get("created_at")?,
    })
}

/// Legal entities of these corporate customers, by id.
///
/// # Errors
/// Faults of the store.
pub(crate) fn firms_of(
    db: &mut dyn Query,
    company: CompanyId,
    corporates: &[CorporateId],
) -> Result<Vec<Firm>> {
    db.all(
        sql!(
            "select id, corporate_id, external_id, name, active, address_id, body, created_at
             from retailcrm_corporate_firm
             where company_id = :company_id and corporate_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by id
             limit 50000"
        ),
        params![company_id: company, ids: listed(corporates)],
    )?
    .iter()
    .map(firm)
    .collect()
}

pub(crate) fn put_firm(tx: &mut Tx<'_>, call: &Call, firm: &Firm) -> Result<()> {
    let body = bounded(&firm.name, &firm.body)?;
    let no_contragent = Map::new();
    let contragent = firm.body.get("contragent").and_then(Value::as_object).unwrap_or(&no_contragent);
    let filled = |name: &str| Some(text(contragent, name)).filter(|text| !text.is_empty()).map(str::to_owned);
    tx.put(
        sql!(
            "insert into retailcrm_corporate_firm (company_id, id, corporate_id, external_id, name, name_s,
               legal_name_s, inn, kpp, active, address_id, body, created_at)
             values (:company_id, :id, :corporate_id, :external_id, :name, :name_s, :legal_name_s, :inn, :kpp,
               :active, :address_id, :body, :created_at)
             on conflict (company_id, id) do update
             set external_id = excluded.external_id, name = excluded.name, name_s = excluded.name_s,
               legal_name_s = excluded.legal_name_s, inn = excluded.inn, kpp = excluded.kpp,
               active = excluded.active, address_id = excluded.address_id, body = excluded.body"
        ),
        params![
            company_id: call.company(), id: firm.id, corporate_id: firm.corporate,
            external_id: firm.external_id.as_deref(), name: &firm.name, name_s: fold(&firm.name),
            legal_name_s: fold(text(contragent, "legalName")), inn: filled("INN"), kpp: filled("KPP"),
            active: firm.active, address_id: firm.address, body: body, created_at: firm.created_at,
        ],
    )
}

/// Contacts of these corporate customers, by id.
///
/// # Errors
/// Faults of the store.
pub(crate) fn contacts_of(
    db: &mut dyn Query,
    company: CompanyId,
    corporates: &[CorporateId],
) -> Result<Vec<Contact>> {
    let rows = db.all(
        sql!(
            "select contact.id, contact.corporate_id, contact.customer_id, pair.id as pair_id, pair.firm_id
             from retailcrm_corporate_contact contact
             left join retailcrm_corporate_contact_firm pair
               on pair.company_id = contact.company_id and pair.contact_id = contact.id
             where contact.company_id = :company_id and contact.corporate_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by contact.id, pair.id
             limit 50000"
        ),
        params![company_id: company, ids: listed(corporates)],
    )?;
    let mut contacts: Vec<Contact> = Vec::new();
    for row in &rows {
        let id: ContactId = row.get("id")?;
        if contacts.last().is_none_or(|last| last.id != id) {
            let (corporate, customer) = (row.get("corporate_id")?, row.get("customer_id")?);
            contacts.push(Contact { id, corporate, customer, firms: Vec::new() });
        }
        let pair = row.get::<Option<i64>>("pair_id")?.zip(row.get::<Option<FirmId>>("firm_id")?);
        if let (Some(contact), Some(pair)) = (contacts.last_mut(), pair) {
            contact.firms.push(pair);
        }
    }
    Ok(contacts)
}

pub(crate) fn put_contact(tx: &mut Tx<'_>, call: &Call, contact: &Contact) -> Result<()> {
    tx.put(
        sql!(
            "insert into retailcrm_corporate_contact (company_id, id, corporate_id, customer_id)
             values (:company_id, :id, :corporate_id, :customer_id)
             on conflict (company_id, id) do update
             set customer_id = excluded.customer_id"
        ),
        params![
            company_id: call.company(), id: contact.id, corporate_id: contact.corporate,
            customer_id: contact.customer,
        ],
    )
}

pub(crate) fn pair(tx: &mut Tx<'_>, call: &Call, contact: ContactId, firm: FirmId) -> Result<i64> {
    let id = tx.new_id::<()>().get();
    tx.put(
        sql!(
            "insert into retailcrm_corporate_contact_firm (company_id, id, contact_id, firm_id)
             values (:company_id, :id, :contact_id, :firm_id)"
        ),
        params![company_id: call.company(), id: id, contact_id: contact, firm_id: firm],
    )?;
    Ok(id)
}

pub(crate) fn part_pair(tx: &mut Tx<'_>, call: &Call, contact: ContactId, firm: FirmId) -> Result<()> {
    tx.execute(
        sql!(
            "delete from retailcrm_corporate_contact_firm
             where company_id = :company_id and contact_id = :contact_id and firm_id = :firm_id"
        ),
        params![company_id: call.company(), contact_id: contact, firm_id: firm],
    )
    .map(|_| ())
}
