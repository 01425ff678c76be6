//! Payer and payee. Banks put the taxpayer number in front of the name in several ways.

use takt_payments_port::Party;

use super::{
    fields::Fields,
    keys::{Detail, Key, Side},
};
use crate::warnings::Warnings;

pub(super) fn read(fields: &mut Fields, side: Side, warnings: &mut Warnings) -> Party {
    let mut take = |detail| fields.take(Key::Party(side, detail), warnings);
    let (line, name) = (take(Detail::NameLine), take(Detail::Name));
    let inn = take(Detail::Inn).and_then(|inn| taxpayer(&inn));
    let mut accounts: Vec<String> = Vec::new();
    for account in [take(Detail::Account), take(Detail::SettlementAccount)].into_iter().flatten() {
        let account: String = account.chars().filter(|letter| !letter.is_whitespace()).collect();
        if !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    let bank = match (take(Detail::Bank), take(Detail::BankCity)) {
        (Some(bank), Some(city)) => Some(format!("{bank}, {city}")),
        (bank, city) => bank.or(city),
    };
    let bic = take(Detail::Bic).filter(|bic| !is_zeros(bic));
    if accounts.is_empty() {
        accounts.extend(account_line(fields, side));
    }
    let (prefix, name, other) = named(line, name, inn.as_deref());
    if other {
        fields.give_back(Key::Party(side, Detail::Name));
    }
    Party { name, inn: inn.or(prefix), accounts, bic, bank }
}

/// The taxpayer number from the prefix of either spelling, the name without it, and whether the other spelling says
/// something else.
fn named(line: Option<String>, name: Option<String>, known: Option<&str>) -> (Option<String>, String, bool) {
    let parted = |text: Option<String>| {
        let text = text.unwrap_or_default();
        match part_inn(&text, known) {
            Some((inn, rest)) if !rest.is_empty() => (Some(inn.to_owned()), rest.to_owned()),
            Some((inn, _)) => (Some(inn.to_owned()), text),
            None => (None, text),
        }
    };
    let ((line_inn, line), (name_inn, name)) = (parted(line), parted(name));
    let other = !line.is_empty() && !name.is_empty() && line != name;
    (line_inn.or(name_inn), if line.is_empty() { name } else { line }, other)
}

/// Parts `ИНН 7707083893, Имя`, `7707083893 Имя`, `ИНН 7707083893/КПП 770701001 Имя` into number
/// and name. Bare digits count only when no other number is known.
fn part_inn<'t>(text: &'t str, known: Option<&str>) -> Option<(&'t str, &'t str)> {
    let labelled = strip_label(text, "инн");
    let digits = labelled.unwrap_or(text);
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    let (inn, rest) = digits.split_at(end);
    let fits = matches!(inn.len(), 10 | 12)
        || (!inn.is_empty() && (known == Some(inn) || (labelled.is_some() && is_zeros(inn))));
    let apart = rest.chars().next().is_none_or(|letter| !letter.is_alphanumeric());
    if !fits || !apart || (labelled.is_none() && known.is_some_and(|known| known != inn)) {
        return None;
    }
    let mut rest = rest.trim_start_matches(SEPARATORS);
    if let Some(kpp) = strip_label(rest, "кпп") {
        rest = kpp.trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start_matches(SEPARATORS);
    }
    Some((if is_zeros(inn) { "" } else { inn }, rest))
        .filter(|(inn, _)| !inn.is_empty() || labelled.is_some())
}

const SEPARATORS: [char; 7] = [' ', ',', ';', ':', '/', '\\', '-'];

fn strip_label<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let mut letters = text.char_indices();
    for expected in label.chars() {
        let (_, letter) = letters.next()?;
        if !letter.to_lowercase().eq([expected]) {
            return None;
        }
    }
    let rest = letters.as_str();
    rest.starts_with(|letter: char| letter.is_ascii_digit() || SEPARATORS.contains(&letter))
        .then(|| rest.trim_start_matches(SEPARATORS))
}

fn taxpayer(inn: &str) -> Option<String> {
    let inn: String = inn.chars().filter(|letter| !letter.is_whitespace()).collect();
    (!inn.is_empty() && !is_zeros(&inn)).then_some(inn)
}

fn is_zeros(text: &str) -> bool {
    text.chars().all(|letter| letter == '0')
}

/// Where a party has no account key, its second line may be the account.
fn account_line(fields: &Fields, side: Side) -> Option<String> {
    fields
        .look(Key::Party(side, Detail::FurtherLine))
        .map(|field| field.value.trim())
        .find(|line| line.len() == 20 && line.bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taxpayer_number_before_the_name_is_taken_off() {
        for (text, known, expected) in [
            ("ИНН 7707083893, ООО Ромашка", None, Some(("7707083893", "ООО Ромашка"))),
            ("7707083893, ООО Ромашка", None, Some(("7707083893", "ООО Ромашка"))),
            ("7707083893 ООО Ромашка", Some("7707083893"), Some(("7707083893", "ООО Ромашка"))),
            ("ИНН 325502595143 ИП Прохоренко", None, Some(("325502595143", "ИП Прохоренко"))),
            ("инн7707083893\\КПП 770701001 ООО", None, Some(("7707083893", "ООО"))),
            ("ИНН: 7707083893/770701001 ООО", None, Some(("7707083893", "770701001 ООО"))),
            ("ИНН 0 Иванов Иван", None, Some(("", "Иванов Иван"))),
            ("7707083893 ООО Ромашка", Some("5001007322"), None),
            ("77070838930 ООО", None, None),
            ("7707083893ООО", None, None),
            ("7123456789012, ИП Пупкин", Some("7123456789012"), Some(("7123456789012", "ИП Пупкин"))),
            ("7123456789012, ИП Пупкин", None, None),
            ("ИННА Петрова", None, None),
            ("Иванов", None, None),
            ("", None, None),
        ] {
            assert_eq!(part_inn(text, known), expected, "{text:?}");
        }
    }
}
