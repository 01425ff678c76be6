//! What is written is read back by others: by a library, and by LibreOffice.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

use std::{fs, path::Path, process::Command, sync::Arc};

use calamine::{Data, Reader, Xlsx};
use futures::StreamExt as _;
use jiff::{civil::date, tz::TimeZone};
use takt_kernel::{
    Timestamp,
    money::{Currency, Money, Quantity},
};
use takt_sheets::{Cell, Column, Form, Sheet};
use takt_ui::{Lang, Texts, Words};

fn words(lang: Lang) -> Words {
    let zone = TimeZone::get("Europe/Moscow").expect("the bundled zones");
    Words::new(Arc::new(Texts::new(takt_ui::TEXTS)), lang, zone)
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("Номер"),
        Column::text("Телефон"),
        Column::money("Сумма"),
        Column::quantity("Штук"),
        Column::moment("Принят"),
        Column::date("День"),
        Column::share("Доля"),
        Column::duration("Время"),
        Column::whole("Заказов"),
        Column::long("Слова"),
    ]
}

fn placed() -> Timestamp {
    "2026-11-22T21:05:00Z".parse().expect("a moment")
}

fn row() -> Vec<Cell> {
    vec![
        Cell::from("000123456789012345"),
        Cell::from("+79123456789"),
        Cell::from(Money::parse("107728.70", Currency::RUB).expect("an amount")),
        Cell::from(Quantity::parse("1.5").expect("a quantity")),
        Cell::from(placed()),
        Cell::from(date(2026, 11, 22)),
        Cell::Share(1_250),
        Cell::Duration(93_784),
        Cell::Whole(12),
        Cell::from("=HYPERLINK(\"http://evil\")\u{1};_x0041_ <b>&</b>"),
    ]
}

async fn written(form: Form, lang: Lang, rows: u32) -> Vec<u8> {
    let mut sheet = Sheet::begin(form, &words(lang), "Заказы: [все]", &columns()).await.expect("begun");
    for _ in 0..rows {
        sheet.row(&row()).expect("a row");
    }
    sheet.finish().await.expect("finished").bytes().expect("bytes")
}

#[tokio::test]
async fn every_value_is_read_back_as_what_it_is() {
    let bytes = written(Form::Xlsx, Lang::Ru, 2).await;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
    assert_eq!(book.sheet_names(), ["Заказы   все"]);
    assert!(book.worksheet_formula("Заказы   все").expect("formulas").is_empty(), "no text is a formula");
    let range = book.worksheet_range("Заказы   все").expect("a sheet");
    assert_eq!(range.get_size(), (3, 10));
    let head: Vec<String> = range.rows().next().expect("a head").iter().map(ToString::to_string).collect();
    assert_eq!(head[..3], ["Номер", "Телефон", "Сумма"]);
    let row: Vec<Data> = range.rows().nth(1).expect("a row").to_vec();
    assert_eq!(row[0], Data::String("000123456789012345".to_owned()));
    assert_eq!(row[1], Data::String("+79123456789".to_owned()));
    assert_eq!(row[2], Data::Float(107_728.7));
    assert_eq!(row[3], Data::Float(1.5));
    let moment = |data: &Data| match data {
        Data::DateTime(moment) => moment.as_f64(),
        other => unreachable!("{other:?}"),
    };
    // 23 November 2026, 00:05 in Moscow.
    assert!((moment(&row[4]) - (46_349.0 + 5.0 / 1_440.0)).abs() < 1e-9, "{:?}", row[4]);
    assert!((moment(&row[5]) - 46_348.0).abs() < 1e-9);
    assert_eq!(row[6], Data::Float(0.125));
    assert!((moment(&row[7]) - 93_784.0 / 86_400.0).abs() < 1e-9);
    assert_eq!(row[8], Data::Float(12.0));
    assert_eq!(row[9], Data::String("=HYPERLINK(\"http://evil\");_x0041_ <b>&</b>".to_owned()));
}

/// A compressor looks again after the end.
#[tokio::test]
async fn an_answer_may_be_asked_for_more_after_its_end() {
    let mut sheet = Sheet::begin(Form::Csv, &words(Lang::En), "Orders", &columns()).await.expect("begun");
    for _ in 0..2_000 {
        sheet.row(&row()).expect("a row");
    }
    let written = sheet.finish().await.expect("finished");
    let length = written.length();
    let mut body = written.answer(&words(Lang::En), "orders", placed()).into_body().into_data_stream();
    let mut came = 0;
    while let Some(piece) = body.next().await {
        came += piece.expect("a piece").len() as u64;
    }
    assert_eq!(came, length);
    assert!(body.next().await.is_none());
}

