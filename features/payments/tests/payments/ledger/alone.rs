use takt_kernel::money::{Currency, Money};
use takt_payments::journal::{Account, Posted, Posting, Side, post};
use takt_testing::on_both_engines;

use super::{Books, Transfer, bank, rub, write};

const CHAIN: &str = "payments.journal_is_chained";
const BALANCED: &str = "payments.books_balance";
const PROJECTED: &str = "payments.balances_are_those_of_the_journal";

/// Fifty transfers, sealed.
async fn fifty(place: takt_testing::Place) -> Books {
    let books = Books::open(place).await;
    for n in 0..50 {
        books.post(&format!("{n}"), bank(n % 3), Account::Unmatched, rub(100 + n)).await;
    }
    books.seal().await;
    books
}

on_both_engines! {
    async fn inv_01_every_transaction_balances_in_every_currency(place: Place) {
        let books = Books::open(place).await;
        let (company, entity) = (books.company, books.entity);
        let lame = books.desk.app.try_write(move |tx| {
            let mut posting = Posting::new(company, entity, "test", "lame", "2026-11-02");
            posting.entries = vec![(bank(1), Side::Debit, rub(5)), (Account::Unmatched, Side::Credit, rub(4))];
            post(tx, &posting)
        }).await;
        assert!(lame.is_err_and(|fault| fault.is("payments.unbalanced")));
        books.post("1", bank(1), Account::Unmatched, rub(5)).await;
        books.seal().await;
        books.all_is_well().await;
        books.tamper("insert into journal_entry (company_id, transaction_id, n, account, side, amount_minor, currency)
            select company_id, id, 3, 'bank:1', 'debit', 1, 'RUB' from journal_transaction").await.expect("tampered");
        assert_eq!(books.wrong(BALANCED).await.len(), 1);
    }

    async fn inv_02_the_journal_only_grows(place: Place) {
        let books = fifty(place).await;
        for forbidden in [
            "update journal_transaction set effective_on = '2026-01-01'",
            "delete from journal_transaction",
            "update journal_entry set amount_minor = amount_minor + 1",
            "delete from journal_entry",
            "update journal_seal set hash = 'x'",
            "delete from journal_seal",
        ] {
            assert!(books.tamper(forbidden).await.is_err(), "{forbidden}");
        }
        let before = books.projection().await;
        books.post("more", bank(7), Account::Revenue, rub(1)).await;
        books.seal().await;
        let after = books.projection().await;
        assert!(before.iter().all(|row| row.starts_with("unmatched") || after.contains(row)));
        books.all_is_well().await;
        books.disarm().await;
        books.tamper("update journal_entry set amount_minor = amount_minor + 1 where transaction_id in
            (select transaction_id from journal_seal where number = 20)").await.expect("tampered");
        assert!(books.wrong(BALANCED).await.is_empty(), "both sides were changed");
        assert_eq!(books.wrong(CHAIN).await.len(), 1);
    }

    async fn inv_03_whatever_is_changed_breaks_the_chain(place: Place) {
        let books = fifty(place).await;
        assert!(books.wrong(CHAIN).await.is_empty());
        books.disarm().await;
        // Each is undone again, so that the next is the only one.
        for (change, back) in [
            ("update journal_entry set account = 'revenue' where account = 'bank:1'",
             "update journal_entry set account = 'bank:1' where account = 'revenue'"),
            ("update journal_transaction set effective_on = '2026-11-03'",
             "update journal_transaction set effective_on = '2026-11-02'"),
            ("update journal_transaction set recorded_at = recorded_at + 1",
             "update journal_transaction set recorded_at = recorded_at - 1"),
            ("update journal_transaction set entity_id = entity_id + 1",
             "update journal_transaction set entity_id = entity_id - 1"),
            ("update journal_transaction set source = 'x' || source",
             "update journal_transaction set source = substr(source, 2)"),
            ("update journal_transaction set payload_hash = 'x' || payload_hash",
             "update journal_transaction set payload_hash = substr(payload_hash, 2)"),
            ("insert into journal_entry (company_id, transaction_id, n, account, side, amount_minor, currency)
              select company_id, transaction_id, n + 10, account, side, 1, currency from journal_entry",
             "delete from journal_entry where n > 10"),
            ("update journal_seal set number = -number where number >= 49",
             "update journal_seal set number = -number where number < 0"),
            ("update journal_seal set previous_hash = 'x' || previous_hash",
             "update journal_seal set previous_hash = substr(previous_hash, 2)"),
            ("update journal_head set hash = 'x' || hash", "update journal_head set hash = substr(hash, 2)"),
        ] {
            books.tamper(change).await.expect("tampered");
            assert!(!books.wrong(CHAIN).await.is_empty(), "not found: {change}");
            books.tamper(back).await.expect("put back");
            assert!(books.wrong(CHAIN).await.is_empty(), "not put back: {change}");
        }
    }

    async fn inv_04_the_same_twice_is_one_and_another_under_its_name_is_refused(place: Place) {
        let books = Books::open(place).await;
        let first = books.post("once", bank(1), Account::Unmatched, rub(5)).await;
        let Posted::New(id) = first else { panic!("{first:?}") };
        assert_eq!(books.post("once", bank(1), Account::Unmatched, rub(5)).await, Posted::Duplicate(id));
        for (debit, credit, amount) in [
            (bank(1), Account::Unmatched, rub(6)),
            (bank(2), Account::Unmatched, rub(5)),
            (Account::Unmatched, bank(1), rub(5)),
            (bank(1), Account::Unmatched, Money::new(5, Currency::EUR)),
        ] {
            let other = books.try_post("once", debit, credit, amount).await;
            assert!(other.is_err_and(|fault| fault.is("payments.source_taken")));
        }
        assert_eq!(books.posted("once").await, 1);
        // A caller that names its source anew with each attempt.
        for attempt in 0..2 {
            books.post(&format!("mutant{attempt}"), bank(1), Account::Unmatched, rub(5)).await;
        }
        assert_ne!(books.posted("mutant").await, 1);
    }

    async fn inv_08_a_balance_is_what_the_journal_says(place: Place) {
        let books = fifty(place).await;
        books.post("unsealed", bank(1), Account::Unmatched, rub(7)).await;
        for account in [bank(0), bank(1), bank(2), Account::Unmatched] {
            assert_eq!(books.balance(account).await, books.entered(account).await, "{account}");
        }
        assert!(books.wrong(PROJECTED).await.is_empty());
        books.tamper("update journal_balance set debit_minor = debit_minor + 1 where account = 'bank:1'").await.expect("tampered");
        assert_ne!(books.balance(bank(1)).await, books.entered(bank(1)).await);
        assert_eq!(books.wrong(PROJECTED).await.len(), 1);
    }

    async fn inv_10_a_thousand_kopecks_are_ten_roubles(place: Place) {
        let books = Books::open(place).await;
        let (company, entity) = (books.company, books.entity);
        books.desk.app.write(move |tx| {
            for n in 0..1_000 {
                write(tx, company, entity, &Transfer(format!("in{n}"), bank(1), Account::Unmatched, rub(1)))?;
                write(tx, company, entity, &Transfer(format!("out{n}"), bank(2), bank(1), rub(1)))?;
            }
            Ok(())
        }).await;
        books.seal().await;
        assert_eq!([books.balance(bank(1)).await, books.balance(bank(2)).await], [0, 1_000]);
        books.all_is_well().await;
        // Amounts that are kept as floating roubles.
        let drifted = (0..1_000).fold(0.0_f64, |sum, _| sum + 0.01);
        assert!(drifted.to_bits() != 10.0_f64.to_bits());
    }

    async fn inv_11_currencies_are_never_mixed(place: Place) {
        let books = Books::open(place).await;
        let (company, entity) = (books.company, books.entity);
        let mixed = books.desk.app.try_write(move |tx| {
            let mut posting = Posting::new(company, entity, "test", "mixed", "2026-11-02");
            let euro = Money::new(5, Currency::EUR);
            posting.entries = vec![(bank(1), Side::Debit, rub(5)), (Account::Unmatched, Side::Credit, euro)];
            post(tx, &posting)
        }).await;
        assert!(mixed.is_err_and(|fault| fault.is("payments.unbalanced")));
        books.post("1", bank(1), Account::Unmatched, rub(5)).await;
        books.post("2", bank(1), Account::Unmatched, Money::new(7, Currency::EUR)).await;
        books.seal().await;
        let both = books.desk.app.read(move |r| takt_payments::journal::balance(r, company, bank(1))).await;
        assert_eq!(both, [Money::new(7, Currency::EUR), rub(5)]);
        books.all_is_well().await;
        books.tamper("insert into journal_transaction (company_id, id, kind, source, effective_on, recorded_at)
            select company_id, id + 1000000, kind, 'mixed', effective_on, recorded_at from journal_transaction where source = '1'").await.expect("tampered");
        books.tamper("insert into journal_entry (company_id, transaction_id, n, account, side, amount_minor, currency)
            select company_id, transaction_id + 1000000, n, account, side, amount_minor, case n when 1 then 'RUB' else 'EUR' end
            from journal_entry where transaction_id in (select id from journal_transaction where source = '1')").await.expect("tampered");
        assert_eq!(books.wrong(BALANCED).await.len(), 2);
    }

    async fn inv_12_a_reversal_makes_up_for_what_it_reverses(place: Place) {
        let books = Books::open(place).await;
        let Posted::New(id) = books.post("deed", bank(1), Account::Unmatched, rub(500)).await else { panic!() };
        let reverse = |amount: i64, source: &'static str| {
            let (company, entity) = (books.company, books.entity);
            books.desk.app.write(move |tx| {
                let mut posting = Posting::new(company, entity, "reversal", source, "2026-11-02");
                posting.reverses = Some(id);
                post(tx, &posting.moves(Account::Unmatched, bank(1), rub(amount)))
            })
        };
        reverse(500, "right").await;
        books.seal().await;
        assert_eq!([books.balance(bank(1)).await, books.balance(Account::Unmatched).await], [0, 0]);
        assert!(books.wrong("payments.reversals_make_up").await.is_empty());
        reverse(400, "mutant").await;
        assert_eq!(books.wrong("payments.reversals_make_up").await.len(), 2, "on both accounts");
    }

    async fn inv_13_all_sums_come_back_from_the_journal(place: Place) {
        let books = fifty(place).await;
        let before = books.projection().await;
        assert!(before.len() > 100);
        for wreck in ["delete from account_entry", "update journal_balance set credit_minor = 0", "delete from guarded_balance"] {
            books.tamper(wreck).await.expect("wrecked");
        }
        assert!(!books.wrong(PROJECTED).await.is_empty(), "drift is found");
        books.rebuild().await;
        assert_eq!(books.projection().await, before);
        books.all_is_well().await;
        // A rebuilding that forgets the last entry of an account.
        books.tamper("delete from account_entry where number = 17").await.expect("wrecked");
        assert_ne!(books.projection().await, before);
    }

    async fn inv_14_the_entries_of_an_account_run_on(place: Place) {
        let books = fifty(place).await;
        assert!(books.wrong("payments.accounts_run_on").await.is_empty());
        for (change, back) in [
            ("update account_entry set number = 1000 where account = 'bank:1' and number = 16",
             "update account_entry set number = 16 where number = 1000"),
            ("update account_entry set balance_minor = balance_minor + 1 where account = 'bank:1' and number = 16",
             "update account_entry set balance_minor = balance_minor - 1 where account = 'bank:1' and number = 16"),
        ] {
            books.tamper(change).await.expect("tampered");
            assert!(!books.wrong("payments.accounts_run_on").await.is_empty(), "{change}");
            books.tamper(back).await.expect("put back");
        }
        books.all_is_well().await;
    }
}
