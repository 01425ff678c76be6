use std::collections::{BTreeMap, BTreeSet};

use takt_customers::CustomerId;
use takt_payments::journal::Account;
use takt_testing::on_both_engines;

use super::{Books, bank, rub};

/// The journal as a few maps.
#[derive(Default)]
struct Model {
    known: BTreeMap<String, (usize, usize, i64)>,
    balances: BTreeMap<usize, i64>,
}

#[derive(Debug, PartialEq, Eq)]
enum Said {
    New,
    Duplicate,
    Refused(&'static str),
}

fn accounts() -> Vec<Account> {
    let customer = |id| Some(CustomerId::new(id));
    vec![
        bank(1),
        bank(2),
        Account::Unmatched,
        Account::Revenue,
        Account::DeferredRevenue,
        Account::CustomerCredit(customer(4)),
        Account::CustomerCredit(customer(5)),
        Account::RefundPayable(customer(4)),
    ]
}

const GUARDED: std::ops::RangeInclusive<usize> = 5..=7;

impl Model {
    fn post(&mut self, source: &str, debit: usize, credit: usize, minor: i64) -> Said {
        if let Some(known) = self.known.get(source) {
            let same = *known == (debit, credit, minor);
            return if same { Said::Duplicate } else { Said::Refused("payments.source_taken") };
        }
        let mut after = self.balances.clone();
        *after.entry(debit).or_default() += minor;
        *after.entry(credit).or_default() -= minor;
        if GUARDED.clone().any(|account| after.get(&account).is_some_and(|minor| *minor > 0)) {
            return Said::Refused("payments.overdrawn");
        }
        self.balances = after;
        self.known.insert(source.to_owned(), (debit, credit, minor));
        Said::New
    }
}

/// Numbers that depend on the seed alone.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn account(&mut self) -> usize {
        usize::try_from(self.below(8)).expect("small")
    }
}

async fn agree(books: &Books, seed: u64, steps: usize) -> BTreeSet<String> {
    let (mut model, mut dice, accounts) = (Model::default(), Dice(seed), accounts());
    let mut seen = BTreeSet::new();
    for step in 0..steps {
        // A third of the sources was used before.
        let source =
            format!("{seed}-{}", if dice.below(3) == 0 { dice.below(1 + step as u64) } else { step as u64 });
        let known = model.known.get(&source).copied();
        let (debit, credit, minor) = match known {
            Some(known) if dice.below(3) > 0 => known,
            _ => {
                let debit = dice.account();
                let credit = (debit + 1 + dice.account() % 7) % 8;
                (debit, credit, 1 + i64::try_from(dice.below(500)).expect("small"))
            }
        };
        let expected = model.post(&source, debit, credit, minor);
        let said = match books.try_post(&source, accounts[debit], accounts[credit], rub(minor)).await {
            Ok(takt_payments::journal::Posted::New(_)) => Said::New,
            Ok(takt_payments::journal::Posted::Duplicate(_)) => Said::Duplicate,
            Err(fault) if fault.is("payments.overdrawn") => Said::Refused("payments.overdrawn"),
            Err(fault) if fault.is("payments.source_taken") => Said::Refused("payments.source_taken"),
            other => panic!("seed {seed}, step {step}: {other:?}"),
        };
        assert_eq!(said, expected, "seed {seed}, step {step}");
        seen.insert(format!("{said:?}"));
        match dice.below(40) {
            0 => books.seal().await,
            1 => books.rebuild().await,
            _ => {}
        }
    }
    for (n, account) in accounts.into_iter().enumerate() {
        let expected = model.balances.get(&n).copied().unwrap_or(0);
        assert_eq!(books.balance(account).await, expected, "seed {seed}: {account}");
    }
    seen
}

on_both_engines! {
    async fn the_journal_does_what_a_few_maps_would(place: Place) {
        let books = Books::open(place).await;
        let seen = agree(&books, 1, 300).await;
        assert_eq!(seen.len(), 4, "everything happened: {seen:?}");
        books.seal().await;
        books.all_is_well().await;
    }
}
