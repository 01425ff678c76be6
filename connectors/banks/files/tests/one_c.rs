//! Cases of 1CClientBankExchange that real banks produce, each written out.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use encoding_rs::{IBM866, WINDOWS_1251};
use takt_bank_files::{
    one_c::{Header, Movement, compose},
    read,
};
use takt_kernel::{
    Fault,
    money::{Currency, Money},
};
use takt_payments_port::{BankDocument, BankReport, BookingState, Dated, Direction, Party};

const OWN: &str = "40702810900000000001";

fn windows(text: &str) -> Vec<u8> {
    WINDOWS_1251.encode(text).0.into_owned()
}

/// The documents' bodies, each between its opener and closer, in a file that is whole.
fn file(documents: &[&str]) -> String {
    let mut text = format!(
        "1CClientBankExchange\nВерсияФормата=1.03\nКодировка=Windows\nДатаНачала=01.06.2026\nРасчСчет={OWN}\n"
    );
    for document in documents {
        text.push_str(&format!("СекцияДокумент=Платежное поручение\n{document}\nКонецДокумента\n"));
    }
    text.push_str("КонецФайла\n");
    text
}

fn report(text: &str) -> BankReport {
    read(&windows(text)).expect("a readable file")
}

fn fault(text: &str) -> Fault {
    read(&windows(text)).expect_err("a file to refuse")
}

fn only(body: &str) -> BankDocument {
    let mut report = report(&file(&[body]));
    assert_eq!(report.documents.len(), 1);
    report.documents.remove(0)
}

fn codes(report: &BankReport) -> Vec<String> {
    report.warnings.iter().map(|warning| warning.code.replace("bank_files.", "")).collect()
}

fn args(fault: &Fault) -> Vec<String> {
    fault.args().iter().map(|(name, value)| format!("{name}={value}")).collect()
}

const PAID: &str = "Номер=7\nДата=01.06.2026\nСумма=100.00\nПлательщикСчет=40702810500000000077\n\
    ДатаПоступило=02.06.2026\nПлательщик1=ООО Ромашка\nПолучательСчет=40702810900000000001\n\
    НазначениеПлатежа=Оплата счета ё№";

#[test]
fn letters_are_told_by_the_keys_and_not_by_the_label() {
    let text = file(&[PAID]);
    let dos = text.replace("ё№", "eN");
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (bytes, what) in [
        (text.clone().into_bytes(), "utf-8 labelled Windows"),
        ([&b"\xef\xbb\xbf"[..], text.as_bytes()].concat(), "utf-8 with a byte order mark"),
        (windows(&text), "windows-1251"),
        (IBM866.encode(&dos).0.into_owned(), "cp866 labelled Windows"),
        (utf16, "utf-16"),
    ] {
        let report = read(&bytes).expect(what);
        assert_eq!(report.documents.len(), 1, "{what}");
        assert_eq!(report.documents[0].payer.name, "ООО Ромашка", "{what}");
    }
}

#[test]
fn damaged_letters_are_refused() {
    let text = file(&[PAID]);
    let question_marks: String =
        text.chars().map(|letter| if letter.is_ascii() { letter } else { '?' }).collect();
    let replaced: String =
        text.chars().map(|letter| if letter.is_ascii() { letter } else { '\u{fffd}' }).collect();
    let mojibake = WINDOWS_1251.decode(text.as_bytes()).0.into_owned();
    let one_key = text.replace("НазначениеПлатежа", "Назначени\u{fffd}Платежа");
    for damaged in [question_marks, replaced, mojibake, one_key] {
        let fault = read(damaged.as_bytes()).expect_err("damaged");
        assert!(fault.is("bank_files.damaged_encoding"), "{fault}");
    }
}

#[test]
fn other_files_are_refused_by_content() {
    for (bytes, code) in [
        (&b""[..], "bank_files.empty"),
        (b" \r\n\t", "bank_files.empty"),
        (b"%PDF-1.4", "bank_files.unknown_format"),
        ("Номер;Дата;Сумма".as_bytes(), "bank_files.unknown_format"),
        (b"1CClientBankExchange", "bank_files.damaged_encoding"),
        (b"<html></html>", "bank_files.unknown_message"),
    ] {
        let fault = read(bytes).expect_err("not a statement");
        assert!(fault.is(code), "{fault}");
    }
}

