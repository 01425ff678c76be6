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
                let args = [("tens", ten.unwrap_or_default().into()), ("ones", one.unwrap_or_default().into())];
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
