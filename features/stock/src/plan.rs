//! Which warehouse holds what for which line. Pure: the same wishes and levels always give the same
//! answer.

use std::collections::BTreeMap;

use takt_catalog::OfferId;
use takt_kernel::money::Quantity;
use takt_orders::{Line, LineId};

use crate::{
    WarehouseId,
    facts::{Held, Missing},
};

/// What is free of each offer, by warehouse in the order in which they are asked. Thousandths.
pub(crate) type Free = BTreeMap<OfferId, Vec<(WarehouseId, i64)>>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub held: Vec<Held>,
    pub missing: Vec<Missing>,
}

/// Keeps what is held as far as it is still wanted, then looks for the rest: in the first warehouse
/// that has all of it, otherwise in one after the other. What is taken or let go changes `free`.
pub(crate) fn plan(lines: &[Line], kept: &[Held], free: &mut Free) -> Plan {
    let mut held = keep(lines, kept, free);
    let mut missing = Vec::new();
    for line in lines {
        let mut lacking = lacking(line, &held);
        if let Some(offer) = line.offer {
            for (warehouse, taken) in take(free.get_mut(&offer), lacking) {
                lacking -= taken;
                add(&mut held, Held { line: line.id, offer, warehouse, quantity: thousandths(taken) });
            }
        }
        if lacking > 0 {
            missing.push(Missing { line: line.id, offer: line.offer, quantity: thousandths(lacking) });
        }
    }
    held.sort_by_key(|held| (held.line, held.warehouse));
    Plan { held, missing }
}

fn keep(lines: &[Line], kept: &[Held], free: &mut Free) -> Vec<Held> {
    let mut wanted: BTreeMap<LineId, (OfferId, i64)> =
        lines.iter().filter_map(|line| Some((line.id, (line.offer?, line.open().thousandths())))).collect();
    let mut held = Vec::new();
    for one in kept {
        let quantity = one.quantity.thousandths();
        let stays = match wanted.get_mut(&one.line) {
            Some((offer, open)) if *offer == one.offer => {
                let stays = quantity.min(*open).max(0);
                *open -= stays;
                stays
            }
            Some(_) | None => 0,
        };
        give_back(free, one.offer, one.warehouse, quantity - stays);
        if stays > 0 {
            held.push(Held { quantity: thousandths(stays), ..one.clone() });
        }
    }
    held
}

/// Makes goods free again, if their warehouse is still asked.
pub(crate) fn give_back(free: &mut Free, offer: OfferId, warehouse: WarehouseId, quantity: i64) {
    let places = free.get_mut(&offer).into_iter().flatten();
    for (_, there) in places.filter(|(place, _)| *place == warehouse) {
        *there += quantity;
    }
}

fn lacking(line: &Line, held: &[Held]) -> i64 {
    line.open().thousandths() - sum_of_line(held, line.id)
}

pub(crate) fn sum_of_line(held: &[Held], line: LineId) -> i64 {
    held.iter().filter(|held| held.line == line).map(|held| held.quantity.thousandths()).sum()
}

fn take(places: Option<&mut Vec<(WarehouseId, i64)>>, wanted: i64) -> Vec<(WarehouseId, i64)> {
    let Some(places) = places.filter(|_| wanted > 0) else { return Vec::new() };
    if let Some((warehouse, free)) = places.iter_mut().find(|(_, free)| *free >= wanted) {
        *free -= wanted;
        return vec![(*warehouse, wanted)];
    }
    let mut left = wanted;
    let mut taken = Vec::new();
    for (warehouse, free) in places.iter_mut().filter(|(_, free)| *free > 0) {
        let part = left.min(*free);
        if part > 0 {
            (*free, left) = (*free - part, left - part);
            taken.push((*warehouse, part));
        }
    }
    taken
}

fn add(held: &mut Vec<Held>, more: Held) {
    match held.iter_mut().find(|one| one.line == more.line && one.warehouse == more.warehouse) {
        Some(one) => one.quantity = thousandths(one.quantity.thousandths() + more.quantity.thousandths()),
        None => held.push(more),
    }
}

pub(crate) const fn thousandths(quantity: i64) -> Quantity {
    Quantity::from_thousandths(quantity)
}

