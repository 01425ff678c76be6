//! What is read from a purpose. `R` is the reference of serial 1024 under the default prefix.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails right there")]

use proptest::prelude::*;
use takt_payments_matching::{
    Date, Prefix, Reference,
    text::{Extract, Vat, read},
};

fn own() -> Reference {
    Reference::new(Prefix::DEFAULT, 1024).expect("in range")
}

/// References, malformed tokens, numbers with days, bare numbers, in one line.
fn summary(purpose: &str, prefixes: &[Prefix]) -> String {
    let Extract { references, malformed, numbers, bare, loose_dates, .. } = read(purpose, prefixes);
    let day = |date: Option<Date>| date.map_or(String::new(), |date| format!("@{date}"));
    let mut parts: Vec<String> = references
        .iter()
        .map(|named| {
            let name = if named.reference == own() { "R".to_owned() } else { named.reference.to_string() };
            format!("{name}{}", day(named.date))
        })
        .collect();
    parts.extend(malformed.iter().map(|token| format!("!{token}")));
    parts.extend(numbers.iter().map(|number| {
        let range =
            if number.range.is_empty() { String::new() } else { format!("={}", number.range.join("+")) };
        format!("#{}{range}{}", number.key, day(number.date))
    }));
    parts.extend(bare.iter().map(|number| format!("?{number}")));
    parts.extend(loose_dates.iter().map(|date| format!("@{date}")));
    parts.join(" ")
}

fn check(rows: &[(&str, &str)]) {
    let printed = own().to_string();
    let digits = own().digits();
    for (purpose, expected) in rows {
        let purpose = purpose.replace("{R}", &printed).replace("{D}", &digits);
        assert_eq!(summary(&purpose, &[Prefix::DEFAULT]), *expected, "{purpose}");
    }
}

#[test]
fn a_reference_is_read_however_it_is_spelled() {
    let printed = own().to_string();
    let digits = own().digits();
    let (head, tail) = digits.split_at(4);
    for spelled in [
        printed.clone(),
        printed.to_lowercase(),
        format!("ТХ{digits}"),
        format!("тх {digits}"),
        format!("TX-{digits}"),
        format!("TX {head} {tail}"),
        format!("TX{head}-{tail}"),
        format!("TX {} {} {} {}", &digits[..2], &digits[2..4], &digits[4..6], &digits[6..]),
        format!("TX{}", digits.replace('0', "О")),
        format!("TX{}", digits.replacen('0', "o", 1)),
        format!("TX{}", digits.replacen('1', "l", 1)),
        format!("TX{}", digits.replacen('1', "I", 1)),
        format!("СЧЕТУ{printed}ОТ05.05.2026"),
        format!("ОПЛАТАПОСЧЕТУ{printed}"),
        format!("№{printed}"),
        format!("N{printed}"),
        format!("(счет {printed})"),
        format!("по счету {printed}от 01.02.2026"),
        own().to_creditor_reference(),
        own().to_printed_creditor_reference(),
        format!("/ROC/{printed}//"),
    ] {
        let found = read(&format!("Оплата {spelled}, без НДС"), &[Prefix::DEFAULT]);
        assert_eq!(
            found.references.iter().map(|named| named.reference).collect::<Vec<_>>(),
            [own()],
            "{spelled}"
        );
        assert!(found.malformed.is_empty() && found.numbers.is_empty(), "{spelled} {found:?}");
    }
    assert_eq!(summary(&format!("{printed} и снова {printed}"), &[Prefix::DEFAULT]), "R");
}

#[test]
fn a_reference_needs_its_letters_its_check_digits_and_its_own_place() {
    check(&[
        ("Оплата {D}", "?102413"),
        ("Оплата по счету {D}", "#102413"),
        ("БИК {R}", ""),
        ("ИНН {R} КПП 770101001", ""),
        ("р/с {R}", ""),
        ("по договору {R} от 05.05.2026", "R@2026-05-05"),
        ("счет-договор {R}", "R"),
        ("TX00102471", "!TX00102471"),
        ("по счету TX00102471 от 05.05.2026", "!TX00102471"),
        ("сч {R}, TX0010247", "R !TX0010247"),
    ]);
}

#[test]
fn a_preposition_is_no_prefix_and_no_word_ends_in_one() {
    let (k, ta) = (Prefix::parse("К").expect("letter"), Prefix::parse("ТА").expect("letters"));
    let (one, two) = (Reference::new(k, 7).expect("in range"), Reference::new(ta, 7).expect("in range"));
    assert_eq!(read(&format!("доплата к {}", one.digits()), &[k]).references, []);
    assert_eq!(read(&format!("доплата {one}"), &[k]).references.len(), 1);
    assert_eq!(read(&format!("ОПЛАТА{}", two.digits()), &[ta]).references, []);
    assert_eq!(read(&format!("ОПЛАТА {two}"), &[ta]).references.len(), 1);
}

