//! What a hundred thousand rows take: `cargo run --release -p takt-sheets --example sheet_memory`.

#![expect(clippy::expect_used, reason = "what a measurement does not expect is its failure")]

use std::{fs, sync::Arc, time::Instant};

use jiff::tz::TimeZone;
use takt_kernel::{
    Timestamp,
    money::{Currency, Money},
};
use takt_sheets::{Cell, Column, Form, Sheet};
use takt_ui::{Lang, Texts, Words};

const ROWS: i64 = 100_000;
const COLUMNS: usize = 21;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let words = Words::new(Arc::new(Texts::new(takt_ui::TEXTS)), Lang::Ru, TimeZone::UTC);
        for form in [Form::Xlsx, Form::Csv] {
            let (before, began) = (kibibytes("VmRSS"), Instant::now());
            let columns: Vec<Column> = (0..COLUMNS).map(|n| Column::text(n.to_string())).collect();
            let mut sheet = Sheet::begin(form, &words, "a", &columns).await.expect("begun");
            for n in 0..ROWS {
                sheet.row(&row(n)).expect("a row");
            }
            let length = sheet.finish().await.expect("finished").length();
            let more = kibibytes("VmHWM") - before;
            eprintln!(
                "{form:?}: {length} bytes, {} ms, at most {more} KiB more",
                began.elapsed().as_millis()
            );
        }
    });
}

fn row(n: i64) -> Vec<Cell> {
    let mut cells = vec![
        Cell::from(format!("TK-{n}")),
        Cell::from(Timestamp::from_micros(1_795_255_500_000_000 + n * 1_000_000)),
        Cell::from(Money::new(n * 137, Currency::RUB)),
    ];
    cells.resize_with(COLUMNS, || Cell::from(format!("значение {n} этой ячейки")));
    cells
}

fn kibibytes(name: &str) -> i64 {
    let text = fs::read_to_string("/proc/self/status").expect("of this process");
    let line = text.lines().find(|line| line.starts_with(name)).expect("a line");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}
