//! Numbers of other papers: contracts, acts, waybills, articles. Their number and their date are
//! no evidence for an invoice. A reference with check digits was taken before and stays one.

use super::{
    fields::{skip_signs, take_value},
    numbers::date_after,
    tokens::{Role, Text},
    vocabulary::List,
};

pub(super) fn take(text: &mut Text) {
    for index in 0..text.len() {
        if !text.free(index) || !text.is_of(index, List::Document) || belongs_to_invoice(text, index) {
            continue;
        }
        let value = skip_signs(text, index + 1);
        let end = take_value(text, value, Role::Field);
        if let Some((_, end_of_date)) = date_after(text, end) {
            for token in &mut text.tokens[end..end_of_date] {
                token.role = Role::Field;
            }
        }
    }
}

/// «счёт-договор № 15» is an invoice; so is «договор-счёт № 15».
fn belongs_to_invoice(text: &Text, index: usize) -> bool {
    let after = index >= 2 && text.is_mark(index - 1, "-") && text.is_of(index - 2, List::InvoiceStem);
    after || (text.is_mark(index + 1, "-") && text.is_of(index + 2, List::InvoiceStem))
}