#[tokio::test]
async fn the_head_stays_in_sight_and_narrows_the_rows() {
    let bytes = written(Form::Xlsx, Lang::En, 2).await;
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("sheet.xlsx"), bytes).expect("written");
    let unpacked = Command::new("python3")
        .args(["-c", "import sys, zipfile; sys.stdout.write(zipfile.ZipFile(sys.argv[1]).read('xl/worksheets/sheet1.xml').decode())"])
        .arg(folder.path().join("sheet.xlsx"))
        .output()
        .expect("python");
    let xml = String::from_utf8(unpacked.stdout).expect("text");
    assert!(xml.contains("<pane ySplit=\"1\" topLeftCell=\"A2\""), "{xml}");
    assert!(xml.contains("state=\"frozen\"") && xml.contains("<autoFilter ref=\"A1:J3\""));
    assert!(!xml.contains("<mergeCell") && !xml.contains("<f>") && xml.contains("numberStoredAsText=\"1\""));
}

/// LibreOffice opens the file as a person would and says what stands in it, unformatted.
#[tokio::test]
async fn libreoffice_reads_the_same() {
    let bytes = written(Form::Xlsx, Lang::Ru, 2).await;
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("orders.xlsx"), bytes).expect("written");
    convert(folder.path(), "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false", "orders.xlsx");
    let said = fs::read_to_string(folder.path().join("orders.csv")).expect("LibreOffice wrote nothing");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[0].starts_with("Номер;Телефон;Сумма;"), "{said}");
    let row = lines[1].replace('"', "");
    assert!(row.starts_with("000123456789012345;+79123456789;107728.7;1.5;"), "{row}");
    assert!(row.contains(";=HYPERLINK(http://evil)"), "a formula would have been counted: {row}");
}

#[tokio::test]
async fn libreoffice_reads_the_csv_too() {
    let bytes = written(Form::Csv, Lang::Ru, 1).await;
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("orders.csv"), &bytes).expect("written");
    let said = String::from_utf8(bytes).expect("text");
    assert!(said.starts_with("\u{feff}Номер;Телефон;Сумма;Штук;Принят;"), "{said}");
    assert!(
        said.contains("'+79123456789;107728,70;1,5;23.11.2026 00:05;22.11.2026;12,50%;26:03:04;12;"),
        "{said}"
    );
    convert(folder.path(), "xlsx", "orders.csv");
    assert!(folder.path().join("orders.xlsx").exists());
}

fn convert(folder: &Path, to: &str, file: &str) {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let done = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", to, "--outdir"])
        .arg(folder)
        .arg(folder.join(file))
        .output()
        .expect("LibreOffice is missing: scripts/setup tests installs it");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test]
async fn a_file_holds_all_rows_or_there_is_none() {
    let begun = Sheet::begin(Form::Csv, &words(Lang::Ru), "", &columns()).await.expect("begun");
    let mut sheet = begun.at_most(2);
    sheet.row(&row()).expect("a row");
    sheet.row(&row()).expect("a row");
    assert!(sheet.row(&row()).expect_err("full").is("sheets.too_many_rows"));
}

#[tokio::test]
async fn what_a_floating_number_would_round_is_written_as_text() {
    let mut sheet =
        Sheet::begin(Form::Xlsx, &words(Lang::Ru), "a", &[Column::money("a")]).await.expect("begun");
    for minor in [900_719_925_474_099_i64, i64::MAX, -9_007_199_254_740_993] {
        sheet.row(&[Cell::Money(Money::new(minor, Currency::RUB))]).expect("a row");
    }
    let bytes = sheet.finish().await.expect("finished").bytes().expect("bytes");
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range("a").expect("a sheet");
    let cells: Vec<Data> = range.rows().skip(1).map(|row| row[0].clone()).collect();
    assert_eq!(cells[0], Data::Float(9_007_199_254_740.99));
    assert_eq!(cells[1], Data::String("92233720368547758.07".to_owned()));
    assert_eq!(cells[2], Data::String("-90071992547409.93".to_owned()));
}
