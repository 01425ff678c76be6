use std::io::{Cursor, Read};

use calamine::{Cell, DataRef, Reader, SheetVisible, Xlsx};
use takt_kernel::{Fault, Result};

use super::{Growing, MOST_COLUMNS, Sheet};

/// Of everything in the archive together, counted while it is unpacked and not as it says of itself.
const LARGEST_UNPACKED: u64 = 256 * 1024 * 1024;
/// Of a part that is no sheet: those are read into memory whole, each text of them with its own place.
const LARGEST_PART: u64 = 64 * 1024 * 1024;
const MOST_PARTS: usize = 2_000;

/// The first sheet of a workbook that is shown and has anything in it.
pub(super) fn read(bytes: &[u8]) -> Result<Sheet> {
    check_size(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut empty = None;
    // What somebody hid is help for formulas, not the list.
    let shown = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    for name in names {
        match sheet(&mut book, &name) {
            Err(fault) if is_empty(&fault) => empty = Some(fault),
            read => return read,
        }
    }
    Err(empty.unwrap_or_else(|| Fault::field("file", "imports.no_rows")))
}

fn is_empty(fault: &Fault) -> bool {
    fault.fields().iter().any(|field| field.code == "imports.no_rows")
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::field("file", "imports.file_unreadable").because(error)
}

/// An archive that grows beyond all measure is refused before anybody builds a tree of it.
fn check_size(bytes: &[u8]) -> Result<()> {
    let too_large = || Fault::field("file", "imports.unpacks_too_large");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > MOST_PARTS {
        return Err(too_large());
    }
    let mut left = LARGEST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(unreadable)?;
        let is_sheet = part.name().map_err(unreadable)?.to_ascii_lowercase().starts_with("xl/worksheets/");
        let most = if is_sheet { left } else { left.min(LARGEST_PART) };
        let unpacked = std::io::copy(&mut part.take(most + 1), &mut std::io::sink()).map_err(unreadable)?;
        if unpacked > most {
            return Err(too_large());
        }
        left -= unpacked;
    }
    Ok(())
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Sheet> {
    let mut cells = book.worksheet_cells_reader(name).map_err(unreadable)?;
    let (mut growing, mut row, mut at) = (Growing::default(), Vec::new(), 0);
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (number, column) = cell.get_position();
        if number != at {
            growing.push(std::mem::take(&mut row))?;
            at = number;
        }
        place(&mut row, usize::try_from(column).unwrap_or(usize::MAX), &cell)?;
    }
    growing.push(row)?;
    growing.finish()
}

fn place(row: &mut Vec<String>, column: usize, cell: &Cell<DataRef<'_>>) -> Result<()> {
    let text = text_of(cell.get_value());
    if text.is_empty() {
        return Ok(());
    }
    super::check_columns(column.saturating_add(1).min(MOST_COLUMNS + 1))?;
    if row.len() <= column {
        row.resize(column + 1, String::new());
    }
    if let Some(place) = row.get_mut(column) {
        *place = text;
    }
    Ok(())
}

/// As a person reads it: a phone that Excel took for a number is whole again.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => as_shown(*number),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(moment) => date_of(moment.as_f64()),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Table programs show fifteen digits of a number, and keep more than they show.
fn as_shown(number: f64) -> String {
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

/// Days since the last day but one of 1899, as Excel counts.
fn date_of(days: f64) -> String {
    let seconds = (days * 86_400.0).round();
    let start = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    if !(0.0..=3_000_000.0 * 86_400.0).contains(&seconds) {
        return String::new();
    }
    let seconds = seconds as i64;
    let moment = start.checked_add(jiff::SignedDuration::from_secs(seconds));
    moment.map_or_else(
        |_| String::new(),
        |moment| if seconds % 86_400 == 0 { moment.date().to_string() } else { moment.to_string() },
    )
}
