//! What other crates show to the buyer of an order, who has no account and sees nothing but this order;
//! and what they let the buyer do. Whoever shows the page knows none of them.

use std::collections::BTreeMap;

use maud::Markup;
use takt_kernel::{Actor, Result, Slot};
use takt_store::{Query, Tx};
use takt_ui::Words;

use crate::order::{Line, Order};

pub struct BuyerContext<'a> {
    pub order: &'a Order,
    pub lines: &'a [Line],
    /// The buyer's language, the company's zone.
    pub words: &'a Words,
    /// The page of this order: its documents and deeds lie under it, by their names. Empty where there is none.
    pub page: &'a str,
}

/// A part of the buyer's page. The parts stand by `place`; one that renders nothing is not shown.
#[derive(Clone, Copy)]
pub struct BuyerPanel {
    pub title_key: &'static str,
    pub place: i64,
    pub render: fn(&mut dyn Query, &BuyerContext<'_>) -> Result<Markup>,
}

pub static BUYER_PANEL: Slot<BuyerPanel> = Slot::new("orders.buyer panel");

/// What a document is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// A page of ours, which people print.
    Page,
    /// A letter: nothing is loaded and nothing is drawn in it.
    Letter,
}

/// A paper of the order, such as its invoice; none when there is none.
#[derive(Clone, Copy)]
pub struct BuyerDocument {
    /// In the address of its page.
    pub name: &'static str,
    pub title_key: &'static str,
    pub render: fn(&mut dyn Query, &BuyerContext<'_>, Medium) -> Result<Option<Markup>>,
}

pub static BUYER_DOCUMENT: Slot<BuyerDocument> = Slot::new("orders.buyer document");

/// What a buyer may ask for. The form stands in a panel of the same crate and is sent to the page's
/// address with `name` behind it.
#[derive(Clone, Copy)]
pub struct BuyerDeed {
    pub name: &'static str,
    /// What the buyer is told when it is done.
    pub said_key: &'static str,
    pub act: BuyerAct,
}

/// The order is locked; the words are those of the company's own people. What is refused as invalid or as a
/// conflict is told to the buyer on the page.
pub type BuyerAct = fn(&mut Tx, &Order, &Actor, &BTreeMap<String, String>, &Words) -> Result<()>;

pub static BUYER_DEED: Slot<BuyerDeed> = Slot::new("orders.buyer deed");

/// The address of the buyer's page: whole when the installation knows its own, else only the path.
pub type BuyerPage = fn(&mut dyn Query, &Order) -> Result<Option<String>>;

/// Filled by whoever shows the page, asked by whoever writes to the buyer.
pub static BUYER_PAGE: Slot<BuyerPage> = Slot::new("orders.buyer page");
