//! One slip of the pen: a letter changed, lost, doubled, or two neighbours swapped.

use super::evidence::Evidence;
use crate::ledger::Invoice;

/// Shorter numbers are one slip from too much.
const SHORTEST: usize = 7;

/// What might be a reference of ours with a slip in it.
pub(super) fn slips<'e>(evidence: &'e Evidence<'_>) -> Vec<&'e str> {
    let numbers = evidence.text.numbers.iter().map(|number| number.key.as_str());
    evidence
        .text
        .malformed
        .iter()
        .map(String::as_str)
        .chain(numbers)
        .filter(|token| token.len() >= SHORTEST)
        .collect()
}

pub(super) fn is_near(invoice: &Invoice, token: &str) -> bool {
    invoice.reference.is_some_and(|reference| one_slip(reference.to_string().as_bytes(), token.as_bytes()))
}

fn one_slip(one: &[u8], other: &[u8]) -> bool {
    let head = one.iter().zip(other).take_while(|(left, right)| left == right).count();
    let (one, other) = (&one[head..], &other[head..]);
    let tail = one.iter().rev().zip(other.iter().rev()).take_while(|(left, right)| left == right).count();
    match (&one[..one.len() - tail], &other[..other.len() - tail]) {
        ([_], [_]) | ([_], []) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::one_slip;

    #[test]
    fn one_slip_is_one_letter_changed_lost_doubled_or_swapped() {
        for (token, near) in [
            ("TX00102475", false),
            ("TX00102476", true),
            ("TX0010245", true),
            ("TX001024775", true),
            ("TX00102457", true),
            ("TX00120475", true),
            ("TX00120457", false),
            ("00102475", false),
            ("", false),
        ] {
            assert_eq!(one_slip(b"TX00102475", token.as_bytes()), near, "{token}");
        }
    }
}
