//! Numbers of other papers: contracts, acts, waybills, articles. Their number and their date are
//! no evidence for an invoice. A reference with check digits was taken before and stays one.

use super::{
    fields::{skip_signs, take_value},
    numbers::date_after,
    tokens::{Role, Text},
};
use crate::alphabet::Lexemes;

static DOCUMENT_WORDS: Lexemes = Lexemes::new(&[
    "ДОГОВОР*",
    "ДОГ",
    "КОНТРАКТ*",
    "КОНТР",
    "CONTRACT*",
    "AGREEMENT*",
    "АКТ",
    "АКТА",
    "АКТУ",
    "АКТАМ",
    "НАКЛАДН*",
    "НАКЛ",
    "ТТН",
    "ТН",
    "УПД",
    "АРТ",
    "АРТИКУЛ*",
    "СПЕЦИФ*",
    "СПЕЦ",
    "ПРИЛОЖ*",
    "ПП",
    "ПОРУЧЕН*",
    "ДОВЕР*",
    "ЗАЯВК*",
    "ПОЛИС*",
    "КВ",
    "ДОМ",
    "ОФИС",
    "ЧЕК",
    "ЧЕКА",
    "ПРЕТЕНЗ*",
    "ТЕНДЕР*",
    "ЛОТ",
    "ДЕЛО",
    "ДЕЛУ",
    "СМЕТ*",
]);

pub(super) fn take(text: &mut Text) {
    for index in 0..text.len() {
        if !text.free(index) || !text.is_of(index, &DOCUMENT_WORDS) || belongs_to_invoice(text, index) {
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
    let after = index >= 2 && text.is_mark(index - 1, "-") && text.is_word(index - 2, &["СЧЕТ*"]);
    after || (text.is_mark(index + 1, "-") && text.is_word(index + 2, &["СЧЕТ*"]))
}