/// What `after` holds beyond `before`, by line and warehouse.
pub(crate) fn beyond(after: &[Held], before: &[Held]) -> Vec<Held> {
    after
        .iter()
        .filter_map(|one| {
            let was = before
                .iter()
                .find(|was| was.line == one.line && was.warehouse == one.warehouse && was.offer == one.offer)
                .map_or(0, |was| was.quantity.thousandths());
            let more = one.quantity.thousandths() - was;
            (more > 0).then(|| Held { quantity: thousandths(more), ..one.clone() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use takt_kernel::money::{Currency, Money, UnitPrice, VatRate};

    use super::*;

    const TEA: i64 = 1;
    const CUP: i64 = 2;

    fn line(id: i64, offer: Option<i64>, quantity: i64) -> Line {
        let zero = Money::zero(Currency::RUB);
        Line {
            id: LineId::new(id),
            place: id,
            sku: None,
            offer: offer.map(OfferId::new),
            name: String::new(),
            unit: String::new(),
            quantity: Quantity::whole(quantity),
            price: UnitPrice::default(),
            discount: zero,
            order_discount: zero,
            total: zero,
            vat: VatRate::None,
            vat_amount: zero,
            reserved: Quantity::ZERO,
            shipped: Quantity::ZERO,
            cancelled: Quantity::ZERO,
            returned: Quantity::ZERO,
            extra: serde_json::Map::new(),
        }
    }

    fn free(levels: &[(i64, i64, i64)]) -> Free {
        let mut free = Free::new();
        for (offer, warehouse, units) in levels {
            free.entry(OfferId::new(*offer)).or_default().push((WarehouseId::new(*warehouse), units * 1000));
        }
        free
    }

    fn written(held: &[Held]) -> Vec<String> {
        held.iter().map(|one| format!("line {} in {}: {}", one.line, one.warehouse, one.quantity)).collect()
    }

    #[test]
    fn a_line_goes_to_the_first_warehouse_that_has_all_of_it() {
        for (levels, expected) in [
            (vec![(TEA, 1, 5), (TEA, 2, 9)], vec!["line 1 in 1: 3"]),
            (vec![(TEA, 1, 2), (TEA, 2, 9)], vec!["line 1 in 2: 3"]),
            (vec![(TEA, 1, 2), (TEA, 2, 2)], vec!["line 1 in 1: 2", "line 1 in 2: 1"]),
            (vec![(TEA, 1, 0), (TEA, 2, 1)], vec!["line 1 in 2: 1"]),
            (vec![], vec![]),
        ] {
            let plan = plan(&[line(1, Some(TEA), 3)], &[], &mut free(&levels));
            assert_eq!(written(&plan.held), expected, "{levels:?}");
        }
    }

    #[test]
    fn lines_of_one_offer_share_what_there_is_and_the_last_one_lacks() {
        let mut free = free(&[(TEA, 1, 5)]);
        let plan = plan(&[line(1, Some(TEA), 3), line(2, Some(TEA), 3)], &[], &mut free);
        assert_eq!(written(&plan.held), ["line 1 in 1: 3", "line 2 in 1: 2"]);
        assert_eq!(plan.missing.iter().map(|one| one.quantity).collect::<Vec<_>>(), [Quantity::whole(1)]);
    }

    #[test]
    fn nothing_is_held_for_what_the_catalogue_does_not_know() {
        let plan = plan(&[line(1, None, 3)], &[], &mut free(&[(TEA, 1, 5)]));
        assert_eq!(plan.held, []);
        assert_eq!((plan.missing.len(), plan.missing[0].offer), (1, None));
    }

    #[test]
    fn what_is_held_stays_and_what_is_no_longer_wanted_is_free_for_another_line() {
        let held = |line: i64, offer: i64, units: i64| Held {
            line: LineId::new(line),
            offer: OfferId::new(offer),
            warehouse: WarehouseId::new(1),
            quantity: Quantity::whole(units),
        };
        let mut free = free(&[(TEA, 1, 0), (CUP, 1, 0)]);
        let kept = [held(1, TEA, 3), held(2, CUP, 2)];
        let plan = plan(&[line(1, Some(TEA), 1), line(3, Some(TEA), 2)], &kept, &mut free);
        assert_eq!(written(&plan.held), ["line 1 in 1: 1", "line 3 in 1: 2"]);
        assert_eq!(free.get(&OfferId::new(CUP)), Some(&vec![(WarehouseId::new(1), 2000)]));
        assert_eq!(written(&beyond(&kept, &plan.held)), ["line 1 in 1: 2", "line 2 in 1: 2"]);
    }
}
