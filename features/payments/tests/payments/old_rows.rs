//! A database that was filled before there were books of several legal entities is brought up to date: what the later
//! migrations make of its rows is what the same deeds make today.
//!
//! The old database is a new one with the later migrations taken back; that this is the schema of then is compared
//! with one that never had them.

use takt_feature::{Feature, Tier};
use takt_kernel::money::{Currency, Quantity};
use takt_orders::{CancelOrders, ConfirmOrders, EditOrders, OrderId};
use takt_payments::{
    accounts, credit, entities,
    import::{BankLine, LineState},
    invoices,
    journal::{balances, chain},
    rights::{ManageBankAccounts, MatchMoney, OrderRefunds},
    settle,
};
use takt_staff::Permit;
use takt_store::{Engine, Migration, Query, Statement, Tx, checks};
use takt_testing::{Place, TestApp, on_both_engines};

use crate::desk::{ACCOUNT, Desk, nobody, pay, rub};

/// The last migration before the books.
const BEFORE: i64 = 3;
const SECOND: &str = "40802810200000000002";
const THIRD: &str = "40702810200000000003";

/// Takes migrations 4 to 9 back, the newest first.
const TAKEN_BACK: &[&str] = &[
    "alter table bank_import drop column around",
    "drop index known_payer_of",
    "drop index bank_confirmation_waiting",
    "drop index bank_line_received",
    "drop index bank_line_amount",
    "drop index bank_movement_bank_id",
    "drop index refund_payee",
    "drop index bank_message_outcome",
    "alter table bank_channel_contact drop column alarmed",
    "alter table bank_channel_contact drop column alarmed_at",
    "drop table payment_claim",
    "alter table bank_account drop column correspondent_account",
    "drop table refund_payment",
    "drop table refund_part",
    "drop table refund",
    "drop table cash_with_carrier",
    "drop table credit_part",
    "drop table guarded_balance",
    "drop table journal_balance",
    "drop table account_entry",
    "drop table journal_head",
    "drop table journal_seal",
    "drop table journal_unsealed",
    "alter table journal_transaction drop column payload_hash",
    "alter table journal_transaction drop column entity_id",
    "drop index allocation_reverses",
    "create unique index allocation_reversed_once on allocation (company_id, reverses)",
    "alter table bank_line drop column returned_minor",
    "alter table invoice drop column entity_id",
    "alter table bank_account drop column entity_id",
    "drop table shop_entity",
    "drop table legal_entity",
    "delete from migration where feature = 'payments' and number > 3",
];

fn features_with(payments: Feature) -> Vec<Feature> {
    vec![
        takt_staff::feature(),
        takt_customers::feature(),
        takt_catalog::feature(),
        takt_orders::feature(),
        takt_tasks::feature(),
        payments,
        takt_bank_files::feature(),
    ]
}

fn steps_of_then(app: &TestApp) -> &'static [Migration] {
    let all = app.wiring.migrations.iter().find(|one| one.feature == "payments").expect("ours").steps;
    let first = all.iter().position(|step| step.number > BEFORE).expect("later ones");
    assert_eq!(all.len() - first, 6, "a later migration has to be taken back here too");
    &all[..first]
}

/// Every column and index of the database, as one text each.
async fn schema(app: &TestApp, engine: Engine) -> Vec<String> {
    let statement = Statement::new(match engine {
        Engine::Sqlite => {
            "select name from (
               select sqlite_master.name || '.' || columns.name as name
               from sqlite_master
               join pragma_table_info(sqlite_master.name) as columns
               where sqlite_master.type = 'table'
               union all
               select name from sqlite_master where type = 'index' and name not like 'sqlite!_%' escape '!'
               union all
               select name from sqlite_master where type = 'trigger'
             )
             order by name"
        }
        Engine::Postgres => {
            "select name from (
               select table_name || '.' || column_name as name
               from information_schema.columns
               where table_schema = current_schema()
               union all
               select cast(indexname as text) from pg_indexes where schemaname = current_schema()
               union all
               select distinct event_object_table || '!' || trigger_name
               from information_schema.triggers
               where trigger_schema = current_schema()
             ) as parts
             order by name"
        }
    });
    let rows = app.read(move |r| r.all_of(&statement)).await;
    rows.iter().map(|row| row.get("name").expect("a name")).collect()
}

async fn deed<T: Send + 'static>(
    desk: &Desk,
    does: impl FnMut(&mut Tx<'_>) -> takt_kernel::Result<T> + Send + 'static,
) -> T {
    desk.app.write(does).await
}

