use serde_json::{Value, json};
use takt_kernel::{CompanyId, Result, ShopId, money::Currency};
use takt_orders::{Intake, Terms, read_new_order};
use takt_staff::{companies, shops};
use takt_store::Query;
use takt_ui::Lang;

use crate::{accept::Report, terms};

/// What goes without saying in the orders of a shop.
#[derive(Clone, Debug)]
pub struct Usual {
    pub shop: ShopId,
    pub currency: Currency,
    pub lang: Lang,
    /// Of telephone numbers that name no country.
    pub region: String,
    pub terms: Terms,
}

impl Usual {
    /// # Errors
    /// `staff.shop_missing`, also for a shop of another company.
    pub fn of(db: &mut dyn Query, company: CompanyId, shop: ShopId) -> Result<Self> {
        let shop = shops::get(db, company, shop)?;
        Ok(Self {
            shop: shop.id,
            currency: shop.currency,
            lang: companies::get(db, company)?.lang,
            region: takt_customers::default_region(db, company)?,
            terms: terms::of_shop(db, company, shop.id)?,
        })
    }

    /// Reads an order as JSON tells it.
    ///
    /// # Errors
    /// `input.fields` with every field that makes no sense.
    pub fn read(&self, body: Value, source: &str) -> Result<Report> {
        let terms_said = !is_empty(body.get("terms"));
        let body = if terms_said { body } else { self.with_terms(body) };
        let intake = Intake {
            shop: self.shop,
            currency: self.currency,
            source,
            lang: self.lang,
            region: &self.region,
        };
        let wanted = read_new_order(&body, &intake)?;
        // Checked again while it is placed; here nobody waits for the writer.
        wanted.check()?;
        Ok(Report { wanted, terms_said })
    }

    fn with_terms(&self, mut body: Value) -> Value {
        if let (Value::Object(fields), false) = (&mut body, self.terms.is_prepaid()) {
            fields.insert("terms".to_owned(), json!(self.terms.code()));
            fields.insert("credit_days".to_owned(), json!(self.terms.credit_days()));
        }
        body
    }
}

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(_) => false,
    }
}
