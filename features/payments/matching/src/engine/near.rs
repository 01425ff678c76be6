//! One slip of the pen: a letter changed, lost, doubled, or two neighbours swapped.

use std::collections::BTreeSet;

use super::evidence::Evidence;
use crate::{
    ledger::Filed,
    reference::{Prefix, Reference},
};

/// Shorter numbers are one slip from too much.
const SHORTEST: usize = 7;

/// What might be a reference of ours with a slip in it.
pub(super) fn slips(evidence: &Evidence) -> Vec<&str> {
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

pub(super) fn is_near(invoice: &Filed, token: &str) -> bool {
    let reference = invoice.called().reference.as_ref();
    reference.is_some_and(|reference| one_slip(reference.as_str().as_bytes(), token.as_bytes()))
}

/// A plain number: of the invoice, or its reference without letters.
pub(super) fn is_number_near(invoice: &Filed, key: &str) -> bool {
    invoice.called().numbers().any(|own| one_slip(own.as_bytes(), key.as_bytes()))
}

pub(super) fn numbers_one_slip_apart(invoice: &Filed, other: &Filed) -> bool {
    invoice.called().keys.iter().any(|key| is_number_near(other, key))
}

/// Whether people call the invoice so: by a number, or by its reference without letters.
pub(super) fn is_name_of(invoice: &Filed, key: &str) -> bool {
    invoice.called().numbers().any(|own| own == key)
}

/// Every reference that is one slip in the digits away. Check digits leave a handful of the two
/// hundred ways to slip, so all can be looked up, whoever pays. Good for suggestions only: with the
/// payer unknown, nothing says which of them was meant.
pub(super) fn neighbours(token: &str) -> BTreeSet<Reference> {
    let (Some(at), true) = (token.find(|letter: char| letter.is_ascii_digit()), token.is_ascii()) else {
        return BTreeSet::new();
    };
    let Ok(prefix) = Prefix::parse(&token[..at]) else { return BTreeSet::new() };
    let digits = &token.as_bytes()[at..];
    let mut found = BTreeSet::new();
    let mut way: Vec<u8> = Vec::with_capacity(digits.len() + 1);
    let mut look = |pieces: [&[u8]; 3]| {
        way.clear();
        pieces.iter().for_each(|piece| way.extend_from_slice(piece));
        found.extend(std::str::from_utf8(&way).ok().and_then(|way| Reference::checked(prefix, way)));
    };
    for place in 0..digits.len() {
        let (head, tail) = digits.split_at(place);
        look([head, &[], &tail[1..]]);
        if let [one, other, rest @ ..] = tail {
            look([head, &[*other, *one], rest]);
        }
        for digit in b'0'..=b'9' {
            look([head, &[digit], &tail[1..]]);
            look([head, &[digit], tail]);
        }
    }
    (b'0'..=b'9').for_each(|digit| look([digits, &[digit], &[]]));
    found
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
    use super::{neighbours, one_slip};
    use crate::reference::{Prefix, Reference};

    #[test]
    fn the_reference_that_was_meant_is_among_few_neighbours() {
        let meant = Reference::new(Prefix::DEFAULT, 1024).expect("in range");
        let digits = meant.digits();
        for slip in ["00102431", "0012413", "000102413", "00902413", "0010241"] {
            assert_ne!(slip, digits);
            let found = neighbours(&format!("TX{slip}"));
            assert!(found.contains(&meant) && found.len() < 12, "{slip} {found:?}");
        }
        assert!(neighbours("").is_empty() && neighbours("TX").is_empty() && neighbours("ЖЖ123").is_empty());
    }

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
