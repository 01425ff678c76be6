//! What comes back of an order.

use serde::{Deserialize, Serialize};
use takt_kernel::{Fault, Result, money::Quantity};

use crate::order::LineId;

/// Why goods that came back cannot be sold again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unfit {
    Damaged,
    Used,
    Incomplete,
    Expired,
    /// Other than what was sent.
    Other,
}

impl Unfit {
    pub const ALL: [Self; 5] = [Self::Damaged, Self::Used, Self::Incomplete, Self::Expired, Self::Other];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::Used => "used",
            Self::Incomplete => "incomplete",
            Self::Expired => "expired",
            Self::Other => "other",
        }
    }

    /// # Errors
    /// `orders.unfit_unknown`.
    pub fn from_code(code: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|unfit| unfit.code() == code)
            .ok_or_else(|| Fault::invalid("orders.unfit_unknown"))
    }
}

/// So much of a line came back, in one condition. A line may be told in several parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedPart {
    pub line: LineId,
    pub quantity: Quantity,
    /// Fit to be sold again when there is no reason against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfit: Option<Unfit>,
}

impl ReturnedPart {
    pub fn fit(line: LineId, quantity: Quantity) -> Self {
        Self { line, quantity, unfit: None }
    }

    pub fn unfit(line: LineId, quantity: Quantity, why: Unfit) -> Self {
        Self { line, quantity, unfit: Some(why) }
    }
}
