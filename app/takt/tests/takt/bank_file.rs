//! A bank's file, as the accountant gets it.

use takt_bank_files::one_c::{Header, Movement, compose};
use takt_kernel::money::{Currency, Money};
use takt_payments_port::Party;

/// A bank's file: what came in to the account, each with its purpose.
pub fn statement(account: &str, payments: &[(&str, &str)]) -> Vec<u8> {
    let rub = |text: &str| Money::parse(text, Currency::RUB).expect("an amount");
    let header = Header {
        sender: "Банк".to_owned(),
        account: account.to_owned(),
        from: "2026-11-02".to_owned(),
        until: "2026-11-02".to_owned(),
        opening: rub("0"),
    };
    let movements: Vec<Movement> = payments
        .iter()
        .enumerate()
        .map(|(n, (amount, purpose))| Movement {
            kind: "Платежное поручение".to_owned(),
            number: format!("{n}{}", amount.len()),
            date: "2026-11-02".to_owned(),
            booked_on: "2026-11-02".to_owned(),
            amount: rub(amount),
            incoming: true,
            payer: Party {
                name: "Иванов Иван".to_owned(),
                accounts: vec!["40817810099910004312".to_owned()],
                ..Party::default()
            },
            payee: Party {
                name: "Светосила".to_owned(),
                accounts: vec![account.to_owned()],
                ..Party::default()
            },
            purpose: (*purpose).to_owned(),
        })
        .collect();
    compose(&header, &movements).expect("bytes")
}
