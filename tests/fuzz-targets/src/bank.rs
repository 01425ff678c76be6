use takt_bank_files::{
    one_c::{Header, Movement, compose},
    read,
};
use takt_kernel::money::{Currency, Money};
use takt_payments_port::{BankDocument, BankReport, Format, Party};

use crate::text::{fields, text};

/// So many times its own size a file may grow when it is read: a report repeats accounts and codes.
const GROWTH: usize = 200;
const ALWAYS: usize = 20_000;

/// Any file of a bank, in any format and encoding.
pub fn bank_file(data: &[u8]) {
    let Ok(report) = read(data) else { return };
    let written = serde_json::to_string(&report).expect("JSON");
    let back: BankReport = serde_json::from_str(&written).expect("a report");
    assert_eq!(back, report, "a report does not come back from the database");
    assert!(written.len() <= data.len() * GROWTH + ALWAYS, "{} bytes become {}", data.len(), written.len());
    for document in &report.documents {
        stands(document, report.format);
    }
    for statement in &report.statements {
        for day in [&statement.from, &statement.until].into_iter().flatten() {
            is_day(day);
        }
        if let (Some(opening), Some(currency)) = (statement.opening, statement.currency) {
            assert!(opening.currency() == currency || report.format != Format::OneCClientBank);
        }
    }
}

fn stands(document: &BankDocument, format: Format) {
    assert!(!document.amount.is_negative(), "{document:?}");
    assert_eq!(format == Format::OneCClientBank, is_by_side(document), "{document:?}");
    for day in [&document.date, &document.booked_on].into_iter().flatten() {
        is_day(day);
    }
    if let Some(moment) = &document.booked_at {
        assert!(moment.parse::<takt_kernel::Timestamp>().is_ok(), "{moment} is no moment");
    }
    let texts = [&document.purpose, &document.number, &document.payer.name, &document.payee.name];
    for text in texts.into_iter().chain(&document.references).chain(&document.kinds) {
        assert!(!text.chars().any(char::is_control) && text.trim() == text, "{text:?} is no single line");
    }
    for party in [&document.payer, &document.payee] {
        assert!(party.inn.as_deref() != Some(""), "{document:?}");
        assert!(party.accounts.iter().all(|account| !account.is_empty()), "{document:?}");
    }
}

fn is_by_side(document: &BankDocument) -> bool {
    matches!(document.direction, takt_payments_port::Direction::BySide { .. })
}

fn is_day(day: &str) {
    assert!(day.len() == 10 && day.parse::<jiff::civil::Date>().is_ok(), "{day} is no day");
}

/// A statement that we wrote is read as it was written, whatever stands in it: lines of `name, account,
/// purpose, amount` and so on.
pub fn bank_round_trip(data: &[u8]) {
    let [name, account, inn, number, amount, purpose] = fields(text(data));
    let Ok(amount) = Money::parse(amount, Currency::RUB) else { return };
    if amount.is_negative() {
        return;
    }
    let account: String = account.chars().filter(char::is_ascii_digit).take(20).collect();
    let inn: String = inn.chars().filter(char::is_ascii_digit).take(12).collect();
    let ours = Party { accounts: vec!["40702810900000000001".to_owned()], ..Party::default() };
    let theirs = Party {
        name: name.to_owned(),
        inn: Some(inn.clone()).filter(|inn| inn.bytes().any(|digit| digit != b'0')),
        accounts: Some(account).filter(|account| !account.is_empty()).into_iter().collect(),
        ..Party::default()
    };
    let header = Header {
        sender: name.to_owned(),
        account: ours.accounts[0].clone(),
        from: "2026-11-01".to_owned(),
        until: "2026-11-02".to_owned(),
        opening: Money::zero(Currency::RUB),
    };
    let movement = |incoming: bool| Movement {
        kind: "Платежное поручение".to_owned(),
        number: number.to_owned(),
        date: "2026-11-01".to_owned(),
        booked_on: "2026-11-02".to_owned(),
        amount,
        incoming,
        payer: if incoming { theirs.clone() } else { ours.clone() },
        payee: if incoming { ours.clone() } else { theirs.clone() },
        purpose: purpose.to_owned(),
    };
    let Ok(bytes) = compose(&header, &[movement(true), movement(false)]) else { return };
    let report = read(&bytes).expect("what we wrote is readable");
    assert_eq!(report.documents.len(), 2, "{report:?}");
    assert!(report.documents.iter().all(|document| document.amount == amount), "{report:?}");
    let (money_in, money_out) = (&report.documents[0], &report.documents[1]);
    assert_eq!((&money_in.payer, &money_in.payee), (&money_out.payee, &money_out.payer));
    assert_eq!(money_in.payer.accounts, theirs.accounts);
    assert_eq!(money_in.purpose, written(purpose));
    assert_eq!(money_in.number, written(number));
    assert_eq!(report.statements[0].closing, Some(Money::zero(Currency::RUB)));
    bank_file(&bytes);
}

/// What one line of windows-1251 keeps of a text: see `compose`.
fn written(text: &str) -> String {
    let spaced = text.replace(|letter: char| letter.is_control() || letter == '\u{feff}', " ");
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().map(|letter| if in_windows_1251(letter) { letter } else { '?' }).collect()
}

fn in_windows_1251(letter: char) -> bool {
    let mut buffer = [0; 4];
    !encoding_rs::WINDOWS_1251.encode(letter.encode_utf8(&mut buffer)).2
}
