//! What a buyer is told of an order that was split or merged: with which order its goods come.

use maud::{Markup, html};
use takt_kernel::Result;
use takt_store::Query;

use crate::{
    buyer::{BuyerContext, BuyerPanel},
    kin::{self, Kin},
};

pub(crate) const BUYER_KIN: BuyerPanel = BuyerPanel { title_key: "orders-buyer-kin", place: 5, render };

fn render(db: &mut dyn Query, context: &BuyerContext<'_>) -> Result<Markup> {
    let (order, w) = (context.order, context.words);
    let relatives = kin::relatives(db, order.company, &[order.id])?.remove(&order.id).unwrap_or_default();
    let told = relatives.iter().filter_map(|relative| Some((told_by(relative.kin)?, relative)));
    Ok(html! {
        @for (key, relative) in told { p { (w.ta(key, &[("number", relative.number.as_str().into())])) } }
    })
}

/// A repeat of it, or what may be one, is no part of this order.
const fn told_by(kin: Kin) -> Option<&'static str> {
    match kin {
        Kin::MergedInto => Some("orders-buyer-merged-into"),
        Kin::MergedFrom => Some("orders-buyer-merged-from"),
        Kin::SplitTo => Some("orders-buyer-split-to"),
        Kin::SplitFrom => Some("orders-buyer-split-from"),
        Kin::CopiedTo | Kin::CopyOf | Kin::Twin => None,
    }
}
