//! What other crates show on the pages and in the answers of an order, which never know who does.

use maud::Markup;
use takt_kernel::{CompanyId, Result, Slot, Timestamp, money::Quantity};
use takt_store::{Query, RecordedFact};
use takt_ui::Words;

use crate::{
    order::{Line, LineId, Order, OrderId},
    past::Past,
};

/// A part of the order card. The parts of a column stand by `place`; one that renders nothing is not shown.
#[derive(Clone, Copy)]
pub struct Panel {
    pub title_key: &'static str,
    pub place: i64,
    /// Who does not hold it does not see the panel.
    pub permission: &'static str,
    pub render: fn(&mut dyn Query, &PanelContext<'_>) -> Result<Markup>,
}

pub struct PanelContext<'a> {
    pub order: &'a Order,
    pub lines: &'a [Line],
    pub words: &'a Words,
    /// Whether the reader holds a permission in the order's company.
    pub may: &'a dyn Fn(&str) -> bool,
}

/// Fields of an order's JSON that another crate knows: (order, field, value).
pub type ApiPart =
    fn(&mut dyn Query, CompanyId, &[OrderId]) -> Result<Vec<(OrderId, &'static str, serde_json::Value)>>;

/// What another crate knows of an order at a moment of its past.
#[derive(Clone, Copy)]
pub struct PastPanel {
    pub title_key: &'static str,
    pub place: i64,
    /// Who does not hold it does not see the panel.
    pub permission: &'static str,
    pub render: fn(&mut dyn Query, &PastContext<'_>) -> Result<Markup>,
}

pub struct PastContext<'a> {
    pub past: &'a Past,
    /// Everything that was said of the order until then.
    pub facts: &'a [RecordedFact],
    pub moment: Timestamp,
    pub words: &'a Words,
}

pub static PAST_PANEL: Slot<PastPanel> = Slot::new("orders.past panel");
pub static CARD_PANEL: Slot<Panel> = Slot::new("orders.card panel");
/// Buttons and forms beside those of the card itself.
pub static CARD_ACTIONS: Slot<Panel> = Slot::new("orders.card action");
pub static API_PARTS: Slot<ApiPart> = Slot::new("orders.api part");

/// Where goods lie that are held for a line: what a picker looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoodsPlace {
    pub order: OrderId,
    pub line: LineId,
    /// Empty when the company has one warehouse that nobody named.
    pub warehouse: String,
    pub shelf: Option<String>,
    pub quantity: Quantity,
}

pub type GoodsPlaces = fn(&mut dyn Query, CompanyId, &[OrderId]) -> Result<Vec<GoodsPlace>>;

/// Filled by whoever keeps stock, asked by whoever shows what to pick.
pub static GOODS_PLACES: Slot<GoodsPlaces> = Slot::new("orders.goods places");

/// How a buyer pays by transfer: under which reference, to which account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayTo {
    pub reference: String,
    pub account: String,
    pub bic: String,
    pub bank: Option<String>,
    pub holder: Option<String>,
    pub inn: Option<String>,
}

pub type PaysTo = fn(&mut dyn Query, &Order) -> Result<Option<PayTo>>;

/// Filled by whoever awaits the money, asked by whoever writes to the buyer.
pub static PAYS_TO: Slot<PaysTo> = Slot::new("orders.pays to");
