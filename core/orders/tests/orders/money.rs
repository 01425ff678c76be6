use takt_kernel::{
    Actor, Timestamp,
    money::{Currency, Money},
};
use takt_orders::{
    Holder, Milestone, Stage, VouchForMoney, cancel,
    receipt::{BookedCredit, CreditLine, EntryState, VerifiedReceipt},
    record_paid, record_unpaid,
};
use takt_staff::Permit;
use takt_testing::on_both_engines;

use crate::desk::{Desk, permit, rub};

fn credit(desk: &Desk) -> CreditLine<'static> {
    CreditLine {
        company: desk.company,
        amount: rub("100"),
        account: "40702",
        own_account: "40702",
        own_currency: Currency::RUB,
        state: EntryState::Booked,
        sent_at: None,
        booked_at: None,
        received_at: desk.app.now(),
    }
}

on_both_engines! {
    async fn money_makes_the_promise_run(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(3).await;
        let order = desk.pay(1, id, "100").await.expect("a part");
        assert_eq!((order.paid, order.stage, order.started_at), (rub("100"), Stage::New, None));
        desk.app.clock.advance_seconds(60);
        let order = desk.pay(2, id, "200").await.expect("the rest");
        assert!(order.is_paid_in_full());
        assert_eq!((order.stage, order.holder, order.milestone), (Stage::Approval, Some(Holder::Queue), Some(Milestone::CONFIRMED)));
        let due: Timestamp = "2026-11-02T06:16:00Z".parse().expect("a moment");
        assert_eq!(order.due_at, Some(due), "15 working minutes after the money");
        let body = desk.app.read(move |reader| {
            let facts = takt_store::facts::of_subject(reader, order.company, "order", id.get(), 0, 100)?;
            Ok(facts.last().map(|fact| fact.body.clone()).unwrap_or_default())
        }).await;
        assert_eq!((body["amount"].as_str(), body["in_full"].as_bool()), (Some("200.00"), Some(true)));
    }

    async fn a_receipt_is_never_used_beyond_its_amount(place: Place) {
        let desk = Desk::open(place).await;
        let (one, other) = (desk.tea(1).await, { desk.app.clock.advance_seconds(1); desk.tea(1).await });
        let receipt = desk.receipt(5, "150").await;
        let use_it = async |id, amount: &str| {
            let (receipt, amount) = (receipt.clone(), rub(amount));
            desk.app.try_write(move |tx| record_paid(tx, &receipt, id, amount, &Actor::system("test"))).await
        };
        use_it(one, "100").await.expect("the first use");
        let fault = use_it(other, "50.01").await.expect_err("too much");
        assert!(fault.is("orders.receipt_used_up"), "{fault:?}");
        use_it(other, "50").await.expect("exactly the rest");
        assert!(use_it(other, "0").await.expect_err("nothing").is("orders.amount_not_positive"));
        assert!(use_it(one, "0.01").await.expect_err("used up").is("orders.receipt_used_up"));

        let forged = desk.receipt(5, "1000").await;
        let fault = desk.app
            .try_write(move |tx| record_paid(tx, &forged, other, rub("1"), &Actor::system("test")))
            .await
            .expect_err("another amount");
        assert!(fault.is("orders.receipt_differs"), "{fault:?}");
    }

    async fn one_receipt_pays_once_however_many_try_at_once(place: Place) {
        let desk = Desk::open(place).await;
        let mut ids = Vec::new();
        for _ in 0..6 {
            desk.app.clock.advance_seconds(1);
            ids.push(desk.tea(1).await);
        }
        let receipt = desk.receipt(9, "100").await;
        // Known to all of them before they start, so that none meets the other's new row.
        let kept = receipt.clone();
        desk.app.write(move |tx| kept.keep(tx)).await;
        let racing: Vec<_> = ids
            .iter()
            .map(|id| {
                let (db, receipt, id) = (desk.app.db.clone(), receipt.clone(), *id);
                tokio::spawn(async move {
                    db.write("race", move |tx| record_paid(tx, &receipt, id, rub("100"), &Actor::system("test"))).await
                })
            })
            .collect();
        let mut paid = 0;
        for one in racing {
            paid += i32::from(one.await.expect("no panic").is_ok());
        }
        assert_eq!(paid, 1);
        assert_eq!(desk.app.facts_named("orders.paid").await, 1);
    }

    async fn only_a_person_with_the_right_makes_a_receipt(place: Place) {
        let desk = Desk::open(place).await;
        let booked = BookedCredit::check(&credit(&desk)).expect("booked");
        let program: Permit<VouchForMoney> = permit(desk.company);
        let fault = VerifiedReceipt::vouched(1, booked.clone(), &program, "hash").expect_err("a program");
        assert!(fault.is("orders.voucher_not_a_person"));
        let foreign = CreditLine { company: takt_kernel::CompanyId::new(999_999), ..credit(&desk) };
        let foreign = BookedCredit::check(&foreign).expect("booked");
        let fault = VerifiedReceipt::vouched(1, foreign, &desk.voucher().await, "hash").expect_err("another company");
        assert!(fault.is("orders.foreign_receipt"));

        let base = credit(&desk);
        for (line, code) in [
            (CreditLine { state: EntryState::Pending, ..base.clone() }, "orders.credit_not_booked"),
            (CreditLine { state: EntryState::Information, ..base.clone() }, "orders.credit_not_booked"),
            (CreditLine { account: "40703", ..base.clone() }, "orders.credit_other_account"),
            (CreditLine { own_currency: Currency::EUR, ..base.clone() }, "orders.credit_other_currency"),
            (CreditLine { amount: rub("-1"), ..base.clone() }, "orders.credit_not_positive"),
            (CreditLine { amount: Money::zero(Currency::RUB), ..base.clone() }, "orders.credit_not_positive"),
        ] {
            assert!(BookedCredit::check(&line).expect_err(code).is(code));
        }
        let receipt = VerifiedReceipt::vouched(7, booked, &desk.voucher().await, "hash").expect("a receipt");
        let (company, kept) = (desk.company, receipt.clone());
        desk.app.write(move |tx| kept.keep(tx)).await;
        let known = desk.app.read(move |reader| VerifiedReceipt::kept(reader, company, 7)).await.expect("kept");
        assert_eq!((known.amount(), known.evidence()), (receipt.amount(), receipt.evidence()));
    }

    async fn money_that_the_bank_takes_back_stops_the_promise(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(1).await;
        desk.pay(1, id, "100").await.expect("paid");
        let company = desk.company;
        let back = async |amount: &str| {
            let amount = rub(amount);
            desk.app
                .try_write(move |tx| record_unpaid(tx, company, 1, id, amount, "reversed", &Actor::system("test")))
                .await
        };
        assert!(back("100.01").await.expect_err("more than came").is("orders.not_used_here"));
        let order = back("100").await.expect("back");
        assert_eq!((order.paid, order.holder, order.due_at), (rub("0"), Some(Holder::Buyer), None));
        let receipt = desk.receipt(1, "100").await;
        let left = desk.app.read(move |reader| receipt.left(reader)).await;
        assert_eq!(left, rub("100"), "it can be used again");
    }

    async fn a_cancelled_order_takes_no_money(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(1).await;
        let company = desk.company;
        desk.app.write(move |tx| cancel(tx, &permit(company), id, None, "передумал").map(|_| ())).await;
        assert!(desk.pay(1, id, "100").await.expect_err("cancelled").is("orders.already_cancelled"));
    }
}
