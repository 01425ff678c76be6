//! Names of people and firms, as far as they may be compared.

use crate::alphabet::{Beginnings, Lexemes, is_letter, normalise};

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

/// The words of a text in which names are looked for.
#[derive(Debug)]
pub(crate) struct Said {
    words: Vec<Vec<char>>,
    beginnings: Beginnings,
}

impl Said {
    pub fn new(texts: &[&str]) -> Self {
        let words: Vec<Vec<char>> = texts.iter().flat_map(|text| words(text)).collect();
        let beginnings = words.iter().fold(Beginnings::NONE, |all, word| all.and(Beginnings::of_word(word)));
        Self { words, beginnings }
    }

    /// The whole name stands here.
    pub fn holds(&self, name: &str) -> bool {
        let may = self.beginnings.and(FORMS.beginnings());
        if !beginnings_of(name).all(|begin| may.may_begin(&begin)) {
            return false;
        }
        let name = words(name);
        is_telling(&name) && stands_in(&name, &self.words)
    }
}

/// The first two letters of each word of two letters and more, folded, without folding the rest.
fn beginnings_of(name: &str) -> impl Iterator<Item = [char; 2]> {
    let mut letters = name.chars();
    let mut before = ' ';
    std::iter::from_fn(move || {
        loop {
            let first = letters.next()?;
            let starts = is_of_word(first) && !is_of_word(before);
            before = first;
            if !starts {
                continue;
            }
            if let Some(second) = letters.clone().next().filter(|second| is_of_word(*second)) {
                return Some([folded(first), folded(second)]);
            }
        }
    })
}

fn is_of_word(letter: char) -> bool {
    is_letter(letter) || letter.is_ascii_digit()
}

fn folded(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    crate::alphabet::look_alike(upper.next().unwrap_or(letter))
}

/// A name that says who somebody is: two words, or one long one.
fn is_telling(name: &[Vec<char>]) -> bool {
    name.len() >= 2 || name.first().is_some_and(|word| word.len() >= LONG_WORD)
}

/// Surname, name and father's name.
pub(crate) fn is_full(name: &[Vec<char>]) -> bool {
    name.len() >= 3 && name.iter().all(|word| word.len() >= 3 && word.iter().all(|letter| is_letter(*letter)))
}

fn stands_in(name: &[Vec<char>], text: &[Vec<char>]) -> bool {
    name.iter().all(|word| text.contains(word))
}

/// The parts of a payer's field, `БАНК//Иванов И. П.//`.
pub(crate) struct PayerName {
    parts: Vec<Part>,
    beginnings: Beginnings,
}

struct Part {
    words: Vec<Vec<char>>,
    initials: Vec<char>,
}

impl PayerName {
    pub fn new(field: &str) -> Self {
        let parts: Vec<Part> = field.split("//").map(Part::new).collect();
        let words = parts.iter().flat_map(|part| &part.words);
        let beginnings = words.fold(Beginnings::NONE, |all, word| all.and(Beginnings::of_word(word)));
        Self { parts, beginnings }
    }

    /// Some part is like this name: every word of the shorter stands in the longer, and initials are
    /// those of the name.
    pub fn resembles(&self, name: &str) -> bool {
        if !beginnings_of(name).any(|begin| self.beginnings.may_begin(&begin)) {
            return false;
        }
        let long = long_words(name);
        self.parts.iter().any(|part| part.is_like(&long) && part.initials_agree(name))
    }
}

impl Part {
    fn new(part: &str) -> Self {
        let initials = normalise(part)
            .split(|letter| !is_of_word(*letter))
            .filter(|word| word.len() == 1)
            .filter_map(|word| word.first().copied())
            .collect();
        Self { words: long_words(part), initials }
    }

    fn is_like(&self, name: &[Vec<char>]) -> bool {
        let (short, long) =
            if self.words.len() <= name.len() { (&self.words[..], name) } else { (name, &self.words[..]) };
        !short.is_empty() && stands_in(short, long)
    }

    /// Single letters, if there are any, begin the words of the name after its first.
    fn initials_agree(&self, name: &str) -> bool {
        let begins: Vec<char> = beginnings_of(name).skip(1).map(|[first, _]| first).collect();
        begins.len() < self.initials.len() || begins.starts_with(&self.initials)
    }
}

fn long_words(name: &str) -> Vec<Vec<char>> {
    words(name).into_iter().filter(|word| word.len() >= 3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_held_by_a_text_that_has_all_its_words() {
        for (text, name, held) in [
            ("ПАО СБЕРБАНК//ИВАНОВ ПЁТР ИЛЬИЧ//", "Иванов Петр Ильич", true),
            ("за ООО «Ромашка-1234»", "ООО \"Ромашка-1234\"", true),
            ("за Ромашку", "ООО Ромашка", false),
            ("ООО Ромашка", "АО \"РОМАШКА\"", true),
            ("Иванов", "Иванов", false),
            ("Иванов П. И.", "Иванов Петр Ильич", false),
            ("", "", false),
        ] {
            assert_eq!(Said::new(&[text]).holds(name), held, "{text} | {name}");
        }
    }

    #[test]
    fn initials_are_those_of_the_name() {
        for (field, name, alike) in [
            ("ПАО СБЕРБАНК//Белов А. И.//", "Белов Антон Иванович", true),
            ("Белов А. И.", "Белов Иван Антонович", false),
            ("Белова Анна", "Белов Антон", false),
            ("Белов Антон", "Белов Антон Иванович", true),
        ] {
            assert_eq!(PayerName::new(field).resembles(name), alike, "{field} | {name}");
        }
    }
}
