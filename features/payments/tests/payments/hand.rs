use takt_kernel::{Fault, PersonId, Result};
use takt_orders::receipt::{Evidence, VerifiedReceipt};
use takt_payments::proofs::GapKind;
use takt_payments::{
    accounts,
    hand::{self, HandId, HandState, Said},
    import::{self, LineState},
    journal::Account,
};
use takt_staff::{Role, Scope};
use takt_store::{Query as _, params, sql};
use takt_testing::{Place, on_both_engines};

use crate::{
    desk::{Desk, codes, pay, person, rub, states},
    gaps::{file, gaps},
    people::signed_in,
    polls::with_bank,
};

struct Dark {
    desk: Desk,
    other: PersonId,
}

/// A company whose only bank has been silent for long enough.
async fn dark(place: Place) -> Dark {
    let (desk, bank, _) = with_bank(place).await;
    bank.broken.store(1, std::sync::atomic::Ordering::SeqCst);
    let other = person(&desk.app, desk.company, "second@example.org", Role::Accountant).await;
    desk.app.drain().await;
    for _ in 0..25 {
        desk.app.advance(60).await;
    }
    Dark { desk, other }
}

impl Dark {
    async fn said(&self, amount: &str) -> Said {
        let company = self.desk.company;
        let own = self.desk.app.read(move |reader| accounts::list(reader, company)).await;
        Said {
            account: own[0].id,
            amount: rub(amount),
            number: "77".to_owned(),
            booked_on: "2026-11-02".to_owned(),
            payer_name: "Иванов".to_owned(),
            payer_account: String::new(),
        }
    }

    async fn claim(&self, person: PersonId, reference: &str, amount: &str) -> Result<HandId> {
        let said = self.said(amount).await;
        let permit = self.desk.voucher(person).await?;
        let reference = reference.to_owned();
        self.desk.app.try_write(move |tx| hand::claim(tx, &permit, &reference, &said)).await
    }

    async fn confirm(&self, person: PersonId, id: HandId, amount: &str) -> Result<()> {
        let said = self.said(amount).await;
        let permit = self.desk.voucher(person).await?;
        self.desk.app.try_write(move |tx| hand::confirm(tx, &permit, id, &said).map(|_| ())).await
    }

    async fn state(&self, id: HandId) -> HandState {
        let company = self.desk.company;
        self.desk.app.read(move |reader| hand::get(reader, company, id)).await.state
    }
}

async fn tasks(desk: &Desk) -> Vec<String> {
    let company = desk.company;
    desk.app
        .read(move |reader| {
            let rows = reader.all(
                sql!("select distinct kind from task where company_id = :company_id order by kind limit 50"),
                params![company_id: company],
            )?;
            rows.iter().map(|row| row.get("kind")).collect()
        })
        .await
}

fn code(refused: Result<impl std::fmt::Debug>) -> String {
    refused.expect_err("a refusal").code().to_owned()
}

