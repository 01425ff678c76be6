//! What was held for an order at a moment of its past, and where, from the facts.

use std::collections::BTreeMap;

use maud::{Markup, Render, html};
use takt_kernel::Result;
use takt_orders::panels::{PastContext, PastPanel};
use takt_store::{Fact as _, Query, RecordedFact};
use takt_ui::{Column, Row, Table};

use crate::{
    WarehouseId,
    facts::{Held, Issued, Released, Reserved},
    warehouses,
};

pub(crate) const THEN: PastPanel =
    PastPanel { title_key: "stock-then", place: 10, permission: "stock.see", render };

fn render(db: &mut dyn Query, context: &PastContext<'_>) -> Result<Markup> {
    let (w, past) = (context.words, context.past);
    let held = held(context.facts)?;
    if held.is_empty() {
        return Ok(html! {});
    }
    let known = warehouses::list(db, past.order.company)?;
    let name = |id: &WarehouseId| {
        let known = known.iter().find(|known| known.id == *id);
        known.map_or_else(String::new, |known| known.shown(w))
    };
    let rows = held.iter().map(|((line, warehouse), thousandths)| {
        let line = past.lines.iter().find(|known| known.id.get() == *line);
        Row::new([
            html! { (line.map(|line| line.name.as_str()).unwrap_or_default()) },
            html! { (name(warehouse)) },
            html! { (w.quantity(takt_kernel::money::Quantity::from_thousandths(*thousandths))) },
        ])
    });
    Ok(Table::new(w, w.t("stock-then"))
        .columns([
            Column::new(w.t("orders-product")).leading(),
            Column::new(w.t("stock-warehouse")),
            Column::new(w.t("orders-at-held")).numeric(),
        ])
        .rows(rows)
        .render())
}

/// Line and warehouse: thousandths that are held.
fn held(facts: &[RecordedFact]) -> Result<BTreeMap<(i64, WarehouseId), i64>> {
    let mut held: BTreeMap<(i64, WarehouseId), i64> = BTreeMap::new();
    for fact in facts {
        let (lines, sign): (Vec<Held>, i64) = match fact.kind.as_str() {
            Reserved::KIND => (fact.read::<Reserved>()?.lines, 1),
            Released::KIND => (fact.read::<Released>()?.lines, -1),
            Issued::KIND => (fact.read::<Issued>()?.lines, -1),
            _ => continue,
        };
        for one in lines {
            *held.entry((one.line.get(), one.warehouse)).or_default() += sign * one.quantity.thousandths();
        }
    }
    held.retain(|_, thousandths| *thousandths != 0);
    Ok(held)
}
