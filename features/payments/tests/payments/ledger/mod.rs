//! What the journal promises, each promise twice: it holds, and a journal that breaks it is found out.
//! The numbers are those of money.md §3.3.

mod alone;
mod crowd;
mod model;

use takt_kernel::{
    CompanyId, Result,
    money::{Currency, Money},
};
use takt_payments::{
    accounts::BankAccountId,
    entities::{self, EntityId},
    journal::{self, Account, Posted, Posting, balances, chain, post},
};
use takt_store::{Db, Engine, Query, Statement, Tx, checks, params, sql};
use takt_testing::Place;

use crate::desk::Desk;

pub struct Books {
    pub desk: Desk,
    pub company: CompanyId,
    pub entity: EntityId,
    engine: Engine,
}

pub fn rub(minor: i64) -> Money {
    Money::new(minor, Currency::RUB)
}

pub fn bank(n: i64) -> Account {
    Account::Bank(BankAccountId::new(n))
}

/// One transfer: source, debit, credit, amount.
#[derive(Clone, Debug)]
pub struct Transfer(pub String, pub Account, pub Account, pub Money);

pub fn write(tx: &mut Tx, company: CompanyId, entity: EntityId, transfer: &Transfer) -> Result<Posted> {
    let Transfer(source, debit, credit, amount) = transfer;
    post(tx, &Posting::new(company, entity, "test", source, "2026-11-02").moves(*debit, *credit, *amount))
}

impl Books {
    pub async fn open(place: Place) -> Self {
        let engine = place.engine();
        let desk = Desk::without_account(place).await;
        let company = desk.company;
        let entity = desk.app.write(move |tx| entities::default_of(tx, company)).await;
        Self { desk, company, entity, engine }
    }

    pub fn db(&self) -> Db {
        self.desk.app.db.clone()
    }

    pub async fn try_post(
        &self,
        source: &str,
        debit: Account,
        credit: Account,
        amount: Money,
    ) -> Result<Posted> {
        let (company, entity) = (self.company, self.entity);
        let transfer = Transfer(source.to_owned(), debit, credit, amount);
        self.desk.app.try_write(move |tx| write(tx, company, entity, &transfer)).await
    }

    pub async fn post(&self, source: &str, debit: Account, credit: Account, amount: Money) -> Posted {
        self.try_post(source, debit, credit, amount).await.expect("posted")
    }

    /// Many at once, each in a task of its own.
    pub async fn post_at_once(&self, transfers: Vec<Transfer>) -> Vec<Result<Posted>> {
        let tasks: Vec<_> = transfers
            .into_iter()
            .map(|transfer| {
                let (db, company, entity) = (self.db(), self.company, self.entity);
                tokio::spawn(async move {
                    db.write("test.post", move |tx| write(tx, company, entity, &transfer)).await
                })
            })
            .collect();
        let mut done = Vec::new();
        for task in tasks {
            done.push(task.await.expect("no panic"));
        }
        done
    }

    pub async fn seal(&self) {
        chain::seal(&self.db(), self.company).await.expect("sealed");
    }

    pub async fn balance(&self, account: Account) -> i64 {
        let company = self.company;
        let balances = self.desk.app.read(move |r| journal::balance(r, company, account)).await;
        assert!(balances.len() <= 1, "{balances:?}");
        balances.first().map_or(0, |money| money.minor())
    }

    /// Debits less credits of an account, from its entries and nothing else.
    pub async fn entered(&self, account: Account) -> i64 {
        let company = self.company;
        let sum = self.desk.app.read(move |r| {
            r.one(
                sql!(
                    "select cast(coalesce(sum(case side when 'debit' then amount_minor else -amount_minor end), 0) as bigint) as minor
                     from journal_entry
                     where company_id = :company_id and account = :account"
                ),
                params![company_id: company, account: account.to_string()],
            )?
            .get("minor")
        });
        sum.await
    }

    /// How many transactions bear a source, or one that begins with it.
    pub async fn posted(&self, source: &'static str) -> i64 {
        let count = Statement::new("select count(*) as n from journal_transaction where source like :source")
            .bind("source", format!("{source}%"));
        self.desk.app.read(move |r| r.opt_of(&count)?.expect("a row").get("n")).await
    }

    /// What a check of the product finds.
    pub async fn wrong(&self, code: &'static str) -> Vec<String> {
        let found = self.desk.app.read(move |r| {
            let all = checks(r);
            let check = all.iter().find(|check| check.code == code).expect("such a check");
            (check.look)(r)
        });
        found.await.into_iter().map(|wrong| wrong.0).collect()
    }

    /// No check of any feature finds anything.
    pub async fn all_is_well(&self) {
        let found = self.desk.app.read(|r| {
            let found = checks(r).into_iter().map(|check| Ok((check.code, (check.look)(r)?)));
            found.collect::<Result<Vec<_>>>()
        });
        let wrong: Vec<_> = found.await.into_iter().filter(|(_, rows)| !rows.is_empty()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    /// Past the program, as somebody with the database in hand.
    pub async fn tamper(&self, statement: &'static str) -> Result<u64> {
        self.desk.app.try_write(move |tx| tx.execute_of(&Statement::new(statement))).await
    }

    /// Somebody who also takes the triggers away.
    pub async fn disarm(&self) {
        let triggers: &[&'static str] = match self.engine {
            Engine::Sqlite => &[
                "drop trigger journal_transaction_is_not_updated",
                "drop trigger journal_transaction_is_not_deleted",
                "drop trigger journal_entry_is_not_updated",
                "drop trigger journal_entry_is_not_deleted",
                "drop trigger journal_seal_is_not_updated",
                "drop trigger journal_seal_is_not_deleted",
            ],
            Engine::Postgres => &[
                "drop trigger journal_transaction_is_append_only on journal_transaction",
                "drop trigger journal_entry_is_append_only on journal_entry",
                "drop trigger journal_seal_is_append_only on journal_seal",
            ],
        };
        for trigger in triggers {
            self.tamper(trigger).await.expect("the trigger is gone");
        }
    }

    pub async fn rebuild(&self) {
        let company = self.company;
        self.desk.app.write(move |tx| balances::rebuild(tx, company)).await;
    }

    /// The projection, row by row.
    pub async fn projection(&self) -> Vec<String> {
        self.desk
            .app
            .read(|r| {
                let mut rows = Vec::new();
                for statement in [
                    "select account, currency, number, transaction_id, n, balance_minor from account_entry
                     order by account, currency, number limit 100000",
                    "select account, currency, debit_minor, credit_minor, entries as number, 0 as n from journal_balance
                     order by account, currency limit 100000",
                ] {
                    for row in r.all_of(&Statement::new(statement))? {
                        let minor = row.get::<i64>("balance_minor").or_else(|_| row.get::<i64>("debit_minor"))?;
                        let (account, number): (String, i64) = (row.get("account")?, row.get("number")?);
                        rows.push(format!("{account} {number} {minor}"));
                    }
                }
                Ok(rows)
            })
            .await
    }
}
