use takt_customers::CustomerId;
use takt_payments::journal::{Account, Posted};
use takt_store::{Engine, Query, Statement};
use takt_testing::on_both_engines;

use super::{Books, Transfer, bank, rub};

on_both_engines! {
    async fn inv_05_of_sixty_four_at_once_one_is_written(place: Place) {
        let books = Books::open(place).await;
        let same = Transfer("once".to_owned(), bank(1), Account::Unmatched, rub(100));
        let done = books.post_at_once(vec![same; 64]).await;
        let new = done.iter().filter(|done| matches!(done, Ok(Posted::New(_)))).count();
        let again = done.iter().filter(|done| matches!(done, Ok(Posted::Duplicate(_)))).count();
        assert_eq!((new, again, books.posted("once").await), (1, 63, 1));
        books.seal().await;
        books.all_is_well().await;
        // Who looks first, then writes under a name of their own: all looked before anybody wrote.
        let mut saw_nothing = 0;
        for _ in 0..64 {
            saw_nothing += usize::from(books.posted("mutant").await == 0);
        }
        let own = (0..saw_nothing).map(|n| Transfer(format!("mutant{n}"), bank(1), Account::Unmatched, rub(100)));
        books.post_at_once(own.collect()).await;
        assert_ne!(books.posted("mutant").await, 1);
    }

    async fn inv_06_five_hundred_credits_of_one_account_at_once_are_all_there(place: Place) {
        let books = Books::open(place).await;
        let credits = (0..500).map(|n| Transfer(format!("c{n}"), Account::Unmatched, bank(1), rub(3)));
        let done = books.post_at_once(credits.collect()).await;
        assert!(done.iter().all(|done| matches!(done, Ok(Posted::New(_)))), "{done:?}");
        assert_eq!(books.balance(bank(1)).await, -1_500);
        books.seal().await;
        assert_eq!(books.balance(bank(1)).await, -1_500);
        books.all_is_well().await;
        // A sum that two read before either wrote it.
        let read = books.balance(bank(1)).await;
        for n in 0..2 {
            books.post(&format!("late{n}"), Account::Unmatched, bank(1), rub(3)).await;
            books.seal().await;
            let lost = Statement::new("update journal_balance set credit_minor = :minor where account = 'bank:1'")
                .bind("minor", 3 - read);
            books.desk.app.write(move |tx| tx.execute_of(&lost).map(|_| ())).await;
        }
        assert_eq!(books.entered(bank(1)).await, -1_506);
        assert_eq!(books.wrong("payments.balances_are_those_of_the_journal").await.len(), 1);
    }

    async fn inv_07_four_hundred_transfers_among_eight_accounts_keep_the_sum(place: Place) {
        let books = Books::open(place).await;
        for n in 1..=8 {
            books.post(&format!("start{n}"), bank(n), Account::Unmatched, rub(100_000)).await;
        }
        let transfers = (0..400_i64).map(|n| {
            let (from, to) = (1 + n % 8, 1 + (n * 5 + 3) % 8);
            Transfer(format!("t{n}"), bank(if to == from { 1 + to % 8 } else { to }), bank(from), rub(1 + n * 7 % 90))
        });
        let sealing = async {
            for _ in 0..10 {
                books.seal().await;
            }
        };
        let (done, ()) = tokio::join!(books.post_at_once(transfers.collect()), sealing);
        assert!(done.iter().all(|done| matches!(done, Ok(Posted::New(_)))), "{done:?}");
        books.seal().await;
        let mut sum = 0;
        for n in 1..=8 {
            sum += books.balance(bank(n)).await;
        }
        assert_eq!(sum, 800_000);
        books.all_is_well().await;
        // One leg without the other.
        books.tamper("insert into journal_transaction (company_id, id, kind, source, effective_on, recorded_at, entity_id)
            select company_id, id + 1000000, kind, 'lame', effective_on, recorded_at, entity_id from journal_transaction where source = 't1'").await.expect("tampered");
        books.tamper("insert into journal_entry (company_id, transaction_id, n, account, side, amount_minor, currency)
            select company_id, id, 1, 'bank:1', 'debit', 5, 'RUB' from journal_transaction where source = 'lame'").await.expect("tampered");
        let mut sum = 0;
        for n in 1..=8 {
            sum += books.entered(bank(n)).await;
        }
        assert_ne!(sum, 800_000);
        assert_eq!(books.wrong("payments.books_balance").await.len(), 1);
    }

    async fn inv_09_of_twenty_who_drain_a_customers_credit_at_once_ten_get_it(place: Place) {
        let books = Books::open(place).await;
        let credit = Account::CustomerCredit(Some(CustomerId::new(4)));
        books.post("deposit", Account::Unmatched, credit, rub(1_000)).await;
        let drains = (0..20).map(|n| Transfer(format!("d{n}"), credit, bank(1), rub(100)));
        let done = books.post_at_once(drains.collect()).await;
        let got = done.iter().filter(|done| matches!(done, Ok(Posted::New(_)))).count();
        let refused = done.iter().filter(|done| done.as_ref().is_err_and(|fault| fault.is("payments.overdrawn"))).count();
        assert_eq!((got, refused), (10, 10), "{done:?}");
        assert_eq!(books.balance(credit).await, 0);
        books.seal().await;
        books.all_is_well().await;
        // Who looks at the balance first and posts past the guard.
        books.post("again", Account::Unmatched, credit, rub(1_000)).await;
        let saw = books.balance(credit).await;
        for n in 0..20_i64 {
            assert!(saw <= -100, "each sees enough");
            let (id, source) = (9_000_000 + n, format!("m{n}"));
            let head = Statement::new("insert into journal_transaction (company_id, id, kind, source, effective_on, recorded_at, entity_id)
                select company_id, :id, 'test', :source, effective_on, recorded_at, entity_id from journal_transaction where source = 'deposit'")
                .bind("id", id).bind("source", source);
            let legs = Statement::new("insert into journal_entry (company_id, transaction_id, n, account, side, amount_minor, currency)
                select company_id, :id, n, case n when 1 then 'customer_credit:4' else 'bank:1' end, side, 100, currency
                from journal_entry where transaction_id in (select id from journal_transaction where source = 'deposit')")
                .bind("id", id);
            books.desk.app.write(move |tx| {
                tx.execute_of(&head)?;
                tx.execute_of(&legs).map(|_| ())
            }).await;
        }
        assert_eq!(books.entered(credit).await, 1_000, "twenty got it");
        assert_eq!(books.wrong("payments.guarded_accounts_are_not_overdrawn").await.len(), 1);
    }

    async fn postings_that_commit_while_the_chain_grows_are_chained_once(place: Place) {
        let place_of = place.engine();
        let books = Books::open(place).await;
        let second = match place_of {
            Engine::Sqlite => books.db(),
            Engine::Postgres => books.desk.app.second_node().await,
        };
        let company = books.company;
        let rounds = async {
            for round in 0..8 {
                let some = (0..20).map(|n| Transfer(format!("r{round}-{n}"), bank(n % 4), Account::Unmatched, rub(1 + n)));
                assert!(books.post_at_once(some.collect()).await.iter().all(Result::is_ok));
            }
        };
        let here = async {
            for _ in 0..12 {
                books.seal().await;
            }
        };
        let there = async {
            for _ in 0..12 {
                takt_payments::journal::chain::seal(&second, company).await.expect("sealed");
            }
        };
        tokio::join!(rounds, here, there);
        books.seal().await;
        let seals = books.desk.app.read(|r| {
            r.opt_of(&Statement::new("select count(*) as n from journal_seal"))?.expect("a row").get::<i64>("n")
        }).await;
        assert_eq!(seals, 160);
        books.all_is_well().await;
    }
}
