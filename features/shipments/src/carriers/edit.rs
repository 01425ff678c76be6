use takt_kernel::{Fault, Result};
use takt_staff::Permit;
use takt_store::{About, Change, Tx, params, sql};

use super::{Carrier, CarrierInput, NUMBER, ServiceInput, get, list};
use crate::{
    CarrierId, ManageCarriers, ServiceId,
    facts::{self, CarrierAdded, CarrierEdited},
    overdue,
};

const LONGEST_NAME: usize = 100;
const LONGEST_URL: usize = 300;
const MOST_DAYS: i64 = 365;

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
