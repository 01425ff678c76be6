//! What burns of the money, for whoever looks after companies: banks that are silent, and money that no order was
//! found for. A waiting line is counted as far as the page of the money counts it.

use takt_kernel::{CompanyId, OrganisationId, Result};
use takt_orders::panels::Burning;
use takt_staff::Scope;
use takt_store::Query;

use crate::{hand, import::LineState, queries};

pub(crate) const SILENT: Burning = Burning {
    label_key: "payments-burning-silent",
    place: 50,
    permission: "payments.see",
    topic: "bank_channels",
    href: |_| "/money/by-hand".to_owned(),
    count: silent,
};

pub(crate) const UNMATCHED: Burning = Burning {
    label_key: "payments-burning-unmatched",
    place: 60,
    permission: "payments.see",
    topic: "bank_lines",
    href: |_| "/money".to_owned(),
    count: unmatched,
};

fn silent(db: &mut dyn Query, companies: &[CompanyId]) -> Result<i64> {
    Ok(i64::try_from(hand::silent_companies(db, companies)?.len()).unwrap_or(i64::MAX))
}

fn unmatched(db: &mut dyn Query, companies: &[CompanyId]) -> Result<i64> {
    let scope = Scope::Desk { desk: OrganisationId::new(0), companies: companies.to_vec() };
    Ok(queries::counts(db, &scope)?.get(&LineState::Suggested).copied().unwrap_or_default())
}