/// What the rules leave to a person, whose money it is; the rest of it waits as credit.
async fn choose_when_asked(desk: &Desk, line: &BankLine, order: OrderId, amount: &str) {
    if line.outcome.state == LineState::Posted {
        return;
    }
    assert_eq!(line.outcome.state, LineState::Suggested, "{:?}", line.outcome);
    let (company, line, amount) = (desk.company, line.id, rub(amount));
    deed(desk, move |tx| {
        let invoice = invoices::current_of_order(tx, company, order)?.expect("an invoice").id;
        let permit = Permit::<MatchMoney>::system(company, "test");
        settle::accept(tx, &permit, line, &[(invoice, amount)], true)
    })
    .await;
}

/// All that could happen to money then.
async fn live(desk: &Desk) -> OrderId {
    let company = desk.company;
    for (account, holder, inn) in [(SECOND, Some("ИП Петров"), "7736207543"), (THIRD, None, "7707083893")]
    {
        let new = accounts::NewBankAccount {
            account: account.to_owned(),
            bic: "044525225".to_owned(),
            bank_name: None,
            holder_name: holder.map(ToOwned::to_owned),
            inn: Some(inn.to_owned()),
            currency: Currency::RUB,
        };
        let permit = Permit::<ManageBankAccounts>::system(company, "test");
        deed(desk, move |tx| accounts::open(tx, &permit, &new).map(|_| ())).await;
    }
    let paid = desk.order("1", "Анна", "500").await;
    let in_part = desk.order("2", "Борис", "300").await;
    let over = desk.order("3", "Вера", "400").await;
    let undone = desk.order("4", "Глеб", "250").await;
    let gone = desk.order("5", "Дарья", "700").await;
    let repriced = desk.order("6", "Егор", "100").await;
    desk.order("7", "Жанна", "1000").await;
    let lines = desk
        .bank_reports(&[
            pay("1", "500", &format!("по счету {}", paid.reference)),
            pay("2", "100", &format!("по счету {}", in_part.reference)),
            pay("3", "450", &format!("по счету {}", over.reference)),
            pay("4", "250", &format!("по счету {}", undone.reference)),
            pay("5", "77", "спасибо"),
        ])
        .await;
    choose_when_asked(desk, &lines[1], in_part.order, "100").await;
    choose_when_asked(desk, &lines[2], over.order, "400").await;
    choose_when_asked(desk, &lines[3], undone.order, "250").await;
    let (undone_line, permit) = (lines[3].id, Permit::<MatchMoney>::system(company, "test"));
    deed(desk, move |tx| settle::undo(tx, &permit, undone_line)).await;
    let permit = Permit::<CancelOrders>::system(company, "test");
    deed(desk, move |tx| takt_orders::cancel(tx, &permit, gone.order, None, "").map(|_| ())).await;
    let before = desk.read(repriced.order).await;
    let lines = desk.app.read(move |r| takt_orders::lines(r, company, repriced.order)).await;
    let patch = serde_json::json!({"lines": [{"name": "Рамка", "quantity": "1", "unit": "pcs", "price": "120", "vat": "22"}]});
    let patch = takt_orders::read_patch(&before, &lines, &patch, "RU").expect("a patch");
    let permit = Permit::<EditOrders>::system(company, "test");
    deed(desk, move |tx| {
        takt_orders::edit(tx, &permit, before.id, before.version, patch.clone()).map(|_| ())
    })
    .await;
    let permit = Permit::<ConfirmOrders>::system(company, "test");
    deed(desk, move |tx| {
        takt_orders::confirm(tx, &permit, paid.order)?;
        let parts: Vec<(_, Quantity)> =
            takt_orders::lines(tx, company, paid.order)?.iter().map(|line| (line.id, line.open())).collect();
        takt_orders::record_shipped(tx, company, paid.order, &parts, &nobody()).map(|_| ())
    })
    .await;
    desk.app.drain().await;
    over.order
}

/// What every account comes to, whoever's books it stands in.
async fn standings(desk: &Desk) -> Vec<(String, i64)> {
    let company = desk.company;
    let mut all = Vec::new();
    for kind in
        ["bank", "unmatched", "receivable", "customer_credit", "deferred_revenue", "revenue", "vat_payable"]
    {
        let of_kind = desk.app.read(move |r| balances::standings(r, company, Some(kind))).await;
        all.extend(of_kind.iter().map(|one| (one.account.clone(), one.balance().expect("roubles").minor())));
    }
    all.sort();
    all
}

/// Rows of a statement with two numbers each.
async fn numbers(desk: &Desk, statement: &'static str) -> Vec<(i64, i64)> {
    let statement = Statement::new(statement);
    let rows = desk.app.read(move |r| r.all_of(&statement)).await;
    rows.iter().map(|row| (row.get("a").expect("a number"), row.get("b").expect("a number"))).collect()
}

const CREDIT: &str =
    "select customer_id as a, left_minor as b from credit_part where left_minor > 0 order by line_id";
