//! How bytes change on their way.

use takt_simulator::Chance;

/// One byte is another, is missing, is one too many, or the rest is missing. Never what it was.
pub fn changed(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut other = bytes.to_vec();
    if other.is_empty() {
        return vec![byte(chance)];
    }
    let at = chance.index(other.len());
    match chance.between(0, 9) {
        0 => other.truncate(at),
        1 => other.insert(at, byte(chance)),
        2 => drop(other.remove(at)),
        3 => other.swap(at, bytes.len() - 1 - at),
        _ => other[at] = byte(chance),
    }
    if other == bytes {
        other[at] = bytes[at].wrapping_add(1);
    }
    other
}

/// As [`changed`], of a text that stays one line of visible letters.
pub fn changed_text(text: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<u8> = text.bytes().collect();
    let Some(last) = letters.len().checked_sub(1) else { return "x".to_owned() };
    let at = chance.index(last + 1);
    let other = b'!' + u8::try_from(chance.between(0, 90)).unwrap_or(0);
    match chance.between(0, 5) {
        0 => letters.truncate(at),
        _ => letters[at] = if other == letters[at] { b'~' } else { other },
    }
    String::from_utf8_lossy(&letters).into_owned()
}

pub fn noise(most: i64, chance: &mut Chance) -> Vec<u8> {
    (0..chance.between(0, most)).map(|_| byte(chance)).collect()
}

fn byte(chance: &mut Chance) -> u8 {
    u8::try_from(chance.between(0, 255)).unwrap_or(0)
}
