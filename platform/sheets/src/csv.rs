//! Semicolons and a byte order mark, as Excel in Russian wants them; decimals with the comma of the language.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
};

use takt_kernel::Result;
use takt_ui::Lang;

use crate::{
    cell::{Cell, Column},
    sheet::{Habits, not_written},
};

pub(crate) struct Csv {
    out: BufWriter<File>,
    habits: Habits,
}

impl Csv {
    pub fn begin(habits: Habits, columns: &[Column]) -> Result<Self> {
        let file = tempfile::tempfile().map_err(not_written)?;
        let mut csv = Self { out: BufWriter::new(file), habits };
        csv.out.write_all("\u{feff}".as_bytes()).map_err(not_written)?;
        let head: Vec<Cell> = columns.iter().map(|column| Cell::from(&column.title)).collect();
        csv.row(&head)?;
        Ok(csv)
    }

    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        let written: Vec<String> = cells.iter().map(|cell| self.written(cell)).collect();
        let line = written.join(";") + "\r\n";
        self.out.write_all(line.as_bytes()).map_err(not_written)
    }

    pub fn finish(self) -> Result<File> {
        self.out.into_inner().map_err(|error| not_written(error.into_error()))
    }

    fn written(&self, cell: &Cell) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => escaped(text),
            Cell::Whole(number) => number.to_string(),
            Cell::Money(money) => self.decimal(&money.to_decimal_string()),
            Cell::Price(price) => self.decimal(&price.to_decimal_string()),
            Cell::Quantity(quantity) => self.decimal(&quantity.to_decimal_string()),
            Cell::Date(date) => match self.habits.lang {
                Lang::Ru => date.strftime("%d.%m.%Y").to_string(),
                Lang::En => date.strftime("%Y-%m-%d").to_string(),
            },
            Cell::Moment(moment) => {
                let local = moment.to_jiff().to_zoned(self.habits.zone.clone());
                match self.habits.lang {
                    Lang::Ru => local.strftime("%d.%m.%Y %H:%M").to_string(),
                    Lang::En => local.strftime("%Y-%m-%d %H:%M").to_string(),
                }
            }
            Cell::Share(share) => {
                let sign = if *share < 0 { "-" } else { "" };
                let share = share.unsigned_abs();
                self.decimal(&format!("{sign}{}.{:02}%", share / 100, share % 100))
            }
            Cell::Duration(seconds) => {
                let sign = if *seconds < 0 { "-" } else { "" };
                let length = seconds.unsigned_abs();
                format!("{sign}{}:{:02}:{:02}", length / 3600, length % 3600 / 60, length % 60)
            }
        }
    }

    fn decimal(&self, plain: &str) -> String {
        match self.habits.lang {
            Lang::Ru => plain.replace('.', ","),
            Lang::En => plain.to_owned(),
        }
    }
}

/// A text that a table program would take for a formula, and a phone that it would take for a number, begin with an
/// apostrophe.
fn escaped(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([';', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_text_is_never_a_formula_and_never_two_cells() {
        for (given, written) in [
            ("TK-1", "TK-1"),
            ("-5", "'-5"),
            ("+79123456789", "'+79123456789"),
            ("=1+1", "'=1+1"),
            ("@cmd", "'@cmd"),
            ("a;b", "\"a;b\""),
            ("say \"yes\"", "\"say \"\"yes\"\"\""),
            ("two\nlines", "\"two\nlines\""),
        ] {
            assert_eq!(escaped(given), written);
        }
    }
}
