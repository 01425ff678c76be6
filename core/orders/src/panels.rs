//! What other crates show on the pages and in the answers of an order, which never know who does.

use maud::Markup;
use takt_kernel::{CompanyId, PersonId, Result, Slot, Timestamp, money::Quantity};
use takt_staff::Scope;
use takt_store::{Query, Question, RecordedFact};
use takt_ui::{Lang, Words};

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
    pub reader: PersonId,
    /// Whether the reader holds a permission in the order's company.
    pub may: &'a dyn Fn(&str) -> bool,
}

/// Fields of an order's JSON that another crate knows: (order, field, value).
pub type ApiPart =
    fn(&mut dyn Query, CompanyId, &[OrderId]) -> Result<Vec<(OrderId, &'static str, serde_json::Value)>>;

/// What the parts of these orders ask: all of it is asked together.
pub type ApiPartsAsked = fn(CompanyId, &[OrderId]) -> Vec<Question>;

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
/// What must be read before anything else on the card; one that renders nothing is not shown.
pub static CARD_NOTICES: Slot<Panel> = Slot::new("orders.card notice");
pub static API_PARTS: Slot<ApiPart> = Slot::new("orders.api part");
pub static API_PARTS_ASKED: Slot<ApiPartsAsked> = Slot::new("orders.api part asked");

/// A button above the list of orders, for whoever holds the permission anywhere.
#[derive(Clone, Copy)]
pub struct ListAction {
    pub permission: &'static str,
    pub render: fn(&Words) -> Markup,
}

pub static LIST_ACTIONS: Slot<ListAction> = Slot::new("orders.list action");

/// What is counted beside the list of orders. Each count is a filter of the list as well.
#[derive(Clone, Copy)]
pub struct Rail {
    pub title_key: &'static str,
    pub permission: &'static str,
    /// The live topic that changes it.
    pub topic: &'static str,
    /// What there is any of, in the order in which it is shown.
    pub counts: fn(&mut dyn Query, &Scope, &Words) -> Result<Vec<RailCount>>,
    pub orders: RailOrders,
}

/// Orders behind a value of the rail, at most so many, the most pressing first.
pub type RailOrders = fn(&mut dyn Query, &Scope, &str, i64) -> Result<Vec<(CompanyId, OrderId)>>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RailCount {
    /// What the list's address says when it is chosen.
    pub value: String,
    pub label: String,
    pub count: i64,
    /// Otherwise there are at least so many.
    pub exact: bool,
    /// How many of them are late.
    pub overdue: i64,
}

/// Filled by whoever knows what waits for people.
pub static RAIL: Slot<Rail> = Slot::new("orders.rail");

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

/// A rule of the company's regulation, for whoever shows where it acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseRule {
    pub rule: String,
    /// The heading under which it stands.
    pub clause: String,
    /// The facts it hears.
    pub hears: Vec<String>,
    /// What it does, by the names of the actions.
    pub does: Vec<String>,
    /// Where it can be read.
    pub href: String,
}

/// By what else these orders are found: (order, words). Whoever fills it calls [`crate::search_anew`] when they change.
pub type FoundBy = fn(&mut dyn Query, CompanyId, &[OrderId]) -> Result<Vec<(OrderId, String)>>;

/// Filled by whoever knows a number of an order that people ask for.
pub static FOUND_BY: Slot<FoundBy> = Slot::new("orders.found by");

pub type ClauseRules = fn(&mut dyn Query, CompanyId, Lang) -> Result<Vec<ClauseRule>>;

/// Filled by whoever keeps the regulation.
pub static CLAUSE_RULES: Slot<ClauseRules> = Slot::new("orders.clause rules");

pub type PaysTo = fn(&mut dyn Query, &Order) -> Result<Option<PayTo>>;

/// Filled by whoever awaits the money, asked by whoever writes to the buyer.
pub static PAYS_TO: Slot<PaysTo> = Slot::new("orders.pays to");

/// What burns: something of which there should be none, for whoever looks after companies. Orders that are late are
/// not among these; the cabinet counts them itself.
#[derive(Clone, Copy)]
pub struct Burning {
    pub label_key: &'static str,
    /// Smaller stands first.
    pub place: i64,
    pub permission: &'static str,
    /// The live topic that changes it.
    pub topic: &'static str,
    /// The door to what is counted, of one company when one is looked at.
    pub href: fn(Option<CompanyId>) -> String,
    /// How much there is in these companies; bounded, for the owner looks often.
    pub count: fn(&mut dyn Query, &[CompanyId]) -> Result<i64>,
}

pub static BURNING: Slot<Burning> = Slot::new("orders.burning");
