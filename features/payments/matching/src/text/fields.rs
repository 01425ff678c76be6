//! Fields of the banking form inside the text: BIC, KPP, INN, accounts, phones. A number in them
//! is that field, even when check digits hold by chance.

use super::{
    tokens::{Kind, Role, Text},
    vocabulary::List,
};

/// No reference and no invoice number is that long; accounts and UINs are.
const LONG_NUMBER: usize = 13;
const PHONE_DIGITS: usize = 11;
/// Tokens of one value; longer chains of letters and dashes are no field.
const LONGEST_VALUE: usize = 24;

pub(super) fn take(text: &mut Text) {
    for index in 0..text.len() {
        if text.digit_count(index) >= LONG_NUMBER {
            text.give(index..index + 1, Role::Field);
        } else if text.is_mark(index, "+") && text.is(index + 1, Kind::Digits) && text.glued(index + 1) {
            take_phone(text, index + 1);
        } else if text.is_of(index, List::Phone) {
            let number = skip_signs(text, index + 1);
            take_phone(text, number);
        } else if let Some(after) = field_name_end(text, index) {
            text.give(index..after, Role::Field);
            let value = skip_signs(text, after);
            take_value(text, value, Role::Field);
        }
    }
}

/// The token after the name of a field that begins here: `БИК`, `р/с`, `лицевой счёт`.
fn field_name_end(text: &Text, index: usize) -> Option<usize> {
    if text.is_of(index, List::Field) {
        return Some(index + 1);
    }
    let abbreviated = text.is_of(index, List::AccountLetter)
        && text.is_mark(index + 1, "/")
        && text.is_of(index + 2, List::InvoiceShortened);
    if abbreviated {
        return Some(index + 3);
    }
    if text.is_of(index, List::AccountKind) {
        let account = if text.is_mark(index + 1, "./-") { index + 2 } else { index + 1 };
        return text.is_of(account, List::Account).then_some(account + 1);
    }
    None
}

/// Skips `№`, `N`, `:` and the like between a name and its value.
pub(super) fn skip_signs(text: &Text, from: usize) -> usize {
    (from..from + 4)
        .find(|index| !text.is_mark(*index, "#:.-=(\"/") && !text.is_of(*index, List::Sign))
        .unwrap_or(from + 4)
}

/// Takes one value without inner spaces; returns the token after it.
pub(super) fn take_value(text: &mut Text, from: usize, role: Role) -> usize {
    let mut end = from;
    let mut digits = false;
    while end - from < LONGEST_VALUE && text.free(end) && (end == from || text.glued(end)) {
        let inner_mark = text.is_mark(end, "-/_.") && text.glued(end + 1);
        if text.mark(end).is_some() && !inner_mark {
            break;
        }
        digits |= text.is(end, Kind::Digits);
        end += 1;
    }
    if !digits {
        return from;
    }
    text.give(from..end, role);
    end
}

fn take_phone(text: &mut Text, from: usize) {
    let mut digits = 0;
    let mut end = from;
    while end - from < LONGEST_VALUE
        && digits < PHONE_DIGITS
        && (text.free_digits(end) || text.is_mark(end, "()-+"))
    {
        digits += text.digit_count(end);
        end += 1;
    }
    if digits >= PHONE_DIGITS - 1 {
        text.give(from..end, Role::Field);
    }
}
