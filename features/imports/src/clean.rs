//! Texts as people type them, made even: what was changed can be shown beside what stood there.

use takt_kernel::{Fault, FieldFault, Result, money::Currency};

/// Abbreviations that are written in capitals.
const CAPITALS: [&str; 12] =
    ["ООО", "ИП", "АО", "ПАО", "ЗАО", "ОАО", "НКО", "LLC", "LTD", "INC", "GMBH", "СПБ"];

/// What people call a currency beside an amount, and which currencies they mean.
const CALLED: [(&str, &[&str]); 13] = [
    ("₽", &["RUB"]),
    ("р", &["RUB", "BYN"]),
    ("руб", &["RUB", "BYN"]),
    ("rur", &["RUB"]),
    ("$", &["USD", "CAD", "AUD", "NZD", "SGD", "HKD"]),
    ("долл", &["USD"]),
    ("€", &["EUR"]),
    ("евро", &["EUR"]),
    ("euro", &["EUR"]),
    ("£", &["GBP"]),
    ("тг", &["KZT"]),
    ("тнг", &["KZT"]),
    ("грн", &["UAH"]),
];

/// Without spaces too many; a name all in capitals is written as names are.
pub fn name(given: &str) -> String {
    let words: Vec<&str> = given.split_whitespace().collect();
    let shouted = given.chars().filter(|sign| sign.is_alphabetic()).count() > 2
        && given.chars().all(|sign| !sign.is_lowercase());
    if !shouted {
        return words.join(" ");
    }
    words.into_iter().map(calm).collect::<Vec<_>>().join(" ")
}

fn calm(word: &str) -> String {
    if CAPITALS.contains(&word) {
        return word.to_owned();
    }
    let mut calmed = String::with_capacity(word.len());
    let mut begins = true;
    for sign in word.chars() {
        if begins {
            calmed.extend(sign.to_uppercase())
        } else {
            calmed.extend(sign.to_lowercase())
        }
        begins = !sign.is_alphanumeric() && sign != '\'' && sign != '’';
    }
    calmed
}

/// In lower case and without what mail programs put around an address.
pub fn email(given: &str) -> String {
    let given = given.trim().trim_start_matches("mailto:");
    let bare = given.rsplit_once('<').map_or(given, |(_, rest)| rest);
    bare.trim_matches(|sign: char| sign.is_whitespace() || "<>;,".contains(sign)).to_lowercase()
}

/// `1 234,50 ₽` and `1,234.50` as `1234.50`. What stands before and behind may be a currency or a unit; what stands
/// between the figures may only be what people write there.
///
/// # Errors
/// `imports.amount_unreadable` or, of money, `imports.amount_ambiguous` at that field.
pub fn amount(field: &str, given: &str) -> Result<String> {
    let refused = || unreadable(field, "imports.amount_unreadable", given);
    let (first, last) =
        (given.find(|sign: char| sign.is_ascii_digit()), given.rfind(|sign: char| sign.is_ascii_digit()));
    let (Some(first), Some(last)) = (first, last) else { return Err(refused()) };
    let part = |from: usize, to: usize| given.get(from..to).unwrap_or_default();
    let (before, core, behind) = (part(0, first), part(first, last + 1), part(last + 1, given.len()));
    let around = |sign: char| sign.is_alphabetic() || " .,-−₽$€£".contains(sign);
    let letters = before.chars().chain(behind.chars()).filter(|sign| sign.is_alphabetic()).count();
    if letters > 4 || !before.chars().chain(behind.chars()).all(around) {
        return Err(refused());
    }
    let mut groups = core.split([' ', '\'', '’']);
    let bare = groups.clone().collect::<String>();
    let head = groups.next().unwrap_or_default().len();
    let three = |group: &str| group.split(['.', ',']).next().is_some_and(|whole| whole.len() == 3);
    let spaced = bare.len() < core.len();
    if spaced && (head > 3 || !groups.all(three))
        || !bare.chars().all(|sign| sign.is_ascii_digit() || ".,".contains(sign))
    {
        return Err(refused());
    }
    let sign = if before.trim_end().ends_with(['-', '−']) { "-" } else { "" };
    Ok(format!("{sign}{}", decimal(field, &bare, given)?))
}

/// An [`amount`] in this currency. What stands beside it may only be a name of that currency.
///
/// # Errors
/// As [`amount`], and `imports.other_currency` at that field.
pub fn money(field: &str, given: &str, currency: Currency) -> Result<String> {
    let read = amount(field, given)?;
    let called: String = given
        .chars()
        .filter(|sign| sign.is_alphabetic() || "₽$€£".contains(*sign))
        .flat_map(char::to_lowercase)
        .collect();
    let meant = |(name, codes): &(&str, &[&str])| *name == called && codes.contains(&currency.code());
    if called.is_empty() || called.eq_ignore_ascii_case(currency.code()) || CALLED.iter().any(meant) {
        return Ok(read);
    }
    let args = vec![("given".into(), given.to_owned()), ("wanted".into(), currency.to_string())];
    let path = field.to_owned();
    Err(Fault::from_fields(vec![FieldFault { path, code: "imports.other_currency".into(), args }]))
}

