//! Days: `05.05.2026`, `5.5.26`, `2026-05-05`, `5 мая 2026 г.`, and years and months that are no number.

use super::{
    references::glued_to_prefix,
    tokens::{Kind, Role, Text},
    vocabulary::List,
};
use crate::{date::Date, reference::Prefix};

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
    let month = text.month(index + 1)?;
    if text.digit_count(index) > 2 || text.digit_count(index + 2) != 4 {
        return None;
    }
    date(text.number(index + 2)?, month, text.number(index)?).map(|date| (date, index + 3))
}

/// The year in «май 2026», «2026 г.», «за 2026 год», and the day in «5 мая».
fn lone_year(text: &Text, index: usize) -> Option<usize> {
    if text.month(index).is_some() && text.digit_count(index + 1) == 4 {
        return Some(index + 1);
    }
    let year = text.digit_count(index) == 4 && text.is_of(index + 1, List::Year);
    let day = matches!(text.digit_count(index), 1 | 2) && text.month(index + 1).is_some();
    let quarter = text.digit_count(index) == 1 && text.is_of(index + 1, List::Quarter);
    (year || day || quarter).then_some(index)
}

fn date(year: u64, month: u64, day: u64) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)
}
