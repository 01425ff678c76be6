//! What this crate says, about the subject "offer".

use serde::{Deserialize, Serialize};
use takt_kernel::money::{Currency, UnitPrice, VatRate};
use takt_store::{Fact, Subject};

use crate::{Details, OfferId, ProductId};

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
    #[serde(default, skip_serializing_if = "is_empty")]
    pub details: Details,
    /// It is known but not sold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

fn is_empty(details: &Details) -> bool {
    *details == Details::default()
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
