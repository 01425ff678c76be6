//! Names of people and firms, as far as they may be compared.

use std::{ops::Range, sync::LazyLock};

use crate::{
    alphabet::{is_letter, look_alike, normalise, normalise_onto},
    lexemes::{Beginnings, Dictionary},
};

static FORMS: LazyLock<Dictionary<()>> = LazyLock::new(|| {
    Dictionary::of(&[
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
    ])
});
/// Letters of one word that is a name by itself.
const LONG_WORD: usize = 7;

/// Runs of letters and digits of a folded text.
#[derive(Debug, Default)]
pub(crate) struct Words {
    letters: Vec<char>,
    ends: Vec<(u32, u32)>,
}

impl Words {
    /// Those of two letters and more; legal forms do not count.
    pub fn of(letters: Vec<char>) -> Self {
        let mut words = Self { letters, ends: Vec::new() };
        words.find();
        words
    }

    fn find(&mut self) {
        let mut start = 0;
        for at in 0..=self.letters.len() {
            if self.letters.get(at).is_some_and(|letter| is_of_word(*letter)) {
                continue;
            }
            let word = &self.letters[start..at];
            if word.len() >= 2
                && !FORMS.has(word)
                && let (Ok(from), Ok(until)) = (u32::try_from(start), u32::try_from(at))
            {
                self.ends.push((from, until));
            }
            start = at + 1;
        }
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &[char]> {
        self.ends.iter().map(|(from, until)| &self.letters[*from as usize..*until as usize])
    }

    fn has(&self, word: &[char]) -> bool {
        self.iter().any(|own| own == word)
    }

    /// Those whose letters stand there.
    fn within(&self, letters: &Range<usize>) -> impl Iterator<Item = &[char]> {
        let within = |(from, _): &&(u32, u32)| letters.contains(&(*from as usize));
        self.ends.iter().filter(within).map(|(from, until)| &self.letters[*from as usize..*until as usize])
    }

    fn beginnings(&self) -> Beginnings {
        self.iter().fold(Beginnings::NONE, |all, word| all.and(Beginnings::of_word(word)))
    }

    /// Of the words that are compared when names are like each other.
    fn long_beginnings(&self) -> Beginnings {
        self.iter().filter(is_long).fold(Beginnings::NONE, |all, word| all.and(Beginnings::of_word(word)))
    }
}

/// A name folded once, for being compared often.
#[derive(Debug)]
pub(crate) struct Name {
    words: Words,
    /// How its words of three letters and more begin; nothing is like it that has none of them.
    long: Beginnings,
    beginnings: Beginnings,
}

impl Name {
    pub fn new(name: &str) -> Self {
        let words = Words::of(normalise(name));
        Self { long: words.long_beginnings(), beginnings: words.beginnings(), words }
    }

    /// It says who somebody is: two words, or one long one.
    fn is_telling(&self) -> bool {
        self.words.len() >= 2 || self.words.iter().next().is_some_and(|word| word.len() >= LONG_WORD)
    }

    /// Surname, name and father's name.
    pub fn is_full(&self) -> bool {
        let is_name = |word: &[char]| word.len() >= 3 && word.iter().all(|letter| is_letter(*letter));
        self.words.len() >= 3 && self.words.iter().all(is_name)
    }
}

/// Words in which names are looked for.
#[derive(Debug)]
pub(crate) struct Said {
    words: Words,
    beginnings: Beginnings,
}

impl Said {
    pub fn new(words: Words) -> Self {
        Self { beginnings: words.beginnings(), words }
    }

