//! What exports of Russian banks hold beside what the format says: every document is there, every key is kept,
//! and what cannot be read is refused by the line it stands on.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use encoding_rs::{IBM866, WINDOWS_1251};
use takt_bank_files::read;
use takt_kernel::Fault;
use takt_payments_port::{BankReport, BookingState, Dated, Direction};

const OWN: &str = "40702810900000000001";

/// As Sberbank's, with all that its header and its account section say.
const WHOLE: &str = "1CClientBankExchange
ВерсияФормата=1.03
Кодировка=Windows
Отправитель=СББОЛ
Получатель=1С:Бухгалтерия
ДатаСоздания=03.06.2026
ВремяСоздания=10:11:12
ДатаНачала=01.06.2026
ДатаКонца=02.06.2026
РасчСчет=40702810900000000001
НомерВыписки=17
СекцияРасчСчет
ДатаНачала=01.06.2026
ДатаКонца=02.06.2026
РасчСчет=40702810900000000001
НачальныйОстаток=100.00
ВсегоПоступило=150.00
ВсегоСписано=50.00
КонечныйОстаток=200.00
ДатаПоследнейОперации=31.05.2026
Блокировано=0.00
КонецРасчСчет
СекцияДокумент=Платежное поручение
Номер=7
Дата=01.06.2026
Сумма=150.00
КвитанцияДата=02.06.2026
КвитанцияСодержание=Исполнено
ПлательщикСчет=40702810500000000077
ДатаПоступило=02.06.2026
Плательщик=ИНН 7707083893 ООО Ромашка//г. Москва//
Плательщик1=ООО Ромашка
ПлательщикИНН=7707083893
ПлательщикКПП=770701001
ПолучательСчет=40702810900000000001
Получатель=Мы
НазначениеПлатежа=Оплата счета 12
Очередность=5
УИП=0
НаправлениеПлатежа=1
КонецДокумента
СекцияДокумент=Банковский ордер
Номер=8
Дата=02.06.2026
Сумма=50.00
ПлательщикСчет=40702810900000000001
ДатаСписано=02.06.2026
ПолучательСчет=70601810000000000001
НазначениеПлатежа=Комиссия
КонецДокумента
КонецФайла
";

fn windows(text: &str) -> Vec<u8> {
    WINDOWS_1251.encode(text).0.into_owned()
}

fn report(text: &str) -> BankReport {
    read(&windows(text)).expect(text)
}

fn codes(report: &BankReport) -> Vec<String> {
    report.warnings.iter().map(|warning| warning.code.replace("bank_files.", "")).collect()
}

fn args(fault: &Fault) -> Vec<String> {
    fault.args().iter().map(|(name, value)| format!("{name}={value}")).collect()
}

/// Everything of a report in which a value might have been kept.
fn everything(report: &BankReport) -> String {
    serde_json::to_string(report).expect("a report")
}

/// A file of one document with this body, from line 5 on.
fn of(body: &str) -> String {
    format!(
        "1CClientBankExchange\nВерсияФормата=1.03\nРасчСчет={OWN}\nСекцияДокумент=Платежное поручение\n{body}\nКонецДокумента\nКонецФайла\n"
    )
}

fn changed(from: &str, to: &str) -> String {
    assert!(WHOLE.contains(from), "{from}");
    WHOLE.replacen(from, to, 1)
}

#[test]
fn every_key_of_a_file_is_kept_with_its_value() {
    let report = report(WHOLE);
    assert_eq!(codes(&report), [""; 0]);
    let kept = everything(&report);
    // Written otherwise in a report: dates, amounts, and numbers that say there is none.
    let elsewhere = ["Дата", "Сумма", "Остаток", "Всего", "Секция", "УИП", "1CClient", "Конец"];
    for row in WHOLE.lines().filter(|row| !elsewhere.iter().any(|word| row.contains(word))) {
        let (key, value) = row.split_once('=').expect("a key");
        assert!(kept.contains(value), "{key}={value} is not in {kept}");
    }
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        report.extra,
        [
            pair("ВерсияФормата", "1.03"),
            pair("Кодировка", "Windows"),
            pair("Отправитель", "СББОЛ"),
            pair("Получатель", "1С:Бухгалтерия"),
            pair("ДатаСоздания", "03.06.2026"),
            pair("ВремяСоздания", "10:11:12"),
            pair("ДатаНачала", "01.06.2026"),
            pair("ДатаКонца", "02.06.2026"),
            pair("НомерВыписки", "17"),
        ]
    );
    assert_eq!(
        report.statements[0].extra,
        [pair("ДатаПоследнейОперации", "31.05.2026"), pair("Блокировано", "0.00")]
    );
    let first = &report.documents[0];
    assert!(
        first.extra.contains(&pair("Плательщик", "ИНН 7707083893 ООО Ромашка//г. Москва//")),
        "{:?}",
        first.extra
    );
    assert_eq!(first.payer.name, "ООО Ромашка");
}

