use maud::Markup;
use takt_kernel::{Result, Slot};
use takt_store::Query;
use takt_ui::Words;

use crate::Customer;

/// A part of a customer's card that another crate fills: orders, money, tickets. One that renders nothing is not
/// shown.
pub struct CardPanel {
    pub title_key: &'static str,
    /// Smaller stands higher.
    pub place: i64,
    /// Whoever does not hold it does not see the panel.
    pub permission: &'static str,
    pub render: fn(&mut dyn Query, &PanelContext<'_>) -> Result<Markup>,
}

pub struct PanelContext<'a> {
    /// Its `all` are the ids whose orders belong here: its own and those merged into it.
    pub customer: &'a Customer,
    pub words: &'a Words,
}

pub const CARD_PANELS: Slot<CardPanel> = Slot::new("customers.card_panels");