    /// The whole name stands here, or in the payer's own field.
    pub fn holds(&self, name: &Name, payer: &PayerName) -> bool {
        self.beginnings.and(payer.all).holds(name.beginnings)
            && name.is_telling()
            && name.words.iter().all(|word| self.words.has(word) || payer.words().any(|own| own == word))
    }
}

/// The first letters of the words of two letters and more, folded, without folding the rest.
fn initials_of(name: &str) -> impl Iterator<Item = char> {
    let mut letters = name.chars();
    let mut before = ' ';
    std::iter::from_fn(move || {
        loop {
            let first = letters.next()?;
            let starts = is_of_word(first) && !is_of_word(before);
            before = first;
            if starts && letters.clone().next().is_some_and(is_of_word) {
                return Some(folded(first));
            }
        }
    })
}

fn is_of_word(letter: char) -> bool {
    is_letter(letter) || letter.is_ascii_digit()
}

fn folded(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    look_alike(upper.next().unwrap_or(letter))
}

/// Words that are compared when names are like each other.
const SHORTEST_ALIKE: usize = 3;

fn is_long(word: &&[char]) -> bool {
    word.len() >= SHORTEST_ALIKE
}

/// A payer's field of several parts, `БАНК//Иванов И. П.//`.
#[derive(Debug)]
pub(crate) struct PayerName {
    /// Of all parts, one behind the other.
    words: Words,
    /// Where the letters of each part stand.
    parts: Vec<Range<usize>>,
    /// Of its words of three letters and more, and of all.
    long: Beginnings,
    all: Beginnings,
    silent: bool,
    empty: bool,
}

impl PayerName {
    pub fn new(field: &str) -> Self {
        let mut letters = Vec::with_capacity(field.chars().count() + 1);
        let mut parts = Vec::new();
        for part in field.split("//") {
            let start = letters.len();
            normalise_onto(part, &mut letters);
            parts.push(start..letters.len());
            // A mark, so that no word goes over into the next part.
            letters.push('/');
        }
        let words = Words::of(letters);
        let (long, all) = (words.long_beginnings(), words.beginnings());
        Self { words, parts, long, all, silent: field.trim().is_empty(), empty: field.is_empty() }
    }

    /// Whether a run of letters in it is such a word.
    pub fn has_word(&self, is: impl Fn(&[char]) -> bool) -> bool {
        self.words.letters.split(|letter| !is_letter(*letter)).any(is)
    }

    /// Nothing stands there.
    pub const fn is_silent(&self) -> bool {
        self.silent
    }

    /// Not even spaces stand there.
    pub const fn is_empty(&self) -> bool {
        self.empty
    }

    pub fn words(&self) -> impl Iterator<Item = &[char]> {
        self.words.iter()
    }

    /// Some part is like this name: every word of the shorter stands in the longer, and initials are
    /// those of the name, which are read where it is written.
    pub fn resembles(&self, name: &Name, written: &str) -> bool {
        self.long.meets(name.long)
            && self.parts.iter().any(|part| self.is_like(part, name) && self.initials_agree(part, written))
    }

    fn is_like(&self, part: &Range<usize>, name: &Name) -> bool {
        let (own, others) =
            (|| self.words.within(part).filter(is_long), || name.words.iter().filter(is_long));
        if own().count() <= others().count() {
            own().next().is_some() && own().all(|word| name.words.has(word))
        } else {
            others().next().is_some() && others().all(|word| self.words.within(part).any(|own| own == word))
        }
    }

    /// Single letters, if there are any, begin the words of the name after its first.
    fn initials_agree(&self, part: &Range<usize>, written: &str) -> bool {
        let words = self.words.letters[part.clone()].split(|letter| !is_of_word(*letter));
        let own = || words.clone().filter(|word| word.len() == 1).flatten().copied();
        let others = || initials_of(written).skip(1);
        others().count() < own().count() || own().zip(others()).all(|(own, other)| own == other)
    }
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
            let (said, silent) = (Said::new(Words::of(normalise(text))), Said::new(Words::default()));
            let name = Name::new(name);
            assert_eq!(said.holds(&name, &PayerName::new("")), held, "{text} | {name:?}");
            assert_eq!(silent.holds(&name, &PayerName::new(text)), held, "{text} | {name:?}");
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
            assert_eq!(PayerName::new(field).resembles(&Name::new(name), name), alike, "{field} | {name}");
        }
    }
}