#[test]
fn numbers_count_after_an_invoice_word_only() {
    check(&[
        ("Оплата по счету N 1024 от 01.01.23г 18026,52", "#1024@2023-01-01"),
        ("Оплата по счёту №1024 от 5 мая 2026 г. за товар", "#1024@2026-05-05"),
        ("СЧЕТУ1000001", "#1000001"),
        ("ПОСЧЕТУ1024ОТ05.05.2026", "#1024@2026-05-05"),
        ("счетN1024", "#1024"),
        ("cч. 1024", "#1024"),
        ("Оплата заказа покупателя ИМ-1024", "#ИM1024"),
        ("по счету на оплату № 15/2 от 05.05.26", "#15-2@2026-05-05"),
        ("с/ф 77 от 05.05.2026", "#77@2026-05-05"),
        ("по сч-фактуре 77", "#77"),
        ("invoice 1024 dated 2026-05-05", "#1024@2026-05-05"),
        ("Order No. 5512", "#5512"),
        ("PAYMENT ORDER 5512", "?5512"),
        ("счет от 05.05.2026 № 1024", "#1024@2026-05-05"),
        ("оплата по счету от 05.05.2026", "@2026-05-05"),
        ("N 1024", "?1024"),
        ("АКТУ NO456", ""),
        ("Р/С N40702810000000000001", ""),
        ("счетчик 10245", "?10245"),
        ("заказчик 10245", "?10245"),
        ("лицевой счет 1024567", ""),
        ("счет 000123", "#123"),
        ("Пополнение р/счета 4070281", ""),
    ]);
}

#[test]
fn lists_and_ranges_name_each_of_their_invoices() {
    check(&[
        ("счета 1024, 1025 и 1026", "#1024 #1025 #1026"),
        ("счетов №1024 от 05.05.2026, №1025 от 06.05.2026", "#1024@2026-05-05 #1025@2026-05-06"),
        ("сч. 998; 999; 1000", "#998 #999 #1000"),
        ("счета 1024-1027", "#1024-1027=1024+1025+1026+1027"),
        ("счета с 1024 по 1026", "#1024=1024+1025+1026"),
        ("счет 1024, 25 позиций", "#1024"),
        ("счет 1024, 7", "#1024"),
        ("счета {R}, 1026", "R #1026"),
        ("{R} и 1026", "R #1026"),
        ("{R} 1026", "R ?1026"),
        ("счет 1024 и заказ 5512", "#1024 #5512"),
    ]);
}

#[test]
fn dates_sums_vat_contracts_and_fields_are_no_invoice_numbers() {
    check(&[
        ("Оплата за товар 05.05.2026", ""),
        ("за май 2026 г.", ""),
        ("за 2026 год", ""),
        ("5 мая", ""),
        ("В т.ч. НДС 22% 1803.28", ""),
        ("В том числе НДС 20 % - 3005-00 руб.", ""),
        ("НДС 5%", ""),
        ("НДС(20%) 12 305,50", ""),
        ("Без НДС. счет 1024", "#1024"),
        ("сумма 12 000-00, счет 1024", "#1024"),
        ("на сумму 12000", ""),
        ("12 000 руб. 50 коп.", ""),
        ("счет № 15 125.00", "#15"),
        ("счет 1024 1500 руб", "#1024"),
        ("по договору № 15/2026 от 12.03.2025", ""),
        ("акт № 77, накладная 78 от 05.05.2026", ""),
        ("КПП770101001 БИК044525225 ИНН 7707083893", ""),
        ("40702810400000001234", ""),
        ("тел. +7 (921) 123-45-67", ""),
        ("тел 8 921 123 45 67", ""),
        ("арт. 10245, 5 шт", ""),
        ("паспорт 4510123456", ""),
        ("1 квартал", ""),
    ]);
}

#[test]
fn vat_and_stated_sums_stay_as_hints() {
    let found = read("На сумму 12 000,50 руб., в т.ч. НДС 20% - 2000-08 руб.", &[]);
    assert_eq!(found.stated_sums, [1_200_050]);
    assert_eq!(found.vat, Vat::Included { amount: Some(200_008), percent: Some(20) });
    assert_eq!(read("НДС не облагается", &[]).vat, Vat::None);
    assert_eq!(read("Без НДС", &[]).vat, Vat::None);
    assert_eq!(read("Оплата", &[]).vat, Vat::Unsaid);
}

#[test]
fn a_text_of_any_length_is_read() {
    for unit in [
        "TX0 ",
        "счет ",
        "1,",
        "1 ",
        "N",
        "TX1-",
        "СЧЕТУTX",
        "р/с ",
        "НДС 1 ",
        "RF18 ",
        "05.05.",
        "O",
        "1-",
        "БИК-",
        "+1(",
    ] {
        let found = read(&unit.repeat(100_000), &[Prefix::DEFAULT]);
        assert!(found.references.is_empty(), "{unit}");
    }
}

/// Long ones: a number after a word like «бик» is that field, «руб» makes a sum of the one before it.
const LONG_WORDS: &str = "([а-я]{7,9} ){0,2}";
const AFTER_IT: &str = "[ ,.;]([а-я]{7,9} ){0,2}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,250}") {
        let _ = read(&text, &[Prefix::DEFAULT]);
    }

    #[test]
    fn any_mixture_of_payment_language_is_read_without_a_panic(
        parts in prop::collection::vec(prop::sample::select(vec![
            "счет", "СЧ", "№", "N", " ", "-", "/", ".", ",", "от", "05", "2026", "TX", "ТХ", "00102413", "1024", "О", "l", "З",
            "НДС", "20%", "руб", "сумма", "р/с", "БИК", "с", "по", "и", "RF", "мая", "+7", "договор", "(", ")", "ё", "№№", "ﬁ", "İ",
        ]), 0..40)
    ) {
        let _ = read(&parts.concat(), &[Prefix::DEFAULT]);
    }

    #[test]
    fn a_printed_reference_is_found_between_words(serial in 1_u64..=Reference::LARGEST_SERIAL, before in LONG_WORDS, after in AFTER_IT) {
        let reference = Reference::new(Prefix::DEFAULT, serial).expect("in range");
        let found = read(&format!("{before} {reference}{after}"), &[Prefix::DEFAULT]);
        prop_assert!(found.references.iter().any(|named| named.reference == reference));
    }
}
