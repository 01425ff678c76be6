use std::sync::Arc;

use serde::de::DeserializeOwned;
use takt_kernel::{
    Fault, Result,
    money::{Currency, Money},
};

use crate::value::{FromValue, Value};

/// One answered row; columns are read by the names the statement gave them.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) columns: Arc<[String]>,
    pub(crate) values: Vec<Value>,
}

impl Row {
    /// # Errors
    /// Broken faults that name the column and show the row's first column (its id by custom).
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T> {
        let Some(index) = self.columns.iter().position(|name| name == column) else {
            return Err(Fault::broken("store.no_such_column").arg("column", column));
        };
        T::from_value(&self.values[index]).map_err(|fault| self.senseless(column).because(fault))
    }

    /// An amount kept as minor units in one column and a currency code in another.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn money(&self, minor: &str, currency: &str) -> Result<Money> {
        Ok(Money::new(self.get(minor)?, self.get::<Currency>(currency)?))
    }

    /// # Errors
    /// As [`Row::get`], and when the text is not the expected JSON.
    pub fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|error| self.senseless(column).because(error))
    }

    /// Every column with its value, for reports.
    pub(crate) fn told(&self) -> String {
        let told = self.columns.iter().zip(&self.values).map(|(column, value)| format!("{column}={value}"));
        told.collect::<Vec<_>>().join(" ")
    }

    fn senseless(&self, column: &str) -> Fault {
        Fault::broken("store.senseless_row")
            .arg("column", column)
            .arg("first", format!("{}={:?}", self.columns[0], self.values[0]))
    }
}
