//! The words after which a number is the number of an invoice or order.

use super::tokens::{Kind, Text};
use crate::alphabet::{Beginnings, Lexemes, is_any, look_alike};

const ENDINGS: &[&str] = &["", "А", "У", "ОМ", "Е", "Ы", "И", "ОВ", "АМ", "АМИ", "АХ", "S"];
/// With any of the endings; so «счётчик» and «заказчик» are not among them.
const STEMS: &[&str] =
    &["СЧЕТ", "ЗАКАЗ", "ИНВОЙС", "INVOICE", "ORDER", "РАХУНОК", "РАХУНК", "СЧЕТФАКТУР", "СЧЕТОФЕРТ"];
static WHOLE: Lexemes = Lexemes::new(&["СЧ", "СФ", "СЧФ", "INV", "ЗАК"]);
/// What is pressed to the word from the left: «ПОСЧЕТУ1024».
const GLUED_BEFORE: &[&str] = &["ПО", "ЗА", "ОПЛ", "ОПЛАТА", "ОПЛАТАПО", "ОПЛПО", "К", "НА"];
const GLUED_AFTER: &[&str] = &["NO", "N", "НОМЕР", "НАОПЛАТУ"];

/// Whether the token is such a word, with or without what is glued to it.
pub(super) fn is(text: &Text, index: usize) -> bool {
    text.is(index, Kind::Letters) && ends_with_one(text.letters(index))
}

/// How such a word may begin, but for the one letter «К» pressed to it.
static BEGINNINGS: Beginnings = Beginnings::of(STEMS)
    .and(Beginnings::of(GLUED_BEFORE))
    .and(Beginnings::of(&["СЧ", "СФ", "INV", "ЗАК", "N", "NO"]));

/// Whether letters end with such a word and hold nothing else but glue.
pub(super) fn ends_with_one(letters: &[char]) -> bool {
    if letters.first() != Some(&'K') && !BEGINNINGS.may_begin(letters) {
        return false;
    }
    let signed = GLUED_AFTER.iter().find_map(|sign| strip_end(letters, sign));
    [Some(letters), signed].into_iter().flatten().any(|word| {
        is_one(word) || GLUED_BEFORE.iter().any(|glue| strip_start(word, glue).is_some_and(is_one))
    }) || is_any(letters, &["N", "NO"])
}

/// The token after an invoice word that begins here, compound ones included: `с/ф`, `счёт-договор`.
pub(super) fn opening(text: &Text, index: usize) -> Option<usize> {
    if !text.free(index) || !text.is(index, Kind::Letters) {
        return None;
    }
    let abbreviated = text.is_word(index, &["С", "СЧ", "СЧЕТ*"])
        && text.is_mark(index + 1, "/-.")
        && text.is_word(index + 2, &["Ф", "ФАКТ*"]);
    if abbreviated {
        return Some(index + 3);
    }
    let word = text.letters(index);
    let sign_only = is_any(word, &["N", "NO"]);
    // A payment order is the payer's own paper.
    let payers_paper = index > 0 && text.is_word(index - 1, &["PAYMENT", "PAY", "BANK", "MONEY"]);
    if sign_only || payers_paper || !ends_with_one(word) {
        return None;
    }
    let compound = text.is_mark(index + 1, "-")
        && text.is_word(index + 2, &["ДОГОВОР*", "ОФЕРТ*", "ЗАКАЗ*", "НАРЯД*", "СЧЕТ*"]);
    Some(if compound { index + 3 } else { index + 1 })
}

fn is_one(word: &[char]) -> bool {
    WHOLE.has(word)
        || STEMS.iter().any(|stem| strip_start(word, stem).is_some_and(|ending| is_any(ending, ENDINGS)))
}

fn strip_start<'w>(word: &'w [char], start: &str) -> Option<&'w [char]> {
    let mut rest = word;
    for letter in start.chars().map(look_alike) {
        rest = rest.strip_prefix(&[letter])?;
    }
    Some(rest)
}

fn strip_end<'w>(word: &'w [char], end: &str) -> Option<&'w [char]> {
    let mut rest = word;
    for letter in end.chars().rev().map(look_alike) {
        rest = rest.strip_suffix(&[letter])?;
    }
    Some(rest)
}
