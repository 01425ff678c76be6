//! Words that are looked for in texts. A dictionary finds them by their first two letters, so that a word which is
//! none of them, as nearly every word of a text, is put aside at one look.

use crate::alphabet::look_alike;

/// A word to look for, folded as texts are.
#[derive(Debug)]
pub(crate) struct Lexeme {
    letters: Vec<char>,
    any_ending: bool,
}

impl Lexeme {
    /// `*` at the end stands for any ending.
    pub fn new(word: &str) -> Self {
        let stem = word.strip_suffix('*');
        Self { letters: stem.unwrap_or(word).chars().map(look_alike).collect(), any_ending: stem.is_some() }
    }

    /// Whether a folded word is this one.
    pub fn is(&self, word: &[char]) -> bool {
        if self.any_ending { word.starts_with(&self.letters) } else { word == self.letters }
    }

    pub fn letters(&self) -> &[char] {
        &self.letters
    }
}

/// Words with what each of them means.
#[derive(Debug)]
pub(crate) struct Dictionary<T> {
    /// By how they begin.
    places: Vec<Vec<(Lexeme, T)>>,
}

impl<T> Dictionary<T> {
    /// A word that may have any ending needs two letters, since it is found by them.
    pub fn new<'w>(words: impl IntoIterator<Item = (&'w str, T)>) -> Self {
        let mut places = Vec::new();
        places.resize_with(PLACES, Vec::new);
        for (word, meaning) in words {
            let lexeme = Lexeme::new(word);
            places[place_of(&lexeme.letters)].push((lexeme, meaning));
        }
        Self { places }
    }

    /// All that a folded word is, in the order in which they were given.
    pub fn find<'d>(&'d self, word: &[char]) -> impl Iterator<Item = (&'d Lexeme, &'d T)> {
        self.places[place_of(word)]
            .iter()
            .filter(move |(lexeme, _)| lexeme.is(word))
            .map(|(lexeme, meaning)| (lexeme, meaning))
    }

    pub fn has(&self, word: &[char]) -> bool {
        self.find(word).next().is_some()
    }
}

impl Dictionary<()> {
    pub fn of(words: &[&str]) -> Self {
        Self::new(words.iter().map(|word| (*word, ())))
    }
}

/// A set of first two letters, in as many places; it may say yes wrongly, never no.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beginnings(u128);

impl Beginnings {
    pub const NONE: Self = Self(0);

    pub fn of_word(word: &[char]) -> Self {
        Self(1 << place_of(word))
    }

    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any word may begin both ways.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether words that begin in all the ways of the other may all be among these.
    pub const fn holds(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }
}

const PLACES: usize = 128;

fn place_of(word: &[char]) -> usize {
    let letter = |at: usize| word.get(at).map_or(0, |letter| *letter as usize);
    (letter(0).wrapping_mul(37) ^ letter(1).wrapping_mul(11)) % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alphabet::normalise;

    #[test]
    fn a_dictionary_knows_its_words_in_either_alphabet_and_no_others() {
        let words = Dictionary::of(&["СЧЕТ*", "Р", "N", "INVOICE", "ОПЛ", "ЁЛК*", "СЧ"]);
        for (word, has) in [
            ("счёту", true),
            ("cчёт", true),
            ("сче", false),
            ("сч", true),
            ("р", true),
            ("n", true),
            ("Invoice", true),
            ("invoices", false),
            ("опл", true),
            ("елка", true),
            ("no", false),
            ("рс", false),
            ("", false),
        ] {
            assert_eq!(words.has(&normalise(word)), has, "{word}");
        }
    }

    #[test]
    fn a_word_of_several_meanings_has_them_all() {
        let words = Dictionary::new([("ПО", 1), ("ПОЗ*", 2), ("ПО", 3), ("ПО*", 4)]);
        let found = |word: &str| -> Vec<i32> { words.find(&normalise(word)).map(|(_, is)| *is).collect() };
        assert_eq!(found("по"), [1, 3, 4]);
        assert_eq!(found("позиция"), [2, 4]);
        assert_eq!(found("за"), [0; 0]);
    }
}
