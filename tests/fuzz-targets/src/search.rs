use takt_kernel::{digits, fold};
use takt_search::{Needle, joined};

use crate::text::text;

/// What somebody typed to look for.
pub fn search(data: &[u8]) {
    let typed = text(data);
    let folded = fold(typed);
    assert!(!folded.starts_with(' ') && !folded.ends_with(' ') && !folded.contains("  "), "{folded:?}");
    let lower: String = typed.chars().flat_map(char::to_lowercase).collect();
    assert_eq!(fold(&lower), folded, "{typed:?} depends on its case");
    let Some(needle) = Needle::of(typed) else {
        assert!(folded.is_empty(), "{typed:?} is looked for by nothing");
        return;
    };
    assert_eq!(Needle::of(typed).as_ref(), Some(&needle));
    // Whoever types what stands there finds it; a phone is kept as its digits as well.
    if typed.chars().count() < 600 {
        let kept = joined([folded.clone(), digits(&folded), seven(&folded)]);
        assert!(needle.matches(&kept), "{typed:?} does not find itself: {needle:?}");
    }
}

/// A Russian number as it is kept.
fn seven(folded: &str) -> String {
    let digits = digits(folded);
    digits.strip_prefix('8').map_or(digits.clone(), |rest| format!("7{rest}"))
}
