//! One alphabet for letters that look alike, so that a reference typed on a Russian keyboard is
//! the reference. Everything this crate compares has gone through here.

use unicode_normalization::UnicodeNormalization;

/// A purpose has at most 210 letters in Russia and a few 140-letter blocks in camt; what is longer
/// is not a purpose, and its head says enough.
const LONGEST_TEXT: usize = 4096;

/// Folds an upper-case Cyrillic letter to the Latin one that prints alike; ё is е. Other letters stay.
pub(crate) const fn look_alike(letter: char) -> char {
    match letter {
        'А' => 'A',
        'В' => 'B',
        'Е' | 'Ё' | 'Ë' => 'E',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'О' => 'O',
        'Р' => 'P',
        'С' => 'C',
        'Т' => 'T',
        'У' => 'Y',
        'Х' => 'X',
        'І' => 'I',
        other => other,
    }
}

/// NFKC, upper case, one alphabet, one kind of dash and quote, `#` for №, single spaces.
pub(crate) fn normalise(text: &str) -> Vec<char> {
    if let Some(plain) = normalise_plain(text) {
        return plain;
    }
    let mut folded = Vec::with_capacity(text.len().min(LONGEST_TEXT));
    // NFKC would write № as the letters "No", which then glue to the word before.
    let signed = text.chars().map(|letter| if letter == '№' { '#' } else { letter });
    for letter in signed.nfkc().flat_map(char::to_uppercase) {
        if folded.len() >= LONGEST_TEXT {
            break;
        }
        let letter = match look_alike(letter) {
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
            '«' | '»' | '“' | '”' | '„' => '"',
            space if space.is_whitespace() || space.is_control() => ' ',
            other => other,
        };
        if letter != ' ' || folded.last().is_some_and(|last| *last != ' ') {
            folded.push(letter);
        }
    }
    folded
}

/// The same for texts of ASCII, Russian letters and the marks around them, which is nearly all: these
/// letters are their own NFKC, and their upper case is a subtraction.
fn normalise_plain(text: &str) -> Option<Vec<char>> {
    let mut folded = Vec::with_capacity(text.len().min(LONGEST_TEXT));
    for letter in text.chars() {
        let upper = match letter {
            'а'..='я' => char::from_u32(u32::from(letter) - 0x20)?,
            'ё' | 'Ё' => 'Е',
            'А'..='Я' => letter,
            '№' => '#',
            '«' | '»' => '"',
            '—' | '–' => '-',
            ascii if ascii.is_ascii_control() => ' ',
            ascii if ascii.is_ascii() => ascii.to_ascii_uppercase(),
            _ => return None,
        };
        if folded.len() >= LONGEST_TEXT {
            break;
        }
        let letter = look_alike(upper);
        if letter != ' ' || folded.last().is_some_and(|last| *last != ' ') {
            folded.push(letter);
        }
    }
    Some(folded)
}

/// Whether a text may begin with this folded letter; no, only where its first letter is a plain other one.
pub(crate) fn may_begin_with(text: &str, folded: char) -> bool {
    match text.chars().find(|letter| !letter.is_whitespace()) {
        Some(first @ ('а'..='я' | 'А'..='Я' | 'a'..='z' | 'A'..='Z' | '0'..='9')) => {
            first.to_uppercase().map(look_alike).eq([folded])
        }
        first => first.is_some(),
    }
}

/// The form in which invoice numbers are compared, and must be stored to be looked up: one
/// alphabet, no spaces or signs, `-` only between two digits, no leading zeros in bare numbers.
///
/// `№ А-0015` is `A0015`, `15 / 2` is `15-2`, `000123` is `123`.
pub fn number_key(number: &str) -> String {
    let mut key = String::with_capacity(number.len());
    let mut separated = false;
    for letter in normalise(number) {
        if letter.is_alphanumeric() {
            let between_digits = letter.is_ascii_digit() && key.ends_with(|last: char| last.is_ascii_digit());
            if separated && between_digits {
                key.push('-');
            }
            key.push(letter);
            separated = false;
        } else if letter != ' ' {
            separated = true;
        }
    }
    if key.bytes().all(|byte| byte.is_ascii_digit()) { key.trim_start_matches('0').to_owned() } else { key }
}

/// Whether a normalised word is this lexeme, written in either alphabet; `*` at the end stands for
/// any ending.
pub(crate) fn is_word(word: &[char], lexeme: &str) -> bool {
    let stem = lexeme.strip_suffix('*');
    let mut letters = word.iter().copied();
    for expected in stem.unwrap_or(lexeme).chars() {
        if letters.next() != Some(look_alike(expected)) {
            return false;
        }
    }
    stem.is_some() || letters.next().is_none()
}

pub(crate) fn is_any(word: &[char], lexemes: &[&str]) -> bool {
    lexemes.iter().any(|lexeme| is_word(word, lexeme))
}

