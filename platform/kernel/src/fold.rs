use unicode_normalization::UnicodeNormalization;

/// The form in which texts are searched, compared for sameness and sorted on both engines:
/// lower case, NFC, ё as е, runs of white space as one space, trimmed.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut space = true;
    // Some letters with an accent have one form in lower case only, so they are put together last.
    for letter in text.chars().flat_map(char::to_lowercase).nfc() {
        if letter.is_whitespace() {
            if !space {
                folded.push(' ');
            }
            space = true;
        } else {
            folded.push(if letter == 'ё' { 'е' } else { letter });
            space = false;
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// The ASCII digits of a text, in order: what a person types when searching a phone number.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_makes_what_people_consider_equal_equal() {
        for (given, expected) in [
            ("  Ёлка   Зелёная ", "елка зеленая"),
            ("Е\u{308}ж", "еж"),
            ("J\u{30c}", "\u{1f0}"),
            ("TEA-100\tBox", "tea-100 box"),
            ("", ""),
        ] {
            assert_eq!(fold(given), expected, "{given:?}");
        }
    }
}
