//! Carriers and their services, as a company has set them up.

use std::fmt::Write as _;

use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::Permit;
use takt_store::{About, Change, Query, Tx, params, sql};

use crate::{
    CarrierId, ManageCarriers, ServiceId, Via,
    facts::{self, CarrierAdded, CarrierEdited},
    overdue,
};

const LONGEST_NAME: usize = 100;
const LONGEST_URL: usize = 300;
const MOST_DAYS: i64 = 365;
/// After so many days somebody asks, unless the carrier's settings say otherwise.
pub const USUAL_DAYS: i64 = 7;
/// What stands for the tracking number in [`CarrierInput::tracking_url`].
pub const NUMBER: &str = "{number}";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    pub company: CompanyId,
    pub id: CarrierId,
    pub name: String,
    /// With [`NUMBER`] where the tracking number goes.
    pub tracking_url: Option<String>,
    /// Zero: nobody is reminded.
    pub remind_after_days: i64,
    pub archived: bool,
    pub services: Vec<Service>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    pub id: ServiceId,
    pub name: String,
    /// None: as the carrier.
    pub remind_after_days: Option<i64>,
    pub archived: bool,
}

#[derive(Clone, Debug, Default)]
pub struct CarrierInput {
    pub name: String,
    pub tracking_url: Option<String>,
    pub remind_after_days: i64,
    pub archived: bool,
}

#[derive(Clone, Debug, Default)]
pub struct ServiceInput {
    pub name: String,
    pub remind_after_days: Option<i64>,
    pub archived: bool,
}

impl Carrier {
    pub fn service(&self, id: ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// Where the buyer can follow a parcel.
    pub fn tracking_link(&self, tracking: &str) -> Option<String> {
        let mut encoded = String::with_capacity(tracking.len());
        for byte in tracking.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
                encoded.push(char::from(byte));
            } else {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
        self.tracking_url.as_ref().map(|url| url.replace(NUMBER, &encoded))
    }
}

/// All of a company with their services, those in use first.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Carrier>> {
    let rows = db.all(
        sql!(
            "select company_id, id, name, tracking_url, remind_after_days, archived
             from carrier
             where company_id = :company_id
             order by archived, name, id
             limit 1000"
        ),
        params![company_id: company],
    )?;
    let services = db.all(
        sql!(
            "select id, carrier_id, name, remind_after_days, archived
             from carrier_service
             where company_id = :company_id
             order by archived, name, id
             limit 10000"
        ),
        params![company_id: company],
    )?;
    let mut carriers = Vec::with_capacity(rows.len());
    for row in &rows {
        carriers.push(Carrier {
            company: row.get("company_id")?,
            id: row.get("id")?,
            name: row.get("name")?,
            tracking_url: row.get("tracking_url")?,
            remind_after_days: row.get("remind_after_days")?,
            archived: row.get("archived")?,
            services: Vec::new(),
        });
    }
    for row in &services {
        let of: CarrierId = row.get("carrier_id")?;
        let Some(carrier) = carriers.iter_mut().find(|carrier| carrier.id == of) else { continue };
        carrier.services.push(Service {
            id: row.get("id")?,
            name: row.get("name")?,
            remind_after_days: row.get("remind_after_days")?,
            archived: row.get("archived")?,
        });
    }
    Ok(carriers)
}

/// # Errors
/// `shipments.carrier_missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: CarrierId) -> Result<Carrier> {
    list(db, company)?
        .into_iter()
        .find(|carrier| carrier.id == id)
        .ok_or_else(|| Fault::missing("shipments.carrier_missing").arg("given", id))
}

/// # Errors
/// Faults of the store.
pub fn by_name(db: &mut dyn Query, company: CompanyId, name: &str) -> Result<Option<Carrier>> {
    Ok(list(db, company)?.into_iter().find(|carrier| carrier.name == name.trim()))
}

