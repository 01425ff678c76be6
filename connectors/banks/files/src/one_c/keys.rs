//! The keys of 1CClientBankExchange, all versions together: a file is never judged by the version
//! that it claims. Spelling differs between banks only in letter case and ё.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::line;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Signature,
    OpenAccount,
    CloseAccount,
    OpenDocument,
    CloseDocument,
    EndOfFile,
    From,
    Until,
    Account,
    OpeningBalance,
    TotalIncoming,
    TotalOutgoing,
    ClosingBalance,
    Number,
    Date,
    Amount,
    Currency,
    ReceivedOn,
    DebitedOn,
    KindCode,
    PaymentIdentifier,
    Purpose,
    PurposePiece,
    Party(Side, Detail),
    /// Known, with no meaning for us beyond being kept.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    Payer,
    Payee,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Detail {
    Name,
    /// The name alone; `Name` often has the taxpayer number in front.
    NameLine,
    /// Second to fourth line: account, bank and city where those have no keys of their own.
    FurtherLine,
    Inn,
    Account,
    SettlementAccount,
    Bank,
    BankCity,
    Bic,
}

pub(crate) fn find(written: &str) -> Option<Key> {
    let written = written.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    let mut plain = [0; LONGEST_PLAIN];
    let key = match fold_plain(written, &mut plain) {
        Some(folded) => KEYS.get(folded),
        None => KEYS.get(written.to_lowercase().replace('ё', "е").as_bytes()),
    };
    key.copied()
}

/// Rows of a file and how they begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub all: usize,
    /// With a key that we know. The signature does not count: it is Latin, hence the same in every encoding.
    pub known: usize,
    /// Some key has a letter that could not be read.
    pub damaged: bool,
}

pub(crate) fn count(text: &str) -> Rows {
    let mut rows = Rows::default();
    for row in line::lines(text) {
        let (key, has_value) = row.split_once('=').map_or((row, false), |(key, _)| (key, true));
        rows.all += 1;
        match find(key) {
            Some(Key::Signature) => {}
            Some(_) => rows.known += 1,
            None => rows.damaged |= has_value && key.contains(char::REPLACEMENT_CHARACTER),
        }
    }
    rows
}

const LONGEST_PLAIN: usize = 64;

/// Small letters, ё as е, of a text of ASCII and Russian letters that is no longer than a key may be.
fn fold_plain<'f>(written: &str, folded: &'f mut [u8; LONGEST_PLAIN]) -> Option<&'f [u8]> {
    let mut length = 0;
    for letter in written.chars() {
        let small = match letter {
            'а'..='я' => letter,
            'А'..='Я' => char::from_u32(u32::from(letter) + 0x20)?,
            'ё' | 'Ё' => 'е',
            ascii if ascii.is_ascii() => ascii.to_ascii_lowercase(),
            _ => return None,
        };
        let end = length + small.len_utf8();
        small.encode_utf8(folded.get_mut(length..end)?);
        length = end;
    }
    Some(&folded[..length])
}

/// By the bytes of their small letters. Nobody outside adds to them, so a quick hash will do: each row of a file asks twice.
static KEYS: LazyLock<FxHashMap<Vec<u8>, Key>> = LazyLock::new(|| {
    let mut keys: FxHashMap<String, Key> =
        PLAIN.iter().map(|(text, key)| ((*text).to_owned(), *key)).collect();
    keys.extend(KEPT.iter().map(|text| ((*text).to_owned(), Key::Other)));
    for (prefix, side) in [("плательщик", Side::Payer), ("получатель", Side::Payee)] {
        keys.extend(
            OF_PARTY.iter().map(|(suffix, detail)| (format!("{prefix}{suffix}"), Key::Party(side, *detail))),
        );
        keys.extend(KEPT_OF_PARTY.iter().map(|suffix| (format!("{prefix}{suffix}"), Key::Other)));
    }
    keys.into_iter().map(|(text, key)| (text.into_bytes(), key)).collect()
});

const PLAIN: &[(&str, Key)] = &[
    ("1cclientbankexchange", Key::Signature),
    ("секциярасчсчет", Key::OpenAccount),
    ("конецрасчсчет", Key::CloseAccount),
    ("секциядокумент", Key::OpenDocument),
    ("конецдокумента", Key::CloseDocument),
    ("конецфайла", Key::EndOfFile),
    ("датаначала", Key::From),
    ("датаконца", Key::Until),
    ("расчсчет", Key::Account),
    ("начальныйостаток", Key::OpeningBalance),
    ("всегопоступило", Key::TotalIncoming),
    ("всегосписано", Key::TotalOutgoing),
    ("конечныйостаток", Key::ClosingBalance),
    ("номер", Key::Number),
    ("номердокумента", Key::Number),
    ("дата", Key::Date),
    ("датадокумента", Key::Date),
    ("сумма", Key::Amount),
    ("валюта", Key::Currency),
    ("кодвалюты", Key::Currency),
    ("валютадокумента", Key::Currency),
    ("датапоступило", Key::ReceivedOn),
    ("датасписано", Key::DebitedOn),
    ("видоплаты", Key::KindCode),
    ("код", Key::PaymentIdentifier),
    ("назначениеплатежа", Key::Purpose),
    ("назначениеплатежа1", Key::PurposePiece),
    ("назначениеплатежа2", Key::PurposePiece),
    ("назначениеплатежа3", Key::PurposePiece),
    ("назначениеплатежа4", Key::PurposePiece),
    ("назначениеплатежа5", Key::PurposePiece),
    ("назначениеплатежа6", Key::PurposePiece),
];

