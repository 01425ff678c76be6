//! Answers of statement interfaces: what is read, what is held for people, what is an error though it says 200.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use serde_json::{Value, json};
use takt_bank_rest::{
    profile::{ALFA_BY, Profile, SBER},
    report::{about, has_next, operations, read},
};
use takt_kernel::{Fault, money::Currency};
use takt_payments_port::{BankReport, Dated, Direction};

const OWN: &str = "40702810500000000001";
const OTHER: &str = "40817810099910004312";

fn operation(id: &str, amount: Value, flag: &str, payer: &str, payee: &str) -> Value {
    json!({
        "uuid": id, "number": "7", "operationDate": "2026-11-02T10:15:00Z", "documentDate": "2026-11-01",
        "direction": flag, "amount": {"amount": amount, "currencyName": "RUB"}, "paymentPurpose": "за рамку",
        "rurTransfer": {"payerName": "Иванов", "payerInn": "0", "payerAccount": payer, "payerBankBic": "044525974",
            "payeeName": "Мы", "payeeAccount": payee, "budget": {"kbk": "182"}}
    })
}

fn try_sber(pages: &[Value], summary: &Value) -> Result<BankReport, Fault> {
    let mut bytes: Vec<String> = pages.iter().map(Value::to_string).collect();
    bytes.push(serde_json::to_string_pretty(summary).expect("json"));
    let about = about(OWN, Currency::RUB, "2026-11-02", "2026-11-02");
    read(&SBER, bytes.join("\n").as_bytes(), &about)
}

fn sber(operations: &[Value], summary: &Value) -> BankReport {
    try_sber(&[json!({ "transactions": operations })], summary).expect("a report")
}

fn summary(opening: &str, closing: &str, came: &str, count: u64) -> Value {
    json!({"openingBalance": {"amount": opening}, "closingBalance": {"amount": closing},
        "creditTurnover": {"amount": came}, "debitTurnover": {"amount": "0"},
        "creditTransactionsNumber": count, "debitTransactionsNumber": 0})
}

#[test]
fn pages_and_summary_make_one_report_with_every_field() {
    let pages = [
        json!({"transactions": [operation("a", json!("14.50"), "CREDIT", OTHER, OWN)], "_links": [{"rel": "next"}]}),
        json!({"transactions": [operation("b", json!(1.1), "CREDIT", OTHER, OWN)], "_links": [{"rel": "prev"}]}),
    ];
    assert!(has_next(&SBER, &pages[0]) && !has_next(&SBER, &pages[1]));
    let report = try_sber(&pages, &summary("100", "115.60", "15.60", 2)).expect("a report");
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    let [first, second] = report.documents.as_slice() else { unreachable!("two operations") };
    assert_eq!((first.amount.minor(), second.amount.minor()), (1450, 110));
    assert_eq!(first.bank_id.as_deref(), Some("a"));
    assert_eq!(first.payer.inn, None);
    assert_eq!(first.booked_on.as_deref(), Some("2026-11-02"));
    assert!(first.extra.contains(&("rurTransfer/budget/kbk".to_owned(), "182".to_owned())));
    assert_eq!(report.statements[0].closing.map(|money| money.minor()), Some(11_560));
}

#[test]
fn a_flag_alone_never_says_which_way_money_went() {
    let by = |dated| Direction::BySide { dated };
    for (flag, payer, payee, expected) in [
        ("CREDIT", OTHER, OWN, Direction::Incoming),
        ("DEBIT", OWN, OTHER, Direction::Outgoing),
        ("DEBIT", OTHER, OWN, by(Some(Dated::Outgoing))),
        ("CREDIT", OWN, OTHER, by(Some(Dated::Incoming))),
        ("CREDIT", OTHER, OTHER, by(Some(Dated::Incoming))),
        ("", OTHER, OWN, Direction::Incoming),
        ("?", OTHER, OTHER, by(None)),
        ("STORNO", OTHER, OWN, by(None)),
        ("CREDIT_REVERSAL", OTHER, OWN, by(None)),
        ("?", OWN, OTHER, by(None)),
        ("crdt", OTHER, OWN, Direction::Incoming),
        ("Дебет", OWN, OTHER, Direction::Outgoing),
    ] {
        let report = sber(&[operation("a", json!("1"), flag, payer, payee)], &json!({}));
        assert_eq!(report.documents[0].direction, expected, "{flag} {payer} {payee}");
    }
}

#[test]
fn a_lost_page_is_told_by_turnover_and_count() {
    let report = sber(&[operation("a", json!("14.50"), "CREDIT", OTHER, OWN)], &summary("0", "29", "29", 2));
    let codes: Vec<&str> = report.warnings.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["bank_rest.totals_differ", "bank_rest.count_differs"]);
}

#[test]
fn amounts_are_read_exactly_or_not_at_all() {
    for (given, minor) in [
        (json!("1"), Some(100)),
        (json!("1,5"), Some(150)),
        (json!(0.29), Some(29)),
        (json!(4_503_599_627_i64), Some(450_359_962_700)),
        (json!(12_345_678_901_234.56), None),
        (json!("1.234"), None),
        (json!("-1"), None),
        (json!("1 000"), None),
        (json!(true), None),
        (json!({"value": 1}), None),
    ] {
        let page = json!({ "transactions": [operation("a", given.clone(), "CREDIT", OTHER, OWN)] });
        let read = try_sber(&[page], &json!({}));
        match minor {
            Some(minor) => assert_eq!(read.expect("a report").documents[0].amount.minor(), minor, "{given}"),
            None => assert!(read.is_err_and(|fault| fault.is("bank_rest.amount_malformed")), "{given}"),
        }
    }
}

#[test]
fn an_error_is_an_error_even_beside_an_empty_page() {
    let refused = |profile: &Profile, answer: Value| operations(profile, &answer).map(<[Value]>::len);
    for answer in
        [json!({"page": [], "errors": [{"code": 7}]}), json!({"page": [{"docId": "1"}], "errors": "busy"})]
    {
        assert!(
            refused(&ALFA_BY, answer.clone()).is_err_and(|fault| fault.is("bank_rest.bank_error")),
            "{answer}"
        );
    }
    for answer in [json!({}), json!([]), json!({"page": null}), json!({"page": {"0": 1}})] {
        assert!(
            refused(&ALFA_BY, answer.clone()).is_err_and(|fault| fault.is("bank_rest.no_list")),
            "{answer}"
        );
    }
    assert_eq!(refused(&ALFA_BY, json!({"page": [], "errors": []})).ok(), Some(0));
    assert_eq!(refused(&SBER, json!({"transactions": [1, 2], "error": null})).ok(), Some(2));
}

#[test]
fn what_was_kept_cut_off_is_not_read_as_less() {
    let page = json!({ "transactions": [operation("a", json!("1"), "CREDIT", OTHER, OWN)] }).to_string();
    let about = about(OWN, Currency::RUB, "2026-11-02", "2026-11-02");
    let whole = format!("{page}\n{}", json!({}));
    for end in 1..whole.len() {
        if let Some(cut) = whole.get(..end)
            && let Ok(report) = read(&SBER, cut.as_bytes(), &about)
        {
            // Only the summary is gone, and then the last page is taken for it.
            assert!(report.documents.is_empty() || end == whole.len(), "{end}");
        }
    }
}