#[test]
fn letters_and_line_ends_of_every_bank_make_the_same_report() {
    let plain = report(WHOLE);
    let with = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    for ends in ["\r\n", "\n", "\r"] {
        let text = WHOLE.replace('\n', ends);
        for (bytes, what) in [
            (windows(&text), "windows-1251"),
            (IBM866.encode(&text).0.into_owned(), "cp866"),
            (text.clone().into_bytes(), "utf-8"),
            (with(b"\xef\xbb\xbf", text.clone().into_bytes()), "utf-8 with a mark"),
            (with(b"\xef\xbb\xbf\xef\xbb\xbf", text.clone().into_bytes()), "utf-8 with two marks"),
            (with(b"\xff\xfe", text.encode_utf16().flat_map(u16::to_le_bytes).collect()), "utf-16"),
            (
                with(b"\xfe\xff", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
                "utf-16, the other way",
            ),
        ] {
            let read = read(&bytes).unwrap_or_else(|fault| panic!("{what} {ends:?}: {fault}"));
            assert_eq!(read, plain, "{what} {ends:?}");
        }
    }
}

#[test]
fn several_accounts_and_files_pasted_together_lose_nothing() {
    let second = WHOLE.replace(OWN, "40702978900000000002").replace("Номер=", "Номер=9");
    let accounts = changed(
        "РасчСчет=40702810900000000001\nНомерВыписки",
        "РасчСчет=40702810900000000001\nРасчСчет=40702978900000000002\nНомерВыписки",
    );
    let section = "СекцияРасчСчет\nРасчСчет=40702978900000000002\nНачальныйОстаток=5\nКонецРасчСчет\n";
    let both = accounts.replacen("СекцияДокумент", &format!("{section}СекцияДокумент"), 1);
    for (text, documents, statements) in [
        (both, 2, 2),
        (format!("{WHOLE}{second}"), 4, 2),
        (format!("{WHOLE}\u{feff}{second}"), 4, 2),
        (WHOLE.replace("КонецФайла\n", "") + &second, 4, 2),
    ] {
        let report = read(text.as_bytes()).expect("both");
        assert_eq!((report.documents.len(), report.statements.len()), (documents, statements));
        assert_eq!(report.accounts, [OWN, "40702978900000000002"]);
        assert_eq!(report.statements[1].currency.map(|currency| currency.code()), Some("EUR"));
    }
}

#[test]
fn odd_files_are_read_to_their_last_document() {
    let document = |number: i64| {
        format!(
            "СекцияДокумент=Платежное поручение\nНомер={number}\nСумма=1.00\nПолучательСчет={OWN}\nКонецДокумента\n"
        )
    };
    for (what, text, documents, warned) in [
        (
            "a section that nobody knows",
            changed(
                "СекцияДокумент=Плат",
                "СекцияКартотека\nОстаток=0\nРасчСчет=40702810100000000666\nКонецКартотека\nСекцияДокумент=Плат",
            ),
            2,
            &["section_unknown"][..],
        ),
        (
            "the same, not closed",
            changed("СекцияДокумент=Плат", "СекцияКартотека=2\nОчередь=5\nСекцияДокумент=Плат"),
            2,
            &["section_unknown"],
        ),
        (
            "one within a document",
            changed("Очередность=5", "СекцияБюджет\nКБК=182\nОКТМО=45\nКонецБюджет\nОчередность=5"),
            2,
            &["section_unknown"],
        ),
        (
            "one within an account",
            changed("Блокировано=0.00", "СекцияАресты\nОснование=нет\nКонецАресты\nБлокировано=0.00"),
            2,
            &["section_unknown"],
        ),
        ("a document within an account", changed("КонецРасчСчет\n", ""), 2, &["section_not_closed"]),
        ("a document within a document", changed("КонецДокумента\n", ""), 2, &["section_not_closed"]),
        (
            "the last one not closed, the file closed",
            WHOLE.replace("КонецДокумента\nКонецФайла", "КонецФайла"),
            2,
            &["section_not_closed"],
        ),
        ("no end of the file", WHOLE.replace("КонецФайла\n", ""), 2, &["no_end_of_file"]),
        ("an end twice", format!("{WHOLE}КонецФайла\n"), 2, &[]),
        (
            "a closing that closes nothing",
            changed("КонецРасчСчет\n", "КонецРасчСчет\nКонецРасчСчет\n"),
            2,
            &["stray_close"],
        ),
        ("documents behind the end", format!("{WHOLE}{}", document(9)), 3, &["after_end", "no_end_of_file"]),
        ("keys without a value", changed("Очередность=5", "Очередность=\nУИН=\n="), 2, &[]),
        ("keys that are empty", changed("Очередность=5", "=пять"), 2, &[]),
        ("blanks around the sign", WHOLE.replace('=', "  =\t"), 2, &[]),
        ("a document of another period", changed("Дата=01.06.2026", "Дата=01.06.2025"), 2, &[]),
        (
            "no dates of booking",
            WHOLE.replace("ДатаПоступило=02.06.2026\n", "").replace("ДатаСписано=02.06.2026\n", ""),
            2,
            &[],
        ),
        (
            "empty dates of 1C",
            changed("ДатаПоступило=02.06.2026", "ДатаПоступило=02.06.2026\nДатаСписано=01.01.0001 0:00:00"),
            2,
            &[],
        ),
        (
            "a date that is none",
            changed("ДатаПоступило=02.06.2026", "ДатаПоступило=32.06.2026"),
            2,
            &["date_unread"],
        ),
        (
            "a footer of the bank",
            format!("{WHOLE}Документ подписан электронной подписью\nСертификат=01AB\n"),
            2,
            &["after_end", "after_end"],
        ),
    ] {
        let report = report(&text);
        assert_eq!(report.documents.len(), documents, "{what}");
        assert_eq!(codes(&report), warned, "{what}");
        assert_eq!(report.accounts, [OWN], "{what}");
        let numbers: Vec<&str> = report.documents.iter().map(|document| document.number.as_str()).collect();
        assert_eq!(numbers[..2], ["7", "8"], "{what}");
        assert_eq!(report.documents[0].purpose, "Оплата счета 12", "{what}");
    }
}

#[test]
fn what_stands_where_nobody_knows_is_kept_and_counts_for_nothing() {
    for (what, text, kept) in [
        (
            "outside",
            changed(
                "СекцияДокумент=Плат",
                "СекцияКартотека=2\nПолучательСчет=40702810100000000666\nКонецКартотека\nСекцияДокумент=Плат",
            ),
            "40702810100000000666",
        ),
        (
            "in a document",
            changed(
                "Очередность=5",
                "СекцияБюджет\nПлательщикСчет=40101810000000000001\nКонецБюджет\nОчередность=5",
            ),
            "40101810000000000001",
        ),
        (
            "in an account",
            changed(
                "Блокировано=0.00",
                "СекцияАресты\nРасчСчет=40702810100000000666\nКонецАресты\nБлокировано=0.00",
            ),
            "40702810100000000666",
        ),
        ("behind the end", format!("{WHOLE}РасчСчет=40702810100000000666\n"), "40702810100000000666"),
        ("a line before every key", changed("Номер=7", "Ромашка без ключа\nНомер=7"), "Ромашка без ключа"),
        (
            "a line under a date",
            changed("КвитанцияДата=02.06.2026", "ДатаСписано=\nсмотри выписку\nКвитанцияДата=02.06.2026"),
            "смотри выписку",
        ),
        ("a line under an account", changed("ДатаПоступило", "счёт закрыт\nДатаПоступило"), "счёт закрыт"),
        ("a date that is none", changed("Дата=01.06.2026", "Дата=вчера"), "вчера"),
        ("a balance that is none", changed("КонечныйОстаток=200.00", "КонечныйОстаток=двести"), "двести"),
        (
            "a key twice",
            changed("КонечныйОстаток=200.00", "КонечныйОстаток=200.00\nКонечныйОстаток=201.00"),
            "201.00",
        ),
        (
            "a key of the header twice",
            changed("Отправитель=СББОЛ", "Отправитель=СББОЛ\nОтправитель=Тинькофф"),
            "Тинькофф",
        ),
        (
            "a second name",
            changed("Получатель=Мы", "Получатель=Мы\nПолучатель=Совсем Другие"),
            "Совсем Другие",
        ),
        (
            "a seventh piece",
            changed(
                "НазначениеПлатежа=Оплата счета 12",
                "НазначениеПлатежа=Оплата счета 12\nНазначениеПлатежа7=хвост",
            ),
            "хвост",
        ),
    ] {
        let report = report(&text);
        assert!(everything(&report).contains(kept), "{what}: {report:?}");
        assert_eq!(report.accounts, [OWN], "{what}");
        assert_eq!(report.documents.len(), 2, "{what}");
        let first = &report.documents[0];
        assert_eq!(first.payer.accounts, ["40702810500000000077"], "{what}");
        assert_eq!((first.payee.name.as_str(), first.purpose.as_str()), ("Мы", "Оплата счета 12"), "{what}");
        assert_eq!(first.booked_on.as_deref(), Some("2026-06-02"), "{what}");
    }
}

#[test]
fn amounts_as_banks_write_them() {
    for (given, minor) in [
        ("1234.5", 123_450),
        ("1234,56", 123_456),
        ("1 234,56", 123_456),
        ("1\u{a0}234\u{a0}567,89", 123_456_789),
        ("1\u{202f}234,56", 123_456),
        ("1'234.56", 123_456),
        ("1’234’567.89", 123_456_789),
        ("0001234.56", 123_456),
        ("+1234.56", 123_456),
        (" 1234.56 ", 123_456),
        ("1234", 123_400),
        ("1234.", 123_400),
        ("0,01", 1),
        ("90000000000000.00", 9_000_000_000_000_000),
    ] {
        let report = read(of(&format!("Номер=1\nСумма={given}")).as_bytes()).expect(given);
        assert_eq!(report.documents[0].amount.minor(), minor, "{given}");
    }
    for (given, code) in [
        ("-1234.56", "amount_negative"),
        ("−1234.56", "amount_negative"),
        ("(1234.56)", "amount_malformed"),
        ("1234-56", "amount_malformed"),
        ("1234.56 руб.", "amount_malformed"),
        ("1.234", "amount_malformed"),
        ("1 23,45", "amount_malformed"),
        ("12 34", "amount_malformed"),
        ("1234.567", "amount_too_precise"),
        ("1e3", "amount_malformed"),
        ("NaN", "amount_malformed"),
        ("999999999999999999999.00", "amount_malformed"),
        ("*", "amount_malformed"),
    ] {
        let fault = read(of(&format!("Номер=1\nСумма={given}")).as_bytes()).expect_err(given);
        assert!(fault.is(&format!("bank_files.{code}")), "{given}: {fault}");
        assert_eq!(args(&fault), ["line=6".to_owned(), "field=Сумма".to_owned(), format!("given={given}")]);
    }
}

#[test]
fn currencies_that_nobody_knows_are_refused_by_name() {
    for (given, code) in [
        ("643", "RUB"),
        ("810", "RUB"),
        ("RUB", "RUB"),
        ("rur", "RUB"),
        ("руб.", "RUB"),
        ("985", "PLN"),
        ("AED", "AED"),
        ("036", "AUD"),
        ("Юань", "CNY"),
        ("000", "RUB"),
        ("", "RUB"),
    ] {
        let report = read(of(&format!("Сумма=5\nВалюта={given}")).as_bytes()).expect(given);
        assert_eq!(report.documents[0].amount.currency().code(), code, "{given}");
        assert!(given.is_empty() || everything(&report).contains(given), "{given} is kept");
    }
    for given in ["XXX", "999", "РУБЛИКИ", "A98", "RU", "R U B"] {
        let fault = read(of(&format!("Сумма=5\nКодВалюты={given}")).as_bytes()).expect_err(given);
        assert!(fault.is("bank_files.currency_unknown"), "{given}: {fault}");
        assert_eq!(
            args(&fault),
            ["line=6".to_owned(), "field=КодВалюты".to_owned(), format!("given={given}")]
        );
    }
    let two = read(of("Сумма=5\nВалюта=RUB\nКодВалюты=840").as_bytes()).expect_err("two");
    assert!(two.is("bank_files.currency_repeated"), "{two}");
    assert_eq!(args(&two), ["line=7", "field=КодВалюты", "given=840"]);
    for place in ["Отправитель=СББОЛ", "Блокировано=0.00"] {
        let fault = read(changed(place, "Валюта=ZZZ").as_bytes()).expect_err("of the whole");
        assert!(fault.is("bank_files.currency_unknown"), "{place}: {fault}");
    }
    // The header tells it where no account does.
    let told = of("Сумма=5").replace(OWN, "1").replace("ВерсияФормата=1.03", "Валюта=USD");
    assert_eq!(read(told.as_bytes()).expect("dollars").documents[0].amount.currency().code(), "USD");
    let own = of("Сумма=5").replace(OWN, "40702985900000000001");
    assert_eq!(read(own.as_bytes()).expect("zloty").documents[0].amount.currency().code(), "PLN");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    for (what, text, code, line) in [
        (
            "an amount in a section that nobody knows",
            changed("СекцияДокумент=Плат", "СекцияПлатеж\nСумма=5\nКонецПлатеж\nСекцияДокумент=Плат"),
            "section_not_read",
            "24",
        ),
        (
            "an amount in one within a document",
            changed("Очередность=5", "СекцияБюджет\nСумма=5\nКонецБюджет"),
            "section_not_read",
            "39",
        ),
        (
            "an amount outside",
            changed("СекцияДокумент=Плат", "Сумма=5\nСекцияДокумент=Плат"),
            "stray_amount",
            "23",
        ),
        (
            "a document without its opener, behind an account without its end",
            changed("КонецРасчСчет\nСекцияДокумент=Платежное поручение\n", ""),
            "stray_amount",
            "24",
        ),
        (
            "an opener that is spelt in two words",
            changed("СекцияДокумент=Плат", "Секция Документ=Плат"),
            "stray_amount",
            "26",
        ),
        ("a document without an amount", changed("Сумма=150.00\n", ""), "amount_missing", "23"),
        ("an empty amount", changed("Сумма=150.00", "Сумма="), "amount_missing", "23"),
        ("two amounts", changed("Сумма=150.00", "Сумма=150.00\nСумма=15.00"), "amount_repeated", "27"),
        ("an amount on two lines", changed("Сумма=150.00", "Сумма=150\n000.00"), "amount_malformed", "26"),
        (
            "a file that stops in a document",
            WHOLE.split("Очередность").next().expect("a part").to_owned(),
            "cut_off",
            "37",
        ),
        (
            "a file that stops in an account",
            WHOLE.split("Блокировано").next().expect("a part").to_owned(),
            "cut_off",
            "20",
        ),
        (
            "a file that stops in a section that nobody knows",
            WHOLE.replace("КонецФайла", "СекцияИтоги\nВсего=2"),
            "cut_off",
            "52",
        ),
        (
            "an account without end",
            changed("РасчСчет=40702810900000000001\nНомер", &format!("РасчСчет={}\nНомер", "4".repeat(80))),
            "value_too_long",
            "10",
        ),
    ] {
        let fault = read(&windows(&text)).expect_err(what);
        assert!(fault.is(&format!("bank_files.{code}")), "{what}: {fault}");
        assert_eq!(args(&fault)[0], format!("line={line}"), "{what}: {fault:?}");
    }
}

#[test]
fn directions_are_told_by_sides_and_dates_or_not_at_all() {
    for (body, dated) in [
        ("ДатаПоступило=02.06.2026\nДатаСписано=02.06.2026", None),
        ("ДатаПоступило=\nДатаСписано=", None),
        ("ДатаПоступило=02.06.26", Some(Dated::Incoming)),
        ("ДатаСписано=2026-06-02", Some(Dated::Outgoing)),
        ("ДатаСписано=00.00.0000\nДатаПоступило=02/06/2026", Some(Dated::Incoming)),
    ] {
        let report = read(of(&format!("Сумма=5\n{body}")).as_bytes()).expect(body);
        assert_eq!(report.documents[0].direction, Direction::BySide { dated }, "{body}");
        assert_eq!(report.documents[0].state, BookingState::Booked, "{body}");
        assert_eq!(codes(&report), [""; 0], "{body}");
    }
}

#[test]
fn purposes_of_several_lines_are_one_text() {
    for (body, purpose) in [
        (
            "НазначениеПлатежа=Оплата\nНазначениеПлатежа1=Оплата\nНазначениеПлатежа2=счёта 5\nНазначениеПлатежа3=\nНазначениеПлатежа4=от 1.06",
            "Оплата счёта 5 от 1.06",
        ),
        ("НазначениеПлатежа1=раз\nНазначениеПлатежа2=два\nНазначениеПлатежа6=шесть", "раз два шесть"),
        (
            "НазначениеПлатежа=Оплата по договору\n№ 5 от 1.06\nв том числе НДС",
            "Оплата по договору № 5 от 1.06 в том числе НДС",
        ),
        ("НазначениеПлатежа=КонецФайла договора", "КонецФайла договора"),
        ("НазначениеПлатежа=Сумма=5; Номер=6", "Сумма=5; Номер=6"),
        ("НазначениеПлатежа=Оплата\nКонец года", "Оплата Конец года"),
    ] {
        let report = read(of(&format!("Сумма=5\n{body}")).as_bytes()).expect(body);
        assert_eq!(report.documents[0].purpose, purpose, "{body}");
        assert_eq!(report.documents.len(), 1, "{body}");
    }
}

#[test]
fn each_side_is_booked_on_its_own_day() {
    for (payer, payee, booked_on, other_side_on) in [
        (OWN, "40702810500000000077", "2026-06-02", Some("2026-06-03")),
        ("40702810500000000077", OWN, "2026-06-03", None),
        ("1", "2", "2026-06-03", None),
    ] {
        let body = format!(
            "Сумма=5\nДатаСписано=02.06.2026\nДатаПоступило=03.06.2026\nПлательщикСчет={payer}\nПолучательСчет={payee}"
        );
        let report = read(of(&body).as_bytes()).expect("a document");
        let document = &report.documents[0];
        let days = (document.booked_on.as_deref(), document.other_side_on.as_deref());
        assert_eq!(days, (Some(booked_on), other_side_on), "{payer} {payee}");
    }
}

#[test]
fn a_number_that_is_too_long_to_be_one_is_kept_whole_beside() {
    let number = "9".repeat(10_000);
    let report = read(of(&format!("Сумма=5\nНомер={number}")).as_bytes()).expect("a document");
    let document = &report.documents[0];
    assert_eq!(document.number, "9".repeat(500));
    assert!(document.extra.contains(&("Номер".to_owned(), number)));
}

#[test]
fn a_file_behind_one_that_broke_off_has_its_own_head() {
    let first = WHOLE.split("Очередность").next().expect("a part");
    let second = WHOLE.replace(OWN, "40702810900000000002");
    let report = report(&format!("{first}{second}"));
    assert_eq!((report.documents.len(), report.accounts.len()), (3, 2));
    assert!(report.documents[0].extra.iter().all(|(key, _)| key != "Отправитель"));
    assert_eq!(codes(&report), ["section_not_closed", "totals_differ"]);
    let told = changed("СекцияРасчСчет", "СекцияРасчСчет=за два дня");
    assert_eq!(
        read(told.as_bytes()).expect("a file").statements[0].extra[0],
        ("СекцияРасчСчет".to_owned(), "за два дня".to_owned())
    );
}
