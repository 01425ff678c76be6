//! Every word that the readers know. A word of a text is looked up here once, when the text is taken apart; whoever
//! asks later which list it stands in reads one bit.

use std::sync::LazyLock;

use super::invoice_words;
use crate::lexemes::Dictionary;

/// Lists of words; `*` stands for any ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// Names of fields of the banking form.
    Field,
    /// What stands before «счёт» when a bank account is meant.
    AccountKind,
    Account,
    /// The first letter of «р/с».
    AccountLetter,
    Phone,
    /// «номер».
    Sign,
    /// The signs that may also be the end of a word.
    LoneSign,
    Vat,
    Sum,
    Currency,
    /// Between «сумма» and its digits.
    SumFiller,
    Unit,
    Without,
    Not,
    /// Before a day.
    From,
    /// Behind a day.
    OfYear,
    Year,
    Quarter,
    /// «с 1024 по 1027».
    Since,
    Until,
    And,
    /// Between «счёт» and its number.
    NumberFiller,
    /// Letters right after a number that do not belong to it.
    NotATail,
    /// Papers that are no invoices.
    Document,
    /// An invoice word, with or without what is glued to it: found by `invoice_words`.
    Invoice,
    /// As an invoice word begins.
    InvoiceStem,
    /// The first part of «с/ф», the last of «р/с».
    InvoiceShortened,
    /// The second part of «с/ф».
    Factura,
    /// The second part of «счёт-договор».
    Compound,
    /// Before an order that is the payer's own paper.
    PayersPaper,
    /// An ISO 11649 reference.
    Creditor,
}

const WORDS: &[(List, &[&str])] = &[
    (
        List::Field,
        &[
            "БИК",
            "КПП",
            "ИНН",
            "ОГРН",
            "ОГРНИП",
            "КБК",
            "ОКТМО",
            "ОКАТО",
            "ОКПО",
            "УИН",
            "УИП",
            "СНИЛС",
            "BIC",
            "IBAN",
            "SWIFT",
            "INN",
            "KPP",
            "ПАСПОРТ*",
            "IP",
            "UETR",
        ],
    ),
    (List::AccountKind, &["РАСЧЕТН*", "РАСЧ", "ЛИЦЕВ*", "ЛИЦ", "КОРР*", "КОР"]),
    (List::Account, &["СЧЕТ", "СЧЕТА", "СЧЕТУ", "СЧ", "СЧЕТОМ", "СЧЕТЕ"]),
    (List::AccountLetter, &["Р", "К", "Л", "P"]),
    (List::Phone, &["ТЕЛ", "ТЕЛЕФОН*", "PHONE", "TEL", "МОБ"]),
    (List::Sign, &["N", "NO", "NR", "NUM", "НОМЕР", "НОМ"]),
    (List::LoneSign, &["N", "NO"]),
    (List::Vat, &["НДС", "VAT", "ПДВ"]),
    (List::Sum, &["СУММ*", "ИТОГО", "ВСЕГО", "TOTAL", "AMOUNT"]),
    (
        List::Currency,
        &[
            "РУБ*",
            "Р",
            "RUB",
            "RUR",
            "EUR",
            "EURO",
            "ЕВРО",
            "USD",
            "КОП*",
            "BYN",
            "KZT",
            "UAH",
            "ГРН",
            "ТЕНГЕ",
            "CNY",
            "ЮАН*",
        ],
    ),
    (
        List::SumFiller,
        &[
            "К",
            "ОПЛАТЕ",
            "ПЛАТЕЖА",
            "НА",
            "СОСТАВЛЯЕТ",
            "В",
            "РАЗМЕРЕ",
            "ПО",
            "СТАВКЕ",
            "СУММ*",
            "ТОМ",
            "ЧИСЛЕ",
            "RUB",
            "EUR",
        ],
    ),
    (
        List::Unit,
        &[
            "ШТ",
            "ШТУК*",
            "КГ",
            "ПОЗ",
            "ПОЗИЦ*",
            "УП",
            "УПАК*",
            "ДН",
            "ДНЕЙ",
            "ДНЯ",
            "МЕС",
            "МЕСТ*",
            "ЧАС*",
            "ЧЕЛ*",
            "PCS",
        ],
    ),
    (List::Without, &["БЕЗ", "WITHOUT", "NO"]),
    (List::Not, &["НЕ"]),
    (List::From, &["ОТ", "FROM", "DATED", "DTD", "OF"]),
    (List::OfYear, &["Г", "ГОДА"]),
    (List::Year, &["Г", "ГГ", "ГОД*", "YEAR"]),
    (List::Quarter, &["КВ", "КВАРТАЛ*"]),
    (List::Since, &["С"]),
    (List::Until, &["ПО"]),
    (List::And, &["И", "AND", "ТАКЖЕ"]),
    (
        List::NumberFiller,
        &[
            "НА",
            "ОПЛАТУ",
            "ОПЛАТЫ",
            "ПОКУПАТЕЛ*",
            "КЛИЕНТ*",
            "ИНТЕРНЕТ",
            "МАГАЗИН*",
            "ФАКТУР*",
            "ОФЕРТ*",
            "ДОГОВОР*",
        ],
    ),
    (
        List::NotATail,
        &[
            "ОТ", "И", "НА", "ЗА", "ПО", "В", "С", "Г", "ГГ", "Р", "РУБ", "ШТ", "К", "У", "О", "НДС", "БЕЗ",
            "ИЗ", "ДО", "OF", "AND",
        ],
    ),
    (
        List::Document,
        &[
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
        ],
    ),
    (List::InvoiceStem, &["СЧЕТ*"]),
    (List::InvoiceShortened, &["С", "СЧ", "СЧЕТ*"]),
    (List::Factura, &["Ф", "ФАКТ*"]),
    (List::Compound, &["ДОГОВОР*", "ОФЕРТ*", "ЗАКАЗ*", "НАРЯД*", "СЧЕТ*"]),
    (List::PayersPaper, &["PAYMENT", "PAY", "BANK", "MONEY"]),
    (List::Creditor, &["RF"]),
];

