//! Who paid, as far as the bank's fields can prove it.
//!
//! Payments of individuals and settlements often arrive under the *bank's* INN and from its transit
//! accounts. Such a payer is nobody: learning him would settle strangers' money onto one customer.
//! Ask [`payer`] before learning an INN or an account, too.

use std::sync::LazyLock;

use crate::{
    alphabet::{may_begin_with, normalise},
    ledger::IncomingLine,
    lexemes::{Dictionary, Lexeme},
    names::PayerName,
    policy::Policy,
};

/// Balance accounts of banks' own settlements (first three digits).
const TRANSIT_MASKS: [&str; 4] = ["302", "303", "409", "474"];
/// Taxpayer numbers of banks that pay under their own: settlements of acquiring, people's transfers.
const BANK_INNS: &[&str] = &[
    "7707083893",
    "7702070139",
    "7728168971",
    "7710140679",
    "7744001497",
    "7725114488",
    "7744000302",
    "7744000912",
    "7734202860",
    "4401116480",
    "7706092528",
    "7730060164",
    "7710030411",
    "9721194461",
    "2204000595",
    "7750005725",
    "3232005484",
    "7831000027",
    "1653001805",
    "0274062111",
];
/// Whole words of a name that is a bank's; «Т-БАНК» and «Альфа-Банк» split into them.
static BANK_WORDS: LazyLock<Dictionary<()>> = LazyLock::new(|| {
    Dictionary::of(&[
        "БАНК",
        "БАНКА",
        "BANK",
        "НКО",
        "СБЕРБАНК*",
        "ТБАНК",
        "АЛЬФАБАНК",
        "ПРОМСВЯЗЬБАНК",
        "ЮМАНИ",
    ])
});
static BANK_ORDER: LazyLock<Lexeme> = LazyLock::new(|| Lexeme::new("БАНКОВСКИЙ ОРДЕР"));

/// What may be used, and learned, as evidence of who paid (E4, E5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payer {
    pub inn: Option<String>,
    pub accounts: Vec<String>,
    /// It came through a bank's own number or account: nothing above is given.
    pub transit: bool,
}

pub fn payer(line: &IncomingLine<'_>, policy: &Policy) -> Payer {
    payer_called(line, &PayerName::new(line.payer_name), policy)
}

/// The same of a line whose payer's field was read.
pub(crate) fn payer_called(line: &IncomingLine<'_>, name: &PayerName, policy: &Policy) -> Payer {
    let inn = line.payer_inn.map(str::trim).filter(|inn| is_inn(inn));
    if is_transit(line, inn, name, policy) {
        return Payer { transit: true, ..Payer::default() };
    }
    let mut accounts: Vec<String> = line
        .payer_accounts
        .iter()
        .map(|account| account.trim())
        .filter(|account| account.len() >= 8 && !is_nobodys(account))
        .map(ToOwned::to_owned)
        .collect();
    accounts.sort();
    accounts.dedup();
    Payer { inn: inn.map(ToOwned::to_owned), accounts, transit: false }
}

/// Zeros where no account is, and the account that a bank has at another bank.
fn is_nobodys(account: &str) -> bool {
    account.bytes().all(|byte| byte == b'0') || (account.len() == 20 && account.starts_with("301"))
}

/// Ten digits of an organisation or twelve of a person; `0` and zeros are none.
fn is_inn(text: &str) -> bool {
    matches!(text.len(), 10 | 12)
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte != b'0')
}

fn is_transit(line: &IncomingLine<'_>, inn: Option<&str>, name: &PayerName, policy: &Policy) -> bool {
    let account = line
        .payer_accounts
        .iter()
        .any(|account| TRANSIT_MASKS.iter().any(|mask| account.trim().starts_with(mask)));
    let bank_inn =
        inn.is_some_and(|inn| BANK_INNS.contains(&inn) || policy.bank_inns.iter().any(|bank| bank == inn));
    // A bank order is the bank's own paper: it is the payer, for whomever.
    let bank_order = line.kinds.iter().any(|kind| {
        let kind = kind.trim();
        kind == "17" || (may_begin_with(kind, 'Б') && BANK_ORDER.is(&normalise(kind)))
    });
    account || bank_inn || bank_order || name.has_word(|word| BANK_WORDS.has(word)) || own_bank_pays(line)
}

/// From our own bank without an account of anybody: the bank itself.
fn own_bank_pays(line: &IncomingLine<'_>) -> bool {
    line.payer_bic.is_some()
        && line.payer_bic == line.own_bank_bic
        && line.payer_accounts.iter().all(|account| is_nobodys(account.trim()))
}

#[cfg(test)]
mod tests {
    use takt_kernel::money::{Currency, Money};

    use super::*;

    #[test]
    fn a_bank_order_is_the_banks_own_paper_however_it_is_called() {
        for (kind, transit) in [
            ("17", true),
            ("Банковский ордер", true),
            (" БАНКОВСКИЙ ОРДЕР ", true),
            ("банковский ордер", true),
            ("01", false),
            ("Платёжное поручение", false),
            ("Bank order", false),
            ("", false),
        ] {
            let (accounts, kinds) = (["40702810900000012345".to_owned()], [kind.to_owned()]);
            let line = IncomingLine {
                amount: Money::new(100, Currency::RUB),
                payer_name: "Иванов Пётр",
                payer_inn: Some("7712345678"),
                payer_accounts: &accounts,
                payer_bic: None,
                purpose: "",
                references: &[],
                kinds: &kinds,
                own_bank_bic: None,
                reversal: false,
            };
            let payer = payer(&line, &Policy::default());
            assert_eq!((payer.transit, payer.inn.is_none()), (transit, transit), "{kind}");
        }
    }

    #[test]
    fn an_account_that_is_nobodys_or_a_banks_tells_no_payer() {
        let zeros = "00000000000000000000";
        for (accounts, bic, told, transit) in [
            (vec![zeros, "40702810900000012345"], None, vec!["40702810900000012345"], false),
            (vec!["30101810400000000225", "40702810900000012345"], None, vec!["40702810900000012345"], false),
            (vec![zeros], None, vec![], false),
            (vec![zeros], Some("044525225"), vec![], true),
            (vec!["DE89370400440532013000"], Some("044525225"), vec!["DE89370400440532013000"], false),
        ] {
            let owned: Vec<String> = accounts.iter().map(|account| (*account).to_owned()).collect();
            let line = IncomingLine {
                amount: Money::new(100, Currency::RUB),
                payer_name: "Иванов Пётр",
                payer_inn: None,
                payer_accounts: &owned,
                payer_bic: bic,
                purpose: "",
                references: &[],
                kinds: &[],
                own_bank_bic: Some("044525225"),
                reversal: false,
            };
            let payer = payer(&line, &Policy::default());
            assert_eq!(
                (payer.accounts, payer.transit),
                (told.into_iter().map(str::to_owned).collect(), transit)
            );
        }
    }
}
