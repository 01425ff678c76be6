use std::collections::BTreeMap;

use takt_kernel::{
    Fault, Result,
    money::{Quantity, UnitPrice},
};
use takt_store::Change;

use crate::{facts, order::LineId, returned::ReturnedPart};

/// What facts tell of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastLine {
    pub id: LineId,
    pub sku: Option<String>,
    pub name: String,
    pub unit: String,
    pub quantity: Quantity,
    pub price: UnitPrice,
    pub reserved: Quantity,
    pub shipped: Quantity,
    pub returned: Quantity,
}

impl PastLine {
    pub(super) fn placed(line: facts::PlacedLine) -> Self {
        Self {
            id: line.line,
            sku: line.sku,
            name: line.name,
            unit: line.unit,
            quantity: line.quantity,
            price: line.price,
            reserved: Quantity::ZERO,
            shipped: Quantity::ZERO,
            returned: Quantity::ZERO,
        }
    }

    fn new(id: LineId) -> Self {
        Self {
            id,
            sku: None,
            name: String::new(),
            unit: String::new(),
            quantity: Quantity::ZERO,
            price: UnitPrice::default(),
            reserved: Quantity::ZERO,
            shipped: Quantity::ZERO,
            returned: Quantity::ZERO,
        }
    }
}

/// What an edit did to the lines: each changed field is a change of its line; one that lost its name is gone.
pub(super) fn edit(lines: &mut Vec<PastLine>, changes: &[Change]) -> Result<()> {
    let mut of_lines: BTreeMap<i64, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        if let Some(item) = change.item.filter(|_| change.path.starts_with("lines.")) {
            of_lines.entry(item).or_default().push(change);
        }
    }
    for (item, changes) in of_lines {
        let id = LineId::new(item);
        if changes.iter().any(|change| change.path == "lines.name" && change.new.is_none()) {
            lines.retain(|line| line.id != id);
            continue;
        }
        let place = lines.iter().position(|line| line.id == id).unwrap_or_else(|| {
            lines.push(PastLine::new(id));
            lines.len() - 1
        });
        let line = lines.get_mut(place).ok_or_else(|| Fault::broken("orders.line_unknown"))?;
        for change in changes {
            let new = change.new.as_deref().unwrap_or_default();
            match change.path.as_str() {
                "lines.sku" => line.sku.clone_from(&change.new),
                "lines.name" => new.clone_into(&mut line.name),
                "lines.unit" => new.clone_into(&mut line.unit),
                "lines.quantity" => line.quantity = Quantity::parse(new)?,
                "lines.price" => line.price = UnitPrice::parse(new)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// What is held of each line now.
pub(super) fn hold(lines: &mut [PastLine], held: &[facts::ReservedLine]) {
    for held in held {
        if let Some(line) = lines.iter_mut().find(|line| line.id == held.line) {
            line.reserved = held.reserved;
        }
    }
}

pub(super) fn ship(lines: &mut [PastLine], shipped: &[facts::ShippedLine]) -> Result<()> {
    for part in shipped {
        if let Some(line) = lines.iter_mut().find(|line| line.id == part.line) {
            line.shipped = line.shipped.add(part.quantity)?;
            line.reserved = line.reserved.saturating_subtract(part.quantity).max(Quantity::ZERO);
        }
    }
    Ok(())
}

pub(super) fn take_back(lines: &mut [PastLine], returned: &[ReturnedPart]) -> Result<()> {
    for part in returned {
        if let Some(line) = lines.iter_mut().find(|line| line.id == part.line) {
            line.returned = line.returned.add(part.quantity)?;
        }
    }
    Ok(())
}
