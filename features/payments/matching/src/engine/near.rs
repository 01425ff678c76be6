//! One slip of the pen: a letter changed, lost, doubled, or two neighbours swapped.

use std::collections::BTreeSet;

use super::evidence::Evidence;
use crate::{alphabet::number_key, ledger::Invoice, reference::Reference};

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

/// A plain number: of the invoice, or its reference without letters.
pub(super) fn is_number_near(invoice: &Invoice, key: &str) -> bool {
    let near = |number: &str| one_slip(number.as_bytes(), key.as_bytes());
    invoice.numbers.iter().any(|number| near(&number_key(number)))
        || invoice.reference.is_some_and(|reference| near(&number_key(&reference.digits())))
}

pub(super) fn numbers_one_slip_apart(invoice: &Invoice, other: &Invoice) -> bool {
    invoice.numbers.iter().any(|number| is_number_near(other, &number_key(number)))
}

/// Whether people call the invoice so: by a number, or by its reference without letters.
pub(super) fn is_name_of(invoice: &Invoice, key: &str) -> bool {
    invoice.reference.is_some_and(|reference| number_key(&reference.digits()) == key)
        || invoice.numbers.iter().any(|own| number_key(own) == key)
}

/// Every reference that is one slip in the digits away. Check digits leave a handful of the two
/// hundred ways to slip, so all can be looked up, whoever pays. Good for suggestions only: with the
/// payer unknown, nothing says which of them was meant.
pub(super) fn neighbours(token: &str) -> BTreeSet<Reference> {
    let (Some(at), true) = (token.find(|letter: char| letter.is_ascii_digit()), token.is_ascii()) else {
        return BTreeSet::new();
    };
    let mut ways = Vec::new();
    for place in at..token.len() {
        let (head, tail) = token.split_at(place);
        ways.push(format!("{head}{}", &tail[1..]));
        if place + 1 < token.len() {
            ways.push(format!("{head}{}{}{}", &tail[1..2], &tail[..1], &tail[2..]));
        }
        for digit in '0'..='9' {
            ways.push(format!("{head}{digit}{}", &tail[1..]));
            ways.push(format!("{head}{digit}{tail}"));
        }
    }
    ways.extend(('0'..='9').map(|digit| format!("{token}{digit}")));
    ways.iter().filter_map(|way| Reference::parse(way).ok()).collect()
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
