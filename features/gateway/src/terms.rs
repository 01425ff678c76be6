use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, FieldFault, Result, ShopId};
use takt_orders::Terms;
use takt_staff::{Permit, settings};
use takt_store::{Query, Tx};

use crate::rights::ManageIntake;

/// Company setting: a [`DefaultTerms`].
const TERMS: &str = "gateway.terms";
const MOST_CREDIT_DAYS: i64 = 365;

/// When buyers pay whose order does not say: per shop, else as the company has it, else in advance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DefaultTerms {
    pub company: Option<UsualTerms>,
    /// By the shop's id.
    pub shops: BTreeMap<i64, UsualTerms>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsualTerms {
    pub terms: String,
    #[serde(default)]
    pub credit_days: i64,
}

impl DefaultTerms {
    /// # Errors
    /// Faults of the store.
    pub fn of(db: &mut dyn Query, company: CompanyId) -> Result<Self> {
        Ok(settings::get(db, company, TERMS)?.unwrap_or_default())
    }

    /// # Errors
    /// `input.fields` at `company` or the shop's id: unknown terms, days of credit out of bounds.
    pub fn save(&self, tx: &mut Tx<'_>, permit: &Permit<ManageIntake>) -> Result<()> {
        let shops = self.shops.iter().map(|(shop, usual)| (shop.to_string(), usual));
        let company = self.company.iter().map(|usual| ("company".to_owned(), usual));
        let faults: Vec<FieldFault> =
            company.chain(shops).filter_map(|(path, usual)| usual.fault(path)).collect();
        if !faults.is_empty() {
            return Err(takt_kernel::Fault::from_fields(faults));
        }
        settings::set(tx, permit.company(), TERMS, self, permit.actor())
    }

    pub(crate) fn of_shop(&self, shop: ShopId) -> Terms {
        self.shops
            .get(&shop.get())
            .or(self.company.as_ref())
            .and_then(|usual| Terms::from_code(&usual.terms, usual.credit_days).ok())
            .unwrap_or(Terms::Prepaid)
    }
}

pub(crate) fn of_shop(db: &mut dyn Query, company: CompanyId, shop: ShopId) -> Result<Terms> {
    Ok(DefaultTerms::of(db, company)?.of_shop(shop))
}

impl UsualTerms {
    fn fault(&self, path: String) -> Option<FieldFault> {
        match Terms::from_code(&self.terms, self.credit_days) {
            Err(_) => Some(FieldFault {
                path: format!("{path}.terms"),
                code: "orders.terms_unknown".into(),
                args: vec![("known".into(), Terms::CODES.join(", "))],
            }),
            Ok(Terms::Credit { days }) if !(1..=MOST_CREDIT_DAYS).contains(&days) => Some(FieldFault {
                path: format!("{path}.credit_days"),
                code: "orders.credit_days".into(),
                args: vec![("most".into(), MOST_CREDIT_DAYS.to_string())],
            }),
            Ok(_) => None,
        }
    }
}
