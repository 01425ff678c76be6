//! The catalogue: products and their offers (one SKU, one price).
//!
//! Owns what can be ordered and at what price. Knows nothing of stock: whoever does fills
//! [`LIST_COLUMNS`] and [`OFFER_PANELS`]. Orders copy what they need when they are placed.
//!
//! Invariant: a SKU names one offer of a company, for ever; nothing is deleted, only archived.
//! Start reading at [`Offer`].

mod commands;
pub mod facts;
mod offer;
mod queries;
mod rights;

pub use commands::{Upserted, add_offer, archive, edit, restore, upsert};
pub use offer::{Offer, OfferInput, OfferTexts};
pub use queries::{Filter, Page, get, list, offers_by_sku, product};
pub use rights::{EditCatalog, SeeCatalog};

pub enum ProductTag {}
pub enum OfferTag {}
pub type ProductId = takt_kernel::Id<ProductTag>;
pub type OfferId = takt_kernel::Id<OfferTag>;
