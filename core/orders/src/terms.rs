use takt_kernel::Result;

/// When the buyer pays. Decided by the order, read by `may_pack` and by the promise clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Terms {
    /// Nothing is packed before the money is proved.
    Prepaid,
    /// The carrier collects the money.
    OnDelivery,
    /// The buyer pays within so many days after delivery.
    Credit { days: i64 },
}

impl Terms {
    pub const CODES: &'static [&'static str] = &["prepaid", "on_delivery", "credit"];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Prepaid => "prepaid",
            Self::OnDelivery => "on_delivery",
            Self::Credit { .. } => "credit",
        }
    }

    pub const fn credit_days(self) -> i64 {
        match self {
            Self::Prepaid | Self::OnDelivery => 0,
            Self::Credit { days } => days,
        }
    }

    pub const fn is_prepaid(self) -> bool {
        matches!(self, Self::Prepaid)
    }

    /// # Errors
    /// `orders.unknown_code`.
    pub fn from_code(code: &str, credit_days: i64) -> Result<Self> {
        match code {
            "prepaid" => Ok(Self::Prepaid),
            "on_delivery" => Ok(Self::OnDelivery),
            "credit" => Ok(Self::Credit { days: credit_days }),
            _ => {
                Err(takt_kernel::Fault::broken("orders.unknown_code").arg("set", "Terms").arg("given", code))
            }
        }
    }
}
