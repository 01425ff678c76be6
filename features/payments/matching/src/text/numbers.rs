//! Numbers after an invoice word: one, a list, a range, each with the day that is bound to it.

use super::{
    Extract, NamedNumber, invoice_words,
    tokens::{Kind, Role, Text},
    vocabulary::List,
};
use crate::{alphabet::number_key, date::Date};

const LONGEST_RANGE: u64 = 50;
const LONGEST_NUMBER: usize = 24;

pub(super) fn take(text: &mut Text, found: &mut Extract) {
    let mut index = 0;
    while index < text.len() {
        // A reference opens a list as a word does: «TX00102413 и 1026».
        let opening =
            invoice_words::opening(text, index).or_else(|| is_reference(text, index).then_some(index));
        index = match opening {
            Some(after) => take_list(text, after, found).max(index + 1),
            None => index + 1,
        };
    }
    take_bare(text, found);
}

/// «от 05.05.2026 г.»: the day, and the token after it.
pub(super) fn date_after(text: &Text, from: usize) -> Option<(Date, usize)> {
    let word = (from..from + 2).find(|index| !text.is_mark(*index, "\"),"))?;
    if !text.is_of(word, List::From) {
        return None;
    }
    let at = if text.is_mark(word + 1, ".:") { word + 2 } else { word + 1 };
    let date = text.date(at)?;
    let mut end = at;
    while text.date(end) == Some(date) && end - at < 5 {
        end += 1;
    }
    if text.is_of(end, List::OfYear) {
        end += 1;
    }
    Some((date, end))
}

fn take_list(text: &mut Text, after_word: usize, found: &mut Extract) -> usize {
    let (mut at, early_date) = skip_to_number(text, after_word);
    let mut first: Option<usize> = None;
    let mut taken = 0;
    loop {
        if let Some(end) = skip_reference(text, at) {
            at = end;
        } else if let Some((spelled, end)) = number_at(text, at) {
            let alike = first.is_none_or(|length| spelled.len().abs_diff(length) <= 1);
            if !alike {
                break;
            }
            first = first.or(Some(spelled.len()));
            let end = take_number(text, at..end, &spelled, found);
            at = end;
        } else {
            break;
        }
        taken += 1;
        match skip_separator(text, at) {
            Some(next) => at = next,
            None => break,
        }
    }
    match early_date {
        Some(date) if taken == 0 => found.loose_dates.push(date),
        Some(date) if first.is_some() => {
            if let Some(number) = found.numbers.last_mut() {
                number.date = number.date.or(Some(date));
            }
        }
        _ => {}
    }
    at.max(after_word)
}

fn take_number(text: &mut Text, range: std::ops::Range<usize>, spelled: &str, found: &mut Extract) -> usize {
    let mut end = range.end;
    let mut members = members_of(spelled);
    if text.is_of(end, List::Until)
        && range.start > 0
        && text.is_of(range.start - 1, List::Since)
        && let Some((last, after)) = number_at(text, end + 1)
    {
        members = members_of(&format!("{spelled}-{last}"));
        end = after;
    }
    text.give(range.start..end, Role::Number);
    let dated = date_after(text, end);
    let number = NamedNumber { key: number_key(spelled), date: dated.map(|(date, _)| date), range: members };
    if !number.key.is_empty() && !found.numbers.contains(&number) {
        found.numbers.push(number);
    }
    dated.map_or(end, |(_, after)| after)
}

/// The numbers that `1024-1027` may mean.
fn members_of(spelled: &str) -> Vec<String> {
    let Some((first, last)) = spelled.split_once('-') else { return Vec::new() };
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(from), Ok(until))
            if first.len() == last.len() && from < until && until - from <= LONGEST_RANGE =>
        {
            (from..=until).map(|number| number.to_string()).collect()
        }
        _ => Vec::new(),
    }
}

/// Skips signs and words like «на оплату», and a day that stands before the number.
fn skip_to_number(text: &Text, from: usize) -> (usize, Option<Date>) {
    let mut at = from;
    let mut date = None;
    for _ in 0..8 {
        if let Some((day, end)) = date_after(text, at).filter(|_| date.is_none()) {
            date = Some(day);
            at = end;
        } else if text.is_mark(at, "#:.(\"-=")
            || text.is_of(at, List::Sign)
            || text.is_of(at, List::NumberFiller)
            || text.is_of(at, List::Since) && text.free_digits(at + 1)
        {
            at += 1;
        } else {
            break;
        }
    }
    (at, date)
}

fn skip_reference(text: &Text, from: usize) -> Option<usize> {
    if !is_reference(text, from) {
        return None;
    }
    let mut end = from + 1;
    while is_reference(text, end) {
        end += 1;
    }
    Some(date_after(text, end).map_or(end, |(_, after)| after))
}

fn is_reference(text: &Text, index: usize) -> bool {
    text.at(index).is_some_and(|token| matches!(token.role, Role::Reference | Role::Malformed))
}

fn skip_separator(text: &Text, from: usize) -> Option<usize> {
    let mut at = from;
    while at < from + 5
        && (text.is_mark(at, ",;&+#:") || text.is_of(at, List::And) || text.is_of(at, List::Sign))
    {
        at += 1;
    }
    (at > from).then_some(at)
}

/// `1024`, `ИМ-1024`, `15/2`, `1024А`: without inner spaces, with at least one digit.
fn number_at(text: &Text, from: usize) -> Option<(String, usize)> {
    let mut spelled = String::new();
    let mut end = from;
    while spelled.len() <= LONGEST_NUMBER {
        let piece = |index: usize| {
            text.free(index)
                && match text.at(index).map(|token| token.kind) {
                    Some(Kind::Digits) => true,
                    Some(Kind::Letters) => {
                        text.letters(index).len() <= 4 && !text.is_of(index, List::NotATail)
                    }
                    _ => false,
                }
        };
        let glued = end == from || text.glued(end);
        if glued && piece(end) {
            spelled.extend(text.letters(end));
            end += 1;
        } else if end > from
            && text.glued(end)
            && text.is_mark(end, "-/_")
            && text.glued(end + 1)
            && piece(end + 1)
        {
            spelled.push('-');
            end += 1;
        } else {
            break;
        }
    }
    let digits = spelled.bytes().any(|byte| byte.is_ascii_digit());
    (digits && spelled.len() <= LONGEST_NUMBER).then_some((spelled, end))
}

/// One digit alone counts things; from two digits on it might be somebody's number.
fn take_bare(text: &Text, found: &mut Extract) {
    let mut index = 0;
    while index < text.len() {
        if !text.free_digits(index) {
            index += 1;
            continue;
        }
        let (spelled, end) = number_at(text, index).unwrap_or_else(|| (text.string(index), index + 1));
        if spelled.len() > 1 {
            found.bare.push(number_key(&spelled));
        }
        index = end;
    }
}
