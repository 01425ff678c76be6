//! Money of orders of which only a part came, which came back whole, or which turned out to be another buyer's.

use serde_json::json;
use takt_customers::{Contact, CustomerId, EditCustomers, Phone};
use takt_kernel::{
    Result,
    money::{Currency, Quantity},
};
use takt_orders::{
    CancelOrders, ConfirmOrders, EditOrders, Intake, LineId, OrderId, Patch, PlaceOrders, ReturnedPart, edit,
    leave_out,
};
use takt_payments::{
    credit, import,
    invoices::{self, Invoice},
    journal::Account,
    refunds,
    rights::{AcceptReturns, MatchMoney},
    settle,
};
use takt_staff::Permit;
use takt_store::{Query as _, Statement};
use takt_testing::on_both_engines;
use takt_ui::Lang;

use crate::{
    desk::{ACCOUNT, Desk, codes, nobody, pay, rub},
    people::signed_in,
    refunds::{all_is_well, claim, credit_of, paid_order, permit},
};

/// Prepaid, two lines under two rates, a discount and a delivery; paid to the last kopeck and confirmed.
async fn paid(desk: &Desk) -> (OrderId, Vec<LineId>) {
    let line = |price: &str, vat: &str| json!({"name": "Рамка", "quantity": "3", "unit": "pcs", "price": price, "vat": vat});
    let body = json!({
        "external_id": "1001", "currency": "RUB", "discount": "10",
        "customer": {"name": "Анна", "phone": "+79121234567"},
        "delivery": {"method": "courier", "price": "300"},
        "lines": [line("100.01", "22"), line("33.33", "10")],
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
            Ok(takt_orders::place(tx, &Permit::<PlaceOrders>::system(company, "test"), wanted)?.id)
        })
        .await;
    let total = desk.read(order).await.total.to_decimal_string();
    desk.bank_reports(&[pay("1", &total, &desk.reference(order).await)]).await;
    desk.app
        .write(move |tx| {
            takt_orders::confirm(tx, &Permit::<ConfirmOrders>::system(company, "test"), order).map(|_| ())
        })
        .await;
    let lines = desk.app.read(move |r| takt_orders::lines(r, company, order)).await;
    (order, lines.iter().map(|line| line.id).collect())
}

async fn ship(desk: &Desk, order: OrderId, parts: Vec<(LineId, i64)>) {
    let company = desk.company;
    let parts: Vec<_> = parts.into_iter().map(|(line, units)| (line, Quantity::whole(units))).collect();
    desk.app
        .write(move |tx| takt_orders::record_shipped(tx, company, order, &parts, &nobody()).map(|_| ()))
        .await;
}

async fn take_back(
    desk: &Desk,
    order: OrderId,
    parts: Vec<(LineId, i64)>,
) -> Result<Option<refunds::RefundId>> {
    let company = desk.company;
    let parts: Vec<_> =
        parts.into_iter().map(|(line, units)| ReturnedPart::fit(line, Quantity::whole(units))).collect();
    desk.app
        .try_write(move |tx| {
            refunds::accept_return(tx, &Permit::<AcceptReturns>::system(company, "test"), order, &parts)
        })
        .await
}

async fn invoice(desk: &Desk, order: OrderId) -> Invoice {
    let company = desk.company;
    let found = desk.app.read(move |r| invoices::current_of_order(r, company, order)).await;
    found.expect("an invoice")
}

/// The buyer of an order turns out to be called and reached like this.
async fn belongs_to(desk: &Desk, order: OrderId, name: &str, phone: &str) -> CustomerId {
    let (company, version) = (desk.company, desk.read(order).await.version);
    let contact = Contact {
        name: name.to_owned(),
        phone: Some(Phone::parse(phone, "RU").expect("a phone")),
        email: None,
    };
    let patch = Patch { contact: Some(contact), ..Patch::default() };
    let edited = desk
        .app
        .write(move |tx| {
            edit(tx, &Permit::<EditOrders>::system(company, "test"), order, version, patch.clone())
        })
        .await;
    edited.customer.expect("a customer")
}

async fn payers_of(desk: &Desk, customer: CustomerId) -> usize {
    let rows = desk.app.read(move |r| {
        let statement =
            Statement::new("select value from known_payer where customer_id = :id order by value limit 10")
                .bind("id", customer);
        r.all_of(&statement)
    });
    rows.await.len()
}

/// The bank sends back what had left, and says which words it had.
fn came_back(amount: &str, words: &str) -> Vec<u8> {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt>\
         <Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>\
         <Ntry><Amt Ccy=\"RUB\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts>\
         <BookgDt><Dt>2026-11-04</Dt></BookgDt><AcctSvcrRef>B1</AcctSvcrRef>\
         <NtryDtls><TxDtls><RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\
         </Stmt></BkToCstmrStmt></Document>"
    )
    .into_bytes()
}

