use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{holder::Milestone, standing::Standing};

const STATUS: &str = "status:";

/// What has to be true of an order for a milestone to be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reached {
    /// All of it is held in stock.
    Reserved,
    Confirmed,
    Ready,
    Shipped,
    Delivered,
    /// It stands in this status of the company, or further on.
    Status(String),
}

impl Reached {
    pub const FIXED: [Self; 5] =
        [Self::Reserved, Self::Confirmed, Self::Ready, Self::Shipped, Self::Delivered];

    pub fn code(&self) -> String {
        match self {
            Self::Reserved => "reserved".to_owned(),
            Self::Confirmed => "confirmed".to_owned(),
            Self::Ready => "ready".to_owned(),
            Self::Shipped => "shipped".to_owned(),
            Self::Delivered => "delivered".to_owned(),
            Self::Status(code) => format!("{STATUS}{code}"),
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        match code.strip_prefix(STATUS) {
            Some("") => None,
            Some(status) => Some(Self::Status(status.to_owned())),
            None => Self::FIXED.into_iter().find(|fixed| fixed.code() == code),
        }
    }

    pub fn milestone(&self) -> Milestone {
        match self {
            Self::Confirmed => Milestone::CONFIRMED,
            Self::Ready => Milestone::READY,
            Self::Delivered => Milestone::DELIVERED,
            Self::Reserved | Self::Shipped | Self::Status(_) => Milestone::own(self.code()),
        }
    }

    /// What is further along the way was reached too. `passed` knows of the company's statuses whether the
    /// order stands there or further on.
    pub fn is_true(&self, standing: &Standing, passed: &dyn Fn(&str) -> bool) -> bool {
        let left = standing.shipped || standing.delivered;
        match self {
            Self::Reserved => standing.reserved || standing.ready || left,
            Self::Confirmed => standing.confirmed || left,
            Self::Ready => standing.ready || left,
            Self::Shipped => left,
            Self::Delivered => standing.delivered,
            Self::Status(code) => standing.delivered || passed(code),
        }
    }

    /// That an order cannot reach this one behind the other.
    pub fn comes_before(&self, other: &Self) -> bool {
        let place = |reached: &Self| match reached {
            Self::Confirmed => Some(1),
            Self::Ready => Some(2),
            Self::Shipped => Some(3),
            Self::Delivered => Some(4),
            Self::Reserved | Self::Status(_) => None,
        };
        match (place(self), place(other)) {
            (Some(this), Some(other)) => this < other,
            (None, Some(4)) => true,
            _ => false,
        }
    }
}

impl Serialize for Reached {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.code())
    }
}

impl<'de> Deserialize<'de> for Reached {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).ok_or_else(|| D::Error::custom(format!("no milestone {code}")))
    }
}
