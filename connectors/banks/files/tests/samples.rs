//! The sample files of public projects, read whole.

use takt_bank_files::read;
use takt_kernel::money::Money;
use takt_payments_port::{BankReport, BookingState, Dated, Direction, Format};

const ONE_DAY: &[u8] = include_bytes!("fixtures/1c-one-day-cp1251.txt");
const GPB: &[u8] = include_bytes!("fixtures/1c-gpb.txt");
const TWO_ACCOUNTS: &[u8] = include_bytes!("fixtures/1c-two-accounts.txt");
const CAMT053_V2: &[u8] = include_bytes!("fixtures/camt053-v2.xml");
const CAMT053_V8: &[u8] = include_bytes!("fixtures/camt053-v8.xml");
const CAMT054_V4: &[u8] = include_bytes!("fixtures/camt054-v4.xml");

fn codes(report: &BankReport) -> Vec<&str> {
    report.warnings.iter().map(|warning| warning.code.as_str()).collect()
}

fn sum(report: &BankReport, of: impl Fn(Direction) -> bool) -> i64 {
    report
        .documents
        .iter()
        .filter(|document| of(document.direction))
        .map(|document| document.amount.minor())
        .sum()
}

fn dated(as_what: Dated) -> impl Fn(Direction) -> bool {
    move |direction| direction == Direction::BySide { dated: Some(as_what) }
}

fn money(money: Option<Money>) -> String {
    money.map(|money| money.to_string()).unwrap_or_default()
}

#[test]
fn every_sample_is_read_with_its_counts_and_sums() {
    for (bytes, format, documents, incoming, outgoing) in [
        (ONE_DAY, Format::OneCClientBank, 13, 4_000_000, 4_118_400),
        (GPB, Format::OneCClientBank, 1, 0, 10_815_912),
        (TWO_ACCOUNTS, Format::OneCClientBank, 6, 1_010_678, 15_956),
    ] {
        let report = read(bytes).expect("a sample");
        assert_eq!((report.format, report.documents.len()), (format, documents));
        assert_eq!(sum(&report, dated(Dated::Incoming)), incoming);
        assert_eq!(sum(&report, dated(Dated::Outgoing)), outgoing);
    }
    for (bytes, format, documents, incoming, outgoing) in [
        (CAMT053_V2, Format::Camt053, 1, 885, 0),
        (CAMT053_V8, Format::Camt053, 1, 885, 0),
        (CAMT054_V4, Format::Camt054, 1, 0, 20_000_000),
    ] {
        let report = read(bytes).expect("a sample");
        assert_eq!((report.format, report.documents.len()), (format, documents));
        assert_eq!(sum(&report, |direction| direction == Direction::Incoming), incoming);
        assert_eq!(sum(&report, |direction| direction == Direction::Outgoing), outgoing);
    }
}

#[test]
fn a_day_in_windows_1251_adds_up_even_with_masked_accounts() {
    let report = read(ONE_DAY).expect("a sample");
    assert_eq!(codes(&report), [""; 0]);
    assert_eq!(report.accounts, ["40702810200000000001"]);
    let statement = &report.statements[0];
    assert_eq!(statement.from.as_deref(), Some("2016-01-11"));
    assert_eq!(money(statement.opening), "45329.91 RUB");
    assert_eq!(money(statement.closing), "44145.91 RUB");
    let first = &report.documents[0];
    assert_eq!((first.number.as_str(), first.place.as_str()), ("697162", "20"));
    assert_eq!(first.kinds, ["Банковский ордер", "17"]);
    assert_eq!(first.state, BookingState::Booked);
    assert_eq!(first.payer.name, "Some random payer");
    assert_eq!(first.payer.inn.as_deref(), Some("123123123123"));
    assert_eq!(first.payer.accounts, ["12312312312312312"]);
    assert_eq!(first.payer.bank.as_deref(), Some("ВТБ 24 (ПАО), г. МОСКВА"));
    assert_eq!(first.payee.bic.as_deref(), Some("044525716"));
    assert_eq!(first.booked_on.as_deref(), Some("2016-01-11"));
    assert!(first.extra.contains(&("ПлательщикКорсчет".to_owned(), "30101810100000000716".to_owned())));
    assert!(first.extra.contains(&("ДатаСписано".to_owned(), "11.01.2016".to_owned())));
}