on_both_engines! {
    async fn while_a_bank_answers_nobody_confirms_by_hand(place: Place) {
        let (desk, _, _) = with_bank(place).await;
        desk.app.drain().await;
        let awaited = desk.order("1", "Анна", "500").await;
        let dark = Dark { other: desk.accountant, desk };
        let refused = dark.claim(dark.desk.accountant, &awaited.reference, "500").await;
        assert_eq!(code(refused), "payments.not_dark");
    }

    async fn a_company_without_a_bank_has_no_silence(place: Place) {
        let desk = Desk::open(place).await;
        let awaited = desk.order("1", "Анна", "500").await;
        let dark = Dark { other: desk.accountant, desk };
        let refused = dark.claim(dark.desk.accountant, &awaited.reference, "500").await;
        assert_eq!(code(refused), "payments.not_dark");
    }

    async fn two_persons_pay_an_order_and_the_mark_stays_when_the_bank_confirms(place: Place) {
        let dark = dark(place).await;
        let awaited = dark.desk.order("1", "Анна", "500").await;
        let id = dark.claim(dark.desk.accountant, &awaited.reference, "500").await.unwrap();
        assert_eq!(dark.desk.paid(awaited.order).await, "0.00");
        assert_eq!(code(dark.confirm(dark.desk.accountant, id, "500").await), "payments.by_hand_same_person");
        assert_eq!(code(dark.confirm(dark.other, id, "499").await), "payments.by_hand_differs");
        assert_eq!(dark.desk.paid(awaited.order).await, "0.00");
        dark.confirm(dark.other, id, "500").await.unwrap();
        assert_eq!(dark.desk.paid(awaited.order).await, "500.00");
        assert_eq!(code(dark.confirm(dark.other, id, "500").await), "payments.by_hand_over");
        let (company, first, second) = (dark.desk.company, dark.desk.accountant, dark.other);
        let receipt = dark.desk.app.read(move |reader| {
            let line = hand::get(reader, company, id)?.line.ok_or_else(|| Fault::broken("test.line"))?;
            VerifiedReceipt::kept(reader, company, line.get())
        }).await.unwrap();
        assert_eq!(receipt.evidence(), &Evidence::TwoPersons { first, second });
        dark.desk.books_agree().await;
        // The bank speaks again: the same payment is not counted twice, and stands as said by hand for ever.
        let lines = dark.desk.bank_reports(&[pay("77", "500", &awaited.reference)]).await;
        assert_eq!(states(&lines), [LineState::Duplicate]);
        assert_eq!(dark.state(id).await, HandState::Proved);
        let again = dark.desk.bank_reports(&[pay("77", "500", &awaited.reference)]).await;
        assert_eq!(states(&again), [LineState::Duplicate]);
        assert_eq!(dark.desk.paid(awaited.order).await, "500.00");
        let browser = signed_in(&dark.desk, "buh@example.org").await;
        let card = browser.get(&format!("/orders/{}", awaited.order)).await.text();
        assert!(card.contains("вручную"), "the mark stays on the order");
        dark.desk.books_agree().await;
    }

    async fn an_amount_alone_is_not_enough_to_be_the_same_payment(place: Place) {
        let dark = dark(place).await;
        let awaited = dark.desk.order("1", "Анна", "500").await;
        let id = dark.claim(dark.desk.accountant, &awaited.reference, "500").await.unwrap();
        dark.confirm(dark.other, id, "500").await.unwrap();
        let lines = dark.desk.bank_reports(&[pay("12", "500", "за что-то другое")]).await;
        assert_eq!(codes(&lines), ["payments.held_maybe_by_hand"]);
        assert_eq!(dark.state(id).await, HandState::Confirmed);
    }

    async fn the_number_of_another_payers_document_does_not_make_it_the_same_payment(place: Place) {
        let dark = dark(place).await;
        let [ours, theirs] =
            [dark.desk.order("1", "Анна", "500").await, dark.desk.order("2", "Борис", "500").await];
        let mut said = dark.said("500").await;
        said.payer_account = "40817810000000000011".to_owned();
        let (id, again) = {
            let permit = dark.desk.voucher(dark.desk.accountant).await.unwrap();
            let (reference, first) = (ours.reference.clone(), said.clone());
            let id = dark.desk.app.write(move |tx| hand::claim(tx, &permit, &reference, &first)).await;
            (id, said)
        };
        let permit = dark.desk.voucher(dark.other).await.unwrap();
        dark.desk.app.write(move |tx| hand::confirm(tx, &permit, id, &again)).await;
        // Document 77 as well, of as much, but of somebody else for another order.
        let mut other = pay("77", "500", &theirs.reference);
        other.payer_account = "40817810000000000022".to_owned();
        let lines = dark.desk.bank_reports(std::slice::from_ref(&other)).await;
        assert_eq!(codes(&lines), ["payments.held_maybe_by_hand"], "a person is asked");
        assert_eq!(dark.state(id).await, HandState::Confirmed);
        let mut own = pay("77", "500", "за заказ");
        own.payer_account = "40817810000000000011".to_owned();
        let lines = dark.desk.bank_reports(&[other, own]).await;
        assert!(states(&lines).contains(&LineState::Duplicate), "{lines:?}");
        assert_eq!(dark.state(id).await, HandState::Proved);
    }

    async fn what_is_counted_already_is_not_asked_whether_two_persons_told_it(place: Place) {
        let dark = dark(place).await;
        let known = pay("12", "500", "за что-то другое");
        assert_eq!(states(&dark.desk.bank_reports(std::slice::from_ref(&known)).await), [LineState::Suggested]);
        let awaited = dark.desk.order("1", "Анна", "500").await;
        let id = dark.claim(dark.desk.accountant, &awaited.reference, "500").await.unwrap();
        dark.confirm(dark.other, id, "500").await.unwrap();
        // The same line once more is that line, whatever the two said of as much money.
        let again = dark.desk.bank_reports(&[known]).await;
        assert_eq!(codes(&again), ["payments.duplicate"]);
        assert_eq!(dark.state(id).await, HandState::Confirmed);
        assert_eq!(dark.desk.balance(Account::Unmatched).await, "-500.00");
        dark.desk.books_agree().await;
    }

    async fn of_two_instalments_with_one_reference_the_known_one_proves_nothing(place: Place) {
        let dark = dark(place).await;
        // The payer is known, so that a part settles by itself.
        let known = dark.desk.order("0", "Анна", "10").await;
        dark.desk.bank_reports(&[pay("0", "10", &known.reference)]).await;
        let awaited = dark.desk.order("1", "Анна", "10000").await;
        let first = pay("12", "5000", &awaited.reference);
        dark.desk.bank_reports(std::slice::from_ref(&first)).await;
        assert_eq!(dark.desk.paid(awaited.order).await, "5000.00");
        let id = dark.claim(dark.desk.accountant, &awaited.reference, "5000").await.unwrap();
        dark.confirm(dark.other, id, "5000").await.unwrap();
        assert_eq!(dark.desk.paid(awaited.order).await, "10000.00");
        assert_eq!(codes(&dark.desk.bank_reports(std::slice::from_ref(&first)).await), ["payments.duplicate"]);
        assert_eq!(dark.state(id).await, HandState::Confirmed, "the first instalment is not the second");
        let second = pay("77", "5000", &awaited.reference);
        assert_eq!(codes(&dark.desk.bank_reports(&[first, second.clone()]).await), ["payments.duplicate"; 2]);
        assert_eq!(dark.state(id).await, HandState::Proved);
        assert_eq!(codes(&dark.desk.bank_reports(&[second]).await), ["payments.duplicate"]);
        assert_eq!(dark.desk.balance(Account::Unmatched).await, "0.00");
        dark.desk.books_agree().await;
    }

    async fn a_line_that_a_person_counts_apart_is_known_when_it_comes_again(place: Place) {
        let dark = dark(place).await;
        let awaited = dark.desk.order("1", "Анна", "500").await;
        let id = dark.claim(dark.desk.accountant, &awaited.reference, "500").await.unwrap();
        dark.confirm(dark.other, id, "500").await.unwrap();
        let other = pay("12", "500", "за что-то другое");
        let held = dark.desk.bank_reports(std::slice::from_ref(&other)).await;
        assert_eq!(codes(&held), ["payments.held_maybe_by_hand"]);
        let (voucher, line) = (dark.desk.voucher(dark.desk.accountant).await.unwrap(), held[0].id);
        dark.desk.app.write(move |tx| import::count_apart(tx, &voucher, line)).await;
        let both = [other, pay("77", "500", &awaited.reference)];
        assert_eq!(codes(&dark.desk.bank_reports(&both).await), ["payments.duplicate"; 2]);
        assert_eq!(dark.state(id).await, HandState::Proved);
        assert_eq!(codes(&dark.desk.bank_reports(&both).await), ["payments.duplicate"; 2], "now that it is proved too");
        assert_eq!(dark.desk.balance(Account::Unmatched).await, "-500.00");
        dark.desk.books_agree().await;
    }

    async fn what_two_persons_write_of_a_payer_teaches_nothing(place: Place) {
        let dark = dark(place).await;
        let awaited = dark.desk.order("1", "Анна", "500").await;
        let mut said = dark.said("500").await;
        said.payer_account = "40702810900000000123".to_owned();
        let (first, second) =
            (dark.desk.voucher(dark.desk.accountant).await.unwrap(), dark.desk.voucher(dark.other).await.unwrap());
        let reference = awaited.reference.clone();
        dark.desk
            .app
            .write(move |tx| {
                let id = hand::claim(tx, &first, &reference, &said)?;
                hand::confirm(tx, &second, id, &said).map(|_| ())
            })
            .await;
        assert_eq!(dark.desk.paid(awaited.order).await, "500.00");
        let known: i64 = dark
            .desk
            .app
            .read(|reader| reader.one(sql!("select count(*) as known from known_payer"), params![])?.get("known"))
            .await;
        assert_eq!(known, 0);
    }

    async fn a_whole_statement_without_the_payment_is_an_alarm(place: Place) {
        let dark = dark(place).await;
        let awaited = dark.desk.order("1", "Анна", "500").await;
        let id = dark.claim(dark.desk.accountant, &awaited.reference, "500").await.unwrap();
        dark.confirm(dark.other, id, "500").await.unwrap();
        dark.desk.app.advance(8 * 24 * 3600).await;
        dark.desk.upload(file(("2026-11-02", "2026-11-04"), ("0", "0"), &[])).await;
        assert_eq!(dark.state(id).await, HandState::Confirmed, "the bank may be late by some days");
        dark.desk.upload(file(("2026-11-08", "2026-11-08"), ("0", "0"), &[])).await;
        assert_eq!(dark.state(id).await, HandState::Confirmed, "other days tell nothing of these");
        dark.desk.upload(file(("2026-11-02", "2026-11-07"), ("0", "0"), &[])).await;
        assert_eq!(dark.state(id).await, HandState::Contradicted);
        assert_eq!(dark.desk.app.facts_named("payments.by_hand_contradicted").await, 1);
        dark.desk.app.drain().await;
        assert_eq!(tasks(&dark.desk).await, ["bank-silent", "by-hand-contradicted"], "somebody is called");
        assert!(gaps(&dark.desk).await.iter().any(|gap| gap.kind == GapKind::ByHand));
        let lines = dark.desk.bank_reports(&[pay("77", "500", &awaited.reference)]).await;
        assert_eq!(states(&lines), [LineState::Duplicate]);
        assert_eq!(dark.state(id).await, HandState::Proved);
        assert!(gaps(&dark.desk).await.iter().all(|gap| gap.kind != GapKind::ByHand));
    }

    async fn of_many_who_confirm_at_once_one_does(place: Place) {
        let dark = dark(place).await;
        let awaited = dark.desk.order("1", "Анна", "500").await;
        let id = dark.claim(dark.desk.accountant, &awaited.reference, "500").await.unwrap();
        let third = person(&dark.desk.app, dark.desk.company, "third@example.org", Role::Accountant).await;
        let tries = futures::future::join_all(
            [dark.other, third, dark.other, third].map(|who| dark.confirm(who, id, "500")),
        )
        .await;
        assert_eq!(tries.iter().filter(|one| one.is_ok()).count(), 1, "{tries:?}");
        assert_eq!(dark.desk.paid(awaited.order).await, "500.00");
        let firsts = futures::future::join_all(
            [dark.other, third].map(|who| dark.claim(who, &awaited.reference, "500")),
        )
        .await;
        assert!(firsts.iter().all(Result::is_err), "nothing is awaited any more");
        let second = dark.desk.order("2", "Борис", "70").await;
        let firsts = futures::future::join_all(
            [dark.other, third].map(|who| dark.claim(who, &second.reference, "70")),
        )
        .await;
        assert_eq!(firsts.iter().filter(|one| one.is_ok()).count(), 1, "{firsts:?}");
        dark.desk.books_agree().await;
    }

    async fn everybody_sees_that_a_bank_is_silent(place: Place) {
        let dark = dark(place).await;
        person(&dark.desk.app, dark.desk.company, "sklad@example.org", Role::Warehouse).await;
        let browser = signed_in(&dark.desk, "sklad@example.org").await;
        let page = browser.get("/profile").await.text();
        assert!(page.contains("Банк молчит: Банк"), "{page}");
        let scope = Scope::Company { company: dark.desk.company, shops: None };
        let waiting = dark.desk.app.read(move |reader| hand::list(reader, &scope, HandState::Waiting, 10)).await;
        assert!(waiting.is_empty());
    }
}
