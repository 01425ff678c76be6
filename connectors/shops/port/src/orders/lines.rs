//! The lines of an order between the shop and the desk.

use serde_json::Value;
use takt_orders::{Line, NewLine, PatchLine};

use super::read::SHOP_LINE;

/// The lines there are to be: those of the shop as it changed them, and those the desk put in. A line that the
/// desk took out or changed, and the shop only repeats, stays as the desk has it.
pub(super) fn wanted(
    ours: &[Line],
    now: &[NewLine],
    was: &[NewLine],
    notes: &mut Vec<String>,
) -> Vec<PatchLine> {
    let mut left: Vec<&Line> = ours.iter().collect();
    let mut wanted = Vec::new();
    for line in now {
        let found = left.iter().position(|ours| is_same(ours, line)).map(|index| left.remove(index));
        let repeated = was.contains(line);
        match found {
            Some(ours) if repeated => wanted.push(kept(ours)),
            Some(ours) => wanted.push(PatchLine { id: Some(ours.id), line: line.clone() }),
            None if repeated => notes.push("lines (taken out by the desk)".to_owned()),
            None => wanted.push(PatchLine { id: None, line: line.clone() }),
        }
    }
    wanted.extend(
        left.iter().filter(|ours| !was.iter().any(|line| is_same(ours, line))).map(|ours| kept(ours)),
    );
    wanted
}

/// The shop's lines and no others, each in the place of ours that it means.
pub(crate) fn all_of_shop(ours: &[Line], now: &[NewLine]) -> Vec<PatchLine> {
    let mut left: Vec<&Line> = ours.iter().collect();
    now.iter()
        .map(|line| {
            let found = left.iter().position(|ours| is_same(ours, line)).map(|index| left.remove(index));
            PatchLine { id: found.map(|ours| ours.id), line: line.clone() }
        })
        .collect()
}

pub(super) fn differ(wanted: &[PatchLine], ours: &[Line]) -> bool {
    wanted.len() != ours.len()
        || wanted
            .iter()
            .zip(ours)
            .any(|(wanted, ours)| wanted.id != Some(ours.id) || wanted.line != ours.as_new())
}

fn kept(line: &Line) -> PatchLine {
    PatchLine { id: Some(line.id), line: line.as_new() }
}

fn is_same(ours: &Line, line: &NewLine) -> bool {
    let id = |extra: &serde_json::Map<String, Value>| extra.get(SHOP_LINE).cloned();
    match (id(&ours.extra), id(&line.extra)) {
        (Some(ours), Some(line)) => ours == line,
        _ => ours.sku.is_some() && ours.sku == line.sku,
    }
}