const OF_PARTY: &[(&str, Detail)] = &[
    ("", Detail::Name),
    ("наименование", Detail::Name),
    ("1", Detail::NameLine),
    ("2", Detail::FurtherLine),
    ("3", Detail::FurtherLine),
    ("4", Detail::FurtherLine),
    ("инн", Detail::Inn),
    ("бин_иин", Detail::Inn),
    ("счет", Detail::Account),
    ("иик", Detail::Account),
    ("расчсчет", Detail::SettlementAccount),
    ("банк1", Detail::Bank),
    ("банкнаименование", Detail::Bank),
    ("банк2", Detail::BankCity),
    ("бик", Detail::Bic),
    ("банкбик", Detail::Bic),
];

const KEPT_OF_PARTY: &[&str] = &["кпп", "корсчет"];

const KEPT: &[&str] = &[
    "версияформата",
    "кодировка",
    "отправитель",
    "датасоздания",
    "времясоздания",
    "документ",
    "квитанциядата",
    "квитанциявремя",
    "квитанциясодержание",
    "видплатежа",
    "кодназплатежа",
    "статуссоставителя",
    "показателькбк",
    "окато",
    "показательоснования",
    "показательпериода",
    "показательномера",
    "показательдаты",
    "показательтипа",
    "очередность",
    "срокакцепта",
    "видаккредитива",
    "срокплатежа",
    "условиеоплаты1",
    "условиеоплаты2",
    "условиеоплаты3",
    "платежпопредст",
    "дополнусловия",
    "номерсчетапоставщика",
    "датаотсылкидок",
    "коддебитора",
];

#[cfg(test)]
mod tests {
    use encoding_rs::{IBM866, UTF_8, WINDOWS_1251};

    use super::*;

    fn keys() -> impl Iterator<Item = (&'static str, Key)> {
        KEYS.iter().map(|(text, key)| (std::str::from_utf8(text).expect("a text"), *key))
    }

    #[test]
    fn a_key_is_known_however_its_letters_are_written() {
        for (written, key) in [
            ("Сумма", Some(Key::Amount)),
            (" СУММА ", Some(Key::Amount)),
            ("РасчСчёт", Some(Key::Account)),
            ("\u{feff}1CClientBankExchange", Some(Key::Signature)),
            ("1CClientBan\u{212a}Exchange", Some(Key::Signature)),
            ("Сумма\u{301}", None),
            ("", None),
        ] {
            assert_eq!(find(written), key, "{written:?}");
        }
        for (text, key) in keys() {
            assert_eq!(find(&text.to_uppercase()), Some(key), "{text}");
            assert!(text.len() <= LONGEST_PLAIN, "{text}");
        }
    }

    /// Of these letters the bytes are no Russian letters in the encodings beside, so that a row has a key in one
    /// encoding at most: what most rows say need not be compared with the rest. What is a space there, as а may be,
    /// is taken off at the ends of a key and tells within it only.
    #[test]
    fn every_key_has_a_letter_that_no_other_encoding_makes_russian() {
        let telling = |letter: char| matches!(letter, 'б'..='д' | 'ж' | 'з' | 'й'..='п');
        for (text, _) in keys().filter(|(_, key)| *key != Key::Signature) {
            let letters: Vec<char> = text.chars().collect();
            let within = &letters[1..letters.len() - 1];
            assert!(text.contains(telling) || within.contains(&'а'), "{text}");
        }
        let russian = |letter: char| matches!(letter, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё');
        for small in ('а'..='я').filter(|letter| telling(*letter) || *letter == 'а') {
            for letter in [small.to_string(), small.to_uppercase().to_string()] {
                for (own, other) in [(UTF_8, WINDOWS_1251), (UTF_8, IBM866), (IBM866, WINDOWS_1251)] {
                    let (bytes, _, _) = own.encode(&letter);
                    let (read, _) = other.decode_without_bom_handling(&bytes);
                    let told = |read: char| !russian(read) && (small == 'а' || !read.is_whitespace());
                    assert!(read.contains(told), "{letter}, {} as {}", own.name(), other.name());
                }
            }
        }
    }
}