/// The carrier and service that are meant, checked against each other.
///
/// # Errors
/// `shipments.carrier_missing`, field fault `shipments.service_of_another`.
pub(crate) fn of(
    db: &mut dyn Query,
    company: CompanyId,
    via: Via,
) -> Result<Option<(Carrier, Option<Service>)>> {
    let Some(carrier) = via.carrier else {
        let stray = || Err(Fault::field("via", "shipments.service_of_another"));
        return if via.service.is_some() { stray() } else { Ok(None) };
    };
    let carrier = get(db, company, carrier)?;
    let service = match via.service {
        None => None,
        Some(id) => {
            let found = carrier.service(id).cloned();
            Some(found.ok_or_else(|| Fault::field("via", "shipments.service_of_another"))?)
        }
    };
    Ok(Some((carrier, service)))
}

/// After how many days somebody is reminded; none when nobody is.
pub(crate) fn remind_after_days(of: Option<&(Carrier, Option<Service>)>) -> Option<i64> {
    let days = match of {
        None => USUAL_DAYS,
        Some((carrier, service)) => service
            .as_ref()
            .and_then(|service| service.remind_after_days)
            .unwrap_or(carrier.remind_after_days),
    };
    (days > 0).then_some(days)
}

/// # Errors
/// Field faults `shipments.name_required`, `shipments.too_long`, `shipments.name_taken`,
/// `shipments.url_malformed`, `shipments.days_malformed`.
pub fn add(tx: &mut Tx, permit: &Permit<ManageCarriers>, input: &CarrierInput) -> Result<CarrierId> {
    let company = permit.company();
    let all = list(tx, company)?;
    let input = checked(&all, None, input)?;
    let id: CarrierId = tx.new_id();
    tx.put(
        sql!(
            "insert into carrier (company_id, id, name, tracking_url, remind_after_days, archived)
             values (:company_id, :id, :name, :tracking_url, :remind_after_days, :archived)"
        ),
        params![
            company_id: company, id: id, name: &input.name, tracking_url: input.tracking_url.clone(),
            remind_after_days: input.remind_after_days, archived: input.archived,
        ],
    )?;
    let fact = CarrierAdded { name: input.name, remind_after_days: input.remind_after_days };
    tx.say(About::new(company, facts::of_carrier(id), permit.actor()), &fact)?;
    Ok(id)
}