#[test]
fn line_ends_blank_lines_indents_and_key_case_do_not_matter() {
    let text = file(&[PAID]);
    let spaced: String = text.lines().map(|row| format!("\t {} \n\n", row.replacen('=', " = ", 1))).collect();
    let upper: String = text
        .lines()
        .map(|row| match row.split_once('=') {
            Some((key, value)) => format!("{}={value}\n", key.to_uppercase()),
            None => format!("{}\n", row.to_uppercase()),
        })
        .collect();
    let plain = report(&text);
    for changed in [
        text.replace('\n', "\r\n"),
        text.replace('\n', "\r"),
        text.replace('\n', "\r\r\n"),
        spaced,
        upper,
        format!("\n\n{text}"),
        format!("{text}\u{1a}"),
        text.trim_end().to_owned(),
    ] {
        let mut report = report(&changed);
        report.documents[0].place = plain.documents[0].place.clone();
        let keys = |report: &BankReport| report.documents[0].extra.len();
        assert_eq!(keys(&report), keys(&plain));
        report.documents[0].extra = plain.documents[0].extra.clone();
        assert_eq!(report.documents, plain.documents, "{changed:?}");
        assert_eq!(report.warnings, plain.warnings);
    }
}

#[test]
fn sections_that_are_not_closed_are_ended_by_the_next() {
    let text = file(&[PAID, PAID, PAID]);
    let unclosed = text.replace("КонецДокумента\n", "");
    let found = report(&unclosed);
    assert_eq!(found.documents.len(), 3);
    assert_eq!(codes(&found), ["section_not_closed"; 3]);

    let account = format!("СекцияРасчСчет\nРасчСчет={OWN}\nНачальныйОстаток=-5\nСекцияДокумент\n");
    let found = report(&text.replacen("СекцияДокумент=Платежное поручение\n", &account, 1));
    assert_eq!(found.documents.len(), 3);
    assert_eq!(found.documents[0].kinds, [""; 0], "a bare opener has no kind");
    assert_eq!(found.statements[0].opening, Some(Money::new(-500, Currency::RUB)));
}

#[test]
fn half_a_file_is_refused_and_only_a_missing_end_mark_is_survived() {
    let text = file(&[PAID, PAID]);
    let found = report(&text.replace("КонецФайла\n", ""));
    assert_eq!((found.documents.len(), codes(&found)), (2, vec!["no_end_of_file".to_owned()]));
    for end in ["КонецФайла\n", "КонецДокумента\nКонецФайла\n", "\nКонецДокумента\nКонецФайла\n"]
    {
        let cut = text.strip_suffix(end).expect("the end");
        let result = read(&windows(cut));
        assert_eq!(result.is_ok(), end == "КонецФайла\n", "{end:?}");
    }
    let fault = fault(text.strip_suffix("мента\nКонецФайла\n").expect("the end"));
    assert!(fault.is("bank_files.cut_off"), "{fault}");
    assert_eq!(args(&fault), ["line=25"]);
    let header = "1CClientBankExchange\nВерсияФормата=1.02\nКодировка=Windows\nРасчСчет=1\n";
    assert!(read(&windows(header)).expect_err("only a header").is("bank_files.cut_off"));
}

#[test]
fn a_footer_is_passed_over_and_a_second_file_is_read_on() {
    let text = file(&[PAID]);
    let footer = report(&format!("{text}-- \nС уважением, банк"));
    assert_eq!((footer.documents.len(), codes(&footer).len()), (1, 2));
    let two = report(&format!("{text}{text}"));
    assert_eq!((two.documents.len(), codes(&two)), (2, vec!["after_end".to_owned()]));
    let half = format!("{text}{}", text.split_once("КонецДокумента").expect("a document").0);
    assert!(fault(&half).is("bank_files.cut_off"));
}

#[test]
fn a_file_of_balances_alone_has_no_documents() {
    let found = report(&format!(
        "1CClientBankExchange\nВерсияФормата=1.02\nДатаНачала=23.08.201819202122\nСекцияРасчСчет\n\
         ДатаНачала=01.06.2026\nДатаКонца=01.06.2026\nРасчСчет={OWN}\nНачальныйОстаток=5\n\
         КонечныйОстаток=5\nВсегоПоступило=0\nВсегоСписано=0\nКонецРасчСчет\nКонецФайла"
    ));
    assert_eq!(found.documents, []);
    assert_eq!(found.accounts, [OWN], "the header names none");
    assert_eq!(codes(&found), ["date_unread"]);
}

