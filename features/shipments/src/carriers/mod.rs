//! Carriers and their services, as a company has set them up.

mod edit;

pub use edit::{add, add_service, edit, edit_service};

use std::fmt::Write as _;

use takt_kernel::{CompanyId, Fault, Result};
use takt_store::{Query, params, sql};

use crate::{CarrierId, ServiceId, Via};

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
