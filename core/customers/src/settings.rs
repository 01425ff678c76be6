use takt_kernel::{CompanyId, Result};
use takt_staff::settings;
use takt_store::Query;

/// Company setting: the country of phones that come without one.
pub const PHONE_REGION: &str = "customers.phone_region";
const USUAL_REGION: &str = "RU";

/// The region in which a company's buyers write phones without a country code.
///
/// # Errors
/// Faults of the store.
pub fn default_region(db: &mut dyn Query, company: CompanyId) -> Result<String> {
    Ok(settings::get(db, company, PHONE_REGION)?.unwrap_or_else(|| USUAL_REGION.to_owned()))
}
