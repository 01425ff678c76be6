use takt_kernel::{digits, fold};

use crate::{forms::Forms, text::BETWEEN};

const FEWEST_PHONE_DIGITS: usize = 4;
/// Figures that stand apart among other words are one number when they are so many.
const WHOLE_PHONE_DIGITS: usize = 7;
/// Of a Russian number, without the 7 or 8 before them.
const RUSSIAN_DIGITS: usize = 10;
/// Of a phone no more figures stand together between dashes.
const LONGEST_PHONE_PART: usize = 5;
const MOST_WORDS: usize = 8;
const LONGEST_WORD: usize = 64;
/// So many groups of letters are looked up; more would find the same.
const MOST_GRAMS: usize = 5;
/// Letters of a group.
const GROUP: usize = 3;
const LETTER_BITS: u32 = 21;
/// Stands before the first letter of a word in the groups by which one or two letters are found.
const START: char = '\0';

/// What somebody typed: words, all of which must be there. One of three letters or more may stand
/// anywhere, a shorter one must begin a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    words: Vec<Word>,
}

/// A word as it was typed, and the other forms in which it is found in free texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub typed: String,
    pub forms: Forms,
}

impl Word {
    fn of(typed: String) -> Self {
        Self { forms: Forms::of(&typed), typed }
    }

    /// A phone number, or a number of several parts with dashes between them, as numbers of orders are.
    fn of_figures(given: &str) -> Self {
        let figures = phone_digits(&digits(given));
        let parted = given.trim_matches('-');
        let longest = parted.split('-').map(str::len).max().unwrap_or_default();
        let is_number = parted.contains('-')
            && parted.chars().all(|letter| letter.is_ascii_digit() || letter == '-')
            && (figures.len() < RUSSIAN_DIGITS || longest > LONGEST_PHONE_PART);
        if is_number {
            Self { forms: Forms::in_parts(&figures, parted), typed: figures }
        } else {
            Self::of(figures)
        }
    }

    /// As it was typed, whatever its figures stand for.
    fn is_typed_in(&self, text: &str) -> bool {
        let figures = self.typed.bytes().all(|byte| byte.is_ascii_digit());
        if figures { self.is_in(text) } else { text.contains(self.typed.as_str()) }
    }

    fn is_in(&self, text: &str) -> bool {
        match is_short(&self.typed) {
            true => begins_a_word(text, &self.typed),
            false => {
                text.contains(self.typed.as_str())
                    || self.forms.spellings.iter().any(|spelling| text.contains(spelling.as_str()))
            }
        }
    }
}

impl Needle {
    /// `None` when there is nothing to look for. What is written like a phone number is one.
    pub fn of(typed: &str) -> Option<Self> {
        let folded = fold(typed);
        let words: Vec<Word> = if is_like_a_phone(&folded, FEWEST_PHONE_DIGITS) {
            vec![Word::of_figures(&folded)]
        } else {
            with_phones_together(folded.split(' '))
        };
        (!words.is_empty()).then_some(Self { words })
    }

    /// Whether a text made by [`crate::joined`] has all of the words.
    pub fn matches(&self, text: &str) -> bool {
        self.words.iter().all(|word| word.is_in(text))
    }

    /// Whether it has all of them as they were typed: what is to stand before other forms.
    pub fn matches_as_typed(&self, text: &str) -> bool {
        self.words.iter().all(|word| match is_short(&word.typed) {
            true => begins_a_word(text, &word.typed),
            false => word.is_typed_in(text),
        })
    }

    /// The words, when all of them may stand anywhere.
    pub(crate) fn words_anywhere(&self) -> Option<&[Word]> {
        self.words.iter().all(|word| !is_short(&word.typed)).then_some(self.words.as_slice())
    }

    /// The word that is likely to stand in the fewest texts: as all its forms begin.
    pub(crate) fn longest(&self) -> &str {
        let words = self.words.iter().map(|word| word.forms.common.as_str());
        words.max_by_key(|word| word.len()).unwrap_or_default()
    }

