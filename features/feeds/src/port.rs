//! What a reader of catalogues must be able to say: the port between feed formats and this feature.
//!
//! A reader turns the bytes of one document into offers, one at a time, in bounded memory. It judges the
//! format only; what becomes of an offer is decided here.

use std::io::Read;

use takt_catalog::OfferId;
use takt_kernel::{
    CompanyId, Fault, Result, Slot, Slots, Timestamp,
    money::{Quantity, UnitPrice, VatRate},
};
use takt_store::Tx;

/// Begins to read a document. `None` means: not a format of mine.
pub type OpenFeed = fn(Box<dyn Read + Send>) -> Result<Option<Box<dyn FeedReader>>>;

pub static FEED_READER: Slot<OpenFeed> = Slot::new("feeds.reader");

/// Makes our stock what a shop has counted by that moment, in the transaction of the batch: at most 500 offers. What
/// came or left since stays on top of it.
pub type TakeStock = fn(&mut Tx<'_>, CompanyId, Timestamp, &[(OfferId, Quantity)]) -> Result<()>;

/// Filled by whoever knows both feeds and stock; unfilled, stock is not taken.
pub static STOCK_TAKER: Slot<TakeStock> = Slot::new("feeds.stock_taker");

/// A document being read.
pub trait FeedReader: Send {
    /// `icml`, `yml`.
    fn format(&self) -> &'static str;

    /// What the document says of the shop, as far as it was read.
    fn header(&self) -> &FeedHeader;

    /// The next offer, readable or not. Nothing after the end of a whole, well-formed document.
    ///
    /// # Errors
    /// When the document is broken or cut off: what came before may stand, and nothing is missing for
    /// not having come.
    fn next(&mut self) -> Result<Option<FeedItem>>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedItem {
    Offer(Box<FeedOffer>),
    /// Something that stands where an offer should, and why it is none.
    Unreadable(Unreadable),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedHeader {
    pub name: Option<String>,
    pub company: Option<String>,
    pub url: Option<String>,
    /// When the shop made it, as written.
    pub made_at: Option<String>,
    pub currencies: Vec<FeedCurrency>,
    pub categories: Vec<Category>,
    /// There were more than are kept.
    pub categories_cut: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedCurrency {
    pub code: String,
    pub rate: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub id: String,
    pub parent: Option<String>,
    pub name: String,
}

/// One offer as the shop tells it. Texts are one line each, trimmed, without markup of entities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedOffer {
    /// Where it begins in the document.
    pub line: u64,
    /// What the shop's modules name it in orders.
    pub id: String,
    pub product_id: Option<String>,
    /// `vendor.model`, `book`, `product`, `service` …
    pub kind: Option<String>,
    pub name: String,
    pub product_name: Option<String>,
    pub xml_id: Option<String>,
    pub url: Option<String>,
    pub price: UnitPrice,
    pub old_price: Option<UnitPrice>,
    pub purchase_price: Option<UnitPrice>,
    pub currency: Option<String>,
    pub categories: Vec<String>,
    pub pictures: Vec<String>,
    pub vendor: Option<String>,
    pub vendor_code: Option<String>,
    pub article: Option<String>,
    pub barcodes: Vec<String>,
    pub params: Vec<Param>,
    pub vat: Option<VatRate>,
    pub weight: Option<String>,
    pub dimensions: Option<String>,
    pub quantity: Option<Quantity>,
    /// It can be had at once.
    pub available: bool,
    /// It is shown in the shop at all.
    pub on_sale: bool,
    pub unit: Option<Unit>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Param {
    pub name: String,
    pub code: Option<String>,
    pub unit: Option<String>,
    pub value: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    pub code: Option<String>,
    pub name: Option<String>,
    pub symbol: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub line: u64,
    pub id: Option<String>,
    pub why: Why,
}

/// A code with its arguments: what a [`Fault`] says, kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    pub code: String,
    pub args: Vec<(String, String)>,
}

impl From<&Fault> for Why {
    /// Of several refused fields the first is told.
    fn from(fault: &Fault) -> Self {
        let kept = |args: &[(std::borrow::Cow<'static, str>, String)]| {
            args.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
        };
        match fault.fields().first() {
            Some(field) => Self { code: field.code.to_string(), args: kept(&field.args) },
            None => Self { code: fault.code().to_owned(), args: kept(fault.args()) },
        }
    }
}

pub(crate) fn open(
    slots: &Slots,
    mut document: impl FnMut() -> Result<Box<dyn Read + Send>>,
) -> Result<Box<dyn FeedReader>> {
    for open in slots.of(&FEED_READER) {
        if let Some(reader) = open(document()?)? {
            return Ok(reader);
        }
    }
    Err(Fault::invalid("feeds.unknown_format"))
}