#[test]
fn a_document_of_another_day_than_its_balance_is_noticed() {
    let report = read(GPB).expect("a sample");
    assert_eq!(codes(&report), ["bank_files.currency_assumed", "bank_files.totals_differ"]);
    let document = &report.documents[0];
    assert_eq!(document.purpose, "Оплата по счету N 1024 от 01.01.23г 18026,52");
    assert_eq!(document.date.as_deref(), Some("2023-03-31"));
    assert_eq!(document.booked_on.as_deref(), Some("2023-04-03"));
    assert_eq!(document.amount.to_string(), "108159.12 RUB");
    assert_eq!(document.references, [""; 0]);
}

#[test]
fn two_accounts_with_a_balance_for_every_day_are_read() {
    let report = read(TWO_ACCOUNTS).expect("a sample");
    assert_eq!(report.accounts, ["40802000000000000071", "40802000000000000069"]);
    assert_eq!(report.statements.len(), 44);
    assert!(codes(&report).contains(&"bank_files.totals_differ"), "most documents were cut out of it");
    let own = &report.documents[4];
    assert_eq!(own.kinds, ["Прочее", "01"]);
    assert_eq!(own.payer.accounts, ["40802000000000000069"]);
    assert_eq!(own.payee.accounts, ["40802000000000000071"]);
    assert_eq!(own.direction, Direction::BySide { dated: Some(Dated::Outgoing) });
}

#[test]
fn a_statement_of_the_second_version_is_read() {
    let report = read(CAMT053_V2).expect("a sample");
    let statement = &report.statements[0];
    assert!(statement.copy);
    assert_eq!(statement.account, "NL26VAYB8060476890");
    assert_eq!(
        (money(statement.opening), money(statement.closing)),
        ("18.15 EUR".into(), "-27.00 SEK".into())
    );
    assert_eq!(statement.from.as_deref(), Some("2007-10-18"));
    let document = &report.documents[0];
    assert_eq!(document.account.as_deref(), Some("NL26VAYB8060476890"));
    assert_eq!((document.direction, document.state), (Direction::Incoming, BookingState::Booked));
    assert_eq!(document.payer.name, "NAME NAME");
    assert_eq!(document.payer.accounts, ["NL56AGDH9619008421"]);
    assert_eq!(document.references, ["4654654654654654"]);
    assert_eq!(document.kinds, ["544"]);
    assert!(!document.reversal);
    assert!(document.extra.contains(&("CpyDplctInd".to_owned(), "CODU".to_owned())));
    assert_eq!(codes(&report), [""; 0]);
}

#[test]
fn an_entry_outweighs_its_only_detail() {
    let report = read(CAMT053_V8).expect("a sample");
    assert_eq!(codes(&report), ["bank_files.details_differ"]);
    let document = &report.documents[0];
    assert_eq!(document.amount.to_string(), "8.85 EUR");
    assert_eq!(document.bank_id.as_deref(), Some("AAAASESS-FP-CN_98765/01"));
    assert_eq!(document.booked_on.as_deref(), Some("2014-12-31"));
    assert_eq!(document.booked_at.as_deref(), Some("2014-12-31T13:15:00+01:00"));
    assert_eq!(document.references, ["MUELL/FINP/RA12345", "4654654654654654"]);
    assert_eq!(document.kinds, ["PMNT/RCDT/BOOK"]);
    assert_eq!(document.payee.name, "Company Name");
    assert!(document.extra.contains(&("TxDtls/Amt".to_owned(), "0 SEK".to_owned())));
}

#[test]
fn a_batch_whose_details_contradict_it_stays_one_document() {
    let report = read(CAMT054_V4).expect("a sample");
    assert_eq!(codes(&report), ["bank_files.batch_not_parted"]);
    let document = &report.documents[0];
    assert_eq!(document.amount.to_string(), "200000.00 SEK");
    assert_eq!(document.purpose, "Order");
    assert_eq!(document.references, [""; 0]);
    assert_eq!(document.payee.name, "");
    assert_eq!(document.bank_id.as_deref(), Some("ACSR160617103200001"));
    let kept = |key: &str, value: &str| document.extra.contains(&(key.to_owned(), value.to_owned()));
    assert!(kept("TxDtls[3]/RltdPties/Cdtr/Nm", "Example Creditor 3 - V3"));
    assert!(kept("TxDtls[2]/Amt", "3.2 CHF"));
    assert!(kept("NtryDtls/Btch/NbOfTxs", "2"));
}
