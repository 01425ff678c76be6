//! What this crate says, about the subject "offer".

use serde::{Deserialize, Serialize};
use takt_kernel::money::{Currency, UnitPrice, VatRate};
use takt_store::{Fact, Subject};

use crate::{OfferId, ProductId};

pub(crate) fn subject(offer: OfferId) -> Subject {
    Subject::new("offer", offer.get())
}

/// The whole offer as it was added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferAdded {
    pub product: ProductId,
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub price: UnitPrice,
    pub currency: Currency,
    pub vat: VatRate,
    pub barcode: Option<String>,
}
impl Fact for OfferAdded {
    const KIND: &'static str = "catalog.offer_added";
}

/// What changed stands in the fact's changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferEdited {
    pub sku: String,
}
impl Fact for OfferEdited {
    const KIND: &'static str = "catalog.offer_edited";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferArchived {
    pub sku: String,
}
impl Fact for OfferArchived {
    const KIND: &'static str = "catalog.offer_archived";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferRestored {
    pub sku: String,
}
impl Fact for OfferRestored {
    const KIND: &'static str = "catalog.offer_restored";
}

pub(crate) const SAID: &[&str] =
    &[OfferAdded::KIND, OfferEdited::KIND, OfferArchived::KIND, OfferRestored::KIND];
