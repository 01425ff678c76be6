use takt_kernel::money::Money;
use takt_payments::{
    import::LineState,
    journal::Account,
    rights::MatchMoney,
    settle::{self, standing_allocations},
};
use takt_staff::Permit;
use takt_testing::on_both_engines;

use crate::desk::{Desk, codes, pay, rub, states};

on_both_engines! {
    async fn the_reference_and_the_exact_amount_pay_the_order(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let lines = desk.bank_reports(&[pay("1", "500", &format!("Оплата по счету {}", expected.reference))]).await;
        assert_eq!(states(&lines), [LineState::Posted]);
        assert_eq!(lines[0].tier.as_deref(), Some("A"));
        assert!(!lines[0].reasons.is_empty(), "the reasons are kept");
        let order = desk.read(expected.order).await;
        assert!(order.is_paid_in_full());
        assert_eq!(desk.app.facts_named("orders.paid").await, 1);
        assert_eq!(desk.app.facts_named("payments.received").await, 1);
        assert_eq!(desk.balance(Account::Unmatched).await, "0.00");
        assert_eq!(desk.balance(Account::Receivable(order.customer)).await, "0.00");
        assert_eq!(desk.balance(Account::DeferredRevenue).await, "-500.00");
        desk.books_agree().await;
    }

    async fn a_part_of_the_money_pays_a_part_when_the_payer_is_known(place: Place) {
        let desk = Desk::open(place).await;
        let first = desk.order("1001", "Анна", "500").await;
        desk.bank_reports(&[pay("1", "500", &first.reference)]).await;
        let second = desk.order("1002", "Анна", "800").await;
        let lines = desk.bank_reports(&[pay("2", "300", &format!("часть по счету {}", second.reference))]).await;
        assert_eq!((states(&lines), lines[0].tier.as_deref()), (vec![LineState::Posted], Some("C")));
        assert_eq!(desk.paid(second.order).await, "300.00");
        assert!(!desk.read(second.order).await.is_paid_in_full());
        desk.bank_reports(&[pay("3", "500", &second.reference)]).await;
        assert!(desk.read(second.order).await.is_paid_in_full());
        desk.books_agree().await;
    }

    async fn what_nobody_can_tell_waits_for_a_person_with_candidates(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let mut stranger = pay("1", "499", &format!("за рамку {}", expected.reference));
        stranger.inn = None;
        stranger.payer = "Петров Пётр".to_owned();
        let lines = desk.bank_reports(&[stranger]).await;
        assert_eq!(states(&lines), [LineState::Suggested]);
        assert_eq!(lines[0].candidates.len(), 1);
        assert_eq!(desk.paid(expected.order).await, "0.00");
        assert_eq!(desk.balance(Account::Unmatched).await, "-499.00");

        let (company, line) = (desk.company, lines[0].id);
        let invoice = takt_kernel::Id::new(lines[0].candidates[0].invoice);
        let permit = Permit::<MatchMoney>::system(company, "test");
        let too_much = desk.app.try_write({
            let permit = permit.clone();
            move |tx| settle::accept(tx, &permit, line, &[(invoice, rub("500"))], false)
        }).await;
        assert!(too_much.is_err_and(|fault| fault.is("payments.more_than_left")));
        desk.app.write(move |tx| settle::accept(tx, &permit, line, &[(invoice, rub("499"))], false)).await;
        assert_eq!(desk.paid(expected.order).await, "499.00");
        assert_eq!(desk.balance(Account::Unmatched).await, "0.00");
        desk.books_agree().await;
    }

    async fn one_receipt_is_split_by_hand_and_its_rest_becomes_credit(place: Place) {
        let desk = Desk::open(place).await;
        let (one, other) = (desk.order("1001", "Анна", "500").await, desk.order("1002", "Анна", "300").await);
        let lines = desk.bank_reports(&[pay("1", "1000", "за всё сразу")]).await;
        assert_eq!(states(&lines), [LineState::Suggested]);
        let (company, line) = (desk.company, lines[0].id);
        let (first, second) = desk.app.read(move |r| {
            let first = takt_payments::invoices::current_of_order(r, company, one.order)?.expect("an invoice").id;
            let second = takt_payments::invoices::current_of_order(r, company, other.order)?.expect("an invoice").id;
            Ok((first, second))
        }).await;
        let permit = Permit::<MatchMoney>::system(company, "test");
        desk.app.write(move |tx| {
            settle::accept(tx, &permit, line, &[(first, rub("500")), (second, rub("300"))], true)
        }).await;
        assert_eq!((desk.paid(one.order).await, desk.paid(other.order).await), ("500.00".into(), "300.00".into()));
        let customer = desk.read(one.order).await.customer;
        assert_eq!(desk.balance(Account::CustomerCredit(customer)).await, "-200.00");
        assert_eq!(desk.balance(Account::Unmatched).await, "0.00");
        desk.books_agree().await;
    }

    async fn an_undone_allocation_leaves_its_trace_and_can_be_chosen_again(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let lines = desk.bank_reports(&[pay("1", "500", &expected.reference)]).await;
        let (company, line) = (desk.company, lines[0].id);
        let permit = Permit::<MatchMoney>::system(company, "test");
        let undo = permit.clone();
        desk.app.write(move |tx| settle::undo(tx, &undo, line)).await;
        assert_eq!(desk.paid(expected.order).await, "0.00");
        assert_eq!(desk.balance(Account::Unmatched).await, "-500.00");
        assert_eq!(desk.app.facts_named("orders.unpaid").await, 1);
        assert!(desk.app.read(move |r| standing_allocations(r, company, line)).await.is_empty());
        let again = permit.clone();
        let twice = desk.app.try_write(move |tx| settle::undo(tx, &again, line)).await;
        assert!(twice.is_err_and(|fault| fault.is("payments.nothing_to_undo")));
        let invoice = desk.app.read(move |r| takt_payments::invoices::current_of_order(r, company, expected.order)).await;
        let invoice = invoice.expect("an invoice").id;
        desk.app.write(move |tx| settle::accept(tx, &permit, line, &[(invoice, rub("500"))], false)).await;
        assert_eq!(desk.paid(expected.order).await, "500.00");
        desk.books_agree().await;
    }

    async fn money_for_a_cancelled_order_waits_for_a_person(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let (company, order) = (desk.company, expected.order);
        desk.app.write(move |tx| {
            let permit = Permit::<takt_orders::CancelOrders>::system(company, "test");
            takt_orders::cancel(tx, &permit, order, None, "передумали").map(|_| ())
        }).await;
        assert_eq!(desk.balance(Account::DeferredRevenue).await, "0.00");
        let lines = desk.bank_reports(&[pay("1", "500", &expected.reference)]).await;
        assert_eq!(states(&lines), [LineState::Suggested]);
        assert_eq!(desk.paid(order).await, "0.00");
        desk.books_agree().await;
    }

    async fn the_same_receipts_in_whatever_order_give_the_same_books(place: Place) {
        let desk = Desk::open(place).await;
        let mut sum = Money::zero(takt_kernel::money::Currency::RUB);
        let mut payments = Vec::new();
        for n in 1..=12_i64 {
            let price = format!("{}", 100 * n);
            let expected = desk.order(&format!("10{n}"), &format!("Покупатель {n}"), &price).await;
            payments.push(pay(&n.to_string(), &price, &expected.reference));
            sum = sum.add(rub(&price)).expect("a sum");
        }
        payments.reverse();
        let lines = desk.bank_reports(&payments).await;
        assert!(codes(&lines).iter().all(|code| *code == "payments.posted"), "{:?}", codes(&lines));
        assert_eq!(desk.balance(Account::DeferredRevenue).await, sum.negate().to_decimal_string());
        desk.books_agree().await;
    }
}
