//! Names of people and firms, as far as they may be compared.

use crate::alphabet::{Lexemes, is_letter, normalise};

static FORMS: Lexemes = Lexemes::new(&[
    "ООО",
    "ОАО",
    "ЗАО",
    "ПАО",
    "НАО",
    "АО",
    "ИП",
    "ИНДИВИДУАЛЬНЫЙ",
    "ПРЕДПРИНИМАТЕЛЬ",
    "ОБЩЕСТВО",
    "LLC",
    "GMBH",
    "LTD",
]);
/// Letters of one word that is a name by itself.
const LONG_WORD: usize = 7;

/// The words of a name or text, folded; legal forms and single letters do not count.
pub(crate) fn words(text: &str) -> Vec<Vec<char>> {
    normalise(text)
        .split(|letter| !is_letter(*letter) && !letter.is_ascii_digit())
        .filter(|word| word.len() >= 2 && !FORMS.has(word))
        .map(<[char]>::to_vec)
        .collect()
}

/// A name that says who somebody is: two words, or one long one.
pub(crate) fn is_telling(name: &[Vec<char>]) -> bool {
    name.len() >= 2 || name.first().is_some_and(|word| word.len() >= LONG_WORD)
}

/// Surname, name and father's name.
pub(crate) fn is_full(name: &[Vec<char>]) -> bool {
    name.len() >= 3 && name.iter().all(|word| word.len() >= 3 && word.iter().all(|letter| is_letter(*letter)))
}

pub(crate) fn stands_in(name: &[Vec<char>], text: &[Vec<char>]) -> bool {
    name.iter().all(|word| text.contains(word))
}

/// Whether some part of a payer's field, `БАНК//Иванов И. П.//`, is like this name: every word of the
/// shorter stands in the longer, and initials are those of the name.
pub(crate) fn resembles(field: &str, name: &str) -> bool {
    field.split("//").any(|part| alike(part, name) && initials_agree(part, name))
}

/// Single letters of a part, if there are any, begin the words of the name after its first.
fn initials_agree(part: &str, name: &str) -> bool {
    let letters = |text: &str| -> Vec<Vec<char>> {
        normalise(text)
            .split(|letter| !is_letter(*letter) && !letter.is_ascii_digit())
            .filter(|word| !word.is_empty())
            .map(<[char]>::to_vec)
            .collect()
    };
    let initials: Vec<char> =
        letters(part).iter().filter(|word| word.len() == 1).filter_map(|word| word.first().copied()).collect();
    let begins: Vec<char> = letters(name).iter().skip(1).filter_map(|word| word.first().copied()).collect();
    begins.len() < initials.len() || begins.starts_with(&initials)
}

/// Every word of the shorter name stands in the longer one.
fn alike(one: &str, other: &str) -> bool {
    let of = |name: &str| -> Vec<Vec<char>> {
        words(name).into_iter().filter(|word| word.len() >= 3).collect()
    };
    let (one, other) = (of(one), of(other));
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    !short.is_empty() && stands_in(&short, &long)
}
