use takt_kernel::{CompanyId, Result, ShopId, Slot};
use takt_store::Query;

/// When buyers of a shop pay whose order does not say, as somebody set it.
pub type TermsOfShop = fn(&mut dyn Query, CompanyId, ShopId) -> Result<Terms>;

pub static TERMS_OF_SHOP: Slot<TermsOfShop> = Slot::new("orders.terms of a shop");

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
    /// What goes without saying in the orders of a shop; in advance where nobody has set it.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn usual(db: &mut dyn Query, company: CompanyId, shop: ShopId) -> Result<Self> {
        let set = db.slots().of(&TERMS_OF_SHOP).next().copied();
        set.map_or(Ok(Self::Prepaid), |set| set(db, company, shop))
    }

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
