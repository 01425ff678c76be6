use std::collections::BTreeMap;

use maud::Markup;
use takt_kernel::{Result, Slot};
use takt_store::Query;
use takt_ui::Words;

use crate::{Offer, OfferId};

/// A part of an offer's page that another crate fills: stock by warehouse.
pub struct OfferPanel {
    pub title_key: &'static str,
    /// Smaller stands higher.
    pub place: i64,
    /// Whoever does not hold it does not see the panel.
    pub permission: &'static str,
    pub render: fn(&mut dyn Query, &PanelContext<'_>) -> Result<Markup>,
}

pub struct PanelContext<'a> {
    pub offer: &'a Offer,
    pub words: &'a Words,
    /// Whether the reader holds a permission, by its code.
    pub may: &'a dyn Fn(&str) -> bool,
}

pub const OFFER_PANELS: Slot<OfferPanel> = Slot::new("catalog.offer_panels");

/// Cells of one column; an offer without one has an empty cell.
pub type Cells = BTreeMap<OfferId, Markup>;

/// A column of the list that another crate fills: what is on hand.
pub struct ListColumn {
    pub title_key: &'static str,
    /// Smaller stands further left.
    pub place: i64,
    pub numeric: bool,
    pub permission: &'static str,
    /// All rows of a page at once: one question, not one for each offer.
    pub cells: fn(&mut dyn Query, &Words, &[Offer]) -> Result<Cells>,
}

pub const LIST_COLUMNS: Slot<ListColumn> = Slot::new("catalog.list_columns");
