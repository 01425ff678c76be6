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
    let mut folded = Vec::with_capacity(text.chars().count().min(LONGEST_TEXT));
    normalise_onto(text, &mut folded);
    folded
}

/// The same, put behind what stands there already.
pub(crate) fn normalise_onto(text: &str, folded: &mut Vec<char>) {
    let start = folded.len();
    if !put_plain(text, folded) {
        folded.truncate(start);
        put_any(text, folded);
    }
}

/// Texts of ASCII, Russian letters and the marks around them, which is nearly all. No, where another letter stands.
fn put_plain(text: &str, folded: &mut Vec<char>) -> bool {
    let start = folded.len();
    let mut after_space = true;
    for letter in text.chars() {
        let letter = match PLAIN.get(letter as usize) {
            Some('\0') => return false,
            Some(plain) => *plain,
            None => match plain_mark(letter) {
                Some(mark) => mark,
                None => return false,
            },
        };
        if folded.len() - start >= LONGEST_TEXT {
            break;
        }
        let space = letter == ' ';
        if !(space && after_space) {
            folded.push(letter);
        }
        after_space = space;
    }
    true
}

fn put_any(text: &str, folded: &mut Vec<char>) {
    let start = folded.len();
    // NFKC would write № as the letters "No", which then glue to the word before.
    let signed = text.chars().map(|letter| if letter == '№' { '#' } else { letter });
    for letter in signed.nfkc().flat_map(char::to_uppercase) {
        if folded.len() - start >= LONGEST_TEXT {
            break;
        }
        let letter = match look_alike(letter) {
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
            '«' | '»' | '“' | '”' | '„' => '"',
            space if space.is_whitespace() || space.is_control() => ' ',
            other => other,
        };
        if letter != ' ' || folded[start..].last().is_some_and(|last| *last != ' ') {
            folded.push(letter);
        }
    }
}

/// What the letters of the first pages of Unicode, Russian ones included, are folded to; `\0` where only the long
/// way knows.
static PLAIN: [char; 0x460] = {
    let mut plain = ['\0'; 0x460];
    let mut code = 0;
    while code < plain.len() {
        if let Some(letter) = char::from_u32(code as u32) {
            plain[code] = plainly(letter);
        }
        code += 1;
    }
    plain
};

/// These letters are their own NFKC, and their upper case is a subtraction.
const fn plainly(letter: char) -> char {
    let upper = match letter {
        'а'..='я' => match char::from_u32(letter as u32 - 0x20) {
            Some(upper) => upper,
            None => '\0',
        },
        'ё' | 'Ё' => 'Е',
        'А'..='Я' => letter,
        '«' | '»' => '"',
        ascii if ascii.is_ascii_control() => ' ',
        ascii if ascii.is_ascii() => ascii.to_ascii_uppercase(),
        _ => '\0',
    };
    look_alike(upper)
}

const fn plain_mark(letter: char) -> Option<char> {
    match letter {
        '№' => Some('#'),
        '—' | '–' => Some('-'),
        _ => None,
    }
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
    if number.bytes().all(|byte| byte.is_ascii_digit()) && number.len() <= LONGEST_TEXT {
        return number.trim_start_matches('0').to_owned();
    }
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
    fn plain_texts_are_folded_as_all_others_are() {
        let every: String = (0x20..0x500).filter_map(char::from_u32).collect();
        for text in ["Оплата по СЧЁТУ № 15 — «Ёж»\tx–y", "  a\n b ", "", &every] {
            // A letter that is none of the plain ones sends the whole text the long way.
            for part in text.split_inclusive(' ') {
                let mut long_way = normalise(&format!("{part}ß"));
                long_way.truncate(long_way.len() - 2);
                let mut short_way = Vec::new();
                if put_plain(part, &mut short_way) {
                    assert_eq!(short_way, long_way, "{part}");
                }
            }
        }
        for letter in every.chars() {
            let text = format!("я{letter}я");
            let mut long_way = normalise(&format!("{text}ß"));
            long_way.truncate(long_way.len() - 2);
            let mut short_way = Vec::new();
            if put_plain(&text, &mut short_way) {
                assert_eq!(short_way, long_way, "{text}");
            }
        }
    }
}
