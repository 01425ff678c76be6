//! By what orders are told apart, and by what moment they are dated.

use takt_kernel::{Fault, Result};

use crate::{contribution::Contribution, period::Day};

macro_rules! coded {
    ($(#[$meta:meta])* pub enum $name:ident, $fault:literal { $($variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($variant),+ }
        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            /// # Errors
            /// When there is none of this code.
            pub fn from_code(code: &str) -> Result<Self> {
                let found = Self::ALL.iter().find(|one| one.code() == code);
                found.copied().ok_or_else(|| Fault::invalid($fault).arg("given", code))
            }
        }
    };
}

coded! {
    /// The moment by which an order belongs to a day.
    pub enum Basis, "slices.basis_unknown" {
        Placed = "placed", Paid = "paid", Shipped = "shipped", Finished = "finished",
    }
}

coded! {
    pub enum Dimension, "slices.dimension_unknown" {
        City = "city", Product = "product", Category = "category", Status = "status", Stage = "stage", Shop = "shop",
        Source = "source", Operator = "operator", Carrier = "carrier", Terms = "terms", Reason = "reason",
        Hour = "hour", Weekday = "weekday", Day = "day", Week = "week", Month = "month",
    }
}

impl Basis {
    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::Placed => 0,
            Self::Paid => 1,
            Self::Shipped => 2,
            Self::Finished => 3,
        }
    }

    pub(crate) const fn day_column(self) -> &'static str {
        match self {
            Self::Placed => "placed_on",
            Self::Paid => "paid_on",
            Self::Shipped => "shipped_on",
            Self::Finished => "finished_on",
        }
    }

    pub(crate) const fn hour_column(self) -> &'static str {
        match self {
            Self::Placed => "placed_hour",
            Self::Paid => "paid_hour",
            Self::Shipped => "shipped_hour",
            Self::Finished => "finished_hour",
        }
    }
}

/// Along which sums are kept. What is not here follows from them: stages and reasons from statuses, days from all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kept {
    All,
    City,
    Status,
    Source,
    Operator,
    Carrier,
    Terms,
    Hour,
    Product,
    Category,
}

impl Kept {
    pub const EVERY: [Self; 10] = [
        Self::All,
        Self::City,
        Self::Status,
        Self::Source,
        Self::Operator,
        Self::Carrier,
        Self::Terms,
        Self::Hour,
        Self::Product,
        Self::Category,
    ];

    pub const fn number(self) -> i64 {
        self as i64
    }
}

impl Dimension {
    pub(crate) const fn kept(self) -> Kept {
        match self {
            Self::City => Kept::City,
            Self::Product => Kept::Product,
            Self::Category => Kept::Category,
            Self::Status | Self::Stage | Self::Reason => Kept::Status,
            Self::Source => Kept::Source,
            Self::Operator => Kept::Operator,
            Self::Carrier => Kept::Carrier,
            Self::Terms => Kept::Terms,
            Self::Hour => Kept::Hour,
            Self::Shop | Self::Weekday | Self::Day | Self::Week | Self::Month => Kept::All,
        }
    }

    /// Told by the day alone.
    pub const fn is_of_days(self) -> bool {
        matches!(self, Self::Weekday | Self::Day | Self::Week | Self::Month)
    }

    /// Its values stand in their order, and a line through them says something.
    pub const fn is_time(self) -> bool {
        self.is_of_days() || matches!(self, Self::Hour)
    }

    /// An order has one for each of its goods.
    pub const fn is_of_lines(self) -> bool {
        matches!(self, Self::Product | Self::Category)
    }

    /// How rows of orders (`o`) and lines (`l`) say it; days are told apart afterwards.
    pub(crate) fn column(self, basis: Basis) -> String {
        match self {
            Self::City => "o.city".to_owned(),
            Self::Product => "l.product".to_owned(),
            Self::Category => "l.category".to_owned(),
            Self::Status => "o.status".to_owned(),
            Self::Stage => "o.stage".to_owned(),
            Self::Shop => "cast(o.shop_id as text)".to_owned(),
            Self::Source => "o.source".to_owned(),
            Self::Operator => "cast(o.operator_id as text)".to_owned(),
            Self::Carrier => "o.carrier".to_owned(),
            Self::Terms => "o.terms".to_owned(),
            Self::Reason => "case when o.cancelled = 1 then o.status else '' end".to_owned(),
            Self::Hour => format!("cast(o.{} as text)", basis.hour_column()),
            Self::Weekday | Self::Day | Self::Week | Self::Month => {
                format!("cast(o.{} as text)", basis.day_column())
            }
        }
    }

    /// As it stands in a report, from what rows say.
    pub(crate) fn settled(self, raw: &str) -> String {
        if !self.is_of_days() {
            return raw.to_owned();
        }
        let Some(day) = raw.parse().ok().and_then(Day::from_number) else { return raw.to_owned() };
        self.of_day(day)
    }

    pub(crate) fn of_day(self, day: Day) -> String {
        match self {
            Self::Weekday => day.weekday().to_string(),
            Self::Week => day.monday().to_string(),
            Self::Month => day.month_text(),
            _ => day.to_string(),
        }
    }

    /// What an order says of itself; goods are told by its lines.
    pub(crate) fn of_order(self, order: &Contribution, basis: Basis) -> String {
        let (day, hour) = order.dated(basis);
        match self {
            Self::City => order.city.clone(),
            Self::Status => order.status.clone(),
            Self::Stage => order.stage.clone(),
            Self::Shop => order.shop.to_string(),
            Self::Source => order.source.clone(),
            Self::Operator => order.operator.to_string(),
            Self::Carrier => order.carrier.clone(),
            Self::Terms => order.terms.clone(),
            Self::Reason if order.cancelled => order.status.clone(),
            Self::Reason | Self::Product | Self::Category => String::new(),
            Self::Hour => hour.to_string(),
            Self::Weekday | Self::Day | Self::Week | Self::Month => self.settled(&day.to_string()),
        }
    }
}
