use jiff::civil::Date;
use takt_kernel::{
    Timestamp,
    money::{Money, Quantity, UnitPrice},
};

/// A column: what stands in its head and how wide it is, in letters.
#[derive(Clone, Debug)]
pub struct Column {
    pub(crate) title: String,
    pub(crate) width: f64,
    /// What somebody types into it later stays as it was typed.
    pub(crate) text: bool,
}

/// One value, by what it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Whole(i64),
    Money(Money),
    /// In the currency that stands beside it.
    Price(UnitPrice),
    Quantity(Quantity),
    Date(Date),
    Moment(Timestamp),
    /// Hundredths of a per cent: 1250 is 12.5 %.
    Share(i64),
    /// Seconds.
    Duration(i64),
}

impl Column {
    fn new(title: impl Into<String>, width: f64, text: bool) -> Self {
        Self { title: title.into(), width, text }
    }
    pub fn text(title: impl Into<String>) -> Self {
        Self::new(title, 20.0, true)
    }
    /// Of sentences.
    pub fn long(title: impl Into<String>) -> Self {
        Self::new(title, 48.0, true)
    }
    pub fn whole(title: impl Into<String>) -> Self {
        Self::new(title, 11.0, false)
    }
    pub fn money(title: impl Into<String>) -> Self {
        Self::new(title, 17.0, false)
    }
    pub fn quantity(title: impl Into<String>) -> Self {
        Self::new(title, 12.0, false)
    }
    pub fn date(title: impl Into<String>) -> Self {
        Self::new(title, 12.0, false)
    }
    pub fn moment(title: impl Into<String>) -> Self {
        Self::new(title, 17.0, false)
    }
    pub fn share(title: impl Into<String>) -> Self {
        Self::new(title, 10.0, false)
    }
    pub fn duration(title: impl Into<String>) -> Self {
        Self::new(title, 12.0, false)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}
impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}
impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::from(text.clone())
    }
}
impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}
impl From<Money> for Cell {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}
impl From<UnitPrice> for Cell {
    fn from(price: UnitPrice) -> Self {
        Self::Price(price)
    }
}
impl From<Quantity> for Cell {
    fn from(quantity: Quantity) -> Self {
        Self::Quantity(quantity)
    }
}
impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}
impl From<Timestamp> for Cell {
    fn from(moment: Timestamp) -> Self {
        Self::Moment(moment)
    }
}
impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}
