//! Lines of a file, and texts made fit for one line.

/// Lines ended by CRLF, LF or CR alike.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|row| row.strip_suffix('\r').unwrap_or(row).split('\r'))
}

/// The text in one line, trimmed: control characters (which databases refuse) become spaces, runs
/// of white space one space.
pub(crate) fn one_line(text: &str) -> String {
    if is_one_line(text) { text.to_owned() } else { in_one_line(text) }
}

/// Whether it is so already. No also where a letter has to be looked at more closely.
fn is_one_line(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        let perhaps_not = match (before, byte) {
            (b' ', b' ') | (_, ..b' ' | 0x7f) => true,
            // U+0080 to U+00A0, spaces of printers, other writings and the mark of byte order.
            (0xC2, ..=0xA0) | (0xE2, 0x80 | 0x81) | (_, 0xE1 | 0xE3 | 0xEF) => true,
            _ => false,
        };
        if perhaps_not {
            return false;
        }
        before = byte;
    }
    before != b' ' || text.is_empty()
}

fn in_one_line(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in
        text.split(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\u{feff}')
    {
        if word.is_empty() {
            continue;
        }
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain
}

/// Joins a text that the bank cut into pieces. A piece that fills a usual width was cut in the
/// middle of a word, so nothing goes between; other pieces end where a word ends.
pub(crate) fn join_pieces<'a>(pieces: impl IntoIterator<Item = &'a str>) -> String {
    let mut whole = String::new();
    let mut glued = true;
    for piece in pieces.into_iter().filter(|piece| !piece.trim().is_empty()) {
        if !glued {
            whole.push(' ');
        }
        whole.push_str(piece);
        glued = WIDTHS.contains(&piece.chars().count());
    }
    one_line(&whole)
}

const WIDTHS: [usize; 9] = [27, 35, 50, 65, 70, 80, 105, 140, 210];

/// The first characters of a text that is repeated in many documents or shown to people.
pub(crate) fn clip(text: &str) -> &str {
    text.char_indices().nth(LONGEST_SHARED).map_or(text, |(end, _)| &text[..end])
}

/// The longest shared text that ISO 20022 allows (`AddtlNtryInf`).
const LONGEST_SHARED: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_any_system_ends_them() {
        let rows: Vec<&str> = lines("a\r\nb\nc\rd\r\r\n\ne").collect();
        assert_eq!(rows, ["a", "b", "c", "d", "", "", "e"]);
    }

    #[test]
    fn pieces_are_glued_only_where_the_bank_cut_at_a_width() {
        let full = "Оплата по счету номер Т10243758 от 2";
        let head: String = full.chars().take(35).collect();
        let tail: String = full.chars().skip(35).chain("6.01".chars()).collect();
        assert_eq!(join_pieces([head.as_str(), tail.as_str()]), format!("{full}6.01"));
        assert_eq!(join_pieces(["Оплата счета 12", "", "от 01.02"]), "Оплата счета 12 от 01.02");
        assert_eq!(one_line(" a\0b\t\u{a0}c "), "a b c");
    }

    #[test]
    fn a_text_is_taken_as_it_stands_only_where_it_is_one_line() {
        for letter in (0..0x1_1000).filter_map(char::from_u32) {
            for text in [format!("a{letter}b"), format!("{letter}b"), format!("a{letter}")] {
                assert_eq!(one_line(&text), in_one_line(&text), "{text:?}");
            }
        }
        for text in ["", " ", "a b", "a  b", "Оплата № 15 «Ёж»", " a", "a "] {
            assert_eq!(one_line(text), in_one_line(text), "{text:?}");
        }
        assert!(is_one_line("Оплата по счёту № 15, «Ёж»") && !is_one_line("a  b"));
    }
}
