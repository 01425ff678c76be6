//! An amount as invoices write it out. The words of each language stand in its texts; what is here is how
//! both put numbers together: three digits at a time.

use takt_kernel::money::Money;
use takt_ui::Words;

/// Names of powers of a thousand, from the thousand itself.
const SCALES: usize = 5;

/// `Одна тысяча двести тридцать четыре рубля 50 копеек`; `One thousand two hundred thirty-four roubles
/// 50 kopecks`. Currencies without a text of their own are named by their code.
pub(crate) fn in_words(w: &Words, amount: Money) -> String {
    let exponent = amount.currency().exponent();
    let unit = 10_i64.checked_pow(exponent).unwrap_or(1);
    let (whole, minor) = (amount.minor().unsigned_abs() / unit.unsigned_abs(), amount.minor() % unit);
    let code = amount.currency().code();
    let plural = i64::try_from(whole % 1_000_000).unwrap_or_default();
    let named = |kind: &str, count: i64| {
        w.texts().find(w.lang(), &format!("payments-words-{kind}-{code}"), &[("count", count.into())])
    };
    let mut text = cardinal(w, whole);
    text.push(' ');
    text.push_str(&named("major", plural).unwrap_or_else(|| code.to_owned()));
    if exponent > 0 {
        let digits = format!("{:0width$}", minor.abs(), width = usize::try_from(exponent).unwrap_or(2));
        text.push(' ');
        text.push_str(&digits);
        if let Some(name) = named("minor", minor.abs()) {
            text.push(' ');
            text.push_str(&name);
        }
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A whole number in words; in Russian masculine, its thousands feminine.
fn cardinal(w: &Words, number: u64) -> String {
    let list = |key: &str| w.t(key).split('|').map(|word| word.trim().to_owned()).collect::<Vec<_>>();
    let (ones, feminine) = (list("payments-words-ones"), list("payments-words-ones-of-thousands"));
    let (tens, hundreds) = (list("payments-words-tens"), list("payments-words-hundreds"));
    let word = |words: &[String], at: u64| usize::try_from(at).ok().and_then(|at| words.get(at)).cloned();
    if number == 0 {
        return word(&ones, 0).unwrap_or_default();
    }
    let mut said: Vec<String> = Vec::new();
    for scale in (0..=SCALES).rev() {
        let power = 1000_u64.pow(u32::try_from(scale).unwrap_or_default());
        let part = number / power % 1000;
        if part == 0 {
            continue;
        }
        let ones = if scale == 1 { &feminine } else { &ones };
        if part >= 100 {
            said.extend(word(&hundreds, part / 100 - 1));
        }
        let rest = part % 100;
        match (rest / 10, rest % 10) {
            (0 | 1, _) if rest == 0 => {}
            (0 | 1, _) => said.extend(word(ones, rest)),
            (ten, 0) => said.extend(word(&tens, ten - 2)),
            (ten, one) => {
                let (ten, one) = (word(&tens, ten - 2), word(ones, one));
                let args =
                    [("tens", ten.unwrap_or_default().into()), ("ones", one.unwrap_or_default().into())];
                said.push(w.ta("payments-words-tens-and-ones", &args));
            }
        }
        if scale > 0 {
            let count = i64::try_from(part).unwrap_or_default();
            said.push(w.ta(&format!("payments-words-scale-{scale}"), &[("count", count.into())]));
        }
    }
    said.join(" ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use takt_kernel::money::Currency;
    use takt_ui::{Lang, Texts};

    use super::*;

    fn words(lang: Lang) -> Words {
        let own = crate::TEXTS.map(|(lang, source)| (Lang::parse(lang).unwrap_or_default(), source));
        let texts = Texts::new(takt_ui::TEXTS.into_iter().chain(own));
        Words::new(Arc::new(texts), lang, jiff::tz::TimeZone::UTC)
    }

    #[test]
    fn amounts_are_written_out_as_invoices_have_them() {
        let (russian, english) = (words(Lang::Ru), words(Lang::En));
        for (amount, ru, en) in [
            ("0.00", "Ноль рублей 00 копеек", "Zero roubles 00 kopecks"),
            ("1.01", "Один рубль 01 копейка", "One rouble 01 kopeck"),
            ("2.02", "Два рубля 02 копейки", "Two roubles 02 kopecks"),
            ("5.11", "Пять рублей 11 копеек", "Five roubles 11 kopecks"),
            ("11.21", "Одиннадцать рублей 21 копейка", "Eleven roubles 21 kopecks"),
            ("21.00", "Двадцать один рубль 00 копеек", "Twenty-one roubles 00 kopecks"),
            ("40.00", "Сорок рублей 00 копеек", "Forty roubles 00 kopecks"),
            ("100.00", "Сто рублей 00 копеек", "One hundred roubles 00 kopecks"),
            (
                "699.00",
                "Шестьсот девяносто девять рублей 00 копеек",
                "Six hundred ninety-nine roubles 00 kopecks",
            ),
            ("1000.00", "Одна тысяча рублей 00 копеек", "One thousand roubles 00 kopecks"),
            (
                "1234.50",
                "Одна тысяча двести тридцать четыре рубля 50 копеек",
                "One thousand two hundred thirty-four roubles 50 kopecks",
            ),
            ("2000.00", "Две тысячи рублей 00 копеек", "Two thousand roubles 00 kopecks"),
            ("5000.00", "Пять тысяч рублей 00 копеек", "Five thousand roubles 00 kopecks"),
            ("11000.00", "Одиннадцать тысяч рублей 00 копеек", "Eleven thousand roubles 00 kopecks"),
            (
                "21001.00",
                "Двадцать одна тысяча один рубль 00 копеек",
                "Twenty-one thousand one roubles 00 kopecks",
            ),
            ("1000000.00", "Один миллион рублей 00 копеек", "One million roubles 00 kopecks"),
            (
                "2002012.00",
                "Два миллиона две тысячи двенадцать рублей 00 копеек",
                "Two million two thousand twelve roubles 00 kopecks",
            ),
            ("1000000000.00", "Один миллиард рублей 00 копеек", "One billion roubles 00 kopecks"),
        ] {
            let amount = Money::parse(amount, Currency::RUB).expect("an amount");
            assert_eq!(in_words(&russian, amount), ru, "{amount}");
            assert_eq!(in_words(&english, amount), en, "{amount}");
        }
        let yuan = Money::new(1_200, Currency::from_code("CNY").expect("yuan"));
        assert_eq!(in_words(&russian, yuan), "Двенадцать CNY 00");
    }

    /// What was written out is read again, digit by digit, for many numbers: nothing is lost between them.
    #[test]
    fn words_tell_the_number_back() {
        let w = words(Lang::Ru);
        let list = |key: &str| w.t(key).split('|').map(str::to_owned).collect::<Vec<String>>();
        let (ones, feminine) = (list("payments-words-ones"), list("payments-words-ones-of-thousands"));
        let (tens, hundreds) = (list("payments-words-tens"), list("payments-words-hundreds"));
        let value = |word: &str| -> u64 {
            let at = |list: &[String], first: u64, step: u64| {
                list.iter().position(|known| known == word).map(|at| first + at as u64 * step)
            };
            at(&ones, 0, 1)
                .or_else(|| at(&feminine, 0, 1))
                .or_else(|| at(&tens, 20, 10))
                .or_else(|| at(&hundreds, 100, 100))
                .unwrap_or_else(|| panic!("{word}"))
        };
        let back = |said: &str| {
            let (mut whole, mut part) = (0, 0);
            for word in said.split(' ') {
                match word {
                    word if word.starts_with("тысяч") => (whole, part) = (whole + part * 1000, 0),
                    word if word.starts_with("миллион") => {
                        (whole, part) = (whole + part * 1_000_000, 0)
                    }
                    word if word.starts_with("миллиард") => {
                        (whole, part) = (whole + part * 1_000_000_000, 0)
                    }
                    word => part += value(word),
                }
            }
            whole + part
        };
        let mut number: u64 = 1;
        for n in 0..3_000_u64 {
            let asked = if n < 1_200 { n } else { number % 1_000_000_000_000 };
            assert_eq!(back(&cardinal(&w, asked)), asked);
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        }
    }
}
