//! Which rates of VAT a company's people are offered. An order may have any rate; a new one that the law
//! brings is typed in here.

use takt_kernel::{Actor, CompanyId, Fault, Result, money::VatRate};
use takt_staff::settings;
use takt_store::{Query, Tx};

/// The company's setting with the list.
pub const SETTING: &str = "orders.vat_rates";
const USUAL: &[&str] = &["22", "20", "10", "7", "5", "0", "none"];
const MOST: usize = 20;

/// # Errors
/// Faults of the store.
pub fn vat_rates(db: &mut dyn Query, company: CompanyId) -> Result<Vec<VatRate>> {
    match settings::get::<Vec<VatRate>>(db, company, SETTING)? {
        Some(rates) => Ok(rates),
        None => USUAL.iter().map(|rate| VatRate::parse(rate)).collect(),
    }
}

/// As people type them, with commas or spaces between.
///
/// # Errors
/// `vat.malformed`, `orders.too_many_rates`.
pub fn set_vat_rates(tx: &mut Tx, company: CompanyId, typed: &str, actor: &Actor) -> Result<()> {
    let mut rates = Vec::new();
    for word in typed.split([' ', ',', ';']).filter(|word| !word.is_empty()) {
        let rate = VatRate::parse(word)?;
        if !rates.contains(&rate) {
            rates.push(rate);
        }
    }
    if rates.is_empty() || rates.len() > MOST {
        return Err(Fault::invalid("orders.too_many_rates").arg("most", MOST));
    }
    settings::set(tx, company, SETTING, &rates, actor)
}
