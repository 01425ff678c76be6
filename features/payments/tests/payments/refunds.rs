//! Money that flows back: to the buyer, to another of his orders, or because the bank took it.

use serde_json::json;
use takt_kernel::{
    Result,
    money::{Currency, Money, Quantity, VatRate},
};
use takt_orders::{CancelOrders, ConfirmOrders, Intake, LineId, OrderId, PlaceOrders, ReturnedPart};
use takt_payments::{
    credit, entities,
    import::{self, BankLine, LineState},
    invoices,
    journal::{self, Account},
    refunds::{self, Payee, Policy, RefundId, State},
    rights::{AcceptReturns, LimitRefunds, ManageBankAccounts, MatchMoney, OrderRefunds},
    settle,
};
use takt_staff::{Permit, Role};
use takt_store::checks;
use takt_testing::on_both_engines;
use takt_ui::Lang;

use crate::desk::{ACCOUNT, Desk, Expected, codes, nobody, pay, person, rub, states};

const BUYERS: &str = "40817810099910004312";
const OTHER: &str = "40702810200000000099";

fn payee() -> Payee {
    Payee {
        name: "Иванов Иван".to_owned(), account: BUYERS.to_owned(), bic: "044525974".to_owned()
    }
}

pub async fn permit(desk: &Desk, email: &str) -> Permit<OrderRefunds> {
    let company = desk.company;
    let person = person(&desk.app, company, email, Role::Accountant).await;
    desk.app.read(move |r| takt_staff::permit_of::<OrderRefunds>(r, person, company)).await
}

async fn cancel(desk: &Desk, order: OrderId) {
    let company = desk.company;
    desk.app
        .write(move |tx| {
            takt_orders::cancel(tx, &Permit::<CancelOrders>::system(company, "test"), order, None, "")
                .map(|_| ())
        })
        .await;
}

pub async fn claim(desk: &Desk, by: &Permit<OrderRefunds>, order: OrderId, amount: &str) -> Result<RefundId> {
    let (by, amount) = (by.clone(), rub(amount));
    desk.app.try_write(move |tx| refunds::claim(tx, &by, order, amount)).await
}

async fn ordered(desk: &Desk, by: &Permit<OrderRefunds>, id: RefundId) -> Result<()> {
    let by = by.clone();
    desk.app.try_write(move |tx| refunds::order(tx, &by, id, &payee(), "передумал")).await
}

async fn sent(desk: &Desk, by: &Permit<OrderRefunds>, id: RefundId) -> Result<()> {
    let by = by.clone();
    desk.app.try_write(move |tx| refunds::mark_sent(tx, &by, id)).await
}

async fn state(desk: &Desk, id: RefundId) -> State {
    let company = desk.company;
    desk.app.read(move |r| refunds::get(r, company, id)).await.state
}

/// The bank reports that this much left for the buyer.
async fn bank_sends(desk: &Desk, number: &str, amount: &str, purpose: &str) -> Vec<BankLine> {
    let mut line = pay(number, amount, purpose);
    line.incoming = false;
    desk.bank_reports(&[line]).await
}

