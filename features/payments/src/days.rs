use takt_kernel::{CompanyId, Result, Timestamp};
use takt_store::Query;

/// Today as the company's own calendar has it, as an ISO date.
///
/// # Errors
/// Faults of the store.
pub(crate) fn day_in_zone_of(db: &mut dyn Query, company: CompanyId) -> Result<String> {
    let zone = takt_staff::companies::get(db, company)?.zone;
    Ok(day(db.now(), &zone))
}

pub(crate) fn day(at: Timestamp, zone: &jiff::tz::TimeZone) -> String {
    at.to_jiff().to_zoned(zone.clone()).date().to_string()
}
