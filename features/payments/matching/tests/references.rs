#![expect(clippy::expect_used, reason = "a test that cannot go on fails right there")]

use proptest::prelude::*;
use takt_payments_matching::{Prefix, Reference, text::read};

fn reference(serial: u64) -> Reference {
    Reference::new(Prefix::DEFAULT, serial).expect("a serial in range")
}

#[test]
fn a_reference_reads_back_from_any_keyboard() {
    let printed = reference(1024).to_string();
    assert_eq!(printed.len(), 10, "{printed}");
    assert!(printed.starts_with("TX001024"), "{printed}");
    for spelled in [
        printed.clone(),
        printed.to_lowercase(),
        printed.replace('T', "Т").replace('X', "х"),
        format!(" {printed} "),
    ] {
        assert_eq!(Reference::parse(&spelled).expect("valid"), reference(1024), "{spelled}");
    }
    assert_eq!(reference(1024).serial(), 1024);
    assert_eq!(reference(Reference::LARGEST_SERIAL).to_string().len(), 13);
}

#[test]
fn every_wrong_digit_letter_and_swap_of_neighbours_is_caught() {
    for serial in (1..3_000).chain([99_999, 999_999, 1_000_000, 10_243_758, Reference::LARGEST_SERIAL]) {
        let printed = reference(serial).to_string().into_bytes();
        for at in 2..printed.len() {
            for digit in b'0'..=b'9' {
                let mut changed = printed.clone();
                changed[at] = digit;
                assert_eq!(parses(&changed), digit == printed[at], "{serial} at {at}");
            }
            let mut swapped = printed.clone();
            swapped.swap(at - 1, at);
            assert!(at == 2 || swapped == printed || !parses(&swapped), "{serial} swapped at {at}");
        }
        for at in 0..2 {
            for letter in Prefix::LETTERS.bytes() {
                let mut changed = printed.clone();
                changed[at] = letter;
                assert_eq!(parses(&changed), letter == printed[at], "{serial} letter {at}");
            }
        }
    }
}

fn parses(token: &[u8]) -> bool {
    Reference::parse(std::str::from_utf8(token).expect("ascii")).is_ok()
}

#[test]
fn a_prefix_is_one_or_two_letters_that_both_alphabets_have() {
    for (given, prefix) in [
        ("ТХ", Some("TX")),
        ("м", Some("M")),
        ("ak", Some("AK")),
        ("", None),
        ("ABC", None),
        ("Д", None),
        ("A1", None),
    ] {
        assert_eq!(Prefix::parse(given).ok().map(|prefix| prefix.to_string()).as_deref(), prefix, "{given}");
    }
}

#[test]
fn serials_out_of_range_and_other_shapes_are_refused() {
    assert!(Reference::new(Prefix::DEFAULT, 0).expect_err("zero").is("matching.serial_out_of_range"));
    assert!(Reference::new(Prefix::DEFAULT, Reference::LARGEST_SERIAL + 1).is_err());
    let valid = reference(1024).to_string();
    for text in [
        "",
        "TX",
        "00102475",
        "TX0000",
        "TX 001024",
        "TX00102475000000",
        &format!("{valid}0"),
        &valid.replace("TX00", "TX0000"),
    ] {
        assert!(Reference::parse(text).is_err(), "{text}");
    }
}

#[test]
fn european_payers_get_the_same_reference_as_iso_11649() {
    for serial in [1, 1024, 999_999, 7_654_321] {
        let own = reference(serial);
        let creditor = own.to_creditor_reference();
        assert!(creditor.starts_with("RF") && creditor.len() <= 25, "{creditor}");
        assert_eq!(Reference::from_creditor_reference(&creditor), Some(own));
        assert_eq!(
            Reference::from_creditor_reference(&own.to_printed_creditor_reference().to_lowercase()),
            Some(own)
        );
        let wrong = creditor.replacen(char::is_numeric, "x", 1);
        assert_eq!(Reference::from_creditor_reference(&wrong), None, "{wrong}");
    }
    // The standard's own example is valid, and not ours.
    assert_eq!(Reference::from_creditor_reference("RF18 5390 0754 7034"), None);
    assert_eq!(Reference::from_creditor_reference("RFи8"), None);
}

