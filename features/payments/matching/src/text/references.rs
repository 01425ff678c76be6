//! References anywhere in the text: as printed, spaced, dashed, glued to «счёту», in small or
//! Cyrillic letters, with О for 0, l for 1 or З for 3. A reading counts only when check digits hold.

use super::{
    Extract, NamedReference, invoice_words,
    numbers::date_after,
    tokens::{Role, Text},
    vocabulary::List,
};
use crate::reference::{Prefix, Reference};

/// `RF`, two check digits, letters and digits in up to six printed groups of four.
const CREDITOR_LETTERS: usize = 25;
/// One digit lost or doubled around the sizes that references have.
const MALFORMED_DIGITS: std::ops::RangeInclusive<usize> = 7..=12;

pub(super) fn take(text: &mut Text, prefixes: &[Prefix], found: &mut Extract) {
    let mut index = 0;
    while index < text.len() {
        index = take_creditor(text, index, found)
            .or_else(|| prefixes.iter().find_map(|prefix| take_own(text, index, *prefix, found)))
            .unwrap_or(index + 1);
    }
}

/// Digits right after letters of ours begin a reference, whatever else they look like.
pub(super) fn glued_to_prefix(text: &Text, index: usize, prefixes: &[Prefix]) -> bool {
    index > 0
        && text.glued(index)
        && prefixes.iter().any(|prefix| after_prefix(text.word(index - 1), *prefix).is_some())
}

fn take_creditor(text: &mut Text, index: usize, found: &mut Extract) -> Option<usize> {
    if !text.free(index) || !text.is_of(index, List::Creditor) || text.digit_count(index + 1) == 0 {
        return None;
    }
    let mut spelled = text.string(index);
    let mut end = index + 1;
    while spelled.len() <= CREDITOR_LETTERS && text.free(end) && text.mark(end).is_none() {
        spelled.extend(text.letters(end));
        end += 1;
        let token_ends = !text.glued(end) || text.mark(end).is_some();
        if token_ends && let Some(reference) = Reference::from_creditor_reference(&spelled) {
            return Some(accept(text, index..end, reference, found));
        }
    }
    None
}

fn take_own(text: &mut Text, index: usize, prefix: Prefix, found: &mut Extract) -> Option<usize> {
    let reading = read_own(text, index, prefix)?;
    if let Some(reference) = reading.reference {
        return Some(accept(text, index..reading.end, reference, found));
    }
    found.malformed.push(format!("{prefix}{}", reading.digits));
    text.give(index..reading.end, Role::Malformed);
    Some(reading.end)
}

fn accept(
    text: &mut Text,
    range: std::ops::Range<usize>,
    reference: Reference,
    found: &mut Extract,
) -> usize {
    let end = range.end;
    text.give(range, Role::Reference);
    let date = date_after(text, end).map(|(date, _)| date);
    match found.references.iter_mut().find(|named| named.reference == reference) {
        Some(named) => named.date = named.date.or(date),
        None => found.references.push(NamedReference { reference, date }),
    }
    end
}

struct Reading {
    reference: Option<Reference>,
    digits: String,
    end: usize,
}

fn read_own(text: &Text, index: usize, prefix: Prefix) -> Option<Reading> {
    if !text.free(index) {
        return None;
    }
    let mut digits = after_prefix(text.word(index), prefix)?;
    let mut end = index + 1;
    // A lone letter with a space is a preposition: «к 10243758».
    let loose = prefix.length() > 1 || digits.len() > 1;
    let mut readings: Vec<Reading> = Vec::new();
    loop {
        let joined = text.free(end) && text.glued(end) && is_digits(text, end);
        if !joined {
            // Here a piece ends, so the token may end here too.
            readings.push(Reading {
                reference: Reference::checked(prefix, &digits),
                digits: digits.clone(),
                end,
            });
            if let Some(last) = readings.last_mut()
                && goes_on_wrongly(text, end)
            {
                last.reference = None;
                break;
            }
            if readings.len() == 1 && readings[0].reference.is_some() {
                break;
            }
            match next_piece(text, end, loose || !digits.is_empty()) {
                Some(piece) => end = piece,
                None => break,
            }
        }
        digits.extend(text.letters(end).iter().filter_map(|letter| as_digit(*letter)));
        end += 1;
        if digits.len() > *MALFORMED_DIGITS.end() {
            break;
        }
    }
    if digits.len() > *MALFORMED_DIGITS.end() && readings.is_empty() {
        return None;
    }
    let valid = readings.iter().filter(|reading| reading.reference.is_some()).count();
    if valid == 1 {
        return readings.into_iter().find(|reading| reading.reference.is_some());
    }
    // Nothing holds, or two readings do: name none, and let a person or rule F look.
    readings
        .into_iter()
        .find(|reading| MALFORMED_DIGITS.contains(&reading.digits.len()))
        .map(|reading| Reading { reference: None, ..reading })
}

/// A lone letter between digits is a mistyped digit: what stands before it is a part of the token, and holds by
/// chance once in 97.
fn goes_on_wrongly(text: &Text, end: usize) -> bool {
    text.glued(end) && text.word(end).len() == 1 && text.glued(end + 1) && text.digit_count(end + 1) > 0
}

/// A following group of digits: after one space, or one dash, dot, slash or underscore.
fn next_piece(text: &Text, from: usize, loose: bool) -> Option<usize> {
    let piece = if text.is_mark(from, "-./_") && text.free(from) { from + 1 } else { from };
    let reachable = loose || piece != from;
    (reachable && text.free_digits(piece)).then_some(piece)
}

fn is_digits(text: &Text, index: usize) -> bool {
    text.mark(index).is_none() && text.letters(index).iter().all(|letter| as_digit(*letter).is_some())
}

/// What follows the prefix within its word, as digits; `None` when the word has no such prefix.
/// Before the prefix only a word of payment language may be glued, or «ОПЛАТА 1024…» would read as
/// the prefix «ТА».
fn after_prefix(word: &[char], prefix: Prefix) -> Option<String> {
    let tail = word.iter().rev().take_while(|letter| as_digit(**letter).is_some()).count();
    for start in (word.len() - tail).saturating_sub(prefix.length())..word.len() {
        let rest = &word[start..];
        if !prefix.begins(rest) {
            continue;
        }
        let digits =
            rest[prefix.length()..].iter().map(|letter| as_digit(*letter)).collect::<Option<String>>();
        if let Some(digits) = digits
            && (start == 0 || invoice_words::ends_with_one(&word[..start]))
        {
            return Some(digits);
        }
    }
    None
}

const fn as_digit(letter: char) -> Option<char> {
    match letter {
        '0'..='9' => Some(letter),
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        'З' => Some('3'),
        _ => None,
    }
}