#[test]
fn amounts_are_certain_or_the_file_is_refused() {
    for (given, minor) in [
        ("700", 70000),
        ("107728.7", 10_772_870),
        ("18,00", 1800),
        ("1 234 567,89", 123_456_789),
        ("1'234.5", 123_450),
    ] {
        assert_eq!(only(&format!("Номер=1\nСумма={given}")).amount.minor(), minor, "{given}");
    }
    for (given, code) in [
        ("1,234", "amount_malformed"),
        ("сто", "amount_malformed"),
        ("-5.00", "amount_negative"),
        ("5.005", "amount_malformed"),
        ("50000.005", "amount_too_precise"),
    ] {
        let fault = fault(&file(&[&format!("Номер=1\nСумма={given}")]));
        assert!(fault.is(&format!("bank_files.{code}")), "{fault}");
        assert_eq!(args(&fault), ["line=8".to_owned(), "field=Сумма".to_owned(), format!("given={given}")]);
    }
    assert!(fault(&file(&["Номер=1\nСумма="])).is("bank_files.amount_missing"));
    assert!(fault(&file(&["Номер=1\nСумма=5\nСумма=6"])).is("bank_files.amount_repeated"));
    assert_eq!(only("Сумма=5\nСумма=5.00").amount.minor(), 500);
    let stray = file(&[PAID]).replace("КонецФайла", "Номер=2\nСумма=5\nКонецФайла");
    assert!(fault(&stray).is("bank_files.stray_amount"));
}

#[test]
fn a_zero_amount_is_kept_for_information() {
    let found = report(&file(&["Сумма=0.00"]));
    assert_eq!(found.documents[0].state, BookingState::Informational);
    assert_eq!(codes(&found), ["amount_zero"]);
}

#[test]
fn parties_are_read_from_whatever_keys_the_bank_fills() {
    let document = only(
        "Сумма=1\nПлательщик=ИНН 7707083893, ООО Ромашка\nПлательщикИНН=0\nПлательщикСчет=30101810400000000225\n\
         ПлательщикРасчСчет=40702 810 5 00000000077\nПлательщикБИК=044525225\n\
         Получатель=7707083893 Мы\nПолучатель1=ООО Мы\nПолучатель2=40702810900000000001\nПолучательИНН=5001007322",
    );
    assert_eq!(
        document.payer,
        Party {
            name: "ООО Ромашка".into(),
            inn: Some("7707083893".into()),
            accounts: vec!["30101810400000000225".into(), "40702810500000000077".into()],
            bic: Some("044525225".into()),
            bank: None,
        }
    );
    assert_eq!((document.payee.name.as_str(), document.payee.inn.as_deref()), ("ООО Мы", Some("5001007322")));
    assert_eq!(document.payee.accounts, [OWN]);
    let person = only("Сумма=1\nПлательщикИНН=0\nПлательщик=ИВАНОВ ИВАН//МОСКВА//\nПлательщикБИК=0");
    assert_eq!((person.payer.inn, person.payer.bic), (None, None));
    assert_eq!(person.payer.name, "ИВАНОВ ИВАН//МОСКВА//");
}

#[test]
fn a_purpose_is_put_together_from_its_pieces() {
    let width: String = "Оплата заказа по счету номер Т1024375".chars().take(35).collect();
    for (body, purpose) in [
        (
            "НазначениеПлатежа1=Оплата счета 12\nНазначениеПлатежа2=от 01.06.2026".to_owned(),
            "Оплата счета 12 от 01.06.2026".to_owned(),
        ),
        (format!("НазначениеПлатежа1={width}\nНазначениеПлатежа2=758 от"), format!("{width}758 от")),
        (
            "НазначениеПлатежа=Целиком раз\nНазначениеПлатежа1=Целиком\nНазначениеПлатежа2=раз".to_owned(),
            "Целиком раз".to_owned(),
        ),
        (
            "НазначениеПлатежа=Начало\nНазначениеПлатежа1=Начало\nНазначениеПлатежа2=и конец".to_owned(),
            "Начало и конец".to_owned(),
        ),
        ("НазначениеПлатежа=a=b;c=d".to_owned(), "a=b;c=d".to_owned()),
    ] {
        let document = only(&format!("Сумма=1\n{body}"));
        assert_eq!(document.purpose, purpose);
        assert_eq!(document.extra, []);
    }
    let broken = report(&file(&["Сумма=1\nНазначениеПлатежа=Оплата по\nдоговору 5\nКод=0"]));
    assert_eq!(broken.documents[0].purpose, "Оплата по договору 5");
    assert_eq!(codes(&broken), ["line_continued"]);
}