#[test]
fn iso_11649_check_digits_agree_with_an_independent_calculation() {
    // Letters as numbers, the head moved to the end, modulo 97 by long division of the digits.
    let creditor = reference(10_243).to_creditor_reference();
    let moved = format!("{}{}", &creditor[4..], &creditor[..4]);
    let digits: String =
        moved.chars().map(|letter| letter.to_digit(36).expect("alphanumeric").to_string()).collect();
    let value: u128 = digits.parse().expect("fits");
    assert_eq!(value % 97, 1, "{creditor}");
}

#[test]
fn a_part_of_a_reference_before_a_mistyped_digit_is_not_a_reference() {
    // Nine digits that hold by themselves, within eleven that held before 2 became A.
    assert_eq!(Reference::parse("TX860558872").ok().map(Reference::serial), Some(8_605_588));
    for purpose in ["Оплата по счету TX860558872A5", "Оплата ТХ860558872а5 от 05.05.2026"]
    {
        assert_eq!(found(purpose), [], "{purpose}");
    }
    assert_eq!(found("Оплата TX860558872от05.05.2026").len(), 1);
}

fn found(purpose: &str) -> Vec<Reference> {
    read(purpose, &[Prefix::DEFAULT]).references.into_iter().map(|named| named.reference).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_printed_is_found_in_a_text(
        serial in 1..=Reference::LARGEST_SERIAL,
        before in "(Оплата |по счету |за товар, |№ ?|заказ |[а-я]{3,8} ){0,3}",
        after in "(| от 05[.]05[.]2026|, без НДС|[.] Спасибо| на сумму 100-00| и еще| НДС 22% 18[.]03)",
        european in any::<bool>(),
        cyrillic in any::<bool>(),
    ) {
        let reference = reference(serial);
        let printed = match (european, cyrillic) {
            (true, _) => reference.to_printed_creditor_reference(),
            (false, true) => reference.to_string().replace('T', "Т").replace('X', "х"),
            (false, false) => reference.to_string(),
        };
        let purpose = format!("{before}{printed}{after}");
        prop_assert_eq!(found(&purpose), [reference], "{}", purpose);
    }

    #[test]
    fn with_one_letter_changed_it_names_nothing_else(
        serial in 1..=Reference::LARGEST_SERIAL,
        place in any::<prop::sample::Index>(),
        letter in "[0-9A-ZА-Я]",
    ) {
        let reference = reference(serial);
        let mut letters: Vec<char> = reference.to_string().chars().collect();
        let place = place.index(letters.len());
        letters[place] = letter.chars().next().unwrap_or('0');
        let changed: String = letters.into_iter().collect();
        // Look-alikes (О for 0) may still be read as what they were meant to be.
        // A letter behind the last digit that is left is a word of its own: «TX00102413в т.ч. НДС».
        prop_assume!(place + 1 < changed.chars().count() || changed.ends_with(|last: char| last.is_ascii_digit()));
        let purpose = format!("Оплата по счету {changed} от 05.05.2026");
        prop_assert!(found(&purpose).iter().all(|named| *named == reference), "{}", purpose);
    }

    #[test]
    fn with_two_neighbours_swapped_it_names_nothing_else(serial in 1..=Reference::LARGEST_SERIAL, place in any::<prop::sample::Index>()) {
        let reference = reference(serial);
        let mut letters: Vec<char> = reference.to_string().chars().collect();
        let place = place.index(letters.len() - 1);
        letters.swap(place, place + 1);
        let changed: String = letters.into_iter().collect();
        prop_assert!(found(&format!("Оплата {changed}")).iter().all(|named| *named == reference), "{}", changed);
    }
}