/// Words to look for, with a mask of how they begin: nearly every word of a text begins otherwise, and
/// is put aside without being compared.
pub(crate) struct Lexemes {
    words: &'static [&'static str],
    beginnings: Beginnings,
}

/// A set of first two letters, in 128 places; it may say yes wrongly, never no.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beginnings(u128);

impl Lexemes {
    pub const fn new(words: &'static [&'static str]) -> Self {
        Self { words, beginnings: Beginnings::of(words) }
    }

    pub fn has(&self, word: &[char]) -> bool {
        self.beginnings.may_begin(word) && is_any(word, self.words)
    }
}

impl Beginnings {
    pub const NONE: Self = Self(0);

    /// Of words in ASCII and Russian letters.
    pub const fn of(words: &[&str]) -> Self {
        let mut places = 0;
        let mut at = 0;
        while at < words.len() {
            let bytes = words[at].as_bytes();
            let (first, next) = letter_at(bytes, 0);
            let (second, _) = letter_at(bytes, next);
            places |= 1 << place(first, second);
            at += 1;
        }
        Self(places)
    }

    pub fn of_word(word: &[char]) -> Self {
        let second = word.get(1).copied().unwrap_or('\0');
        word.first().map_or(Self(0), |first| Self(1 << place(*first, second)))
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

    pub fn may_begin(self, word: &[char]) -> bool {
        let second = word.get(1).copied().unwrap_or('\0');
        word.first().is_some_and(|first| self.0 >> place(*first, second) & 1 == 1)
    }
}

const fn place(first: char, second: char) -> u32 {
    ((first as u32).wrapping_mul(37) ^ (second as u32).wrapping_mul(11)) % 128
}

/// The folded letter there and where the next one begins; nothing behind the end or at a `*`.
const fn letter_at(bytes: &[u8], at: usize) -> (char, usize) {
    if at >= bytes.len() || bytes[at] == b'*' {
        return ('\0', at);
    }
    if bytes[at] < 0x80 {
        return (bytes[at] as char, at + 1);
    }
    let code = ((bytes[at] as u32 & 0x1F) << 6) | (bytes[at + 1] as u32 & 0x3F);
    match char::from_u32(code) {
        Some(letter) => (look_alike(letter), at + 2),
        None => ('\0', at + 2),
    }
}

/// As `char::is_alphabetic`, quick for what texts consist of.
pub(crate) fn is_letter(letter: char) -> bool {
    match letter {
        'A'..='Z' | 'a'..='z' | 'А'..='я' | 'Ё' | 'ё' => true,
        ascii if ascii.is_ascii() => false,
        other => other.is_alphabetic(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_people_consider_equal_have_one_key() {
        for (number, key) in [
            ("№ А-0015", "A0015"),
            ("15 / 2", "15-2"),
            ("15/2", "15-2"),
            ("000123", "123"),
            ("им-1024", "ИM1024"),
            ("10 24", "1024"),
            ("0", ""),
            ("", ""),
        ] {
            assert_eq!(number_key(number), key, "{number}");
        }
    }

    #[test]
    fn a_mask_of_beginnings_never_hides_a_word() {
        static WORDS: Lexemes = Lexemes::new(&["СЧЕТ*", "Р", "N", "INVOICE", "ОПЛ", "ЁЛК*"]);
        for (word, has) in [
            ("счёту", true),
            ("р", true),
            ("n", true),
            ("Invoice", true),
            ("опл", true),
            ("елка", true),
            ("no", false),
            ("рс", false),
        ] {
            assert_eq!(WORDS.has(&normalise(word)), has, "{word}");
        }
    }

    #[test]
    fn plain_texts_are_folded_as_all_others_are() {
        let every: String = (0x20..0x500).filter_map(char::from_u32).collect();
        for text in ["Оплата по СЧЁТУ № 15 — «Ёж»\tx–y", "  a\n b ", "", &every] {
            // A letter that is none of the plain ones sends the whole text the long way.
            for part in text.split_inclusive(' ') {
                let mut long_way = normalise(&format!("{part}ß"));
                long_way.truncate(long_way.len() - 2);
                if let Some(short_way) = normalise_plain(part) {
                    assert_eq!(short_way, long_way, "{part}");
                }
            }
        }
        for letter in every.chars() {
            let text = format!("я{letter}я");
            let mut long_way = normalise(&format!("{text}ß"));
            long_way.truncate(long_way.len() - 2);
            if let Some(short_way) = normalise_plain(&text) {
                assert_eq!(short_way, long_way, "{text}");
            }
        }
    }

    #[test]
    fn a_word_is_known_in_either_alphabet() {
        assert!(is_word(&normalise("cчёт"), "СЧЕТ"));
        assert!(is_word(&normalise("Счету"), "СЧЕТ*"));
        assert!(!is_word(&normalise("счету"), "СЧЕТ"));
        assert!(!is_word(&normalise("сче"), "СЧЕТ"));
    }
}
