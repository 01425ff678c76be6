use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Fault, Result};

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    pub const RUB: Self = Self(iso_currency::Currency::RUB);
    pub const EUR: Self = Self(iso_currency::Currency::EUR);
    pub const GBP: Self = Self(iso_currency::Currency::GBP);

    /// Those in nearly every row: they are known without a look at all that there are.
    const FREQUENT: [Self; 5] = [
        Self::RUB,
        Self::EUR,
        Self(iso_currency::Currency::USD),
        Self(iso_currency::Currency::KZT),
        Self(iso_currency::Currency::BYN),
    ];

    /// # Errors
    /// `currency.unknown` for anything that is not an upper-case ISO 4217 code with minor units.
    pub fn from_code(code: &str) -> Result<Self> {
        if let Some(frequent) = Self::FREQUENT.into_iter().find(|currency| currency.code() == code) {
            return Ok(frequent);
        }
        iso_currency::Currency::from_code(code)
            .filter(|currency| currency.exponent().is_some())
            .map(Self)
            .ok_or_else(|| Fault::invalid("currency.unknown").arg("given", code))
    }

    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Decimals of the minor unit: 2 for RUB, 0 for JPY.
    pub fn exponent(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(2))
    }

    /// `₽`, `€`, or the code where there is no sign.
    pub fn symbol(self) -> String {
        self.0.symbol().to_string()
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}
impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}
impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).map_err(serde::de::Error::custom)
    }
}