const MONTHS: [&[&str]; 12] = [
    &["ЯНВАР*", "JANUARY", "JAN"],
    &["ФЕВРАЛ*", "FEBRUARY", "FEB"],
    &["МАРТ", "МАРТА", "MARCH", "MAR"],
    &["АПРЕЛ*", "APRIL", "APR"],
    &["МАЙ", "МАЯ", "MAY"],
    &["ИЮН*", "JUNE", "JUN"],
    &["ИЮЛ*", "JULY", "JUL"],
    &["АВГУСТ*", "AUGUST", "AUG"],
    &["СЕНТЯБР*", "SEPTEMBER", "SEP"],
    &["ОКТЯБР*", "OCTOBER", "OCT"],
    &["НОЯБР*", "NOVEMBER", "NOV"],
    &["ДЕКАБР*", "DECEMBER", "DEC"],
];

/// What is known of a word: a bit for each list it stands in, and above them the month that it names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known(u64);

const MONTH_BITS: u32 = 60;

static VOCABULARY: LazyLock<Dictionary<Known>> = LazyLock::new(|| {
    let listed =
        WORDS.iter().flat_map(|(list, words)| words.iter().map(move |word| (*word, Known::in_list(*list))));
    let months = (1..)
        .zip(MONTHS)
        .flat_map(|(month, words)| words.iter().map(move |word| (*word, Known::month_of(month))));
    Dictionary::new(listed.chain(months))
});

impl Known {
    pub const NOTHING: Self = Self(0);

    /// Looks a folded word up.
    pub fn of(word: &[char]) -> Self {
        let invoice = if invoice_words::ends_with_one(word) { Self::in_list(List::Invoice).0 } else { 0 };
        Self(VOCABULARY.find(word).fold(invoice, |all, (_, known)| all | known.0))
    }

    pub const fn is(self, list: List) -> bool {
        self.0 & Self::in_list(list).0 != 0
    }

    pub const fn month(self) -> Option<u64> {
        match self.0 >> MONTH_BITS {
            0 => None,
            month => Some(month),
        }
    }

    const fn in_list(list: List) -> Self {
        Self(1 << list as u32)
    }

    const fn month_of(month: u64) -> Self {
        Self(month << MONTH_BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alphabet::normalise;

    #[test]
    fn every_word_is_in_the_lists_that_name_it_and_a_month_is_one_month() {
        for (list, words) in WORDS {
            for word in *words {
                let known = Known::of(&normalise(&word.replace('*', "ъ")));
                assert!(known.is(*list), "{word} {list:?}");
            }
        }
        for (month, words) in (1..).zip(MONTHS) {
            for word in words {
                assert_eq!(Known::of(&normalise(&word.replace('*', "ъ"))).month(), Some(month), "{word}");
            }
        }
        assert_eq!(Known::of(&normalise("товар")), Known::NOTHING);
        assert!((List::Creditor as u32) < MONTH_BITS, "lists and months have bits of their own");
    }
}
