//! Every value is written by its type: text as text (never through anything that reads it), the rest as numbers with a
//! format that says what they are.

use std::{collections::BTreeMap, fs::File};

use jiff::civil::{Date, DateTime, Time, date};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet,
    XlsxError,
};
use takt_kernel::{Result, money::Money};
use takt_ui::Lang;

use crate::{
    cell::{Cell, Column},
    sheet::{Habits, not_written},
};

/// Digits that a floating number keeps.
const EXACT: i64 = 1 << 53;
const LONGEST_TEXT: usize = 32_767;
const LONGEST_NAME: usize = 31;

pub(crate) struct Xlsx {
    book: Workbook,
    habits: Habits,
    formats: Formats,
    columns: u16,
}

struct Formats {
    text: Format,
    whole: Format,
    fraction: Format,
    price: Format,
    date: Format,
    moment: Format,
    share: Format,
    duration: Format,
    money: BTreeMap<&'static str, Format>,
}

impl Xlsx {
    pub fn begin(habits: Habits, name: &str, columns: &[Column]) -> Result<Self> {
        let mut book = Workbook::new();
        // The same rows are the same bytes: the file's own moment, which the system's clock would tell, is none.
        let no_moment = ExcelDateTime::from_ymd(2000, 1, 1).map_err(not_written)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&no_moment));
        let formats = Formats::of(habits.lang);
        let sheet = book.add_worksheet_with_constant_memory().map_err(not_written)?;
        let count = head(sheet, name, columns, &formats).map_err(not_written)?;
        Ok(Self { book, habits, formats, columns: count })
    }

    pub fn row(&mut self, row: u32, cells: &[Cell]) -> Result<()> {
        let sheet = self.book.worksheet_from_index(0).map_err(not_written)?;
        for (column, cell) in (0_u16..).zip(cells) {
            put(sheet, row, column, cell, &mut self.formats, &self.habits).map_err(not_written)?;
        }
        Ok(())
    }

    pub fn finish(mut self, rows: u32) -> Result<File> {
        let last = self.columns.saturating_sub(1);
        let sheet = self.book.worksheet_from_index(0).map_err(not_written)?;
        sheet.autofilter(0, 0, rows, last).map_err(not_written)?;
        sheet.ignore_error_range(0, 0, rows, last, IgnoreError::NumberStoredAsText).map_err(not_written)?;
        let mut file = tempfile::tempfile().map_err(not_written)?;
        self.book.save_to_writer(&mut file).map_err(not_written)?;
        Ok(file)
    }
}

impl Formats {
    fn of(lang: Lang) -> Self {
        let plain = |format: &str| Format::new().set_num_format(format).set_align(FormatAlign::Top);
        let day = match lang {
            Lang::Ru => "dd.mm.yyyy",
            Lang::En => "yyyy-mm-dd",
        };
        Self {
            text: plain("@"),
            whole: plain("#,##0"),
            fraction: plain("#,##0.###"),
            price: plain("#,##0.00##"),
            date: plain(day),
            moment: plain(&format!("{day} hh:mm")),
            share: plain("0.0%"),
            duration: plain("[h]:mm:ss"),
            money: BTreeMap::new(),
        }
    }

    fn money(&mut self, money: Money) -> &Format {
        let currency = money.currency();
        self.money.entry(currency.code()).or_insert_with(|| {
            let decimals = match usize::try_from(currency.exponent()).unwrap_or_default() {
                0 => String::new(),
                decimals => format!(".{}", "0".repeat(decimals)),
            };
            let format = format!("#,##0{decimals}\\ \"{}\"", sign(currency.code()));
            Format::new().set_num_format(format).set_align(FormatAlign::Top)
        })
    }
}

