use std::{cell::Cell as Place, sync::Arc};

use serde::de::DeserializeOwned;
use takt_kernel::{
    Fault, Result,
    money::{Currency, Money},
};

use crate::value::{FromValue, Seen};

/// One answered row; columns are read by the names the statement gave them. Rows of one answer share what holds them.
#[derive(Clone, Debug)]
pub struct Row {
    answer: Arc<Answer>,
    /// Where its first column stands.
    from: usize,
}

/// The rows of one answer in one piece: a list of a thousand texts is one text, and not a thousand.
#[derive(Debug)]
pub(crate) struct Answer {
    columns: Arc<[String]>,
    cells: Vec<Cell>,
    texts: String,
    blobs: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Cell {
    Null,
    Int(i64),
    Bool(bool),
    Text { from: usize, until: usize },
    Blob { from: usize, until: usize },
}

/// Letters that a column has room for before the texts grow.
const USUAL_LETTERS: usize = 12;

impl Answer {
    pub fn new(columns: Arc<[String]>) -> Self {
        let (cells, texts) = (Vec::with_capacity(columns.len()), columns.len() * USUAL_LETTERS);
        Self { columns, cells, texts: String::with_capacity(texts), blobs: Vec::new() }
    }

    /// The next column of the last row, or the first one of another.
    pub fn push(&mut self, seen: Seen<'_>) {
        self.cells.push(match seen {
            Seen::Null => Cell::Null,
            Seen::Int(number) => Cell::Int(number),
            Seen::Bool(flag) => Cell::Bool(flag),
            Seen::Text(text) => {
                let from = self.texts.len();
                self.texts.push_str(text);
                Cell::Text { from, until: self.texts.len() }
            }
            Seen::Blob(bytes) => {
                let from = self.blobs.len();
                self.blobs.extend_from_slice(bytes);
                Cell::Blob { from, until: self.blobs.len() }
            }
        });
    }

    pub fn into_rows(self) -> Vec<Row> {
        let (width, length) = (self.columns.len().max(1), self.cells.len());
        let answer = Arc::new(self);
        (0..length).step_by(width).map(|from| Row { answer: answer.clone(), from }).collect()
    }

    fn seen(&self, at: usize) -> Seen<'_> {
        match self.cells.get(at).copied().unwrap_or(Cell::Null) {
            Cell::Null => Seen::Null,
            Cell::Int(number) => Seen::Int(number),
            Cell::Bool(flag) => Seen::Bool(flag),
            Cell::Text { from, until } => Seen::Text(self.texts.get(from..until).unwrap_or_default()),
            Cell::Blob { from, until } => Seen::Blob(self.blobs.get(from..until).unwrap_or_default()),
        }
    }
}

impl Row {
    /// # Errors
    /// Broken faults that name the column and show the row's first column (its id by custom).
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T> {
        self.read(column, self.place_of(column)?)
    }

    /// A text that is only looked at.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn text(&self, column: &str) -> Result<&str> {
        self.text_at(column, self.place_of(column)?)
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
        serde_json::from_str(self.text(column)?).map_err(|error| self.senseless(column).because(error))
    }

    /// For rows of many columns that are read in about the order in which the statement names them: a
    /// column is then looked for behind the one before.
    pub fn in_turn(&self) -> InTurn<'_> {
        InTurn { row: self, next: Place::new(0) }
    }

    /// Every column with its value, for reports.
    pub(crate) fn told(&self) -> String {
        let told =
            self.columns().iter().enumerate().map(|(at, column)| format!("{column}={}", self.seen(at)));
        told.collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.answer.columns
    }

    fn place_of(&self, column: &str) -> Result<usize> {
        let place = self.columns().iter().position(|name| name == column);
        place.ok_or_else(|| Fault::broken("store.no_such_column").arg("column", column))
    }

    fn seen(&self, place: usize) -> Seen<'_> {
        self.answer.seen(self.from + place)
    }

    fn read<T: FromValue>(&self, column: &str, place: usize) -> Result<T> {
        T::from_value(self.seen(place)).map_err(|fault| self.senseless(column).because(fault))
    }

    fn text_at(&self, column: &str, place: usize) -> Result<&str> {
        let seen = self.seen(place);
        seen.text().map_err(|fault| self.senseless(column).because(fault))
    }

    fn senseless(&self, column: &str) -> Fault {
        let first = self.columns().first().map_or("", String::as_str);
        Fault::broken("store.senseless_row")
            .arg("column", column)
            .arg("first", format!("{first}={:?}", self.seen(0)))
    }
}

