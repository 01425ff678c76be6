//! What a report is asked: the same as its address.

use std::collections::BTreeMap;

use takt_kernel::CompanyId;

use crate::{
    dimension::{Basis, Dimension, Kept},
    period::Days,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub by: Dimension,
    pub cross: Option<Dimension>,
    pub basis: Basis,
    pub days: Days,
    /// Only orders that say this.
    pub filters: BTreeMap<Dimension, String>,
    /// With the median times from one step to the next.
    pub links: bool,
}

/// Over whose orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Over {
    /// The company, or the desk that works for several.
    pub owner: CompanyId,
    pub companies: Vec<CompanyId>,
}

impl Question {
    /// What of the sums answers it, when they do: everything but one dimension is told by the day or the shop.
    pub(crate) fn kept(&self) -> Option<Kept> {
        let only_shop = self.filters.keys().all(|dimension| *dimension == Dimension::Shop);
        let cross = self.cross.map_or(Kept::All, Dimension::kept);
        match (self.by.kept(), cross) {
            _ if self.links || !only_shop => None,
            (kept, Kept::All) | (Kept::All, kept) => Some(kept),
            _ => None,
        }
    }

    pub(crate) fn over_lines(&self) -> bool {
        self.by.is_of_lines() || self.cross.is_some_and(Dimension::is_of_lines)
    }

    #[must_use]
    pub(crate) fn of(&self, days: Days) -> Self {
        Self { days, ..self.clone() }
    }
}
