//! A file as a table of texts, whatever it was: a workbook, separated values, cards. Bounded in every direction, pure,
//! and slow enough to be run beside the server's threads. What a formula says is taken as it was last computed.

mod cards;
mod separated;
mod workbook;

use takt_kernel::{Fault, Result};

use crate::clean;

/// Of the file itself.
pub const LARGEST_FILE: usize = 20 * 1024 * 1024;
pub const MOST_ROWS: usize = 100_000;
pub const MOST_COLUMNS: usize = 200;
/// Rows by columns: what is empty takes its place too.
const MOST_CELLS: usize = 3_000_000;
const LONGEST_CELL: usize = 4_000;
/// Of all cells together, in bytes.
const LARGEST_TEXT: usize = 64 * 1024 * 1024;

/// Rows of texts under the names of their columns. Every row has as many cells as there are columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Reads a file. What it is is told by its first bytes, its name only between cards and separated values.
///
/// # Errors
/// `imports.file_empty`, `imports.file_too_large`, `imports.file_unreadable`, `imports.file_old_excel`,
/// `imports.too_many_rows`, `imports.too_many_columns`, `imports.too_many_cells`, `imports.no_rows`,
/// `imports.unpacks_too_large`, `imports.cell_too_long`, `imports.quote_not_closed`, `imports.card_not_whole`.
pub fn read(bytes: &[u8]) -> Result<Sheet> {
    if bytes.is_empty() {
        return Err(Fault::field("file", "imports.file_empty"));
    }
    if bytes.len() > LARGEST_FILE {
        return Err(too_many("imports.file_too_large", LARGEST_FILE / 1024 / 1024));
    }
    if bytes.starts_with(b"PK") {
        return workbook::read(bytes);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(Fault::field("file", "imports.file_old_excel"));
    }
    let text = decoded(bytes)?;
    if text.trim_start().get(..11).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCARD")) {
        return cards::read(&text);
    }
    separated::read(&text)
}

/// UTF-8, UTF-16 by its mark, else the code page in which Russian programs write.
fn decoded(bytes: &[u8]) -> Result<String> {
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => encoding_rs::WINDOWS_1251.decode_without_bom_handling(bytes).0,
        },
    };
    // A text has no such signs; a picture or an archive has many.
    let strange = |sign: char| sign.is_control() && !matches!(sign, '\n' | '\r' | '\t');
    if text.chars().take(100_000).any(strange) {
        return Err(Fault::field("file", "imports.file_unreadable"));
    }
    Ok(text.into_owned())
}

/// Grows row by row within the bounds. The first row that has anything names the columns, unless it looks like those
/// behind it.
#[derive(Default)]
struct Growing {
    columns: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
    /// Of all texts together: one that is said often is kept as often.
    text: usize,
}

impl Growing {
    fn push(&mut self, cells: Vec<String>) -> Result<()> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        let number = self.rows.len() + usize::from(self.columns.is_some()) + 1;
        let mut cells = cells.into_iter().map(|cell| tidy(&cell, number)).collect::<Result<Vec<String>>>()?;
        let used = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        check_columns(used)?;
        cells.truncate(used);
        self.text = self.text.saturating_add(cells.iter().map(String::len).sum());
        if self.text > LARGEST_TEXT {
            return Err(Fault::field("file", "imports.unpacks_too_large"));
        }
        let columns = match &mut self.columns {
            None if !names_columns(&cells) => self.columns.insert(vec![String::new(); used]),
            None => {
                self.columns = Some(cells);
                return Ok(());
            }
            Some(columns) => columns,
        };
        if used > columns.len() {
            columns.resize(used, String::new());
        }
        if self.rows.len() >= MOST_ROWS {
            return Err(too_many("imports.too_many_rows", MOST_ROWS));
        }
        if (self.rows.len() + 1).saturating_mul(columns.len()) > MOST_CELLS {
            return Err(too_many("imports.too_many_cells", MOST_CELLS));
        }
        self.rows.push(cells);
        Ok(())
    }

    fn finish(self) -> Result<Sheet> {
        let columns = self.columns.unwrap_or_default();
        if columns.is_empty() || self.rows.is_empty() {
            return Err(Fault::field("file", "imports.no_rows"));
        }
        let width = columns.len();
        let even = |mut row: Vec<String>| {
            row.resize(width, String::new());
            row
        };
        Ok(Sheet { rows: self.rows.into_iter().map(even).collect(), columns })
    }
}

/// A phone, an e-mail or a price is no name of a column.
fn names_columns(cells: &[String]) -> bool {
    let is_price = |cell: &str| {
        cell.contains(['.', ','])
            && !cell.contains(char::is_alphabetic)
            && clean::amount("price", cell).is_ok()
    };
    !cells.iter().any(|cell| clean::looks_like_email(cell) || clean::looks_like_phone(cell) || is_price(cell))
}

fn too_many(code: &'static str, most: usize) -> Fault {
    Fault::from_fields(vec![takt_kernel::FieldFault {
        path: "file".into(),
        code: code.into(),
        args: vec![("most".into(), most.to_string())],
    }])
}

fn check_columns(used: usize) -> Result<()> {
    if used <= MOST_COLUMNS { Ok(()) } else { Err(too_many("imports.too_many_columns", MOST_COLUMNS)) }
}

/// Without what keeps table programs from computing it: this program writes it so itself.
fn tidy(cell: &str, row: usize) -> Result<String> {
    let cell = cell.replace(['\u{a0}', '\u{202f}'], " ").replace('\0', "");
    let cell = cell.trim();
    if cell.chars().count() > LONGEST_CELL {
        return Err(at_row("imports.cell_too_long", row));
    }
    let kept = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    Ok(kept.unwrap_or(cell).to_owned())
}

fn at_row(code: &'static str, row: usize) -> Fault {
    let args = vec![("row".into(), row.to_string()), ("most".into(), LONGEST_CELL.to_string())];
    Fault::from_fields(vec![takt_kernel::FieldFault { path: "file".into(), code: code.into(), args }])
}
