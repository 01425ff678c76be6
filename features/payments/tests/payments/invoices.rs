use takt_orders::{EditOrders, OrderId, receipt::VerifiedReceipt};
use takt_payments::{invoices, journal::Account};
use takt_payments_matching::InvoiceState;
use takt_staff::Permit;
use takt_testing::on_both_engines;

use crate::desk::{Desk, pay, rub};

async fn reprice(desk: &Desk, order: OrderId, price: &str) {
    let before = desk.read(order).await;
    let patch = serde_json::json!({
        "lines": [{"name": "Рамка", "quantity": "1", "unit": "pcs", "price": price, "vat": "22"}],
    });
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

on_both_engines! {
    async fn another_total_gets_another_invoice_and_the_old_paper_stays_payable(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        reprice(&desk, expected.order, "700").await;
        let new = desk.reference(expected.order).await;
        assert_ne!(new, expected.reference);
        let (company, order) = (desk.company, expected.order);
        let all = desk.app.read(move |r| invoices::of_order(r, company, order)).await;
        assert_eq!(all.iter().map(|invoice| invoice.residual).collect::<Vec<_>>(), [rub("700"), rub("0")]);
        assert!(matches!(all[1].state, InvoiceState::Superseded { .. }));
        assert_eq!(desk.balance(Account::DeferredRevenue).await, "-700.00");
        desk.bank_reports(&[pay("1", "700", &format!("по счету {}", expected.reference))]).await;
        assert_eq!(desk.paid(expected.order).await, "700.00");
        desk.books_agree().await;
    }

    async fn an_invoice_paid_in_part_keeps_what_came_when_the_total_changes(place: Place) {
        let desk = Desk::open(place).await;
        let first = desk.order("1000", "Анна", "10").await;
        desk.bank_reports(&[pay("0", "10", &first.reference)]).await;
        let expected = desk.order("1001", "Анна", "500").await;
        desk.bank_reports(&[pay("1", "200", &expected.reference)]).await;
        assert_eq!(desk.paid(expected.order).await, "200.00");
        reprice(&desk, expected.order, "600").await;
        let (company, order) = (desk.company, expected.order);
        let current = desk.app.read(move |r| invoices::current_of_order(r, company, order)).await.expect("an invoice");
        assert_eq!(current.residual, rub("400"));
        desk.bank_reports(&[pay("2", "400", &current.reference)]).await;
        assert!(desk.read(expected.order).await.is_paid_in_full());
        desk.books_agree().await;
    }

    async fn references_are_unique_and_carry_check_digits(place: Place) {
        let desk = Desk::open(place).await;
        let mut seen = std::collections::BTreeSet::new();
        for n in 0..30 {
            let expected = desk.order(&format!("n{n}"), "Анна", "100").await;
            assert!(takt_payments_matching::Reference::parse(&expected.reference).is_ok(), "{}", expected.reference);
            assert!(seen.insert(expected.reference));
        }
    }

    async fn a_receipt_pays_no_more_than_it_is_worth(place: Place) {
        let desk = Desk::open(place).await;
        let (one, other) = (desk.order("1001", "Анна", "500").await, desk.order("1002", "Борис", "500").await);
        let lines = desk.bank_reports(&[pay("1", "500", &one.reference)]).await;
        let (company, line) = (desk.company, lines[0].id);
        let refused = desk.app.try_write(move |tx| {
            let receipt = VerifiedReceipt::kept(tx, company, line.get())?.expect("a receipt");
            takt_orders::record_paid(tx, &receipt, other.order, rub("1"), &crate::desk::nobody()).map(|_| ())
        }).await;
        assert!(refused.is_err());
        assert_eq!(desk.paid(other.order).await, "0.00");
    }
}