/// Only signs that nobody can mistake: `$` is many currencies' sign.
fn sign(code: &'static str) -> &'static str {
    match code {
        "RUB" => "₽",
        "EUR" => "€",
        "GBP" => "£",
        code => code,
    }
}

fn head(sheet: &mut Worksheet, name: &str, columns: &[Column], formats: &Formats) -> Result<u16, XlsxError> {
    let bold = Format::new().set_bold().set_align(FormatAlign::Top).set_border_bottom(FormatBorder::Thin);
    sheet.set_name(tab_name(name))?;
    let mut count = 0;
    for (place, column) in (0_u16..).zip(columns) {
        sheet.set_column_width(place, column.width)?;
        if column.text {
            sheet.set_column_format(place, &formats.text)?;
        }
        sheet.write_string_with_format(0, place, clean(&column.title), &bold)?;
        count = place + 1;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape();
    Ok(count)
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    formats: &mut Formats,
    habits: &Habits,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => drop(sheet.write_string_with_format(row, column, clean(text), &formats.text)?),
        Cell::Whole(number) => fixed(sheet, row, column, *number, 0, &formats.whole, &formats.text)?,
        Cell::Money(money) => {
            let (minor, decimals, text) = (money.minor(), money.currency().exponent(), formats.text.clone());
            fixed(sheet, row, column, minor, decimals, formats.money(*money), &text)?;
        }
        Cell::Price(price) => {
            fixed(sheet, row, column, price.ten_thousandths(), 4, &formats.price, &formats.text)?;
        }
        Cell::Quantity(quantity) => {
            let whole = quantity.thousandths() % 1_000 == 0;
            let format = if whole { &formats.whole } else { &formats.fraction };
            fixed(sheet, row, column, quantity.thousandths(), 3, format, &formats.text)?;
        }
        Cell::Date(day) => {
            dated(sheet, row, column, day.to_datetime(Time::midnight()), &formats.date, formats)?
        }
        Cell::Moment(moment) => {
            let local = moment.to_jiff().to_zoned(habits.zone.clone()).datetime();
            dated(sheet, row, column, local, &formats.moment, formats)?;
        }
        Cell::Share(share) => fixed(sheet, row, column, *share, 4, &formats.share, &formats.text)?,
        Cell::Duration(seconds) => {
            let days = number(*seconds) / 86_400.0;
            sheet.write_number_with_format(row, column, days, &formats.duration)?;
        }
    }
    Ok(())
}

/// A number of 10^-decimals. One that a table program would round is written as the text it is.
fn fixed(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: i64,
    decimals: u32,
    format: &Format,
    text: &Format,
) -> Result<(), XlsxError> {
    let scale = 10_i64.pow(decimals.min(6));
    if value.abs() >= EXACT {
        let sign = if value < 0 { "-" } else { "" };
        let (whole, rest) =
            (value.unsigned_abs() / scale.unsigned_abs(), value.unsigned_abs() % scale.unsigned_abs());
        let width = usize::try_from(decimals).unwrap_or_default();
        let exact =
            if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:0width$}") };
        sheet.write_string_with_format(row, column, exact, text)?;
        return Ok(());
    }
    sheet.write_number_with_format(row, column, number(value) / number(scale), format)?;
    Ok(())
}

/// Days since the epoch of table programs. They take the year 1900 for a leap year, so what lies before its March is
/// written as text.
fn dated(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    moment: DateTime,
    format: &Format,
    formats: &Formats,
) -> Result<(), XlsxError> {
    const FIRST: Date = date(1900, 3, 1);
    const EPOCH: Date = date(1899, 12, 30);
    let days = EPOCH.until(moment.date()).map(|span| span.get_days());
    match days {
        Ok(days) if moment.date() >= FIRST && moment.year() <= 9_999 => {
            let seconds = i32::from(moment.hour()) * 3_600
                + i32::from(moment.minute()) * 60
                + i32::from(moment.second());
            let serial = f64::from(days) + f64::from(seconds) / 86_400.0;
            sheet.write_number_with_format(row, column, serial, format)?;
        }
        _ => drop(sheet.write_string_with_format(row, column, moment.to_string(), &formats.text)?),
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "callers stay below what a floating number keeps exactly")]
const fn number(value: i64) -> f64 {
    value as f64
}

/// What XML has no place for is left out, and what a cell has no room for cut.
fn clean(text: &str) -> String {
    let allowed = |letter: &char| !matches!(letter, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let mut units = 0;
    let fits = |letter: &char| {
        units += letter.len_utf16();
        units < LONGEST_TEXT
    };
    text.chars().filter(allowed).take_while(fits).collect()
}

fn tab_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| if "[]:*?/\\'".contains(letter) || letter.is_control() { ' ' } else { letter })
        .take(LONGEST_NAME)
        .collect();
    if plain.trim().is_empty() { "1".to_owned() } else { plain.trim().to_owned() }
}