const GUARDED: &str = "select cast(sum(balance_minor) as bigint) as a, cast(count(*) as bigint) as b
    from guarded_balance
    where balance_minor > 0";
const UNSEALED: &str = "select cast(count(*) as bigint) as a,
      cast((select count(*) from journal_transaction) as bigint) as b
    from journal_unsealed";
const OTHER_BOOKS: &str = "select cast(count(*) as bigint) as a, cast(0 as bigint) as b
    from journal_transaction
    join legal_entity on legal_entity.company_id = journal_transaction.company_id
      and legal_entity.id = journal_transaction.entity_id
    where legal_entity.is_default";

async fn wrong(desk: &Desk) -> Vec<String> {
    desk.app
        .read(|r| {
            let mut wrong = Vec::new();
            for check in checks(r) {
                let rows = (check.look)(r)?;
                if !rows.is_empty() {
                    wrong.push(format!("{}: {rows:?}", check.code));
                }
            }
            Ok(wrong)
        })
        .await
}

/// The schema that a program of then would have made.
async fn schema_of_then(steps: &'static [Migration], engine: Engine) -> Vec<String> {
    let place = match engine {
        Engine::Sqlite => Place::sqlite(),
        Engine::Postgres => Place::postgres(),
    };
    let old = Feature::new("payments", Tier::Feature).migrations(steps);
    schema(&TestApp::open(place, features_with(old)).await, engine).await
}

on_both_engines! {
    async fn a_database_of_before_the_books_comes_to_the_same_books(place: Place) {
        let engine = place.engine();
        let desk = Desk::open(place).await;
        let overpaid = live(&desk).await;
        let company = desk.company;
        chain::seal(&desk.app.db, company).await.expect("sealed");
        let (stood, credit, guarded) =
            (standings(&desk).await, numbers(&desk, CREDIT).await, numbers(&desk, GUARDED).await);
        assert!(stood.len() >= 10 && credit.len() == 1 && guarded == [(5_000, 1)], "{stood:?} {credit:?} {guarded:?}");

        for statement in TAKEN_BACK {
            let statement = Statement::new(statement);
            desk.app.write(move |tx| tx.execute_of(&statement).map(|_| ())).await;
        }
        let steps = steps_of_then(&desk.app);
        assert_eq!(schema(&desk.app, engine).await, schema_of_then(steps, engine).await);

        let Desk { app, shop, accountant, .. } = desk;
        let app = app.restarted(features_with(takt_payments::feature())).await;
        let desk = Desk { app, company, shop, accountant };
        let (unsealed, transactions) = numbers(&desk, UNSEALED).await[0];
        assert!(unsealed == transactions && transactions > 10, "{unsealed} of {transactions} wait for the chain");
        desk.app.drain().await;
        chain::seal(&desk.app.db, company).await.expect("sealed");
        let head = desk.app.read(move |r| chain::head(r, company)).await.expect("a chain");
        assert_eq!(head.0, transactions);
        assert_eq!(numbers(&desk, OTHER_BOOKS).await, [(transactions, 0)]);
        assert_eq!(standings(&desk).await, stood);
        assert_eq!(numbers(&desk, CREDIT).await, credit);
        assert_eq!(numbers(&desk, GUARDED).await, guarded);
        assert_eq!(wrong(&desk).await, Vec::<String>::new());
        desk.books_agree().await;

        let entities = desk.app.read(move |r| entities::list(r, company)).await;
        let named: Vec<(&str, bool)> =
            entities.iter().map(|entity| (entity.described.name.as_str(), entity.is_default)).collect();
        assert_eq!(named, [("Светосила", true), ("ИП Петров", false)]);
        let own = desk.app.read(move |r| accounts::list(r, company)).await;
        let owner = |account: &str| own.iter().find(|own| own.account == account).expect("an account").entity;
        assert_eq!([owner(ACCOUNT), owner(SECOND), owner(THIRD)], [entities[0].id, entities[1].id, entities[0].id]);

        // And it goes on: what was overpaid then pays an order of its customer now.
        let customer = desk.read(overpaid).await.customer;
        let next = desk.order("8", "Вера", "50").await;
        assert_eq!(desk.read(next.order).await.customer, customer);
        let left = rub("50");
        desk.app
            .write(move |tx| credit::use_for(tx, &Permit::<OrderRefunds>::system(company, "test"), next.order, left))
            .await;
        assert_eq!(desk.paid(next.order).await, "50.00");
        chain::seal(&desk.app.db, company).await.expect("sealed");
        assert_eq!(wrong(&desk).await, Vec::<String>::new());
        let change = Statement::new("update journal_transaction set kind = 'other'");
        let changed = desk.app.try_write(move |tx| tx.execute_of(&change).map(|_| ())).await;
        assert!(changed.is_err(), "the journal is append-only again");
    }
}
