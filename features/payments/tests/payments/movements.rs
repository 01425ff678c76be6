use takt_orders::Holder;
use takt_payments::{import::LineState, journal::Account};
use takt_store::{Query, params, sql};
use takt_testing::on_both_engines;

use crate::desk::{ACCOUNT, Desk, codes, pay, statement_of, states};

/// A camt.053 of one credit under the bank's own reference.
fn camt(reference: &str, amount: &str, day: &str) -> Vec<u8> {
    camt_for(reference, amount, &format!("<Dt>{day}</Dt>"), "")
}

/// The same, booked at a day or a moment, for an order.
fn camt_for(reference: &str, amount: &str, booked: &str, purpose: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt>\
         <Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>\
         <Ntry><Amt Ccy=\"RUB\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>\
         <BookgDt>{booked}</BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef>\
         <NtryDtls><TxDtls><RmtInf><Ustrd>{purpose}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\
         </Stmt></BkToCstmrStmt></Document>"
    )
    .into_bytes()
}

on_both_engines! {
    async fn a_reference_that_the_bank_gives_again_hides_no_money(place: Place) {
        let desk = Desk::open(place).await;
        let first = desk.upload(camt("GROUP", "100", "2026-11-02")).await.lines;
        assert_eq!(states(&first), [LineState::Suggested]);
        let again = desk.upload(camt("GROUP", "100", "2026-11-02")).await.lines;
        assert_eq!(states(&again), [LineState::Duplicate]);
        for other in [camt("GROUP", "250", "2026-11-02"), camt("GROUP", "100", "2026-11-03")] {
            let lines = desk.upload(other.clone()).await.lines;
            assert_eq!(codes(&lines), ["payments.held_maybe_duplicate"]);
            assert_eq!(states(&desk.upload(other).await.lines), [LineState::Duplicate]);
        }
        desk.books_agree().await;
    }

    async fn a_statement_that_tells_the_moment_corrects_the_clock_once(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        desk.app.clock.advance_seconds(3_600);
        let day = desk.app.now().to_string()[..10].to_owned();
        let lines = desk.upload(camt_for("R1", "500", &format!("<Dt>{day}</Dt>"), &expected.reference)).await.lines;
        assert_eq!(states(&lines), [LineState::Posted]);
        let seconds = desk.seconds(expected.order).await;
        assert_eq!((seconds.get(&Holder::Buyer), seconds.get(&Holder::Channel)), (Some(&3_600), None));
        let booked = desk.app.now().plus_seconds(-600);
        desk.app.clock.advance_seconds(300);
        for moment in [booked, booked.plus_seconds(60)] {
            let told = camt_for("R1", "500", &format!("<DtTm>{moment}</DtTm>"), &expected.reference);
            assert_eq!(states(&desk.upload(told).await.lines), [LineState::Duplicate]);
        }
        assert_eq!(desk.app.facts_named("orders.money_dated").await, 1);
        let seconds = desk.seconds(expected.order).await;
        assert_eq!((seconds.get(&Holder::Buyer), seconds.get(&Holder::Channel)), (Some(&3_000), Some(&600)));
        desk.books_agree().await;
    }

    async fn a_batch_that_comes_whole_and_in_parts_is_counted_once(place: Place) {
        let desk = Desk::open(place).await;
        let entry = |batch: &str, day: &str, details: &str| {
            let whole = String::from_utf8(camt(batch, "300", day)).expect("text");
            let (head, tail) = whole.split_once("<NtryDtls>").expect("details");
            let (_, tail) = tail.split_once("</NtryDtls>").expect("their end");
            format!("{head}{details}{tail}").into_bytes()
        };
        let parts = |batch: &str, day: &str| {
            let part = |n: u8, amount: &str| format!(
                "<TxDtls><Refs><AcctSvcrRef>{batch}-{n}</AcctSvcrRef></Refs><Amt Ccy=\"RUB\">{amount}</Amt></TxDtls>"
            );
            entry(batch, day, &format!("<NtryDtls>{}{}</NtryDtls>", part(1, "100"), part(2, "200")))
        };
        let (monday, friday) = ("2026-11-02", "2026-10-30");
        for (first, second, received) in
            [(entry("WHOLE", monday, ""), parts("WHOLE", monday), 1), (parts("PARTS", friday), entry("PARTS", friday, ""), 3)]
        {
            desk.upload(first).await;
            let lines = desk.upload(second.clone()).await.lines;
            assert!(codes(&lines).iter().all(|code| *code == "payments.held_maybe_duplicate"), "{:?}", codes(&lines));
            assert_eq!(desk.app.facts_named("payments.received").await, received);
            let again = desk.upload(second).await.lines;
            assert!(states(&again).iter().all(|state| *state == LineState::Duplicate), "{:?}", codes(&again));
        }
        assert_eq!(desk.balance(Account::Unmatched).await, "-600.00");
    }

    async fn money_whose_booking_has_no_day_is_of_the_day_of_its_paper(place: Place) {
        let desk = Desk::open(place).await;
        let text = format!(
            "1CClientBankExchange\nВерсияФормата=1.03\nРасчСчет={ACCOUNT}\nСекцияДокумент=Платежное поручение\nНомер=1\n\
             Дата=01.10.2026\nСумма=500\nПлательщикСчет=40817810099910004312\nПолучательСчет={ACCOUNT}\n\
             НазначениеПлатежа=за рамку\nКонецДокумента\nКонецФайла\n"
        );
        let lines = desk.upload(text.into_bytes()).await.lines;
        assert_eq!(states(&lines), [LineState::Suggested]);
        let (company, source) = (desk.company, lines[0].id.to_string());
        let days: Vec<String> = desk.app.read(move |reader| {
            let rows = reader.all(
                sql!(
                    "select effective_on
                     from journal_transaction
                     where company_id = :company_id and source = :source
                     order by id
                     limit 10"
                ),
                params![company_id: company, source: source],
            )?;
            rows.iter().map(|row| row.get("effective_on")).collect()
        }).await;
        assert_eq!(days, ["2026-10-01"]);
    }

    async fn money_reported_twice_is_counted_once(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let payments = [pay("1", "500", &expected.reference), pay("2", "70", "непонятно что")];
        desk.bank_reports(&payments).await;
        let again = desk.bank_reports(&payments).await;
        assert_eq!(states(&again), [LineState::Duplicate, LineState::Duplicate]);
        assert_eq!(desk.app.facts_named("payments.received").await, 2);
        assert_eq!(desk.balance(Account::Unmatched).await, "-70.00");
        desk.books_agree().await;
    }

    async fn a_restated_purpose_is_still_the_same_movement(place: Place) {
        let desk = Desk::open(place).await;
        desk.bank_reports(&[pay("1", "500", "за рамку")]).await;
        let again = desk.bank_reports(&[pay("1", "500", "ЗА РАМКУ, В Т.Ч. НДС")]).await;
        assert_eq!(states(&again), [LineState::Duplicate]);
    }

    async fn two_alike_payments_of_one_file_are_two(place: Place) {
        let desk = Desk::open(place).await;
        let twins = [pay("1", "500", "раз"), pay("1", "500", "два")];
        let lines = desk.bank_reports(&twins).await;
        assert_eq!(states(&lines), [LineState::Suggested, LineState::Suggested]);
        let again = desk.bank_reports(&twins).await;
        assert_eq!(states(&again), [LineState::Duplicate, LineState::Duplicate]);
        let third = desk.bank_reports(&[twins[0].clone(), twins[1].clone(), pay("1", "500", "три")]).await;
        assert_eq!(states(&third), [LineState::Duplicate, LineState::Duplicate, LineState::Suggested]);
        assert_eq!(desk.balance(Account::Unmatched).await, "-1500.00");
    }

    async fn alike_payments_to_two_own_accounts_are_told_apart(place: Place) {
        let desk = Desk::open(place).await;
        desk.open_account("40702810900000000009").await;
        let one = pay("1", "500", "за рамку");
        let mut other = one.clone();
        other.to = "40702810900000000009".to_owned();
        let both = desk.upload(statement_of(ACCOUNT, &[one, other.clone()])).await.lines;
        assert_eq!(states(&both), [LineState::Suggested, LineState::Suggested]);
        let alone = desk.upload(statement_of("40702810900000000009", &[other])).await.lines;
        assert_eq!(states(&alone), [LineState::Duplicate]);
        assert_eq!(desk.balance(Account::Unmatched).await, "-1000.00");
    }

    async fn a_masked_account_is_ours_when_the_file_names_it_and_the_bank_dated_an_arrival(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let mut masked = pay("1", "500", &expected.reference);
        masked.to = "40702*************01".to_owned();
        let lines = desk.upload(statement_of("40702810900000000009", std::slice::from_ref(&masked))).await.lines;
        assert_eq!(codes(&lines), ["payments.held_other_account"], "the file is about another account");
        let lines = desk.upload(statement_of(ACCOUNT, &[masked])).await.lines;
        assert_eq!(codes(&lines), ["payments.posted"]);
        assert_eq!(desk.paid(expected.order).await, "500.00");
        desk.books_agree().await;
    }

    async fn lines_of_an_unknown_account_are_held_until_the_account_is_known(place: Place) {
        let desk = Desk::without_account(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let statement = desk.statement(&[pay("1", "500", &expected.reference)]);
        let lines = desk.upload(statement.clone()).await.lines;
        assert_eq!(codes(&lines), ["payments.held_other_account"]);
        let again = desk.upload(statement).await.lines;
        assert_eq!(codes(&again), ["payments.duplicate"]);
        assert_eq!(desk.paid(expected.order).await, "0.00");
        desk.open_account(ACCOUNT).await;
        assert_eq!(desk.paid(expected.order).await, "500.00");
        desk.books_agree().await;
    }

    async fn what_left_the_account_and_what_is_in_another_currency_pays_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let mut rent = pay("1", "900", "аренда");
        rent.incoming = false;
        let lines = desk.bank_reports(&[rent]).await;
        assert_eq!(states(&lines), [LineState::Outgoing]);
        let mut elsewhere = pay("2", "900", "не нам");
        elsewhere.to = "40702810900000000009".to_owned();
        let lines = desk.upload(statement_of("40702810900000000009", &[elsewhere])).await.lines;
        assert_eq!(codes(&lines), ["payments.held_other_account"]);
        assert_eq!(desk.app.facts_named("payments.received").await, 0);
        assert_eq!(desk.app.facts_named("payments.held").await, 1);
    }

    async fn half_a_file_changes_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let whole = desk.statement(&[pay("1", "500", &expected.reference), pay("2", "70", "ещё")]);
        for cut in [10, whole.len() / 3, whole.len() / 2, whole.len() - 60] {
            let refused = desk.try_upload(whole[..cut].to_vec()).await;
            assert!(refused.is_err(), "{cut} of {} bytes were taken", whole.len());
        }
        assert_eq!(desk.paid(expected.order).await, "0.00");
        assert_eq!(desk.app.facts_named("payments.file_accepted").await, 0);
        assert!(desk.try_upload(Vec::new()).await.is_err_and(|fault| fault.is("payments.file_empty")));
        let note = "Я оплатил, честно".as_bytes().to_vec();
        assert!(desk.try_upload(note).await.is_err_and(|fault| fault.is("payments.file_unknown")));
        desk.upload(whole).await;
        assert_eq!(desk.paid(expected.order).await, "500.00");
    }

    async fn a_file_whose_processing_was_cut_off_is_finished_by_itself(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let voucher = desk.voucher(desk.accountant).await.expect("the right");
        let bytes = desk.statement(&[pay("1", "500", &expected.reference)]);
        takt_payments::import::accept(&desk.app.db, voucher, "a.txt".to_owned(), bytes, "upload").await.expect("accepted");
        assert_eq!(desk.paid(expected.order).await, "0.00");
        desk.app.advance(60).await;
        assert_eq!(desk.paid(expected.order).await, "500.00");
    }

    async fn what_is_left_of_a_file_that_was_cut_off_is_thrown_away(place: Place) {
        let desk = Desk::open(place).await;
        let voucher = desk.voucher(desk.accountant).await.expect("the right");
        let bytes = desk.statement(&[pay("1", "500", "СЧ-1"), pay("2", "70", "СЧ-2")]);
        let whole = desk.upload(desk.statement(&[pay("9", "90", "СЧ-9")])).await;
        takt_payments::import::accept(&desk.app.db, voucher, "a.txt".to_owned(), bytes, "upload").await.expect("accepted");
        // As the death of the program between two chunks leaves it.
        desk.app.write(|tx| {
            tx.put(sql!("update bank_import set state = 'staging' where documents = 2"), params![])?;
            tx.put(sql!("delete from job where kind = 'payments.process_file'"), params![])
        }).await;
        let left = async || {
            let waiting = sql!("select count(*) as n from bank_line where state = 'waiting'");
            desk.app.read(move |r| r.one(waiting, params![])?.get::<i64>("n")).await
        };
        assert_eq!(left().await, 2);
        desk.app.advance(1800).await;
        assert_eq!(left().await, 2, "somebody may still be at it");
        desk.app.advance(1800).await;
        assert_eq!(left().await, 0);
        assert_eq!(whole.lines.len(), 1);
        let company = desk.company;
        let kept = desk.app.read(move |r| takt_payments::import::lines_of_import(r, company, whole.summary.id, 0, 10)).await;
        assert_eq!(kept.len(), 1, "a file that was taken in stays");
    }

    async fn a_line_that_cannot_be_processed_is_held_and_the_rest_goes_on(place: Place) {
        let desk = Desk::open(place).await;
        let (damaged, sound) = (desk.order("1001", "Анна", "500").await, desk.order("1002", "Борис", "70").await);
        let (company, order) = (desk.company, damaged.order);
        desk.app.write(move |tx| {
            tx.put(
                sql!("update invoice set state = 'nonsense' where company_id = :company_id and order_id = :order_id"),
                params![company_id: company, order_id: order],
            )
        }).await;
        let lines = desk.bank_reports(&[pay("1", "500", &damaged.reference), pay("2", "70", &sound.reference)]).await;
        assert_eq!(codes(&lines), ["payments.held_failed", "payments.posted"]);
        assert_eq!(desk.balance(Account::Unmatched).await, "0.00");
        desk.books_agree().await;
    }
}
