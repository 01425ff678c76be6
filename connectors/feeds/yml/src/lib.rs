//! Reader of catalogues: YML (Yandex Market) and ICML (RetailCRM), which is YML with a few more words.
//!
//! Bytes in, offers out, one at a time: the document is never held, nothing of it is unbounded, and
//! nothing is fetched or expanded for it. A broken offer is told with its line and the rest is read; a
//! broken document ends with a fault, never as if it were whole. Start reading at [`open`].

mod entities;
mod limits;
mod number;
mod offer;
mod reader;
mod source;
mod stock;
mod vat;

pub use limits::Limits;
pub use reader::{Reader, open, open_within};

use std::io::Read;

use takt_feature::{Feature, Tier};
use takt_feeds::port::{FEED_READER, FeedReader, OpenFeed, STOCK_TAKER, TakeStock};
use takt_kernel::Result;

/// Texts of every fault of this crate, by language.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];

/// Offers the reader to the feeds, and the way to what they say of stock.
pub fn feature() -> Feature {
    Feature::new("yml", Tier::Connector)
        .texts(TEXTS[0].0, TEXTS[0].1)
        .texts(TEXTS[1].0, TEXTS[1].1)
        .fill(&FEED_READER, "YML and ICML, plain or gzipped", open_known as OpenFeed)
        .fill(&STOCK_TAKER, "stock of feeds", stock::take as TakeStock)
}

fn open_known(document: Box<dyn Read + Send>) -> Result<Option<Box<dyn FeedReader>>> {
    Ok(open(document)?.map(|reader| Box::new(reader) as Box<dyn FeedReader>))
}