#[test]
fn what_is_not_understood_is_kept() {
    let document = only(
        "Номер=FDC240\nДата=вчера\nСумма=1\nКод=18810192085432512980\nНовыйКлюч= как есть \nПлательщикКПП=770701001\n\
         ПлательщикКорСчет=301\nПустой=\nНомер=другой",
    );
    assert_eq!(document.number, "FDC240");
    assert_eq!(document.date, None);
    assert_eq!(document.references, ["18810192085432512980"]);
    let kept: Vec<(&str, &str)> =
        document.extra.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(
        kept,
        [
            ("Дата", "вчера"),
            ("НовыйКлюч", "как есть"),
            ("ПлательщикКПП", "770701001"),
            ("ПлательщикКорСчет", "301"),
            ("Номер", "другой"),
        ]
    );
}

#[test]
fn dates_of_booking_say_a_direction() {
    for (body, dated, booked_on) in [
        ("ДатаПоступило=02.06.2026", Some(Dated::Incoming), Some("2026-06-02")),
        ("ДатаСписано=03.06.2026\nДатаПоступило=", Some(Dated::Outgoing), Some("2026-06-03")),
        ("ДатаСписано=03.06.2026\nДатаПоступило=04.06.2026", None, Some("2026-06-04")),
        ("ДатаСписано=", None, None),
    ] {
        let document = only(&format!("Сумма=1\n{body}"));
        assert_eq!(document.direction, Direction::BySide { dated }, "{body}");
        assert_eq!(document.booked_on.as_deref(), booked_on, "{body}");
        assert_eq!(document.state, BookingState::Booked);
    }
    let demand = file(&["Сумма=1"]).replace("Платежное поручение", "Платежное требование");
    assert_eq!(report(&demand).documents[0].state, BookingState::Pending);
}

#[test]
fn the_currency_is_told_by_accounts() {
    for (own, payer, payee, code, warned) in [
        (OWN, "40702810500000000077", OWN, "RUB", None),
        ("40702978900000000001", "40702810500000000077", "40702978900000000001", "EUR", None),
        (OWN, "40702840500000000077", "123", "USD", None),
        ("1", "40702156********0077", "x", "CNY", None),
        ("40702643900000000001", "1", "2", "RUB", None),
        ("1", "2", "3", "RUB", Some("currency_assumed")),
        ("1", "40702840500000000077", "40702978900000000001", "RUB", Some("currency_unclear")),
        ("KZ86125KZT5004100100", "1", "KZ86125KZT5004100100", "KZT", None),
    ] {
        let text = file(&[&format!("Сумма=1\nПлательщикСчет={payer}\nПолучательСчет={payee}")])
            .replacen(OWN, own, 1);
        let report = report(&text);
        assert_eq!(report.documents[0].amount.currency().code(), code, "{own} {payer} {payee}");
        assert_eq!(codes(&report).first().map(String::as_str), warned, "{own} {payer} {payee}");
    }
    assert_eq!(only("Сумма=1\nВалюта=RUR").amount.currency(), Currency::RUB);
    assert_eq!(only("Сумма=1\nКодВалюты=840").amount.currency().code(), "USD");
}

#[test]
fn totals_that_differ_warn_for_the_day_they_are_wrong() {
    let section = |day: &str, incoming: &str| {
        format!(
            "СекцияРасчСчет\nДатаНачала={day}\nДатаКонца={day}\nРасчСчет={OWN}\nВсегоПоступило={incoming}\nКонецРасчСчет\n"
        )
    };
    let text = file(&[PAID, PAID]);
    let first = "СекцияДокумент=";
    for (sections, expected) in [
        (section("02.06.2026", "200.00"), 0),
        (section("02.06.2026", "300.00"), 1),
        (section("02.06.2026", "200.00") + &section("03.06.2026", "5"), 1),
    ] {
        let report = report(&text.replacen(first, &format!("{sections}{first}"), 1));
        let differing = codes(&report).iter().filter(|code| *code == "totals_differ").count();
        assert_eq!(differing, expected, "{sections}");
    }
}

