//! How digits are written in each language. Pure text work; no texts of their own.

use takt_kernel::money::Money;

use super::Lang;

const NO_BREAK_SPACE: char = '\u{a0}';
const MINUS: char = '\u{2212}';

/// Regroups a plain decimal such as `-1234.50`: `−1 234,50` in Russian, `−1,234.50` in English.
pub(super) fn decimal(lang: Lang, plain: &str) -> String {
    let (negative, digits) = plain.strip_prefix('-').map_or((false, plain), |digits| (true, digits));
    let (whole, fraction) =
        digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let (group, point) = match lang {
        Lang::Ru => (NO_BREAK_SPACE, ','),
        Lang::En => (',', '.'),
    };
    let mut text = String::with_capacity(plain.len() + 8);
    if negative {
        text.push(MINUS);
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(group);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// `18 610,00 ₽`, `₽18,610.00`.
pub(super) fn money(lang: Lang, money: Money) -> String {
    with_currency(lang, &decimal(lang, &money.to_decimal_string()), money.currency().code())
}

/// Puts the currency where the language puts it. Only signs nobody can mistake are used: `$` is
/// many currencies' sign.
pub(super) fn with_currency(lang: Lang, amount: &str, code: &str) -> String {
    let sign = match code {
        "RUB" => "₽",
        "EUR" => "€",
        "GBP" => "£",
        _ => "",
    };
    match (lang, sign) {
        (_, "") => format!("{amount}{NO_BREAK_SPACE}{code}"),
        (Lang::Ru, sign) => format!("{amount}{NO_BREAK_SPACE}{sign}"),
        (Lang::En, sign) => match amount.strip_prefix(MINUS) {
            Some(positive) => format!("{MINUS}{sign}{positive}"),
            None => format!("{sign}{amount}"),
        },
    }
}

/// `+7 912 345-67-89`, `+375 29 123-45-67`; other plans stay as they are stored.
pub(super) fn phone(e164: &str) -> String {
    let digits = e164.strip_prefix('+').unwrap_or_default();
    let plain = digits.chars().all(|digit| digit.is_ascii_digit());
    let (country, national) = match (digits.len(), plain) {
        (11, true) if digits.starts_with('7') => digits.split_at(1),
        (12, true) if digits.starts_with("375") || digits.starts_with("380") => digits.split_at(3),
        _ => return e164.to_owned(),
    };
    let (area, local) = national.split_at(national.len() - 7);
    let (first, last) = local.split_at(3);
    let (middle, end) = last.split_at(2);
    format!("+{country}{NO_BREAK_SPACE}{area}{NO_BREAK_SPACE}{first}-{middle}-{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        for (plain, russian, english) in [
            ("0", "0", "0"),
            ("999", "999", "999"),
            ("1234.50", "1\u{a0}234,50", "1,234.50"),
            ("-1234567", "\u{2212}1\u{a0}234\u{a0}567", "\u{2212}1,234,567"),
        ] {
            assert_eq!(decimal(Lang::Ru, plain), russian);
            assert_eq!(decimal(Lang::En, plain), english);
        }
    }

    #[test]
    fn money_names_its_currency_without_doubt() {
        for (lang, code, expected) in
            [(Lang::Ru, "RUB", "5\u{a0}₽"), (Lang::En, "RUB", "₽5"), (Lang::En, "USD", "5\u{a0}USD")]
        {
            assert_eq!(with_currency(lang, "5", code), expected);
        }
        assert_eq!(with_currency(Lang::En, "\u{2212}5", "EUR"), "\u{2212}€5");
    }

    #[test]
    fn phones_are_written_as_people_read_them() {
        for (stored, shown) in [
            ("+79123456789", "+7\u{a0}912\u{a0}345-67-89"),
            ("+375291234567", "+375\u{a0}29\u{a0}123-45-67"),
            ("+4930123456", "+4930123456"),
            ("доб. 12", "доб. 12"),
        ] {
            assert_eq!(phone(stored), shown);
        }
    }
}
