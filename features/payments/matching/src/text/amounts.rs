//! Sums of money inside the text: VAT clauses, «на сумму …», amounts with a currency or with
//! kopecks, percents, quantities. They are cut so that no sum is read as an invoice number.

use super::{
    Extract, Vat, invoice_words,
    references::glued_to_prefix,
    tokens::{Role, Text, append_digits},
    vocabulary::List,
};
use crate::reference::Prefix;

/// An amount as it stands: where it ends, its hundredths, and whether it shows kopecks.
struct Sum {
    end: usize,
    hundredths: Option<i64>,
    decimals: bool,
}

pub(super) fn take(text: &mut Text, prefixes: &[Prefix], found: &mut Extract) {
    for index in 0..text.len() {
        if text.is_of(index, List::Vat) {
            found.vat = take_vat(text, index);
        }
    }
    for index in 0..text.len() {
        if text.is_of(index, List::Sum)
            && let Some(sum) = sum_after(text, index + 1)
        {
            found.stated_sums.extend(sum.1.hundredths);
            text.give(sum.0..sum.1.end, Role::Amount);
        }
    }
    let mut index = 0;
    while index < text.len() {
        index = if text.free_digits(index) && !glued_to_prefix(text, index, prefixes) {
            take_free(text, index, found)
        } else {
            index + 1
        };
    }
}

fn take_vat(text: &mut Text, word: usize) -> Vat {
    if word > 0 && text.is_of(word - 1, List::Without) || text.is_of(word + 1, List::Not) {
        return Vat::None;
    }
    let mut percent = None;
    let mut from = word + 1;
    if let Some((start, end)) = percent_after(text, from) {
        percent = text.number(start);
        text.give(start..end, Role::Field);
        from = end;
    }
    let mut amount = None;
    if let Some((start, sum)) = sum_after(text, from) {
        amount = sum.hundredths;
        text.give(start..sum.end, Role::Amount);
    }
    Vat::Included { amount, percent }
}

fn percent_after(text: &Text, from: usize) -> Option<(usize, usize)> {
    let start = skip_fillers(text, from);
    let mut end = start + 1;
    if text.is_mark(end, ".,") && text.glued(end) && text.digit_count(end + 1) > 0 {
        end += 2;
    }
    (matches!(text.digit_count(start), 1 | 2) && text.is_mark(end, "%")).then_some((start, end + 1))
}

fn sum_after(text: &Text, from: usize) -> Option<(usize, Sum)> {
    let start = skip_fillers(text, from);
    if !text.free_digits(start) {
        return None;
    }
    Some((start, sum_at(text, start, true)))
}

fn skip_fillers(text: &Text, from: usize) -> usize {
    (from..from + 6)
        .find(|index| !text.is_mark(*index, ":=-()") && !text.is_of(*index, List::SumFiller))
        .unwrap_or(from + 6)
}

/// An amount without a word before it: it needs a currency or kopecks, else it is any number.
fn take_free(text: &mut Text, index: usize, found: &mut Extract) -> usize {
    if text.is_mark(index + 1, "%") || text.is_of(index + 1, List::Unit) {
        text.give(index..index + 1, Role::Field);
        return index + 1;
    }
    if let Some((_, end)) = percent_after(text, index) {
        text.give(index..end, Role::Field);
        return end;
    }
    // «счёт № 15 125.00»: right after an invoice word the first group is the number.
    let named = index > 0
        && (text.is_mark(index - 1, "#")
            || text.is_of(index - 1, List::Sign)
            || invoice_words::is(text, index - 1));
    for grouped in [!named, false] {
        let sum = sum_at(text, index, grouped);
        let dashed = sum.decimals && text.is_mark(sum.end - 2, "-=");
        if currency_at(text, sum.end) || (sum.decimals && !dashed) {
            found.stated_sums.extend(sum.hundredths);
            text.give(index..sum.end, Role::Amount);
            return sum.end;
        }
    }
    index + 1
}

/// `12 000,50`, `12000-50`, `12000`.
fn sum_at(text: &Text, index: usize, grouped: bool) -> Sum {
    let mut hundredths = text.number(index);
    let mut digits = text.digit_count(index);
    let mut end = index + 1;
    while grouped
        && digits <= 12
        && text.digit_count(index) <= 3
        && text.digit_count(end) == 3
        && text.free(end)
        && !text.glued(end)
    {
        hundredths = hundredths.and_then(|sum| append_digits(sum, text.letters(end)));
        digits += text.digit_count(end);
        end += 1;
    }
    let decimals = text.is_mark(end, ".,-=")
        && text.glued(end)
        && text.free_digits(end + 1)
        && text.glued(end + 1)
        && text.digit_count(end + 1) == 2
        && !(text.is_mark(end + 2, ".,-/")
            && text.glued(end + 2)
            && text.digit_count(end + 3) > 0
            && text.glued(end + 3));
    let rest: &[char] = if decimals { text.letters(end + 1) } else { &['0', '0'] };
    hundredths = hundredths.and_then(|sum| append_digits(sum, rest));
    if decimals {
        end += 2;
    }
    Sum { end, hundredths: hundredths.and_then(|sum| i64::try_from(sum).ok()), decimals }
}

fn currency_at(text: &Text, index: usize) -> bool {
    let word = text.is_of(index, List::Currency) && !text.is_mark(index + 1, "/");
    word || text.is_mark(index, "₽€$£")
}