    /// The groups of letters that a text must have; evenly taken from all of them.
    pub(crate) fn grams(&self) -> Vec<i64> {
        let mut grams: Vec<i64> =
            self.words.iter().flat_map(|word| grams_of_word(&word.forms.common)).collect();
        grams.dedup();
        if grams.len() <= MOST_GRAMS {
            return grams;
        }
        let last = grams.len() - 1;
        (0..MOST_GRAMS).map(|index| grams[index * last / (MOST_GRAMS - 1)]).collect()
    }
}

/// Figures with what people write between them.
fn is_like_a_phone(folded: &str, fewest: usize) -> bool {
    digits(folded).len() >= fewest
        && folded.chars().any(|letter| "+() -".contains(letter))
        && folded.chars().all(|letter| letter.is_ascii_digit() || "+-() ".contains(letter))
}

/// Words as they are looked for: without the marks around them, and a phone number among them as one.
fn with_phones_together<'t>(words: impl Iterator<Item = &'t str>) -> Vec<Word> {
    let words: Vec<&str> = words.collect();
    let is_part = |word: &str| {
        !word.is_empty() && word.chars().all(|letter| letter.is_ascii_digit() || "+-()".contains(letter))
    };
    let mut found = Vec::new();
    for run in words.chunk_by(|one, other| is_part(one) && is_part(other)) {
        let whole = run.join(" ");
        if found.len() >= MOST_WORDS {
            break;
        }
        if is_like_a_phone(&whole, WHOLE_PHONE_DIGITS) && run.iter().all(|word| is_part(word)) {
            found.push(Word::of_figures(&whole));
        } else {
            let words = run.iter().map(|word| without_marks(word)).filter(|word| !word.is_empty());
            found.extend(words.map(|word| Word::of(word.chars().take(LONGEST_WORD).collect())));
        }
    }
    found.truncate(MOST_WORDS);
    found
}

fn without_marks(word: &str) -> &str {
    let bare = word.trim_start_matches(['«', '"', '(', '№', '#', '„', '“']);
    bare.trim_end_matches([',', ';', ':', '!', '?', '»', '"', ')', '“', '”'])
}

/// Digits as phones are kept: in Russia people write 8 for +7.
fn phone_digits(figures: &str) -> String {
    match figures.strip_prefix('8') {
        Some(rest) if rest.len() == RUSSIAN_DIGITS => format!("7{rest}"),
        _ => figures.chars().take(LONGEST_WORD).collect(),
    }
}

fn is_short(word: &str) -> bool {
    word.chars().take(GROUP).count() < GROUP
}

fn begins_a_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        text[..at].chars().next_back().is_none_or(|before| before == BETWEEN || !before.is_alphanumeric())
    })
}

fn grams_of_word(word: &str) -> Vec<i64> {
    let letters: Vec<char> = word.chars().collect();
    match *letters.as_slice() {
        [] => Vec::new(),
        [one] => vec![gram(START, START, one)],
        [one, two] => vec![gram(START, one, two)],
        _ => letters.windows(GROUP).map(|group| gram(group[0], group[1], group[2])).collect(),
    }
}

/// All groups of letters of a text, each once.
pub(crate) fn grams_of_text(text: &str) -> Vec<i64> {
    let mut grams = Vec::with_capacity(text.len());
    for field in text.split(BETWEEN) {
        let mut before = (START, START);
        for letter in field.chars() {
            if !before.1.is_alphanumeric() {
                grams.push(gram(START, START, letter));
            }
            if !before.0.is_alphanumeric() && before.1 != START {
                grams.push(gram(START, before.1, letter));
            }
            if before.0 != START {
                grams.push(gram(before.0, before.1, letter));
            }
            before = (before.1, letter);
        }
    }
    grams.sort_unstable();
    grams.dedup();
    grams
}

