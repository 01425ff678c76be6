//! The journal through everything that may happen to an order after its invoice.

use std::sync::Arc;

use serde_json::json;
use takt_kernel::{Fault, Result, money::Quantity};
use takt_orders::{
    CancelOrders, ConfirmOrders, EditOrders, Intake, LineId, OrderId, PlaceOrders, VouchForMoney,
};
use takt_payments::{
    import::{BankLineId, LineState},
    import_bank_file, invoices,
    journal::Account,
    rights::MatchMoney,
    settle,
};
use takt_staff::Permit;
use takt_store::{Interference, Moment, Verdict, checks};
use takt_testing::on_both_engines;
use takt_ui::Lang;

use crate::desk::{Desk, nobody, pay, rub, states};

async fn edit(desk: &Desk, order: OrderId, patch: serde_json::Value) {
    let before = desk.read(order).await;
    let company = desk.company;
    let lines = desk.app.read(move |r| takt_orders::lines(r, company, order)).await;
    let patch = takt_orders::read_patch(&before, &lines, &patch, "RU").expect("a patch");
    desk.app
        .write(move |tx| {
            let permit = Permit::<EditOrders>::system(company, "test");
            takt_orders::edit(tx, &permit, order, before.version, patch.clone()).map(|_| ())
        })
        .await;
}

async fn reprice(desk: &Desk, order: OrderId, price: &str) {
    let lines = json!([{"name": "Рамка", "quantity": "1", "unit": "pcs", "price": price, "vat": "22"}]);
    edit(desk, order, json!({ "lines": lines })).await;
}

async fn cancel(desk: &Desk, order: OrderId) {
    let company = desk.company;
    desk.app
        .write(move |tx| {
            let permit = Permit::<CancelOrders>::system(company, "test");
            takt_orders::cancel(tx, &permit, order, None, "").map(|_| ())
        })
        .await;
}

async fn undo(desk: &Desk, line: BankLineId) -> Result<()> {
    let company = desk.company;
    let permit = move || Permit::<MatchMoney>::system(company, "test");
    desk.app.try_write(move |tx| settle::undo(tx, &permit(), line)).await
}

async fn owed_and_left(desk: &Desk, order: OrderId) -> (String, String) {
    let company = desk.company;
    let invoice = desk.app.read(move |r| invoices::current_of_order(r, company, order)).await;
    let left = invoice.expect("an invoice").residual;
    (desk.read(order).await.owed().to_decimal_string(), left.to_decimal_string())
}

