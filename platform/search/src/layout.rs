//! What was meant by words that were typed in the other keyboard layout: «щквукы» is orders, rfpfym is «казань».

const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const RUSSIAN: &str = "йцукенгшщзхъфывапролджэячсмитьбюё";

/// The same keys in the other layout. `None` when it says nothing else, or letters of both stand in it.
pub fn other_layout(typed: &str) -> Option<String> {
    let typed = typed.to_lowercase();
    let russian = typed.chars().any(|letter| letter.is_alphabetic() && RUSSIAN.contains(letter));
    let latin = typed.chars().any(|letter| letter.is_ascii_lowercase());
    let (from, to) = match (russian, latin) {
        (true, false) => (RUSSIAN, LATIN),
        (false, true) => (LATIN, RUSSIAN),
        _ => return None,
    };
    let key = |letter: char| {
        let place = from.chars().position(|known| known == letter);
        place.and_then(|place| to.chars().nth(place)).unwrap_or(letter)
    };
    let other: String = typed.chars().map(key).collect();
    (other != typed).then_some(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_the_other_layout_has_there() {
        for (typed, expected) in [
            ("щквукы", Some("orders")),
            ("Rfpfym", Some("казань")),
            ("pflfxb 12", Some("задачи 12")),
            ("[kt,", Some("хлеб")),
            ("чай tea", None),
            ("1001", None),
            ("", None),
        ] {
            assert_eq!(other_layout(typed).as_deref(), expected, "{typed}");
        }
    }
}
