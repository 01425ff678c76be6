//! Other forms of a word: «кроссовки» and «кроссовок», chair and chairs. Nothing is kept of them: the needle is
//! looked for in the few spellings that its stem may have at the beginning of a word of a free text. What has a
//! figure, a hyphen or two alphabets is a name of something and has one form.

use rust_stemmers::{Algorithm, Stemmer};

use crate::text::WORD;

/// Shorter stems would begin words of all meanings.
const SHORTEST_STEM: usize = 4;
/// What all spellings have in common is looked up in the index.
const SHORTEST_COMMON: usize = 3;
/// So many spellings besides the one that was typed.
pub(crate) const SPELLINGS: usize = 4;
/// Before these a vowel comes and goes: кружка, кружек; кольцо, колец; кресло, кресел.
const AFTER_A_FLEETING_VOWEL: &str = "кнцлрм";

/// A word and how else it may be spelt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Forms {
    /// Each begins a word of a free text, or is a number written with dashes; empty, or [`SPELLINGS`] of them, so
    /// that there are few statements.
    pub spellings: Vec<String>,
    /// What stands in the word and in all its spellings: how they begin, or a part of the number.
    pub common: String,
}

impl Forms {
    /// Figures that may also be written as they are here, in parts.
    pub fn in_parts(figures: &str, parted: &str) -> Self {
        let longest = parted.split('-').max_by_key(|part| part.len()).unwrap_or_default();
        if longest.len() < SHORTEST_COMMON {
            return Self { spellings: Vec::new(), common: figures.to_owned() };
        }
        Self { spellings: vec![parted.to_owned(); SPELLINGS], common: longest.to_owned() }
    }

    pub fn of(word: &str) -> Self {
        let mut stems = stems(word);
        stems.retain(|stem| common(word, stem).chars().count() >= SHORTEST_COMMON);
        stems.truncate(SPELLINGS);
        let Some(first) = stems.first().cloned() else {
            return Self { spellings: Vec::new(), common: word.to_owned() };
        };
        let shared = stems.iter().fold(word, |shared, stem| common(shared, stem)).to_owned();
        stems.resize(SPELLINGS, first);
        let spellings = stems.iter().map(|stem| format!("{WORD}{stem}")).collect();
        Self { spellings, common: shared }
    }
}

fn stems(word: &str) -> Vec<String> {
    let russian = word.chars().all(|letter| ('а'..='я').contains(&letter));
    let english = word.chars().all(|letter| letter.is_ascii_lowercase());
    let stemmed = match (russian, english) {
        (true, _) => Stemmer::create(Algorithm::Russian).stem(word).into_owned(),
        (_, true) => Stemmer::create(Algorithm::English).stem(word).into_owned(),
        (false, false) => return Vec::new(),
    };
    let letters: Vec<char> = stemmed.chars().collect();
    if letters.len() < SHORTEST_STEM {
        return Vec::new();
    }
    let others = if russian { without_or_with_a_vowel(&letters) } else { with_y(&letters) };
    std::iter::once(stemmed).chain(others).collect()
}

/// The stem with the vowel that some forms have before its last letter, or without it.
fn without_or_with_a_vowel(stem: &[char]) -> Vec<String> {
    let (Some(&last), Some(&before)) = (stem.last(), stem.get(stem.len() - 2)) else { return Vec::new() };
    if !AFTER_A_FLEETING_VOWEL.contains(last) {
        return Vec::new();
    }
    let spelt = |length: usize, middle: &str| {
        let begins: String = stem[..stem.len() - length].iter().collect();
        format!("{begins}{middle}{last}")
    };
    match before {
        // батареек, батарейки; колец, кольца; чашек, чашки
        'е' if is_vowel(stem[stem.len() - 3]) => vec![spelt(2, "й")],
        'о' | 'е' => vec![spelt(2, ""), spelt(2, "ь")],
        'ь' | 'й' => vec![spelt(2, "е")],
        vowel if is_vowel(vowel) => Vec::new(),
        _ => vec![spelt(1, "о"), spelt(1, "е")],
    }
}

/// The stem of battery and batteries is batteri.
fn with_y(stem: &[char]) -> Vec<String> {
    match stem {
        [begins @ .., 'i'] => vec![begins.iter().chain(&['y']).collect()],
        _ => Vec::new(),
    }
}

fn is_vowel(letter: char) -> bool {
    "аеиоуыэюя".contains(letter)
}

/// How both begin.
fn common<'w>(word: &'w str, other: &str) -> &'w str {
    let differs = word.char_indices().zip(other.chars()).find(|((_, one), two)| one != two);
    let end = differs.map_or(word.len().min(other.len()), |((at, _), _)| at);
    &word[..end]
}

#[cfg(test)]
mod tests {
    use crate::{Needle, free_words, joined};

    #[test]
    fn a_word_is_found_in_its_other_forms() {
        for (typed, written) in [
            ("кроссовки", "кроссовок"),
            ("кроссовок", "Кроссовки беговые"),
            ("чашка", "6 чашек"),
            ("чашек", "Чашка чайная"),
            ("кольца", "колец"),
            ("колец", "кольцо"),
            ("батарейки", "батареек"),
            ("батареек", "батарейка"),
            ("кресла", "кресел"),
            ("подарок", "подарки"),
            ("лампа", "ламп"),
            ("беговых", "беговые"),
            ("зелёного", "зеленый"),
            ("chairs", "chair"),
            ("chair", "chairs"),
            ("batteries", "battery"),
            ("battery", "batteries"),
        ] {
            let text = joined([free_words([written])]);
            assert!(Needle::of(typed).is_some_and(|needle| needle.matches(&text)), "{typed} in {written}");
        }
    }

    #[test]
    fn another_word_is_not_found_nor_a_name_by_its_stem() {
        for (typed, free, name) in [
            ("лента", "чай", "валентина"),
            ("иванов", "чай", "иван петров"),
            ("кроссовки", "кроссовер", ""),
            ("tea-100s", "tea-100", ""),
            ("1001а", "1001", ""),
            ("чая", "чайник", ""),
        ] {
            let text = joined([name.to_owned(), free_words([free])]);
            assert!(
                !Needle::of(typed).is_some_and(|needle| needle.matches(&text)),
                "{typed} in {free} {name}"
            );
        }
    }
}
