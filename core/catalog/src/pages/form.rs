//! The form of an offer: the same for adding and changing.

use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{CompanyId, Result, money::Currency};
use takt_ui::{FormErrors, Words, field};

use crate::{Offer, OfferInput, OfferTexts, ProductId};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OfferForm {
    /// Of which company; asked only when there are several.
    pub company: Option<CompanyId>,
    /// Another offer of this product.
    pub product: Option<ProductId>,
    pub version: i64,
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub price: String,
    pub currency: String,
    pub vat: String,
    pub barcode: String,
}

impl OfferForm {
    pub fn of(offer: &Offer) -> Self {
        Self {
            company: Some(offer.company),
            product: Some(offer.product),
            version: offer.version,
            sku: offer.sku.clone(),
            name: offer.name.clone(),
            unit: offer.unit.clone(),
            price: offer.price.to_string(),
            currency: offer.currency.code().to_owned(),
            vat: offer.vat.to_string(),
            barcode: offer.barcode.clone().unwrap_or_default(),
        }
    }

    pub fn read(&self, default_currency: Currency) -> Result<OfferInput> {
        let texts = OfferTexts {
            sku: &self.sku,
            name: &self.name,
            unit: &self.unit,
            price: &self.price,
            currency: &self.currency,
            vat: &self.vat,
            barcode: &self.barcode,
        };
        OfferInput::parse(&texts, default_currency)
    }
}

pub(super) fn fields(w: &Words, given: &OfferForm, errors: &FormErrors) -> Markup {
    html! {
        @if given.version > 0 { input type="hidden" name="version" value=(given.version); }
        @if let Some(product) = given.product { input type="hidden" name="product" value=(product); }
        (field(w.t("catalog-sku"), "sku").value(&given.sku).required().half().errors(errors))
        (field(w.t("catalog-barcode"), "barcode").value(&given.barcode).half().mark(w.t("ui-optional")).errors(errors))
        (field(w.t("catalog-name"), "name").value(&given.name).required().errors(errors))
        (field(w.t("catalog-price"), "price").decimal().value(w.typed(&given.price)).required().short()
            .hint(w.t("catalog-price-hint")).errors(errors))
        (field(w.t("catalog-currency"), "currency").value(&given.currency).short().errors(errors))
        (field(w.t("catalog-unit"), "unit").value(&given.unit).short().placeholder(w.unit("pcs")).errors(errors))
        (field(w.t("catalog-vat"), "vat").value(&given.vat).short().placeholder("22")
            .hint(w.t("catalog-vat-hint")).errors(errors))
    }
}