/// Figures with points and commas. A single one with three figures behind it groups thousands only if there is another.
fn decimal(field: &str, bare: &str, given: &str) -> Result<String> {
    let Some(at) = bare.rfind(['.', ',']) else { return Ok(bare.to_owned()) };
    let (whole, part) = bare.split_at(at);
    let (mark, part) = part.split_at(1);
    let marks = bare.matches(['.', ',']).count();
    let whole = whole.replace(['.', ','], "");
    if marks > 1 && bare.matches(mark).count() == marks {
        return Ok(format!("{whole}{part}"));
    }
    // `1,234` is a thousand for one and a little more than one for another.
    let is_money = matches!(field, "price" | "discount" | "delivery_price");
    if is_money
        && marks == 1
        && mark == ","
        && part.len() == 3
        && (1..=3).contains(&whole.len())
        && whole != "0"
    {
        return Err(unreadable(field, "imports.amount_ambiguous", given));
    }
    Ok(format!("{whole}.{part}"))
}

/// `20%`, `0.2` as a table program keeps it, and what says that there is none. Empty is not told.
///
/// # Errors
/// `imports.amount_unreadable`.
pub fn vat(given: &str) -> Result<String> {
    let told = given.to_lowercase().replace("ндс", "").replace("vat", "").replace(',', ".");
    let told = told.trim();
    if given.trim().is_empty() {
        return Ok(String::new());
    }
    let none = ["без", "нет", "не обл", "no", "without", "exempt"];
    if told == "-"
        || !told.contains(|sign: char| sign.is_ascii_digit())
            && none.iter().any(|word| told.starts_with(word))
    {
        return Ok("none".to_owned());
    }
    let bare = told.trim_end_matches('%').trim();
    let rate: f64 = bare.parse().map_err(|_| unreadable("vat", "imports.amount_unreadable", given))?;
    let is_fraction = rate > 0.0 && rate < 1.0 && !told.ends_with('%');
    Ok(if is_fraction { format!("{}", (rate * 10_000.0).round() / 100.0) } else { bare.to_owned() })
}

pub(crate) fn unreadable(field: &str, code: &'static str, given: &str) -> Fault {
    let given: String = given.chars().take(80).collect();
    Fault::from_fields(vec![FieldFault {
        path: field.to_owned(),
        code: code.into(),
        args: vec![("given".into(), given)],
    }])
}

pub fn looks_like_email(given: &str) -> bool {
    given
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}

pub fn looks_like_phone(given: &str) -> bool {
    let figures = given.chars().filter(char::is_ascii_digit).count();
    (10..=15).contains(&figures)
        && given.chars().all(|sign| sign.is_ascii_digit() || " +()-.".contains(sign))
        && !given.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_calmed_only_when_they_shout() {
        for (given, cleaned) in [
            ("  иванов   пётр ", "иванов пётр"),
            ("ИВАНОВ ПЁТР", "Иванов Пётр"),
            ("ПЕТРОВА-ВОДКИНА АННА", "Петрова-Водкина Анна"),
            ("ООО \"РОМАШКА\"", "ООО \"Ромашка\""),
            ("O'NEIL JOHN", "O'neil John"),
            ("ИП", "ИП"),
            ("McDonald", "McDonald"),
        ] {
            assert_eq!(name(given), cleaned, "{given}");
        }
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (given, read) in [
            ("1234", "1234"),
            ("1 234,50 ₽", "1234.50"),
            ("1,234.50", "1234.50"),
            ("1.234,50", "1234.50"),
            ("1.234.567", "1234567"),
            ("199,5 руб.", "199.5"),
            ("-3", "-3"),
            ("12 345 678,9", "12345678.9"),
            ("1200,-", "1200"),
            ("1'234.50", "1234.50"),
        ] {
            assert_eq!(amount("price", given).expect(given), read, "{given}");
        }
        for given in ["", "дорого", "1-2-3", "=SUMM(A1)", "2 x 100", "1,5E+05", "(100)", "5 5", "1,234"]
        {
            assert!(amount("price", given).is_err(), "{given}");
        }
    }

    #[test]
    fn money_of_another_currency_is_not_taken_for_ours() {
        for (given, currency, read) in [
            ("1 234,50 ₽", "RUB", Some("1234.50")),
            ("199,5 руб.", "RUB", Some("199.5")),
            ("100 р.", "BYN", Some("100")),
            ("19.90", "RUB", Some("19.90")),
            ("RUB 100", "RUB", Some("100")),
            ("100 rur", "RUB", Some("100")),
            ("$19.90", "USD", Some("19.90")),
            ("19,90 €", "EUR", Some("19.90")),
            ("500 тг", "KZT", Some("500")),
            ("$19.90", "RUB", None),
            ("19,90 €", "RUB", None),
            ("500 KZT", "RUB", None),
            ("100 руб", "USD", None),
            ("100 шт", "RUB", None),
        ] {
            let currency = Currency::from_code(currency).expect("a currency");
            assert_eq!(money("price", given, currency).ok().as_deref(), read, "{given} in {currency}");
        }
    }

    #[test]
    fn a_rate_of_vat_is_read_as_people_and_table_programs_write_it() {
        for (given, read) in [
            ("20%", "20"),
            ("НДС 10,5 %", "10.5"),
            ("0.2", "20"),
            ("0,1", "10"),
            ("22", "22"),
            ("0", "0"),
            ("Без НДС", "none"),
            ("-", "none"),
            (" ", ""),
        ] {
            assert_eq!(vat(given).expect(given), read, "{given}");
        }
        for given in ["20/120", "как обычно", "1 2"] {
            assert!(vat(given).is_err(), "{given}");
        }
    }

    #[test]
    fn addresses_lose_what_stands_around_them() {
        for (given, cleaned) in
            [("Anna@Example.ORG ", "anna@example.org"), ("Анна <anna@example.org>", "anna@example.org")]
        {
            assert_eq!(email(given), cleaned);
        }
    }
}
