use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use takt_kernel::{Result, money::Currency};
use takt_store::Row;

/// What orders come to. Those that were cancelled are counted and go into neither units nor money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    pub orders: i64,
    pub cancelled: i64,
    /// Thousandths.
    pub units: i64,
    pub revenue_minor: i64,
    pub confirmed: i64,
    pub paid: i64,
    pub packed: i64,
    pub shipped: i64,
    pub completed: i64,
}

impl Sums {
    pub fn add(&mut self, other: &Self) {
        self.add_times(other, 1);
    }

    pub fn subtract(&mut self, other: &Self) {
        self.add_times(other, -1);
    }

    pub(crate) fn add_times(&mut self, other: &Self, times: i64) {
        let more = |sum: &mut i64, part: i64| *sum = sum.saturating_add(part.saturating_mul(times));
        more(&mut self.orders, other.orders);
        more(&mut self.cancelled, other.cancelled);
        more(&mut self.units, other.units);
        more(&mut self.revenue_minor, other.revenue_minor);
        more(&mut self.confirmed, other.confirmed);
        more(&mut self.paid, other.paid);
        more(&mut self.packed, other.packed);
        more(&mut self.shipped, other.shipped);
        more(&mut self.completed, other.completed);
    }

    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// Those that were not cancelled.
    pub fn kept(&self) -> i64 {
        self.orders - self.cancelled
    }

    pub(crate) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            orders: row.get("orders")?,
            cancelled: row.get("cancelled")?,
            units: row.get("units")?,
            revenue_minor: row.get("revenue_minor")?,
            confirmed: row.get("confirmed")?,
            paid: row.get("paid")?,
            packed: row.get("packed")?,
            shipped: row.get("shipped")?,
            completed: row.get("completed")?,
        })
    }
}

/// By currency: amounts of two are never added.
pub(crate) type Moneys = BTreeMap<String, Sums>;

pub(crate) fn whole(moneys: &Moneys) -> Sums {
    let mut whole = Sums::default();
    for sums in moneys.values() {
        whole.add(sums);
    }
    whole
}

pub(crate) fn currency_of(code: &str) -> Currency {
    Currency::from_code(code).unwrap_or(Currency::RUB)
}
