use takt_kernel::{Fault, Result};

use super::{Growing, Sheet};

const DELIMITERS: [u8; 4] = [b';', b',', b'\t', b'|'];
/// Rows by which the delimiter is told.
const LOOKED_AT: usize = 30;

/// Separated values with any of the usual delimiters.
pub(super) fn read(text: &str) -> Result<Sheet> {
    let delimiter = delimiter_of(text);
    let mut growing = Growing::default();
    let (mut last, mut row) = (csv::StringRecord::new(), 0);
    for record in reader(text, delimiter).records() {
        last = record.map_err(|error| Fault::field("file", "imports.file_unreadable").because(error))?;
        row += 1;
        // Millions of empty cells are not even copied.
        let empty = last.iter().rev().take_while(|cell| cell.trim().is_empty()).count();
        let used = last.len() - empty;
        super::check_columns(used)
            .and_then(|()| growing.push(last.iter().take(used).map(str::to_owned).collect()))
            .map_err(|fault| torn(&last, row).unwrap_or(fault))?;
    }
    // A quotation mark that nobody closes takes everything behind it for one cell.
    match torn(&last, row) {
        Some(fault) if !text.trim_end().ends_with('"') => Err(fault),
        _ => growing.finish(),
    }
}

/// Of a record whose last cell goes over lines, as only one in quotation marks may.
fn torn(record: &csv::StringRecord, row: usize) -> Option<Fault> {
    let last = record.iter().next_back()?;
    last.contains('\n').then(|| super::at_row("imports.quote_not_closed", row))
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes())
}

/// The one under which most rows have the same number of cells, more than one.
fn delimiter_of(text: &str) -> u8 {
    let best = DELIMITERS.into_iter().max_by_key(|delimiter| {
        let widths: Vec<usize> =
            reader(text, *delimiter).records().take(LOOKED_AT).flatten().map(|record| record.len()).collect();
        let first = widths.first().copied().unwrap_or_default();
        let alike = widths.iter().filter(|width| **width == first).count();
        // Of equals the earlier one.
        let place = DELIMITERS.iter().rev().position(|known| known == delimiter);
        (first > 1, alike * first.min(50), place)
    });
    best.unwrap_or(b';')
}