/// A row that is read column by column ([`Row::in_turn`]).
pub struct InTurn<'r> {
    row: &'r Row,
    next: Place<usize>,
}

impl<'r> InTurn<'r> {
    /// # Errors
    /// As [`Row::get`].
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T> {
        self.row.read(column, self.place_of(column)?)
    }

    /// # Errors
    /// As [`Row::text`].
    pub fn text(&self, column: &str) -> Result<&'r str> {
        self.row.text_at(column, self.place_of(column)?)
    }

    /// As [`InTurn::text`], where there may be none.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn text_if_any(&self, column: &str) -> Result<Option<&'r str>> {
        let place = self.place_of(column)?;
        match self.row.seen(place) {
            Seen::Null => Ok(None),
            _ => self.row.text_at(column, place).map(Some),
        }
    }

    /// # Errors
    /// As [`Row::json`].
    pub fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        serde_json::from_str(self.text(column)?).map_err(|error| self.row.senseless(column).because(error))
    }

    fn place_of(&self, column: &str) -> Result<usize> {
        let next = self.next.get();
        let place = match self.row.columns().get(next) {
            Some(name) if name == column => next,
            _ => self.row.place_of(column)?,
        };
        self.next.set(place + 1);
        Ok(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    fn rows(columns: &[&str], cells: &[Seen<'_>]) -> Vec<Row> {
        let mut answer = Answer::new(columns.iter().map(|&name| name.to_owned()).collect());
        cells.iter().for_each(|seen| answer.push(*seen));
        answer.into_rows()
    }

    #[test]
    fn every_row_of_an_answer_has_its_own_values() {
        let rows = rows(
            &["id", "name", "note", "picture"],
            &[
                Seen::Int(1),
                Seen::Text("чай"),
                Seen::Null,
                Seen::Blob(&[0, 255]),
                Seen::Int(2),
                Seen::Text(""),
                Seen::Text("мята"),
                Seen::Null,
            ],
        );
        assert_eq!(rows.len(), 2);
        let values = |row: &Row| {
            let row = row.in_turn();
            (
                row.get::<i64>("id").ok(),
                row.text("name").ok().map(str::to_owned),
                row.text_if_any("note").ok().flatten().map(str::to_owned),
                row.get::<Option<Vec<u8>>>("picture").ok().flatten(),
            )
        };
        assert_eq!(values(&rows[0]), (Some(1), Some("чай".to_owned()), None, Some(vec![0, 255])));
        assert_eq!(values(&rows[1]), (Some(2), Some(String::new()), Some("мята".to_owned()), None));
        assert_eq!(rows[1].get::<Value>("note").ok(), Some(Value::Text("мята".to_owned())));
        assert_eq!(rows[0].told(), "id=1 name=\"чай\" note=null picture=00ff");
    }

    #[test]
    fn columns_may_be_read_in_any_order() {
        let rows = rows(&["a", "b", "c"], &[Seen::Int(1), Seen::Int(2), Seen::Bool(true)]);
        let row = rows[0].in_turn();
        let read = |column: &str| row.get::<i64>(column).ok();
        assert_eq!((read("b"), read("a"), read("b")), (Some(2), Some(1), Some(2)));
        assert_eq!(row.get::<bool>("c").ok(), Some(true));
    }

    #[test]
    fn what_cannot_be_read_says_of_which_row_and_column() {
        let rows = rows(&["id", "name"], &[Seen::Int(7), Seen::Null]);
        for fault in [
            rows[0].get::<String>("name").err(),
            rows[0].text("name").err(),
            rows[0].in_turn().text_if_any("id").err(),
        ] {
            assert!(fault.is_some_and(|fault| fault.is("store.senseless_row")));
        }
        assert!(rows[0].get::<i64>("age").is_err_and(|fault| fault.is("store.no_such_column")));
    }
}