on_both_engines! {
    async fn what_does_not_come_any_more_is_not_owed_not_earned_and_goes_back(place: Place) {
        let desk = Desk::open(place).await;
        let by = permit(&desk, "b@example.org").await;
        let (order, lines) = paid(&desk).await;
        let (company, before) = (desk.company, desk.read(order).await);
        ship(&desk, order, vec![(lines[0], 1)]).await;
        ship(&desk, order, vec![(lines[0], 1)]).await;
        assert!(claim(&desk, &by, order, "1").await.is_err(), "all of it is still to come");
        let after = desk.app.write(move |tx| {
            leave_out(tx, &Permit::<EditOrders>::system(company, "test"), order, None)
        }).await;
        let back = before.total.subtract(after.total).expect("roubles");
        assert!(back > rub("190") && back < rub("200.01"), "{back:?}");
        assert_eq!(invoice(&desk, order).await.total, after.total);
        assert_eq!(desk.balance(Account::DeferredRevenue).await, "0.00", "what left is earned, with the delivery");
        for line in desk.app.read(move |r| takt_orders::lines(r, company, order)).await {
            let expected = line.vat_amount.negate().to_decimal_string();
            assert_eq!(desk.balance(Account::VatPayable(line.vat)).await, expected, "{}", line.vat);
        }
        all_is_well(&desk).await;
        claim(&desk, &by, order, &back.to_decimal_string()).await.expect("payable back");
        assert_eq!(desk.read(order).await.owed(), rub("0"));
        all_is_well(&desk).await;
    }

    async fn of_what_came_back_whole_and_was_cancelled_nothing_stays_earned(place: Place) {
        let desk = Desk::open(place).await;
        let by = permit(&desk, "b@example.org").await;
        let (order, lines) = paid(&desk).await;
        ship(&desk, order, vec![(lines[0], 3), (lines[1], 3)]).await;
        take_back(&desk, order, vec![(lines[0], 3), (lines[1], 3)]).await.expect("accepted").expect("a refund");
        assert_eq!(desk.balance(Account::Revenue).await, "-300.00", "the delivery took place");
        let company = desk.company;
        desk.app.write(move |tx| {
            takt_orders::cancel(tx, &Permit::<CancelOrders>::system(company, "test"), order, None, "").map(|_| ())
        }).await;
        for account in [Account::Revenue, Account::DeferredRevenue] {
            assert_eq!(desk.balance(account).await, "0.00", "{account}");
        }
        all_is_well(&desk).await;
        claim(&desk, &by, order, "300").await.expect("the delivery goes back too");
        assert_eq!(desk.paid(order).await, "0.00");
        all_is_well(&desk).await;
    }

    async fn the_bill_and_what_goes_back_follow_the_order_to_its_buyer(place: Place) {
        let desk = Desk::open(place).await;
        let by = permit(&desk, "b@example.org").await;
        // The phone was misheard: it is somebody else's, who has an order of his own.
        let stranger = desk.order("7", "Анна", "500").await;
        let order = paid_order(&desk, "1001", "Анна", "500").await.order;
        let first = desk.read(order).await.customer.expect("a customer");
        assert_eq!(desk.read(stranger.order).await.customer, Some(first));
        assert!(payers_of(&desk, first).await > 0);
        let company = desk.company;
        let version = desk.read(order).await.version;
        let patch = Patch { discount: Some(rub("100")), ..Patch::default() };
        desk.app.write(move |tx| {
            edit(tx, &Permit::<EditOrders>::system(company, "test"), order, version, patch.clone())
        }).await;
        let refund = claim(&desk, &by, order, "60").await.expect("payable");
        let second = belongs_to(&desk, order, "Мария", "+79129999999").await;
        assert_ne!(first, second);
        let bill = invoice(&desk, order).await;
        assert_eq!((bill.customer, bill.payer_name.as_str()), (Some(second), "Мария"));
        assert_eq!(payers_of(&desk, first).await, 0, "who paid for it is not the stranger's payer");
        assert_eq!(desk.balance(Account::Receivable(Some(first))).await, "500.00", "of the order that is his");
        assert_eq!(desk.balance(Account::Receivable(Some(second))).await, "-40.00");
        assert_eq!(desk.balance(Account::RefundPayable(Some(first))).await, "0.00");
        all_is_well(&desk).await;
        let keeper = by.clone();
        desk.app.write(move |tx| refunds::keep_as_credit(tx, &keeper, refund)).await;
        assert_eq!((credit_of(&desk, stranger.order).await, credit_of(&desk, order).await), ("0.00".to_owned(), "60.00".to_owned()));
        all_is_well(&desk).await;
        // Called otherwise only: the paper says so, and nothing moves.
        belongs_to(&desk, order, "Мария Петрова", "+79129999999").await;
        assert_eq!(invoice(&desk, order).await.payer_name, "Мария Петрова");
        all_is_well(&desk).await;
    }

    async fn credit_of_a_card_that_was_merged_pays_the_orders_of_the_person(place: Place) {
        let desk = Desk::open(place).await;
        let by = permit(&desk, "b@example.org").await;
        let company = desk.company;
        let mut cards = Vec::new();
        for (number, buyer, amount) in [("1001", "Анна", "100"), ("1002", "Аня", "70")] {
            let line = desk.bank_reports(&[pay(number, amount, "Пополнение депозита")]).await[0].id;
            let order = desk.order(number, buyer, "150").await.order;
            let customer = desk.read(order).await.customer.expect("a customer");
            desk.app.write(move |tx| {
                settle::keep_for(tx, &Permit::<MatchMoney>::system(company, "test"), line, customer)
            }).await;
            cards.push((order, customer));
        }
        let [(order, anna), (other, anya)] = cards[..] else { unreachable!("two of them") };
        let spend = |order: OrderId, amount: &'static str| {
            let by = by.clone();
            desk.app.try_write(move |tx| credit::use_for(tx, &by, order, rub(amount)))
        };
        assert!(spend(order, "150").await.is_err_and(|fault| fault.is("payments.overdrawn")));
        desk.app.write(move |tx| {
            takt_customers::merge(tx, &Permit::<EditCustomers>::system(company, "test"), anna, anya)
        }).await;
        let (read, entity) = (desk.read(order).await, invoice(&desk, order).await.entity);
        assert_eq!(desk.app.read(move |r| credit::for_order(r, &read, entity)).await, rub("170"));
        spend(order, "150").await.expect("both together");
        assert!(spend(other, "20.01").await.is_err_and(|fault| fault.is("payments.overdrawn")));
        spend(other, "20").await.expect("what is left");
        assert_eq!((desk.paid(order).await, desk.paid(other).await), ("150.00".to_owned(), "20.00".to_owned()));
        for card in [anna, anya] {
            assert_eq!(desk.balance(Account::CustomerCredit(Some(card))).await, "0.00");
        }
        all_is_well(&desk).await;
    }

    async fn a_return_is_accepted_once_however_often_its_form_is_sent(place: Place) {
        let desk = Desk::open(place).await;
        let (order, lines) = paid(&desk).await;
        ship(&desk, order, vec![(lines[0], 3), (lines[1], 3)]).await;
        let owner = crate::desk::person(&desk.app, desk.company, "owner@example.org", takt_staff::Role::Owner).await;
        assert_ne!(owner, desk.accountant);
        let browser = signed_in(&desk, "owner@example.org").await;
        let card = browser.get(&format!("/orders/{order}")).await.text();
        let (away, line) = (format!("away-{}", lines[0]), format!("line-{}", lines[0]));
        assert!(card.contains(&format!("name=\"{away}\" value=\"3\"")), "{card}");
        let form = [(away.as_str(), "3"), (line.as_str(), "1")];
        let to = format!("/money/orders/{order}/accept-return");
        browser.post_form(&to, &form).await.expect_status(303);
        browser.post_form(&to, &form).await.expect_status(409);
        let company = desk.company;
        let returned = desk.app.read(move |r| takt_orders::lines(r, company, order)).await[0].returned;
        assert_eq!(returned, Quantity::whole(1));
        assert_eq!(desk.app.read(move |r| refunds::of_order(r, company, order)).await.len(), 1);
        browser.post_form(&to, &[(away.as_str(), "2"), (line.as_str(), "1")]).await.expect_status(303);
        all_is_well(&desk).await;
    }

    async fn a_refund_that_the_bank_sends_back_is_money_that_came_and_takes_no_receipt_back(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1002", "Анна", "500").await;
        paid_order(&desk, "1001", "Анна", "500").await;
        let line = desk.upload(came_back("500", &expected.reference)).await.lines.remove(0);
        assert_eq!(codes(std::slice::from_ref(&line)), ["payments.held_came_back"]);
        let (company, id, of) = (desk.company, line.id, line.clone());
        assert_eq!(desk.app.read(move |r| refunds::candidates(r, company, &of)).await.len(), 0);
        let voucher = desk.voucher(desk.accountant).await.expect("an accountant");
        for counted in [true, false] {
            let voucher = voucher.clone();
            let done = desk.app.try_write(move |tx| import::count_apart(tx, &voucher, id)).await;
            assert_eq!(done.is_ok(), counted, "{done:?}");
        }
        let counted = desk.app.read(move |r| import::lines_of_import(r, company, line.import, 0, 1)).await;
        assert_eq!(codes(&counted), ["payments.came_back"]);
        assert_eq!(desk.paid(expected.order).await, "0.00", "whatever its words name");
        assert_eq!(desk.balance(Account::Unmatched).await, "-500.00");
        let customer = desk.read(expected.order).await.customer.expect("a customer");
        desk.app.write(move |tx| {
            settle::keep_for(tx, &Permit::<MatchMoney>::system(company, "test"), id, customer)
        }).await;
        assert_eq!(credit_of(&desk, expected.order).await, "500.00");
        all_is_well(&desk).await;
    }
}
