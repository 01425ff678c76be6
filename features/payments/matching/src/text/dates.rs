//! Days: `05.05.2026`, `5.5.26`, `2026-05-05`, `5 мая 2026 г.`, and years and months that are no number.

use super::{
    references::glued_to_prefix,
    tokens::{Kind, Role, Text},
};
use crate::{alphabet::Lexemes, date::Date, reference::Prefix};

static MONTHS: [Lexemes; 12] = [
    Lexemes::new(&["ЯНВАР*", "JANUARY", "JAN"]),
    Lexemes::new(&["ФЕВРАЛ*", "FEBRUARY", "FEB"]),
    Lexemes::new(&["МАРТ", "МАРТА", "MARCH", "MAR"]),
    Lexemes::new(&["АПРЕЛ*", "APRIL", "APR"]),
    Lexemes::new(&["МАЙ", "МАЯ", "MAY"]),
    Lexemes::new(&["ИЮН*", "JUNE", "JUN"]),
    Lexemes::new(&["ИЮЛ*", "JULY", "JUL"]),
    Lexemes::new(&["АВГУСТ*", "AUGUST", "AUG"]),
    Lexemes::new(&["СЕНТЯБР*", "SEPTEMBER", "SEP"]),
    Lexemes::new(&["ОКТЯБР*", "OCTOBER", "OCT"]),
    Lexemes::new(&["НОЯБР*", "NOVEMBER", "NOV"]),
    Lexemes::new(&["ДЕКАБР*", "DECEMBER", "DEC"]),
];

pub(super) fn take(text: &mut Text, prefixes: &[Prefix]) {
    let mut index = 0;
    while index < text.len() {
        if text.free_digits(index)
            && !glued_to_prefix(text, index, prefixes)
            && let Some((date, end)) = numeric(text, index).or_else(|| with_month_word(text, index))
        {
            text.give(index..end, Role::Date(date));
            index = end;
            continue;
        }
        if let Some(year) = lone_year(text, index) {
            text.give(year..year + 1, Role::Field);
        }
        index += 1;
    }
}

/// `05.05.2026`, `05/05/26`, `05-05-2026`, `2026-05-05`, all glued.
fn numeric(text: &Text, index: usize) -> Option<(Date, usize)> {
    let separator = text.mark(index + 1).filter(|mark| "./-".contains(*mark))?;
    let whole = text.mark(index + 3) == Some(separator)
        && (index + 1..index + 5).all(|part| text.glued(part))
        && (index..index + 5).all(|part| text.free(part));
    let goes_on = text.glued(index + 5)
        && text.is_mark(index + 5, "./-")
        && text.glued(index + 6)
        && text.is(index + 6, Kind::Digits);
    let continues_another = index >= 2
        && text.glued(index)
        && text.is_mark(index - 1, "./-")
        && text.glued(index - 1)
        && text.is(index - 2, Kind::Digits);
    if !whole || goes_on || continues_another {
        return None;
    }
    let [first, second, third] = [index, index + 2, index + 4];
    let (year, month, day) =
        match (text.digit_count(first), text.digit_count(second), text.digit_count(third)) {
            (4, 2, 2) if separator == '-' => (text.number(first)?, second, third),
            (1 | 2, 1 | 2, 4) => (text.number(third)?, second, first),
            (1 | 2, 1 | 2, 2) if separator != '-' => (2000 + text.number(third)?, second, first),
            _ => return None,
        };
    date(year, text.number(month)?, text.number(day)?).map(|date| (date, index + 5))
}

/// `5 мая 2026`. Without a year it names no day, and is still no invoice number.
fn with_month_word(text: &Text, index: usize) -> Option<(Date, usize)> {
    let month = month(text, index + 1)?;
    if text.digit_count(index) > 2 || text.digit_count(index + 2) != 4 {
        return None;
    }
    date(text.number(index + 2)?, month, text.number(index)?).map(|date| (date, index + 3))
}

/// The year in «май 2026», «2026 г.», «за 2026 год», and the day in «5 мая».
fn lone_year(text: &Text, index: usize) -> Option<usize> {
    if month(text, index).is_some() && text.digit_count(index + 1) == 4 {
        return Some(index + 1);
    }
    let year = text.digit_count(index) == 4 && text.is_word(index + 1, &["Г", "ГГ", "ГОД*", "YEAR"]);
    let day = matches!(text.digit_count(index), 1 | 2) && month(text, index + 1).is_some();
    let quarter = text.digit_count(index) == 1 && text.is_word(index + 1, &["КВ", "КВАРТАЛ*"]);
    (year || day || quarter).then_some(index)
}

fn month(text: &Text, index: usize) -> Option<u64> {
    let word = text.word(index);
    if word.is_empty() {
        return None;
    }
    (1..).zip(&MONTHS).find_map(|(number, words)| words.has(word).then_some(number))
}

fn date(year: u64, month: u64, day: u64) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)
}