fn gram(first: char, second: char, third: char) -> i64 {
    let letter = |letter: char| i64::from(u32::from(letter));
    letter(first) << (2 * LETTER_BITS) | letter(second) << LETTER_BITS | letter(third)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::joined;

    #[test]
    fn what_people_type_becomes_words() {
        for (typed, expected) in [
            ("  ", None),
            ("Иванов", Some(vec!["иванов"])),
            ("Ёлкин пётр", Some(vec!["елкин", "петр"])),
            ("8 (912) 345-67-89", Some(vec!["79123456789"])),
            ("345-67", Some(vec!["34567"])),
            ("A-1001", Some(vec!["a-1001"])),
            ("1001", Some(vec!["1001"])),
            ("№1001,", Some(vec!["1001"])),
            ("№ 1001 ?", Some(vec!["1001"])),
            ("Анна +7 912 345-67-89", Some(vec!["анна", "79123456789"])),
            ("Баумана, 12 34", Some(vec!["баумана", "12", "34"])),
        ] {
            let words = Needle::of(typed)
                .map(|needle| needle.words.into_iter().map(|word| word.typed).collect::<Vec<_>>());
            let expected = expected.map(|words| words.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(words, expected, "{typed}");
        }
    }

    #[test]
    fn a_number_with_dashes_is_found_as_it_is_written_and_as_a_part_of_a_phone() {
        for (typed, written, found) in [
            ("2024-00123", "2024-00123", true),
            ("2024-00123", "79202400123", true),
            ("2024-00124", "2024-00123", false),
            ("1001-2", "1001-2", true),
            ("2024-001234", "2024-001234", true),
            ("8-2024-001234", "8-2024-001234", true),
            ("2024-001234", "79202400123", false),
            ("24-00123", "24-00123", true),
            ("24-00123", "24001-23", false),
            ("анна 100200-3", "100200-3 анна", true),
            ("345-67", "79123456789", true),
            ("12-345", "79123456789", true),
            ("8-912-345-67-89", "79123456789", true),
        ] {
            let needle = Needle::of(typed).unwrap();
            let text = joined(written.split(' ').map(str::to_owned));
            assert_eq!((needle.matches(&text), needle.matches_as_typed(&text)), (found, found), "{typed}");
            let grams = grams_of_text(&text);
            assert!(!found || needle.grams().iter().all(|gram| grams.contains(gram)), "{typed} in {written}");
        }
    }

    #[test]
    fn three_letters_stand_anywhere_and_fewer_at_the_beginning_of_a_word() {
        let text = joined(["a-1001".to_owned(), "иванов петр".to_owned(), "79123456789".to_owned()]);
        for (typed, found) in [
            ("вано", true),
            ("петр иванов", true),
            ("ив", true),
            ("ва", false),
            ("п", true),
            ("1", true),
            ("00", false),
            ("001", true),
            ("9123", true),
            ("1001и", false),
        ] {
            assert_eq!(Needle::of(typed).is_some_and(|needle| needle.matches(&text)), found, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn whatever_matches_in_another_form_has_its_groups_too(
            words in prop::collection::vec("[а-еийкнцлрмоьё]{3,9}", 1..5),
            typed in "[а-еийкнцлрмоьё]{3,9}",
        ) {
            let text = joined([crate::free_words(words.iter().map(String::as_str))]);
            if let Some(needle) = Needle::of(&typed)
                && needle.matches(&text)
            {
                let grams = grams_of_text(&text);
                prop_assert!(needle.grams().iter().all(|gram| grams.contains(gram)), "{text:?} {needle:?}");
            }
        }

        #[test]
        fn whatever_matches_has_the_groups_of_its_needle(
            fields in prop::collection::vec("[а-г0-2 .-]{0,12}", 1..4),
            typed in "[а-г0-2 .-]{1,8}",
        ) {
            let text = joined(fields.iter().map(|field| fold(field)));
            if let Some(needle) = Needle::of(&typed)
                && needle.matches(&text)
            {
                let grams = grams_of_text(&text);
                for gram in needle.grams() {
                    prop_assert!(grams.contains(&gram), "{text:?} {needle:?}");
                }
            }
        }
    }
}
