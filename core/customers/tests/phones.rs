//! One number is one identity, however and wherever it is written.

use phonenumber::metadata::DATABASE;
use proptest::prelude::*;
use takt_customers::{Phone, shown};

fn identity(text: &str, region: &str) -> Option<String> {
    Phone::parse(text, region).and_then(|phone| phone.identity())
}

/// Ten digits of a Russian mobile number.
fn mobiles() -> impl Strategy<Value = String> {
    "9[0-6][0-9]{8}"
}

/// A number, with something between its digits as people write it.
fn spelled(national: &str, marks: &[&str]) -> String {
    let mut written = String::new();
    for (place, digit) in national.chars().enumerate() {
        written.push_str(match place {
            0 => "",
            3 => marks[0],
            6 => marks[1],
            8 => marks[2],
            _ => "",
        });
        written.push(digit);
    }
    written
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_way_of_writing_a_number_is_one_identity(
        national in mobiles(),
        start in prop::sample::select(vec!["8", "8 ", "+7", "+7 ", "7", "8-", "8 (", "+7(", "+8 ", "", "тел. 8 ", "моб: +7"]),
        marks in prop::collection::vec(prop::sample::select(vec!["", " ", "-", ".", ") ", ")", "\u{a0}", "–", " - "]), 3),
        end in prop::sample::select(vec!["", " ", ", спросить Анну", " (Анна)", "; после 18"]),
        extension in prop::option::of((prop::sample::select(vec![" доб. ", ", доб ", " ext ", "#", " вн. "]), "[0-9]{1,6}")),
    ) {
        let (mark, figures) = extension.clone().unwrap_or_default();
        let given = format!("{start}{}{mark}{figures}{end}", spelled(&national, &marks));
        let mut expected = format!("+7{national}");
        if extension.is_some() {
            expected.push_str(&format!(";ext={figures}"));
        }
        prop_assert_eq!(identity(&given, "RU"), Some(expected), "{}", given);
    }

    #[test]
    fn what_was_read_is_read_again(region in "[A-Z]{2}", given in "\\PC{0,40}|[-+0-9() .#x]{5,30}") {
        let Some(phone) = Phone::parse(&given, &region) else { return Ok(()) };
        prop_assert_eq!(phone.original(), given.trim());
        prop_assert_eq!(Phone::kept(phone.identity().as_deref(), phone.original()), phone.clone());
        if let Some(known) = phone.identity() {
            prop_assert_eq!(identity(&known, &region), Some(known.clone()), "{}", given);
            prop_assert_eq!(identity(&phone.shown(), &region), Some(known), "{}", phone.shown());
        }
    }
}

/// Fewer digits than these are a house number or a price to us.
const FEWEST_DIGITS: usize = 7;

#[test]
fn a_number_of_any_country_is_the_same_in_all_its_forms() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for region in regions() {
        let Some(country) = DATABASE.by_id(&region) else { continue };
        let plan = country.descriptors();
        let prefix = country.national_prefix().unwrap_or_default();
        for kind in [plan.mobile(), plan.fixed_line()].into_iter().flatten() {
            let Some(national) = kind.example() else { continue };
            let e164 = format!("+{}{national}", country.country_code());
            let mut forms = vec![(e164.clone(), "??"), (shown(&e164), "RU"), (shown(&e164), region.as_str())];
            if national.len() >= FEWEST_DIGITS {
                forms.push((format!("{prefix}{national}"), region.as_str()));
            }
            for (form, at) in forms {
                tried += 1;
                let known = identity(&form, at);
                if known.as_deref() != Some(e164.as_str()) {
                    wrong.push(format!("{form} in {at} of {region} is {known:?}, not {e164}"));
                }
            }
        }
    }
    assert!(tried > 1_500, "{tried} forms");
    assert_eq!(wrong, Vec::<String>::new());
}

/// All pairs of letters.
fn regions() -> impl Iterator<Item = String> {
    ('A'..='Z').flat_map(|one| ('A'..='Z').map(move |other| format!("{one}{other}")))
}
