//! How payers spell what stands on the invoice.

use super::Chance;

/// Lower case, Cyrillic, grouped, dashed, with О for 0: what a reader must undo.
pub fn distort(reference: &str, chance: &mut Chance) -> String {
    match chance.below(8) {
        0 => reference.to_lowercase(),
        1 => reference.chars().map(to_cyrillic).collect(),
        2 => grouped(reference, 4, ' '),
        3 => grouped(reference, 2, ' '),
        4 => reference.replacen('0', "О", 1),
        5 => reference.replacen('1', if chance.in_thousand(500) { "l" } else { "I" }, 1),
        6 => reference.replacen('3', "З", 1),
        _ => grouped(reference, 5, '-'),
    }
}

/// One slip of the pen in the digits after so many letters: changed, swapped, lost or doubled.
pub fn slip(number: &str, after: usize, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = number.chars().collect();
    let at = after + chance.index(letters.len() - after - 1);
    match chance.below(4) {
        0 => {
            let digit = letters[at].to_digit(10).unwrap_or(0);
            let other = (u64::from(digit) + 1 + chance.below(9)) % 10;
            letters[at] = char::from_digit(u32::try_from(other).unwrap_or(0), 10).unwrap_or('0');
        }
        1 => letters.swap(at, at + 1),
        2 => {
            letters.remove(at);
        }
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

const fn to_cyrillic(letter: char) -> char {
    match letter {
        'T' => 'Т',
        'X' => 'Х',
        'A' => 'А',
        other => other,
    }
}

fn grouped(reference: &str, size: usize, separator: char) -> String {
    let (letters, digits) = reference.split_at(2);
    let groups: Vec<String> =
        digits.as_bytes().chunks(size).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    format!("{letters}{}", groups.join(&separator.to_string()))
}