on_both_engines! {
    async fn money_can_be_taken_back_from_an_order_that_was_changed_and_then_cancelled(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let lines = desk.bank_reports(&[pay("1", "500", &expected.reference)]).await;
        reprice(&desk, expected.order, "700").await;
        cancel(&desk, expected.order).await;
        undo(&desk, lines[0].id).await.expect("it is free again");
        let customer = desk.read(expected.order).await.customer;
        assert_eq!(desk.paid(expected.order).await, "0.00");
        assert_eq!(desk.balance(Account::Receivable(customer)).await, "0.00");
        assert_eq!(desk.balance(Account::DeferredRevenue).await, "0.00");
        assert_eq!(desk.balance(Account::Unmatched).await, "-500.00");
        desk.books_agree().await;
    }

    async fn an_invoice_never_asks_for_more_than_the_order_owes(place: Place) {
        let desk = Desk::open(place).await;
        let first = desk.order("1000", "Анна", "10").await;
        desk.bank_reports(&[pay("0", "10", &first.reference)]).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let part = desk.bank_reports(&[pay("1", "200", &expected.reference)]).await;
        desk.bank_reports(&[pay("2", "300", &expected.reference)]).await;
        reprice(&desk, expected.order, "400").await;
        assert_eq!(owed_and_left(&desk, expected.order).await, ("0.00".to_owned(), "0.00".to_owned()));
        undo(&desk, part[0].id).await.expect("taken back");
        assert_eq!(owed_and_left(&desk, expected.order).await, ("100.00".to_owned(), "100.00".to_owned()));
        desk.books_agree().await;
    }

    async fn another_price_of_delivery_is_another_invoice(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        edit(&desk, expected.order, json!({"delivery": {"method": "courier", "price": "300"}})).await;
        assert_eq!(desk.read(expected.order).await.total, rub("800"));
        assert_eq!(owed_and_left(&desk, expected.order).await, ("800.00".to_owned(), "800.00".to_owned()));
        assert_eq!(desk.balance(Account::DeferredRevenue).await, "-800.00");
    }

    async fn what_an_order_owes_stands_with_one_customer(place: Place) {
        let desk = Desk::open(place).await;
        let (anna, boris) = (desk.order("1001", "Анна", "500").await, desk.order("1002", "Борис", "10").await);
        let before = desk.read(anna.order).await.customer;
        let phone = desk.read(boris.order).await.contact.phone;
        edit(&desk, anna.order, json!({"customer": {"name": "Борис", "phone": phone}})).await;
        let after = desk.read(anna.order).await.customer;
        assert_ne!(before, after);
        reprice(&desk, anna.order, "600").await;
        assert_eq!(desk.balance(Account::Receivable(before)).await, "0.00");
        assert_eq!(desk.balance(Account::Receivable(after)).await, "610.00");
        cancel(&desk, anna.order).await;
        assert_eq!(desk.balance(Account::Receivable(after)).await, "10.00");
        edit(&desk, boris.order, json!({"customer": {"name": "Вера", "phone": "+79120000001"}})).await;
        cancel(&desk, boris.order).await;
        assert_eq!(desk.balance(Account::Receivable(after)).await, "0.00");
        desk.books_agree().await;
    }

    async fn credit_is_taken_back_from_whom_it_was_given(place: Place) {
        let desk = Desk::open(place).await;
        let (anna, boris) = (desk.order("1001", "Анна", "100").await, desk.order("1002", "Борис", "200").await);
        let lines = desk.bank_reports(&[pay("1", "1000", "спасибо")]).await;
        assert_eq!(states(&lines), [LineState::Suggested]);
        let (company, line) = (desk.company, lines[0].id);
        for (order, amount, rest) in [(anna.order, "100", false), (boris.order, "200", true)] {
            desk.app.write(move |tx| {
                let invoice = invoices::current_of_order(tx, company, order)?.expect("an invoice").id;
                let permit = Permit::<MatchMoney>::system(company, "test");
                settle::accept(tx, &permit, line, &[(invoice, rub(amount))], rest)
            }).await;
        }
        let (anna, boris) = (desk.read(anna.order).await.customer, desk.read(boris.order).await.customer);
        assert_eq!(desk.balance(Account::CustomerCredit(boris)).await, "-700.00");
        undo(&desk, line).await.expect("taken back");
        assert_eq!(desk.balance(Account::CustomerCredit(anna)).await, "0.00");
        assert_eq!(desk.balance(Account::CustomerCredit(boris)).await, "0.00");
        assert_eq!(desk.balance(Account::Unmatched).await, "-1000.00");
        desk.books_agree().await;
    }

    async fn what_was_billed_is_earned_to_the_last_kopeck_with_the_last_parcel(place: Place) {
        let desk = Desk::open(place).await;
        let body = json!({
            "currency": "RUB",
            "terms": "on_delivery",
            "customer": {"name": "Анна", "phone": "+79121234567"},
            "lines": [{"name": "Рамка", "quantity": "3", "unit": "pcs", "price": "33.3333", "vat": "22"}],
            "delivery": {"method": "courier", "price": "50"},
        });
        let intake = Intake { shop: desk.shop, currency: takt_kernel::money::Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
        let wanted = takt_orders::read_new_order(&body, &intake).expect("an order");
        let company = desk.company;
        let order = desk.app.write(move |tx| {
            let id = takt_orders::place(tx, &Permit::<PlaceOrders>::system(company, "test"), wanted.clone())?.id;
            takt_orders::confirm(tx, &Permit::<ConfirmOrders>::system(company, "test"), id)?;
            Ok(id)
        }).await;
        assert_eq!(desk.balance(Account::DeferredRevenue).await, "-150.00");
        let line: LineId = desk.app.read(move |r| takt_orders::lines(r, company, order)).await[0].id;
        for _ in 0..3 {
            desk.app.write(move |tx| {
                takt_orders::record_shipped(tx, company, order, &[(line, Quantity::from_thousandths(1_000))], &nobody()).map(|_| ())
            }).await;
        }
        assert_eq!(desk.balance(Account::DeferredRevenue).await, "0.00");
        let vat = desk.read(order).await.vat;
        assert_eq!(desk.balance(Account::VatPayable(takt_kernel::money::VatRate::parse("22").expect("a rate"))).await, vat.negate().to_decimal_string());
        assert_eq!(desk.balance(Account::Revenue).await, rub("150").subtract(vat).expect("roubles").negate().to_decimal_string());
    }

    async fn the_same_file_from_two_hands_at_once_is_counted_once(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let payments: Vec<_> = (1..=20)
            .map(|n| pay(&n.to_string(), "500", if n == 7 { &expected.reference } else { "непонятно что" }))
            .collect();
        let bytes = desk.statement(&payments);
        let mut uploads = Vec::new();
        for _ in 0..4 {
            let (db, bytes) = (desk.app.db.clone(), bytes.clone());
            let voucher: Permit<VouchForMoney> = desk.voucher(desk.accountant).await.expect("the right");
            uploads.push(tokio::spawn(async move {
                import_bank_file(&db, voucher, "a.txt".to_owned(), bytes, "upload", &mut |_, _| ()).await
            }));
        }
        for upload in uploads {
            let imported = upload.await.expect("no panic").expect("taken");
            assert_eq!(imported.lines.len(), 20);
        }
        assert_eq!(desk.paid(expected.order).await, "500.00");
        assert_eq!(desk.balance(Account::Unmatched).await, "-9500.00");
        assert_eq!(desk.app.facts_named("payments.received").await, 20);
    }

    async fn half_a_file_is_neither_money_nor_broken_data(place: Place) {
        let desk = Desk::open(place).await;
        let voucher = desk.voucher(desk.accountant).await.expect("the right");
        let db = desk.app.db.clone().interfered(Arc::new(FullDisk { from: "payments.stage_lines" }));
        let bytes = desk.statement(&[pay("1", "500", "Оплата")]);
        let cut_off = import_bank_file(&db, voucher, "a.txt".to_owned(), bytes, "upload", &mut |_, _| ()).await;
        assert!(cut_off.is_err_and(|fault| fault.is("store.disk_full")));
        let wrong = desk.app.read(|reader| {
            let found = checks(reader).into_iter().map(|check| Ok((check.code, (check.look)(reader)?)));
            found.collect::<Result<Vec<_>>>()
        });
        let wrong: Vec<_> = wrong.await.into_iter().filter(|(_, rows)| !rows.is_empty()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(desk.app.facts_named("payments.received").await, 0);
    }
}

/// The disk is full just when this command wants to commit.
struct FullDisk {
    from: &'static str,
}

impl Interference for FullDisk {
    fn judge(&self, command: &'static str, moment: Moment) -> Verdict {
        if command == self.from && moment == Moment::BeforeCommit {
            return Verdict::Refuse(Fault::unavailable("store.disk_full"));
        }
        Verdict::Go
    }
}
