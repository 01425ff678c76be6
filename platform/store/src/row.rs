use std::{cell::Cell, sync::Arc};

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

    /// For rows of many columns that are read in about the order in which the statement names them: a
    /// column is then looked for behind the one before.
    pub fn in_turn(&self) -> InTurn<'_> {
        InTurn { row: self, next: Cell::new(0) }
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

/// A row that is read column by column ([`Row::in_turn`]).
pub struct InTurn<'r> {
    row: &'r Row,
    next: Cell<usize>,
}

impl InTurn<'_> {
    /// # Errors
    /// As [`Row::get`].
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T> {
        let next = self.next.get();
        match (self.row.columns.get(next), self.row.values.get(next)) {
            (Some(name), Some(value)) if name == column => {
                self.next.set(next + 1);
                T::from_value(value).map_err(|fault| self.row.senseless(column).because(fault))
            }
            _ => {
                let at = self.row.columns.iter().position(|name| name == column);
                self.next.set(at.map_or(next, |at| at + 1));
                self.row.get(column)
            }
        }
    }

    /// # Errors
    /// As [`Row::json`].
    pub fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|error| self.row.senseless(column).because(error))
    }
}
