//! The words after which a number is the number of an invoice or order.

use std::sync::LazyLock;

use super::{
    tokens::{Kind, Text},
    vocabulary::List,
};
use crate::lexemes::{Dictionary, Lexeme};

/// With any of the endings; so «счётчик» and «заказчик» are not among them.
static STEMS: LazyLock<Dictionary<()>> = LazyLock::new(|| {
    Dictionary::of(&[
        "СЧЕТ*",
        "ЗАКАЗ*",
        "ИНВОЙС*",
        "INVOICE*",
        "ORDER*",
        "РАХУНОК*",
        "РАХУНК*",
        "СЧЕТФАКТУР*",
        "СЧЕТОФЕРТ*",
    ])
});
static ENDINGS: LazyLock<Dictionary<()>> =
    LazyLock::new(|| Dictionary::of(&["А", "У", "ОМ", "Е", "Ы", "И", "ОВ", "АМ", "АМИ", "АХ", "S"]));
static WHOLE: LazyLock<Dictionary<()>> = LazyLock::new(|| Dictionary::of(&["СЧ", "СФ", "СЧФ", "INV", "ЗАК"]));
/// What is pressed to the word from the left: «ПОСЧЕТУ1024». And «К».
static GLUED_BEFORE: LazyLock<Dictionary<()>> =
    LazyLock::new(|| Dictionary::of(&["ПО*", "ЗА*", "ОПЛ*", "ОПЛАТА*", "ОПЛАТАПО*", "ОПЛПО*", "НА*"]));
static GLUED_AFTER: LazyLock<[Lexeme; 4]> =
    LazyLock::new(|| ["NO", "N", "НОМЕР", "НАОПЛАТУ"].map(Lexeme::new));
static SIGNS: LazyLock<Dictionary<()>> = LazyLock::new(|| Dictionary::of(&["N", "NO"]));

/// Whether the token is such a word, with or without what is glued to it.
pub(super) fn is(text: &Text, index: usize) -> bool {
    text.is_of(index, List::Invoice)
}

/// How such a word may begin, but for the «К» pressed to it: nearly every word begins otherwise.
static BEGINNINGS: LazyLock<Dictionary<()>> = LazyLock::new(|| {
    Dictionary::of(&[
        "СЧ*",
        "СФ*",
        "ЗА*",
        "ИНВОЙС*",
        "INV*",
        "ORDER*",
        "РАХУН*",
        "ПО*",
        "ОПЛ*",
        "НА*",
        "N",
        "NO",
    ])
});

/// Whether letters end with such a word and hold nothing else but glue.
pub(super) fn ends_with_one(letters: &[char]) -> bool {
    if letters.first() != Some(&'K') && !BEGINNINGS.has(letters) {
        return false;
    }
    let signed = GLUED_AFTER.iter().find_map(|sign| letters.strip_suffix(sign.letters()));
    [Some(letters), signed].into_iter().flatten().any(is_one_or_glued) || SIGNS.has(letters)
}

/// The token after an invoice word that begins here, compound ones included: `с/ф`, `счёт-договор`.
pub(super) fn opening(text: &Text, index: usize) -> Option<usize> {
    if !text.free(index) || !text.is(index, Kind::Letters) {
        return None;
    }
    let abbreviated = text.is_of(index, List::InvoiceShortened)
        && text.is_mark(index + 1, "/-.")
        && text.is_of(index + 2, List::Factura);
    if abbreviated {
        return Some(index + 3);
    }
    // A payment order is the payer's own paper.
    let payers_paper = index > 0 && text.is_of(index - 1, List::PayersPaper);
    if text.is_of(index, List::LoneSign) || payers_paper || !is(text, index) {
        return None;
    }
    let compound = text.is_mark(index + 1, "-") && text.is_of(index + 2, List::Compound);
    Some(if compound { index + 3 } else { index + 1 })
}

fn is_one_or_glued(word: &[char]) -> bool {
    let unglued = GLUED_BEFORE.find(word).map(|(glue, ())| &word[glue.letters().len()..]);
    is_one(word) || unglued.chain(word.strip_prefix(&['K'])).any(is_one)
}

fn is_one(word: &[char]) -> bool {
    let is_inflected = |stem: &Lexeme| {
        let ending = &word[stem.letters().len()..];
        ending.is_empty() || ENDINGS.has(ending)
    };
    WHOLE.has(word) || STEMS.find(word).any(|(stem, ())| is_inflected(stem))
}