#[test]
fn a_section_without_an_end_is_a_day_of_several_or_the_whole_file() {
    let section = |day: &str, incoming: &str| {
        format!(
            "СекцияРасчСчет\nДатаНачала={day}\nРасчСчет={OWN}\nВсегоПоступило={incoming}\nКонецРасчСчет\n"
        )
    };
    let first = "СекцияДокумент=";
    let text =
        file(&[PAID]).replacen("ДатаНачала=01.06.2026", "ДатаНачала=01.06.2026\nДатаКонца=03.06.2026", 1);
    for (sections, ends) in [
        (section("01.06.2026", "100.00"), vec!["2026-06-03"]),
        (section("01.06.2026", "0") + &section("02.06.2026", "100"), vec!["2026-06-01", "2026-06-02"]),
    ] {
        let report = report(&text.replacen(first, &format!("{sections}{first}"), 1));
        let found: Vec<&str> = report.statements.iter().filter_map(|one| one.until.as_deref()).collect();
        assert_eq!(found, ends);
        assert_eq!(codes(&report), [""; 0], "{sections}");
    }
}

#[test]
fn damage_is_refused_with_its_line() {
    let text = file(&[PAID]);
    let damaged = text.replace("НазначениеПлатежа", "Назначени\u{fffd}Платежа");
    let line = 1 + text.lines().position(|row| row.starts_with("НазначениеПлатежа")).expect("a purpose");
    let fault = read(damaged.as_bytes()).expect_err("damaged");
    assert!(fault.is("bank_files.damaged_encoding"), "{fault}");
    assert_eq!(args(&fault), [format!("line={line}")]);
}

#[test]
fn a_large_file_is_read_whole() {
    let mut text = file(&[]);
    text.truncate(text.len() - "КонецФайла\n".len());
    for number in 0..50_000 {
        text.push_str(&format!("СекцияДокумент\nНомер={number}\n{PAID}\nКонецДокумента\n"));
    }
    text.push_str("КонецФайла");
    let report = report(&text);
    assert_eq!(report.documents.len(), 50_000);
    assert_eq!(report.documents[49_999].number, "49999");
    assert_eq!(report.warnings.len(), 201, "one mistake in every line is not told in every line");
}

fn movement(number: &str, minor: i64, incoming: bool) -> Movement {
    let ours = Party {
        name: "ООО «Мы»".into(),
        inn: Some("5001007322".into()),
        accounts: vec![OWN.into()],
        bic: Some("044525225".into()),
        bank: Some("ПАО СБЕРБАНК".into()),
    };
    let theirs = Party {
        name: "ООО Ёлка № 1".into(),
        inn: Some("7707083893".into()),
        accounts: vec!["40702810500000000077".into()],
        bic: Some("044525716".into()),
        bank: None,
    };
    Movement {
        kind: "Платежное поручение".into(),
        number: number.into(),
        date: "2026-06-01".into(),
        booked_on: "2026-06-02".into(),
        amount: Money::new(minor, Currency::RUB),
        incoming,
        payer: if incoming { theirs.clone() } else { ours.clone() },
        payee: if incoming { ours } else { theirs },
        purpose: "Оплата заказа\r\nКонецФайла 日".into(),
    }
}

#[test]
fn a_composed_statement_comes_back_as_it_was() {
    let header = Header {
        sender: "Банк".into(),
        account: OWN.into(),
        from: "2026-06-01".into(),
        until: "2026-06-02".into(),
        opening: Money::new(100_000, Currency::RUB),
    };
    let movements = [movement("1", 250_050, true), movement("2", 99, false)];
    let report = read(&compose(&header, &movements).expect("a statement")).expect("a readable statement");
    assert_eq!(report.warnings, []);
    assert_eq!(report.accounts, [OWN]);
    assert_eq!(report.statements[0].closing, Some(Money::new(349_951, Currency::RUB)));
    assert_eq!(report.documents.len(), 2);
    for (document, movement) in report.documents.iter().zip(&movements) {
        assert_eq!(document.number, movement.number);
        assert_eq!(document.date.as_ref(), Some(&movement.date));
        assert_eq!(document.booked_on.as_ref(), Some(&movement.booked_on));
        assert_eq!(document.amount, movement.amount);
        assert_eq!((&document.payer, &document.payee), (&movement.payer, &movement.payee));
        assert_eq!(document.purpose, "Оплата заказа КонецФайла ?");
        let dated = if movement.incoming { Dated::Incoming } else { Dated::Outgoing };
        assert_eq!(document.direction, Direction::BySide { dated: Some(dated) });
    }
}
