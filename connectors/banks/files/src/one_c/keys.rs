//! The keys of 1CClientBankExchange, all versions together: a file is never judged by the version
//! that it claims. Spelling differs between banks only in letter case and ё.

use std::{collections::HashMap, sync::LazyLock};

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
    KEYS.get(fold(written).as_str()).copied()
}

/// How many lines begin with a key that we know. The signature does not count: it is Latin, hence
/// the same in every encoding.
pub(crate) fn count_known(text: &str) -> usize {
    line::lines(text)
        .map(|row| row.split_once('=').map_or(row, |(key, _)| key))
        .filter(|key| find(key).is_some_and(|key| key != Key::Signature))
        .count()
}

fn fold(written: &str) -> String {
    written
        .trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}')
        .to_lowercase()
        .replace('ё', "е")
}

static KEYS: LazyLock<HashMap<String, Key>> = LazyLock::new(|| {
    let mut keys: HashMap<String, Key> = PLAIN.iter().map(|(text, key)| ((*text).to_owned(), *key)).collect();
    keys.extend(KEPT.iter().map(|text| ((*text).to_owned(), Key::Other)));
    for (prefix, side) in [("плательщик", Side::Payer), ("получатель", Side::Payee)] {
        keys.extend(
            OF_PARTY.iter().map(|(suffix, detail)| (format!("{prefix}{suffix}"), Key::Party(side, *detail))),
        );
        keys.extend(KEPT_OF_PARTY.iter().map(|suffix| (format!("{prefix}{suffix}"), Key::Other)));
    }
    keys
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