/// Changes a carrier; reminders of what is on its way move with it.
///
/// # Errors
/// As [`add`]; `shipments.carrier_missing`.
pub fn edit(tx: &mut Tx, permit: &Permit<ManageCarriers>, id: CarrierId, input: &CarrierInput) -> Result<()> {
    let company = permit.company();
    let before = get(tx, company, id)?;
    let all = list(tx, company)?;
    let input = checked(&all, Some(id), input)?;
    let url = |url: &Option<String>| url.clone().unwrap_or_default();
    let changes: Vec<Change> = [
        Change::if_any("name", &before.name, &input.name),
        Change::if_any("tracking_url", &url(&before.tracking_url), &url(&input.tracking_url)),
        Change::if_any(
            "remind_after_days",
            &before.remind_after_days.to_string(),
            &input.remind_after_days.to_string(),
        ),
        Change::if_any("archived", &before.archived.to_string(), &input.archived.to_string()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if changes.is_empty() {
        return Ok(());
    }
    tx.put(
        sql!(
            "update carrier
             set name = :name, tracking_url = :tracking_url, remind_after_days = :remind_after_days,
               archived = :archived
             where company_id = :company_id and id = :id"
        ),
        params![
            name: &input.name, tracking_url: input.tracking_url.clone(),
            remind_after_days: input.remind_after_days, archived: input.archived, company_id: company, id: id,
        ],
    )?;
    let about = About::new(company, facts::of_carrier(id), permit.actor());
    tx.say_changes(about, &CarrierEdited { name: input.name }, changes)?;
    overdue::derive_all(tx, company, id)
}

/// # Errors
/// As [`add`]; `shipments.carrier_missing`.
pub fn add_service(
    tx: &mut Tx,
    permit: &Permit<ManageCarriers>,
    carrier: CarrierId,
    input: &ServiceInput,
) -> Result<ServiceId> {
    let company = permit.company();
    let of = get(tx, company, carrier)?;
    let name = checked_service(&of, None, input)?;
    let id: ServiceId = tx.new_id();
    tx.put(
        sql!(
            "insert into carrier_service (company_id, id, carrier_id, name, remind_after_days, archived)
             values (:company_id, :id, :carrier_id, :name, :remind_after_days, :archived)"
        ),
        params![
            company_id: company, id: id, carrier_id: carrier, name: &name,
            remind_after_days: input.remind_after_days, archived: input.archived,
        ],
    )?;
    let about = About::new(company, facts::of_carrier(carrier), permit.actor());
    let changes = vec![Change::of("services.name", None, Some(name)).item(id.get())];
    tx.say_changes(about, &CarrierEdited { name: of.name }, changes)?;
    Ok(id)
}

/// # Errors
/// As [`add_service`]; `shipments.service_of_another`.
pub fn edit_service(
    tx: &mut Tx,
    permit: &Permit<ManageCarriers>,
    carrier: CarrierId,
    id: ServiceId,
    input: &ServiceInput,
) -> Result<()> {
    let company = permit.company();
    let of = get(tx, company, carrier)?;
    let before = of.service(id).cloned().ok_or_else(|| Fault::missing("shipments.service_of_another"))?;
    let name = checked_service(&of, Some(id), input)?;
    let days = |days: Option<i64>| days.map(|days| days.to_string()).unwrap_or_default();
    let changes: Vec<Change> = [
        Change::if_any("services.name", &before.name, &name),
        Change::if_any(
            "services.remind_after_days",
            &days(before.remind_after_days),
            &days(input.remind_after_days),
        ),
        Change::if_any("services.archived", &before.archived.to_string(), &input.archived.to_string()),
    ]
    .into_iter()
    .flatten()
    .map(|change| change.item(id.get()))
    .collect();
    if changes.is_empty() {
        return Ok(());
    }
    tx.put(
        sql!(
            "update carrier_service
             set name = :name, remind_after_days = :remind_after_days, archived = :archived
             where company_id = :company_id and id = :id"
        ),
        params![
            name: &name, remind_after_days: input.remind_after_days, archived: input.archived,
            company_id: company, id: id,
        ],
    )?;
    let about = About::new(company, facts::of_carrier(carrier), permit.actor());
    tx.say_changes(about, &CarrierEdited { name: of.name }, changes)?;
    overdue::derive_all(tx, company, carrier)
}

fn checked(all: &[Carrier], own: Option<CarrierId>, input: &CarrierInput) -> Result<CarrierInput> {
    let name = checked_name(&input.name)?;
    if all.iter().any(|other| other.name == name && Some(other.id) != own) {
        return Err(Fault::field("name", "shipments.name_taken"));
    }
    let tracking_url = input.tracking_url.as_deref().map(str::trim).filter(|url| !url.is_empty());
    let web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    if tracking_url.is_some_and(|url| !web(url) || !url.contains(NUMBER) || url.len() > LONGEST_URL) {
        return Err(Fault::field("tracking_url", "shipments.url_malformed"));
    }
    check_days(Some(input.remind_after_days))?;
    let CarrierInput { remind_after_days, archived, .. } = *input;
    Ok(CarrierInput { name, tracking_url: tracking_url.map(str::to_owned), remind_after_days, archived })
}

fn checked_service(of: &Carrier, own: Option<ServiceId>, input: &ServiceInput) -> Result<String> {
    let name = checked_name(&input.name)?;
    if of.services.iter().any(|other| other.name == name && Some(other.id) != own) {
        return Err(Fault::field("name", "shipments.name_taken"));
    }
    check_days(input.remind_after_days)?;
    Ok(name)
}

fn checked_name(given: &str) -> Result<String> {
    let name = given.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Fault::field("name", "shipments.name_required"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Fault::field("name", "shipments.too_long"));
    }
    Ok(name)
}

fn check_days(days: Option<i64>) -> Result<()> {
    if days.is_some_and(|days| !(0..=MOST_DAYS).contains(&days)) {
        return Err(Fault::field("remind_after_days", "shipments.days_malformed"));
    }
    Ok(())
}