pub async fn all_is_well(desk: &Desk) {
    desk.app.drain().await;
    let found = desk.app.read(|r| {
        let found = checks(r).into_iter().map(|check| Ok((check.code, (check.look)(r)?)));
        found.collect::<Result<Vec<_>>>()
    });
    let wrong: Vec<_> = found.await.into_iter().filter(|(_, rows)| !rows.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    desk.books_agree().await;
}

pub async fn paid_order(desk: &Desk, number: &str, buyer: &str, amount: &str) -> Expected {
    let expected = desk.order(number, buyer, amount).await;
    desk.bank_reports(&[pay(number, amount, &expected.reference)]).await;
    assert_eq!(desk.read(expected.order).await.paid, rub(amount));
    expected
}

pub async fn credit_of(desk: &Desk, order: OrderId) -> String {
    let customer = desk.read(order).await.customer;
    let company = desk.company;
    let all = desk.app.read(move |r| credit::of_customer(r, company, customer)).await;
    all.first().map_or_else(|| "0.00".to_owned(), |(_, money)| money.to_decimal_string())
}

/// Three lines under three rates, on delivery, all gone; answers the order and its lines.
async fn shipped(desk: &Desk) -> (OrderId, Vec<LineId>) {
    let line = |price: &str, vat: &str| json!({"name": "Рамка", "quantity": "3", "unit": "pcs", "price": price, "vat": vat});
    let body = json!({
        "currency": "RUB", "terms": "on_delivery", "discount": "10",
        "customer": {"name": "Анна", "phone": "+79121234567"},
        "lines": [line("100.01", "22"), line("33.33", "10"), line("7", "none")],
    });
    let intake =
        Intake { shop: desk.shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
    let wanted = takt_orders::read_new_order(&body, &intake).expect("an order");
    let company = desk.company;
    let order = desk
        .app
        .write(move |tx| {
            let mut wanted = wanted.clone();
            wanted.customer = Some(takt_customers::recognise(tx, company, &wanted.contact, &nobody())?);
            let id = takt_orders::place(tx, &Permit::<PlaceOrders>::system(company, "test"), wanted)?.id;
            takt_orders::confirm(tx, &Permit::<ConfirmOrders>::system(company, "test"), id)?;
            Ok(id)
        })
        .await;
    let lines: Vec<LineId> = desk
        .app
        .read(move |r| takt_orders::lines(r, company, order))
        .await
        .iter()
        .map(|line| line.id)
        .collect();
    let parts: Vec<_> = lines.iter().map(|line| (*line, Quantity::from_thousandths(3_000))).collect();
    desk.app
        .write(move |tx| takt_orders::record_shipped(tx, company, order, &parts, &nobody()).map(|_| ()))
        .await;
    (order, lines)
}

async fn give_back(desk: &Desk, order: OrderId, parts: Vec<(LineId, Quantity)>) -> Result<Option<RefundId>> {
    let company = desk.company;
    let parts: Vec<_> = parts.into_iter().map(|(line, quantity)| ReturnedPart::fit(line, quantity)).collect();
    desk.app
        .try_write(move |tx| {
            refunds::accept_return(tx, &Permit::<AcceptReturns>::system(company, "test"), order, &parts)
        })
        .await
}

async fn current_invoice(desk: &Desk, order: takt_orders::OrderId) -> takt_payments::invoices::InvoiceId {
    let company = desk.company;
    let invoice = desk.app.read(move |r| takt_payments::invoices::current_of_order(r, company, order)).await;
    invoice.expect("an invoice").id
}

on_both_engines! {
    async fn a_cancelled_order_that_was_paid_is_paid_back_and_closed_by_the_bank(place: Place) {
        let desk = Desk::open(place).await;
        let by = permit(&desk, "b@example.org").await;
        let expected = paid_order(&desk, "1001", "Анна", "500").await;
        assert!(claim(&desk, &by, expected.order, "1").await.is_err_and(|fault| fault.is("payments.more_than_surplus")));
        cancel(&desk, expected.order).await;
        assert!(claim(&desk, &by, expected.order, "500.01").await.is_err_and(|fault| fault.is("payments.more_than_surplus")));
        let id = claim(&desk, &by, expected.order, "500").await.expect("payable");
        let customer = desk.read(expected.order).await.customer;
        assert_eq!(desk.paid(expected.order).await, "0.00");
        assert_eq!(desk.balance(Account::RefundPayable(customer)).await, "-500.00");
        assert_eq!(desk.balance(Account::Receivable(customer)).await, "0.00");
        assert!(claim(&desk, &by, expected.order, "1").await.is_err(), "nothing is left");
        all_is_well(&desk).await;
        // A program may not order it, and nothing is sent that nobody ordered.
        assert!(sent(&desk, &by, id).await.is_err());
        let program = Permit::<OrderRefunds>::system(desk.company, "test");
        assert!(ordered(&desk, &program, id).await.is_err_and(|fault| fault.is("payments.refund_by_a_person")));
        ordered(&desk, &by, id).await.expect("ordered");
        sent(&desk, &by, id).await.expect("sent");
        // Two lines: another account's is not it, the buyer's closes a part, the rest follows.
        assert_eq!(codes(&bank_sends(&desk, "9", "600", "Возврат").await), ["payments.outgoing"]);
        // A part of it only by its name, and what names another one never.
        assert_eq!(codes(&bank_sends(&desk, "7", "200", "Возврат").await), ["payments.outgoing"]);
        let other = format!("Возврат RF{}", id.get() + 1);
        assert_eq!(codes(&bank_sends(&desk, "8", "500", &other).await), ["payments.outgoing"]);
        let named = format!("Возврат rf{id}, часть");
        assert_eq!(codes(&bank_sends(&desk, "10", "200", &named).await), ["payments.refund_confirmed"]);
        assert_eq!(state(&desk, id).await, State::Sent);
        assert_eq!(codes(&bank_sends(&desk, "11", "300", "Возврат").await), ["payments.refund_confirmed"]);
        assert_eq!(state(&desk, id).await, State::Closed);
        assert_eq!(states(&bank_sends(&desk, "11", "300", "Возврат").await), [LineState::Duplicate]);
        assert_eq!(desk.balance(Account::RefundPayable(customer)).await, "0.00");
        assert_eq!(desk.app.facts_named("payments.refund_changed").await, 5);
        all_is_well(&desk).await;
    }

    async fn above_the_limit_another_person_has_to_agree(place: Place) {
        let desk = Desk::open(place).await;
        let (one, other) = (permit(&desk, "b@example.org").await, permit(&desk, "c@example.org").await);
        let company = desk.company;
        desk.app.write(move |tx| {
            let policy = Policy { two_persons_above: Some(rub("100")) };
            refunds::set_policy(tx, &Permit::<LimitRefunds>::system(company, "test"), &policy)
        }).await;
        let accountant = desk.accountant;
        let may = desk.app.db.read("test", move |r| takt_staff::permit_of::<LimitRefunds>(r, accountant, company)).await;
        assert!(may.is_err(), "whoever orders refunds does not say what needs a second person");
        let expected = paid_order(&desk, "1001", "Анна", "500").await;
        cancel(&desk, expected.order).await;
        let small = claim(&desk, &one, expected.order, "100").await.expect("payable");
        let large = claim(&desk, &one, expected.order, "400").await.expect("payable");
        ordered(&desk, &one, small).await.expect("ordered");
        ordered(&desk, &one, large).await.expect("ordered");
        assert_eq!((state(&desk, small).await, state(&desk, large).await), (State::Approved, State::Ordered));
        assert!(sent(&desk, &one, large).await.is_err());
        let approve = |by: &Permit<OrderRefunds>| {
            let by = by.clone();
            desk.app.try_write(move |tx| refunds::approve(tx, &by, large))
        };
        assert!(approve(&one).await.is_err_and(|fault| fault.is("payments.refund_needs_another")));
        approve(&other).await.expect("another person");
        sent(&desk, &one, large).await.expect("sent");
        all_is_well(&desk).await;
    }

    async fn goods_that_came_back_are_no_longer_earned_and_their_money_is_the_buyers(place: Place) {
        let desk = Desk::open(place).await;
        let (order, lines) = shipped(&desk).await;
        let before = desk.read(order).await;
        let reference = desk.reference(order).await;
        desk.bank_reports(&[pay("1", &before.total.to_decimal_string(), &reference)]).await;
        let one = Quantity::from_thousandths(1_000);
        assert!(give_back(&desk, order, vec![(lines[0], Quantity::from_thousandths(3_001))]).await
            .is_err_and(|fault| fault.is("orders.more_than_left_us")));
        let mut back = rub("0");
        for parts in [vec![(lines[0], one)], vec![(lines[0], one), (lines[1], one)], vec![(lines[2], one)]] {
            let id = give_back(&desk, order, parts).await.expect("accepted").expect("a refund");
            let company = desk.company;
            back = back.add(desk.app.read(move |r| refunds::get(r, company, id)).await.amount).expect("roubles");
        }
        let after = desk.read(order).await;
        assert_eq!(before.total.subtract(back).expect("roubles"), after.total);
        assert_eq!((after.paid, after.owed()), (after.total, rub("0")));
        assert_eq!(desk.balance(Account::DeferredRevenue).await, "0.00");
        let company = desk.company;
        let vat = desk.app.read(move |r| takt_orders::lines(r, company, order)).await;
        for line in &vat {
            let expected = line.vat_amount.negate().to_decimal_string();
            assert_eq!(desk.balance(Account::VatPayable(line.vat)).await, expected, "{}", line.vat);
        }
        assert_eq!(desk.balance(Account::RefundPayable(after.customer)).await, back.negate().to_decimal_string());
        // The rest comes back too: nothing stays earned.
        let two = Quantity::from_thousandths(2_000);
        give_back(&desk, order, vec![(lines[0], one), (lines[1], two), (lines[2], two)]).await.expect("accepted");
        assert_eq!(desk.balance(Account::Revenue).await, "0.00");
        assert_eq!(desk.read(order).await.total, rub("0"));
        all_is_well(&desk).await;
    }

    async fn what_is_payable_back_may_stay_as_credit_and_pay_another_order(place: Place) {
        let desk = Desk::open(place).await;
        let by = permit(&desk, "b@example.org").await;
        let first = paid_order(&desk, "1001", "Анна", "500").await;
        let second = desk.order("1002", "Анна", "300").await;
        cancel(&desk, first.order).await;
        let id = claim(&desk, &by, first.order, "500").await.expect("payable");
        let (keeper, spender, other) = (by.clone(), by.clone(), by.clone());
        desk.app.write(move |tx| refunds::keep_as_credit(tx, &keeper, id)).await;
        assert_eq!(credit_of(&desk, second.order).await, "500.00");
        let order = second.order;
        let too_much = desk.app.try_write(move |tx| credit::use_for(tx, &other, order, rub("301"))).await;
        assert!(too_much.is_err_and(|fault| fault.is("payments.more_than_owed")));
        desk.app.write(move |tx| credit::use_for(tx, &spender, order, rub("300"))).await;
        assert_eq!((desk.paid(order).await, credit_of(&desk, order).await), ("300.00".to_owned(), "200.00".to_owned()));
        all_is_well(&desk).await;
        let (customer, entity) = {
            let company = desk.company;
            let invoice = desk.app.read(move |r| invoices::current_of_order(r, company, order)).await.expect("an invoice");
            (invoice.customer.expect("a customer"), invoice.entity)
        };
        let (payer, greedy) = (by.clone(), by.clone());
        let greedy = desk.app.try_write(move |tx| refunds::claim_credit(tx, &greedy, customer, entity, rub("200.01"))).await;
        assert!(greedy.is_err_and(|fault| fault.is("payments.overdrawn")));
        let out = desk.app.write(move |tx| refunds::claim_credit(tx, &payer, customer, entity, rub("200"))).await;
        assert_eq!(credit_of(&desk, order).await, "0.00");
        ordered(&desk, &by, out).await.expect("ordered");
        sent(&desk, &by, out).await.expect("sent");
        bank_sends(&desk, "5", "200", &format!("Возврат аванса RF{out}")).await;
        assert_eq!(state(&desk, out).await, State::Closed);
        assert_eq!(desk.balance(Account::CustomerCredit(Some(customer))).await, "0.00");
        all_is_well(&desk).await;
    }

    async fn the_credit_of_one_customer_pays_ten_of_twenty_orders_at_once(place: Place) {
        let desk = Desk::open(place).await;
        let by = permit(&desk, "b@example.org").await;
        let first = paid_order(&desk, "1001", "Анна", "1000").await;
        cancel(&desk, first.order).await;
        let id = claim(&desk, &by, first.order, "1000").await.expect("payable");
        let keeper = by.clone();
        desk.app.write(move |tx| refunds::keep_as_credit(tx, &keeper, id)).await;
        let mut tasks = Vec::new();
        for n in 0..20 {
            let order = desk.order(&format!("2{n:03}"), "Анна", "100").await.order;
            let (db, by) = (desk.app.db.clone(), by.clone());
            tasks.push(async move {
                db.write("test.use_credit", move |tx| credit::use_for(tx, &by, order, rub("100"))).await
            });
        }
        let running: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
        let mut paid = 0;
        for task in running {
            match task.await.expect("no panic") {
                Ok(()) => paid += 1,
                Err(fault) => assert!(fault.is("payments.overdrawn"), "{fault:?}"),
            }
        }
        assert_eq!(paid, 10);
        assert_eq!(credit_of(&desk, first.order).await, "0.00");
        all_is_well(&desk).await;
    }

    async fn a_receipt_that_the_bank_takes_back_is_owed_again(place: Place) {
        let desk = Desk::open(place).await;
        let expected = paid_order(&desk, "1001", "Анна", "500").await;
        let reversal = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt>\
             <Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>\
             <Ntry><Amt Ccy=\"RUB\">500</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts>\
             <BookgDt><Dt>2026-11-03</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef></Ntry>\
             </Stmt></BkToCstmrStmt></Document>"
        );
        let lines = desk.upload(reversal.into_bytes()).await.lines;
        assert_eq!(codes(&lines), ["payments.held_reversal"]);
        let (company, by) = (desk.company, lines[0].clone());
        let of = by.clone();
        let found = desk.app.read(move |r| refunds::candidates(r, company, &of)).await;
        assert_eq!(found.len(), 1);
        let receipt = found[0].id;
        for expected_code in [None, Some("payments.not_a_reversal")] {
            let done = desk.app.try_write(move |tx| {
                refunds::reverse_receipt(tx, &Permit::<MatchMoney>::system(company, "test"), by.id, receipt)
            }).await;
            match expected_code {
                None => done.expect("taken back"),
                Some(code) => assert!(done.is_err_and(|fault| fault.is(code))),
            }
        }
        let order = desk.read(expected.order).await;
        assert_eq!((order.paid, order.owed()), (rub("0"), rub("500")));
        assert_eq!(desk.balance(Account::Receivable(order.customer)).await, "500.00");
        assert_eq!(desk.balance(Account::Unmatched).await, "0.00");
        assert_eq!(desk.app.facts_named("payments.receipt_reversed").await, 1);
        all_is_well(&desk).await;
    }

    async fn only_what_the_bank_has_booked_and_somebody_answers_for_closes_a_refund(place: Place) {
        let desk = Desk::open(place).await;
        let by = permit(&desk, "b@example.org").await;
        let expected = paid_order(&desk, "1001", "Анна", "500").await;
        cancel(&desk, expected.order).await;
        let id = claim(&desk, &by, expected.order, "500").await.expect("payable");
        ordered(&desk, &by, id).await.expect("ordered");
        sent(&desk, &by, id).await.expect("sent");
        let line = |status: &str, copy: &str| {
            format!(
                "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt>{copy}\
                 <Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>\
                 <Ntry><Amt Ccy=\"RUB\">500</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{status}</Sts>\
                 <BookgDt><Dt>2026-11-03</Dt></BookgDt><AcctSvcrRef>OUT-1</AcctSvcrRef><NtryDtls><TxDtls><RltdPties>\
                 <CdtrAcct><Id><Othr><Id>{BUYERS}</Id></Othr></Id></CdtrAcct></RltdPties>\
                 <RmtInf><Ustrd>RF{id}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"
            )
            .into_bytes()
        };
        for (bytes, code) in [
            (line("PDNG", ""), "payments.held_pending"),
            (line("INFO", ""), "payments.held_information"),
            (line("BOOK", "<CpyDplctInd>DUPL</CpyDplctInd>"), "payments.held_copy"),
        ] {
            assert_eq!(codes(&desk.upload(bytes).await.lines), [code]);
            assert_eq!(state(&desk, id).await, State::Sent, "{code}");
        }
        // Taken in by somebody who has lost the right since: nobody answers for it.
        let company = desk.company;
        let gone = person(&desk.app, company, "gone@example.org", Role::Accountant).await;
        let voucher = desk.voucher(gone).await.expect("the right");
        let accepted = import::accept(&desk.app.db, voucher, "a.xml".into(), line("BOOK", ""), "upload").await.expect("taken in");
        desk.app.write(move |tx| {
            let permit = Permit::<takt_staff::ManagePeople>::system(company, "test");
            takt_staff::people::set_roles(tx, &permit, gone, Role::Operator.into())
        }).await;
        import::process(&desk.app.db, company, accepted.import, &mut |_| ()).await.expect("processed");
        let lines = desk.app.read(move |r| import::lines_of_import(r, company, accepted.import, 0, 9)).await;
        assert_eq!(codes(&lines), ["payments.held_voucher_lost_right"]);
        assert_eq!(state(&desk, id).await, State::Sent);
        assert_eq!(codes(&desk.upload(line("BOOK", "")).await.lines), ["payments.refund_confirmed"]);
        assert_eq!(state(&desk, id).await, State::Closed);
        all_is_well(&desk).await;
    }

    async fn a_receipt_stays_in_the_books_it_came_into_when_its_account_changes_hands(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let own = desk.app.read(move |r| takt_payments::accounts::list(r, company)).await.remove(0);
        let (account, first) = (own.id, own.entity);
        let expected = desk.order("1001", "Анна", "500").await;
        let line = desk.bank_reports(&[pay("1", "500", "непонятно")]).await[0].id;
        let other = desk.app.write(move |tx| {
            let permit = Permit::<ManageBankAccounts>::system(company, "test");
            let id = entities::add(tx, &permit, &entities::Described::named("ИП Петров"))?;
            takt_payments::accounts::belongs_to(tx, &permit, account, id)?;
            Ok(id)
        }).await;
        assert_eq!(desk.app.facts_named("payments.account_changed").await, 1);
        let invoice = current_invoice(&desk, expected.order).await;
        let sum = async |entity: entities::EntityId| -> (i64, usize) {
            desk.app.drain().await;
            let all = desk.app.read(move |r| journal::balances::standings(r, company, None)).await;
            let of: Vec<_> = all.iter().filter(|standing| standing.entity == entity).collect();
            (of.iter().map(|standing| standing.balance().expect("roubles").minor()).sum(), of.len())
        };
        for _ in 0..2 {
            desk.app.write(move |tx| {
                let permit = Permit::<MatchMoney>::system(company, "test");
                settle::accept(tx, &permit, line, &[(invoice, rub("500"))], false)
            }).await;
            assert_eq!(desk.paid(expected.order).await, "500.00");
            desk.app.write(move |tx| settle::undo(tx, &Permit::<MatchMoney>::system(company, "test"), line)).await;
        }
        assert_eq!(sum(first).await.0, 0, "the books of each entity balance");
        assert_eq!(sum(other).await, (0, 0), "nothing of it is the other's");
        all_is_well(&desk).await;
    }

    async fn the_rest_of_a_receipt_becomes_the_credit_of_one_customer_or_of_nobody(place: Place) {
        let desk = Desk::open(place).await;
        let (anna, boris) = (desk.order("1001", "Анна", "100").await, desk.order("1002", "Борис", "200").await);
        let line = desk.bank_reports(&[pay("1", "1000", "спасибо")]).await[0].id;
        let (one, two) = (current_invoice(&desk, anna.order).await, current_invoice(&desk, boris.order).await);
        let company = desk.company;
        let accept = |rest: bool| desk.app.try_write(move |tx| {
            let permit = Permit::<MatchMoney>::system(company, "test");
            settle::accept(tx, &permit, line, &[(one, rub("100")), (two, rub("200"))], rest)
        });
        assert!(accept(true).await.is_err_and(|fault| fault.is("payments.credit_of_several")));
        assert_eq!((desk.paid(anna.order).await, credit_of(&desk, anna.order).await), ("0.00".to_owned(), "0.00".to_owned()));
        accept(false).await.expect("the rest waits");
        all_is_well(&desk).await;
    }

    async fn receipts_of_other_accounts_do_not_hide_the_one_that_was_taken_back(place: Place) {
        let desk = Desk::open(place).await;
        desk.open_account(OTHER).await;
        let receipt = desk.bank_reports(&[pay("1", "500", "непонятно")]).await[0].id;
        let others: Vec<_> = (0..25)
            .map(|n| {
                let mut one = pay(&format!("9{n}"), "500", "непонятно");
                one.to = OTHER.to_owned();
                one
            })
            .collect();
        desk.upload(crate::desk::statement_of(OTHER, &others)).await;
        let reversal = format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt>\
             <Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>\
             <Ntry><Amt Ccy=\"RUB\">500</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts>\
             <BookgDt><Dt>2026-11-03</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef></Ntry></Stmt></BkToCstmrStmt></Document>"
        );
        let by = desk.upload(reversal.into_bytes()).await.lines.remove(0);
        let company = desk.company;
        let found = desk.app.read(move |r| refunds::candidates(r, company, &by)).await;
        assert_eq!(found.iter().map(|line| line.id).collect::<Vec<_>>(), [receipt]);
    }

    async fn money_for_one_entity_does_not_pay_the_invoice_of_another(place: Place) {
        let desk = Desk::open(place).await;
        let (company, shop) = (desk.company, desk.shop);
        let other = desk.app.write(move |tx| {
            let permit = Permit::<ManageBankAccounts>::system(company, "test");
            let mut described = entities::Described::named("ИП Петров");
            described.inn = Some("7728168971".to_owned());
            let id = entities::add(tx, &permit, &described)?;
            entities::sells_in(tx, &permit, shop, id)?;
            Ok(id)
        }).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let lines = desk.bank_reports(&[pay("1", "500", &expected.reference)]).await;
        assert_eq!(codes(&lines), ["payments.held_other_seller"]);
        assert_eq!(desk.paid(expected.order).await, "0.00");
        // It is in the books, so it counts among what came that day.
        let days = desk.app.read(move |r| {
            takt_payments::proofs::days(r, company, ACCOUNT, Currency::RUB, "2026-11-02", "2026-11-02")
        }).await;
        assert_eq!(days[0].came, rub("500"));
        let order = desk.read(expected.order).await;
        let pays_to = desk.app.read(move |r| takt_payments::queries::pays_to(r, &order)).await.expect("an invoice");
        assert_eq!(pays_to.account, "", "it has no account yet");
        let new = takt_payments::accounts::NewBankAccount {
            account: OTHER.to_owned(), bic: "044525225".to_owned(), bank_name: None, holder_name: None,
            inn: Some("7728168971".to_owned()), currency: Currency::RUB,
        };
        desk.app.write(move |tx| {
            takt_payments::accounts::open(tx, &Permit::<ManageBankAccounts>::system(company, "test"), &new).map(|_| ())
        }).await;
        let order = desk.read(expected.order).await;
        let pays_to = desk.app.read(move |r| takt_payments::queries::pays_to(r, &order)).await.expect("an invoice");
        assert_eq!((pays_to.account.as_str(), pays_to.holder.as_deref()), (OTHER, Some("ИП Петров")));
        let mut right = pay("2", "500", &expected.reference);
        right.to = OTHER.to_owned();
        desk.upload(crate::desk::statement_of(OTHER, &[right])).await;
        assert_eq!(desk.paid(expected.order).await, "500.00");
        let standings = desk.app.read(move |r| journal::balances::standings(r, company, None)).await;
        let sum = |entity| standings.iter().filter(|standing| standing.entity == entity)
            .map(|standing| standing.balance().expect("roubles").minor()).sum::<i64>();
        assert_eq!(sum(other), 0, "the books of each entity balance");
        assert!(standings.iter().any(|standing| standing.entity != other));
        all_is_well(&desk).await;
    }

    async fn a_deposit_waits_for_orders_of_its_customer(place: Place) {
        let desk = Desk::open(place).await;
        let by = permit(&desk, "b@example.org").await;
        let line = desk.bank_reports(&[pay("1", "700", "Пополнение депозита")]).await[0].id;
        let expected = desk.order("1001", "Анна", "500").await;
        let (company, order) = (desk.company, expected.order);
        let customer = desk.read(order).await.customer.expect("a customer");
        let keep = || desk.app.try_write(move |tx| {
            settle::keep_for(tx, &Permit::<MatchMoney>::system(company, "test"), line, customer)
        });
        keep().await.expect("kept");
        let browser = crate::people::signed_in(&desk, "buh@example.org").await;
        let page = browser.get(&format!("/money/lines/{line}")).await.text();
        assert!(page.contains(&format!("/money/lines/{line}/undo")), "kept for the wrong one it can be taken back");
        assert!(keep().await.is_err_and(|fault| fault.is("payments.not_waiting")));
        desk.app.write(move |tx| credit::use_for(tx, &by, order, rub("500"))).await;
        assert_eq!((desk.paid(order).await, credit_of(&desk, order).await), ("500.00".to_owned(), "200.00".to_owned()));
        all_is_well(&desk).await;
        desk.app.write(move |tx| settle::undo(tx, &Permit::<MatchMoney>::system(company, "test"), line)).await;
        assert_eq!(desk.app.facts_named("payments.credit_taken_back").await, 1);
        assert_eq!(desk.balance(Account::Unmatched).await, "-700.00");
        assert_eq!((desk.paid(order).await, credit_of(&desk, order).await), ("0.00".to_owned(), "0.00".to_owned()));
        all_is_well(&desk).await;
    }

    async fn a_carrier_owes_what_it_took_in_until_it_pays_it_out(place: Place) {
        let desk = Desk::open(place).await;
        let (order, lines) = shipped(&desk).await;
        let (company, total) = (desk.company, desk.read(order).await.total);
        assert_eq!(desk.balance(Account::CashOnDelivery).await, "0.00");
        desk.app.write(move |tx| takt_orders::record_delivered(tx, company, order, &nobody()).map(|_| ())).await;
        desk.app.drain().await;
        let customer = desk.read(order).await.customer;
        assert_eq!(desk.balance(Account::CashOnDelivery).await, total.to_decimal_string());
        assert_eq!(desk.balance(Account::Receivable(customer)).await, "0.00");
        // One frame is refused at the door and comes back: nobody owes for it.
        give_back(&desk, order, vec![(lines[0], Quantity::from_thousandths(1_000))]).await.expect("accepted");
        let owed = desk.read(order).await.owed();
        assert!(owed < total);
        assert_eq!(desk.balance(Account::CashOnDelivery).await, owed.to_decimal_string());
        let reference = desk.reference(order).await;
        // A part by somebody whom nobody knows yet is a person's to accept.
        let part = desk.bank_reports(&[pay("1", "100", &reference)]).await;
        let (id, first) = (current_invoice(&desk, order).await, part[0].id);
        desk.app
            .write(move |tx| {
                let permit = Permit::<MatchMoney>::system(company, "test");
                takt_payments::settle::accept(tx, &permit, first, &[(id, rub("100"))], false)
            })
            .await;
        let rest = owed.subtract(rub("100")).expect("roubles");
        assert_eq!(desk.balance(Account::CashOnDelivery).await, rest.to_decimal_string());
        desk.bank_reports(&[pay("2", &rest.to_decimal_string(), &reference)]).await;
        assert_eq!(desk.balance(Account::CashOnDelivery).await, "0.00");
        let line = part[0].id;
        desk.app.write(move |tx| takt_payments::settle::undo(tx, &Permit::<MatchMoney>::system(company, "test"), line)).await;
        assert_eq!(desk.balance(Account::CashOnDelivery).await, "100.00");
        all_is_well(&desk).await;
    }

    async fn what_is_changed_past_the_program_is_found(place: Place) {
        let desk = Desk::open(place).await;
        let by = permit(&desk, "b@example.org").await;
        let expected = paid_order(&desk, "1001", "Анна", "500").await;
        cancel(&desk, expected.order).await;
        claim(&desk, &by, expected.order, "500").await.expect("payable");
        all_is_well(&desk).await;
        for (code, change, back) in [
            ("payments.refunds_are_of_receipts", "update bank_line set returned_minor = 40000", "update bank_line set returned_minor = 50000"),
            ("payments.credit_is_of_receipts", "update bank_line set credit_minor = 1", "update bank_line set credit_minor = 0"),
            ("payments.lines_pay_what_they_were_allotted", "update bank_line set returned_minor = 50001", "update bank_line set returned_minor = 50000"),
            ("payments.refunds_are_confirmed_by_lines", "update refund set confirmed_minor = 1", "update refund set confirmed_minor = 0"),
            ("payments.carriers_owe_what_they_took_in", "insert into cash_with_carrier (company_id, order_id, amount_minor) select company_id, id, 5 from orders", "delete from cash_with_carrier"),
            ("payments.buyers_owe_what_their_orders_do", "update orders set paid_minor = 5", "update orders set paid_minor = 0"),
        ] {
            for (statement, sound) in [(change, false), (back, true)] {
                desk.app.write(move |tx| tx.execute_of(&takt_store::Statement::new(statement)).map(|_| ())).await;
                let found = desk.app.read(move |r| {
                    let all = checks(r);
                    (all.iter().find(|check| check.code == code).expect("such a check").look)(r)
                }).await;
                assert_eq!(found.is_empty(), sound, "{code} after {statement}: {found:?}");
            }
        }
    }

    async fn any_rate_of_vat_has_its_own_account(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let rates = ["none", "0", "5", "7", "10", "20", "22", "8.5"];
        let lines: Vec<_> = rates.iter()
            .map(|vat| json!({"name": "Рамка", "quantity": "1", "unit": "pcs", "price": "999.99", "vat": vat}))
            .collect();
        let body = json!({"currency": "RUB", "terms": "on_delivery", "customer": {"name": "Анна", "phone": "+79121234567"}, "lines": lines});
        let intake = Intake { shop: desk.shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
        let wanted = takt_orders::read_new_order(&body, &intake).expect("an order");
        let order = desk.app.write(move |tx| {
            let id = takt_orders::place(tx, &Permit::<PlaceOrders>::system(company, "test"), wanted.clone())?.id;
            takt_orders::confirm(tx, &Permit::<ConfirmOrders>::system(company, "test"), id)?;
            let parts: Vec<_> = takt_orders::lines(tx, company, id)?.iter().map(|line| (line.id, line.quantity)).collect();
            takt_orders::record_shipped(tx, company, id, &parts, &nobody())?;
            Ok(id)
        }).await;
        for (rate, vat) in rates.iter().zip(["0.00", "0.00", "47.62", "65.42", "90.91", "166.67", "180.33", "78.34"]) {
            let rate = VatRate::parse(rate).expect("a rate");
            let expected = rub(vat).negate().to_decimal_string();
            assert_eq!(desk.balance(Account::VatPayable(rate)).await, expected, "{rate}");
        }
        let vat = desk.read(order).await.vat;
        let standings = desk.app.read(move |r| journal::balances::standings(r, company, Some("vat_payable"))).await;
        assert_eq!(standings.len(), 6, "{standings:?}");
        let sum = Money::sum(Currency::RUB, standings.iter().map(|standing| standing.credit)).expect("roubles");
        assert_eq!(sum, vat);
        all_is_well(&desk).await;
    }
}
